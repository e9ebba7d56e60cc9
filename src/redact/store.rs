//! The edits of an input between the two passes over it, in a few bytes each.
//!
//! What stands at the end of a file may be a secret that also stands at its beginning, so a file is read
//! twice: once to find, once to write. Between the passes only places are kept, never what stood there.
//! Beyond a bound they go to a file without a name.

use super::edit::{Edit, Media, Quote, What};
use super::rules::RuleId;
use crate::input::nameless_file;
use crate::literal::Span;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};

/// Bytes of edits that are kept in memory; about two million edits.
const IN_MEMORY: usize = 16 << 20;

/// Edits in the order of their places.
#[derive(Debug, Default)]
pub(crate) struct Store {
    bytes: Vec<u8>,
    spilled: Option<File>,
    end: u64,
}

impl Store {
    /// Adds an edit; `offset` is where the text of its span begins in the input.
    ///
    /// # Errors
    /// Those of the temporary file, once there are very many.
    pub fn push(&mut self, edit: &Edit, offset: u64) -> io::Result<()> {
        let start = offset + edit.span.start as u64;
        self.number(start.saturating_sub(self.end));
        self.end = start + edit.span.len() as u64;
        self.number(edit.span.len() as u64);
        let (kind, value) = match edit.what {
            What::Secret(number) => (0, number),
            What::Text(chars) => (1, u64::from(chars)),
            What::Opaque(chars) => (2, u64::from(chars)),
            What::Data(media, bytes) => (3, u64::from(bytes) << 3 | media as u64),
            What::Rest => (4, 0),
        };
        let quote = match edit.quote {
            Quote::None => 0,
            Quote::Single => 1,
            Quote::As { .. } => 2,
        };
        self.number(u64::from(edit.rule.0) << 5 | quote << 3 | kind);
        self.number(value);
        if let Quote::As { back, len } = edit.quote {
            self.number(u64::from(back));
            self.number(u64::from(len));
        }
        if self.bytes.len() > IN_MEMORY { self.spill() } else { Ok(()) }
    }

    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.spilled {
            Some(file) => file,
            None => self.spilled.insert(nameless_file()?),
        };
        file.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }

    /// Reads the edits back, in order.
    ///
    /// # Errors
    /// Those of the temporary file.
    pub fn read(mut self) -> io::Result<Stored> {
        let spilled: Box<dyn BufRead> = match self.spilled.take() {
            Some(mut file) => {
                file.seek(SeekFrom::Start(0))?;
                Box::new(BufReader::with_capacity(64 << 10, file))
            }
            None => Box::new(io::empty()),
        };
        let all: Box<dyn BufRead> = Box::new(spilled.chain(Cursor::new(self.bytes)));
        Ok(Stored { bytes: all.bytes(), end: 0 })
    }
}

/// Edits on their way back; spans are relative to a window that moves over the input.
pub(crate) struct Stored {
    bytes: io::Bytes<Box<dyn BufRead>>,
    end: u64,
}

/// An edit with its place in the input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed {
    pub at: u64,
    /// Its span begins at zero.
    edit: Edit,
}

impl Placed {
    /// The edit in a window that begins at `offset` of the input.
    pub fn within(&self, offset: u64) -> Edit {
        self.edit.shifted(self.at.saturating_sub(offset) as usize)
    }
}

impl Stored {
    /// The next edit; `None` after the last, or where the temporary file was cut.
    pub fn next(&mut self) -> Option<Placed> {
        let gap = self.number()?;
        let len = self.number()? as usize;
        let code = self.number()?;
        let value = self.number()?;
        let what = match code & 7 {
            0 => What::Secret(value),
            1 => What::Text(value as u32),
            2 => What::Opaque(value as u32),
            3 => What::Data(Media::numbered(value & 7), (value >> 3) as u32),
            _ => What::Rest,
        };
        let quote = match code >> 3 & 3 {
            1 => Quote::Single,
            2 => Quote::As { back: self.number()? as u32, len: self.number()? as u16 },
            _ => Quote::None,
        };
        let at = self.end + gap;
        self.end = at + len as u64;
        let rule = RuleId((code >> 5) as u16);
        Some(Placed { at, edit: Edit { span: Span::new(0, len), rule, what, quote } })
    }

    fn number(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes.next()?.ok()?;
            n |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let edits = [
            Edit::new(Span::new(5, 9), RuleId(3), What::Secret(12)),
            Edit {
                span: Span::new(20, 400),
                rule: RuleId(70),
                what: What::Opaque(380),
                quote: Quote::As { back: 10, len: 2 },
            },
            Edit::new(Span::new(400, 401), RuleId(0), What::Data(Media::Pdf, 1234)),
            Edit::new(Span::new(500, 600), RuleId(1), What::Rest),
        ];
        let mut store = Store::default();
        for edit in &edits {
            store.push(edit, 1_000_000).unwrap();
        }
        let mut stored = store.read().unwrap();
        for edit in &edits {
            let placed = stored.next().unwrap();
            assert_eq!(placed.within(1_000_000), *edit);
        }
        assert!(stored.next().is_none());
    }

    #[test]
    fn very_many_go_to_a_file() {
        let mut store = Store::default();
        let count = 3_000_000;
        for i in 0..count {
            store.push(&Edit::new(Span::new(i * 10, i * 10 + 4), RuleId(9), What::Secret(77_777_777)), 0).unwrap();
        }
        assert!(store.spilled.is_some() && store.bytes.len() <= IN_MEMORY);
        let mut stored = store.read().unwrap();
        let mut read = 0;
        while let Some(placed) = stored.next() {
            assert_eq!(placed.at, read * 10);
            read += 1;
        }
        assert_eq!(read, count as u64);
    }
}
