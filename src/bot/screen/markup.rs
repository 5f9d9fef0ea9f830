//! What a message has below its text, in the Bot API's form. teloxide's buttons have no styles.

use serde::Serialize;
use teloxide::types::{ForceReply, InlineKeyboardButton};

/// The colour of a button (Bot API 9.4, `InlineKeyboardButton.style`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Style {
    /// Green: it creates something.
    Success,
    /// Red: it takes something away.
    Danger,
}

/// What a new message has below its text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Markup {
    Keyboard(Keyboard),
    /// Opens a reply to the message.
    ForceReply(ForceReply),
}

/// Buttons in rows.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub(crate) struct Keyboard {
    pub(super) inline_keyboard: Vec<Vec<StyledButton>>,
}

/// A button with its style.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct StyledButton {
    #[serde(flatten)]
    pub(super) button: InlineKeyboardButton,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) style: Option<Style>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_styled_button_is_one_object() {
        let button = InlineKeyboardButton::callback("Create", "x");
        let row = vec![
            StyledButton { button: button.clone(), style: Some(Style::Success) },
            StyledButton { button, style: None },
        ];
        let markup = Markup::Keyboard(Keyboard { inline_keyboard: vec![row] });
        let expected = json!({ "inline_keyboard": [[
            { "text": "Create", "callback_data": "x", "style": "success" },
            { "text": "Create", "callback_data": "x" },
        ]] });
        assert_eq!(serde_json::to_value(markup).unwrap(), expected);
        let asked = serde_json::to_value(Markup::ForceReply(ForceReply::new().selective())).unwrap();
        assert_eq!((&asked["force_reply"], &asked["selective"]), (&json!(true), &json!(true)));
    }
}
