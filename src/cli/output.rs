//! Where data goes: the standard output, or a file that is there whole or not at all.

use super::error::{Error, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const BUFFER: usize = 1 << 18;

/// Where a command writes its data.
#[derive(Clone, Debug, clap::Args)]
pub struct OutputArgs {
    /// Write here instead of the standard output (`-`)
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
}

impl OutputArgs {
    /// The file to write; `None` is the standard output.
    pub fn path(&self) -> Option<&Path> {
        self.output.as_deref().filter(|p| *p != Path::new("-"))
    }

    /// Opens the one output.
    ///
    /// # Errors
    /// Where the file exists and may not be replaced, or cannot be written.
    pub fn open(&self) -> Result<Output> {
        match self.path() {
            Some(path) => Output::file(path, self.force),
            None => Ok(Output::stdout()),
        }
    }
}

/// An open output. Unless it is finished, no file appears.
pub struct Output {
    writer: BufWriter<Sink>,
}

enum Sink {
    Stdout(io::StdoutLock<'static>),
    File(Pending),
}

/// A file beside its target, renamed when it is whole, removed when it is not.
struct Pending {
    file: Option<File>,
    beside: PathBuf,
    target: PathBuf,
    force: bool,
}

impl Output {
    /// The standard output.
    #[must_use]
    pub fn stdout() -> Self {
        Self { writer: BufWriter::with_capacity(BUFFER, Sink::Stdout(io::stdout().lock())) }
    }

    /// A file; its folder is made if need be.
    ///
    /// # Errors
    /// Where it exists and may not be replaced, or cannot be written.
    pub fn file(path: &Path, force: bool) -> Result<Self> {
        if path.is_dir() {
            return Err(
                Error::new(format!("cannot write `{}`: it is a folder", path.display())).hint("name a file in it")
            );
        }
        if !force && path.symlink_metadata().is_ok() {
            return Err(exists(path));
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|e| Error::file("write", path, &e))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for attempt in 0..100 {
            let beside = folder.join(format!(".{name}.{}-{attempt}.part", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&beside) {
                Ok(file) => {
                    let pending = Pending { file: Some(file), beside, target: path.to_owned(), force };
                    return Ok(Self { writer: BufWriter::with_capacity(BUFFER, Sink::File(pending)) });
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Error::file("write", path, &e)),
            }
        }
        Err(Error::new(format!("cannot write `{}`: too many unfinished files beside it", path.display()))
            .hint("remove the files that end in `.part`"))
    }

    /// Writes a whole text.
    ///
    /// # Errors
    /// Those of the output.
    pub fn text(self, text: &str) -> Result {
        self.bytes(text.as_bytes())
    }

    /// Writes whole bytes.
    ///
    /// # Errors
    /// Those of the output.
    pub fn bytes(mut self, bytes: &[u8]) -> Result {
        self.write_all(bytes).map_err(|e| Error::from_writing(&e))?;
        self.finish()
    }

    /// Writes what is left; a file gets its name.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self) -> Result {
        self.writer.flush().map_err(|e| Error::from_writing(&e))?;
        match self.writer.get_mut() {
            Sink::Stdout(_) => Ok(()),
            Sink::File(pending) => pending.commit(),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Stdout(out) => out.write(bytes),
            Sink::File(Pending { file: Some(file), .. }) => file.write(bytes),
            Sink::File(_) => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Stdout(out) => out.flush(),
            Sink::File(_) => Ok(()),
        }
    }
}

impl Pending {
    fn commit(&mut self) -> Result {
        let failed = |e: io::Error| Error::file("write", &self.target, &e);
        if let Some(file) = self.file.take() {
            file.sync_data().map_err(failed)?;
        }
        // somebody else may have made it meanwhile
        if !self.force && self.target.symlink_metadata().is_ok() {
            return Err(exists(&self.target));
        }
        fs::rename(&self.beside, &self.target).map_err(failed)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // after the rename there is nothing there any more
        drop(fs::remove_file(&self.beside));
    }
}

fn exists(path: &Path) -> Error {
    Error::new(format!("refused to write `{}`: it exists", path.display())).hint("`--force` replaces it")
}
