//! Times that identifiers carry.
//!
//! Many services make ids of the moment at which a request reached them. So a bare list of pasted ids is a
//! timeline, on the provider's own clock. Hardly any of this is documented: it was measured, it may change,
//! and ids of test servers are random. A time from an id therefore never replaces one that a log shows; it
//! stands beside it, as derived.
//!
//! One file a grammar; each says no unless every bit that must be fixed is.

mod anthropic;
mod cloudflare;
mod datadog;
mod openai;
mod openrouter;
mod ulid;
mod uuid;
mod xray;

/// The time in an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdTime {
    /// Milliseconds since 1970, by the clock of the service that made the id.
    pub ms: i64,
    /// How exact that is, in milliseconds.
    pub grain_ms: i64,
    /// Which grammar read it.
    pub grammar: &'static str,
}

/// A kind of id that may carry time.
pub trait Grammar: Sync {
    /// Its name, as `casefile ids` prints it.
    fn name(&self) -> &'static str;

    /// Whether an id is of this kind, with or without time in it.
    fn is_one(&self, id: &str) -> bool;

    /// The time in it, with its grain, both in milliseconds; `None` where it carries none.
    fn time(&self, id: &str) -> Option<(i64, i64)>;

    /// What an id of this kind tells, and how that is known.
    fn note(&self) -> &'static str;
}

/// All grammars, the most telling first.
pub static GRAMMARS: &[&dyn Grammar] = &[
    &anthropic::Anthropic,
    &openai::Response,
    &openai::Request,
    &openrouter::Generation,
    &cloudflare::Ray,
    &xray::Trace,
    &ulid::Ulid,
    &uuid::Uuid,
    &datadog::Trace,
];

/// 2019-01-01: no service in question is older.
const EARLIEST: i64 = 1_546_300_800_000;
/// 2040-01-01: later is chance.
const LATEST: i64 = 2_208_988_800_000;

/// The grammar that an id belongs to.
#[must_use]
pub fn grammar(id: &str) -> Option<&'static dyn Grammar> {
    GRAMMARS.iter().copied().find(|g| g.is_one(id))
}

/// The time that an id carries.
#[must_use]
pub fn time(id: &str) -> Option<IdTime> {
    let grammar = grammar(id)?;
    let (ms, grain_ms) = grammar.time(id)?;
    (EARLIEST..LATEST).contains(&ms).then_some(IdTime { ms, grain_ms, grammar: grammar.name() })
}

/// Whether an id is of a kind that carries time, and this one does not: a test server made it up, or it is from
/// before that kind carried time. Its neighbours are then no clock either.
#[must_use]
pub fn is_made_up(id: &str) -> bool {
    grammar(id).is_some_and(|g| g.name() == anthropic::NAME) && time(id).is_none()
}

/// A number in some base, digit by digit; `None` where it does not fit 128 bits.
fn number(digits: &str, alphabet: &[u8]) -> Option<u128> {
    digits.bytes().try_fold(0u128, |sum, b| {
        let digit = alphabet.iter().position(|a| *a == b)? as u128;
        sum.checked_mul(alphabet.len() as u128)?.checked_add(digit)
    })
}

/// Milliseconds in a UUID of version 7.
fn uuid7(bits: u128) -> Option<i64> {
    let version = bits >> 76 & 0xF;
    let variant = bits >> 62 & 0b11;
    (version == 7 && variant == 0b10).then(|| i64::try_from(bits >> 80).ok()).flatten()
}

fn all_hex(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request id that was made at a moment, as the service makes them.
    fn request(ms: i64, random: u128) -> String {
        const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        let mut bits =
            (ms as u128) << 80 | 7 << 76 | (random >> 66 & 0xFFF) << 64 | 0b10 << 62 | random & ((1 << 62) - 1);
        let mut digits = [0; 22];
        for digit in digits.iter_mut().rev() {
            *digit = BASE58[(bits % 58) as usize];
            bits /= 58;
        }
        format!("req_01{}", String::from_utf8_lossy(&digits))
    }

    #[test]
    fn what_was_put_in_comes_out() {
        let at = 1_795_242_246_338;
        for random in [0, 1, u128::MAX, 0x1234_5678_9abc_def0_1234_5678_9abc_def0] {
            let id = request(at, random);
            assert_eq!(time(&id).map(|t| (t.ms, t.grain_ms, t.grammar)), Some((at, 1, "anthropic request")), "{id}");
            assert_eq!(time(&id.replace("req_", "req_vrtx_")).map(|t| t.ms), Some(at));
        }
    }

    #[test]
    fn each_grammar_reads_its_own() {
        for (id, ms, grammar) in [
            ("gen-1795242246-AbCdEfGhIjKlMnOpQrSt", 1_795_242_246_000, "openrouter generation"),
            ("019ff2a1-5c62-7abc-8def-0123456789ab", 0x019f_f2a1_5c62, "uuid"),
            ("01JQ8Z3V9M4K7T2B5N6P8R0S1W", 1_742_984_047_924, "ulid"),
            ("1-6901a1c6-0123456789abcdef01234567", 0x6901_a1c6 * 1000, "x-ray trace"),
            ("Root=1-6901a1c6-0123456789abcdef01234567", 0x6901_a1c6 * 1000, "x-ray trace"),
            ("6901a1c6000000000123456789abcdef", 0x6901_a1c6 * 1000, "datadog trace"),
        ] {
            assert_eq!(time(id).map(|t| (t.ms, t.grammar)), Some((ms, grammar)), "{id}");
        }
    }

    #[test]
    fn a_ray_is_a_clock() {
        // 2026-01-01T00:00:00Z less the ray's epoch, in steps of 0.16 s, in the upper half
        let steps: u64 = (1_767_225_600 - 1_350_000_000) * 100 / 16;
        let ray = format!("{:016x}-SJC", steps << 32 | 0xABCD);
        assert_eq!(time(&ray).map(|t| t.ms / 1000), Some(1_767_225_600));
        assert_eq!(time("0000000000000000-SJC"), None);
    }

    #[test]
    fn what_carries_no_time_says_so() {
        for (id, grammar_name) in [
            ("req_734bce8facec0418d6845ec585f2b9a1", Some("openai request")),
            ("0fd5fea8-2006-4449-af1e-469e1a2d4ad9", Some("uuid")),
            ("msg_01XFDUDYJgAACzvnptvVoYEL", None),
            ("req_01abc", None),
            ("hello", None),
            ("", None),
            ("reqü_01", None),
        ] {
            assert_eq!(time(id), None, "{id}");
            assert_eq!(grammar(id).map(Grammar::name), grammar_name, "{id}");
        }
    }
}
