//! How the bot behaves towards people: it never keeps silent, never lets them wait for another, and commands always work.

use std::time::{Duration, Instant};

use kie::demo::telegram::{ChatFileKind, TelegramFault, TelegramFaultEffect, TelegramUser};
use kie::sample::Sample;
use kie::schema::spec::MediaKind;
use serde_json::json;
use sqlx::Connection;

use crate::bot::{Play, TIMEOUT, task, title};

impl Play {
    /// Waits until the newest message of the bot says all of this.
    async fn ends_with(&self, words: &[&str]) {
        let last = self.chat.wait_for(TIMEOUT, |view| {
            let last = view.last()?;
            words.iter().all(|words| last.text.contains(words)).then_some(())
        });
        if last.await.is_err() {
            panic!("the last word is not {words:?}:\n{}", self.chat.view());
        }
    }

    /// The person sends a place on the map, of which the bot can make nothing.
    fn send_place(&self) {
        let id = self.chat.id();
        let message = json!({
            "message_id": 100_000, "date": 1, "chat": {"id": id, "type": "private", "first_name": "A"},
            "from": {"id": id, "is_bot": false, "first_name": "A"}, "location": {"longitude": 1.0, "latitude": 2.0},
        });
        self.harness.telegram.push_update("message", message);
    }

    /// How many messages of the bot say this.
    fn count(&self, words: &str) -> usize {
        self.chat.view().from_bot().filter(|message| message.text.contains(words)).count()
    }
}

/// F33: after some inputs the handler returned without a word, and the person waited for ever.
#[tokio::test]
async fn f33_whatever_a_person_sends_is_answered() {
    let play = Play::start("en").await;
    let picture = || Sample::of(MediaKind::Image).unwrap().bytes;
    // Without a form.
    play.chat.send_text("draw a fox");
    play.ends_with(&["Choose first what to make, then"]).await;
    play.chat.send_text("/dance");
    play.ends_with(&["I do not know /dance"]).await;
    play.chat.send(ChatFileKind::Photo, "a.png", picture(), "");
    play.ends_with(&["Choose first what to make of it"]).await;
    play.send_place();
    play.ends_with(&["This I cannot use"]).await;
    // While the form asks for words.
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.send_place();
    play.ends_with(&["This I cannot use", "What to draw"]).await;
    play.chat.send(ChatFileKind::Photo, "a.png", picture(), "");
    play.ends_with(&["You sent a picture", "What to draw"]).await;
    play.chat.send_text(&"x".repeat(1001));
    play.ends_with(&["at most 1000 are allowed"]).await;
    // While it asks for a choice, and while it asks for nothing.
    play.chat.send_text("A fox");
    play.press(crate::bot::label("z-image", "aspect_ratio")).await;
    play.chat.send_text("nothing like it");
    play.ends_with(&["is not offered; choose"]).await;
    play.press("16:9").await;
    play.ends_with(&["«A fox»"]).await;
    play.send_place();
    play.ends_with(&["This I cannot use", "«A fox»"]).await;
    play.end().await;
}

/// F33: an answer that did not get through was not sent again, and what it answered was forgotten with it.
#[tokio::test]
async fn f33_what_a_person_said_outlives_a_broken_line() {
    let play = Play::start("en").await;
    let break_line = |times, trouble| {
        play.harness.telegram.fault(TelegramFault { times, ..TelegramFault::once("sendMessage", trouble) });
    };
    break_line(2, TelegramFaultEffect::Disconnect);
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    // Telegram takes every message, and we never hear of it.
    break_line(100, TelegramFaultEffect::LoseReply);
    play.chat.send_text("A fox");
    play.press("✅ Create").await;
    let creates = play.harness.kie.wait_for_creates(1, TIMEOUT).await.unwrap();
    play.harness.telegram.clear_faults();
    assert_eq!(creates[0].input["prompt"], "A fox");
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.end().await;
}

/// F33: a chat was ours in the database and we did not know it, because the reply of the database was lost.
#[tokio::test]
async fn f33_a_chat_that_became_ours_without_a_reply_is_served() {
    let play = Play::start("en").await;
    play.chat.send_text("/start");
    play.sees("What shall we make?").await;
    let id = play.chat.id() + 1;
    let person = json!({"id": id, "is_bot": false, "first_name": "B", "language_code": "en"});
    let message = json!({
        "message_id": 1, "date": 1, "text": "/help", "from": person,
        "chat": {"id": id, "type": "private", "first_name": "B"},
    });
    let body = json!({"update_id": 7, "message": message}).to_string();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(play.harness.config.database_file().unwrap());
    let mut database = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    // As such an exchange leaves it.
    let stored = sqlx::query("INSERT INTO updates (id, chat_id, body, received_at) VALUES (7, $1, $2, 1)");
    stored.bind(id).bind(body).execute(&mut database).await.unwrap();
    let taken = sqlx::query("INSERT INTO turns (chat_id, holder) SELECT $1, name FROM holders");
    assert_eq!(taken.bind(id).execute(&mut database).await.unwrap().rows_affected(), 1);
    let other = play.harness.telegram.chat(id);
    other.wait_text("I make pictures, videos, music and speech", TIMEOUT).await.unwrap();
    play.end().await;
}

/// F34: presses were answered after the work, a minute late, and the buttons seemed stuck.
#[tokio::test]
async fn f34_a_press_is_answered_before_its_work() {
    let play = Play::start("en").await;
    play.chat.send_text("/start");
    play.chat.wait_button(task("z-image"), TIMEOUT).await.unwrap();
    play.harness.telegram.fault(TelegramFault::once("editMessageText", TelegramFaultEffect::Delay(2_000)));
    let press = play.chat.press(task("z-image")).unwrap();
    play.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    assert!(play.chat.view().button(task("z-image")).is_some(), "the page has not been turned yet");
    play.chat.wait_for(TIMEOUT, |view| view.button(task("z-image")).is_none().then_some(())).await.unwrap();
    play.end().await;
}

/// F35: buttons of an older version led nowhere and said nothing.
#[tokio::test]
async fn f35_an_old_button_is_answered_with_a_fresh_menu() {
    let play = Play::start("ru").await;
    play.chat.send_text("/start");
    let menu = play.sees("Что сделаем?").await;
    let press = play.chat.press_data(menu.id, "sel:z-image").unwrap();
    let answer = play.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    assert!(answer.alert && answer.text == "Это старое меню. Вот свежее.", "{answer:?}");
    play.end().await;
}

/// F37: a command in the middle of a form was taken for its answer, or showed the menu twice.
#[tokio::test]
async fn f37_commands_win_over_an_open_question() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("/help");
    play.sees("I make pictures, videos, music and speech").await;
    let menus = play.count("What shall we make?");
    play.chat.send_text("/start");
    play.ends_with(&["What shall we make?"]).await;
    play.chat.send_text("/cancel");
    play.ends_with(&["The form is dropped"]).await;
    play.chat.send_text("/cancel");
    play.ends_with(&["There is nothing to cancel."]).await;
    assert_eq!(play.count("What shall we make?"), menus + 1, "one menu for one /start:\n{}", play.chat.view());
    for command in ["/help", "/start", "/cancel"] {
        assert_eq!(play.count(&format!("«{command}»")), 0, "a command is no answer:\n{}", play.chat.view());
    }
    play.end().await;
}

/// F39: a call that waited for a file stopped everything else in the process, and a limit around the handler cut it off.
#[tokio::test]
async fn f39_a_database_that_keeps_us_waiting_holds_up_nothing_else() {
    let play = Play::start("en").await;
    play.chat.send_text("/start");
    play.sees("What shall we make?").await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(play.harness.config.database_file().unwrap());
    let mut other = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    play.chat.send_text("/dance");
    // This test and the bot share one thread: while the bot waits, it goes on.
    let begun = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    for _ in 0..100 {
        tick.tick().await;
    }
    assert!(begun.elapsed() < Duration::from_secs(3), "the thread stood still: {:?}", begun.elapsed());
    assert_eq!(play.chat.view().from_bot().count(), 1, "the database was shut:\n{}", play.chat.view());
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    play.sees("I do not know /dance").await;
    // Neither does a chat whose messages are slow.
    play.harness.telegram.fault(TelegramFault {
        chat: Some(play.chat.id()),
        ..TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(2_000))
    });
    play.chat.send_text("/help");
    play.harness.telegram.wait_for_calls("sendMessage", 3, TIMEOUT).await.unwrap();
    let neighbour = play.harness.telegram.chat(43);
    neighbour.send_text("/help");
    neighbour.wait_text("I make pictures, videos, music and speech", TIMEOUT).await.unwrap();
    assert_eq!(play.count("I make pictures, videos, music and speech"), 0, "{}", play.chat.view());
    play.sees("I make pictures, videos, music and speech").await;
    play.end().await;
}

/// Bots share groups: what is meant for another one is none of this one's business.
#[tokio::test]
async fn commands_of_other_bots_are_left_to_them() {
    let play = Play::start("en").await;
    let own = "kie_demo_bot";
    play.chat.send_text("/start@some_other_bot");
    play.chat.send_text(&format!("/help@{}", own.to_uppercase()));
    play.sees("I make pictures, videos").await;
    assert_eq!(play.chat.view().from_bot().count(), 1, "{}", play.chat.view());
    // The words after a command that people know from elsewhere are the answer.
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("/imagine prompt: a red fox");
    play.sees("«a red fox»").await;

    let group = play.harness.telegram.group(-1_000_000_000_123, TelegramUser::new(43));
    for other in ["/ban 22", "/ban@rose_bot", "/s", "/start@some_other_bot", "lunch at one?"] {
        group.send_text(other);
    }
    group.send_text(&format!("/jobs@{own}"));
    group.wait_text("You have no jobs yet", TIMEOUT).await.unwrap();
    assert_eq!(group.view().from_bot().count(), 1, "{}", group.view());
    play.end().await;
}

/// After an order the form stays for the next one; in a group, people talk about other things meanwhile.
#[tokio::test]
async fn after_an_order_a_group_is_left_alone() {
    let play = Play::start("en").await;
    let group = play.harness.telegram.group(-1_000_000_000_124, TelegramUser::new(44));
    let play = Play { chat: group, ..play };
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("A boat");
    play.press("✅ Create").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    let said = play.chat.send_text("lunch at one?");
    play.chat.send_text("/jobs");
    play.sees("Your last jobs").await;
    assert_eq!(play.chat.view().from_bot().filter(|m| m.id > said).count(), 1, "{}", play.chat.view());
    play.end().await;
}
