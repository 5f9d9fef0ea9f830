//! A bot dies, another one finds everything where it was.

use std::time::Duration;

use kie::client::{KeyLabel, Rate};
use kie::clock::{Clock, SystemClock};
use kie::demo::harness::KEY;
use kie::demo::kie::{KieFault, KieFaultEffect, Route, SimKieOptions, TaskEnd, TaskPlan};
use kie::demo::telegram::{ChatFileKind, ChatHandle, TelegramFault, TelegramFaultEffect};
use kie::job::JobState;
use kie::ledger::EntryKind::{Capture, Hold, Release};
use kie::sample::Sample;
use kie::schema::spec::MediaKind;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::support::database;
use crate::system::fixture::{Bot, LIMIT, TestSystem, quick};
use crate::system::person::{fill, order, photos, press, receive};

async fn in_mid_job(system: TestSystem) {
    let bot = system.bot().await;
    let chat = system.telegram.chat(521);
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let task = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
    chat.wait_text("At work", LIMIT).await.unwrap();
    bot.kill().await;
    let looked = system.kie.polls(&task);

    let bot = system.bot().await;
    system.kie.finish(&task);
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    // Nothing is left to do: neither a third life nor the worker's next turn delivers it again.
    bot.stop().await;
    let bot = system.bot().await;
    bot.stop().await;

    assert_eq!(photos(&chat), 1, "{}", chat.view());
    assert_eq!(system.kie.creates().len(), 1);
    assert_eq!(system.kie.requests(Route::Create), 1);
    assert!(system.kie.polls(&task) > looked);
    assert!(chat.view().button("Do not wait").is_none(), "the old progress message is gone:\n{}", chat.view());
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
}

/// Uploads run beside the conversations; a stop does not wait for them, and the next process begins them anew.
async fn in_mid_upload(system: TestSystem) {
    let bot = system.bot().await;
    let chat = system.telegram.chat(522);
    let stall = TelegramFault::once("getFile", TelegramFaultEffect::Delay(3_600_000));
    system.telegram.fault(TelegramFault { times: 100, ..stall });
    chat.send_text("/start");
    let menu = chat.wait_text("What shall we make?", LIMIT).await.unwrap();
    chat.press_data(menu.id, "1nqwen/image-to-image").unwrap();
    chat.wait_text("Send the text", LIMIT).await.unwrap();
    let picture = Sample::of(MediaKind::Image).unwrap();
    chat.send(ChatFileKind::Photo, picture.name, picture.bytes, "A poster");
    chat.wait_text("⏳ uploading", LIMIT).await.unwrap();
    system.telegram.wait_for_calls("getFile", 1, LIMIT).await.unwrap();
    let told = std::time::Instant::now();
    bot.stop().await;
    assert!(told.elapsed() < Duration::from_secs(5), "the stop has waited for the upload");

    let bot = system.bot().await;
    system.telegram.wait_for_calls("getFile", 2, LIMIT).await.unwrap();
    bot.kill().await;

    system.telegram.clear_faults();
    let bot = system.bot().await;
    chat.wait_text("✓ 512×512", LIMIT).await.unwrap();
    chat.wait_button("✅ Create", LIMIT).await.unwrap();
    press(&chat, "✅ Create").await;
    let input = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).input;
    assert_eq!(input["image_url"], system.kie.uploads()[0].url.as_str());
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_outlives_a_stop_and_a_kill_on_sqlite() {
    in_mid_upload(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_outlives_a_stop_and_a_kill_on_postgres() {
    database::with_database(|url| async move { in_mid_upload(TestSystem::postgres(url).await).await }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f27_a_job_goes_on_after_a_kill_on_sqlite() {
    in_mid_job(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f27_a_job_goes_on_after_a_kill_on_postgres() {
    database::with_database(|url| async move { in_mid_job(TestSystem::postgres(url).await).await }).await;
}

/// A task is another account's secret: after a restart only the key that made it is asked.
#[tokio::test(flavor = "multi_thread")]
async fn f27_a_task_is_polled_with_its_own_key_after_a_kill() {
    const SECOND: &str = "the-second-key-of-the-simulated-kie";
    let options = SimKieOptions { other_keys: vec![SECOND.to_owned()], ..quick() };
    let mut system = TestSystem::sqlite_with(options).await;
    system.config.kie_key = Some(format!("{KEY},{SECOND}").into());
    let bot = system.bot().await;
    let chat = system.telegram.chat(526);
    // The first account has no credits left at that moment: the second one makes the task.
    system.kie.fault(KieFault::code(Route::Create, 402, "your credits are not enough"));
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let task = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
    let job = system.reaches(chat.id(), JobState::Running).await;
    assert_eq!(job.key, Some(KeyLabel::of(&SECOND.to_owned().into()).0));
    bot.kill().await;

    let (asked, answered) = (system.kie.requests(Route::Record), system.kie.polls(&task));
    let bot = system.bot().await;
    system.kie.finish(&task);
    receive(&chat).await;
    bot.stop().await;
    let (asked, answered) = (system.kie.requests(Route::Record) - asked, system.kie.polls(&task) - answered);
    assert!(answered > 0);
    assert_eq!(asked, answered, "no look went out with the other account's key");
    let label = job.key.as_deref().unwrap();
    assert!(!label.is_empty() && !SECOND.contains(label), "a label is no part of the key");
}

async fn while_submitting(system: TestSystem) {
    let bot = system.bot().await;
    let chat = system.telegram.chat(522);
    // The vendor takes the order; its reply does not come in this life.
    system.kie.fault(KieFault::once(Route::Create, KieFaultEffect::SlowBody(120_000)));
    order(&chat, "a boat").await;
    system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    assert_eq!(system.job(chat.id()).await.state, JobState::Submitting);
    bot.kill().await;

    let bot = system.bot().await;
    chat.wait_text("I do not know what became of it", LIMIT).await.unwrap();
    let job = system.reaches(chat.id(), JobState::Unknown).await;
    assert_eq!(job.failure.as_ref().unwrap().code, "lost_reply");
    assert_eq!((system.kie.creates().len(), photos(&chat)), (1, 0), "no second order without a word");
    assert_eq!(system.ledger(&job).await.len(), 1, "the hold stays until it is decided");

    press(&chat, "Send again as new").await;
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!((system.kie.creates().len(), photos(&chat)), (2, 1));
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f19_a_kill_between_order_and_reply_asks_the_person_on_sqlite() {
    while_submitting(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f19_a_kill_between_order_and_reply_asks_the_person_on_postgres() {
    database::with_database(|url| async move { while_submitting(TestSystem::postgres(url).await).await }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_is_told_and_can_be_left() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(523);
    order(&chat, "a boat [lost]").await;
    let told = chat.wait_text("I do not know what became of it", LIMIT).await.unwrap();
    assert!(told.text.contains("may cost twice"), "{}", told.text);
    system.reaches(chat.id(), JobState::Unknown).await;
    press(&chat, "Leave it").await;
    chat.wait_text("free again", LIMIT).await.unwrap();
    bot.stop().await;
    let job = system.job(chat.id()).await;
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Release, price)]);
    assert_eq!((job.state, system.kie.requests(Route::Create)), (JobState::Failed, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reply_outlives_the_lease() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(524);
    // Longer than the lease of these tests: the worker must not take its own order for lost.
    system.kie.fault(KieFault::once(Route::Create, KieFaultEffect::SlowBody(5_000)));
    order(&chat, "a boat").await;
    receive(&chat).await;
    bot.stop().await;
    assert!(chat.view().with_text("I do not know").is_none(), "{}", chat.view());
    assert_eq!((system.kie.creates().len(), photos(&chat)), (1, 1));
}

/// F37: a restart, or another instance, knew nothing of a form that was half filled.
#[tokio::test(flavor = "multi_thread")]
async fn f37_a_form_survives_a_kill() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(525);
    fill(&chat, "a boat at dawn").await;
    bot.kill().await;

    let bot = system.bot().await;
    press(&chat, "✅ Create").await;
    receive(&chat).await;
    bot.stop().await;
    let creates = system.kie.creates();
    assert_eq!(creates.len(), 1);
    assert_eq!(creates[0].input["prompt"], "a boat at dawn");
}

/// F12: without a memory of numbers an update that came twice counted twice.
///
/// A bot dies after an answer was kept and sent, and before anybody noted that: the next one leaves it at that.
#[tokio::test(flavor = "multi_thread")]
async fn f12_an_update_that_is_handled_again_has_its_effect_once() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(526);
    // A closed update has no text any more: copies are kept of what comes.
    let copies = "CREATE TABLE copies (id, chat_id, body);
        CREATE TRIGGER copy AFTER INSERT ON updates BEGIN
            INSERT INTO copies VALUES (NEW.id, NEW.chat_id, NEW.body);
        END";
    system.change(copies).await;
    fill(&chat, "a boat at dawn").await;
    bot.stop().await;
    let (shown, sent) = (chat.view().from_bot().count(), system.telegram.count("sendMessage"));

    let reopened = "UPDATE updates SET closed_at = NULL, (chat_id, body) = (
            SELECT chat_id, body FROM copies WHERE copies.id = updates.id)
        WHERE id = (SELECT MAX(id) FROM updates)";
    system.change(reopened).await;

    let bot = system.bot().await;
    bot.says("an update was handled before; it is not handled again").await;
    assert_eq!(
        (chat.view().from_bot().count(), system.telegram.count("sendMessage")),
        (shown, sent),
        "{}",
        chat.view()
    );
    press(&chat, "✅ Create").await;
    receive(&chat).await;
    bot.stop().await;
    assert_eq!(system.kie.creates()[0].input["prompt"], "a boat at dawn");
    assert!(system.store().await.open_updates(1).await.unwrap().is_empty());
}

/// Another program locks the database while something is under way, until the bot waits for it.
async fn lock_until_it_is_missed(system: &TestSystem, bot: &Bot) {
    let options = SqliteConnectOptions::new().filename(system.config.database_file().unwrap());
    let mut database = SqliteConnection::connect_with(&options.busy_timeout(LIMIT)).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut database).await.unwrap();
    // The bot waits for the lock for longer than its leases hold, and then says so.
    bot.says("a result waits for the database").await;
    sqlx::raw_sql("ROLLBACK").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

/// F19: the vendor named its task while the database was away, and the name was thrown away.
#[tokio::test(flavor = "multi_thread")]
async fn f19_a_task_is_not_forgotten_because_the_database_is_away() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(527);
    system.kie.fault(KieFault::once(Route::Create, KieFaultEffect::SlowBody(1_000)));
    order(&chat, "a boat").await;
    system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    lock_until_it_is_missed(&system, &bot).await;
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert!(chat.view().with_text("I do not know").is_none(), "{}", chat.view());
    assert_eq!((system.kie.requests(Route::Create), photos(&chat)), (1, 1));
    assert_eq!(job.task.unwrap().0, system.kie.creates()[0].task_id);
}

/// F26: a picture went out, the database was away, and the picture went out again.
#[tokio::test(flavor = "multi_thread")]
async fn f26_an_outage_right_after_the_send_repeats_nothing() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(528);
    system.telegram.fault(TelegramFault::once("sendPhoto", TelegramFaultEffect::Delay(1_000)));
    order(&chat, "a boat").await;
    system.telegram.wait_for_calls("sendPhoto", 1, LIMIT).await.unwrap();
    lock_until_it_is_missed(&system, &bot).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!((photos(&chat), system.telegram.count("sendPhoto")), (1, 1), "{}", chat.view());
    assert_eq!(system.store().await.files(&job.id).await.unwrap().len(), 1);
}

/// Orders that wait for the account's turn for an hour: the first of them has taken it.
async fn with_a_queue(mut system: TestSystem, waiting: i64) -> (TestSystem, Bot, ChatHandle) {
    system.tuning.policy.creates = Rate::new(1, Duration::from_secs(3600));
    let bot = system.bot().await;
    let first = system.telegram.chat(529);
    order(&first, "a boat").await;
    system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    let chat = system.telegram.chat(waiting);
    order(&chat, "a second boat").await;
    chat.wait_text("⏳ Accepted", LIMIT).await.unwrap();
    (system, bot, chat)
}

/// F32: a job that waited for its turn could not be taken back, and the person heard that the credits were spent.
#[tokio::test(flavor = "multi_thread")]
async fn f32_a_job_that_waits_for_its_turn_is_taken_back() {
    let (system, bot, chat) = with_a_queue(TestSystem::sqlite().await, 530).await;
    press(&chat, "Do not wait").await;
    chat.wait_text("taken back before it was sent", LIMIT).await.unwrap();
    let job = system.reaches(chat.id(), JobState::Cancelled).await;
    bot.stop().await;
    assert_eq!(system.kie.requests(Route::Create), 1, "only the other one");
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Release, price)]);
}

/// F19: a stop let the queue go on, and what got its turn at the last moment was cut off in the middle.
#[tokio::test(flavor = "multi_thread")]
async fn f19_a_stop_sends_nothing_more() {
    let (system, bot, chat) = with_a_queue(TestSystem::sqlite().await, 531).await;
    let log = bot.stop().await;
    assert!(!log.text().contains("steps are cut off"), "{}", log.text());
    let job = system.job(chat.id()).await;
    assert_eq!((job.state, system.kie.requests(Route::Create)), (JobState::Held, 1));
    let due = system.store().await.next_due().await.unwrap().unwrap();
    let now = Clock::now(&SystemClock);
    assert!(due <= now, "the next process takes it at once: {}", log.text());
}

/// What a handler had done when it was cut off in its wait, the next process did again.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_waits_at_a_stop_is_given_by_the_next_process() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(703);
    fill(&chat, "a boat").await;
    // The order is made, and its answer waits.
    chat.flood(Duration::from_secs(3600));
    press(&chat, "✅ Create").await;
    system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    bot.stop().await;
    assert_eq!(system.store().await.open_updates(9).await.unwrap().len(), 1);
    chat.flood(Duration::ZERO);
    let bot = system.bot().await;
    chat.wait_text("Accepted.", LIMIT).await.unwrap();
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!(system.kie.creates().len(), 1);
    assert!(chat.view().with_text("ordered already").is_none(), "it was pressed once: {}", chat.view());
}
