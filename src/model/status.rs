//! What a saved status page says.

use super::clean::Clean;

/// A status page as it was saved at some moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The file's name.
    pub file: Clean,
    /// When it was looked at: milliseconds since 1970. Never the page's own `updated_at`, which moves with
    /// incidents and not with looks.
    pub checked_ms: Option<i64>,
    /// How that is known.
    pub checked_by: CheckedBy,
    /// Whose page: `Claude`.
    pub page: Option<Clean>,
    /// The state of the whole page in its own word: `none`, `minor`, `major`, `critical`.
    pub indicator: Option<Clean>,
    /// The state of its parts at the moment it was saved.
    pub components: Vec<Component>,
    /// Incidents, past ones too where the file has them.
    pub incidents: Vec<Incident>,
    /// From when on the file tells of every incident, also of those that are over: milliseconds since 1970.
    /// `None` where it shows open ones only.
    pub complete_from_ms: Option<i64>,
    /// Why nothing can be told from the file, in a few words.
    pub unreadable: Option<&'static str>,
}

/// How it is known when a page was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CheckedBy {
    /// Said on the command line.
    Supplied,
    /// Noted in the file when it was saved.
    Noted,
    /// The time at which the file was last written.
    FileTime,
    /// Not at all.
    #[default]
    Unknown,
}

/// A part of a service on its status page.
#[derive(Clone, Debug)]
pub struct Component {
    /// The page's id for it.
    pub id: Clean,
    /// Its name: `Claude API`.
    pub name: Clean,
    /// Its state in the page's own word: `operational`, `partial_outage`.
    pub state: Clean,
    /// Whether that is good.
    pub operational: bool,
}

/// An incident on a status page. Times are milliseconds since 1970.
#[derive(Clone, Debug)]
pub struct Incident {
    /// The page's id for it.
    pub id: Clean,
    /// Its title.
    pub name: Clean,
    /// How bad, in the page's own word.
    pub impact: Option<Clean>,
    /// When it began.
    pub begin_ms: i64,
    /// When it was over; `None` while it is open.
    pub end_ms: Option<i64>,
    /// When it was first told of.
    pub first_post_ms: Option<i64>,
    /// The parts it touched, by id and by name; none means the whole page.
    pub components: Vec<Clean>,
    /// A maintenance that was announced.
    pub maintenance: bool,
}
