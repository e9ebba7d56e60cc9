use super::*;

/// One line a event: `key name`, `text 'inner' role`, `( role`, `)`.
fn read(text: &str) -> String {
    let mut state = State::default();
    let reader = Reader::new(text.as_bytes(), &mut state);
    let mut out = String::new();
    for event in reader {
        let show = |span: Span| String::from_utf8_lossy(span.of(text.as_bytes())).into_owned();
        let line = match event {
            Event::Key(key) => format!("key {}", show(key.name)),
            Event::Quoted(q) => {
                format!("{:?} <{}>{}", q.role, show(q.inner), if q.closed { "" } else { " unclosed" })
            }
            Event::Open { bracket, role, .. } => format!("{} {role:?}", bracket as char),
            Event::Close { .. } => ")".to_owned(),
            Event::Reset => "reset".to_owned(),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

fn check(text: &str, expected: &str) {
    let expected: String =
        expected.lines().map(|l| l.trim()).filter(|l| !l.is_empty()).map(|l| format!("{l}\n")).collect();
    assert_eq!(read(text), expected, "for {text}");
}

#[test]
fn json_and_python() {
    check(r#"{"a": "x", "b": [1, "y"]}"#, "{ Item\nkey a\nValue <x>\nkey b\n[ Value\nItem <y>\n)\n)");
    check("{'a': b'x', 'n': None}", "{ Item\nkey a\nValue <x>\nkey n\n)");
    check("[(b'k', b'v')]", "[ Item\n( First\nFirst <k>\nItem <v>\n)\n)");
}

#[test]
fn inspect_objects() {
    check(
        "headers: Headers {\n  a: 'x',\n  'b-c': 'y'\n}",
        "key headers\n{ Value\nkey a\nValue <x>\nkey b-c\nValue <y>\n)",
    );
    check("{ t: 'one\\n' +\n  \"two\" }", "{ Item\nkey t\nValue <one\\n>\nJoined <two>\n)");
    check("config: [Object: null prototype] {", "key config\n{ Value");
}

#[test]
fn go_maps_and_queries() {
    check("map[X-Key:[v] B:[w]]", "[ Item\nkey X-Key\n[ Value\n)\nkey B\n[ Value\n)\n)");
    check("?a=1&key=2", "key a\nkey key");
    check("u=https%3A%2F%2Fh%3Fapi_key%3Dv%26s%3Dw", "key u\nkey https\nkey api_key\nkey s");
    check("x%253Dv", "key x");
}

#[test]
fn escaped_quotes_outside_a_string() {
    check(r#"{\"a\": \"x \\\"y\\\" z\"}"#, "{ Item\nkey a\nValue <x \\\\\\\"y\\\\\\\" z>\n)");
    check(r#""C:\\" , "b""#, "Item <C:\\\\>\nItem <b>");
}

#[test]
fn prose_does_not_derail() {
    check("don't stop, it's {'a': 'b'}", "{ Item\nkey a\nValue <b>\n)");
    check("an \"open quote and {\"a\": \"b\"}", "{ Item\nkey a\nValue <b>\n)");
    check(":) ]} fine", "");
}

#[test]
fn cut_off_values_run_to_the_line_end() {
    check("{'k': 'sk-cut...\nnext", "{ Item\nkey k\nValue <sk-cut...> unclosed\nreset");
}

#[test]
fn a_new_record_resets_what_was_open() {
    check("{ a: (\n  b: 1\n2026 x", "{ Item\nkey a\n( Value\nkey b\nreset");
    check("[\n  \"x\"\n]\n", "[ Item\nFirst <x>\n)");
}

#[test]
fn state_carries_over_pieces() {
    let mut state = State::default();
    assert_eq!(Reader::new(b"{ a: {\n", &mut state).count(), 3);
    assert_eq!(state.depth(), 2);
    assert_eq!(Reader::new(b"  b: 'x'\n", &mut state).count(), 2);
    assert_eq!(Reader::new(b"}\n}\n", &mut state).count(), 2);
    assert_eq!(state.depth(), 0);
}
