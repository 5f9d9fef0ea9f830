//! How results come: with their size, length, title and picture, as voice messages, as links that work.

use std::time::Duration;

use kie::demo::kie::{KieFault, Route, TaskPlan};
use kie::demo::telegram::{ChatFileKind, Message, MethodCall, TelegramFault, TelegramFaultEffect};
use kie::sample::Sample;
use kie::schema::spec::MediaKind;
use serde_json::{Value, json};
use sqlx::Connection;

use crate::bot::{Play, TIMEOUT, label, task, title};
use crate::support::track;

const PICTURE: &str = "z-image";
const SPEECH: &str = "elevenlabs/text-to-speech-turbo-2-5";

/// The vendor deletes results after this time.
const RESULT_LIFE: Duration = Duration::from_secs(14 * 24 * 3600);

impl Play {
    /// The vendor's URL of a file.
    async fn vendor_file(&self, name: &str, mime: &str, bytes: Vec<u8>) -> String {
        let client = kie::app::client(&self.harness.config).unwrap();
        client.upload_bytes(name, mime, bytes.into()).await.unwrap().url
    }

    /// The next task has this result.
    fn answer_with(&self, shape: Value) {
        self.harness.kie.plan(TaskPlan { shape: Some(shape), ..TaskPlan::default() });
    }

    /// Orders a picture with these words.
    async fn order_picture(&self, words: &str) {
        self.begin(task(PICTURE), title(PICTURE)).await;
        self.sees(label(PICTURE, "prompt")).await;
        self.chat.send_text(words);
        self.press("✅ Create").await;
    }

    async fn file(&self, kind: ChatFileKind) -> Message {
        self.chat.wait_media(kind, TIMEOUT).await.unwrap()
    }

    /// The last call of a method.
    fn call(&self, method: &str) -> MethodCall {
        let calls = self.harness.telegram.calls();
        calls.into_iter().rfind(|call| call.method.eq_ignore_ascii_case(method)).unwrap()
    }

    /// Waits for a message with a button that is newer than another message.
    async fn newer_button(&self, than: i32, label: &str) -> Message {
        let found = self.chat.wait_for(TIMEOUT, |view| {
            let mut newest = view.from_bot().rev().filter(|message| message.id > than);
            newest.find(|message| message.button(label).is_some()).cloned()
        });
        found.await.unwrap()
    }
}

fn thumbnail_size(message: &Message) -> (usize, usize) {
    let thumbnail = message.media.as_ref().unwrap().thumbnail.as_ref().unwrap();
    assert!(thumbnail.len() < 200_000 && thumbnail.starts_with(b"\xff\xd8"), "{} bytes", thumbnail.len());
    let size = imagesize::blob_size(thumbnail).unwrap();
    (size.width, size.height)
}

/// Without these fields Telegram shows a square without a picture.
#[tokio::test]
async fn a_video_comes_with_its_size_length_and_first_picture() {
    let play = Play::start("en").await;
    // As phones record: the pictures lie on their side.
    let mut film = Sample::of(MediaKind::Video).unwrap().bytes.to_vec();
    let tkhd = film.windows(4).position(|part| part == b"tkhd").unwrap();
    let matrix = [0, 1, 0, -1, 0_i32].map(|number| (number << 16).to_be_bytes()).concat();
    film[tkhd + 44..tkhd + 64].copy_from_slice(&matrix);
    film[tkhd + 84..tkhd + 88].copy_from_slice(&(360_u32 << 16).to_be_bytes());
    let url = play.vendor_file("film.mp4", "video/mp4", film).await;
    play.answer_with(json!({ "resultUrls": [url] }));
    play.order_picture("A fox").await;
    let sent = play.file(ChatFileKind::Video).await;
    let fields = play.call("sendVideo").args;
    let told = ["width", "height", "duration"].map(|name| fields[name].as_str().unwrap().to_owned());
    assert_eq!(told, ["360", "720", "3"], "{fields:?}");
    assert_eq!(thumbnail_size(&sent), (320, 320));
    play.end().await;
}

#[tokio::test]
async fn a_video_that_cannot_be_read_comes_all_the_same() {
    let play = Play::start("en").await;
    let mut film = Sample::of(MediaKind::Video).unwrap().bytes.to_vec();
    // Its facts are cut off.
    let moov = film.windows(4).position(|part| part == b"moov").unwrap();
    film[moov..moov + 4].copy_from_slice(b"skip");
    let url = play.vendor_file("film.mp4", "video/mp4", film).await;
    play.answer_with(json!({ "resultUrls": [url] }));
    play.order_picture("A fox").await;
    let sent = play.file(ChatFileKind::Video).await;
    let fields = play.call("sendVideo").args;
    assert!(!fields.contains_key("width") && !fields.contains_key("duration"), "{fields:?}");
    assert_eq!(sent.media.unwrap().thumbnail, None);
    play.end().await;
}

#[tokio::test]
async fn a_song_comes_with_its_title_length_and_cover() {
    let play = Play::start("en").await;
    let song = play.vendor_file("a.mp3", "audio/mpeg", track::mp3(None)).await;
    let cover = play.vendor_file("a.png", "image/png", Sample::of(MediaKind::Image).unwrap().bytes.to_vec()).await;
    let facts = json!({ "audio_url": song, "image_url": cover, "title": "Sea & sky", "duration": 61.4 });
    play.answer_with(json!({ "data": [facts] }));
    play.order_picture("A song").await;
    let sent = play.file(ChatFileKind::Audio).await;
    let fields = play.call("sendAudio").args;
    // The length is that of the file, which the vendor may round or leave out.
    assert_eq!((fields["title"].as_str(), fields["duration"].as_str()), (Some("Sea & sky"), Some("3")), "{fields:?}");
    assert!(!fields.contains_key("performer"), "{fields:?}");
    assert_eq!(thumbnail_size(&sent), (320, 320));
    assert!(sent.button("voice").is_none(), "a song is no speech");

    // The vendor says nothing, the file does.
    let cover = Sample::of(MediaKind::Image).unwrap().bytes;
    let tags = track::Tags { title: "Harbour", artist: "Nobody", cover };
    let song = play.vendor_file("b.mp3", "audio/mpeg", track::mp3(Some(&tags))).await;
    play.answer_with(json!({ "resultUrls": [song] }));
    play.order_picture("Another song").await;
    play.harness.telegram.wait_for_calls("sendAudio", 2, TIMEOUT).await.unwrap();
    let fields = play.call("sendAudio").args;
    assert_eq!((fields["title"].as_str(), fields["performer"].as_str()), (Some("Harbour"), Some("Nobody")));
    assert!(fields.contains_key("thumbnail"), "{fields:?}");
    play.end().await;
}

#[tokio::test]
async fn a_speech_becomes_a_voice_message() {
    let play = Play::start("en").await;
    let speech = track::mp3(None);
    let url = play.vendor_file("speech.mp3", "audio/mpeg", speech.clone()).await;
    play.answer_with(json!({ "resultUrls": [url] }));
    play.begin(task(SPEECH), title(SPEECH)).await;
    play.sees("Send the text").await;
    play.chat.send_text("Good morning");
    play.press("✅ Create").await;
    let sent = play.file(ChatFileKind::Audio).await;
    assert!(sent.button("As a voice message").is_some(), "{sent}");
    play.press("As a voice message").await;
    let voice = play.file(ChatFileKind::Voice).await;
    assert_eq!(voice.media.unwrap().bytes, speech.len());
    // A person may have closed their chats to them.
    let refused =
        TelegramFaultEffect::Api { code: 400, description: "Bad Request: VOICE_MESSAGES_FORBIDDEN".to_owned() };
    play.harness.telegram.fault(TelegramFault::once("sendVoice", refused));
    play.press("As a voice message").await;
    play.sees("your privacy settings let no voice messages through").await;
    play.end().await;
}

#[tokio::test]
async fn the_prompt_and_the_task_can_be_copied() {
    let play = Play::start("en").await;
    let words = "A <red> fox & snow, 🦊 ".repeat(8);
    play.order_picture(words.trim()).await;
    play.file(ChatFileKind::Photo).await;
    assert_eq!(play.chat.copy("📋 Prompt").unwrap(), words.trim());
    // One that is longer than a button copies has no button.
    play.order_picture(&"я".repeat(257)).await;
    play.harness.telegram.wait_for_calls("sendPhoto", 2, TIMEOUT).await.unwrap();
    let long =
        play.chat.wait_for(TIMEOUT, |view| view.last().filter(|last| last.media.is_some()).cloned()).await.unwrap();
    assert!(long.button("Change").is_some() && long.button("Prompt").is_none(), "{long}");
    // What failed, and what is looked at again, can be asked about.
    let created = play.harness.kie.creates()[1].task_id.clone();
    play.chat.send_text("/jobs");
    play.press("1. Show").await;
    play.newer_button(long.id + 2, "📋 Task id").await;
    assert_eq!(play.chat.copy("📋 Task id").unwrap(), created);
    play.end().await;
}

#[tokio::test]
async fn a_failed_task_can_be_named_to_the_vendor() {
    let play = Play::start("en").await;
    let end = kie::demo::kie::TaskEnd::Fail { code: json!("500"), msg: "out of paint".to_owned() };
    play.harness.kie.plan(TaskPlan { end, ..TaskPlan::default() });
    play.order_picture("A fox").await;
    play.sees("it did not work").await;
    assert_eq!(play.chat.copy("📋 Task id").unwrap(), play.harness.kie.creates()[0].task_id);
    play.end().await;
}

/// The short link was kept for ever, and was dead after 20 minutes.
#[tokio::test]
async fn a_big_result_has_a_fresh_link_at_each_show() {
    let play = Play::start("en").await;
    let url = play.vendor_file("big.mp4", "video/mp4", vec![7; 50_000_001]).await;
    play.answer_with(json!({ "resultUrls": [url] }));
    play.order_picture("A long film").await;
    let first = play.sees("is bigger than 50 MB").await;
    assert!(first.text.contains("works for 20 min") && first.text.contains("14 days"), "{first}");
    assert!(first.text.contains(&format!("{url}?expires=")), "{first}");
    let asked = play.harness.kie.requests(Route::DownloadUrl);
    play.press("Show").await;
    let fresh = play.sees("Here is a fresh link").await;
    assert!(fresh.text.contains(&format!("{url}?expires=")) && fresh.button("Show").is_some(), "{fresh}");
    assert_eq!(play.harness.kie.requests(Route::DownloadUrl), asked + 1);
    // Without a short one, the file's own, which lasts as long as the file.
    play.harness.kie.fault(KieFault::code(Route::DownloadUrl, 422, "not this one"));
    play.chat.press_on(fresh.id, "Show").unwrap();
    let own = play.sees("The vendor keeps the file for 14 days").await;
    assert!(own.text.contains(&url) && !own.text.contains("expires="), "{own}");
    play.end().await;
}

/// After two weeks there is nothing to link to.
#[tokio::test]
async fn a_result_that_the_vendor_has_deleted_is_told_so() {
    let play = Play::start("en").await;
    let url = play.vendor_file("big.mp4", "video/mp4", vec![7; 50_000_001]).await;
    play.answer_with(json!({ "resultUrls": [url] }));
    play.order_picture("A long film").await;
    play.sees("is bigger than 50 MB").await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(play.harness.config.database_file().unwrap());
    let mut database = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let aged = sqlx::query("UPDATE jobs SET created_at = created_at - $1, submitted_at = submitted_at - $1");
    aged.bind(RESULT_LIFE.as_millis() as i64).execute(&mut database).await.unwrap();
    let asked = play.harness.kie.requests(Route::DownloadUrl);
    play.press("Show").await;
    play.sees("The vendor deletes results after 14 days; this one is no longer there").await;
    assert_eq!(play.harness.kie.requests(Route::DownloadUrl), asked);
    play.end().await;
}
