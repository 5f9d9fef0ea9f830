//! Groups of the simulated Telegram, used through teloxide's client.

use kie::demo::telegram::{SimTelegram, SimTelegramOptions, TelegramUser};
use teloxide::payloads::SendMessageSetters;
use teloxide::requests::Requester;
use teloxide::types::{ChatAction, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, MessageId, UpdateKind};
use teloxide::{ApiError, Bot, RequestError};

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
