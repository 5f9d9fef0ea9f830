//! Keyboards, with the checks of the real server.

use serde::Serialize;
use serde_json::Value;

use super::error::ApiError;

/// How a server takes keys and methods that came with Bot API 9.4 or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeySupport {
    /// It knows them.
    #[default]
    Current,
    /// It is older and passes over unknown keys of objects, as real servers do.
    Ignored,
    /// It answers 400 for them.
    Refused,
}

/// Keys of a button that every server knows.
const OLD_KEYS: [&str; 11] = [
    "text",
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];

/// The most characters that a button copies (Bot API, `CopyTextButton`).
const MAX_COPY: usize = 256;

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InlineButton {
    /// Its label.
    pub text: String,
    /// `callback_data`: what a press sends to the bot.
    pub data: Option<String>,
    /// The link that a press opens.
    pub url: Option<String>,
    /// The text that a press copies.
    pub copy_text: Option<String>,
    /// `danger` (red), `success` (green) or `primary` (blue).
    pub style: Option<String>,
    /// Shown, but it cannot be pressed.
    pub disabled: bool,
    /// Pays the invoice of its message.
    pub pay: bool,
}

impl InlineButton {
    /// The button of an invoice that has none of its own.
    pub(super) fn pay(text: String) -> Self {
        Self { text, data: None, url: None, copy_text: None, style: None, disabled: false, pay: true }
    }
}

/// A message that opens the reply line of the person's client (`ForceReply`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForceReply {
    /// Shown in the empty input field, 1-64 characters.
    pub placeholder: Option<String>,
    /// Only for those whom the text mentions, and the sender of the message that it replies to.
    pub selective: bool,
}

/// The inline keyboard of a `reply_markup`; empty for other kinds of keyboards.
///
/// # Errors
/// The Bot API's error when the keyboard is invalid.
pub(super) fn inline(markup: Option<&Value>, support: KeySupport) -> Result<Vec<Vec<InlineButton>>, ApiError> {
    let Some(rows) = markup.and_then(|m| m.get("inline_keyboard")) else { return Ok(Vec::new()) };
    let wrong = || ApiError::bad("object expected as reply markup");
    let rows = rows.as_array().ok_or_else(wrong)?;
    let read = |row: &Value| {
        row.as_array().ok_or_else(wrong)?.iter().map(|b| button(b, support)).collect::<Result<Vec<_>, _>>()
    };
    let rows = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if rows.iter().map(Vec::len).sum::<usize>() > 100 || rows.iter().any(|row| row.len() > 8) {
        return Err(ApiError::bad("REPLY_MARKUP_TOO_LONG"));
    }
    Ok(rows.into_iter().filter(|row| !row.is_empty()).collect())
}

/// The reply line that a `reply_markup` opens: of a `ForceReply`, or since Bot API 10.3 of another keyboard.
///
/// # Errors
/// The Bot API's error when the placeholder is too long, or the server refuses the newer key.
pub(super) fn force_reply(markup: Option<&Value>, support: KeySupport) -> Result<Option<ForceReply>, ApiError> {
    let Some(markup) = markup.filter(|markup| markup.get("force_reply").is_some_and(|flag| flag == true)) else {
        return Ok(None);
    };
    if markup.get("inline_keyboard").is_some() {
        match support {
            KeySupport::Current => {}
            KeySupport::Ignored => return Ok(None),
            KeySupport::Refused => return Err(unknown_key("reply markup", "force_reply")),
        }
    }
    let placeholder = markup.get("input_field_placeholder").and_then(Value::as_str).map(str::to_owned);
    if placeholder.as_ref().is_some_and(|text| text.chars().count() > 64) {
        return Err(ApiError::bad("input field placeholder is too long"));
    }
    Ok(Some(ForceReply { placeholder, selective: markup.get("selective").is_some_and(|flag| flag == true) }))
}

/// The error of a server that refuses what it does not know; its text is the simulator's own.
pub(super) fn unknown_key(object: &str, key: &str) -> ApiError {
    ApiError::bad(format!("can't parse {object}: Field \"{key}\" is unknown"))
}

fn button(value: &Value, support: KeySupport) -> Result<InlineButton, ApiError> {
    let word = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut keys = value.as_object().into_iter().flat_map(|object| object.keys());
    if support == KeySupport::Refused
        && let Some(key) = keys.find(|key| !OLD_KEYS.contains(&key.as_str()))
    {
        return Err(unknown_key("inline keyboard button", key));
    }
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
    let copy_text = value.get("copy_text").map(|copy| copy.get("text").and_then(Value::as_str).unwrap_or_default());
    if copy_text.is_some_and(|copy| copy.is_empty() || copy.chars().count() > MAX_COPY) {
        return Err(ApiError::bad("BUTTON_COPY_TEXT_INVALID"));
    }
    let is_current = support == KeySupport::Current;
    let style = word("style").filter(|_| is_current);
    if style.as_ref().is_some_and(|style| !["danger", "success", "primary"].contains(&style.as_str())) {
        return Err(ApiError::bad("can't parse inline keyboard button: invalid button style specified"));
    }
    let disabled = is_current && value.get("disabled").is_some_and(Value::is_object);
    let others = ["web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat", "pay"];
    let has_type = data.is_some() || url.is_some() || copy_text.is_some() || disabled;
    if !has_type && others.into_iter().all(|name| value.get(name).is_none()) {
        let what = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard";
        return Err(ApiError::bad(what));
    }
    let pay = value.get("pay").is_some_and(|pay| pay == true);
    Ok(InlineButton { text, data, url, copy_text: copy_text.map(str::to_owned), style, disabled, pay })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(button: &Value, support: KeySupport) -> Result<Vec<Vec<InlineButton>>, ApiError> {
        inline(Some(&json!({ "inline_keyboard": [[button]] })), support)
    }

    #[test]
    fn callback_data_holds_64_bytes() {
        let current = KeySupport::Current;
        assert!(one(&json!({ "text": "a", "callback_data": "я".repeat(32) }), current).is_ok());
        let refused = one(&json!({ "text": "a", "callback_data": "я".repeat(33) }), current).unwrap_err();
        assert_eq!(refused.description, "Bad Request: BUTTON_DATA_INVALID");
        assert!(one(&json!({ "text": " ", "callback_data": "x" }), current).is_err());
        assert!(one(&json!({ "text": "a" }), current).is_err());
        assert!(inline(Some(&json!({ "force_reply": true })), current).unwrap().is_empty());
    }

    #[test]
    fn newer_keys_depend_on_the_server() {
        let styled = json!({ "text": "a", "callback_data": "x", "style": "danger" });
        assert_eq!(one(&styled, KeySupport::Current).unwrap()[0][0].style.as_deref(), Some("danger"));
        assert_eq!(one(&styled, KeySupport::Ignored).unwrap()[0][0].style, None);
        assert!(one(&styled, KeySupport::Refused).unwrap_err().description.contains("style"));
        assert!(one(&json!({ "text": "a", "callback_data": "x", "style": "pink" }), KeySupport::Current).is_err());
        let disabled = json!({ "text": "a", "disabled": {} });
        assert!(one(&disabled, KeySupport::Current).unwrap()[0][0].disabled);
        assert!(one(&disabled, KeySupport::Ignored).unwrap_err().description.contains("Text buttons"));
        let copy = |text: &str| one(&json!({ "text": "a", "copy_text": { "text": text } }), KeySupport::Refused);
        assert_eq!(copy("b").unwrap()[0][0].copy_text.as_deref(), Some("b"));
        assert!(copy("").is_err() && copy(&"x".repeat(257)).is_err());
        let keyboard = json!({ "inline_keyboard": [[styled]], "force_reply": true });
        assert!(force_reply(Some(&keyboard), KeySupport::Current).unwrap().is_some());
        assert!(force_reply(Some(&keyboard), KeySupport::Ignored).unwrap().is_none());
        assert!(force_reply(Some(&keyboard), KeySupport::Refused).is_err());
        assert!(force_reply(Some(&json!({ "force_reply": true })), KeySupport::Refused).unwrap().is_some());
    }
}
