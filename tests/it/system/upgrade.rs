//! A group becomes a supergroup in the middle of things: nothing that was asked for in it is lost, and it hears of all of it.

use std::time::Duration;

use kie::demo::kie::{TaskEnd, TaskPlan};
use kie::demo::telegram::{ChatHandle, TelegramUser};
use kie::job::JobState;
use kie::ledger::EntryKind::{Capture, Hold};

use crate::support::database;
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{fill, from_words, open, order, photos, press, receive};

const OLD: i64 = -4_711;
const NEW: i64 = -1_000_000_004_711;

/// Calls that were sent to the old number and refused.
fn refusals(system: &TestSystem) -> usize {
    let to_old = |args: &serde_json::Map<String, serde_json::Value>| {
        args.get("chat_id").is_some_and(|id| id.to_string().trim_matches('"') == OLD.to_string())
    };
    system.telegram.calls().iter().filter(|call| call.refused == Some(400) && to_old(&call.args)).count()
}

/// A group in which a picture was ordered, and the vendor's task.
async fn ordered(system: &TestSystem) -> (ChatHandle, String) {
    let group = system.telegram.group(OLD, TelegramUser::new(811));
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    order(&group, "a boat").await;
    let task = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
    group.wait_text("At work", LIMIT).await.unwrap();
    (group, task)
}

/// Waits until every update has been handled to its end.
pub(crate) async fn rest(system: &TestSystem) {
    let store = system.store().await;
    let quiet = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        while system.telegram.pending_updates() > 0 || !store.open_updates(1).await.unwrap().is_empty() {
            look.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, quiet).await.expect("every update is handled");
}

/// The bot hears of it only when it writes: the refusal of a call is all there is.
async fn a_result_follows(system: TestSystem) {
    let bot = system.bot().await;
    let (group, task) = ordered(&system).await;
    let new = group.upgrade(NEW);
    system.kie.finish(&task);
    let picture = receive(&new).await;
    let job = system.reaches(NEW, JobState::Delivered).await;
    // The progress message may be on its way at the same moment as the result.
    let refused = refusals(&system);
    assert!((1..=2).contains(&refused), "what was refused once is sent to the new number from then on: {refused}");
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
    assert_eq!((photos(&group), photos(&new)), (0, 1), "{}", new.view());
    assert!(new.view().button("Do not wait").is_none(), "no progress message is left behind:\n{}", new.view());

    // The new chat's list knows the job, and its buttons do what they say.
    new.send_text("/jobs");
    press(&new, "1. Show").await;
    new.wait_for(LIMIT, |_| (photos(&new) == 2).then_some(())).await.unwrap();
    system.kie.plan(TaskPlan::default());
    new.press_on(picture.id, "Once more").unwrap();
    new.wait_for(LIMIT, |_| (photos(&new) == 3).then_some(())).await.unwrap();
    bot.stop().await;
    assert_eq!((refusals(&system), system.kie.creates().len()), (refused, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_result_follows_its_group_on_sqlite() {
    a_result_follows(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paid_result_follows_its_group_on_postgres() {
    database::with_database(|url| async move { a_result_follows(TestSystem::postgres(url).await).await }).await;
}

/// An album, which is another call, and the message with buttons after it.
#[tokio::test(flavor = "multi_thread")]
async fn an_album_follows_its_group() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let group = system.telegram.group(OLD, TelegramUser::new(812));
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, files: Some(3), ..TaskPlan::default() });
    order(&group, "a boat").await;
    let task = system.kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
    // Nobody waits for it any more, so the album itself is the first to be refused.
    press(&group, "Do not wait").await;
    group.wait_text("I will not report on it any more", LIMIT).await.unwrap();
    let new = group.upgrade(NEW);
    system.kie.finish(&task);
    new.wait_button("Once more", LIMIT).await.unwrap();
    bot.stop().await;
    assert_eq!((refusals(&system), photos(&new)), (1, 3), "{}", new.view());
}

/// What was written in the old chat is answered in the new one.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_follows_its_group() {
    let system = TestSystem::sqlite().await;
    let group = system.telegram.group(OLD, TelegramUser::new(813));
    group.send_text("/help");
    let new = group.upgrade(NEW);
    let bot = system.bot().await;
    new.wait_text("I make pictures, videos, music and speech", LIMIT).await.unwrap();
    rest(&system).await;
    bot.stop().await;
}

/// The service messages come first: no call is refused, and a form that was begun in the old chat goes on in the new one. Its
/// message stays behind; none of the new chat's is taken for it.
async fn a_form_follows(system: TestSystem) {
    let bot = system.bot().await;
    let group = system.telegram.group(OLD, TelegramUser::new(814).speaking("en"));
    open(&group, from_words()).await;
    rest(&system).await;
    let form = group.view().last().unwrap().id;
    let new = group.upgrade(NEW);
    group.announce_upgrade();
    // More messages than the old chat had: one of them has the number of the form's message.
    let helps =
        |chat: &ChatHandle| chat.view().from_bot().filter(|message| message.text.contains("I make pictures")).count();
    while new.view().last().is_none_or(|message| message.id <= form) {
        let count = helps(&new) + 1;
        new.send_text("/help");
        new.wait_for(LIMIT, |_| (helps(&new) == count).then_some(())).await.unwrap();
    }
    let count = helps(&new);
    new.send_text("a boat");
    press(&new, "✅ Create").await;
    receive(&new).await;
    bot.stop().await;
    assert_eq!(helps(&new), count, "the form took the place of nothing:\n{}", new.view());
    assert_eq!((system.kie.creates()[0].input["prompt"].as_str(), refusals(&system)), (Some("a boat"), 0));
    assert_eq!(system.job(NEW).await.state, JobState::Delivered);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_follows_its_group_on_sqlite() {
    a_form_follows(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_follows_its_group_on_postgres() {
    database::with_database(|url| async move { a_form_follows(TestSystem::postgres(url).await).await }).await;
}

/// A result that could not be sent is sent when the group comes to life again under its new number.
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_delivered_comes_after_the_upgrade() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let (group, task) = ordered(&system).await;
    group.block(true);
    system.kie.finish(&task);
    system.reaches(OLD, JobState::Undeliverable).await;
    let new = group.upgrade(NEW);
    group.announce_upgrade();
    receive(&new).await;
    let job = system.reaches(NEW, JobState::Delivered).await;
    bot.stop().await;
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
    assert_eq!((photos(&new), refusals(&system)), (1, 0));
}

/// An order whose press came from the old chat while the bot was away is one order, and the new chat's.
#[tokio::test(flavor = "multi_thread")]
async fn a_press_in_the_old_chat_orders_for_the_new_one() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let group = system.telegram.group(OLD, TelegramUser::new(815));
    let form = fill(&group, "a boat").await;
    bot.stop().await;
    for _ in 0..2 {
        group.press_on(form.id, "✅ Create").unwrap();
    }
    let new = group.upgrade(NEW);
    group.announce_upgrade();
    let bot = system.bot().await;
    receive(&new).await;
    system.reaches(NEW, JobState::Delivered).await;
    bot.stop().await;
    assert_eq!((system.kie.creates().len(), photos(&new)), (1, 1));
}
