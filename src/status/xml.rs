//! As much of XML as feeds need: what stands in an element, as text. It never fails.

/// What stands in the elements of a name, as it stands there.
pub fn elements<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (inner, behind) = next(rest, name)?;
        rest = behind;
        Some(inner)
    })
}

/// The text of the first element of a name, decoded.
pub fn text(inside: &str, name: &str) -> Option<String> {
    next(inside, name).map(|(inner, _)| decoded(inner).trim().to_owned()).filter(|t| !t.is_empty())
}

/// What stands in the first element of a name, and what follows it.
fn next<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let mut rest = text;
    loop {
        let (_, behind) = rest.split_once('<')?;
        rest = behind;
        if let Some(section) = behind.strip_prefix("![CDATA[") {
            rest = section.split_once("]]>").map_or("", |(_, r)| r);
            continue;
        }
        let Some(tail) = behind.strip_prefix(name).filter(|t| t.starts_with(['>', ' ', '/', '\t', '\n', '\r'])) else {
            continue;
        };
        let (attributes, inner) = tail.split_once('>')?;
        if attributes.ends_with('/') {
            return Some(("", inner));
        }
        let end = end_tag(inner, name)?;
        let behind = inner.get(end..)?;
        return Some((inner.get(..end)?, behind.split_once('>').map_or("", |(_, r)| r)));
    }
}

/// Where the end tag of a name begins, outside of sections that are no markup.
fn end_tag(text: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let open = at + rest.find('<')?;
        let tag = text.get(open + 1..)?;
        if let Some(section) = tag.strip_prefix("![CDATA[") {
            at = open + 1 + (tag.len() - section.len()) + section.find("]]>")? + 3;
        } else if tag
            .strip_prefix('/')
            .and_then(|t| t.strip_prefix(name))
            .is_some_and(|t| t.trim_start().starts_with('>'))
        {
            return Some(open);
        } else {
            at = open + 1;
        }
    }
}

/// Sections unwrapped, entities read.
pub fn decoded(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, behind)) = rest.split_once("<![CDATA[") {
        entities(before, &mut out);
        let (section, after) = behind.split_once("]]>").unwrap_or((behind, ""));
        out.push_str(section);
        rest = after;
    }
    entities(rest, &mut out);
    out
}

fn entities(raw: &str, out: &mut String) {
    let mut rest = raw;
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let end = behind.bytes().take(10).position(|b| b == b';');
        let known = end.and_then(|end| Some((entity(behind.get(..end)?)?, behind.get(end + 1..)?)));
        let (c, after) = known.unwrap_or(('&', behind));
        out.push(c);
        rest = after;
    }
    out.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            number.strip_prefix(['x', 'X']).map_or_else(|| code(number, 10), |hex| code(hex, 16))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_elements() {
        let feed = "<rss><item a='1'><title><![CDATA[a < b </title>]]></title><x/></item><itemised/><item><title>c &amp; &#100;&bad;</title></item><item>";
        let titles: Vec<_> = elements(feed, "item").map(|i| text(i, "title")).collect();
        assert_eq!(titles, [Some("a < b </title>".into()), Some("c & d&bad;".into())]);
    }
}
