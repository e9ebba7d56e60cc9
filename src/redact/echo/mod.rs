//! Net 5: what was taken once is taken everywhere.

mod filter;
mod finder;
mod lessons;
mod memory;
mod run;
mod seen;
mod spelling;
mod words;

pub(crate) use finder::Finder;
pub(crate) use lessons::Lessons;
pub(crate) use memory::{Label, Memory};

#[cfg(test)]
mod tests {
    use super::super::edit::{Edit, What, settle};
    use super::super::rules::RuleId;
    use super::*;
    use crate::literal::Span;

    const ECHO: RuleId = RuleId(0);
    const PROMPT: &str =
        "Summarise why the Halcyon merger was postponed, naïve café; the board will not publish it before May.";

    fn find(memory: &Memory, text: &str) -> Vec<String> {
        let mut found: Vec<Edit> = Vec::new();
        Finder::default().find(text.as_bytes(), [Span::new(0, text.len())], memory, ECHO, &mut found);
        settle(&mut found);
        found.iter().map(|e| String::from_utf8_lossy(e.span.of(text.as_bytes())).into_owned()).collect()
    }

    fn memory_of(text: &str) -> Memory {
        let mut memory = Memory::default();
        memory.text(text.as_bytes());
        memory
    }

    #[test]
    fn a_prompt_is_found_in_other_spellings() {
        let memory = memory_of(PROMPT);
        let escaped = PROMPT.replace('ï', "\\u00ef").replace('é', "\\xc3\\xa9").replace("; ", ";\\n");
        assert_eq!(find(&memory, &format!("got: \"{escaped}\" here")).len(), 1);
        let wrapped = format!("| {}\n|    {} |", &PROMPT[..46], &PROMPT[46..]);
        assert_eq!(find(&memory, &wrapped).len(), 2, "one edit a line");
    }

    #[test]
    fn the_match_ends_where_the_prompt_does() {
        let memory = memory_of(PROMPT);
        let text = format!("INFO request failed: {PROMPT} (status 500)");
        assert_eq!(find(&memory, &text), [PROMPT.trim_end_matches('.')]);
    }

    #[test]
    fn what_is_found_does_not_depend_on_where_the_search_begins() {
        let memory = memory_of(PROMPT);
        for cut in (1..PROMPT.len()).filter(|cut| PROMPT.is_char_boundary(*cut)) {
            let (head, tail) = PROMPT.split_at(cut);
            let found = |before: usize| find(&memory, &format!("{}{tail}{head}", "=".repeat(before)));
            let first = found(0);
            assert!((1..24).all(|before| found(before) == first), "cut at {cut}: {first:?}");
        }
    }

    #[test]
    fn a_part_of_a_prompt_is_found() {
        let memory = memory_of(PROMPT);
        let found = find(&memory, "cut: ...lcyon merger was postponed, naïve café; the boa...");
        assert_eq!(found.len(), 1);
        assert!(found[0].len() > 36, "{found:?}");
    }

    #[test]
    fn no_half_of_an_escape_goes() {
        let memory = memory_of("Halcyon merger, of which the saffron file is lost");
        let text = r"failed\nHalcyon merger, of which the saffron file is lost\tsoon";
        assert_eq!(find(&memory, text), ["Halcyon merger, of which the saffron file is lost"]);
    }

    #[test]
    fn what_everybody_knows_stays() {
        let prompt = r#"Explain {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_011CMGYtqxWNEZC7PuSZU1u8"} to a child"#;
        let memory = memory_of(prompt);
        let log = r#"ERROR {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_011CMGYtqxWNEZC7PuSZU1u8"}"#;
        assert_eq!(find(&memory, log), Vec::<String>::new());
    }

    #[test]
    fn a_short_credential_is_found_whole_only() {
        let mut memory = Memory::default();
        let label = Label { rule: RuleId(3), what: What::Secret(7) };
        memory.secret(b"eJCgk4!Sf0ruf$V9", label);
        assert_eq!(find(&memory, "user svc:eJCgk4!Sf0ruf$V9@host"), ["eJCgk4!Sf0ruf$V9"]);
        assert_eq!(find(&memory, r"x eJCgk4\u0021Sf0ruf$V9 y"), [r"eJCgk4\u0021Sf0ruf$V9"]);
        assert!(find(&memory, "eJCgk4Sf0rufV9more").is_empty());
        assert!(find(&memory, "xeJCgk4!Sf0ruf$V9").is_empty());
    }

    #[test]
    fn unrelated_text_is_left_alone() {
        let memory = memory_of(PROMPT);
        assert!(
            find(
                &memory,
                "2026-11-21 06:26:43 INFO Retrying request to /v1/messages in 0.381616 seconds, 2 retries left"
            )
            .is_empty()
        );
    }
}
