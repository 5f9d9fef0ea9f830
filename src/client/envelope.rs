//! The envelope of every answer: `{"code": 200, "msg": "success", "data": ...}`.
//!
//! The HTTP status is nearly always 200, also for errors. So the body is read first: the envelope's `code` decides, and
//! the HTTP status counts only for a body without an envelope (recorded traffic, 2026).

use std::time::Duration;

use serde_json::{Map, Value};

use crate::client::error::Error;
use crate::job::TaskId;

/// How much of a page is searched, in bytes.
const MAX_PAGE: usize = 64 << 10;

/// What such pages say, in small letters: of Cloudflare, CloudFront and Akamai.
const BLOCK_MARKS: &[&str] = &[
    "<title>just a moment",
    "attention required! | cloudflare",
    "/cdn-cgi/challenge-platform/",
    "sorry, you have been blocked",
    "request blocked.",
    "errors.edgesuite.net",
];

/// The longest message that is kept, in characters.
const MAX_MESSAGE: usize = 500;

/// Reads an answer: the `data` of code 200, or of 0 where there is any ([`Value::Null`] when it is null or absent), or the error of another code.
///
/// # Errors
/// [`Error::Api`] for any other code; for a body that is no envelope [`Error::Blocked`] when it is the page of a CDN that has
/// refused the request, else [`Error::Http`].
pub fn open(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Result<Value, Error> {
    let no_envelope = match is_blocked(status, body) {
        true => Error::Blocked { status, retry_after },
        false => Error::Http { status, retry_after },
    };
    let Ok(Value::Object(mut envelope)) = serde_json::from_slice(body) else { return Err(no_envelope) };
    match envelope.get("code").and_then(integer) {
        None => Err(no_envelope),
        // The pages of some routes that answer at once have 0 in their examples.
        Some(0) if envelope.get("data").is_some_and(|data| !data.is_null()) => {
            Ok(envelope.remove("data").unwrap_or_default())
        }
        Some(200) => Ok(envelope.remove("data").unwrap_or_default()),
        Some(code) => {
            let message = ["msg", "message"].iter().find_map(|key| text(envelope.get(*key)?));
            let message = message.map_or_else(|| "no reason given".to_owned(), |words| shorten(&words));
            let task = envelope.get("data").and_then(Value::as_object).and_then(id_of);
            Err(Error::Api { code, message, retry_after, task })
        }
    }
}

/// Whether the body is the page with which a content delivery network refuses a request, or asks whether a person sends it: the
/// request did not reach the vendor.
fn is_blocked(status: u16, body: &[u8]) -> bool {
    if !matches!(status, 403 | 429 | 503) {
        return false;
    }
    let page = String::from_utf8_lossy(&body[..body.len().min(MAX_PAGE)]).to_lowercase();
    // Cloudflare's codes of refusals are 1000 to 1099, e.g. 1010 for a program that it takes for a robot.
    let is_code = |rest: &str| {
        let digits: Vec<char> = rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
        matches!(digits[..], ['1', '0', _, _])
    };
    page.match_indices("error code:").any(|(at, mark)| is_code(&page[at + mark.len()..]))
        || BLOCK_MARKS.iter().any(|mark| page.contains(mark))
}

/// The task id in a record or in the answer to a create.
pub(crate) fn id_of(fields: &Map<String, Value>) -> Option<TaskId> {
    ["taskId", "task_id"].iter().find_map(|key| match fields.get(*key)? {
        Value::String(id) if !id.trim().is_empty() => Some(TaskId(id.trim().to_owned())),
        Value::Number(id) => Some(TaskId(id.to_string())),
        _ => None,
    })
}

/// An integer, which the vendor sends as a number or as text.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
        }),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
}

/// A number, which the vendor sends as a number or as text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(digits) => digits.trim().parse().ok(),
        _ => None,
    }
    .filter(|float: &f64| float.is_finite())
}

/// A text; null and empty text count as none, any other value as its JSON text.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(words) => (!words.trim().is_empty()).then(|| words.trim().to_owned()),
        other => Some(other.to_string()),
    }
}

/// Shortens a text of the vendor to [`MAX_MESSAGE`] characters, for logs and chats.
pub(crate) fn shorten(words: &str) -> String {
    match words.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::client::error::BLOCKED;
    use crate::client::retry::Blame;

    fn opened(status: u16, body: &str) -> Result<Value, Error> {
        open(status, None, body.as_bytes())
    }

    fn code_of(status: u16, body: &str) -> String {
        opened(status, body).unwrap_err().code()
    }

    #[test]
    fn the_body_decides_whatever_the_status() {
        assert_eq!(code_of(200, r#"{"code":401,"msg":"no"}"#), "401");
        assert_eq!(code_of(401, r#"{"code":401,"msg":"no"}"#), "401");
        assert_eq!(code_of(502, r#"{"code":422,"msg":"no","data":null}"#), "422");
        assert_eq!(opened(500, r#"{"code":200,"data":{"a":1}}"#), Ok(json!({"a":1})));
    }

    #[test]
    fn code_may_come_as_text() {
        assert_eq!(code_of(200, r#"{"code":"422","msg":"no"}"#), "422");
        assert_eq!(opened(200, r#"{"code":"200","data":5}"#), Ok(json!(5)));
        assert_eq!(opened(200, r#"{"code":200.0,"data":5}"#), Ok(json!(5)));
    }

    #[test]
    fn a_body_without_a_code_falls_back_to_the_status() {
        for body in ["", "<html>bad gateway</html>", "[]", "17", "null", "{}", r#"{"code":null}"#, r#"{"code":200"#] {
            assert_eq!(code_of(502, body), "http_502", "{body}");
            assert_eq!(code_of(200, body), "http_200", "{body}");
        }
        assert_eq!(code_of(200, r#"{"code":true}"#), "http_200");
    }

    #[test]
    fn the_page_of_a_cdn_that_refuses_is_told_from_others() {
        let refusals = [
            "error code: 1010",
            "<html><body>Error code: 1020</body></html>",
            "<!DOCTYPE html><title>Just a moment...</title>",
            "<title>Attention Required! | Cloudflare</title>",
        ];
        for page in refusals {
            for status in [403, 429, 503] {
                assert_eq!(code_of(status, page), BLOCKED, "{status} {page}");
            }
            assert_eq!(code_of(502, page), "http_502", "the host behind it did not answer");
        }
        for page in ["", "<html>are you a person?</html>", "error code: 502", "error code: 10", "error code: 10101"] {
            assert_eq!(code_of(403, page), "http_403", "{page}");
        }
        assert_eq!(code_of(403, r#"{"code":403,"msg":"error code: 1010"}"#), "403", "the vendor's own word");
        let blocked = opened(503, "error code: 1010").unwrap_err();
        assert!(blocked.is_retryable() && !blocked.money_at_risk() && !blocked.is_auth() && !blocked.is_key_refused());
        assert_eq!(blocked.blame(), Blame::Network);
        assert!(opened(429, "error code: 1015").unwrap_err().is_rate_limit());
    }

    #[test]
    fn null_and_absent_data_are_alike() {
        assert_eq!(opened(200, r#"{"code":200,"msg":"success","data":null}"#), Ok(Value::Null));
        assert_eq!(opened(200, r#"{"code":200}"#), Ok(Value::Null));
    }

    #[test]
    fn the_message_is_msg_or_message() {
        let message = |body| match opened(200, body) {
            Err(Error::Api { message, .. }) => message,
            other => panic!("{other:?}"),
        };
        assert_eq!(message(r#"{"code":1,"msg":"a","message":"b"}"#), "a");
        assert_eq!(message(r#"{"code":1,"msg":"","message":"b"}"#), "b");
        assert_eq!(message(r#"{"code":1,"msg":null}"#), "no reason given");
        assert_eq!(message(r#"{"code":1,"msg":{"field":"x"}}"#), r#"{"field":"x"}"#);
        let long = format!(r#"{{"code":1,"msg":"{}"}}"#, "я".repeat(2000));
        assert_eq!(message(&long).chars().count(), MAX_MESSAGE + 1);
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_value_or_an_error(status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = open(status, None, &body);
        }

        #[test]
        fn any_code_and_message_give_a_value_or_an_error(code in "[-0-9.eE\"a-z]{1,12}", msg in ".*") {
            let body = format!(r#"{{"code":{code},"msg":{}}}"#, json!(msg));
            let _ = open(200, None, body.as_bytes());
        }
    }
}
