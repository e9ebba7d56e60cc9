//! Feeds: RSS as of AWS and Azure, Atom as of Statuspage.
//!
//! An item is a post. Posts of one event share what their ids begin with; the event goes on until a post says
//! that it is over. A feed has the latest posts only and does not say how far back, so it never shows that
//! there was no incident.

use super::page::{Page, moment};
use super::xml::{elements, text};
use crate::literal::{Missing, Timestamp};
use crate::model::{Incident, Snapshot};
use std::collections::BTreeMap;

/// Names of zones in the times of feeds, in minutes ahead of UTC.
const ZONES: &[(&str, i64)] = &[
    ("UT", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
];
/// How posts say that an event is over.
const OVER: &[&str] = &["resolved", "mitigated", "operating normally", "service is healthy"];

struct Post {
    /// What posts of its event share.
    event: String,
    title: String,
    parts: Vec<String>,
    from_ms: i64,
    to_ms: i64,
    over: bool,
}

/// Reads it.
pub fn read(page: &mut Page<'_>) -> Option<Snapshot> {
    let whole = page.text.clone();
    let item = match root(&whole)? {
        "rss" | "rdf:RDF" => "item",
        "feed" => "entry",
        _ => return None,
    };
    let head = whole.split(&format!("<{item}")).next().unwrap_or_default();
    let mut events: BTreeMap<String, Vec<Post>> = BTreeMap::new();
    for post in elements(&whole, item).filter_map(post) {
        events.entry(post.event.clone()).or_default().push(post);
    }
    Some(Snapshot {
        page: page.clean(text(head, "title").as_deref()),
        incidents: events.into_values().flat_map(|posts| incidents(page, posts)).collect(),
        ..Snapshot::default()
    })
}

/// The name of the first element.
fn root(text: &str) -> Option<&str> {
    text.split('<')
        .skip(1)
        .find(|t| t.starts_with(|c: char| c.is_ascii_alphabetic()))?
        .split([' ', '>', '\n', '\r', '\t'])
        .next()
}

fn post(inner: &str) -> Option<Post> {
    let title = text(inner, "title")?;
    let told = text(inner, "description")
        .or_else(|| text(inner, "content"))
        .or_else(|| text(inner, "summary"))
        .unwrap_or_default();
    let time = |name| text(inner, name).and_then(|t| zoned(&t));
    let from_ms = time("published").or_else(|| time("pubDate")).or_else(|| time("updated"))?;
    let id = text(inner, "guid").or_else(|| text(inner, "id")).unwrap_or_else(|| title.clone());
    // `…#bedrock-us-east-1_1785938400`: the page, the part, the time of the post
    let event = id
        .rsplit_once('_')
        .filter(|(_, time)| time.bytes().all(|b| b.is_ascii_digit()))
        .map_or(id.as_str(), |(event, _)| event);
    let part = event
        .split_once('#')
        .map(|(_, part)| part.to_owned())
        .filter(|part| event.len() < id.len() && !part.is_empty());
    let categories = elements(inner, "category").map(super::xml::decoded);
    let words = format!("{title} {told}").to_lowercase();
    Some(Post {
        event: event.to_owned(),
        parts: part.into_iter().chain(categories).collect(),
        from_ms,
        to_ms: time("updated").unwrap_or(from_ms).max(from_ms),
        over: OVER.iter().any(|over| words.contains(over)),
        title,
    })
}

/// A time whose zone may be a name.
fn zoned(text: &str) -> Option<i64> {
    if let Some(ms) = moment(text) {
        return Some(ms);
    }
    let (stamp, len) =
        Timestamp::begins(text.as_bytes()).filter(|(t, _)| t.missing == Missing::Nothing && t.offset_min.is_none())?;
    let name = text.get(len..)?.trim();
    let (_, offset) = ZONES.iter().find(|(zone, _)| *zone == name)?;
    Some(stamp.local_ms - offset * 60_000)
}

/// The events of one part: each goes on until a post that ends it.
fn incidents(page: &mut Page<'_>, mut posts: Vec<Post>) -> Vec<Incident> {
    posts.sort_by_key(|p| p.from_ms);
    let mut found: Vec<Incident> = Vec::new();
    let mut open = false;
    for post in posts {
        if !open {
            found.push(Incident {
                id: page.name(Some(&post.event)),
                name: page.name(Some(&post.title)),
                impact: None,
                begin_ms: post.from_ms,
                end_ms: None,
                first_post_ms: Some(post.from_ms),
                components: page.names(post.parts.iter().map(String::as_str)),
                maintenance: false,
            });
        }
        open = !post.over;
        if let Some(last) = found.last_mut().filter(|_| post.over) {
            last.end_ms = Some(post.to_ms);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::status::tests::{ms, read_bytes};

    #[test]
    fn posts_of_one_event_are_one_incident() {
        let page = read_bytes(
            b"<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title><![CDATA[Amazon Web Services Service Status]]></title>
            <item><title>[RESOLVED] Increased error rates</title><pubDate>Wed, 05 Aug 2026 09:00:00 PDT</pubDate><guid>https://status.example.com/#bedrock-us-east-1_1785945600</guid></item>
            <item><title>Increased error rates</title><pubDate>Wed, 05 Aug 2026 07:00:00 PDT</pubDate><guid>https://status.example.com/#bedrock-us-east-1_1785938400</guid></item>
            <item><title>Latency</title><pubDate>Wed, 05 Aug 2026 10:00:00 PDT</pubDate><guid>https://status.example.com/#bedrock-us-east-1_1785949200</guid></item></channel></rss>",
        );
        let times: Vec<_> = page.incidents.iter().map(|i| (Some(i.begin_ms), i.end_ms)).collect();
        assert_eq!(
            times,
            [(ms("2026-08-05T14:00:00Z"), ms("2026-08-05T16:00:00Z")), (ms("2026-08-05T17:00:00Z"), None)]
        );
        assert!(page.incidents.iter().all(|i| i.components.iter().any(|c| *c == "bedrock-us-east-1")));
        assert_eq!(page.page.map(|p| p.to_string()).as_deref(), Some("Amazon Web Services Service Status"));
    }

    #[test]
    fn reads_atom() {
        let page = read_bytes(
            b"<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Claude Status - Incident History</title><entry><id>tag:1</id>
            <published>2026-08-05T14:00:00Z</published><updated>2026-08-05T15:30:00Z</updated><title>Elevated errors</title>
            <content type=\"html\">&lt;p&gt;&lt;strong&gt;Resolved&lt;/strong&gt;&lt;/p&gt;</content></entry></feed>",
        );
        assert_eq!(
            page.incidents.first().map(|i| (Some(i.begin_ms), i.end_ms)),
            Some((ms("2026-08-05T14:00:00Z"), ms("2026-08-05T15:30:00Z")))
        );
        assert_eq!(page.complete_from_ms, None);
    }

    #[test]
    fn an_empty_feed_says_nothing() {
        let page = read_bytes(b"<rss version=\"2.0\"><channel><title>Azure Status</title></channel></rss>");
        assert!(page.incidents.is_empty() && page.indicator.is_none() && page.unreadable.is_none());
    }
}
