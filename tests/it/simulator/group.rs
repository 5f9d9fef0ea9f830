//! Groups of the simulated Telegram, used through teloxide's client.

use kie::demo::telegram::{ChatMemberStatus, SimTelegram, SimTelegramOptions, TelegramUser};
use serde_json::json;
use teloxide::payloads::SendMessageSetters;
use teloxide::requests::Requester;
use teloxide::types::{ChatAction, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, MessageId, UpdateKind};
use teloxide::{ApiError, Bot, RequestError};

use super::raw::RawBot;

const OLD: ChatId = ChatId(-77);
const NEW: ChatId = ChatId(-1_000_000_000_077);

#[tokio::test]
async fn a_group_becomes_a_supergroup() {
    let sim = SimTelegram::start(SimTelegramOptions::default()).await.unwrap();
    let bot = Bot::new(sim.token()).set_api_url(sim.api_url.clone());
    let group = sim.group(OLD.0, TelegramUser::new(9));
    group.send_text("/start");
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("go", "go")]]);
    let sent = bot.send_message(OLD, "x").reply_markup(keyboard).await.unwrap();
    assert!(sent.chat.is_group() && !sent.chat.is_supergroup());
    group.press("go").unwrap();
    let updates = bot.get_updates().await.unwrap();
    let UpdateKind::Message(said) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!((said.chat.id, said.from.as_ref().unwrap().id.0), (OLD, 9));
    let UpdateKind::CallbackQuery(press) = &updates[1].kind else { panic!("{updates:?}") };
    assert_eq!((press.message.as_ref().unwrap().chat().id, press.from.id.0), (OLD, 9));
    assert_eq!(group.view().callbacks.len(), 1);

    let new = group.upgrade(NEW.0);
    let id = sent.id;
    let refusals = [
        bot.send_message(OLD, "y").await.map(drop),
        bot.edit_message_text(OLD, id, "y").await.map(drop),
        bot.delete_message(OLD, id).await.map(drop),
        bot.send_chat_action(OLD, ChatAction::Typing).await.map(drop),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Err(RequestError::MigrateToChatId(NEW))), "{refusal:?}");
    }
    // Messages of the old chat are unknown in the new one, which has message ids of its own.
    let unknown = bot.edit_message_text(NEW, id, "y").await;
    assert!(matches!(unknown, Err(RequestError::Api(ApiError::MessageToEditNotFound))), "{unknown:?}");
    group.announce_upgrade();
    let sent = bot.send_message(NEW, "y").await.unwrap();
    assert!(sent.chat.is_supergroup());
    assert_eq!((sent.id, new.view().from_bot().count()), (MessageId(2), 1));
    let updates = bot.get_updates().await.unwrap();
    let news = updates[2..].iter().filter_map(|update| match &update.kind {
        UpdateKind::Message(message) => {
            Some((message.chat.id, message.migrate_to_chat_id(), message.migrate_from_chat_id()))
        }
        _ => None,
    });
    assert_eq!(news.collect::<Vec<_>>(), [(OLD, Some(&NEW), None), (NEW, None, Some(&OLD))]);
}

#[tokio::test]
async fn privacy_mode_keeps_talk_from_the_bot() {
    let bot = RawBot::with(SimTelegramOptions { privacy: true, ..SimTelegramOptions::default() }).await;
    assert_eq!(bot.result("getMe", json!({})).await["can_read_all_group_messages"], false);
    let group = bot.sim.group(OLD.0, TelegramUser::new(9));
    let other = group.as_member(TelegramUser::new(10));
    let sent = bot.result("sendMessage", json!({ "chat_id": OLD.0, "text": "a" })).await;
    let asked = i32::try_from(sent["message_id"].as_i64().unwrap()).unwrap();
    group.send_text("lunch?");
    let said = other.send_text("/start@another_bot");
    other.reply(said, "what is that?");
    other.edit(said, "never mind");
    assert_eq!(bot.updates().await.len(), 0);
    group.send_text("/start");
    group.send_text("/start@kie_demo_bot");
    other.reply(asked, "b");
    other.set_title("Foxes");
    let heard = bot.messages().await;
    assert_eq!(heard.iter().map(|m| m["from"]["id"].as_i64().unwrap()).collect::<Vec<_>>(), [9, 9, 10, 10]);
    bot.sim.chat(5).send_text("private");
    group.set_status(bot.sim.bot_id(), ChatMemberStatus::Administrator);
    group.send_text("an administrator gets all");
    group.set_status(bot.sim.bot_id(), ChatMemberStatus::Member);
    bot.sim.set_privacy(false);
    group.send_text("and so does a bot without privacy mode");
    assert_eq!(bot.messages().await.len(), 3);
    assert_eq!(bot.result("getMe", json!({})).await["can_read_all_group_messages"], true);
}

#[tokio::test]
async fn members_have_names_and_rights() {
    let bot = RawBot::start().await;
    let group = bot.sim.supergroup(NEW.0, TelegramUser::new(9));
    let other = group.as_member(TelegramUser { first_name: "Bea".to_owned(), ..TelegramUser::new(10) });
    let keyboard = json!({ "inline_keyboard": [[{ "text": "go", "callback_data": "x" }]] });
    bot.result("sendMessage", json!({ "chat_id": NEW.0, "text": "a", "reply_markup": keyboard })).await;
    other.send_text("/start");
    other.press("go").unwrap();
    other.anonymously().send_text("/help");
    let updates = bot.updates().await;
    assert_eq!(updates[0]["message"]["from"]["first_name"], "Bea");
    assert_eq!(updates[1]["callback_query"]["from"]["id"], 10);
    let anonymous = &updates[2]["message"];
    assert_eq!((&anonymous["sender_chat"]["id"], &anonymous["from"]["is_bot"]), (&json!(NEW.0), &json!(true)));

    let status = async |user: i64| {
        let member = bot.result("getChatMember", json!({ "chat_id": NEW.0, "user_id": user })).await;
        member["status"].as_str().unwrap().to_owned()
    };
    group.set_status(9, ChatMemberStatus::Creator);
    group.set_status(10, ChatMemberStatus::Administrator);
    assert_eq!(
        [status(9).await, status(10).await, status(bot.sim.bot_id()).await],
        ["creator", "administrator", "member"]
    );
    let admins = bot.result("getChatAdministrators", json!({ "chat_id": NEW.0 })).await;
    assert_eq!(admins.as_array().unwrap().len(), 2);
    bot.sim.chat(11);
    assert_eq!(status(11).await, "left");
    let unknown = bot.refusal("getChatMember", json!({ "chat_id": NEW.0, "user_id": 12 })).await;
    assert_eq!(unknown.1, "Bad Request: PARTICIPANT_ID_INVALID");

    group.add_member(TelegramUser::new(13));
    group.pin_message(1);
    other.remove_member(10);
    let heard = bot.messages().await;
    assert_eq!(heard[0]["new_chat_members"][0]["id"], 13);
    assert_eq!(heard[1]["pinned_message"]["message_id"], 1);
    assert_eq!(heard[2]["left_chat_member"]["first_name"], "Bea");
    assert_eq!([status(13).await, status(10).await], ["member", "left"]);
}
