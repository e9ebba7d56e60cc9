//! Retry budgets: the four numbers, and the ones that clients and articles are known by.
//!
//! Numbers of SDKs are from their sources, those of the articles from their text. A wait that fits an envelope
//! does not prove who waited; it says whose habit it looks like.

/// The four numbers. Times in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budget {
    /// Most attempts of one call.
    pub max_attempts: Option<u64>,
    /// The first wait.
    pub initial_delay_ms: Option<u64>,
    /// How waits grow: `none`, `constant`, `linear`, `exponential`, `server` where the server said how long.
    pub backoff: Option<&'static str>,
    /// The longest time from the first to the last attempt of a call.
    pub max_elapsed_ms: Option<u64>,
}

/// A budget that is known by name.
#[derive(Debug)]
pub struct Preset {
    /// Its name: `sdk`.
    pub id: &'static str,
    /// Whose it is.
    pub title: &'static str,
    /// Whether it is the habit of a client, which waits in a log can show; else it is an article's advice.
    pub client: bool,
    /// Most attempts.
    pub max_attempts: u64,
    /// The first wait, in milliseconds.
    pub initial_ms: u64,
    /// No wait is longer, in milliseconds.
    pub longest_ms: u64,
    /// Waits may be shorter by this many per cent.
    pub less: u64,
    /// Waits may be longer by this many per cent.
    pub more: u64,
    /// Waits may be longer by this many milliseconds.
    pub plus_ms: u64,
}

/// All of them; each doubles its waits.
pub static PRESETS: &[Preset] = &[
    Preset {
        id: "sdk",
        title: "the SDKs of Anthropic and OpenAI",
        client: true,
        max_attempts: 3,
        initial_ms: 500,
        longest_ms: 8000,
        less: 25,
        more: 0,
        plus_ms: 0,
    },
    Preset {
        id: "claude-code",
        title: "Claude Code",
        client: true,
        max_attempts: 11,
        initial_ms: 500,
        longest_ms: 32_000,
        less: 0,
        more: 25,
        plus_ms: 0,
    },
    Preset {
        id: "ai-sdk",
        title: "the AI SDK",
        client: true,
        max_attempts: 3,
        initial_ms: 2000,
        longest_ms: u64::MAX,
        less: 0,
        more: 0,
        plus_ms: 0,
    },
    Preset {
        id: "bounded",
        title: "the conservative handler of the article on Claude's 500 api_error",
        client: false,
        max_attempts: 3,
        initial_ms: 800,
        longest_ms: u64::MAX,
        less: 0,
        more: 0,
        plus_ms: 400,
    },
    Preset {
        id: "five-doubling",
        title: "the article on diagnosing Claude's 500: one second, doubled, five attempts",
        client: false,
        max_attempts: 5,
        initial_ms: 1000,
        longest_ms: u64::MAX,
        less: 0,
        more: 0,
        plus_ms: 1000,
    },
    Preset {
        id: "slow",
        title: "the guide to Claude's error 500: five to ten seconds, three to five attempts",
        client: false,
        max_attempts: 5,
        initial_ms: 5000,
        longest_ms: u64::MAX,
        less: 0,
        more: 100,
        plus_ms: 0,
    },
];

/// What lies between an announced wait and the next request: the network, the client's own work, rounding.
const SLACK_MS: u64 = 60;
const ROUNDING_MS: u64 = 10;

impl Preset {
    /// Whether a wait after so many attempts fits; one that a client announced must fit without slack.
    #[must_use]
    pub fn fits(&self, after: usize, ms: u64, announced: bool) -> bool {
        let doubled = 1u64 << after.saturating_sub(1).min(32);
        let full = self.initial_ms.saturating_mul(doubled).min(self.longest_ms);
        let part = |per_cent: u64| full.saturating_mul(per_cent) / 100;
        let least = part(100 - self.less.min(100)).saturating_sub(ROUNDING_MS);
        let slack = if announced { ROUNDING_MS } else { SLACK_MS };
        let most = part(100 + self.more).saturating_add(self.plus_ms).saturating_add(slack);
        (least..=most).contains(&ms)
    }
}

/// The preset of a name.
#[must_use]
pub fn preset(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_of_clients_fit_their_own_envelope() {
        let fits = |id: &str, waits: &[u64]| preset(id).unwrap().fits_all(waits);
        assert!(fits("sdk", &[381, 832, 1950, 3100, 7900, 6200]));
        assert!(!fits("sdk", &[812, 1644]));
        assert!(fits("claude-code", &[593, 1130, 2400, 4700, 8010, 17_000, 33_000, 38_000]));
        assert!(fits("ai-sdk", &[2010, 4005]));
        assert!(fits("bounded", &[1100, 1700]));
    }

    impl Preset {
        fn fits_all(&self, waits: &[u64]) -> bool {
            waits.iter().zip(1..).all(|(ms, after)| self.fits(after, *ms, true))
        }
    }
}
