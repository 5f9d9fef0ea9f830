//! Inline keyboards, with the checks of the real server.

use serde_json::Value;

use super::error::ApiError;
use super::message::InlineButton;

/// The inline keyboard of a `reply_markup`; empty for other kinds of keyboards.
///
/// # Errors
/// The Bot API's error when the keyboard is invalid.
pub(super) fn inline(markup: Option<&Value>) -> Result<Vec<Vec<InlineButton>>, ApiError> {
    let Some(rows) = markup.and_then(|m| m.get("inline_keyboard")) else { return Ok(Vec::new()) };
    let wrong = || ApiError::bad("object expected as reply markup");
    let rows = rows.as_array().ok_or_else(wrong)?;
    let read = |row: &Value| row.as_array().ok_or_else(wrong)?.iter().map(button).collect::<Result<Vec<_>, _>>();
    let rows = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if rows.iter().map(Vec::len).sum::<usize>() > 100 || rows.iter().any(|row| row.len() > 8) {
        return Err(ApiError::bad("REPLY_MARKUP_TOO_LONG"));
    }
    Ok(rows.into_iter().filter(|row| !row.is_empty()).collect())
}

fn button(value: &Value) -> Result<InlineButton, ApiError> {
    let word = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let text = word("text").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(ApiError::bad("can't parse inline keyboard button: Field \"text\" must be non-empty"));
    }
    let (data, url) = (word("callback_data"), word("url"));
    if data.as_ref().is_some_and(|data| data.is_empty() || data.len() > 64) {
        return Err(ApiError::bad("BUTTON_DATA_INVALID"));
    }
    if url.as_ref().is_some_and(|url| url::Url::parse(url).is_err()) {
        return Err(ApiError::bad("BUTTON_URL_INVALID"));
    }
    let others =
        ["web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat", "copy_text", "pay"];
    if data.is_none() && url.is_none() && others.into_iter().all(|name| value.get(name).is_none()) {
        let what = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
        return Err(ApiError::bad(what));
    }
    Ok(InlineButton { text, data, url })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(button: &Value) -> Result<Vec<Vec<InlineButton>>, ApiError> {
        inline(Some(&json!({ "inline_keyboard": [[button]] })))
    }

    #[test]
    fn callback_data_holds_64_bytes() {
        assert!(one(&json!({ "text": "a", "callback_data": "я".repeat(32) })).is_ok());
        let refused = one(&json!({ "text": "a", "callback_data": "я".repeat(33) })).unwrap_err();
        assert_eq!(refused.description, "Bad Request: BUTTON_DATA_INVALID");
        assert!(one(&json!({ "text": " ", "callback_data": "x" })).is_err());
        assert!(one(&json!({ "text": "a" })).is_err());
        assert!(inline(Some(&json!({ "force_reply": true }))).unwrap().is_empty());
    }
}
