#!/bin/sh
# Checks the way to an LLM API: proxy variables, DNS, TLS, the API itself, the status page, models.
#
#   sh probe.sh [MODEL]...        sends one request of a few tokens for each MODEL; none without
#
# Needs curl; says what it could not find out for want of a tool. Read from the environment:
#   PROBE_PROVIDER   anthropic (default) or openai
#   ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL; OPENAI_API_KEY, OPENAI_BASE_URL
#   PROBE_STATUS_URL another status page, PROBE_TIMEOUT seconds for a request (30)
#
# Prints JSON lines that may be shared: names of variables and never their values, no key, nothing of what
# was answered but its headers' ids and the name of the error. The key goes to curl through its standard input, where no list of processes shows it.
# `casefile build` reads the output. Exit 0: nothing failed; 1: something did; 2: no curl.
set -u
LC_ALL=C
export LC_ALL
umask 077

provider=${PROBE_PROVIDER:-anthropic}
timeout=${PROBE_TIMEOUT:-30}
secret=
header=
case $provider in
openai)
  base=${OPENAI_BASE_URL:-https://api.openai.com/v1}
  path=/chat/completions
  list=/models
  most=max_completion_tokens
  status=${PROBE_STATUS_URL:-https://status.openai.com/api/v2/status.json}
  secret=${OPENAI_API_KEY:-}
  header="authorization: Bearer $secret"
  ;;
anthropic)
  base=${ANTHROPIC_BASE_URL:-https://api.anthropic.com}
  path=/v1/messages
  list=/v1/models
  most=max_tokens
  status=${PROBE_STATUS_URL:-https://status.claude.com/api/v2/status.json}
  if [ -n "${ANTHROPIC_API_KEY:-}" ]; then
    secret=$ANTHROPIC_API_KEY
    header="x-api-key: $secret"
  else
    secret=${ANTHROPIC_AUTH_TOKEN:-}
    header="authorization: Bearer $secret"
  fi
  ;;
*)
  echo "probe: PROBE_PROVIDER must be anthropic or openai" >&2
  exit 2
  ;;
esac
base=${base%/}

have() { command -v "$1" >/dev/null 2>&1; }
if ! have curl; then
  echo "probe: curl is missing; install it first" >&2
  exit 2
fi
work=$(mktemp -d 2>/dev/null) || { echo "probe: no folder for temporary files" >&2; exit 2; }
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# A key goes into curl's configuration between quotes: one that would end them is not used.
auth=none
case $secret in
'') ;;
*[!A-Za-z0-9_.~+/=-]*) auth=unusable ;;
*) auth=set ;;
esac

# ---- printing ----

failed=0
unknown=0
now() { date -u +%Y-%m-%dT%H:%M:%SZ; }
# keeps what names, numbers and addresses are made of; so nothing needs escaping
only() { tr -cd "$1" | cut -c1-120; }
word() { printf %s "$1" | only 'A-Za-z0-9._:/+-'; }
text() { printf '"%s"' "$(word "$1")"; }
or_null() { if [ -n "$1" ]; then text "$1"; else printf null; fi; }
number() { case $1 in '' | *[!0-9]*) printf null ;; *) printf %s "$1" ;; esac; }
# seconds with a fraction as milliseconds
millis() {
  case $1 in '' | *[!0-9.]*) printf null; return ;; esac
  fraction=${1#*.}
  [ "$fraction" = "$1" ] && fraction=
  fraction=$(printf '%s000' "$fraction" | cut -c1-3)
  printf %s "$((${1%%.*} * 1000 + 1$fraction - 1000))"
}
# emit CHECK RESULT FIELDS: one line; a last look that the key is not in it
emit() {
  line="{\"probe\":\"casefile.probe/1\",\"time\":\"$(now)\",\"check\":\"$1\",\"result\":\"$2\"${3:+,$3}}"
  if [ -n "$secret" ]; then
    case $line in *"$secret"*) line="{\"probe\":\"casefile.probe/1\",\"check\":\"$1\",\"result\":\"withheld\"}" ;; esac
  fi
  case $2 in fail) failed=$((failed + 1)) ;; unknown) unknown=$((unknown + 1)) ;; esac
  printf '%s\n' "$line"
  echo "probe: $1: $2" >&2
}
# set_names NAME...: those of the variables that are set, as a JSON list
set_names() {
  names=
  for name in "$@"; do
    if eval "[ -n \"\${$name:-}\" ]"; then names="$names${names:+,}\"$name\""; fi
  done
  printf '[%s]' "$names"
}

# ---- asking ----

# ask ARGUMENTS...: one request; leaves $code, $exit, $seconds, $work/head and $work/body
ask() {
  : >"$work/head"
  : >"$work/body"
  set -- -q -sS --max-time "$timeout" --connect-timeout 10 -D "$work/head" -o "$work/body" -w '%{http_code} %{time_total}' "$@"
  answer=$(curl "$@" 2>"$work/error")
  exit=$?
  code=${answer%% *}
  seconds=${answer#* }
  case $code in 000* | *[!0-9]*) code= ;; esac
}
# ask_as_user ARGUMENTS...: the same with the key, which only curl's standard input carries
ask_as_user() {
  if [ $auth = set ]; then
    printf 'header = "%s"\n' "$header" | { ask -K - "$@"; printf '%s\n%s\n%s\n' "$code" "$exit" "$seconds" >"$work/asked"; }
    { read -r code; read -r exit; read -r seconds; } <"$work/asked"
  else
    ask "$@"
  fi
}
# field NAME: the last header of that name, of the answer that counts
field() { grep -i "^$1:" "$work/head" | tail -n 1 | cut -d : -f 2- | only 'A-Za-z0-9._:/+-'; }
# what curl's exit code says of an answer that did not come
trouble() {
  case $1 in
  0) printf '' ;;
  5 | 97) printf proxy ;;
  6) printf dns ;;
  7) printf connect ;;
  28) printf client_timeout ;;
  35 | 51 | 53 | 58 | 59 | 60 | 66 | 77 | 80 | 82 | 83 | 90 | 91) printf tls ;;
  52 | 55 | 56 | 92 | 95) printf reset ;;
  18) printf stream_cut ;;
  *) printf no_response ;;
  esac
}
# the name of the error in a body: {"error":{"type":"overloaded_error"}}
error_type() { tr -d '\n' <"$work/body" | sed -n 's/.*"error"[^{]*{[^}]*"type"[ ]*:[ ]*"\([A-Za-z_]*\)".*/\1/p' | cut -c1-60; }
# fields URL: what an answer tells
answered() {
  id=$(field request-id)
  [ -n "$id" ] || id=$(field x-request-id)
  printf '"url":%s,"status":%s,"trouble":%s' "$(text "$1")" "$(number "$code")" "$(or_null "$(trouble "$exit")")"
  printf ',"error_type":%s,"request_id":%s,"cf_ray":%s' "$(or_null "$(error_type)")" "$(or_null "$id")" "$(or_null "$(field cf-ray)")"
  printf ',"retry_after":%s,"server":%s,"via":%s' "$(or_null "$(field retry-after)")" "$(or_null "$(field server)")" "$(or_null "$(field via)")"
  printf ',"content_type":%s,"elapsed_ms":%s' "$(or_null "$(field content-type)")" "$(millis "$seconds")"
}
result() {
  case $code in
  '') printf fail ;;
  2*) if [ "$exit" = 0 ]; then printf ok; else printf fail; fi ;;
  *) printf fail ;;
  esac
}

# a URL without user, password and query
bare() {
  bare=${1#*://}
  printf '%s://%s' "${1%%://*}" "${bare#*@}" | cut -d '?' -f 1
}
scheme=${base%%://*}
shown=$(bare "$base")
authority=${shown#*://}
authority=${authority%%/*}
port=443
case $authority in
\[*) host=${authority#?} host=${host%%]*} ;;
*:*) host=${authority%%:*} port=${authority##*:} ;;
*) host=$authority ;;
esac

emit start ok "\"provider\":\"$provider\",\"base_url\":$(text "$shown"),\"auth\":\"$auth\",\"system\":$(text "$(uname -s)"),\"curl\":$(text "$(curl -q --version | sed -n '1s/^curl \([^ ]*\).*/\1/p')")"

# ---- 1. proxy and certificate variables: names, never values ----

proxies=$(set_names HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy)
authorities=$(set_names SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS)
uses_proxy=false
case $scheme in
https) [ -n "${HTTPS_PROXY:-${https_proxy:-${ALL_PROXY:-${all_proxy:-}}}}" ] && uses_proxy=true ;;
*) [ -n "${http_proxy:-${ALL_PROXY:-${all_proxy:-}}}" ] && uses_proxy=true ;;
esac
emit proxy ok "\"variables\":$proxies,\"certificate_variables\":$authorities,\"in_use\":$uses_proxy"

# ---- 2. DNS ----

addresses() { grep -Eo '([0-9]{1,3}\.){3}[0-9]{1,3}|[0-9a-fA-F]{0,4}:[0-9a-fA-F:]*:[0-9a-fA-F]{0,4}' | sort -u; }
dns_tool=
for tool in getent dig host nslookup; do
  if have $tool; then dns_tool=$tool; break; fi
done
case $dns_tool in
getent) found=$(getent ahosts "$host" 2>/dev/null | addresses) ;;
dig) found=$(dig +short +time=5 +tries=1 "$host" A "$host" AAAA 2>/dev/null | addresses) ;;
host) found=$(host -W 5 "$host" 2>/dev/null | addresses) ;;
# what stands before the name is the resolver
nslookup) found=$(nslookup "$host" 2>/dev/null | sed -n '/^Name:/,$p' | addresses) ;;
*) found= ;;
esac
if [ -z "$dns_tool" ]; then
  emit dns unknown '"missing":"getent, dig, host or nslookup"'
elif [ -z "$found" ]; then
  emit dns fail "\"tool\":\"$dns_tool\",\"host\":$(text "$host")"
else
  # a public name that has a private address is answered by somebody's own resolver
  private=$(printf '%s\n' "$found" | grep -Ec '^(10\.|127\.|192\.168\.|169\.254\.|172\.(1[6-9]|2[0-9]|3[01])\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|::1$|f[cd]|fe80)')
  all=$(printf '%s\n' "$found" | grep -c .)
  emit dns ok "\"tool\":\"$dns_tool\",\"host\":$(text "$host"),\"addresses\":$all,\"private_addresses\":$private"
fi

# ---- 3. TLS, as curl sees it, without the key ----

issuer() { sed -n 's/^\*[ ]*issuer:[ ]*//p' "$work/error" | tail -n 1 | only 'A-Za-z0-9 .,=;()&_-'; }
if [ "$scheme" != https ]; then
  emit tls unknown '"why":"the base URL is not https"'
else
  ask -v -I "$base/"
  verified=$(trouble "$exit")
  by=$(issuer)
  if [ "$verified" = tls ] && [ -z "$by" ]; then
    # who signed what was not accepted; nothing is sent that matters
    ask -v -k -I "$base/"
    by=$(issuer)
  fi
  tool=curl
  if [ -z "$by" ] && [ "$uses_proxy" = false ] && have openssl && have timeout; then
    tool=openssl
    by=$(timeout 10 openssl s_client -connect "$host:$port" -servername "$host" </dev/null 2>/dev/null | sed -n 's/^issuer=[ ]*//p' | head -n 1 | only 'A-Za-z0-9 .,=;()&_-')
  fi
  details="\"issuer\":$(if [ -n "$by" ]; then printf '"%s"' "$by"; else printf null; fi),\"tool\":\"$tool\""
  case $verified in
  '') emit tls ok "$details" ;;
  tls) emit tls fail "$details" ;;
  *) emit tls unknown "$details,\"trouble\":\"$verified\"" ;;
  esac
fi

# ---- 4. the API, and past the proxy ----

version='anthropic-version: 2023-06-01'
ask_as_user -H "$version" "$base$list"
case "$auth $code" in
# an answer that asks for a key is an answer
none\ 401 | unusable\ 401) emit reach ok "$(answered "$shown$list")" ;;
*) emit reach "$(result)" "$(answered "$shown$list")" ;;
esac
if [ "$uses_proxy" = true ]; then
  ask --noproxy '*' -H "$version" "$base$list"
  case $code in
  '') emit reach_without_proxy fail "$(answered "$shown$list")" ;;
  *) emit reach_without_proxy ok "$(answered "$shown$list")" ;;
  esac
fi

# ---- 5. the status page: redirects followed; what is not its data says nothing ----

ask -L --max-redirs 5 "$status"
indicator=$(tr -d '\n' <"$work/body" | sed -n 's/.*"indicator"[ ]*:[ ]*"\([a-z_]*\)".*/\1/p' | cut -c1-20)
[ "$(head -c 1 "$work/body")" = '{' ] || indicator=
name=$(tr -d '\n' <"$work/body" | sed -n 's/.*"page"[ ]*:[ ]*{[^}]*"name"[ ]*:[ ]*"\([A-Za-z0-9 ]*\)".*/\1/p' | cut -c1-40)
page="\"name\":$(if [ -n "$name" ]; then printf '"%s"' "$name"; else printf null; fi),\"page\":$(text "$(bare "$status")"),\"http\":$(number "$code"),\"trouble\":$(or_null "$(trouble "$exit")")"
case "$code $indicator" in
'200 none') emit status ok "$page,\"indicator\":\"none\"" ;;
200\ [a-z]*) emit status fail "$page,\"indicator\":\"$indicator\"" ;;
*) emit status unknown "$page,\"indicator\":null,\"content_type\":$(or_null "$(field content-type)")" ;;
esac

# ---- 6. models, one small request each, one attempt ----

if [ $# -eq 0 ]; then
  emit model unknown '"why":"no model was named"'
elif [ $auth != set ]; then
  emit model unknown "\"why\":\"no usable key in the environment\""
else
  for model in "$@"; do
    name=$(word "$model")
    body="{\"model\":\"$name\",\"$most\":16,\"messages\":[{\"role\":\"user\",\"content\":\"Answer with the word ok.\"}]}"
    ask_as_user -H "$version" -H 'content-type: application/json' -d "$body" "$base$path"
    emit model "$(result)" "\"method\":\"POST\",\"request_body\":$body,$(answered "$shown$path")"
  done
fi

totals="\"failed\":$failed,\"unknown\":$unknown"
emit end done "$totals"
[ "$failed" -eq 0 ]
