//! Ephemeral messages, which one person of a group sees alone:
//! <https://core.telegram.org/bots/api#ephemeral-messages-and-commands>. The texts of refusals are the simulator's own.

use std::time::Duration;

use serde_json::json;

use super::args::Args;
use super::chat::ChatHandle;
use super::error::{ApiError, ApiResult};
use super::markup::{self, KeySupport};
use super::message::{Ephemeral, Message};
use super::simulator::{TelegramSimulator, command_entity};
use super::state::TelegramState;
use super::{edit, send};

/// How long after a press or an ephemeral command of the person a bot may answer that is no administrator.
const REPLY_WINDOW: Duration = Duration::from_secs(15);

/// What the arguments of a method that sends say of the only person who sees the message.
///
/// # Errors
/// When the bot may not write to this person so.
pub(super) fn of_args(
    sim: &TelegramSimulator,
    state: &TelegramState,
    args: &Args,
    chat_id: i64,
) -> Result<Option<Ephemeral>, ApiError> {
    let Some(given) = args.json("ephemeral_message_parameters")? else { return Ok(None) };
    match state.key_support {
        KeySupport::Current => {}
        KeySupport::Ignored => return Ok(None),
        KeySupport::Refused => return Err(markup::unknown_key("parameters", "ephemeral_message_parameters")),
    }
    let chat = state.chats.get(&chat_id).ok_or_else(|| ApiError::bad("chat not found"))?;
    let group = chat.group.as_ref().ok_or_else(|| ApiError::bad("ephemeral messages can be sent only in groups"))?;
    let receiver = given["receiver_user_id"].as_i64().ok_or_else(|| ApiError::bad("receiver user not found"))?;
    if !group.members.get(&receiver).is_some_and(|member| member.status.is_inside()) {
        return Err(ApiError::bad("receiver user not found"));
    }
    let is_recent = |at| sim.now().since(at) <= REPLY_WINDOW;
    let query = given["callback_query_id"].as_str();
    let query = query.and_then(|id| state.callbacks.iter().find(|query| query.id == id));
    let has_pressed = query.is_some_and(|query| query.user == receiver && query.chat == chat_id && is_recent(query.at));
    let reply = args.json("reply_parameters")?.unwrap_or_default();
    let command = reply["ephemeral_message_id"].as_i64();
    let is_command = |message: &&Message| {
        let id = message.ephemeral.map(|ephemeral| i64::from(ephemeral.id));
        !message.from_bot && message.sender == receiver && id.is_some() && id == command
    };
    let command = chat.messages.iter().find(is_command);
    let now = sim.now().millis() / 1000;
    let has_asked = command.is_some_and(|message| now - message.date <= REPLY_WINDOW.as_secs() as i64);
    if !has_pressed && !has_asked && !chat.is_bot_admin() {
        return Err(ApiError::bad("no eligible action of the receiver in the last 15 seconds"));
    }
    let is_replacing = given["replace_callback_query_message"] == true;
    let replaces = query.filter(|_| is_replacing).map(|query| query.message);
    if replaces.is_some_and(|message| message < 0) {
        return Err(ApiError::bad("an ephemeral message can't be replaced"));
    }
    Ok(Some(Ephemeral { receiver, id: 0, replaces }))
}

/// Applies `change` to the ephemeral message that the arguments name.
fn change(
    sim: &TelegramSimulator,
    args: &Args,
    change: impl FnOnce(&mut Message, KeySupport) -> Result<(), ApiError>,
) -> ApiResult {
    let chat = args.chat()?;
    let (receiver, id) = (args.int("receiver_user_id"), args.int("ephemeral_message_id"));
    let mut state = sim.state();
    let support = state.key_support;
    if support != KeySupport::Current {
        return Err(ApiError::new(404, "Not Found: method not found"));
    }
    let revision = state.change();
    let chat = state.writable(chat)?;
    let is_named = |message: &&mut Message| {
        let named = message.ephemeral.map(|ephemeral| (Some(ephemeral.receiver), Some(i64::from(ephemeral.id))));
        message.from_bot && !message.deleted && named == Some((receiver, id))
    };
    let found = chat.messages.iter_mut().find(is_named).ok_or_else(|| ApiError::bad("message to edit not found"))?;
    change(found, support)?;
    found.revision = revision;
    drop(state);
    sim.notify_changed();
    Ok(json!(true))
}

/// `editEphemeralMessageText`, and `editEphemeralMessageReplyMarkup`.
pub(super) fn edit(sim: &TelegramSimulator, method: &str, args: &Args) -> ApiResult {
    let text = if method.ends_with("text") { Some(send::edited_text(args)?) } else { None };
    let given = args.json("reply_markup")?;
    change(sim, args, |message, support| {
        let old = message.clone();
        if let Some(text) = text {
            (message.text, message.entities) = text;
        }
        message.buttons = markup::inline(given.as_ref(), support)?;
        message.markup = given.filter(|_| !message.buttons.is_empty());
        if *message == old {
            return Err(ApiError::bad(edit::NOT_MODIFIED));
        }
        message.edits += 1;
        Ok(())
    })
}

/// `deleteEphemeralMessage`.
pub(super) fn delete(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    change(sim, args, |message, _| {
        message.deleted = true;
        Ok(())
    })
}

impl ChatHandle {
    /// Sends an ephemeral command, which the bot alone sees; returns the message's id in the simulator.
    pub fn send_ephemeral(&self, text: &str) -> i32 {
        let receiver = self.user().id;
        self.post(|message| {
            message.text = text.to_owned();
            message.entities = command_entity(text);
            message.ephemeral = Some(Ephemeral { receiver, id: 0, replaces: None });
        })
    }

    /// Lets the client forget an ephemeral message, as it may do at any time. The bot is not told.
    pub fn forget(&self, message: i32) {
        let mut state = self.sim.state();
        let revision = state.change();
        let chat = state.chats.get_mut(&self.id());
        let found = chat.and_then(|chat| chat.messages.iter_mut().find(|m| m.id == message && m.ephemeral.is_some()));
        if let Some(message) = found {
            (message.deleted, message.revision) = (true, revision);
        }
        drop(state);
        self.sim.notify_changed();
    }
}
