//! Methods that edit and delete messages, and `answerCallbackQuery`.

use serde_json::{Value, json};

use super::args::Args;
use super::chat_file::ChatFileKind;
use super::error::{ApiError, ApiResult};
use super::message::Message;
use super::simulator::TelegramSimulator;
use super::state::CallbackAnswer;
use super::{markup, send};

pub(super) const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the same as a \
                    current content and reply markup of the message";

/// Applies `change` to a copy of one of the bot's messages, and stores the copy if it differs.
fn edit(sim: &TelegramSimulator, args: &Args, change: impl FnOnce(&mut Message) -> Result<(), ApiError>) -> ApiResult {
    let (chat_id, id) = (args.chat()?, args.message_id()?);
    let given = args.json("reply_markup")?;
    let mut state = sim.state();
    let buttons = markup::inline(given.as_ref(), state.key_support)?;
    let chat = state.writable(chat_id)?;
    let found = chat.messages.iter().position(|m| m.id == id && !m.deleted && m.ephemeral.is_none());
    let at = found.ok_or_else(|| ApiError::bad("message to edit not found"))?;
    let old = chat.messages[at].clone();
    if !old.from_bot {
        return Err(ApiError::bad("message can't be edited"));
    }
    let mut new = old.clone();
    change(&mut new)?;
    // An edit without a keyboard removes the old one.
    new.markup = given.filter(|_| !buttons.is_empty());
    new.buttons = buttons;
    if new == old {
        return Err(ApiError::bad(NOT_MODIFIED));
    }
    new.edits += 1;
    new.edited = Some(sim.now().millis() / 1000);
    new.revision = state.change();
    let shown = sim.message_json(&state, &new);
    if let Some(chat) = state.chats.get_mut(&chat_id) {
        chat.messages[at] = new;
    }
    drop(state);
    sim.notify_changed();
    Ok(shown)
}

pub(super) fn text(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let (text, entities) = send::edited_text(args)?;
    edit(sim, args, |message| {
        if message.media.is_some() {
            return Err(ApiError::bad("there is no text in the message to edit"));
        }
        (message.text, message.entities) = (text, entities);
        Ok(())
    })
}

pub(super) fn caption(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let (text, entities) = send::caption_of(args)?;
    edit(sim, args, |message| {
        if message.media.is_none() {
            return Err(ApiError::bad("there is no caption in the message to edit"));
        }
        (message.text, message.entities) = (text, entities);
        Ok(())
    })
}

pub(super) fn keyboard(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    edit(sim, args, |_| Ok(()))
}

pub(super) async fn media(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let item = args.json("media")?.ok_or_else(|| ApiError::bad("media is empty"))?;
    let word = |name: &str| item.get(name).and_then(Value::as_str);
    let kind = word("type").and_then(ChatFileKind::from_word).ok_or_else(|| ApiError::bad("wrong type of media"))?;
    let (text, entities) =
        send::formatted(word("caption").unwrap_or_default(), word("parse_mode"), item.get("caption_entities"))?;
    if text.chars().count() > send::MAX_CAPTION {
        return Err(ApiError::bad("message caption is too long"));
    }
    let media = sim.resolve_file(kind, word("media").and_then(|text| args.resolve(text))).await?;
    edit(sim, args, |message| {
        (message.text, message.entities, message.media) = (text, entities, Some(media));
        Ok(())
    })
}

/// Deletes messages, in a private chat also the user's.
pub(super) fn delete(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let chat_id = args.chat()?;
    let ids: Vec<i32> = match args.json("message_ids")? {
        Some(Value::Array(ids)) => ids.iter().filter_map(|id| i32::try_from(id.as_i64()?).ok()).collect(),
        _ => vec![args.message_id()?],
    };
    let mut state = sim.state();
    let revision = state.change();
    let chat = state.writable(chat_id)?;
    let mut deleted = 0;
    for message in chat.messages.iter_mut().filter(|m| ids.contains(&m.id) && !m.deleted) {
        message.deleted = true;
        message.revision = revision;
        deleted += 1;
    }
    drop(state);
    sim.notify_changed();
    if deleted == 0 { Err(ApiError::bad("message to delete not found")) } else { Ok(json!(true)) }
}

/// `answerCallbackQuery`: until it is answered, the client shows the button as loading.
pub(super) fn answer(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let id = args.text("callback_query_id").unwrap_or_default();
    let text = args.text("text").unwrap_or_default();
    if text.chars().count() > 200 {
        return Err(ApiError::bad("MESSAGE_TOO_LONG"));
    }
    let now = sim.now();
    let mut state = sim.state();
    let revision = state.change();
    let in_time = |at| now.since(at) <= sim.options.callback_life;
    let query = state
        .callbacks
        .iter_mut()
        .find(|query| query.id == id && in_time(query.at))
        .ok_or_else(|| ApiError::bad("query is too old and response timeout expired or query ID is invalid"))?;
    query.answer = Some(CallbackAnswer { text, alert: args.flag("show_alert"), at: now });
    query.revision = revision;
    drop(state);
    sim.notify_changed();
    Ok(json!(true))
}
