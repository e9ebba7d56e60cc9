//! Made-up credentials and sentences, and lines as programs print them in which they can stand.

#![allow(dead_code, reason = "each test uses a part")]

use proptest::prelude::*;
use std::fmt::Write;

/// A line with a hole: what stands before and behind it stays.
pub struct Context {
    pub name: &'static str,
    /// `@` is the hole.
    pub line: &'static str,
    /// How the planted text is spelled in it.
    pub spelled: fn(&str) -> String,
    /// Whether the line is a JSON document.
    pub json: bool,
}

pub fn plain(text: &str) -> String {
    text.to_owned()
}

pub fn json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

pub fn json_in_json(text: &str) -> String {
    json(&json(text))
}

pub fn escaped_units(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "\\u{unit:04x}");
        out
    })
}

pub fn percent(text: &str) -> String {
    let byte = |b: u8| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}

pub fn base64(text: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |chunk: &[u8]| {
        let bits =
            chunk.iter().chain([0, 0].iter().take(3 - chunk.len())).fold(0u32, |bits, b| bits << 8 | u32::from(*b));
        (0..4)
            .map(|i| if i <= chunk.len() { DIGITS[(bits >> (18 - 6 * i) & 63) as usize] as char } else { '=' })
            .collect::<String>()
    };
    text.chunks(3).map(digits).collect()
}

pub fn base64_event(text: &str) -> String {
    base64(
        format!(
            "{{\"type\":\"content_block_delta\",\"delta\":{{\"type\":\"text_delta\",\"text\":\"{}\"}}}}",
            json(text)
        )
        .as_bytes(),
    )
}

pub fn basic(text: &str) -> String {
    base64(format!("svc:{text}").as_bytes())
}

pub const fn at(name: &'static str, line: &'static str, spelled: fn(&str) -> String, json: bool) -> Context {
    Context { name, line, spelled, json }
}

/// Where credentials stand.
pub const CREDENTIALS: &[Context] = &[
    at("running text", "2026-11-20 10:00:00 INFO using @ for tenant 7", plain, false),
    at("a line of its own", "@", plain, false),
    at("header line", "x-api-key: @", plain, false),
    at("bearer", "> Authorization: Bearer @", plain, false),
    at("basic", "authorization: Basic @", basic, false),
    at("json field", r#"{"level":"info","headers":{"x-api-key":"@"},"status":500}"#, json, true),
    at("json text", r#"{"level":"info","msg":"sent @ to upstream","status":500}"#, json, true),
    at(
        "json in json",
        r#"{"log":"{\"headers\":{\"authorization\":\"Bearer @\"}}","stream":"stdout"}"#,
        json_in_json,
        true,
    ),
    at("json escapes", r#"{"msg":"key @ rejected"}"#, escaped_units, true),
    at(
        "list of pairs",
        r#"{"headers":[{"name":"x-api-key","value":"@"},{"name":"accept","value":"*/*"}]}"#,
        json,
        true,
    ),
    at("python repr", "DEBUG request {'headers': {'x-api-key': '@', 'accept': '*/*'}}", plain, false),
    at("python tuples", "send headers [(b'host', b'api.anthropic.com'), (b'x-api-key', b'@')]", plain, false),
    at("util.inspect", "[log_1a2b3c] sending request { headers: { 'x-api-key': '@', accept: '*/*' } }", plain, false),
    at("go map", "headers map[Accept:[*/*] X-Api-Key:[@]]", plain, false),
    at("curl", "curl https://api.anthropic.com/v1/messages -H 'x-api-key: @' -d '{}'", plain, false),
    at("environment", "export ANTHROPIC_API_KEY=@", plain, false),
    at("url", "GET https://gateway.example.com/v1/models?api_key=@&limit=2", plain, false),
    at("percent", "GET https://gateway.example.com/cb?next=%2Fa%3Fapi_key%3D@", percent, false),
    at("credentials in a url", "proxy http://svc:@\u{40}gateway.example.com:8080", plain, false),
    at("logfmt", "level=info api_key=@ status=500", plain, false),
    at("nginx", r"10.0.0.7 500 {\x22a\x22:1,\x22x-api-key\x22:\x22@\x22}", plain, false),
    at("percent-encoded json", "GET /cb?body=%7B%22x-api-key%22%3A%20%22@%22%7D", percent, false),
    at("entities", "{&quot;x-api-key&quot;: &quot;@&quot;}", plain, false),
    at("element", "<x-api-key>@</x-api-key>", plain, false),
    at("go literal", r#"map[string][]string{"Accept":[]string{"*/*"}, "X-Api-Key":[]string{"@"}}"#, plain, false),
    at(
        "telemetry",
        r#"{"key":"http.request.header.x-api-key","value":{"arrayValue":{"values":[{"stringValue":"@"}]}}}"#,
        json,
        true,
    ),
    at("escaped name", r#"{"x\u002dapi-key":"@","status":500}"#, json, true),
    at("spelled colours", r#"{"msg":"\u001b[31m@\u001b[0m"}"#, json, true),
    at("docker", r#"{"log":"x-api-key: @\n","stream":"stderr","time":"2026-11-20T10:00:00.000000000Z"}"#, json, true),
    at("aligned", "ApiKey      : @", plain, false),
    at("php property", r"    [apiKey:App\Llm\Client:private] => @", plain, false),
    at("php dump", r#"  ["apiKey":protected]=> string(40) "@""#, plain, false),
    at("php serialized", r#"a:1:{s:7:"api_key";s:40:"@";s:5:"model";s:3:"m-1";}"#, plain, false),
    at("lua", r#"  ["api_key"] = "@","#, plain, false),
    at("r", r#" $ api_key: chr "@""#, plain, false),
    at("erlang", r##"#{api_key => <<"@">>}"##, plain, false),
    at("numbered entities", "{&#39;x-api-key&#39;: &#x27;@&#x27;}", plain, false),
    at("windows shell", r#"curl ^"https://h^" -d ^"^{^\^"api_key^\^":^\^"@^\^"^}^""#, plain, false),
    at("cell of csv", r#""2026-11-20 10:00:00","{""x-api-key"": ""@"", ""n"": 1}""#, plain, false),
    at("book quotes", "{“api_key”: “@”, “n”: 1}", plain, false),
    at("two words", "the API key: @", plain, false),
];

/// Where prompts and completions stand.
pub const SENTENCES: &[Context] = &[
    at(
        "messages",
        r#"{"model":"claude-sonnet-4-5","messages":[{"role":"user","content":"@"}],"max_tokens":100}"#,
        json,
        true,
    ),
    at("blocks", r#"{"messages":[{"role":"user","content":[{"type":"text","text":"@"}]}]}"#, json, true),
    at("system", r#"{"model":"claude-sonnet-4-5","system":"@","messages":[]}"#, json, true),
    at(
        "completion",
        r#"{"id":"msg_01","type":"message","role":"assistant","content":[{"type":"text","text":"@"}]}"#,
        json,
        true,
    ),
    at(
        "openai",
        r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"@"},"finish_reason":"stop"}]}"#,
        json,
        true,
    ),
    at("gemini", r#"{"contents":[{"role":"user","parts":[{"text":"@"}]}]}"#, json, true),
    at(
        "body in a field",
        r#"{"level":"debug","request_body":"{\"messages\":[{\"role\":\"user\",\"content\":\"@\"}]}"}"#,
        json_in_json,
        true,
    ),
    at(
        "docker",
        r#"{"log":"{\"messages\":[{\"role\":\"user\",\"content\":\"@\"}]}\n","stream":"stdout","time":"2026-11-20T10:00:00.000000000Z"}"#,
        json_in_json,
        true,
    ),
    at(
        "python repr",
        "DEBUG Request options: {'method': 'post', 'json_data': {'messages': [{'role': 'user', 'content': '@'}]}}",
        plain,
        false,
    ),
    at(
        "util.inspect",
        "[log_1a2b3c] sending request { body: { messages: [ { role: 'user', content: '@' } ] } }",
        plain,
        false,
    ),
    at(
        "curl",
        r#"curl https://api.anthropic.com/v1/messages -d '{"messages":[{"role":"user","content":"@"}]}'"#,
        json,
        false,
    ),
    at(
        "event stream",
        r#"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"@"}}"#,
        json,
        false,
    ),
    at("base64 of json", r#"{"chunk":{"bytes":"@"}}"#, base64_event, true),
    at("java record", "INFO: sending Req[model=m-1, messages=[Msg[role=user, content=@]]]", plain, false),
    at("c# record", "ChatMessage { Role = user, Content = @ }", plain, false),
    at("kotlin class", "DEBUG ChatMessage(role=user, content=@, name=null)", plain, false),
    at("print_r", "            [content] => @", plain, false),
    at("lua", r#"  ["content"] = "@","#, json, false),
    at(
        "echoed by an error",
        r#"{"type":"error","error":{"type":"invalid_request_error","message":"messages.0.content.0.text: text content must not contain the sequence: \"@\""}}"#,
        json,
        true,
    ),
    at(
        "echoed by an exception",
        r#"openai.BadRequestError: Error code: 400 - {'error': {'message': "Invalid value in messages[0]: '@'", 'type': 'x'}}"#,
        json,
        false,
    ),
    at("a question", r#"{"model":"claude-sonnet-4-5","user_question":"@"}"#, json, true),
];

pub fn credential() -> impl Strategy<Value = String> {
    let tail = |prefix: &'static str, of: &'static str| {
        proptest::string::string_regex(of).unwrap().prop_map(move |tail| format!("{prefix}{tail}"))
    };
    prop_oneof![
        tail("sk-ant-api03-", "[A-Za-z0-9_-]{93}AA"),
        tail("sk-proj-", "[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
        tail("sk-or-v1-", "[0-9a-f]{64}"),
        tail("AIzaSy", "[A-Za-z0-9_-]{33}"),
        tail("gsk_", "[A-Za-z0-9]{52}"),
        tail("hf_", "[A-Za-z]{34}"),
        tail("ghp_", "[A-Za-z0-9]{36}"),
        tail("xai-", "[A-Za-z0-9]{80}"),
    ]
}

/// Made-up words among usual ones, so that no part of it stands anywhere else.
pub fn sentence() -> impl Strategy<Value = String> {
    let word = prop_oneof![3 => "[b-df-hj-np-tv-z][aeiou][b-df-hj-np-tv-z]{2}[aeiou][b-df-hj-np-tv-z]{1,3}", 2 => Just("the".to_owned()), 1 => Just("patient".to_owned()), 1 => "[ä-ü]{3}[a-z]{3}", 1 => Just("and \"then\"".to_owned())];
    proptest::collection::vec(word, 6..18).prop_map(|words| format!("Please tell {}", words.join(" ")))
}

/// The words of a sentence that tell it; those that everybody says prove nothing.
pub fn telling(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|w| w.len() >= 6 && !matches!(*w, "patient" | "Please" | "\"then\""))
}
