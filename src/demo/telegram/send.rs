//! Methods that send messages.

use std::time::Duration;

use serde_json::{Value, json};

use super::args::{Args, FileArg};
use super::chat_file::{ChatFile, ChatFileKind};
use super::error::{ApiError, ApiResult};
use super::message::{Entity, Message};
use super::simulator::TelegramSimulator;
use super::{ephemeral, html, markup};

/// The most characters of a message.
pub(super) const MAX_TEXT: usize = 4096;
/// The most characters of a caption.
pub(super) const MAX_CAPTION: usize = 1024;
/// How long a chat action is shown (Bot API: "5 seconds or less").
const ACTION_TIME: Duration = Duration::from_secs(5);

/// A text without trailing whitespace, and its formatting.
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
        // The simulator supports HTML only.
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
    if text.chars().count() > MAX_CAPTION {
        return Err(ApiError::bad("message caption is too long"));
    }
    Ok((text, entities))
}

/// The text of an edit. Its error for a long text differs from that of a new message.
pub(super) fn edited_text(args: &Args) -> Result<(String, Vec<Entity>), ApiError> {
    let (text, entities) = text_of(args)?;
    if text.chars().count() > MAX_TEXT {
        return Err(ApiError::bad("MESSAGE_TOO_LONG"));
    }
    Ok((text, entities))
}

/// Sets where a new message goes: its topic, the message that it replies to, the only person who sees it; and its
/// keyboard.
pub(super) fn address(sim: &TelegramSimulator, args: &Args, message: &mut Message) -> Result<(), ApiError> {
    let given = args.json("reply_markup")?;
    let mut state = sim.state();
    let support = state.key_support;
    message.buttons = markup::inline(given.as_ref(), support)?;
    message.force_reply = markup::force_reply(given.as_ref(), support)?;
    message.markup = given.filter(|_| !message.buttons.is_empty());
    message.ephemeral = ephemeral::of_args(sim, &state, args, message.chat)?;
    let chat = state.writable(message.chat)?;
    message.topic = args.int("message_thread_id").and_then(|id| i32::try_from(id).ok());
    let reply = args.json("reply_parameters")?.unwrap_or_default();
    if let Some(id) = reply["message_id"].as_i64().and_then(|id| i32::try_from(id).ok()) {
        match chat.message(id) {
            Some(answered) => {
                message.reply_to = Some(id);
                message.topic = message.topic.or(answered.topic);
            }
            None if reply["allow_sending_without_reply"] == true => {}
            None => return Err(ApiError::bad("message to be replied not found")),
        }
    }
    chat.check_topic(message.topic)
}

fn append_all(sim: &TelegramSimulator, messages: Vec<Message>) -> Result<Vec<Value>, ApiError> {
    let mut state = sim.state();
    let mut shown = Vec::new();
    for message in messages {
        state.writable(message.chat)?;
        let message = state.append(message);
        shown.push(sim.message_json(&state, &message));
    }
    drop(state);
    sim.notify_changed();
    Ok(shown)
}

pub(super) fn append_one(sim: &TelegramSimulator, message: Message) -> ApiResult {
    Ok(append_all(sim, vec![message])?.pop().unwrap_or(Value::Null))
}

pub(super) fn send_message(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let mut message = sim.new_message(args.chat()?, true);
    (message.text, message.entities) = text_of(args)?;
    if message.text.chars().count() > MAX_TEXT {
        return Err(ApiError::bad("message is too long"));
    }
    address(sim, args, &mut message)?;
    append_one(sim, message)
}

pub(super) async fn send_media(sim: &TelegramSimulator, kind: ChatFileKind, args: &Args) -> ApiResult {
    let mut message = sim.new_message(args.chat()?, true);
    sim.state().writable(message.chat)?;
    (message.text, message.entities) = caption_of(args)?;
    address(sim, args, &mut message)?;
    let mut media = sim.resolve_file(kind, args.file(kind.word())).await?;
    set_dimensions(&mut media, args);
    // One by id or URL is ignored (Bot API, "Sending files").
    if let Some(FileArg::Part(thumbnail)) = args.file("thumbnail") {
        media.thumbnail = Some(thumbnail.body);
    }
    message.media = Some(media);
    append_one(sim, message)
}

/// Sets dimensions and length from the method's arguments, where the file does not tell them.
fn set_dimensions(media: &mut ChatFile, args: &Args) {
    let number = |name: &str| args.int(name).and_then(|n| u32::try_from(n).ok());
    if matches!(media.kind, ChatFileKind::Video | ChatFileKind::Animation) {
        media.width = media.width.or(number("width"));
        media.height = media.height.or(number("height"));
    }
    if !matches!(media.kind, ChatFileKind::Photo | ChatFileKind::Document) {
        media.seconds = media.seconds.or(number("duration").map(f64::from));
    }
}

pub(super) async fn send_album(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let chat = args.chat()?;
    sim.state().writable(chat)?;
    let Some(Value::Array(items)) = args.json("media")? else { return Err(ApiError::bad("media must be an array")) };
    if items.is_empty() || items.len() > 10 {
        return Err(ApiError::bad("Too much messages to send as an album"));
    }
    let album = sim.new_album();
    let mut messages = Vec::new();
    for item in &items {
        let word = |name: &str| item.get(name).and_then(Value::as_str);
        let kind =
            word("type").and_then(ChatFileKind::from_word).ok_or_else(|| ApiError::bad("wrong type of media"))?;
        let mut message = sim.new_message(chat, true);
        let given = item.get("caption_entities");
        (message.text, message.entities) = caption(word("caption").unwrap_or_default(), word("parse_mode"), given)?;
        address(sim, args, &mut message)?;
        message.media = Some(sim.resolve_file(kind, word("media").and_then(|text| args.resolve(text))).await?);
        message.album = Some(album.clone());
        messages.push(message);
    }
    let kinds =
        |wanted: fn(ChatFileKind) -> bool| messages.iter().all(|m| m.media.as_ref().is_some_and(|m| wanted(m.kind)));
    let same = kinds(|k| matches!(k, ChatFileKind::Photo | ChatFileKind::Video))
        || kinds(|k| k == ChatFileKind::Audio)
        || kinds(|k| k == ChatFileKind::Document);
    if !same {
        return Err(ApiError::bad("can't mix media of these types in one album"));
    }
    Ok(Value::Array(append_all(sim, messages)?))
}

pub(super) fn chat_action(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let chat = args.chat()?;
    let action = args
        .text("action")
        .filter(|a| !a.is_empty())
        .ok_or_else(|| ApiError::bad("wrong parameter action in request"))?;
    let until = sim.now() + ACTION_TIME;
    let mut state = sim.state();
    state.writable(chat)?.action = Some((action, until));
    drop(state);
    sim.notify_changed();
    Ok(json!(true))
}
