//! Methods that change messages, and the answer to a press.

use serde_json::{Value, json};

use super::args::Args;
use super::error::{ApiError, ApiResult};
use super::message::{MediaKind, Message};
use super::world::{Answer, World};
use super::{markup, send};

const SAME: &str = "message is not modified: specified new message content and reply markup are exactly the same as a \
                    current content and reply markup of the message";

/// Finds the bot's own message, lets `change` work on a copy, and keeps the copy if it differs.
fn edit(world: &World, args: &Args, change: impl FnOnce(&mut Message) -> Result<(), ApiError>) -> ApiResult {
    let (chat, id) = (args.chat()?, args.message_id()?);
    let given = args.json("reply_markup")?;
    let buttons = markup::inline(given.as_ref())?;
    let mut state = world.state();
    let room = state.writable(chat)?;
    let found = room.messages.iter().position(|m| m.id == id && !m.deleted);
    let at = found.ok_or_else(|| ApiError::bad("message to edit not found"))?;
    let old = room.messages[at].clone();
    if !old.from_bot {
        return Err(ApiError::bad("message can't be edited"));
    }
    let mut new = old.clone();
    change(&mut new)?;
    // An edit that names no keyboard takes the old one away.
    new.markup = given.filter(|_| !buttons.is_empty());
    new.buttons = buttons;
    if new == old {
        return Err(ApiError::bad(SAME));
    }
    new.edits += 1;
    new.edited = Some(world.now().millis() / 1000);
    new.revision = state.change();
    let shown = world.show(&state, &new);
    if let Some(room) = state.rooms.get_mut(&chat) {
        room.messages[at] = new;
    }
    drop(state);
    world.touch();
    Ok(shown)
}

pub(super) fn text(world: &World, args: &Args) -> ApiResult {
    let (text, entities) = send::edited_text(args)?;
    edit(world, args, |message| {
        if message.media.is_some() {
            return Err(ApiError::bad("there is no text in the message to edit"));
        }
        (message.text, message.entities) = (text, entities);
        Ok(())
    })
}

pub(super) fn caption(world: &World, args: &Args) -> ApiResult {
    let (text, entities) = send::caption_of(args)?;
    edit(world, args, |message| {
        if message.media.is_none() {
            return Err(ApiError::bad("there is no caption in the message to edit"));
        }
        (message.text, message.entities) = (text, entities);
        Ok(())
    })
}

pub(super) fn keyboard(world: &World, args: &Args) -> ApiResult {
    edit(world, args, |_| Ok(()))
}

pub(super) async fn media(world: &World, args: &Args) -> ApiResult {
    let item = args.json("media")?.ok_or_else(|| ApiError::bad("media is empty"))?;
    let word = |name: &str| item.get(name).and_then(Value::as_str);
    let kind = word("type").and_then(MediaKind::from_word).ok_or_else(|| ApiError::bad("wrong type of media"))?;
    let (text, entities) =
        send::formatted(word("caption").unwrap_or_default(), word("parse_mode"), item.get("caption_entities"))?;
    if text.chars().count() > send::LONGEST_CAPTION {
        return Err(ApiError::bad("message caption is too long"));
    }
    let media = world.incoming(kind, word("media").and_then(|text| args.resolve(text))).await?;
    edit(world, args, |message| {
        (message.text, message.entities, message.media) = (text, entities, Some(media));
        Ok(())
    })
}

/// Takes messages away. The user's own can be deleted too in a private chat.
pub(super) fn delete(world: &World, args: &Args) -> ApiResult {
    let chat = args.chat()?;
    let ids: Vec<i32> = match args.json("message_ids")? {
        Some(Value::Array(ids)) => ids.iter().filter_map(|id| i32::try_from(id.as_i64()?).ok()).collect(),
        _ => vec![args.message_id()?],
    };
    let mut state = world.state();
    let revision = state.change();
    let room = state.writable(chat)?;
    let mut gone = 0;
    for message in room.messages.iter_mut().filter(|m| ids.contains(&m.id) && !m.deleted) {
        message.deleted = true;
        message.revision = revision;
        gone += 1;
    }
    drop(state);
    world.touch();
    if gone == 0 { Err(ApiError::bad("message to delete not found")) } else { Ok(json!(true)) }
}

/// `answerCallbackQuery`: a press must be answered in time, or the button goes on spinning.
pub(super) fn answer(world: &World, args: &Args) -> ApiResult {
    let id = args.text("callback_query_id").unwrap_or_default();
    let text = args.text("text").unwrap_or_default();
    if text.chars().count() > 200 {
        return Err(ApiError::bad("MESSAGE_TOO_LONG"));
    }
    let now = world.now();
    let mut state = world.state();
    let revision = state.change();
    let in_time = |at| now.since(at) <= world.options.callback_life;
    let query = state
        .callbacks
        .iter_mut()
        .find(|query| query.id == id && in_time(query.at))
        .ok_or_else(|| ApiError::bad("query is too old and response timeout expired or query ID is invalid"))?;
    query.answer = Some(Answer { text, alert: args.flag("show_alert"), at: now });
    query.revision = revision;
    drop(state);
    world.touch();
    Ok(json!(true))
}
