//! Paths become inputs: folders are walked, archives opened, equal names told apart.

use super::{Input, InputError, Origin, archive, compressed};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders inside folders are followed so deep.
const MAX_DEPTH: usize = 16;

/// What was found under the paths that were named.
#[derive(Debug, Default)]
pub struct Inputs {
    /// In the order in which they are read.
    pub inputs: Vec<Input>,
    /// What could not be read; the rest goes on.
    pub problems: Vec<InputError>,
}

/// Finds the logs under paths: a file, the files of a folder in sorted order (rotated logs from the oldest),
/// the members of a zip archive.
#[must_use]
pub fn expand(paths: &[PathBuf]) -> Inputs {
    let mut found = Inputs::default();
    for path in paths {
        found.path(path, 0);
    }
    name(&mut found.inputs);
    found
}

impl Inputs {
    fn path(&mut self, path: &Path, depth: usize) {
        match fs::metadata(path) {
            Err(e) => self.problems.push(InputError::io(path, &e)),
            Ok(meta) if meta.is_dir() => self.folder(path, depth),
            Ok(meta) if meta.is_file() && is_zip(path) => self.archive(path),
            Ok(meta) if meta.is_file() => {
                self.inputs.push(Input { name: String::new(), path: path.to_owned(), origin: Origin::File })
            }
            // in a folder there may be sockets and pipes that never end
            Ok(_) if depth > 0 => {}
            Ok(_) => match Input::keep_pipe(path) {
                Ok(input) => self.inputs.push(input),
                Err(e) => self.problems.push(e),
            },
        }
    }

    fn folder(&mut self, path: &Path, depth: usize) {
        if depth > MAX_DEPTH {
            self.problems.push(InputError::new(
                path,
                "too many folders inside folders",
                "name the folder with the logs",
            ));
            return;
        }
        match fs::read_dir(path) {
            Err(e) => self.problems.push(InputError::io(path, &e)),
            Ok(entries) => {
                let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
                paths.sort_by_key(|path| in_order(path));
                for path in paths {
                    // a link may lead back up
                    if depth == 0 || !path.is_symlink() {
                        self.path(&path, depth + 1);
                    }
                }
            }
        }
    }

    fn archive(&mut self, path: &Path) {
        match archive::members(path) {
            Err(e) => self.problems.push(e),
            Ok(members) => {
                for (index, member) in members {
                    let origin = Origin::Member { archive: path.to_owned(), index };
                    self.inputs.push(Input {
                        name: String::new(),
                        path: PathBuf::from(format!("{}!{member}", path.display())),
                        origin,
                    });
                }
            }
        }
    }
}

fn is_zip(path: &Path) -> bool {
    let mut head = [0; 4];
    File::open(path).and_then(|mut file| file.read_exact(&mut head)).is_ok() && compressed::is_zip(&head)
}

/// Sorts by name, and the rotated parts of one log (`app.log.2.gz`, `app.log.1`, `app.log`) by age.
fn in_order(path: &Path) -> (String, std::cmp::Reverse<u32>, String) {
    let name = path.to_string_lossy().into_owned();
    let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    match plain.rsplit_once('.') {
        Some((stem, number)) if number.len() <= 4 => match number.parse() {
            Ok(number) => (stem.to_owned(), std::cmp::Reverse(number), name),
            Err(_) => (plain.to_owned(), std::cmp::Reverse(0), name),
        },
        _ => (plain.to_owned(), std::cmp::Reverse(0), name),
    }
}

/// Gives each input the shortest end of its path that no other has.
fn name(inputs: &mut [Input]) {
    let parts: Vec<Vec<String>> = inputs
        .iter()
        .map(|input| {
            let path = input.path.to_string_lossy();
            let (outer, member) = path.split_once('!').unwrap_or((&path, ""));
            let mut parts: Vec<String> =
                Path::new(outer).components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
            if let Some(last) = parts.last_mut().filter(|_| !member.is_empty()) {
                last.push('!');
                last.push_str(member);
            }
            parts
        })
        .collect();
    let end = |parts: &[String], n: usize| parts.get(parts.len().saturating_sub(n)..).unwrap_or_default().join("/");
    for (i, input) in inputs.iter_mut().enumerate() {
        let Some(mine) = parts.get(i) else { continue };
        let shortest = (1..=mine.len())
            .find(|n| parts.iter().enumerate().all(|(j, other)| j == i || end(other, *n) != end(mine, *n)));
        input.name = end(mine, shortest.unwrap_or(mine.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotated_logs_come_from_the_oldest() {
        let mut paths: Vec<PathBuf> =
            ["b.log", "app.log", "app.log.1", "app.log.10.gz", "app.log.2.gz"].map(PathBuf::from).to_vec();
        paths.sort_by_key(|p| in_order(p));
        assert_eq!(paths, ["app.log.10.gz", "app.log.2.gz", "app.log.1", "app.log", "b.log"].map(PathBuf::from));
    }

    #[test]
    fn names_are_the_shortest_that_differ() {
        let mut inputs: Vec<Input> = ["/x/a/app.log", "/x/b/app.log", "/x/b/other.log", "/x/l.zip!in/app.log"]
            .map(|p| Input { name: String::new(), path: PathBuf::from(p), origin: Origin::File })
            .into();
        name(&mut inputs);
        assert_eq!(
            inputs.iter().map(|i| i.name.as_str()).collect::<Vec<_>>(),
            ["a/app.log", "b/app.log", "other.log", "l.zip!in/app.log"]
        );
    }
}
