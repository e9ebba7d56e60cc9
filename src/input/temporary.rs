//! Room on disk for what does not fit into memory.

use std::fs::File;
use std::io;

/// A file that vanishes with the process: it is removed as soon as it is open.
pub(crate) fn nameless_file() -> io::Result<File> {
    let folder = std::env::temp_dir();
    for attempt in 0..64 {
        let path = folder.join(format!("casefile-{}-{attempt}", std::process::id()));
        match File::options().read(true).write(true).create_new(true).open(&path) {
            Ok(file) => {
                // where an open file cannot be removed it stays until the system tidies up;
                let _ = std::fs::remove_file(&path);
                return Ok(file);
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(io::Error::other("no free name for a temporary file"))
}
