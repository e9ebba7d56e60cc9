//! The attempts as a table, in order of time, for whoever wants to sort and count them.

use crate::packet::Packet;
use crate::packet::calls::{AttemptRow, CallRow};

const HEADER: &str = "time,time_basis,call,attempt,outcome,status,reported_status,error_type,branch,responder,model,method,endpoint,base_url,request_id,elapsed_ms,wait_ms,retry_after_s,from\r\n";

/// As RFC 4180 has it.
pub fn csv(packet: &Packet) -> Vec<u8> {
    let mut rows: Vec<(&CallRow, &AttemptRow)> =
        packet.calls.iter().flat_map(|c| c.attempts.iter().map(move |a| (c, a))).collect();
    // without a time last
    rows.sort_by_key(|(c, a)| (a.at.is_none(), a.at.as_deref(), c.id, a.n));
    let mut text = HEADER.to_owned();
    for (call, attempt) in rows {
        let fields: Vec<String> = row(call, attempt).iter().map(|f| quoted(f)).collect();
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn row(call: &CallRow, a: &AttemptRow) -> Vec<String> {
    fn or_empty(value: Option<impl ToString>) -> String {
        value.map(|v| v.to_string()).unwrap_or_default()
    }
    vec![
        or_empty(a.at.as_ref().or(a.clock.as_ref())),
        a.at_basis.to_owned(),
        call.id.to_string(),
        a.n.to_string(),
        call.outcome.to_owned(),
        or_empty(a.status),
        or_empty(a.reported_status),
        or_empty(a.error_type.as_ref()),
        a.branch.to_owned(),
        a.responder.to_owned(),
        or_empty(a.model.as_ref()),
        or_empty(a.method.as_ref()),
        or_empty(a.endpoint.as_ref()),
        or_empty(a.base_url.as_ref()),
        or_empty(a.request_id.as_ref()),
        or_empty(a.elapsed_ms),
        or_empty(a.wait_ms),
        or_empty(a.retry_after_s),
        a.from.join(" "),
    ]
}

/// A field. A table must not calculate with what a log said.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_calculates_or_breaks_out() {
        assert_eq!(
            ["=1+1", "-5", "-x", "a,\"b\"", "plain"].map(quoted),
            ["'=1+1", "-5", "'-x", "\"a,\"\"b\"\"\"", "plain"]
        );
    }
}
