//! Checksums of what is read and written, as `sha256sum` prints them.

use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::rc::Rc;

/// A checksum in the making; whoever reads or writes may be gone when it is asked for.
#[derive(Clone)]
pub struct Checksum(Option<Rc<RefCell<Sha256>>>);

impl Default for Checksum {
    fn default() -> Self {
        Self::wanted(true)
    }
}

/// Passes bytes on and adds them to a checksum.
pub struct Hashing<T> {
    inner: T,
    checksum: Checksum,
}

impl Checksum {
    /// One that nobody asks for costs nothing and has no digits.
    pub fn wanted(wanted: bool) -> Self {
        Self(wanted.then(Rc::default))
    }

    /// Of what goes through a reader or a writer.
    pub fn of<T>(&self, inner: T) -> Hashing<T> {
        Hashing { inner, checksum: self.clone() }
    }

    fn add(&self, bytes: &[u8]) {
        if let Some(sum) = &self.0 {
            sum.borrow_mut().update(bytes);
        }
    }

    /// Of everything so far, in hexadecimal digits.
    pub fn hex(&self) -> String {
        let sum = self.0.as_ref().map(|sum| sum.borrow().clone().finalize());
        sum.iter().flatten().map(|b| format!("{b:02x}")).collect()
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.checksum.add(into.get(..n).unwrap_or_default());
        Ok(n)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.checksum.add(bytes.get(..n).unwrap_or_default());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The checksum of all that a reader has.
///
/// # Errors
/// Those of the reader.
pub fn sha256(reader: impl Read) -> io::Result<String> {
    let checksum = Checksum::default();
    io::copy(&mut checksum.of(reader), &mut io::sink())?;
    Ok(checksum.hex())
}
