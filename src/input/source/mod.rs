//! What was named on the command line, opened: files, folders, archives, compressed files, the standard
//! input.
//!
//! An input may be read several times (to learn, to write, to build), so one that comes through a pipe is
//! kept aside. Nothing is ever written to what was named.

mod archive;
mod compressed;
mod expand;
mod spool;
mod utf16;

pub use expand::{Inputs, expand};
pub use utf16::Utf16Writer;

use crate::input::nameless_file;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What is looked at to tell what an input is.
const HEAD: usize = 8 << 10;

/// One log to read.
#[derive(Debug)]
pub struct Input {
    /// Its name in packets and reports: what tells it from the others of the run.
    pub name: String,
    /// The name that the user gave: a path, a member of an archive, `-`.
    pub path: PathBuf,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    File,
    /// A member of a zip archive, by its number.
    Member {
        archive: PathBuf,
        index: usize,
    },
    /// What came through the standard input, kept aside.
    Kept(spool::Spool),
}

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct InputError {
    /// The input.
    pub name: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub hint: &'static str,
}

impl InputError {
    fn new(path: &Path, problem: impl Into<String>, hint: &'static str) -> Self {
        Self { name: path.display().to_string(), problem: problem.into(), hint }
    }

    fn io(path: &Path, error: &io::Error) -> Self {
        let (problem, hint) = match error.kind() {
            io::ErrorKind::NotFound => {
                ("no such file".to_owned(), "check the path; a folder or `-` for standard input works too")
            }
            io::ErrorKind::PermissionDenied => {
                ("may not be read".to_owned(), "run as a user who may read it, or copy it first")
            }
            _ => (error.to_string(), "check that the file can be read, for instance with `head`"),
        };
        Self::new(path, problem, hint)
    }
}

/// How an input is written, as far as writing it back needs to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As bytes that are, or are like, UTF-8.
    #[default]
    Bytes,
    /// UTF-16, lower byte first.
    Utf16Le,
    /// UTF-16, higher byte first.
    Utf16Be,
}

/// An input's text.
pub struct Opened {
    /// Decompressed, as UTF-8 where it was UTF-16.
    pub reader: Box<dyn Read>,
    /// How it is written.
    pub encoding: Encoding,
}

impl Input {
    /// Keeps the standard input, or what stands for it, aside.
    ///
    /// # Errors
    /// Those of the reader and of the temporary file.
    pub fn keep(reader: impl Read) -> io::Result<Self> {
        Ok(Self { name: "stdin".to_owned(), path: PathBuf::from("-"), origin: Origin::Kept(spool::Spool::of(reader)?) })
    }

    /// Keeps a named pipe aside: `<(journalctl -u gateway)`.
    fn keep_pipe(path: &Path) -> Result<Self, InputError> {
        let kept = File::open(path).and_then(spool::Spool::of).map_err(|e| InputError::io(path, &e))?;
        Ok(Self { name: String::new(), path: path.to_owned(), origin: Origin::Kept(kept) })
    }

    /// Size on disk in bytes, where it is known.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match &self.origin {
            Origin::File => std::fs::metadata(&self.path).ok().map(|m| m.len()),
            Origin::Member { .. } => None,
            Origin::Kept(spool) => Some(spool.len()),
        }
    }

    /// What a failure while reading it means.
    #[must_use]
    pub fn error(&self, error: &io::Error) -> InputError {
        InputError::io(&self.path, error)
    }

    /// Opens it at its beginning, as it is stored: compressed, in its encoding.
    ///
    /// # Errors
    /// What cannot be opened.
    pub fn open_raw(&self) -> Result<Box<dyn Read>, InputError> {
        Ok(match &self.origin {
            Origin::File => Box::new(File::open(&self.path).map_err(|e| InputError::io(&self.path, &e))?),
            Origin::Member { archive, index } => archive::member(archive, *index)?,
            Origin::Kept(spool) => spool.open().map_err(|e| InputError::io(&self.path, &e))?,
        })
    }

    /// Opens it at its beginning.
    ///
    /// # Errors
    /// What cannot be opened or is no text.
    pub fn open(&self) -> Result<Opened, InputError> {
        open_text(self.open_raw()?, &self.path)
    }
}

/// Decompresses and decodes, by what the first bytes tell.
///
/// # Errors
/// What cannot be read or is no text.
pub fn open_text(raw: Box<dyn Read>, path: &Path) -> Result<Opened, InputError> {
    let io_error = |e: &io::Error| InputError::io(path, e);
    let (head, raw) = peek(raw).map_err(|e| io_error(&e))?;
    let Some(plain) = compressed::decompress(&head, raw).map_err(|e| io_error(&e))? else {
        return Err(InputError::new(path, "an archive inside an archive", "unpack it first"));
    };
    let (head, plain) = peek(plain).map_err(|e| io_error(&e))?;
    let encoding = utf16::sniff(&head);
    // a program has as many zeros as a text in UTF-16
    if let Some(kind) = format(&head).or_else(|| binary(&head).filter(|_| encoding.is_none())) {
        return Err(InputError::new(
            path,
            format!("not a log: {kind}"),
            "name the log itself; binary files are never read or copied",
        ));
    }
    Ok(match encoding {
        Some(encoding) => Opened { reader: Box::new(utf16::Utf16Reader::new(plain, encoding)), encoding },
        None => Opened { reader: plain, encoding: Encoding::Bytes },
    })
}

/// The first bytes of a reader, and the reader as if they had not been read.
fn peek(mut reader: Box<dyn Read>) -> io::Result<(Vec<u8>, Box<dyn Read>)> {
    let mut head = vec![0; HEAD];
    let mut len = 0;
    while len < HEAD {
        match reader.read(head.get_mut(len..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(n) => {
                len += n;
                // a pipe that has something to say must not wait for more
                if head.get(..len).is_some_and(|head| head.contains(&b'\n')) {
                    break;
                }
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    head.truncate(len);
    Ok((head.clone(), Box::new(io::Cursor::new(head).chain(reader))))
}

/// What a file is that says at its beginning that it is no text.
fn format(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"\xCF\xFA\xED\xFE", "a program"),
        (b"\x89PNG", "an image"),
        (b"\xFF\xD8\xFF", "an image"),
        (b"GIF8", "an image"),
        (b"%PDF-", "a PDF document"),
        (b"SQLite format 3", "a database"),
        (b"\xD4\xC3\xB2\xA1", "a packet capture"),
        (b"\x0A\x0D\x0D\x0A", "a packet capture"),
    ];
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

/// Whether a file looks like no text.
fn binary(head: &[u8]) -> Option<&'static str> {
    let odd = head
        .iter()
        .filter(|b| b.is_ascii_control() && !matches!(b, b'\n' | b'\r' | b'\t' | 0x1b | 0x08 | 0x0c | 0x00))
        .count();
    let nul = head.iter().filter(|b| **b == 0).count();
    (odd * 10 > head.len() || nul * 4 > head.len() && head.len() >= 64).then_some("binary data")
}
