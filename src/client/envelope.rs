//! The envelope of every answer: `{"code": 200, "msg": "success", "data": ...}`.
//!
//! The HTTP status is nearly always 200, also for errors. So the body is read first: the envelope's `code` decides, and
//! the HTTP status counts only for a body without an envelope (recorded traffic, 2026).

use std::time::Duration;

use serde_json::{Map, Value};

use crate::client::error::Error;
use crate::job::TaskId;

/// The longest message that is kept, in characters.
const MAX_MESSAGE: usize = 500;

/// Reads an answer: the `data` of code 200, or of 0 where there is any ([`Value::Null`] when it is null or absent), or the error of another code.
///
/// # Errors
/// [`Error::Api`] for any other code, [`Error::Http`] for a body that is no envelope.
pub fn open(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Result<Value, Error> {
    let no_envelope = Error::Http { status, retry_after };
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
