//! Members of zip archives.

use super::InputError;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

const HINT: &str = "check the archive with `unzip -t`";

/// Numbers and names of the members that are files, sorted by name.
pub fn members(path: &Path) -> Result<Vec<(usize, String)>, InputError> {
    let mut archive = open(path)?;
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| broken(path, &e))?;
        if member.is_file() {
            members.push((index, member.name().map_err(|e| broken(path, &e))?.into_owned()));
        }
    }
    members.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(members)
}

/// A member's bytes. The archive's reader cannot outlive the archive, so the member is read by a thread of
/// its own that ends with the one who reads.
pub fn member(path: &Path, index: usize) -> Result<Box<dyn Read>, InputError> {
    let mut archive = open(path)?;
    archive.by_index(index).map_err(|e| broken(path, &e))?;
    let (sender, receiver) = std::sync::mpsc::sync_channel::<std::io::Result<Vec<u8>>>(2);
    std::thread::spawn(move || {
        let mut member = match archive.by_index(index) {
            Ok(member) => member,
            Err(_) => return,
        };
        loop {
            let mut part = vec![0; 256 << 10];
            let read = member.read(&mut part).map(|n| {
                part.truncate(n);
                part
            });
            let last = !matches!(&read, Ok(part) if !part.is_empty());
            if sender.send(read).is_err() || last {
                return;
            }
        }
    });
    Ok(Box::new(Parts { receiver, part: Vec::new(), at: 0 }))
}

struct Parts {
    receiver: std::sync::mpsc::Receiver<std::io::Result<Vec<u8>>>,
    part: Vec<u8>,
    at: usize,
}

impl Read for Parts {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.part.len() {
            self.part = self.receiver.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
            self.at = 0;
        }
        let rest = self.part.get(self.at..).unwrap_or_default();
        let n = rest.len().min(into.len());
        into.get_mut(..n).unwrap_or_default().copy_from_slice(rest.get(..n).unwrap_or_default());
        self.at += n;
        Ok(n)
    }
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, InputError> {
    let file = File::open(path).map_err(|e| InputError::io(path, &e))?;
    ZipArchive::new(BufReader::new(file)).map_err(|e| broken(path, &e))
}

fn broken(path: &Path, error: &zip::result::ZipError) -> InputError {
    InputError::new(path, format!("not a whole zip archive: {error}"), HINT)
}
