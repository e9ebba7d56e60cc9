//! Made-up parts of a body, of given sizes.

use serde_json::{Map, Value, json};

/// What all text is made of.
const TEXT: &str = "The quick brown fox jumps over the lazy dog while five boxing wizards look on. ";

/// A text of so many characters, at least one.
#[must_use]
pub fn text(chars: usize) -> String {
    let mut text: String = TEXT.chars().cycle().take(chars.max(1)).collect();
    // some APIs refuse a message that ends with a blank
    if text.ends_with(' ') {
        text.pop();
        text.push('.');
    }
    text
}

/// A file of a media type and about so many bytes, in base64: the smallest that opens, and zeros behind it.
#[must_use]
pub fn data(media: &str, bytes: usize) -> String {
    let head: &[u8] = match media {
        "image/gif" => b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;",
        "image/webp" => b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0/\0\0\0\x10\x07\x10\x11\x11\x88\x88\xfe\x07\0",
        "image/jpeg" | "image/jpg" => JPEG,
        "application/pdf" => b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        _ => PNG,
    };
    // a multiple of three needs no padding, and its size can be told from its length
    let size = head.len().max(bytes).div_ceil(3) * 3;
    let size = if bytes.is_multiple_of(3) && bytes >= head.len() { bytes } else { size };
    base64(head.iter().copied().chain(std::iter::repeat(0)).take(size))
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\xdac\xf8\xff\xff?\0\x05\xfe\x02\xfe\xdc\xccY\xe7\0\0\0\0IEND\xaeB`\x82";
const JPEG: &[u8] = b"\xff\xd8\xff\xdb\0C\0\x03\x02\x02\x02\x02\x02\x03\x02\x02\x02\x03\x03\x03\x03\x04\x06\x04\x04\x04\x04\x04\x08\x06\x06\x05\x06\x09\x08\x0a\x0a\x09\x08\x09\x09\x0a\x0c\x0f\x0c\x0a\x0b\x0e\x0b\x09\x09\x0d\x11\x0d\x0e\x0f\x10\x10\x11\x10\x0a\x0c\x12\x13\x12\x10\x13\x0f\x10\x10\x10\xff\xc9\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0\xff\xcc\0\x06\0\x10\x10\x05\xff\xda\0\x08\x01\x01\0\0?\0\xd2\xcf \xff\xd9";

fn base64(bytes: impl Iterator<Item = u8>) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    let mut bytes = bytes.peekable();
    while bytes.peek().is_some() {
        let group = [bytes.next(), bytes.next(), bytes.next()];
        let whole = group.iter().fold(0u32, |n, b| n << 8 | u32::from(b.unwrap_or(0)));
        for (i, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = DIGITS.get((whole >> shift & 63) as usize).copied().unwrap_or(b'A');
            out.push(if i < 2 || group.get(i - 1).is_some_and(Option::is_some) { char::from(digit) } else { '=' });
        }
    }
    out
}

/// A schema whose objects nest so deep.
#[must_use]
pub fn schema(depth: u32) -> Value {
    (0..depth).fold(json!({"type": "string"}), |inner, _| json!({"type": "object", "properties": {"value": inner}}))
}

/// A schema of a tool: an object even where nothing nests.
#[must_use]
pub fn tool_schema(depth: u32) -> Value {
    if depth == 0 { json!({"type": "object"}) } else { schema(depth) }
}

/// Makes a body as large as it was, where only the texts of tools can be why it is smaller.
pub fn pad(body: &mut Map<String, Value>, bytes: Option<u64>, describe: impl Fn(&mut Value, String)) {
    let now = Value::Object(body.clone()).to_string().len() as u64;
    let Some(Value::Array(tools)) = body.get_mut("tools") else { return };
    let missing = bytes.unwrap_or(0).saturating_sub(now);
    let Some(share) = missing.checked_div(tools.len() as u64).filter(|share| *share > 0) else { return };
    for tool in tools {
        describe(tool, text(share as usize));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_asked_for() {
        assert_eq!([0, 1, 79, 80, 500].map(|n| text(n).len()), [1, 1, 79, 80, 500]);
        assert!(!text(79).ends_with(' '));
        assert_eq!(base64(b"any".iter().copied()), "YW55");
        assert_eq!(base64(b"an".iter().copied()), "YW4=");
        assert_eq!(data("image/png", 3000).len(), 4000);
        assert!(data("application/pdf", 0).starts_with("JVBERi0"));
        assert_eq!(schema(2).to_string().matches("properties").count(), 2);
    }
}
