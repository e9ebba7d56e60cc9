//! Base64 that holds JSON.

/// The longest text that is decoded.
const MAX: usize = 4 << 20;

/// Whether a text is base64 that begins as JSON objects and lists do.
pub(super) fn may_hold_json(text: &[u8]) -> bool {
    let begins = [b"eyJ".as_slice(), b"eyAi", b"ewog", b"W3si", b"W3sg"].iter().any(|magic| text.starts_with(magic));
    begins
        && text.len() >= 24
        && text.len() <= MAX
        && text.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_'))
}

/// The decoded bytes, of either alphabet; `None` where it is no base64.
pub(in super::super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for b in text.iter().filter(|b| **b != b'=') {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    Some(out)
}
