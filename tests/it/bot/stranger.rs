//! A stranger asks in every way that Telegram has, and gets nothing.

use kie::access::{Access, AccessPolicy};
use kie::job::UserId;

use super::*;

const STRANGER: i64 = 900_000_001;
const GROUP: i64 = -1_000_000_000_500;

fn stranger() -> TelegramUser {
    TelegramUser::new(STRANGER).speaking("en")
}

#[tokio::test]
async fn a_stranger_is_refused_in_every_way_of_asking() {
    let access = Access { policy: AccessPolicy::Owner, admins: [UserId(42)].into(), list: [].into() };
    let play = Play::with("en", |options| options.access = access).await;
    // The owner has a form in a group, and one in the private chat.
    let owner = play.harness.telegram.supergroup(GROUP, TelegramUser::new(42).speaking("en"));
    owner.begin(task("z-image"), title("z-image")).await;
    owner.sees("What to draw").await;
    owner.send_text("a group of boats");
    let shared = owner.sees("«a group of boats»").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("a boat");
    let form = play.sees("«a boat»").await;
    let data = |message: &Message, label: &str| message.button(label).unwrap().data.clone().unwrap();
    let create = data(&form, "✅ Create");

    // Messages, files, commands and links, in private.
    let private = play.harness.telegram.chat_of(stranger());
    let picture = Sample::of(MediaKind::Image).unwrap().bytes;
    let first = private.send_text("a boat, please");
    for text in ["/start", "/menu", "/models", "/jobs", "/balance", "/cancel", "/help", "/language", "/credits"] {
        private.send_text(text);
    }
    for parameter in ["own-0123", "join-0123456789abcdef01234567", "z-image", "p_GIFT", "r_42", ""] {
        private.send_text(&format!("/start {parameter}"));
    }
    private.send(ChatFileKind::Photo, "a.png", picture, "/start");
    private.send(ChatFileKind::Voice, "a.ogg", vec![1; 64], "");
    private.send_album(ChatFileKind::Photo, vec![("a.png", picture.into()), ("b.png", picture.into())], "make a film");
    private.edit(first, "a ship, please");
    private.reply(first, "and a captain");
    private.reply_to_other(&play.chat, form.id, Some("a boat"), "this one");
    // A button of a message that somebody has forwarded, an old one, and some that are made up.
    let told = private.wait_text("This bot is private", TIMEOUT).await.unwrap();
    for data in [create.as_str(), "1nz-image", "1mz-image", "1h", "1B", "1aa900000001", "1q", ""] {
        let press = private.press_data(told.id, data).unwrap();
        let answer = private.wait_answer(&press, TIMEOUT).await.unwrap();
        assert!(answer.text.contains("This bot is private"), "{data}: {answer:?}");
    }
    // Inline: a question, a chosen answer, and a button under a message that was sent so.
    let from = json!({ "id": STRANGER, "is_bot": false, "first_name": "S", "language_code": "en" });
    let question = json!({ "id": "1", "from": from, "query": "a boat", "offset": "" });
    play.harness.telegram.push_update("inline_query", question);
    let chosen = json!({ "result_id": "1", "from": from, "query": "a boat", "inline_message_id": "m" });
    play.harness.telegram.push_update("chosen_inline_result", chosen);
    let press = json!({ "id": "77", "from": from, "inline_message_id": "m", "chat_instance": "c", "data": create });
    play.harness.telegram.push_update("callback_query", press);
    // In a group beside the owner: words, a command to the bot, a reply to its form, and the form's own button.
    let member = owner.as_member(stranger());
    for text in ["a boat", "/start", "/start@kie_bot", "@kie_bot a boat"] {
        member.send_text(text);
    }
    member.reply(shared.id, "a bigger boat");
    let press = member.press_data(shared.id, &data(&shared, "✅ Create")).unwrap();
    let answer = member.wait_answer(&press, TIMEOUT).await.unwrap();
    assert!(answer.text.contains("This bot is private"), "{answer:?}");
    // And in a group of the stranger's own.
    let own = play.harness.telegram.supergroup(GROUP - 1, stranger());
    own.send_text("/start");
    own.send_text("@kie_bot a boat");

    // What follows is handled after all that, and both forms are as they were.
    for chat in [&owner, &play.chat] {
        chat.tap("✅ Create").await;
        chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    }
    let prompts: Vec<Value> = play.harness.kie.creates().iter().map(|create| create.input["prompt"].clone()).collect();
    assert_eq!(prompts, ["a group of boats", "a boat"]);
    assert!(play.harness.kie.uploads().is_empty(), "no file of a stranger is taken");
    assert_eq!(private.view().from_bot().count(), 1, "one sentence, rarely: {}", private.view());
    assert_eq!(own.view().from_bot().count(), 0, "{}", own.view());
    play.end().await;
}
