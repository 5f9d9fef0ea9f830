//! One answer in several messages, and messages that change: albums, texts that a client has cut, edits, replies to a
//! picture, text files.

use bytes::Bytes;
use kie::demo::telegram::{Album, ChatFileKind, Message, TelegramUser};
use kie::l10n::{Lang, Messages};
use kie::sample::Sample;
use kie::schema::spec::MediaKind;
use serde_json::{Value, json};

use crate::bot::{Play, TIMEOUT, label, task, title};

/// A model with several fields for pictures, and one with two fields for texts.
const FRAMES: &str = "bytedance/seedance-2";
const TWO_TEXTS: &str = "google/imagen4";
/// A model that asks for a long text, and takes many pictures.
const LONG: &str = "nano-banana-2";

fn picture() -> Bytes {
    Sample::of(MediaKind::Image).unwrap().bytes.into()
}

fn pictures(count: usize) -> Vec<(&'static str, Bytes)> {
    vec![("a.png", picture()); count]
}

/// Words of exactly this length, without white space at the cut.
fn words(length: usize) -> String {
    let mut text = "The red fox runs over the snow. ".repeat(length / 32 + 1);
    text.truncate(length);
    text.trim_end().to_owned()
}

impl Play {
    /// The newest message of the bot that says all of this.
    async fn sees_all(&self, parts: &[&str]) -> Message {
        let found = self.chat.wait_for(TIMEOUT, |view| {
            view.from_bot().rev().find(|m| parts.iter().all(|part| m.text.contains(part))).cloned()
        });
        found.await.unwrap_or_else(|_| panic!("nothing says {parts:?}:\n{}", self.chat.view()))
    }

    fn messages_with(&self, text: &str) -> usize {
        self.chat.view().from_bot().filter(|message| message.text.contains(text)).count()
    }

    fn send_picture(&self, album: &Album, caption: &str) -> i32 {
        album.send(ChatFileKind::Photo, "a.png", picture(), caption)
    }

    async fn ordered(&self) -> Value {
        self.press("✅ Create").await;
        self.input(1).await
    }
}

#[tokio::test]
async fn an_album_is_asked_about_once_and_kept_whole() {
    let play = Play::start("en").await;
    play.begin(task(FRAMES), title(FRAMES)).await;
    play.sees(label(FRAMES, "prompt")).await;
    let album = play.chat.begin_album();
    play.send_picture(&album, "");
    let asked = play.sees("Where does this belong?").await;
    // The caption may stand on any of them, and others may come much later.
    play.send_picture(&album, "make them dance");
    play.sees("2 files: where do these belong?").await;
    play.send_picture(&album, "");
    let question = play.sees("3 files: where do these belong?").await;
    assert_eq!(question.id, asked.id, "the question was asked anew:\n{}", play.chat.view());
    play.press(label(FRAMES, "reference_image_urls")).await;
    play.sees_all(&["3 of 9", "1. ✓", "2. ✓", "3. ✓"]).await;
    // One that is late goes where the others went.
    play.send_picture(&album, "");
    play.sees_all(&["4 of 9", "4. ✓"]).await;
    play.press("Done").await;
    play.sees("«make them dance»").await;
    let input = play.ordered().await;
    assert_eq!(input["prompt"], "make them dance");
    assert_eq!(input["reference_image_urls"].as_array().unwrap().len(), 4);
    play.end().await;
}

#[tokio::test]
async fn what_a_chosen_field_has_no_room_for_is_asked_about_again() {
    let play = Play::start("en").await;
    play.begin(task(FRAMES), title(FRAMES)).await;
    play.chat.send_album(ChatFileKind::Photo, pictures(3), "A walk");
    play.sees("3 files: where do these belong?").await;
    play.press(label(FRAMES, "first_frame_url")).await;
    play.sees("2 files: where do these belong?").await;
    assert!(play.chat.view().button(label(FRAMES, "first_frame_url")).is_none(), "it is taken:\n{}", play.chat.view());
    play.press(label(FRAMES, "last_frame_url")).await;
    play.sees("Where does this belong?").await;
    play.press("Back").await;
    let form = play.sees("«A walk»").await;
    assert!(!form.text.contains("1 of 9"), "{form}");
    let input = play.ordered().await;
    assert_ne!(input["first_frame_url"], input["last_frame_url"]);
    assert!(input.get("reference_image_urls").is_none(), "{input}");
    play.end().await;
}

#[tokio::test]
async fn an_album_for_one_picture_gives_its_first() {
    let play = Play::start("en").await;
    let model = "qwen/image-to-image";
    play.begin(task(model), title(model)).await;
    let first = play.chat.send_album(ChatFileKind::Photo, pictures(3), "A poster")[0];
    play.sees("2 files were not taken: there is no room for them.").await;
    assert_eq!(play.messages_with("not taken"), 1, "said once:\n{}", play.chat.view());
    play.ordered().await;
    let sent = play.chat.view().messages.iter().find(|m| m.id == first).unwrap().media.clone().unwrap();
    let uploads = play.harness.kie.uploads();
    assert_eq!((uploads.len(), uploads[0].bytes), (1, sent.bytes));
    play.end().await;
}

#[tokio::test]
async fn an_album_into_an_open_list_stops_where_that_is_full() {
    let play = Play::start("en").await;
    let model = "nano-banana-pro";
    play.begin(task(model), title(model)).await;
    play.chat.send_text("All of them");
    play.press(label(model, "image_input")).await;
    play.sees("Send a picture, one by one").await;
    play.chat.send_album(ChatFileKind::Photo, pictures(10), "");
    play.sees("2 files were not taken: there is no room for them.").await;
    assert_eq!(play.messages_with("not taken"), 1, "said once:\n{}", play.chat.view());
    let input = play.ordered().await;
    assert_eq!(input["image_input"].as_array().unwrap().len(), 8);
    play.end().await;
}

#[tokio::test]
async fn a_text_that_a_client_has_cut_is_one_answer() {
    let play = Play::start("en").await;
    let model = "nano-banana-2";
    play.begin(task(model), title(model)).await;
    play.sees(label(model, "prompt")).await;
    // Three parts, the first of which alone would have done.
    let text = words(9000);
    assert_eq!(play.chat.send_long_text(&text).len(), 3);
    play.sees("(8 999 characters)").await;
    assert_eq!(play.ordered().await["prompt"], text.as_str());
    play.end().await;
}

#[tokio::test]
async fn a_cut_text_is_checked_as_a_whole() {
    let play = Play::start("en").await;
    // 4096 characters are too long already, and each further part makes it longer.
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_long_text(&"x".repeat(4500));
    play.sees("has 4500 characters; at most 1000 are allowed").await;
    play.chat.send_text("A fox");
    play.sees("«A fox»").await;
    // The first part is allowed, both are not: half a text is no answer.
    play.begin(task(TWO_TEXTS), title(TWO_TEXTS)).await;
    play.sees(label(TWO_TEXTS, "prompt")).await;
    play.chat.send_long_text(&"y".repeat(5500));
    let editor = play.sees("has 5500 characters; at most 5000 are allowed").await;
    assert!(!editor.text.contains("Now:"), "{editor}");
    play.end().await;
}

#[tokio::test]
async fn a_cut_text_whose_place_is_asked_goes_there_whole() {
    let play = Play::start("en").await;
    play.begin(task(TWO_TEXTS), title(TWO_TEXTS)).await;
    play.sees(label(TWO_TEXTS, "prompt")).await;
    play.press("Back").await;
    let text = words(4800);
    assert_eq!(play.chat.send_long_text(&text).len(), 2);
    play.sees("Where does this belong?").await;
    // Both parts are there before the press.
    play.chat.send_text("/language");
    play.sees("Choose a language").await;
    play.press(label(TWO_TEXTS, "prompt")).await;
    play.sees("(4 ").await;
    assert_eq!(play.ordered().await["prompt"], text.as_str());
    play.end().await;
}

#[tokio::test]
async fn an_edit_changes_the_answer_that_the_message_gave() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    let message = play.chat.send_text("a red fix");
    play.sees("«a red fix»").await;
    play.chat.edit(message, "a red fox");
    play.sees("«a red fox»").await;
    // Checked as any answer; mended by another edit.
    play.chat.edit(message, &"x".repeat(1001));
    play.sees("has 1001 characters").await;
    play.chat.edit(message, "a red wolf");
    play.sees("«a red wolf»").await;
    // Messages that gave no answer are nobody's business, and an old edit that comes late is no news.
    let before = play.chat.view().from_bot().count();
    play.harness.telegram.push_update("edited_message", edited(&play, message, "an old fox", 1));
    play.harness.telegram.push_update("edited_message", edited(&play, 999_999, "another", 2_000_000_000));
    play.chat.send_text("/jobs");
    play.sees("You have no jobs yet").await;
    assert_eq!(play.chat.view().from_bot().count(), before + 1, "{}", play.chat.view());
    assert_eq!(play.ordered().await["prompt"], "a red wolf");
    play.sees("Accepted.").await;
    // What is ordered is ordered.
    play.chat.edit(message, "a blue fox");
    let told = play.sees("That is ordered already").await;
    assert!(told.button("Change").is_some(), "{told}");
    let press = play.chat.press_on(told.id, "Change").unwrap();
    play.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    play.sees("«a red wolf»").await;
    play.end().await;
}

/// An edit as Telegram sends it, with its time.
fn edited(play: &Play, message: i32, text: &str, at: i64) -> Value {
    let id = play.chat.id();
    json!({
        "message_id": message, "date": 1, "edit_date": at, "text": text,
        "chat": {"id": id, "type": "private", "first_name": "A"},
        "from": {"id": id, "is_bot": false, "first_name": "A", "language_code": "en"},
    })
}

#[tokio::test]
async fn parts_captions_and_files_are_edited_as_well() {
    let play = Play::start("en").await;
    let model = "nano-banana-2";
    play.begin(task(model), title(model)).await;
    let text = words(5000);
    let parts = play.chat.send_long_text(&text);
    play.sees("characters)").await;
    play.chat.edit(parts[1], "The end.");
    let head: String = text.chars().take(4000).collect();
    play.sees("(4 ").await;
    let input = play.ordered().await;
    let prompt = input["prompt"].as_str().unwrap();
    assert!(prompt.starts_with(&head) && prompt.ends_with(" The end."), "{prompt}");
    // The caption of a picture, and the picture itself.
    let model = "qwen/image-to-image";
    play.begin(task(model), title(model)).await;
    let message = play.chat.send(ChatFileKind::Photo, "a.png", picture(), "A postr");
    play.sees("«A postr»").await;
    play.chat.edit(message, "A poster");
    play.sees("«A poster»").await;
    let other = Sample::of(MediaKind::Image).unwrap().bytes;
    let other = [other, b"more"].concat();
    let size = other.len();
    play.chat.edit_file(message, ChatFileKind::Photo, "b.png", other, "A poster");
    play.harness.telegram.wait_for_calls("getFile", 2, TIMEOUT).await.unwrap();
    play.press("✅ Create").await;
    let input = play.input(2).await;
    assert_eq!(input["prompt"], "A poster");
    let used = play.harness.kie.uploads().into_iter().find(|upload| input["image_url"] == upload.url.as_str());
    assert_eq!(used.unwrap().bytes, size, "the new picture");
    play.end().await;
}

#[tokio::test]
async fn a_text_that_replies_to_a_picture_takes_it_along() {
    let play = Play::start("en").await;
    let model = "google/nano-banana-edit";
    let shown = play.chat.send(ChatFileKind::Photo, "a.png", picture(), "");
    play.sees("Choose first what to make of it").await;
    play.begin(task(model), title(model)).await;
    play.chat.reply(shown, "make the sky pink");
    play.sees_all(&[label(model, "image_urls"), "1 of 10"]).await;
    // The same once more is in the form already.
    play.chat.reply(shown, "make the sky green");
    play.sees("«make the sky green»").await;
    let input = play.ordered().await;
    assert_eq!(input["image_urls"].as_array().unwrap().len(), 1, "{input}");
    assert_eq!(input["prompt"], "make the sky green");
    // A picture of another chat, where several fields could take it.
    let other = play.harness.telegram.chat(77);
    let theirs = other.send(ChatFileKind::Photo, "b.png", picture(), "");
    play.begin(task(FRAMES), title(FRAMES)).await;
    play.chat.reply_to_other(&other, theirs, None, "it begins to snow");
    play.sees("Where does this belong?").await;
    play.press(label(FRAMES, "first_frame_url")).await;
    play.sees("«it begins to snow»").await;
    play.press("✅ Create").await;
    let input = play.input(2).await;
    assert!(input["first_frame_url"].is_string(), "{input}");
    play.end().await;
}

/// A quote, a picture with a quote, and a quote whose author hides: an answer as if it had none.
#[tokio::test]
async fn a_reply_in_another_chat_is_an_answer() {
    let play = Play::start("en").await;
    let id = play.chat.id();
    let channel = json!({"id": -1001, "type": "channel", "title": "Prompts"});
    let of_channel = json!({
        "origin": {"type": "channel", "date": 1, "chat": channel, "message_id": 9}, "chat": channel, "message_id": 9,
    });
    let hidden = json!({"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}});
    let say = |number: i32, more: Value| {
        let mut message = json!({
            "message_id": number, "date": 1, "chat": {"id": id, "type": "private", "first_name": "A"},
            "from": {"id": id, "is_bot": false, "first_name": "A"}, "quote": {"text": "cinematic fox", "position": 0},
        });
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        play.harness.telegram.push_update("message", message);
    };
    let model = "google/nano-banana-edit";
    play.begin(task(model), title(model)).await;
    say(100_001, json!({"text": "a fox like this one", "external_reply": of_channel}));
    play.sees_all(&[label(model, "image_urls")]).await;
    let shown = play.chat.send(ChatFileKind::Photo, "a.png", picture(), "");
    let file = play.chat.view().messages.iter().find(|m| m.id == shown).unwrap().media.clone().unwrap();
    let photo = json!([{"file_id": file.file_id, "file_unique_id": "other", "width": 512, "height": 512}]);
    say(100_002, json!({"photo": photo, "external_reply": of_channel}));
    play.sees_all(&["2 of 10", "2. ✓"]).await;
    play.press("Done").await;
    play.sees("«a fox like this one»").await;
    say(100_003, json!({"text": "a fox like that one", "external_reply": hidden}));
    play.sees("«a fox like that one»").await;
    play.end().await;
}

#[tokio::test]
async fn a_text_file_is_a_long_text() {
    let play = Play::start("en").await;
    let model = "nano-banana-2";
    play.begin(task(model), title(model)).await;
    play.sees(label(model, "prompt")).await;
    let text = words(6000);
    play.chat.send_document("prompt.txt", "text/plain", text.clone(), "");
    play.sees(&Messages::of(Lang::En).length(text.len())).await;
    assert_eq!(play.ordered().await["prompt"], text.as_str());
    // Too long for the field, no text, too big: each is told at the field, and none is ordered.
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_document("prompt.txt", "text/plain", words(3000), "");
    play.press("👉 Fill in: What to draw").await;
    play.sees("at most 1000 are allowed").await;
    play.chat.send_document("prompt.md", "text/markdown", Bytes::from_static(&[0xff, 0x00, 0xc3]), "");
    play.press("👉 Fill in: What to draw").await;
    play.sees("This file is not plain text").await;
    play.chat.send_document("prompt.txt", "text/plain", vec![b'x'; (1 << 20) + 1], "");
    play.sees("A text file may have at most 1 MB").await;
    play.chat.send_document("prompt.txt", "text/plain", "A fox\r\nin the snow\n", "");
    play.sees("«A fox in the snow»").await;
    play.press("✅ Create").await;
    assert_eq!(play.input(2).await["prompt"], "A fox\nin the snow");
    play.end().await;
}

/// Without a form there is one thing to say about three files.
#[tokio::test]
async fn an_album_without_a_form_is_answered_once() {
    let play = Play::start("ru").await;
    play.chat.send_album(ChatFileKind::Photo, pictures(3), "вот");
    play.chat.send_text("/help");
    play.sees("Я делаю").await;
    assert_eq!(play.messages_with("Сначала выберите"), 1, "{}", play.chat.view());
    play.end().await;
}

/// In a group, the later messages of an answer count as well, though the form waits for nothing any more.
#[tokio::test]
async fn answers_of_several_messages_count_in_a_group() {
    let play = Play::start("en").await;
    let group = play.harness.telegram.supergroup(-1_000_000_000_600, TelegramUser::new(21).speaking("en"));
    let other = group.as_member(TelegramUser::new(22));
    let play = Play { chat: group, ..play };
    play.begin(task(LONG), title(LONG)).await;
    play.sees(label(LONG, "prompt")).await;
    let text = words(4096 + 1900);
    let parts = play.chat.send_long_text(&text);
    assert_eq!(parts.len(), 2);
    other.send_album(ChatFileKind::Photo, pictures(2), "my cat");
    play.press(label(LONG, "image_input")).await;
    play.chat.send_album(ChatFileKind::Photo, pictures(3), "");
    play.press("Done").await;
    let input = play.ordered().await;
    assert_eq!(input["prompt"].as_str().unwrap().split_whitespace().count(), text.split_whitespace().count());
    assert_eq!(input["image_input"].as_array().unwrap().len(), 3, "{input}");
    play.end().await;
}
