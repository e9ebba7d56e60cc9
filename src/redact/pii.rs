//! Net 3, people: e-mail addresses, telephone, card and social security numbers, names of home folders.
//!
//! Few of them have a literal to seek, and none has a grammar that is dear to try: an address is read around its `@`,
//! and of digits and separators only runs are read that are long enough.

use super::edit::{Edit, What};
use super::net::{Net, secret_hash};
use super::rules::RuleId;
use super::signs::Signs;
use super::tokens::{begins_token, behind_escape};
use crate::literal::{BLOCK, Block, ByteSet, Span, is_name_byte};
use std::sync::LazyLock;

/// The fewest digits of a number that is sought, without and with IP addresses.
const FEWEST_DIGITS: [usize; 2] = [9, 4];
/// The fewest bytes of one: `1.2.3.4`.
const SHORTEST_RUN: usize = 7;
/// Longer runs are tables and hashes; they are read in parts, which have as much in common as the longest number has.
const MAX_RUN: usize = 96;
const LONGEST: usize = 48;
/// Accounts that everybody has; their home folders name nobody.
const EVERYBODY: &[&str] = &[
    "root", "ubuntu", "runner", "node", "app", "user", "ec2-user", "vscode", "circleci", "jenkins", "Shared", "Public",
    "Default", "admin", "appuser", "nonroot", "www-data",
];

/// What names of numbers end with that are no card's.
const COUNTED: &[&str] = &["id", "seq", "offset", "timestamp", "ts", "nonce", "epoch", "time", "ns"];

/// Takes what a hint in the text leads to.
type Take = fn(&[u8], Span, &mut Net, &mut Vec<Edit>);

/// What stands before a name or a number of somebody: `@` in a URL, folders of homes, a cloud's names of things.
static HINTS: [(&str, Take); 4] = [("%40", email), ("/home/", home), ("Users", users_home), ("arn:aws", account)];
static SIGNS: LazyLock<Signs> = LazyLock::new(|| Signs::of(&HINTS.map(|(hint, _)| hint)));

/// Takes what names people in a text.
pub(crate) fn find(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    for at in memchr::memchr_iter(b'@', text) {
        email(text, Span::new(at, at + 1), net, edits);
    }
    SIGNS.each(text, |number, sign| {
        if let Some((_, take)) = HINTS.get(number) {
            take(text, sign, net, edits);
        }
    });
    if [net.builtin.phone, net.builtin.card, net.builtin.ssn, net.builtin.ip].into_iter().any(|rule| net.on(rule)) {
        numbers(text, net, edits);
    }
}

fn take(text: &[u8], span: Span, rule: RuleId, net: &mut Net, edits: &mut Vec<Edit>) {
    if net.on(rule) {
        edits.push(Edit::new(span, rule, What::Secret(secret_hash(span.of(text)))));
    }
}

fn email(text: &[u8], at: Span, net: &mut Net, edits: &mut Vec<Edit>) {
    if let Some(span) = address(text, at.start, at.end).filter(|_| net.on(net.builtin.email)) {
        net.secret(text, span, net.builtin.email, edits);
    }
}

/// Longer runs before an `@` are no password of a URL.
const MAX_PASSWORD: usize = 512;

/// The address around an `@` that stands at `at..after`.
fn address(text: &[u8], at: usize, after: usize) -> Option<Span> {
    let before = text.get(..at)?;
    let run = before
        .iter()
        .rev()
        .take(MAX_PASSWORD)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'+' | b'-'))
        .count();
    // the password of a URL stands before an `@` too
    let before_run = text.get((at - run).saturating_sub(96)..at - run)?;
    if before_run.last() == Some(&b':') && memchr::memmem::find(before_run, b"://").is_some() {
        return None;
    }
    let start = behind_escape(text, at - run.min(64), at);
    let name = text.get(start..at)?;
    if !name.first()?.is_ascii_alphanumeric() || name == b"git" {
        return None;
    }
    let rest = text.get(after..)?;
    let len = rest.iter().take(255).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')).count();
    let domain = rest.get(..len)?;
    let domain = domain.get(..domain.iter().rposition(|b| b.is_ascii_alphanumeric())? + 1)?;
    let dot = memchr::memrchr(b'.', domain)?;
    let top = domain.get(dot + 1..)?;
    let fits = (2..=24).contains(&top.len())
        && top.iter().all(u8::is_ascii_alphabetic)
        && domain.first()?.is_ascii_alphanumeric();
    fits.then(|| Span::new(start, after + domain.len()))
}

#[inline]
fn in_number(b: u8) -> bool {
    static NUMBER: ByteSet = ByteSet::of(b"0123456789 ()+-.");
    NUMBER.has(b)
}

/// Finds runs of [`SHORTEST_RUN`] bytes and more that numbers are made of.
fn numbers(text: &[u8], net: &mut Net, edits: &mut Vec<Edit>) {
    let fewest = FEWEST_DIGITS[usize::from(net.on(net.builtin.ip))];
    let mut past = 0;
    // blocks overlap, so that the beginning of each run stands in one
    for at in (0..text.len()).step_by(BLOCK + 1 - SHORTEST_RUN) {
        let bits = Block::of(text, at)
            .bits(|b| b.within(b'0', b'9') | b.within(b'(', b')') | b.within(b'-', b'.') | b.is(b' ') | b.is(b'+'));
        let twos = bits & bits >> 1;
        let fours = twos & twos >> 2;
        let mut runs = fours & fours >> 3;
        while runs != 0 {
            let first = runs.trailing_zeros();
            past = numbers_around(text, at + first as usize, past, fewest, net, edits);
            // on behind the run
            runs &= runs.wrapping_add(1 << first);
        }
    }
}

/// The run of digits and separators around `at`, or what was not seen of it yet; gives where it ends.
fn numbers_around(text: &[u8], at: usize, past: usize, fewest: usize, net: &mut Net, edits: &mut Vec<Edit>) -> usize {
    let at = at.max(past);
    let left = text.get(past..at).unwrap_or_default().iter().rev().take(MAX_RUN).take_while(|b| in_number(**b)).count();
    let right = text.get(at..).unwrap_or_default().iter().take(MAX_RUN).take_while(|b| in_number(**b)).count();
    let run = Span::new(at - left, at + right);
    if run.of(text).iter().filter(|b| b.is_ascii_digit()).count() >= fewest {
        in_run(text, run, net, edits);
    }
    // what is cut here may be a number
    if right == MAX_RUN { run.end - LONGEST } else { run.end }
}

/// Tries each place in a run at which a number can begin.
fn in_run(text: &[u8], run: Span, net: &mut Net, edits: &mut Vec<Edit>) {
    let mut at = run.start;
    while at < run.end {
        let rest = Span::new(at, run.end).of(text);
        let starts = rest.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'+' | b'('));
        let inside = at > run.start
            && text.get(at - 1).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'+' | b'('));
        if !starts || inside || !begins_token(text, at) {
            at += 1;
            continue;
        }
        let next = text.get(run.end).copied().unwrap_or(b' ');
        let found = number(rest).and_then(|(len, kind)| {
            let behind = rest.get(len).copied().unwrap_or(next);
            // it must not go on: with a digit, or with another group
            let card = matches!(kind, Number::Card);
            let again = |b: &u8| b.is_ascii_digit() || (card && b.is_ascii_alphabetic());
            let goes_on =
                behind.is_ascii_alphanumeric() || (behind == b'-' && text.get(at + len + 1).is_some_and(again));
            let traced = card && is_no_card(text, Span::new(at, at + len), net);
            (!goes_on && !traced).then_some((len, kind))
        });
        match found {
            Some((len, kind)) => {
                let rule = match kind {
                    Number::Ssn => net.builtin.ssn,
                    Number::Card => net.builtin.card,
                    Number::Phone => net.builtin.phone,
                    Number::Ip => net.builtin.ip,
                };
                take(text, Span::new(at, at + len), rule, net, edits);
                at += len;
            }
            None => at += 1,
        }
    }
}

/// Whether what begins at `at` stands beside the name of an identifier: `"span_id": "4532…"`.
fn is_identifier(text: &[u8], at: usize, grouped: bool, net: &Net) -> bool {
    let before = text.get(at.saturating_sub(96)..at).unwrap_or_default();
    let gap = before.iter().rev().take_while(|b| matches!(b, b'"' | b'\'' | b'\\' | b' ' | b':' | b'=')).count();
    let before = before.get(..before.len() - gap).unwrap_or_default();
    let name = before.iter().rev().take_while(|b| is_name_byte(**b)).count();
    let name = before.get(before.len() - name..).unwrap_or_default();
    let known = |name| net.rules.name(name).and_then(|id| net.rules.usage(id)).is_some_and(|used| used.identifier);
    let last = name.rsplit(|b| matches!(b, b'.' | b'_' | b'-')).next().unwrap_or_default();
    // people write cards in groups, and programs no ids
    let counted =
        !grouped && (COUNTED.iter().any(|n| last.eq_ignore_ascii_case(n.as_bytes())) || last.ends_with(b"Id"));
    gap > 0 && (counted || known(name) || name.rsplit(|b| *b == b'.').next().is_some_and(known))
}

/// Whether what looks like a card's number is an identifier, or stands in a hex dump.
fn is_no_card(text: &[u8], span: Span, net: &Net) -> bool {
    let grouped = !span.of(text).iter().all(u8::is_ascii_digit);
    is_identifier(text, span.start, grouped, net) || in_dump(text, span)
}

/// Whether digits stand among the groups of a hex dump: `3962 3539 5031 536e 6553`. Behind a card stand digits too.
fn in_dump(text: &[u8], span: Span) -> bool {
    let hex = |group: &[u8]| group.iter().all(u8::is_ascii_hexdigit) && !group.iter().all(u8::is_ascii_digit);
    let before = span.start.checked_sub(5).and_then(|at| text.get(at..span.start)).and_then(|b| b.strip_suffix(b" "));
    let behind = text.get(span.end..span.end + 5).and_then(|b| b.strip_prefix(b" "));
    before.is_some_and(hex) || behind.is_some_and(hex)
}

enum Number {
    Ssn,
    Card,
    Phone,
    Ip,
}

/// The number that a text begins with. How many digits stand in front leaves few to try.
fn number(text: &[u8]) -> Option<(usize, Number)> {
    let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let kind = |len: Option<usize>, kind| len.map(|len| (len, kind));
    match (digits, text.get(digits)) {
        (0, _) => kind(phone(text), Number::Phone),
        (1..=3, Some(b'.')) => kind(ip(text), Number::Ip),
        (3, Some(b'-')) => kind(ssn(text), Number::Ssn).or_else(|| kind(phone(text), Number::Phone)),
        (4, Some(b' ' | b'-')) | (13..=19, _) => kind(card(text), Number::Card),
        _ => None,
    }
}

/// Matches a shape of digits (`d`) and literal separators; gives its length.
fn shape(text: &[u8], shape: &[u8]) -> Option<usize> {
    let fits = |(b, s): (&u8, &u8)| if *s == b'd' { b.is_ascii_digit() } else { b == s };
    (text.len() >= shape.len() && text.iter().zip(shape).all(fits)).then_some(shape.len())
}

fn ssn(text: &[u8]) -> Option<usize> {
    let len = shape(text, b"ddd-dd-dddd")?;
    let invalid = text.starts_with(b"000")
        || text.starts_with(b"666")
        || text.starts_with(b"9")
        || text.get(4..6)? == b"00"
        || text.get(7..11)? == b"0000";
    (!invalid).then_some(len)
}

/// Four groups of four (or Amex's), or 13 to 19 digits that pass the check digit.
fn card(text: &[u8]) -> Option<usize> {
    if !matches!(text.first()?, b'2'..=b'6') {
        return None;
    }
    let grouped =
        [b"dddd dddd dddd dddd".as_slice(), b"dddd-dddd-dddd-dddd", b"dddd dddddd ddddd", b"dddd-dddddd-ddddd"];
    if let Some(len) = grouped.iter().find_map(|s| shape(text, s)) {
        return Some(len);
    }
    let len = text.iter().take_while(|b| b.is_ascii_digit()).count();
    ((13..=19).contains(&len) && luhn(text.get(..len)?)).then_some(len)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            if i % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// `+1-415-555-8271`, `+44 20 7946 0958`, `+1 (482) 555-2040`, `(482) 555-2040`, `415-555-8271`.
fn phone(text: &[u8]) -> Option<usize> {
    let national = [b"(ddd) ddd-dddd".as_slice(), b"(ddd)ddd-dddd", b"ddd-ddd-dddd"];
    if let Some(len) = national.iter().find_map(|s| shape(text, s)) {
        let digits: Vec<u8> = text.iter().take(len).filter(|b| b.is_ascii_digit()).copied().collect();
        let area = digits.first().is_some_and(|b| *b >= b'2') && digits.get(3).is_some_and(|b| *b >= b'2');
        return area.then_some(len);
    }
    if text.first() != Some(&b'+') {
        return None;
    }
    let (mut digits, mut end, mut gap) = (0, 0, 0);
    for (i, b) in text.iter().enumerate().skip(1) {
        if b.is_ascii_digit() {
            digits += 1;
            gap = 0;
            end = i + 1;
        } else {
            gap += 1;
            if gap > 2 || digits == 0 {
                break;
            }
        }
    }
    let grouped = text.iter().take(end).any(|b| matches!(b, b' ' | b'-' | b'(' | b'.'));
    ((grouped && (8..=15).contains(&digits)) || (10..=15).contains(&digits)).then_some(end)
}

/// Four numbers below 256 with dots between.
fn ip(text: &[u8]) -> Option<usize> {
    let len = text.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let address = std::str::from_utf8(text.get(..len)?).ok()?.trim_end_matches('.');
    address.parse::<std::net::Ipv4Addr>().ok().map(|_| address.len())
}

/// `/Users/name`, `C:\Users\name` with any number of backslashes.
fn users_home(text: &[u8], users: Span, net: &mut Net, edits: &mut Vec<Edit>) {
    let before = users.start.checked_sub(1).and_then(|n| text.get(n));
    let rest = text.get(users.end..).unwrap_or_default();
    let separators = rest.iter().take(16).take_while(|b| matches!(b, b'/' | b'\\')).count();
    if separators > 0 && matches!(before, Some(b'/' | b'\\')) {
        home(text, Span::new(users.start, users.end + separators), net, edits);
    }
}

/// The name of a home folder, behind those of the folders around it.
fn home(text: &[u8], folders: Span, net: &mut Net, edits: &mut Vec<Edit>) {
    let start = folders.end;
    let rest = text.get(start..).unwrap_or_default();
    let len = rest
        .iter()
        .take(64)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-') || **b >= 0x80)
        .count();
    let name = rest.get(..len).unwrap_or_default();
    // `/srv/app/home/.config` is nobody's name
    let everybody = name.starts_with(b".") || EVERYBODY.iter().any(|n| name == n.as_bytes());
    if len > 0 && !everybody && name.iter().any(u8::is_ascii_alphanumeric) {
        take(text, Span::new(start, start + len), net.builtin.home, net, edits);
    }
}

/// `arn:aws:bedrock:us-east-1:123456789012:…`
fn account(text: &[u8], name: Span, net: &mut Net, edits: &mut Vec<Edit>) {
    let at = name.start;
    let rest = text.get(at..(at + 160).min(text.len())).unwrap_or_default();
    let Some(fourth) = memchr::memchr_iter(b':', rest).nth(3) else { return };
    let account = rest.get(fourth + 1..).unwrap_or_default();
    if account.iter().take_while(|b| b.is_ascii_digit()).count() == 12 {
        take(text, Span::new(at + fourth + 1, at + fourth + 13), net.builtin.account, net, edits);
    }
}

#[cfg(test)]
mod tests {
    use super::super::edit::starred;
    use super::*;

    #[test]
    fn an_id_is_no_card_and_a_card_is_one_whatever_stands_around_it() {
        for card in [
            "card 4111 1111 1111 1111 1226 123",
            "paid 2026 4111 1111 1111 1111 ok",
            "payment_id=4111 1111 1111 1111",
            r#"{"card_id": "4111-1111-1111-1111"}"#,
        ] {
            assert!(starred(card, find).contains('*'), "{card}");
        }
        for id in ["<Span(id=5880407141556959238)>", "  5542 3262 7279 5031 536e 6553  UB2bryP1SneS"] {
            assert_eq!(starred(id, find), id);
        }
    }

    #[test]
    fn a_number_is_found_however_far_in_a_table() {
        for before in 0..200 {
            for filler in ["7 ", "- ", "x"] {
                let text = format!("{}  415-555-8271 {}", filler.repeat(before), filler.repeat(3));
                assert_eq!(starred(&text, find), text.replace("415-555-8271", "*"), "{text}");
            }
        }
    }
}
