//! Net 3, private keys: PEM blocks in every spelling.
//!
//! With line ends, with escaped line ends, cut into quoted pieces, behind line prefixes, and without an
//! end: behind the opening line every run of base64 goes, until the closing line or until something else
//! stands there. Each line keeps its own replacement, so that lines stay lines.

use super::edit::{Edit, What};
use super::net::{Net, secret_hash};
use crate::literal::Span;

/// The longest key in bytes, spelling included.
const MAX_BLOCK: usize = 64 << 10;
/// Shorter runs of base64 inside a block are words.
const MIN_RUN: usize = 4;
/// Lines of a body that stand in records of their own have at least so many letters, and the records at most so many.
const BODY_LINE: usize = 48;
const MAX_RECORD: usize = 1024;
/// Letters that may stand between the pieces of a block: escapes and prefixes of quoted literals.
const NOISE: usize = 96;

/// Whether the stream is inside a block, and which.
#[derive(Debug, Default)]
pub(crate) struct Pem {
    open: Option<Block>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    hash: u64,
    left: usize,
}

impl Pem {
    /// Takes the keys in the next piece of a stream.
    pub fn find(&mut self, text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
        let mut at = 0;
        if let Some(block) = self.open.take() {
            at = self.body(text, 0, block, net, edits);
        }
        while let Some(found) = memchr::memmem::find(text.get(at..).unwrap_or_default(), b"-----BEGIN ") {
            let begin = at + found;
            at = match begins(text, begin) {
                Some(body) => self.body(text, body, Block { hash: 0, left: MAX_BLOCK }, net, edits),
                None => begin + 11,
            };
        }
    }

    /// Takes the base64 from `at` on; gives where the block ends.
    fn body(&mut self, text: &[u8], at: usize, block: Block, net: &mut Net, edits: &mut Vec<Edit>) -> usize {
        let rule = net.builtin.private_key;
        let mut hash = block.hash;
        let limit = at + block.left.min(text.len() - at);
        let mut pos = at;
        let mut noise = 0;
        while pos < limit {
            let rest = text.get(pos..limit).unwrap_or_default();
            if rest.starts_with(b"-----") {
                return pos;
            }
            let run = rest.iter().take_while(|b| is_base64(**b)).count();
            if run >= MIN_RUN {
                let span = Span::new(pos, pos + run);
                if hash == 0 {
                    hash = secret_hash(span.of(text));
                }
                if net.on(rule) {
                    net.lessons.text(span.of(text));
                    edits.push(Edit::new(span, rule, What::Secret(hash)));
                }
                pos += run;
                noise = 0;
                continue;
            }
            let step = between(rest, run);
            noise += step;
            if step == 0 || noise > NOISE {
                // each line of the key may be in a record of its own
                let Some(next) = next_line(rest) else { return pos };
                noise = 0;
                pos += next;
                continue;
            }
            pos += step;
        }
        if pos >= text.len() && block.left > pos - at {
            self.open = Some(Block { hash, left: block.left - (pos - at) });
        }
        pos
    }
}

/// Where the body of a private key begins, if the line at `at` opens one.
fn begins(text: &[u8], at: usize) -> Option<usize> {
    let head = text.get(at..(at + 80).min(text.len()))?;
    let label = head.get(11..)?;
    let end = memchr::memmem::find(label, b"-----")?;
    let name = label.get(..end)?;
    let private = memchr::memmem::find(name, b"PRIVATE KEY").is_some();
    private.then_some(at + 11 + end + 5)
}

fn is_base64(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')
}

/// The length of what may stand between two runs of base64: blanks, line ends, escapes, quotes, `+`, the
/// bars of a box. 0 where something else stands there.
fn between(rest: &[u8], run: usize) -> usize {
    match rest.first() {
        Some(b'\\') => {
            let slashes = rest.iter().take_while(|b| **b == b'\\').count();
            slashes + usize::from(matches!(rest.get(slashes), Some(b'n' | b'r' | b't')))
        }
        Some(b' ' | b'\t' | b'\r' | b'\n' | b'\0' | b'\'' | b'"' | b'`' | b'+' | b',' | b'|' | b'>') => 1,
        Some(0xE2) => 3.min(rest.len()),
        // a short last group, `==`
        Some(_) if run > 0 => run,
        _ => 0,
    }
}

/// Where the body goes on in the next line, behind what a logger puts before it. The lines of a body are
/// longer than other runs are; the last one stands above the closing line.
fn next_line(rest: &[u8]) -> Option<usize> {
    let start = memchr::memchr(b'\n', rest.get(..MAX_RECORD.min(rest.len()))?)? + 1;
    let mut lines = rest.get(start..)?.split(|b| *b == b'\n').map(|line| line.get(..MAX_RECORD).unwrap_or(line));
    let (line, after) = (lines.next()?, lines.next().unwrap_or_default());
    let last = memchr::memmem::find(after, b"-----END ").is_some();
    let runs = line.split(|b| !is_base64(*b));
    let run = runs.max_by_key(|run| run.len()).filter(|run| run.len() >= if last { MIN_RUN } else { BODY_LINE })?;
    Some(start + memchr::memmem::find(line, run)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Classes, RuleSet};

    fn left(pieces: &[&str]) -> String {
        let mut net = Net::new(RuleSet::builtin(), Classes::default());
        let mut pem = Pem::default();
        let mut out = String::new();
        for piece in pieces {
            let mut edits = Vec::new();
            pem.find(piece.as_bytes(), &mut net, &mut edits);
            let mut at = 0;
            for edit in edits {
                out.push_str(&piece[at..edit.span.start]);
                out.push('#');
                at = edit.span.end;
            }
            out.push_str(&piece[at..]);
        }
        out
    }

    const B: &str = "-----BEGIN RSA PRIVATE KEY-----";
    const E: &str = "-----END RSA PRIVATE KEY-----";

    #[test]
    fn every_spelling_goes() {
        let line = "MIIEpAIBAAKCAQEA7bq3x9/Z".repeat(2);
        assert_eq!(left(&[&format!("{B}\n{line}\n{line}==\n{E}\nnext")]), format!("{B}\n#\n#\n{E}\nnext"));
        assert_eq!(left(&[&format!(r"{B}\n{line}\n{line}\n{E}\n")]), format!(r"{B}\n#\n#\n{E}\n"));
        assert_eq!(
            left(&[&format!("'{B}\\n' +\n  '{line}\\n' +\n  '{E}\\n'")]),
            format!("'{B}\\n' +\n  '#\\n' +\n  '{E}\\n'")
        );
    }

    #[test]
    fn without_an_end_it_goes_up_to_something_else() {
        let line = "MIIEpAIBAAKCAQEA7bq3x9/Z".repeat(2);
        assert_eq!(
            left(&[&format!("{B}\n{line}\n"), &format!("{line}\n[2026-11-20] INFO")]),
            format!("{B}\n#\n#\n[2026-11-20] INFO")
        );
    }

    #[test]
    fn certificates_stay() {
        let text = "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA7bq3x9\n-----END CERTIFICATE-----";
        assert_eq!(left(&[text]), text);
    }
}
