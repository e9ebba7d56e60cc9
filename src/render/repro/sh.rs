//! The twin as a shell script with curl.

use super::Twin;

/// What curl prints of an answer: its head as far as it may be shared, and an error's body. A success's text
/// is nobody's business.
const PRINT: &str = r#"grep -iE '^(HTTP/|(request-id|x-request-id|cf-ray|date|retry-after|server|via|content-type|apim-request-id|x-should-retry):)' "$work/head"
case $code in
2*) echo "answered: $(wc -c <"$work/answer") bytes"; grep -A 1 -E '^event: *error' "$work/answer" ;;
*) cat "$work/answer"; echo ;;
esac
[ "$exit" = 0 ] && case $code in 2*) true ;; *) false ;; esac
"#;

/// Writes it.
pub fn write(twin: &Twin) -> String {
    let api = twin.api;
    let about: String = twin.about().iter().map(|line| format!("# {line}\n")).collect();
    let base = match &twin.elsewhere {
        Some(_) => ": \"${BASE_URL:?set it to where the request is to go}\"\n".to_owned(),
        None => format!("BASE_URL=${{BASE_URL:-{}}}\n", api.base_url),
    };
    let headers: String = api.headers.iter().map(|(name, value)| format!(" -H '{name}: {value}'")).collect();
    format!(
        "#!/bin/sh\n{about}set -u\numask 077\n: \"${{{key}:?the key is missing}}\"\n{base}\
         case ${key} in *[!A-Za-z0-9_.~+/=-]*) echo 'the key has a character that no key has' >&2; exit 2 ;; esac\n\
         work=$(mktemp -d) || exit 2\ntrap 'rm -rf \"$work\"' EXIT\n\
         cat >\"$work/body\" <<'CASEFILE_BODY'\n{body}\nCASEFILE_BODY\n\
         # the key goes through standard input, where no list of processes shows it\n\
         code=$(printf 'header = \"{header}%s\"\\n' \"${key}\" | curl -q -sS -K - --max-time 600 -D \"$work/head\" -o \"$work/answer\" -w '%{{http_code}}' \\\n  \
         -H 'content-type: application/json'{headers} --data-binary @\"$work/body\" \"${{BASE_URL%/}}{path}\")\n\
         exit=$?\n{PRINT}",
        key = api.key,
        header = api.header,
        body = twin.line(),
        path = twin.path,
    )
}
