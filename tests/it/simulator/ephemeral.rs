//! Ephemeral messages of the simulated Telegram.

use std::sync::Arc;
use std::time::Duration;

use kie::clock::{ManualClock, Timestamp};
use kie::demo::telegram::{ChatMemberStatus, KeySupport, SimTelegramOptions, TelegramUser};
use serde_json::{Value, json};

use super::raw::RawBot;

const GROUP: i64 = -1_000_000_000_305;

fn to_21(parameters: &Value) -> Value {
    let mut parameters = parameters.clone();
    parameters["receiver_user_id"] = json!(21);
    let keyboard = json!({ "inline_keyboard": [[{ "text": "mine", "callback_data": "m" }]] });
    json!({ "chat_id": GROUP, "text": "a", "ephemeral_message_parameters": parameters, "reply_markup": keyboard })
}

#[tokio::test]
async fn one_person_sees_it_within_the_window() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_790_000_000_000)));
    let bot = RawBot::with(SimTelegramOptions { clock: clock.clone(), ..SimTelegramOptions::default() }).await;
    let owner = bot.sim.supergroup(GROUP, TelegramUser::new(21));
    let other = owner.as_member(TelegramUser::new(22));
    let keyboard = json!({ "inline_keyboard": [[{ "text": "open", "callback_data": "o" }]] });
    let open = json!({ "chat_id": GROUP, "text": "Open?", "reply_markup": keyboard });
    bot.result("sendMessage", open).await;
    // Without a recent action of the person only an administrator may.
    assert_eq!(bot.refusal("sendMessage", to_21(&json!({}))).await.0, 400);
    let foreign = other.press("open").unwrap();
    assert_eq!(bot.refusal("sendMessage", to_21(&json!({ "callback_query_id": foreign }))).await.0, 400);
    let press = owner.press("open").unwrap();
    let sent = bot.result("sendMessage", to_21(&json!({ "callback_query_id": press }))).await;
    assert_eq!((&sent["message_id"], &sent["receiver_user"]["id"]), (&json!(0), &json!(21)));
    let id = sent["ephemeral_message_id"].clone();
    assert!(owner.view().button("mine").is_some() && other.view().button("mine").is_none());
    owner.press("mine").unwrap();
    let updates = bot.updates().await;
    assert_eq!(updates.last().unwrap()["callback_query"]["message"]["ephemeral_message_id"], id);

    // It is edited at any time, and by its own methods alone.
    clock.advance(Duration::from_secs(16));
    assert_eq!(bot.refusal("sendMessage", to_21(&json!({ "callback_query_id": press }))).await.0, 400);
    let named = json!({ "chat_id": GROUP, "receiver_user_id": 21, "ephemeral_message_id": id, "text": "b" });
    assert_eq!(bot.result("editEphemeralMessageText", named.clone()).await, true);
    assert_eq!(owner.view().last().unwrap().text, "b");
    let plain = json!({ "chat_id": GROUP, "message_id": id, "text": "c" });
    let mut strange = named.clone();
    strange["receiver_user_id"] = json!(22);
    assert_eq!(bot.refusal("editEphemeralMessageText", strange).await.0, 400);
    bot.result("editMessageText", plain).await;
    assert_eq!(owner.view().last().unwrap().text, "b", "the number is that of another message");
    bot.result("deleteEphemeralMessage", named.clone()).await;
    assert_eq!(bot.refusal("editEphemeralMessageText", named).await.0, 400);

    owner.set_status(bot.sim.bot_id(), ChatMemberStatus::Administrator);
    bot.result("sendMessage", to_21(&json!({}))).await;
    owner.forget(owner.view().last().unwrap().id);
    assert!(owner.view().button("mine").is_none());
}

#[tokio::test]
async fn it_answers_an_ephemeral_command_and_replaces_a_message() {
    let bot = RawBot::start().await;
    let owner = bot.sim.supergroup(GROUP, TelegramUser::new(21));
    let other = owner.as_member(TelegramUser::new(22));
    owner.send_ephemeral("/start");
    assert!(other.view().messages.is_empty());
    let command = bot.messages().await[0]["ephemeral_message_id"].clone();
    let mut args = to_21(&json!({}));
    args["reply_parameters"] = json!({ "ephemeral_message_id": command });
    bot.result("sendMessage", args).await;
    let keyboard = json!({ "inline_keyboard": [[{ "text": "open", "callback_data": "o" }]] });
    bot.result("sendMessage", json!({ "chat_id": GROUP, "text": "Open?", "reply_markup": keyboard })).await;
    let press = owner.press("open").unwrap();
    let instead = json!({ "callback_query_id": press, "replace_callback_query_message": true });
    bot.result("sendMessage", to_21(&instead)).await;
    assert!(owner.view().with_text("Open?").is_none() && other.view().with_text("Open?").is_some());
}

#[tokio::test]
async fn an_older_server_shows_it_to_all_or_refuses() {
    let bot = RawBot::start().await;
    let owner = bot.sim.supergroup(GROUP, TelegramUser::new(21));
    let other = owner.as_member(TelegramUser::new(22));
    bot.sim.set_key_support(KeySupport::Ignored);
    let sent = bot.result("sendMessage", to_21(&json!({}))).await;
    assert!(sent.get("ephemeral_message_id").is_none() && other.view().button("mine").is_some());
    let edit = json!({ "chat_id": GROUP, "receiver_user_id": 21, "ephemeral_message_id": 1, "text": "b" });
    assert_eq!(bot.refusal("editEphemeralMessageText", edit).await.0, 404);
    bot.sim.set_key_support(KeySupport::Refused);
    assert_eq!(bot.refusal("sendMessage", to_21(&json!({}))).await.0, 400);
}
