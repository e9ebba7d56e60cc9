//! What came through a pipe, kept so that it can be read again.

use super::nameless_file;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

/// What is kept in memory; more goes to a file without a name.
const IN_MEMORY: usize = 16 << 20;

/// The bytes of a pipe.
#[derive(Debug)]
pub enum Spool {
    Memory(Arc<[u8]>),
    File(File, u64),
}

impl Spool {
    /// Reads a pipe to its end.
    pub fn of(mut reader: impl Read) -> io::Result<Self> {
        let mut bytes = Vec::new();
        reader.by_ref().take(IN_MEMORY as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() <= IN_MEMORY {
            return Ok(Spool::Memory(bytes.into()));
        }
        let mut file = nameless_file()?;
        file.write_all(&bytes)?;
        let rest = io::copy(&mut reader, &mut file)?;
        Ok(Spool::File(file, bytes.len() as u64 + rest))
    }

    /// How much there is.
    pub fn len(&self) -> u64 {
        match self {
            Spool::Memory(bytes) => bytes.len() as u64,
            Spool::File(_, len) => *len,
        }
    }

    /// From the beginning. One reader at a time.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        match self {
            Spool::Memory(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Spool::File(file, _) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(0))?;
                Ok(Box::new(file))
            }
        }
    }
}
