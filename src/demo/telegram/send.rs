//! Methods that put messages into a chat.

use std::time::Duration;

use serde_json::{Value, json};

use super::args::Args;
use super::error::{ApiError, ApiResult};
use super::message::{Entity, Media, MediaKind, Message};
use super::world::World;
use super::{html, markup};

/// Characters of a message.
pub(super) const LONGEST_TEXT: usize = 4096;
/// Characters of a caption.
pub(super) const LONGEST_CAPTION: usize = 1024;
/// A chat action is shown for so long (Bot API: "5 seconds or less").
const ACTION: Duration = Duration::from_secs(5);

/// A text with its formatting, whitespace around it taken off.
pub(super) fn formatted(
    source: &str,
    mode: Option<&str>,
    given: Option<&Value>,
) -> Result<(String, Vec<Entity>), ApiError> {
    match mode.filter(|mode| !mode.is_empty()) {
        None => {
            let entities = given.and_then(|list| serde_json::from_value(list.clone()).ok()).unwrap_or_default();
            Ok((source.trim_end().to_owned(), entities))
        }
        Some(mode) if mode.eq_ignore_ascii_case("html") => {
            let (text, entities) = html::parse(source)?;
            Ok((text.trim_end().to_owned(), entities))
        }
        // The simulator speaks HTML only.
        Some(_) => Err(ApiError::bad("unsupported parse_mode")),
    }
}

fn text_of(args: &Args) -> Result<(String, Vec<Entity>), ApiError> {
    let given = args.json("entities")?;
    let mode = args.text("parse_mode");
    let (text, entities) = formatted(&args.text("text").unwrap_or_default(), mode.as_deref(), given.as_ref())?;
    if text.is_empty() {
        return Err(ApiError::bad("message text is empty"));
    }
    Ok((text, entities))
}

pub(super) fn caption_of(args: &Args) -> Result<(String, Vec<Entity>), ApiError> {
    let given = args.json("caption_entities")?;
    caption(&args.text("caption").unwrap_or_default(), args.text("parse_mode").as_deref(), given.as_ref())
}

fn caption(source: &str, mode: Option<&str>, given: Option<&Value>) -> Result<(String, Vec<Entity>), ApiError> {
    let (text, entities) = formatted(source, mode, given)?;
    if text.chars().count() > LONGEST_CAPTION {
        return Err(ApiError::bad("message caption is too long"));
    }
    Ok((text, entities))
}

/// New text for an edit; the message of the limit differs from that of a new message.
pub(super) fn edited_text(args: &Args) -> Result<(String, Vec<Entity>), ApiError> {
    let (text, entities) = text_of(args)?;
    if text.chars().count() > LONGEST_TEXT {
        return Err(ApiError::bad("MESSAGE_TOO_LONG"));
    }
    Ok((text, entities))
}

/// Keyboard and reply of a new message.
fn dress(args: &Args, message: &mut Message) -> Result<(), ApiError> {
    let given = args.json("reply_markup")?;
    message.buttons = markup::inline(given.as_ref())?;
    message.markup = given.filter(|_| !message.buttons.is_empty());
    let reply = args.json("reply_parameters")?;
    message.reply_to = reply.and_then(|r| r.get("message_id")?.as_i64()).and_then(|id| i32::try_from(id).ok());
    Ok(())
}

fn put(world: &World, messages: Vec<Message>) -> Result<Vec<Value>, ApiError> {
    let mut state = world.state();
    let mut shown = Vec::new();
    for message in messages {
        let room = state.writable(message.chat)?;
        if let Some(id) = message.reply_to
            && !room.messages.iter().any(|m| m.id == id && !m.deleted)
        {
            return Err(ApiError::bad("message to be replied not found"));
        }
        let message = state.append(message);
        shown.push(world.show(&state, &message));
    }
    drop(state);
    world.touch();
    Ok(shown)
}

fn put_one(world: &World, message: Message) -> ApiResult {
    Ok(put(world, vec![message])?.pop().unwrap_or(Value::Null))
}

pub(super) fn send_message(world: &World, args: &Args) -> ApiResult {
    let mut message = world.draft(args.chat()?, true);
    (message.text, message.entities) = text_of(args)?;
    if message.text.chars().count() > LONGEST_TEXT {
        return Err(ApiError::bad("message is too long"));
    }
    dress(args, &mut message)?;
    put_one(world, message)
}

pub(super) async fn send_media(world: &World, kind: MediaKind, args: &Args) -> ApiResult {
    let mut message = world.draft(args.chat()?, true);
    world.state().writable(message.chat)?;
    (message.text, message.entities) = caption_of(args)?;
    dress(args, &mut message)?;
    let mut media = world.incoming(kind, args.file(kind.word())).await?;
    complete(&mut media, args);
    message.media = Some(media);
    put_one(world, message)
}

/// Sizes and lengths that the bot told.
fn complete(media: &mut Media, args: &Args) {
    let number = |name: &str| args.int(name).and_then(|n| u32::try_from(n).ok());
    if matches!(media.kind, MediaKind::Video | MediaKind::Animation) {
        media.width = media.width.or(number("width"));
        media.height = media.height.or(number("height"));
    }
    if !matches!(media.kind, MediaKind::Photo | MediaKind::Document) {
        media.seconds = media.seconds.or(number("duration").map(f64::from));
    }
}

pub(super) async fn send_album(world: &World, args: &Args) -> ApiResult {
    let chat = args.chat()?;
    world.state().writable(chat)?;
    let Some(Value::Array(items)) = args.json("media")? else { return Err(ApiError::bad("media must be an array")) };
    if items.is_empty() || items.len() > 10 {
        return Err(ApiError::bad("Too much messages to send as an album"));
    }
    let album = format!("{}{:04}", world.now().millis(), world.state().change() % 10_000);
    let mut messages = Vec::new();
    for item in &items {
        let word = |name: &str| item.get(name).and_then(Value::as_str);
        let kind = word("type").and_then(MediaKind::from_word).ok_or_else(|| ApiError::bad("wrong type of media"))?;
        let mut message = world.draft(chat, true);
        let given = item.get("caption_entities");
        (message.text, message.entities) = caption(word("caption").unwrap_or_default(), word("parse_mode"), given)?;
        dress(args, &mut message)?;
        message.media = Some(world.incoming(kind, word("media").and_then(|text| args.resolve(text))).await?);
        message.album = Some(album.clone());
        messages.push(message);
    }
    let kinds =
        |wanted: fn(MediaKind) -> bool| messages.iter().all(|m| m.media.as_ref().is_some_and(|m| wanted(m.kind)));
    let same = kinds(|k| matches!(k, MediaKind::Photo | MediaKind::Video))
        || kinds(|k| k == MediaKind::Audio)
        || kinds(|k| k == MediaKind::Document);
    if !same {
        return Err(ApiError::bad("can't mix media of these types in one album"));
    }
    Ok(Value::Array(put(world, messages)?))
}

pub(super) fn chat_action(world: &World, args: &Args) -> ApiResult {
    let chat = args.chat()?;
    let action = args
        .text("action")
        .filter(|a| !a.is_empty())
        .ok_or_else(|| ApiError::bad("wrong parameter action in request"))?;
    let until = world.now() + ACTION;
    let mut state = world.state();
    state.writable(chat)?.action = Some((action, until));
    drop(state);
    world.touch();
    Ok(json!(true))
}
