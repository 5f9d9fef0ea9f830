//! Topics of forums and of private chats in the simulated Telegram.

use kie::demo::telegram::{ChatMemberStatus, TelegramUser};
use serde_json::json;

use super::raw::RawBot;

const FORUM: i64 = -1_000_000_000_300;

#[tokio::test]
async fn messages_stay_in_their_topic() {
    let bot = RawBot::start().await;
    let general = bot.sim.forum(FORUM, TelegramUser::new(21));
    let thread = general.create_topic("Foxes");
    let topic = general.in_topic(thread);
    assert_eq!(general.topic_name(thread).as_deref(), Some("Foxes"));
    topic.send_text("/start");
    general.send_text("/help");
    let heard = bot.messages().await;
    assert_eq!(heard[0]["forum_topic_created"]["name"], "Foxes");
    assert_eq!((&heard[0]["message_id"], &heard[0]["message_thread_id"]), (&json!(thread), &json!(thread)));
    // What is no reply looks like one to the message that created the topic.
    assert_eq!((&heard[1]["message_thread_id"], &heard[1]["is_topic_message"]), (&json!(thread), &json!(true)));
    assert_eq!(heard[1]["reply_to_message"]["forum_topic_created"]["name"], "Foxes");
    assert_eq!(heard[1]["chat"]["is_forum"], true);
    assert!(heard[2].get("message_thread_id").is_none() && heard[2].get("reply_to_message").is_none());

    let keyboard = json!({ "inline_keyboard": [[{ "text": "go", "callback_data": "x" }]] });
    let there = json!({ "chat_id": FORUM, "text": "a", "message_thread_id": thread, "reply_markup": keyboard });
    let sent = bot.result("sendMessage", there.clone()).await;
    assert_eq!(sent["message_thread_id"], thread);
    bot.result("sendMessage", json!({ "chat_id": FORUM, "text": "b" })).await;
    assert_eq!((topic.view().from_bot().count(), general.view().from_bot().count()), (1, 2));
    topic.press("go").unwrap();
    let press = &bot.updates().await[0]["callback_query"];
    assert_eq!(press["message"]["message_thread_id"], thread);
    // A reply goes to the topic of what it answers.
    let reply = json!({ "message_id": sent["message_id"] });
    let sent = bot.result("sendMessage", json!({ "chat_id": FORUM, "text": "c", "reply_parameters": reply })).await;
    assert_eq!((&sent["message_thread_id"], &sent["is_topic_message"]), (&json!(thread), &json!(true)));

    topic.close_topic(true);
    assert!(bot.messages().await[0].get("forum_topic_closed").is_some());
    assert_eq!(bot.refusal("sendMessage", there.clone()).await, (400, "Bad Request: TOPIC_CLOSED".into()));
    general.set_status(bot.sim.bot_id(), ChatMemberStatus::Administrator);
    bot.result("sendMessage", there.clone()).await;
    general.set_status(bot.sim.bot_id(), ChatMemberStatus::Member);
    topic.close_topic(false);
    bot.result("sendMessage", there.clone()).await;
    topic.delete_topic();
    assert_eq!(bot.refusal("sendMessage", there.clone()).await.1, "Bad Request: message thread not found");
    assert!(topic.view().messages.is_empty());
    general.close_topic(true);
    let general = json!({ "chat_id": FORUM, "text": "d" });
    assert_eq!(bot.refusal("sendMessage", general).await.1, "Bad Request: TOPIC_CLOSED");
}

#[tokio::test]
async fn a_private_chat_has_topics_and_a_plain_group_has_none() {
    let bot = RawBot::start().await;
    let chat = bot.sim.chat(5);
    let thread = chat.create_topic("Second");
    chat.in_topic(thread).send_text("hi");
    let heard = &bot.messages().await[1];
    assert_eq!((&heard["message_thread_id"], heard.get("reply_to_message")), (&json!(thread), None));
    bot.result("sendMessage", json!({ "chat_id": 5, "text": "a", "message_thread_id": thread })).await;

    let group = bot.sim.supergroup(-1_000_000_000_301, TelegramUser::new(21));
    let first = group.send_text("one");
    let second = group.reply(first, "two");
    group.reply(second, "three");
    let heard = bot.messages().await;
    // Replies have a thread outside topics as well, which nobody can write to.
    assert_eq!((&heard[2]["message_thread_id"], heard[2].get("is_topic_message")), (&json!(first), None));
    let refused = json!({ "chat_id": group.id(), "text": "a", "message_thread_id": first });
    assert_eq!(bot.refusal("sendMessage", refused).await.1, "Bad Request: message thread not found");
}
