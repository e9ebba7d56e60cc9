//! Examples in rule files are templates, so that no key-shaped text stands in the repository.
//!
//! `{alnum:40}` makes forty letters and digits. The same template always makes the same text, and two
//! places in it make different texts.

/// A small generator of reproducible pseudo-random numbers (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Numbers(u64);

impl Numbers {
    /// Seeded with a text.
    pub fn seeded(text: &str) -> Self {
        Self(text.bytes().fold(0x9E37_79B9_7F4A_7C15, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
    }

    /// The next number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }
}

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";

fn alphabet(name: &str) -> Option<Vec<u8>> {
    let text = match name {
        "lower" => LOWER.to_owned(),
        "upper" => UPPER.to_owned(),
        "digits" => DIGITS.to_owned(),
        "letters" => format!("{LOWER}{UPPER}"),
        "lowalnum" => format!("{LOWER}{DIGITS}"),
        "alnum" => format!("{LOWER}{UPPER}{DIGITS}"),
        "hex" => "0123456789abcdef".to_owned(),
        "base32" => format!("{UPPER}234567"),
        "url64" => format!("{LOWER}{UPPER}{DIGITS}-_"),
        "b64" => format!("{LOWER}{UPPER}{DIGITS}+/"),
        _ => return None,
    };
    Some(text.into_bytes())
}

/// The text a template makes; what is no placeholder stays.
pub(crate) fn expand(template: &str) -> String {
    let mut numbers = Numbers::seeded(template);
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let made = rest.find('}').and_then(|close| {
            let text = placeholder(&rest[1..close], &mut numbers)?;
            Some((text, close + 1))
        });
        match made {
            Some((text, len)) => {
                out.push_str(&text);
                rest = &rest[len..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn placeholder(inside: &str, numbers: &mut Numbers) -> Option<String> {
    if inside == "uuid" {
        let hex = |n: usize, numbers: &mut Numbers| placeholder(&format!("hex:{n}"), numbers).unwrap_or_default();
        let parts = [8, 4, 3, 3, 12].map(|n| hex(n, numbers));
        return Some(format!("{}-{}-4{}-a{}-{}", parts[0], parts[1], parts[2], parts[3], parts[4]));
    }
    let (name, count) = inside.split_once(':')?;
    let alphabet = alphabet(name)?;
    let count: usize = count.parse().ok()?;
    (0..count).map(|_| alphabet.get(numbers.below(alphabet.len())).map(|b| *b as char)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_template_makes_the_same_text() {
        assert_eq!(expand("k-{alnum:40}"), expand("k-{alnum:40}"));
        assert_ne!(expand("{hex:32}{hex:32}")[..32], expand("{hex:32}{hex:32}")[32..]);
        assert_eq!(expand("{uuid}").len(), 36);
    }

    #[test]
    fn what_is_no_placeholder_stays() {
        assert_eq!(expand(r#"{"a": {b}} {nope:3}"#), r#"{"a": {b}} {nope:3}"#);
    }
}
