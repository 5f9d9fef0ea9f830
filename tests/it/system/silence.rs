//! Telegram keeps silent for hours and days, floods, or refuses: what is paid for waits, and comes once.

use std::time::Duration;

use kie::clock::Clock;
use kie::demo::kie::{KieFault, Route};
use kie::demo::telegram::{ChatHandle, TelegramFault, TelegramFaultEffect};
use kie::job::{Job, JobState, Output};
use kie::ledger::EntryKind::{Capture, Hold, Release};
use kie::schema::spec::MediaKind;

use crate::system::person::photos;
use crate::system::replica::job;
use crate::system::rig::{Life, Rig};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// The time after a silence within which everything comes.
const SOON: Duration = Duration::from_secs(300);

/// A job that the vendor refuses.
async fn refused_by_vendor(rig: &Rig, life: &Life, chat: &ChatHandle) -> Job {
    rig.kie.fault(KieFault::code(Route::Create, 422, "a bad picture"));
    let job = job("refused", chat.id(), rig.clock.now());
    life.store.add_job(&job).await.unwrap();
    job
}

fn failures(chat: &ChatHandle) -> usize {
    chat.view().from_bot().filter(|message| message.text.contains("it did not work")).count()
}

/// Nothing was left of a delivery, or of word of an end, after twelve tries: an hour of silence stranded both.
async fn comes_after(silence: Duration) {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let (chat, other) = (rig.telegram.chat(801), rig.telegram.chat(802));
    let made = rig.ready("made", &chat, MediaKind::Image, 1).await;
    life.store.add_job(&made).await.unwrap();
    let failed = refused_by_vendor(&rig, &life, &other).await;
    // At first Telegram's own servers are in trouble, then nothing answers.
    rig.telegram.fault(TelegramFault::refuse("sendPhoto", 504, "Gateway Timeout"));
    rig.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Disconnect));
    life.work().await;
    rig.line.shut(true);
    let downloads = rig.kie.requests(Route::File);
    rig.pass(&life, silence, MINUTE).await;
    assert_eq!(life.job(&made).await.state, JobState::Delivering);
    assert_eq!(life.ledger(&made).await, [Hold], "nothing is spent before the chat has it");
    assert_eq!(rig.kie.requests(Route::File), downloads, "no file is fetched for a Telegram that is silent");

    rig.line.shut(false);
    rig.pass(&life, SOON, MINUTE).await;
    assert_eq!(life.job(&made).await.state, JobState::Delivered);
    assert_eq!((photos(&chat), failures(&other)), (1, 1), "{}\n{}", chat.view(), other.view());
    rig.pass(&life, HOUR, MINUTE).await;
    assert_eq!((photos(&chat), failures(&other)), (1, 1), "each comes once");
    assert_eq!(life.ledger(&made).await, [Hold, Capture]);
    assert_eq!(life.ledger(&failed).await, [Hold, Release]);
    assert_eq!(life.store.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn all_comes_after_two_hours_of_silence() {
    comes_after(2 * HOUR).await;
}

#[tokio::test]
async fn all_comes_after_two_days_of_silence() {
    comes_after(2 * DAY).await;
}

/// Each flood control that Telegram answered with counted against the delivery.
#[tokio::test]
async fn fifty_flood_controls_end_nothing() {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let (chat, other) = (rig.telegram.chat(803), rig.telegram.chat(804));
    let made = rig.ready("made", &chat, MediaKind::Image, 1).await;
    life.store.add_job(&made).await.unwrap();
    refused_by_vendor(&rig, &life, &other).await;
    // Longer than a call waits by itself.
    for method in ["sendPhoto", "sendMessage"] {
        rig.telegram.fault(TelegramFault { times: 50, ..TelegramFault::once(method, TelegramFaultEffect::Flood(40)) });
    }
    life.work().await;
    while rig.calls("sendPhoto") < 50 || rig.calls("sendMessage") < 50 {
        assert_eq!(life.job(&made).await.state, JobState::Delivering);
        rig.pass(&life, MINUTE, MINUTE).await;
    }
    rig.pass(&life, SOON, MINUTE).await;
    assert_eq!((photos(&chat), failures(&other)), (1, 1), "{}\n{}", chat.view(), other.view());
    assert_eq!(life.ledger(&made).await, [Hold, Capture]);
}

/// A process that ends in the middle of a delivery took one of its tries with it.
#[tokio::test]
async fn twenty_restarts_during_a_silence_end_nothing() {
    let rig = Rig::new().await;
    let chat = rig.telegram.chat(805);
    let made = rig.ready("made", &chat, MediaKind::Image, 1).await;
    rig.line.shut(true);
    let mut life = rig.life().await;
    life.store.add_job(&made).await.unwrap();
    for n in 0..20 {
        life.work().await;
        rig.clock.advance(SOON);
        let claimed = life.store.claim(&format!("dead {n}"), rig.clock.now(), MINUTE).await.unwrap();
        assert_eq!(claimed.expect("the job is due by its stored time").job.id, made.id);
        rig.clock.advance(MINUTE);
        life.store.close().await;
        life = rig.life().await;
    }
    assert!(life.job(&made).await.attempts > 20);
    rig.line.shut(false);
    life.work().await;
    assert_eq!((life.job(&made).await.state, photos(&chat)), (JobState::Delivered, 1));
    assert_eq!(life.ledger(&made).await, [Hold, Capture]);
}

/// A silence does not last for ever; neither is anything given up because this process was away.
#[tokio::test]
async fn a_silence_of_days_ends_the_tries() {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let (chat, other) = (rig.telegram.chat(806), rig.telegram.chat(807));
    let made = rig.ready("made", &chat, MediaKind::Image, 1).await;
    rig.line.shut(true);
    life.store.add_job(&made).await.unwrap();
    let failed = refused_by_vendor(&rig, &life, &other).await;
    life.work().await;
    // The process was away for long; that is no try.
    rig.pass(&life, 10 * DAY, 10 * DAY).await;
    assert_eq!(life.job(&made).await.state, JobState::Delivering);
    assert!(life.store.next_due().await.unwrap().is_some());
    rig.pass(&life, HOUR, MINUTE).await;
    assert_eq!(life.job(&made).await.state, JobState::Undeliverable);
    assert_eq!(life.job(&made).await.failure.unwrap().code, "delivery");
    assert_eq!(life.ledger(&made).await, [Hold, Capture]);
    assert_eq!(life.ledger(&failed).await, [Hold, Release]);
    assert_eq!(life.store.next_due().await.unwrap(), None, "the end is not told any more");

    // The chat that comes back gets the result all the same.
    rig.line.shut(false);
    assert_eq!(life.service.job_admin().redeliver_undeliverable(made.chat).await.unwrap(), 1);
    life.work().await;
    assert_eq!((life.job(&made).await.state, photos(&chat)), (JobState::Delivered, 1));
    assert_eq!(failures(&other), 0);
}

/// The end of the tries is a matter of days, not of hours.
#[tokio::test]
async fn a_result_is_tried_for_a_week_and_word_of_an_end_for_three_days() {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let (chat, other) = (rig.telegram.chat(808), rig.telegram.chat(809));
    let made = rig.ready("made", &chat, MediaKind::Image, 1).await;
    rig.line.shut(true);
    life.store.add_job(&made).await.unwrap();
    refused_by_vendor(&rig, &life, &other).await;
    life.work().await;
    rig.pass(&life, 3 * DAY - 2 * HOUR, HOUR).await;
    let due = || async { life.store.next_due().await.unwrap() };
    assert!(due().await.is_some());
    rig.pass(&life, 4 * HOUR, HOUR).await;
    rig.pass(&life, 4 * DAY - 4 * HOUR, HOUR).await;
    assert_eq!(life.job(&made).await.state, JobState::Delivering);
    rig.pass(&life, 4 * HOUR, HOUR).await;
    assert_eq!(life.job(&made).await.state, JobState::Undeliverable);
    assert_eq!(due().await, None);
}

/// What Telegram refuses again and again is soon given up.
#[tokio::test]
async fn a_refused_message_ends_within_an_hour() {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let (chat, other) = (rig.telegram.chat(810), rig.telegram.chat(811));
    let made = rig.made("said", &chat, Output { text: Some("La la la".to_owned()), ..Output::default() });
    life.store.add_job(&made).await.unwrap();
    refused_by_vendor(&rig, &life, &other).await;
    let refusal = TelegramFault::refuse("sendMessage", 400, "Bad Request: message is wrong");
    rig.telegram.fault(TelegramFault { times: u32::MAX, ..refusal });
    life.work().await;
    rig.pass(&life, HOUR, MINUTE).await;
    assert_eq!(life.job(&made).await.state, JobState::Undeliverable);
    assert_eq!(life.store.next_due().await.unwrap(), None);
    assert_eq!(rig.calls("sendMessage"), 24, "twelve tries each");
    assert_eq!(life.ledger(&made).await, [Hold, Capture]);
}
