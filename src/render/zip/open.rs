//! Reads an archive back, of which nothing is known.
//!
//! An archive may be made to be larger than any disk, to have two files of one name, or something between its
//! files that nobody sees. It is read into memory within bounds, and what is odd about it is told.

use ::zip::ZipArchive;
use std::collections::BTreeSet;
use std::io::{Read, Seek, SeekFrom};

/// More files than any packet has.
const MOST_FILES: usize = 2000;
/// The most bytes of all files together.
const MOST_BYTES: u64 = 256 << 20;

/// A file of an archive.
#[derive(Debug)]
pub struct Member {
    /// Its path.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// An archive that was read.
#[derive(Debug)]
pub struct Opened {
    /// Its files, as far as they could be read.
    pub members: Vec<Member>,
    /// What is wrong with the archive itself, as `place: what`.
    pub problems: Vec<String>,
}

/// Why an archive cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It has no list of its files at its end, or a broken one.
    #[error("not a whole zip archive")]
    NoArchive,
    /// It has more files than a packet.
    #[error("it has more files than any packet")]
    TooMany,
    /// It unpacks to more than a packet.
    #[error("it unpacks to more than any packet")]
    TooLarge,
}

/// Reads an archive.
///
/// # Errors
/// Where it is none, or too large to be a packet.
pub fn open(mut reader: impl Read + Seek) -> Result<Opened, OpenError> {
    let end = reader.seek(SeekFrom::End(0)).map_err(|_| OpenError::NoArchive)?;
    let mut archive = ZipArchive::new(reader).map_err(|_| OpenError::NoArchive)?;
    if archive.len() > MOST_FILES {
        return Err(OpenError::TooMany);
    }
    let mut opened = Opened { members: Vec::new(), problems: Vec::new() };
    let mut names = BTreeSet::new();
    let mut twice = archive.has_duplicate_names();
    let mut left = MOST_BYTES;
    // each file follows the one before it, and the list of all follows the last
    let mut at = 0;
    let mut gaps = false;
    for index in 0..archive.len() {
        let place = format!("file {} of the archive", index + 1);
        let Ok(mut file) = archive.by_index(index) else {
            opened.problems.push(format!("{place}: cannot be read"));
            gaps = true;
            continue;
        };
        let Some(path) = file.name().ok().map(|n| n.into_owned()).filter(|n| is_safe(n)) else {
            opened.problems.push(format!("{place}: a path that no packet has"));
            continue;
        };
        gaps |=
            file.header_start() != at || !file.comment().is_empty() || file.extra_data().is_some_and(|e| !e.is_empty());
        at = file.data_start().unwrap_or(0).saturating_add(file.compressed_size());
        let mut bytes = Vec::new();
        let whole = file.by_ref().take(left + 1).read_to_end(&mut bytes);
        let read = bytes.len() as u64;
        if read > left {
            return Err(OpenError::TooLarge);
        }
        left -= read;
        if whole.is_err() || read != file.size() {
            opened.problems.push(format!("{path}: cannot be read, or is not what the archive says of it"));
        }
        twice |= !names.insert(path.to_ascii_lowercase());
        opened.members.push(Member { path, bytes });
    }
    if twice {
        opened.problems.push("archive: two files of one name".into());
    }
    // the list ends with 22 bytes of its own, where it has no comment
    if gaps
        || at != archive.central_directory_start()
        || archive.offset() != 0
        || !archive.comment().is_empty()
        || !ends_there(&mut archive, end)
    {
        opened.problems.push("archive: something beside its files is in it".into());
    }
    Ok(opened)
}

/// Whether the list of files ends where the archive ends.
fn ends_there<R: Read + Seek>(archive: &mut ZipArchive<R>, end: u64) -> bool {
    const ENTRY: u64 = 46;
    const LIST_END: u64 = 22;
    let mut at = archive.central_directory_start() + LIST_END;
    for index in 0..archive.len() {
        let Ok(file) = archive.by_index_raw(index) else { return false };
        at += ENTRY + file.name_raw().len() as u64;
    }
    at == end
}

/// A path as packets have them.
fn is_safe(path: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    path.len() <= 200 && path.split('/').all(part)
}
