//! What Telegram may send beyond plain texts and files: new kinds of formatting, service messages, other bots' messages.

use super::*;

/// A message of a person in the form of the Bot API, with these keys besides.
fn message(chat: &ChatHandle, keys: Value) -> Value {
    let kind = if chat.id() > 0 { "private" } else { "supergroup" };
    let mut message = json!({
        "message_id": 5000, "date": 1_760_000_000,
        "chat": {"id": chat.id(), "type": kind, "title": "G", "first_name": "A"},
        "from": {"id": chat.user().id, "is_bot": false, "first_name": "A", "language_code": "en"},
    });
    message.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    message
}

impl Play {
    fn push(&self, keys: Value) {
        self.harness.telegram.push_update("message", message(&self.chat, keys));
    }

    /// Waits until a later command is handled; returns the number of the bot's messages after this one, besides the
    /// answer.
    async fn settle(&self, after: i32) -> usize {
        let asked = self.chat.send_text("/help");
        let answered = |view: &kie::demo::telegram::ChatView| {
            view.from_bot().any(|m| m.id > asked && m.text.contains("I make pictures")).then_some(())
        };
        self.chat.wait_for(TIMEOUT, answered).await.unwrap();
        self.chat.view().from_bot().filter(|m| m.id > after).count() - 1
    }
}

/// What an update holds besides what is used never hides the text.
#[tokio::test]
async fn a_text_with_anything_new_around_it_is_the_answer() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.push(json!({
        "text": "poster for 12 October 18:00",
        "entities": [{"type": "date_time", "offset": 11, "length": 16, "unix_time": 1_760_288_400}],
    }));
    play.sees("«poster for 12 October 18:00»").await;
    for (n, keys) in [
        json!({"entities": [{"type": "text_link", "offset": 0, "length": 1, "url": "no address"}, {"type": 5}, "x"]}),
        json!({"quote": {"text": "cinematic fox", "position": 0}, "external_reply": {"origin": {"type": "new_kind"}}}),
        json!({"reply_to_message": {"message_id": 1, "chat": {"id": 1}}, "a_key_of_tomorrow": {"x": [1]}}),
        json!({"from": {"id": 42, "is_bot": false, "first_name": "A", "a_right_of_tomorrow": {"y": 2}}}),
    ]
    .into_iter()
    .enumerate()
    {
        play.press("What to draw").await;
        play.sees("Send the text").await;
        let text = format!("text number {n}");
        let mut keys = keys;
        keys["text"] = json!(text);
        keys["message_id"] = json!(5001 + n);
        play.push(keys);
        play.sees(&format!("«{text}»")).await;
    }
    play.end().await;
}

/// Pins, joins and the like are no answer to a question, and nobody expects one to them.
#[tokio::test]
async fn service_messages_are_passed_over() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    let form = play.sees("What to draw").await;
    let private = [
        json!({"pinned_message": {"message_id": form.id, "date": 1, "chat": {"id": 42}, "text": "x"}}),
        json!({"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}}),
        json!({"chat_background_set": {"type": {}}}),
        json!({"write_access_allowed": {}}),
        json!({"gift": {"gift": {}}}),
        json!({"text": "shared", "via_bot": {"id": 9, "is_bot": true, "first_name": "B"}}),
    ];
    private.into_iter().for_each(|keys| play.push(keys));
    assert_eq!(play.settle(form.id).await, 0, "the form stays where it is: {}", play.chat.view());
    play.chat.send_text("a boat");
    play.sees("«a boat»").await;

    // In a group with a form that rests after its order.
    let group = play.harness.telegram.supergroup(-1_000_000_000_500, TelegramUser::new(21).speaking("en"));
    let play = Play { chat: group, ..play };
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("a ship");
    play.press("✅ Create").await;
    let photo = play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.chat.add_member(TelegramUser::new(22));
    play.chat.remove_member(22);
    play.chat.set_title("Another title");
    for keys in [
        json!({"video_chat_started": {}}),
        json!({"boost_added": {"boost_count": 1}}),
        json!({"is_automatic_forward": true, "sender_chat": {"id": -1_009, "type": "channel"}, "text": "news"}),
        json!({"sender_chat": {"id": -1_009, "type": "channel"}, "text": "a comment of a channel"}),
        json!({"from": {"id": 77, "is_bot": true, "first_name": "Other bot"}, "text": "beep"}),
        json!({"sticker": {"file_id": "s"}}),
    ] {
        play.push(keys);
    }
    assert_eq!(play.settle(photo.id).await, 0, "{}", play.chat.view());
    for kind in ["my_chat_member", "poll", "chat_boost", "a_kind_of_tomorrow"] {
        play.harness.telegram.push_update(kind, json!({"x": 1}));
    }
    assert_eq!(play.settle(photo.id).await, 1, "{}", play.chat.view());
    play.end().await;
}

/// What a person sends on purpose and the bot cannot use is answered in words.
#[tokio::test]
async fn kinds_of_messages_that_cannot_be_used_are_answered() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    let kinds =
        [("sticker", json!({"file_id": "s"})), ("dice", json!({"value": 3})), ("a_kind_of_tomorrow", json!({}))];
    for (kind, value) in kinds {
        let before = play.chat.view().last().map_or(0, |m| m.id);
        play.push(json!({ kind: value }));
        let told = |view: &kie::demo::telegram::ChatView| {
            view.from_bot().any(|m| m.id >= before && m.text.contains("This I cannot use")).then_some(())
        };
        play.chat.wait_for(TIMEOUT, told).await.unwrap();
    }
    play.chat.send_text("a boat");
    play.sees("«a boat»").await;
    play.end().await;
}
