//! UTF-16, as Windows tools write logs: read as UTF-8, and written back as it was.

use super::Encoding;
use std::io::{self, Read, Write};

/// Told by its byte order mark, or by every other byte being zero.
pub fn sniff(head: &[u8]) -> Option<Encoding> {
    match head {
        [0xFF, 0xFE, ..] => return Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let head = head.get(..head.len().min(512) & !1).filter(|head| head.len() >= 16)?;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 10 >= head.len() / 2 * 7;
    match (zeros(0), zeros(1)) {
        (false, true) => Some(Encoding::Utf16Le),
        (true, false) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

fn unit(pair: [u8; 2], encoding: Encoding) -> u16 {
    if encoding == Encoding::Utf16Be { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
}

/// UTF-16 as UTF-8. Halves of surrogates that stand alone become three bytes, as in WTF-8, so that they
/// come back as they were.
pub struct Utf16Reader {
    raw: Box<dyn Read>,
    encoding: Encoding,
    odd: Option<u8>,
    high: Option<u16>,
    ready: Vec<u8>,
    at: usize,
}

impl Utf16Reader {
    /// Decodes `raw`.
    pub fn new(raw: Box<dyn Read>, encoding: Encoding) -> Self {
        Self { raw, encoding, odd: None, high: None, ready: Vec::new(), at: 0 }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() {
            let mut part = [0; 16 << 10];
            let n = match self.raw.read(&mut part) {
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            if n == 0 {
                if let Some(high) = self.high.take() {
                    push(u32::from(high), &mut self.ready);
                }
                self.odd = None;
                return Ok(());
            }
            for &b in part.get(..n).unwrap_or_default() {
                match self.odd.take() {
                    None => self.odd = Some(b),
                    Some(first) => self.unit(unit([first, b], self.encoding)),
                }
            }
        }
        Ok(())
    }

    fn unit(&mut self, unit: u16) {
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => {
                push(0x10000 + ((u32::from(high) - 0xD800) << 10) + (u32::from(unit) - 0xDC00), &mut self.ready);
            }
            (high, unit) => {
                if let Some(high) = high {
                    push(u32::from(high), &mut self.ready);
                }
                if (0xD800..0xDC00).contains(&unit) {
                    self.high = Some(unit);
                } else {
                    push(u32::from(unit), &mut self.ready);
                }
            }
        }
    }
}

/// A code point as UTF-8; lone surrogates too.
fn push(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xE0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3F) as u8,
            0x80 | (code & 0x3F) as u8,
        ]),
    }
}

impl Read for Utf16Reader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.fill()?;
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let n = rest.len().min(into.len());
        into.get_mut(..n).unwrap_or_default().copy_from_slice(rest.get(..n).unwrap_or_default());
        self.at += n;
        Ok(n)
    }
}

/// Writes UTF-8 as UTF-16.
pub struct Utf16Writer<W> {
    inner: W,
    encoding: Encoding,
    /// The bytes of a character that is not whole yet.
    part: Vec<u8>,
}

impl<W: Write> Utf16Writer<W> {
    /// Writes to `inner`; with [`Encoding::Bytes`] as it comes.
    pub fn new(inner: W, encoding: Encoding) -> Self {
        Self { inner, encoding, part: Vec::new() }
    }

    fn units(&self, code: u32, out: &mut Vec<u8>) {
        let mut unit = |unit: u16| match self.encoding {
            Encoding::Utf16Be => out.extend_from_slice(&unit.to_be_bytes()),
            _ => out.extend_from_slice(&unit.to_le_bytes()),
        };
        match code {
            0x10000.. => {
                unit(0xD800 + ((code - 0x10000) >> 10) as u16);
                unit(0xDC00 + ((code - 0x10000) & 0x3FF) as u16);
            }
            _ => unit(code as u16),
        }
    }
}

/// The code point that begins a text, and its length; `None` where it is not whole.
fn code_point(text: &[u8]) -> Option<(u32, usize)> {
    let first = u32::from(*text.first()?);
    let tail = |n: usize| text.get(n).map(|b| u32::from(*b) & 0x3F);
    match first {
        0..=0x7F => Some((first, 1)),
        0xC0..=0xDF => Some((((first & 0x1F) << 6) | tail(1)?, 2)),
        0xE0..=0xEF => Some((((first & 0x0F) << 12) | (tail(1)? << 6) | tail(2)?, 3)),
        0xF0..=0xF7 => Some((((first & 0x07) << 18) | (tail(1)? << 12) | (tail(2)? << 6) | tail(3)?, 4)),
        _ => Some((first, 1)),
    }
}

impl<W: Write> Write for Utf16Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.encoding == Encoding::Bytes {
            return self.inner.write(bytes);
        }
        self.part.extend_from_slice(bytes);
        let text = std::mem::take(&mut self.part);
        let mut out = Vec::with_capacity(text.len() * 2);
        let mut at = 0;
        while let Some((code, len)) = text.get(at..).and_then(code_point) {
            self.units(code, &mut out);
            at += len;
        }
        self.part = text.get(at..).unwrap_or_default().to_vec();
        self.inner.write_all(&out)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_back_as_it_was() {
        let text: Vec<u16> = "\u{feff}naïve 😀\r\nline".encode_utf16().chain([0xD800, 0x41]).collect();
        for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
            let raw: Vec<u8> = text
                .iter()
                .flat_map(|u| if encoding == Encoding::Utf16Be { u.to_be_bytes() } else { u.to_le_bytes() })
                .collect();
            assert_eq!(sniff(&raw), Some(encoding));
            let mut utf8 = Vec::new();
            Utf16Reader::new(Box::new(io::Cursor::new(raw.clone())), encoding).read_to_end(&mut utf8).unwrap();
            assert!(utf8.starts_with("\u{feff}naïve 😀\r\n".as_bytes()));
            let mut back = Utf16Writer::new(Vec::new(), encoding);
            for part in utf8.chunks(3) {
                back.write_all(part).unwrap();
            }
            assert_eq!(back.inner, raw);
        }
    }
}
