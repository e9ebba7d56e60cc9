//! Where each input goes: the standard output, one file, or a folder with the same names in it.

use super::super::error::{Error, Result};
use super::super::inputs::InputArgs;
use super::super::output::OutputArgs;
use crate::input::Input;
use crate::redact::Redactor;
use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

/// The target of each input, by its number; none for the standard output.
pub struct Targets {
    paths: Vec<Option<PathBuf>>,
    force: bool,
}

impl Targets {
    /// Decides where the inputs go. Names of files are redacted like text.
    ///
    /// # Errors
    /// Where several inputs would go into one file.
    pub fn of(output: &OutputArgs, named: &InputArgs, found: &[Input], names: &mut Redactor) -> Result<Self> {
        let force = output.force;
        let Some(path) = output.path() else { return Ok(Self { paths: vec![None; found.len()], force }) };
        let folder = named.inputs.iter().any(|p| p.is_dir());
        if found.len() == 1 && !folder && !path.is_dir() && !ends_with_separator(path) {
            return Ok(Self { paths: vec![Some(path.to_owned())], force });
        }
        if path.is_file() {
            return Err(Error::new(format!("`{}` is a file, and several logs are to be written", path.display()))
                .hint("name a folder, or write to the standard output"));
        }
        let mut taken = HashSet::new();
        let paths = found.iter().map(|input| {
            let name = match named.inputs.as_slice() {
                [only] => input
                    .path
                    .strip_prefix(only)
                    .ok()
                    .map(|p| p.to_string_lossy().into_owned())
                    .filter(|p| !p.is_empty()),
                _ => None,
            };
            let plain = relative(name.as_ref().unwrap_or(&input.name), names);
            let mut unique = plain.clone();
            let mut n = 2;
            // `app.log` and `app.log.gz` are two logs
            while !taken.insert(unique.clone()) {
                unique = numbered(&plain, n);
                n += 1;
            }
            Some(path.join(unique))
        });
        Ok(Self { paths: paths.collect(), force })
    }

    /// Whether all of them may be written, before the first is.
    ///
    /// # Errors
    /// Names the one that exists.
    pub fn check(&self, inputs: impl Iterator<Item = usize>) -> Result {
        for path in inputs.filter_map(|i| self.path(i)) {
            if !self.force && path.symlink_metadata().is_ok() {
                return Err(Error::new(format!("refused to write `{}`: it exists", path.display()))
                    .hint("`--force` replaces it"));
            }
        }
        Ok(())
    }

    /// Where an input goes; the standard output has no path.
    pub fn path(&self, input: usize) -> Option<&Path> {
        self.paths.get(input).and_then(Option::as_deref)
    }
}

/// The name of an input as a path that stays below the folder it is joined to, whatever an archive says.
fn relative(name: &str, names: &mut Redactor) -> PathBuf {
    let name = names.text(&name.replace('!', "/"));
    let mut path: PathBuf = Path::new(&name).components().filter(|c| matches!(c, Component::Normal(_))).collect();
    if path.extension().is_some_and(|e| e == "gz" || e == "zst") && path.file_stem().is_some() {
        path.set_extension("");
    }
    if path.as_os_str().is_empty() { PathBuf::from("log") } else { path }
}

/// `app.log` as `app-2.log`.
fn numbered(path: &Path, n: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}-{n}{extension}"))
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(std::path::is_separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Policy;

    #[test]
    fn names_stay_below_the_folder() {
        let mut names = Redactor::new(Policy::default());
        let mut relative = |name: &str| relative(name, &mut names).display().to_string();
        assert_eq!(relative("logs.zip!../../etc/app.log"), "logs.zip/etc/app.log");
        assert_eq!(relative("/app.log.gz"), "app.log");
        assert_eq!(relative("../.."), "log");
        assert_eq!(relative("maria.lopez@bank.example.log"), "[email-address#1]");
    }
}
