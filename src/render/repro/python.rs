//! The twin as a Python program that needs nothing installed.

use super::Twin;

/// Sends it once. Proxies are those of the environment, as for any client.
const SEND: &str = r#"
SHARED = ("request-id", "x-request-id", "cf-ray", "date", "retry-after", "server", "via", "content-type", "x-should-retry")
request = urllib.request.Request(BASE_URL.rstrip("/") + PATH, data=BODY.strip().encode(), headers=HEADERS, method="POST")
try:
    answer = urllib.request.urlopen(request, timeout=600)
except urllib.error.HTTPError as error:
    answer = error
except OSError as error:
    sys.exit(f"no answer: {error}")
print("HTTP", answer.status)
for name in SHARED:
    if answer.headers.get(name):
        print(f"{name}: {answer.headers[name]}")
try:
    body = answer.read().decode(errors="replace")
except OSError as error:
    sys.exit(f"the answer broke off: {error}")
if answer.status >= 400:
    sys.exit(body)
print("answered:", len(body), "characters")
if "event: error" in body:
    sys.exit(body[body.index("event: error"):])
"#;

/// Writes it.
pub fn write(twin: &Twin) -> String {
    let api = twin.api;
    let about: String = twin.about().iter().map(|line| format!("# {line}\n")).collect();
    let (name, scheme) = api.header.split_once(": ").unwrap_or((api.header, ""));
    let headers: String = api.headers.iter().map(|(name, value)| format!(", \"{name}\": \"{value}\"")).collect();
    let base = match &twin.elsewhere {
        Some(_) => {
            "os.environ.get(\"BASE_URL\") or sys.exit(\"set BASE_URL to where the request is to go\")".to_owned()
        }
        None => format!("os.environ.get(\"BASE_URL\", \"{}\")", api.base_url),
    };
    format!(
        "#!/usr/bin/env python3\n{about}import os\nimport sys\nimport urllib.error\nimport urllib.request\n\n\
         KEY = os.environ.get(\"{key}\") or sys.exit(\"{key} is missing\")\nBASE_URL = {base}\nPATH = \"{path}\"\n\
         HEADERS = {{\"content-type\": \"application/json\", \"{name}\": f\"{scheme}{{KEY}}\"{headers}}}\n\
         BODY = r'''\n{body}\n'''\n{SEND}",
        key = api.key,
        path = twin.path,
        body = twin.line(),
    )
}
