//! What persons write in the simulated Telegram.

use std::time::Duration;

use kie::demo::telegram::{ChatFileKind, TelegramUser};
use serde_json::json;

use super::raw::RawBot;

#[tokio::test]
async fn replies_and_quotes() {
    let bot = RawBot::start().await;
    let chat = bot.sim.chat(5);
    let picture = chat.send(ChatFileKind::Photo, "a.png", vec![1_u8, 2], "mine");
    chat.reply(picture, "make it blue");
    chat.reply_to_quote(picture, "min", "what is this?");
    let heard = bot.messages().await;
    assert_eq!(heard[1]["reply_to_message"]["caption"], "mine");
    assert!(heard[1]["reply_to_message"]["photo"].is_array());
    assert_eq!(heard[2]["quote"]["text"], "min");

    let other = bot.sim.supergroup(-1_000_000_000_302, TelegramUser::new(5));
    let there = other.send(ChatFileKind::Photo, "b.png", vec![3_u8], "theirs");
    chat.reply_to_other(&other, there, Some("the"), "in another chat");
    let heard = bot.messages().await;
    let external = &heard[1]["external_reply"];
    assert_eq!((&external["message_id"], &external["chat"]["id"]), (&json!(there), &json!(other.id())));
    assert!(external["photo"].is_array() && external["origin"]["sender_user"]["id"] == 5);
    assert!(heard[1].get("reply_to_message").is_none());

    // The bot replies; the press tells what the pressed message answers.
    let keyboard = json!({ "inline_keyboard": [[{ "text": "go", "callback_data": "x" }]] });
    let reply = |id: i32, optional: bool| json!({ "message_id": id, "allow_sending_without_reply": optional });
    let args =
        json!({ "chat_id": 5, "text": "a", "reply_markup": keyboard, "reply_parameters": reply(picture, false) });
    let sent = bot.result("sendMessage", args).await;
    assert_eq!(sent["reply_to_message"]["message_id"], picture);
    chat.press("go").unwrap();
    assert_eq!(bot.updates().await[0]["callback_query"]["message"]["reply_to_message"]["message_id"], picture);
    bot.result("deleteMessage", json!({ "chat_id": 5, "message_id": picture })).await;
    let strict = json!({ "chat_id": 5, "text": "a", "reply_parameters": reply(picture, false) });
    assert_eq!(bot.refusal("sendMessage", strict).await.1, "Bad Request: message to be replied not found");
    let sent =
        bot.result("sendMessage", json!({ "chat_id": 5, "text": "a", "reply_parameters": reply(picture, true) }));
    assert!(sent.await.get("reply_to_message").is_none());
}

#[tokio::test]
async fn albums_long_texts_and_edits() {
    let bot = RawBot::start().await;
    let chat = bot.sim.chat(5);
    let album = chat.begin_album();
    album.send(ChatFileKind::Photo, "a.png", vec![1_u8], "");
    chat.send_text("between");
    let second = album.send(ChatFileKind::Video, "b.mp4", vec![2_u8], "the caption");
    let heard = bot.messages().await;
    assert!(heard[0]["media_group_id"].is_string() && heard[1].get("media_group_id").is_none());
    assert_eq!(heard[0]["media_group_id"], heard[2]["media_group_id"]);
    assert_eq!((heard[0].get("caption"), &heard[2]["caption"]), (None, &json!("the caption")));

    assert_eq!(chat.send_long_text(&"word ".repeat(1000)).len(), 2);
    let parts = bot.messages().await;
    assert_eq!(parts[0]["text"].as_str().unwrap().len(), 4094);

    chat.edit(second, "another caption");
    let said = chat.send_text("first");
    chat.edit(said, "second");
    chat.edit(said + 100, "nothing");
    let updates = bot.updates().await;
    assert_eq!(updates[0]["edited_message"]["caption"], "another caption");
    assert!(updates[0]["edited_message"]["edit_date"].is_i64() && updates[0]["edited_message"]["video"].is_object());
    assert_eq!(
        (&updates[1]["message"]["text"], &updates[2]["edited_message"]["text"]),
        (&json!("first"), &json!("second"))
    );
    assert_eq!(updates.len(), 3);
    // Only for those who ask for them.
    bot.result("getUpdates", json!({ "offset": -1, "allowed_updates": ["message"] })).await;
    let pending = bot.sim.pending_updates();
    chat.edit(said, "third");
    assert_eq!((bot.sim.pending_updates(), chat.view().messages.last().unwrap().text.as_str()), (pending, "third"));
}

#[tokio::test]
async fn documents_have_the_type_that_the_client_gives() {
    let bot = RawBot::start().await;
    let chat = bot.sim.chat(5);
    chat.send_document("words.txt", "text/plain", "\u{feff}A red fox", "");
    let document = bot.messages().await[0]["document"].clone();
    assert_eq!((&document["mime_type"], &document["file_name"]), (&json!("text/plain"), &json!("words.txt")));
    assert!(bot.result("getFile", json!({ "file_id": document["file_id"] })).await["file_path"].is_string());
}

#[tokio::test]
async fn a_forced_reply_takes_the_next_words() {
    let bot = RawBot::start().await;
    let group = bot.sim.group(-303, TelegramUser::new(21));
    let other = group.as_member(TelegramUser::new(22));
    let command = group.send_text("/start");
    let ask = json!({
        "chat_id": -303, "text": "Send the text", "reply_parameters": { "message_id": command },
        "reply_markup": { "force_reply": true, "selective": true, "input_field_placeholder": "words" },
    });
    let asked = bot.result("sendMessage", ask).await;
    let seen = group.view().last().unwrap().force_reply.clone().unwrap();
    assert_eq!((seen.placeholder.as_deref(), seen.selective), (Some("words"), true));
    bot.messages().await;
    other.answer("lunch?");
    group.answer("a boat");
    let heard = bot.messages().await;
    assert!(heard[0].get("reply_to_message").is_none() && heard[0]["from"]["id"] == 22);
    assert_eq!(heard[1]["reply_to_message"]["message_id"], asked["message_id"]);
    let long = json!({ "force_reply": true, "input_field_placeholder": "x".repeat(65) });
    bot.refusal("sendMessage", json!({ "chat_id": -303, "text": "a", "reply_markup": long })).await;
}

#[tokio::test]
async fn buttons_copy_and_are_disabled() {
    let bot = RawBot::start().await;
    let chat = bot.sim.chat(5);
    let rows = json!([[{ "text": "copy", "copy_text": { "text": "task-1" } }, { "text": "off", "disabled": {} },
        { "text": "red", "callback_data": "x", "style": "danger" }]]);
    bot.result("sendMessage", json!({ "chat_id": 5, "text": "a", "reply_markup": { "inline_keyboard": rows } })).await;
    assert_eq!(chat.copy("copy").unwrap(), "task-1");
    assert!(chat.press("off").is_err() && chat.press("copy").is_err() && chat.copy("red").is_err());
    assert_eq!(chat.view().button("red").unwrap().1.style.as_deref(), Some("danger"));
}

#[tokio::test]
async fn one_chat_is_flooded_or_refuses_and_others_are_not() {
    let bot = RawBot::start().await;
    let (chat, _) = (bot.sim.chat(5), bot.sim.chat(6));
    chat.flood(Duration::from_secs(300));
    let hello = |chat: i64| json!({ "chat_id": chat, "text": "a", "action": "typing" });
    for _ in 0..2 {
        let (code, text) = bot.refusal("sendMessage", hello(5)).await;
        let seconds: u64 = text.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(code == 429 && (290..=300).contains(&seconds), "{text}");
    }
    bot.result("sendChatAction", hello(5)).await;
    bot.result("sendMessage", hello(6)).await;
    chat.flood(Duration::ZERO);
    bot.result("sendMessage", hello(5)).await;
    let group = bot.sim.supergroup(-1_000_000_000_304, TelegramUser::new(21));
    group.restrict(true);
    assert!(bot.refusal("sendMessage", hello(group.id())).await.1.contains("not enough rights"));
    group.block(true);
    let kicked = (403, "Forbidden: bot was kicked from the supergroup chat".to_owned());
    assert_eq!(bot.refusal("sendMessage", hello(group.id())).await, kicked);
}
