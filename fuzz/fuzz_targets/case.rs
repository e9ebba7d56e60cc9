//! Any bytes are read as a log and told in a packet: no panic, and none of what was planted behind them.
#![no_main]

use casefile::packet::{Supplied, assemble};
use casefile::{case, input, render};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// The rules are read once.
static OPTIONS: LazyLock<case::Options> = LazyLock::new(case::Options::default);

const PLANTED: &str = "wendelinzq7xv";

fuzz_target!(|bytes: &[u8]| {
    let folder = std::env::temp_dir().join(format!("casefile-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("app.log");
    let planted = format!(
        "\n{{\"x-api-key\":\"{PLANTED}{PLANTED}{PLANTED}\",\"messages\":[{{\"role\":\"user\",\"content\":\"tell {PLANTED}\"}}]}}\n"
    );
    std::fs::write(&path, [bytes, planted.as_bytes()].concat()).expect("a file");
    let mut case = case::read(&input::expand(&[path]).inputs, &OPTIONS);
    let mut packet = assemble(&mut case, &Supplied::default());
    for output in render::OUTPUTS {
        if let Ok(document) = render::checked(&mut packet, *output, &mut case.redactor) {
            let planted = document.windows(PLANTED.len()).any(|w| w == PLANTED.as_bytes());
            assert!(!planted, "{}", String::from_utf8_lossy(&document));
        }
    }
});
