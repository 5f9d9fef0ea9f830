//! The worker tells people what is announced: each once, in their turn, whatever Telegram answers.

use std::time::Duration;

use kie::announcement::{Announcement, AnnouncementState};
use kie::clock::Clock;
use kie::job::UserId;
use kie::service::DeliveryError;
use kie::user::User;

use crate::system::bench::Bench;

async fn announced(bench: &Bench, people: i64, text: &str) -> Announcement {
    for id in 1..=people {
        let user = User { id: UserId(id), language: "en".to_owned(), created_at: bench.clock.now() };
        bench.store.put_user(&user).await.unwrap();
    }
    let admin = bench.service.announcement_admin(UserId(1));
    let draft = admin.draft(&text.parse().unwrap(), None).await.unwrap();
    assert_eq!(bench.worker.announce().await.unwrap(), 0, "a draft is sent to nobody");
    admin.start(draft.id).await.unwrap()
}

async fn now(bench: &Bench, of: &Announcement) -> Announcement {
    bench.store.announcement(of.id).await.unwrap().unwrap()
}

/// Who was told since the last look, tries that failed among them.
fn told(bench: &Bench) -> Vec<i64> {
    bench.notes.announced.lock().unwrap().drain(..).map(|(user, _)| user.0).collect()
}

fn retry(seconds: Option<u64>) -> Result<bool, DeliveryError> {
    Err(DeliveryError::Retry { after: seconds.map(Duration::from_secs), why: "flood".to_owned() })
}

#[tokio::test]
async fn everybody_has_a_turn_and_what_became_of_it_is_counted() {
    let bench = Bench::new().await;
    let made = announced(&bench, 250, "Hello").await;
    bench.notes.announcement_answers.lock().unwrap().extend([
        Ok(true),
        Err(DeliveryError::Gone("blocked".to_owned())),
        Err(DeliveryError::Refused("no".to_owned())),
        Ok(false),
    ]);
    assert_eq!(bench.worker.announce().await.unwrap(), 250);
    assert_eq!(told(&bench), (1..=250).collect::<Vec<_>>());
    let done = now(&bench, &made).await;
    assert_eq!((done.state, done.told, done.unreachable, done.failed), (AnnouncementState::Done, 247, 1, 1));
    assert_eq!(bench.worker.announce().await.unwrap(), 0);
    assert_eq!(told(&bench), [0_i64; 0], "once");
}

#[tokio::test]
async fn it_pauses_when_telegram_asks_and_passes_over_who_cannot_be_told() {
    let bench = Bench::new().await;
    let made = announced(&bench, 3, "Hello").await;
    bench.notes.announcement_answers.lock().unwrap().extend([Ok(true), retry(Some(20))]);
    assert_eq!(bench.worker.announce().await.unwrap(), 1);
    assert_eq!(bench.worker.announce().await.unwrap(), 0, "it pauses");
    bench.clock.advance(Duration::from_secs(20));
    // A chat under flood control for an hour does not stop the others.
    bench.notes.announcement_answers.lock().unwrap().extend([retry(Some(3600))]);
    assert_eq!(bench.worker.announce().await.unwrap(), 2);
    assert_eq!(told(&bench), [1, 2, 2, 3]);
    assert_eq!((now(&bench, &made).await.told, now(&bench, &made).await.failed), (2, 1));

    let again = announced(&bench, 3, "Hello again").await;
    bench.notes.announcement_answers.lock().unwrap().extend((0..5).map(|_| retry(None)));
    for _ in 0..5 {
        bench.worker.announce().await.unwrap();
        bench.clock.advance(Duration::from_secs(30));
    }
    assert_eq!(told(&bench), [1, 1, 1, 1, 1, 2, 3]);
    let done = now(&bench, &again).await;
    assert_eq!((done.state, done.told, done.failed), (AnnouncementState::Done, 2, 1));
}

#[tokio::test]
async fn it_goes_on_elsewhere_after_a_crash_and_ends_when_it_is_stopped() {
    let bench = Bench::new().await;
    let made = announced(&bench, 3, "Hello").await;
    // A worker has told one person and is gone before that was written.
    let lost = bench.store.claim_announcement("lost", bench.clock.now(), Duration::from_secs(300)).await.unwrap();
    assert!(lost.is_some());
    assert_eq!(bench.worker.announce().await.unwrap(), 0, "it may still be at work");
    bench.clock.advance(Duration::from_secs(301));
    bench.notes.announcement_answers.lock().unwrap().extend([Ok(true), retry(None)]);
    assert_eq!(bench.worker.announce().await.unwrap(), 1);
    bench.service.announcement_admin(UserId(1)).stop(made.id).await.unwrap();
    bench.clock.advance(Duration::from_secs(3600));
    assert_eq!(bench.worker.announce().await.unwrap(), 0);
    assert_eq!(told(&bench), [1, 2]);
    assert_eq!(now(&bench, &made).await.state, AnnouncementState::Stopped);
}
