//! The parts of a result go to the chat one after the other: each file is fetched when its turn has come, and the buttons
//! below an album are a part as well.

use std::path::Path;
use std::time::Duration;

use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::demo::telegram::{ChatFileKind, ChatHandle, TelegramFault, TelegramFaultEffect};
use kie::job::{Job, JobState};
use kie::ledger::EntryKind::{Capture, Hold};
use kie::schema::spec::MediaKind;

use crate::system::fixture::LIMIT;
use crate::system::person::photos;
use crate::system::rig::{Life, Rig};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// A call or a request that comes through after all.
const NO_FAULT: u64 = 0;

fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}

/// The messages without a file.
fn texts(chat: &ChatHandle) -> usize {
    chat.view().from_bot().filter(|message| message.media.is_none()).count()
}

async fn parts(life: &Life, job: &Job) -> Vec<u32> {
    life.store.files(&job.id).await.unwrap().iter().map(|file| file.index).collect()
}

/// All files of a result were on disk before the first one was sent.
#[tokio::test]
async fn a_file_is_fetched_when_its_turn_has_come() {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let chat = rig.telegram.chat(821);
    let made = rig.ready("films", &chat, MediaKind::Video, 3).await;
    life.store.add_job(&made).await.unwrap();
    for pause in [NO_FAULT, 600_000] {
        rig.telegram.fault(TelegramFault::once("sendVideo", TelegramFaultEffect::Delay(pause)));
    }
    let work = tokio::spawn({
        let worker = life.worker.clone();
        async move { worker.run_one().await }
    });
    rig.telegram.wait_for_calls("sendVideo", 2, LIMIT).await.unwrap();
    assert_eq!(rig.kie.requests(Route::File), 2, "the third one has time");
    assert_eq!(files_below(&rig.scratch()), 1, "the first one is in the chat");
    assert_eq!(parts(&life, &made).await, [0]);

    // Killed here, it goes on with the second one.
    work.abort();
    drop(work.await);
    assert_eq!(files_below(&rig.scratch()), 0);
    rig.clock.advance(HOUR);
    rig.life().await.work().await;
    assert_eq!(life.job(&made).await.state, JobState::Delivered);
    assert_eq!(parts(&life, &made).await, [0, 1, 2, 3]);
    assert_eq!(rig.kie.requests(Route::File), 4);
}

/// One file that could not be fetched kept back all others.
#[tokio::test]
async fn a_broken_download_keeps_back_none_before_it() {
    for (id, kind) in [(822, MediaKind::Image), (823, MediaKind::Video)] {
        let rig = Rig::new().await;
        let life = rig.life().await;
        let chat = rig.telegram.chat(id);
        let made = rig.ready("several", &chat, kind, 3).await;
        life.store.add_job(&made).await.unwrap();
        rig.kie.fault(KieFault::times(Route::File, 2, KieFaultEffect::Delay(NO_FAULT)));
        rig.kie.fault(KieFault::once(Route::File, KieFaultEffect::Html { status: 404 }));
        life.work().await;
        assert_eq!(life.job(&made).await.state, JobState::Delivering);
        assert_eq!(parts(&life, &made).await, [0, 1], "{}", chat.view());
        rig.pass(&life, 10 * SECOND, SECOND).await;
        assert_eq!(life.job(&made).await.state, JobState::Delivered);
        assert_eq!(parts(&life, &made).await, [0, 1, 2, 3]);
        let media = chat.view().from_bot().filter(|message| message.media.is_some()).count();
        assert_eq!((media, rig.kie.requests(Route::File)), (3, 4), "nothing comes twice: {}", chat.view());
    }
}

/// The vendor's storage does not have a new file at once everywhere: the person got a dead link.
#[tokio::test]
async fn a_new_file_that_is_missing_is_asked_for_again() {
    for status in [403, 404] {
        let rig = Rig::new().await;
        let life = rig.life().await;
        let chat = rig.telegram.chat(824);
        let made = rig.ready("late", &chat, MediaKind::Image, 1).await;
        life.store.add_job(&made).await.unwrap();
        rig.kie.fault(KieFault::times(Route::File, 4, KieFaultEffect::Html { status }));
        life.work().await;
        rig.pass(&life, 59 * SECOND, SECOND).await;
        assert_eq!((life.job(&made).await.state, photos(&chat)), (JobState::Delivered, 1), "{}", chat.view());
        assert_eq!(rig.kie.requests(Route::File), 5);
    }
}

#[tokio::test]
async fn a_file_that_stays_missing_comes_as_a_link() {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let chat = rig.telegram.chat(825);
    let made = rig.ready("gone", &chat, MediaKind::Image, 1).await;
    life.store.add_job(&made).await.unwrap();
    rig.kie.fault(KieFault::times(Route::File, u32::MAX, KieFaultEffect::Html { status: 404 }));
    life.work().await;
    rig.pass(&life, 59 * SECOND, SECOND).await;
    assert_eq!((life.job(&made).await.state, texts(&chat)), (JobState::Delivering, 0));
    rig.pass(&life, 60 * SECOND, SECOND).await;
    assert_eq!(life.job(&made).await.state, JobState::Delivered);
    assert!(chat.view().with_text("could not be fetched").is_some(), "{}", chat.view());
}

/// When the message below an album failed, it never came, or the album came again.
async fn buttons_come_after(fault: TelegramFaultEffect) {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let chat = rig.telegram.chat(826);
    let made = rig.ready("album", &chat, MediaKind::Image, 3).await;
    life.store.add_job(&made).await.unwrap();
    rig.telegram.fault(TelegramFault::once("sendMessage", fault));
    life.work().await;
    assert_eq!((life.job(&made).await.state, photos(&chat), texts(&chat)), (JobState::Delivering, 3, 0));
    rig.pass(&life, HOUR, 60 * SECOND).await;
    assert_eq!((life.job(&made).await.state, photos(&chat), texts(&chat)), (JobState::Delivered, 3, 1));
    assert_eq!(rig.calls("sendMediaGroup"), 1);
    let below = chat.view().from_bot().find(|message| message.media.is_none()).cloned().unwrap();
    assert!(!below.buttons.is_empty());
    assert_eq!(life.ledger(&made).await, [Hold, Capture]);
}

#[tokio::test]
async fn the_buttons_below_an_album_come_after_a_broken_connection() {
    buttons_come_after(TelegramFaultEffect::Disconnect).await;
}

#[tokio::test]
async fn the_buttons_below_an_album_come_after_flood_control() {
    buttons_come_after(TelegramFaultEffect::Flood(40)).await;
}

#[tokio::test]
async fn the_buttons_below_an_album_come_after_a_kill() {
    let rig = Rig::new().await;
    let life = rig.life().await;
    let chat = rig.telegram.chat(827);
    let made = rig.ready("album", &chat, MediaKind::Image, 3).await;
    life.store.add_job(&made).await.unwrap();
    rig.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(600_000)));
    let work = tokio::spawn({
        let worker = life.worker.clone();
        async move { worker.run_one().await }
    });
    rig.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
    work.abort();
    drop(work.await);
    assert_eq!((parts(&life, &made).await, texts(&chat)), (vec![0, 1, 2], 0));

    rig.clock.advance(HOUR);
    let next = rig.life().await;
    next.work().await;
    assert_eq!((next.job(&made).await.state, photos(&chat), texts(&chat)), (JobState::Delivered, 3, 1));
    // Killed once more before the end is stored, it sends nothing again.
    assert_eq!(parts(&next, &made).await, [0, 1, 2, 3]);
    assert_eq!(rig.calls("sendMediaGroup"), 1);
}

/// What the chat has is delivered, whatever becomes of the buttons.
#[tokio::test]
async fn an_album_without_its_buttons_is_delivered() {
    for (code, words) in [(400, "Bad Request: BUTTON_DATA_INVALID"), (403, "Forbidden: bot was blocked by the user")] {
        let rig = Rig::new().await;
        let life = rig.life().await;
        let chat = rig.telegram.chat(828);
        let made = rig.ready("album", &chat, MediaKind::Image, 2).await;
        life.store.add_job(&made).await.unwrap();
        rig.telegram.fault(TelegramFault::refuse("sendMessage", code, words));
        life.work().await;
        assert_eq!((life.job(&made).await.state, photos(&chat)), (JobState::Delivered, 2), "{code}");
        assert!(chat.view().with_attachment(ChatFileKind::Photo).is_some());
        assert_eq!(life.ledger(&made).await, [Hold, Capture]);
        assert!(life.store.undeliverable(made.chat).await.unwrap().is_empty());
    }
}
