//! How fast redaction is, against a yardstick in the same run:
//!
//! ```text
//! cargo bench --bench redact            # 64 MB
//! cargo bench --bench redact -- 200     # 200 MB
//! ```
//!
//! The yardstick is what any redactor has to do at least: one regular expression of six kinds of keys, sought
//! in the same bytes. The log is made here, the same in each run: plain lines, JSON bodies with prompts, dumped
//! headers, keys that come again. The ratio is what to compare between two versions and two machines.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

use casefile::redact::{Policy, Redactor};
use regex::bytes::Regex;
use std::io;
use std::time::{Duration, Instant};

const YARDSTICK: &str = r"sk-ant-[a-z]+[0-9]{2}-[A-Za-z0-9_-]{20,}|sk-proj-[A-Za-z0-9_-]{20,}|AKIA[A-Z2-7]{16}|gh[pousr]_[A-Za-z0-9]{36}|AIza[A-Za-z0-9_-]{35}|xox[bp]-[A-Za-z0-9-]{10,}";
const ROUNDS: usize = 3;

fn main() {
    let megabytes = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(64);
    let log = Log::default().of(megabytes << 20);
    println!("{:<24} {:>8} {:>8}", "log", "MB", megabytes);
    let regex = Regex::new(YARDSTICK).unwrap();
    let yardstick = best(|| regex.find_iter(&log).count());
    let redact = best(|| redact(&log));
    row("yardstick", yardstick, log.len());
    row("redact, files", redact, log.len());
    row("redact, pipe", best(|| stream(&log)), log.len());
    println!("{:<24} {:>8} {:>8.1}", "ratio", "times", redact.as_secs_f64() / yardstick.as_secs_f64());
    for (name, text) in slow(8 << 20) {
        row(name, best(|| self::redact(&text)), text.len());
    }
}

fn redact(log: &[u8]) -> u64 {
    let mut redactor = Redactor::new(Policy::default());
    let learned = redactor.learn(log).unwrap();
    redactor.write(learned, log, &mut io::sink()).unwrap().lines
}

fn stream(log: &[u8]) -> u64 {
    Redactor::new(Policy::default()).stream(log, &mut io::sink()).unwrap().lines
}

fn best<T>(mut run: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..ROUNDS).map(time).min().unwrap_or_default()
}

fn row(name: &str, time: Duration, bytes: usize) {
    println!("{name:<24} {:>8} {:>8.0}", "MB/s", bytes as f64 / 1e6 / time.as_secs_f64());
}

/// Input that is made to be slow; its speed must not depend on its size.
fn slow(bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    let fill = |unit: &str| unit.repeat(bytes / unit.len()).into_bytes();
    vec![
        ("slow: open brackets", fill("{[(")),
        ("slow: backslashes", fill("\\")),
        ("slow: nested quotes", fill("\"'\\\"'")),
        ("slow: quotes and words", fill("\"a\"b ")),
        ("slow: quotes in all ways", fill("{\"a\": “x”, &quot;b&quot;: ^\\^\"c^\\^\", {\"\"d\"\": \\x22e\\x22 ")),
        ("slow: bytes as numbers", fill("[1, 2, 3 ")),
        ("slow: tiny keys", fill("a=1 ")),
        ("slow: colons", fill("token:")),
        ("slow: base64", [b"data: ".as_slice(), &fill("QUJDREVGR0g")].concat()),
        ("slow: pairs of secrets", fill("token: aB3xY9qLmN7pQ2rT5vW8 ")),
        ("slow: names of prompts", fill("answer: 12 ")),
        ("slow: card numbers", fill("4111 1111 1111 1111 ")),
        ("slow: one line of prose", fill("the quarterly numbers, ")),
        (
            "slow: short passwords",
            (0..bytes / 24).flat_map(|n| format!("password=zq{n:08}xy \n").into_bytes()).collect(),
        ),
    ]
}

/// Makes a log.
#[derive(Default)]
struct Log(u64);

impl Log {
    fn of(mut self, bytes: usize) -> Vec<u8> {
        let mut log = Vec::with_capacity(bytes + 4096);
        let keys: Vec<String> = (0..50).map(|_| self.key()).collect();
        while log.len() < bytes {
            let time = format!(
                "2026-01-05T{:02}:{:02}:{:02}.{:03}Z",
                self.below(24),
                self.below(60),
                self.below(60),
                self.below(1000)
            );
            let line = match self.below(100) {
                0..65 => format!(
                    "{time} INFO router[{}]: request done trace_id={} status=200 latency={}ms",
                    self.below(9999),
                    self.hex(32),
                    self.below(900)
                ),
                65..80 => format!(
                    "{time} WARN gateway: upstream answered 529 request_id=req_{} retry_after={}",
                    self.alnum(24),
                    self.below(30)
                ),
                80..93 => {
                    let body = format!(
                        r#"{{"model": "claude-sonnet-4-5", "max_tokens": 1024, "messages": [{{"role": "user", "content": "{}"}}]}}"#,
                        self.prose()
                    );
                    format!(
                        r#"{{"ts": "{time}", "level": "debug", "request_id": "req_{}", "body": "{}"}}"#,
                        self.alnum(24),
                        body.replace('"', "\\\"")
                    )
                }
                93..97 => format!(
                    "{time} DEBUG httpx: headers={{'x-api-key': '{}', 'anthropic-version': '2023-06-01'}}",
                    keys[self.below(50)]
                ),
                97..99 => format!("{time} ERROR worker: key {} was refused", keys[self.below(50)]),
                _ => format!("{time} ERROR worker: could not parse: {}", self.prose()),
            };
            log.extend_from_slice(line.as_bytes());
            log.push(b'\n');
        }
        log
    }

    fn key(&mut self) -> String {
        format!("sk-{}-api03-{}AA", "ant", self.alnum(93))
    }

    fn prose(&mut self) -> String {
        const WORDS: &[&str] = &[
            "merger",
            "patient",
            "quarterly",
            "summarise",
            "the",
            "of",
            "and",
            "draft",
            "naive",
            "orchard",
            "lantern",
            "before",
            "Friday",
            "letter",
            "board",
        ];
        (0..20 + self.below(200)).map(|_| WORDS[self.below(WORDS.len())]).collect::<Vec<_>>().join(" ")
    }

    fn hex(&mut self, len: usize) -> String {
        (0..len).map(|_| char::from(b"0123456789abcdef"[self.below(16)])).collect()
    }

    fn alnum(&mut self, len: usize) -> String {
        (0..len)
            .map(|_| char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"[self.below(59)]))
            .collect()
    }

    /// The next number below `bound` (splitmix64).
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}
