//! Conversations with the whole bot over HTTP, between the two simulators: one for each kind of field, and the ways a
//! conversation goes wrong.

mod access;
mod admin;
mod announcement;
mod assortment;
mod charge;
mod ephemeral;
mod flood;
mod follow_up;
mod friends;
mod group;
mod health;
mod local;
mod manner;
mod message;
mod next_step;
mod payment;
mod promo;
mod purse;
mod quota;
mod refund;
mod result;
mod stranger;
mod style;
mod subscription;
mod topic;
mod update;
mod upload;

use std::time::Duration;

use kie::demo::harness::{Harness, HarnessOptions};
use kie::demo::kie::Pace;
use kie::demo::telegram::{ChatFileKind, ChatHandle, Message, TelegramUser};
use kie::sample::Sample;
use kie::schema::Lang;
use kie::schema::spec::MediaKind;
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call_in};
use crate::support::log;

/// Nothing in a test takes so long, unless it never comes.
const TIMEOUT: Duration = Duration::from_secs(20);

struct Play {
    harness: Harness,
    chat: ChatHandle,
    folder: tempfile::TempDir,
}

impl Play {
    /// A command of the operator, on the bot's database and with its token.
    async fn command(&self, args: &[&str]) -> Done {
        let vars = [
            ("DATABASE_URL", "sqlite:demo.db".to_owned()),
            ("TELEGRAM_BOT_TOKEN", self.harness.telegram.token().to_owned()),
            ("TELEGRAM_API_URL", self.harness.telegram.api_url.to_string()),
        ];
        let (folder, args) = (self.folder.path().to_owned(), args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>());
        let run = move || {
            let vars: Vec<(&str, &str)> = vars.iter().map(|(name, value)| (*name, value.as_str())).collect();
            call_in(&folder, &args.iter().map(String::as_str).collect::<Vec<_>>(), &vars, b"")
        };
        tokio::task::spawn_blocking(run).await.unwrap()
    }

    async fn start(language: &str) -> Self {
        Self::with(language, |_| {}).await
    }

    async fn with(language: &str, change: impl FnOnce(&mut HarnessOptions)) -> Self {
        log::install();
        let folder = tempfile::tempdir().unwrap();
        let mut options = HarnessOptions::new(folder.path());
        options.pace = Pace::Polls(1);
        options.picture_side = 96;
        options.tuning.worker.idle = Duration::from_millis(50);
        change(&mut options);
        let harness = Harness::start(options).await.unwrap();
        let chat = harness.telegram.chat_of(TelegramUser::new(42).speaking(language));
        Self { harness, chat, folder }
    }

    async fn press(&self, label: &str) {
        self.chat.tap(label).await;
    }

    async fn sees(&self, text: &str) -> Message {
        self.chat.sees(text).await
    }

    async fn begin(&self, task: &str, model: &str) {
        self.chat.begin(task, model).await;
    }

    async fn choose(&self, task: &str, model: &str) {
        self.chat.choose(task, model).await;
    }

    async fn input(&self, number: usize) -> Value {
        let creates = self.harness.kie.wait_for_creates(number, TIMEOUT).await.unwrap();
        Value::Object(creates[number - 1].input.clone())
    }

    async fn end(self) {
        assert!(self.harness.telegram.unanswered().is_empty(), "every press is answered");
        self.harness.stop().await.unwrap();
    }
}

/// What a person does in a chat.
trait Person {
    async fn tap(&self, label: &str);
    async fn sees(&self, text: &str) -> Message;
    async fn begin(&self, task: &str, model: &str);
    async fn choose(&self, task: &str, model: &str);
}

impl Person for ChatHandle {
    /// Presses a button as soon as it is there, and waits until the press was answered.
    async fn tap(&self, label: &str) {
        self.wait_button(label, TIMEOUT).await.unwrap();
        let press = self.press(label).unwrap();
        self.wait_answer(&press, TIMEOUT).await.unwrap();
    }

    async fn sees(&self, text: &str) -> Message {
        self.wait_text(text, TIMEOUT).await.unwrap()
    }

    /// From the menu to the first question of a model.
    async fn begin(&self, task: &str, model: &str) {
        self.choose(task, model).await;
        self.tap("Fill in").await;
    }

    /// From the menu to the card of a model.
    async fn choose(&self, task: &str, model: &str) {
        self.send_text("/start");
        self.tap(task).await;
        let task = self.view();
        let mut tries = 0;
        while self.view().button(model).is_none() {
            assert!(tries < 9, "{model} is on no page:\n{task}");
            tries += 1;
            let page = format!("{tries} / ");
            if self.wait_button(&page, Duration::from_secs(2)).await.is_ok() && self.view().button(model).is_none() {
                self.tap("›").await;
            }
        }
        self.tap(model).await;
    }
}

fn title(model: &str) -> &'static str {
    kie::models::find(model).unwrap().spec.title.get(Lang::En)
}

fn task(model: &str) -> &'static str {
    kie::models::find(model).unwrap().spec.tasks[0].title.get(Lang::En)
}

fn label(model: &str, field: &str) -> &'static str {
    kie::models::find(model).unwrap().spec.fields.iter().find(|f| f.name == field).unwrap().label.get(Lang::En)
}

#[tokio::test]
async fn words_and_a_choice_become_a_picture() {
    let play = Play::start("en").await;
    let model = "z-image";
    play.begin(task(model), title(model)).await;
    play.sees(label(model, "prompt")).await;
    // Too long: nothing is lost, the limit is told, the question stays.
    play.chat.send_text(&"x".repeat(1001));
    play.sees("has 1001 characters; at most 1000 are allowed").await;
    play.chat.send_text("A <red> fox & snow");
    play.press(label(model, "aspect_ratio")).await;
    play.press("16:9").await;
    let form = play.sees("«A <red> fox & snow»").await;
    assert!(form.button("✅ Create · 0.8 credits").is_some(), "{form}");
    // Two quick presses on one button order once.
    let data = form.button("✅ Create").unwrap().data.clone().unwrap();
    for _ in 0..2 {
        play.chat.press_data(form.id, &data).unwrap();
    }
    play.sees("Accepted.").await;
    let photo = play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert!(photo.text.starts_with("Z-Image · 0.8 credits"), "{photo}");
    assert!(photo.button("Change").is_some() && photo.button("Menu").is_some(), "{photo}");
    play.sees("This was ordered already").await;
    assert_eq!(play.input(1).await, json!({"prompt": "A <red> fox & snow", "aspect_ratio": "16:9"}));
    assert_eq!(play.harness.kie.creates().len(), 1);
    // Once more, from the result; a second press of the same button finds the same job.
    let again = photo.button("Once more").unwrap().data.clone().unwrap();
    play.chat.press_data(photo.id, &again).unwrap();
    play.sees("Once more: Z-Image").await;
    play.chat.press_data(photo.id, &again).unwrap();
    play.sees("this button has been used already").await;
    play.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap();
    assert_eq!(play.harness.kie.creates().len(), 2);
    // The list knows both and sends the first one's file again.
    play.chat.send_text("/jobs");
    play.sees("Your last jobs").await;
    play.end().await;
}

/// Before anything is spent, the form says what another answer would cost, and the price then is what it said.
#[tokio::test]
async fn the_form_says_what_another_answer_would_change() {
    let play = Play::start("en").await;
    let model = "nano-banana-pro";
    let size = label(model, "resolution");
    play.begin(task(model), title(model)).await;
    // Without the words there is no price yet, and nothing to compare with.
    play.sees("Send the text").await;
    play.press("Back").await;
    let form = play.sees(&format!("{size}  1K (default)")).await;
    assert!(!form.text.contains("4K"), "{form}");
    play.press("Fill in").await;
    play.sees("Send the text").await;
    play.chat.send_text("A red fox");
    let form = play.chat.wait_button("✅ Create · 18 credits", TIMEOUT).await.unwrap();
    assert!(form.text.contains(&format!("{size}  1K (default)   (4K: +6)\n")), "{form}");
    let shape = form.text.lines().find(|line| line.contains(label(model, "aspect_ratio"))).unwrap();
    assert!(!shape.contains("   ("), "the shape costs nothing: {shape}");
    play.press(size).await;
    let editor = play.chat.wait_button("4K · +6", TIMEOUT).await.unwrap();
    assert!(editor.button("• 1K").is_some() && !editor.button("2K").unwrap().text.contains('·'), "{editor}");
    play.press("4K · +6").await;
    let form = play.chat.wait_button("✅ Create · 24 credits", TIMEOUT).await.unwrap();
    assert!(form.text.contains(&format!("{size}  4K   (1K: −6, 2K: −6)\n")), "{form}");
    play.press("✅ Create").await;
    assert_eq!(play.input(1).await["resolution"], "4K");
    let photo = play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert!(photo.text.starts_with("Nano Banana Pro · 24 credits"), "{photo}");
    play.end().await;
}

/// A button outlives the registry that it was made from: its id may be a name of another model by now.
#[tokio::test]
async fn an_old_button_keeps_the_value_that_its_name_stands_for() {
    let play = Play::start("en").await;
    let spec = kie::models::find("google/veo-3").unwrap().spec;
    play.chat.send_text("/start");
    let menu = play.sees("What shall we make?").await;
    play.chat.press_data(menu.id, "1mgoogle/veo-3").unwrap();
    play.press("Fill in").await;
    play.sees(label(spec.id, "prompt")).await;
    play.chat.send_text("A fox runs");
    let form = play.chat.wait_button("✅ Create · 250 credits", TIMEOUT).await.unwrap();
    assert!(form.text.contains("Quality tier  Quality   (Lite: −220, Fast: −190)\n"), "{form}");
    play.press("✅ Create").await;
    assert_eq!(play.input(1).await, json!({"prompt": "A fox runs", "model": "veo3"}));
    // Another value of the person's wins.
    play.chat.press_data(menu.id, "1ngoogle/veo-3").unwrap();
    play.sees(label(spec.id, "prompt")).await;
    play.chat.send_text("A fox sleeps");
    play.press(label(spec.id, "model")).await;
    play.press("Lite").await;
    play.press("✅ Create · 30 credits").await;
    assert_eq!(play.input(2).await, json!({"prompt": "A fox sleeps", "model": "veo3_lite"}));
    play.end().await;
}

#[tokio::test]
async fn an_album_with_a_caption_fills_a_list_and_the_words() {
    let play = Play::start("en").await;
    let model = "nano-banana-pro";
    play.begin(task(model), title(model)).await;
    play.sees(label(model, "prompt")).await;
    // No field for pictures is open, but only one takes them.
    let picture = Sample::of(MediaKind::Image).unwrap();
    let files = vec![("a.png", picture.bytes.into()), ("b.png", picture.bytes.into())];
    play.chat.send_album(ChatFileKind::Photo, files, "Both in one frame");
    play.sees("2. ✓").await;
    assert_eq!(play.harness.kie.uploads().len(), 2);
    play.press("Done").await;
    let form = play.sees("«Both in one frame»").await;
    assert!(form.text.contains("2 of 8"), "{form}");
    play.press("✅ Create").await;
    let input = play.input(1).await;
    assert_eq!(input["prompt"], "Both in one frame");
    assert_eq!(input["image_input"].as_array().unwrap().len(), 2);
    assert!(!input.to_string().contains(play.harness.telegram.token()), "the token never leaves");
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.end().await;
}

#[tokio::test]
async fn a_voice_message_becomes_clean_sound() {
    let play = Play::start("en").await;
    let model = "elevenlabs/audio-isolation";
    play.begin(task(model), title(model)).await;
    play.chat.send_text("no link, just words");
    play.sees("Send an audio file or a voice message").await;
    let picture = Sample::of(MediaKind::Image).unwrap();
    play.chat.send(ChatFileKind::Photo, "a.png", picture.bytes, "");
    play.sees("You sent a picture").await;
    let sound = Sample::of(MediaKind::Audio).unwrap();
    play.chat.send(ChatFileKind::Audio, "a.wav", sound.bytes, "");
    play.press("✅ Create").await;
    let input = play.input(1).await;
    assert!(input["audio_url"].as_str().unwrap().starts_with("http"), "{input}");
    let found = play.chat.wait_for(TIMEOUT, |view| {
        let sound = view.with_attachment(ChatFileKind::Audio).or_else(|| view.with_attachment(ChatFileKind::Document));
        sound.cloned()
    });
    found.await.unwrap();
    play.end().await;
}

#[tokio::test]
async fn a_list_of_groups_is_filled_item_by_item() {
    let play = Play::start("en").await;
    let model = "kling-3.0/video";
    play.begin(task(model), title(model)).await;
    play.press(label(model, "multi_shots")).await;
    play.press("Yes").await;
    play.press(label(model, "multi_prompt")).await;
    for (words, seconds) in [("A fox wakes", "2"), ("A fox runs", "3")] {
        play.press("Add").await;
        play.sees("What this shot shows").await;
        play.chat.send_text(words);
        play.sees("Shot length, s").await;
        play.chat.send_text("99");
        play.sees("must be 1 to 12").await;
        play.chat.send_text(seconds);
        play.press("Done").await;
        play.sees(&format!("«{words}» · {seconds}")).await;
    }
    play.press("Done").await;
    // The list says "2 items" as well: the form is the message with the button.
    let form = play.chat.wait_button("✅ Create", TIMEOUT).await.unwrap();
    assert!(form.text.contains("2 items"), "{form}");
    play.press("✅ Create").await;
    let input = play.input(1).await;
    let shots = json!([{"prompt": "A fox wakes", "duration": 2}, {"prompt": "A fox runs", "duration": 3}]);
    assert_eq!(input["multi_prompt"], shots, "{input}");
    play.chat.wait_media(ChatFileKind::Video, TIMEOUT).await.unwrap();
    play.end().await;
}

#[tokio::test]
async fn a_person_chooses_a_language() {
    let play = Play::start("ru").await;
    play.chat.send_text("/start");
    play.sees("Что сделаем?").await;
    play.press("🌐 Язык").await;
    play.press("English").await;
    play.sees("I speak English now.").await;
    play.chat.send_text("/help");
    play.sees("I make pictures, videos, music and speech").await;
    play.end().await;
}

#[tokio::test]
async fn a_failure_is_told_with_the_vendors_words() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("A fox [fail]");
    play.press("✅ Create").await;
    let failure = play.sees("it did not work").await;
    assert!(failure.text.contains("Nothing was charged."), "{failure}");
    for label in ["Try again", "Change", "Menu"] {
        assert!(failure.button(label).is_some(), "{failure}");
    }
    play.press("Change").await;
    play.sees("«A fox [fail]»").await;
    play.end().await;
}

#[tokio::test]
async fn a_lost_reply_is_never_repeated_without_a_word() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("A fox [lost]");
    play.press("✅ Create").await;
    play.sees("I do not know what became of it").await;
    assert_eq!(play.harness.kie.creates().len(), 1);
    play.press("Leave it").await;
    play.sees("Left as it is").await;
    assert_eq!(play.harness.kie.creates().len(), 1);
    play.end().await;
}

#[tokio::test]
async fn f32_who_does_not_wait_still_gets_the_picture() {
    let play = Play::with("en", |options| options.pace = Pace::Time(Duration::from_secs(5))).await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("A slow fox");
    play.press("✅ Create").await;
    play.harness.kie.wait_for_creates(1, TIMEOUT).await.unwrap();
    play.press("Do not wait").await;
    play.sees("the credits are spent").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.end().await;
}
