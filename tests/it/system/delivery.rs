//! Results and an unwilling Telegram.

use kie::demo::kie::{TaskEnd, TaskPlan};
use kie::demo::telegram::{ChatFileKind, TelegramFault, TelegramFaultEffect};
use kie::job::JobState;
use kie::ledger::EntryKind::{Capture, Hold};

use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{order, photos, press, receive};

#[tokio::test(flavor = "multi_thread")]
async fn f31_a_delivery_is_tried_until_the_chat_has_one_file_and_paid_once() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(511);
    system.telegram.fault(TelegramFault::once("sendPhoto", TelegramFaultEffect::Flood(1)));
    system.telegram.fault(TelegramFault::once("sendPhoto", TelegramFaultEffect::Disconnect));
    system.telegram.fault(TelegramFault::refuse("sendPhoto", 502, "Bad Gateway"));
    // More than the bot waits for in one call.
    system.telegram.fault(TelegramFault::once("sendPhoto", TelegramFaultEffect::Flood(31)));
    order(&chat, "a boat").await;
    system.telegram.wait_for_calls("sendPhoto", 4, LIMIT).await.unwrap();
    let job = system.job(chat.id()).await;
    assert_eq!(job.state, JobState::Delivering);
    assert_eq!(system.ledger(&job).await.len(), 1, "nothing is spent before the chat has it");
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;

    let sent = system.telegram.calls().into_iter().filter(|c| c.method == "sendphoto" && c.refused.is_none());
    // The one whose connection was dropped did nothing.
    assert_eq!((sent.count(), photos(&chat)), (2, 1));
    assert_eq!(system.kie.creates().len(), 1);
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
    assert_eq!(system.store().await.files(&job.id).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_for_a_blocked_chat_is_kept() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(512);
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let creates = system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    chat.block(true);
    system.kie.finish(&creates[0].task_id);
    let job = system.reaches(chat.id(), JobState::Undeliverable).await;
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
    assert_eq!(job.failure.unwrap().code, "chat_gone");
    let url = job.output.unwrap().urls.remove(0);

    // The person comes back and finds it.
    chat.block(false);
    chat.send_text("/jobs");
    press(&chat, "1. Show").await;
    let file = url.rsplit_once('/').unwrap().0;
    let shown = |view: &kie::demo::telegram::ChatView| {
        let linked = view.from_bot().any(|m| m.text.contains(file));
        (linked || view.with_attachment(ChatFileKind::Photo).is_some()).then_some(())
    };
    chat.wait_for(LIMIT, shown).await.unwrap();
    bot.stop().await;
    assert_eq!(system.kie.creates().len(), 1);
}

/// F31: who comes back gets what could not be sent, without asking, and pays once.
#[tokio::test(flavor = "multi_thread")]
async fn f31_a_chat_that_comes_back_gets_its_result() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(514);
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let creates = system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    chat.block(true);
    system.kie.finish(&creates[0].task_id);
    system.reaches(chat.id(), JobState::Undeliverable).await;
    chat.block(false);
    chat.send_text("hello again");
    receive(&chat).await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!((photos(&chat), system.kie.creates().len()), (1, 1));
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
}

/// F26: a delivery that a crash cuts in two goes on where it stood.
#[tokio::test(flavor = "multi_thread")]
async fn f26_a_kill_between_two_files_repeats_none() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(515);
    system.kie.plan(TaskPlan { files: Some(3), ..TaskPlan::default() });
    // One by one; the third does not come through in this life.
    system.telegram.fault(TelegramFault::refuse("sendMediaGroup", 400, "Bad Request: album"));
    for pause in [0, 0, 120_000] {
        system.telegram.fault(TelegramFault::once("sendPhoto", TelegramFaultEffect::Delay(pause)));
    }
    order(&chat, "a boat").await;
    system.telegram.wait_for_calls("sendPhoto", 3, LIMIT).await.unwrap();
    let job = system.job(chat.id()).await;
    assert_eq!(
        system.store().await.files(&job.id).await.unwrap().len(),
        2,
        "each is remembered as soon as it is there"
    );
    bot.kill().await;

    let bot = system.bot().await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert_eq!(photos(&chat), 3, "{}", chat.view());
    let files = system.store().await.files(&job.id).await.unwrap();
    // The last one is the message with the buttons.
    assert_eq!(files.iter().map(|f| f.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(system.kie.creates().len(), 1);
}

/// F30: the vendor's links have died; the chat's own copy is sent again.
#[tokio::test(flavor = "multi_thread")]
async fn f30_an_old_result_is_sent_again_without_the_vendor() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(516);
    order(&chat, "a boat").await;
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    system.kie.stop().await;
    chat.send_text("/jobs");
    press(&chat, "1. Show").await;
    chat.wait_for(LIMIT, |_| (photos(&chat) == 2).then_some(())).await.unwrap();
    bot.stop().await;
}

/// F31: what Telegram refuses as a picture goes as a file, and what it refuses as a file goes as a link.
#[tokio::test(flavor = "multi_thread")]
async fn f31_a_refused_picture_goes_as_a_document_and_then_as_a_link() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    for (chat, refused) in [(517, 1), (518, 2)] {
        let chat = system.telegram.chat(chat);
        for method in ["sendPhoto", "sendDocument"].into_iter().take(refused) {
            system.telegram.fault(TelegramFault::refuse(method, 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"));
        }
        order(&chat, "a boat").await;
        let job = system.reaches(chat.id(), JobState::Delivered).await;
        let url = &job.output.as_ref().unwrap().urls[0];
        let sent = system.store().await.files(&job.id).await.unwrap().remove(0).sent_as;
        if refused == 1 {
            assert_eq!(
                (sent.as_str(), chat.view().with_attachment(ChatFileKind::Document).is_some()),
                ("document", true)
            );
        } else {
            assert_eq!((sent.as_str(), chat.view().with_text(url).is_some()), ("link", true), "{}", chat.view());
        }
        assert_eq!(photos(&chat), 0);
    }
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_pictures_come_as_one_album() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(513);
    system.kie.plan(TaskPlan { files: Some(3), ..TaskPlan::default() });
    order(&chat, "a boat").await;
    let job = system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    let albums: Vec<_> = chat.view().from_bot().filter(|m| m.media.is_some()).map(|m| m.album.clone()).collect();
    assert_eq!(albums.len(), 3, "{}", chat.view());
    assert!(albums[0].is_some() && albums.iter().all(|album| *album == albums[0]), "{albums:?}");
    let files = system.store().await.files(&job.id).await.unwrap();
    // The last one is the message with the buttons.
    assert_eq!(files.iter().map(|f| f.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

/// One refusal of a valid token made an answer fail, or spoiled a delivery.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_refused_for_its_token_is_made_again() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(708);
    for (method, code, description) in [
        ("sendMessage", 404, "Not Found"),
        ("editMessageText", 401, "Unauthorized"),
        ("sendPhoto", 401, "Unauthorized"),
    ] {
        system.telegram.fault(TelegramFault::refuse(method, code, description));
    }
    order(&chat, "a boat").await;
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    bot.stop().await;
    assert!(chat.view().with_text("went wrong").is_none(), "{}", chat.view());
}
