//! Announcements in both databases: each person has one turn, whatever happens to workers.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use kie::announcement::{Announcement, AnnouncementOutcome, AnnouncementState, AnnouncementTexts, ClaimedAnnouncement};
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::job::UserId;
use kie::store::{self, Store};
use kie::user::User;

use crate::store::contract::at;
use crate::support::database;

const LEASE: Duration = Duration::from_secs(60);

fn texts(text: &str) -> AnnouncementTexts {
    text.parse().unwrap()
}

fn act(action: AuditAction) -> AuditEntry {
    AuditEntry::new(Actor::Person(UserId(1)), action, at(0))
}

async fn people(store: &Arc<dyn Store>, ids: std::ops::Range<i64>, seconds: i64) {
    for id in ids {
        let user = User { id: UserId(id), language: "en".to_owned(), created_at: at(seconds) };
        store.put_user(&user).await.unwrap();
    }
}

async fn started(store: &Arc<dyn Store>, text: &str, seen_after: i64, seconds: i64) -> Announcement {
    let draft = store.add_announcement(&texts(text), at(seen_after), at(seconds)).await.unwrap();
    assert_eq!(draft.state, AnnouncementState::Draft);
    assert!(store.start_announcement(draft.id, at(seconds), &act(AuditAction::Announce)).await.unwrap());
    store.announcement(draft.id).await.unwrap().unwrap()
}

async fn claim(store: &Arc<dyn Store>, worker: &str, seconds: i64) -> Option<ClaimedAnnouncement> {
    store.claim_announcement(worker, at(seconds), LEASE).await.unwrap()
}

async fn note(store: &Arc<dyn Store>, claimed: &ClaimedAnnouncement, user: i64, outcome: AnnouncementOutcome) -> bool {
    store.note_turn(claimed, UserId(user), outcome, at(11), LEASE).await.unwrap()
}

async fn next(store: &Arc<dyn Store>, claimed: &ClaimedAnnouncement, after: i64) -> Vec<i64> {
    let next = store.next_people(&claimed.announcement, UserId(after), 100).await.unwrap();
    next.into_iter().map(|user| user.0).collect()
}

async fn each_person_has_one_turn_in_the_order_of_numbers(store: &Arc<dyn Store>) {
    people(store, 1..6, 5).await;
    assert_eq!(store.count_people(at(0)).await.unwrap(), 5);
    let made = started(store, "Hello", 0, 10).await;
    assert!(!store.start_announcement(made.id, at(10), &act(AuditAction::Announce)).await.unwrap(), "once");
    people(store, 6..8, 20).await;
    let claimed = claim(store, "a", 10).await.unwrap();
    assert_eq!((claimed.announcement.texts.clone(), claimed.after, claimed.attempts), (texts("Hello"), UserId(0), 0));
    assert_eq!(next(store, &claimed, 0).await, [1, 2, 3, 4, 5], "who came later is not told");
    assert_eq!(claim(store, "b", 30).await, None, "the other one has it");
    for (user, outcome) in [
        (1, AnnouncementOutcome::Told),
        (2, AnnouncementOutcome::Unreachable),
        (3, AnnouncementOutcome::Failed),
        (4, AnnouncementOutcome::Skipped),
    ] {
        assert!(note(store, &claimed, user, outcome).await);
    }
    // The first worker is gone; the other one goes on where it was.
    let taken = claim(store, "b", 100).await.unwrap();
    assert_eq!((taken.after, next(store, &taken, taken.after.0).await), (UserId(4), vec![5]));
    assert!(!note(store, &claimed, 5, AnnouncementOutcome::Told).await, "its claim was taken over");
    assert!(note(store, &taken, 5, AnnouncementOutcome::Told).await);
    assert_eq!(next(store, &taken, 5).await, [0_i64; 0]);
    store.end_announcement(&claimed, at(12)).await.unwrap();
    assert_eq!(
        store.announcement(made.id).await.unwrap().unwrap().state,
        AnnouncementState::Sending,
        "not by that one"
    );
    store.end_announcement(&taken, at(12)).await.unwrap();
    let ended = store.announcement(made.id).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.told, ended.unreachable, ended.failed), (AnnouncementState::Done, 2, 1, 1));
    assert_eq!(claim(store, "b", 1000).await, None);
    assert!(!store.stop_announcement(made.id, at(13), &act(AuditAction::StopAnnouncement)).await.unwrap());
}

async fn of_many_workers_one_has_it(store: &Arc<dyn Store>) {
    let made = started(store, "Race", 0, 200).await;
    let claims = (0..20).map(|n| {
        let store = store.clone();
        tokio::spawn(async move { claim(&store, &format!("w{n}"), 200).await })
    });
    let claimed: Vec<_> = join_all(claims).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(claimed.len(), 1);
    store.release_announcement(&claimed[0], at(230), true).await.unwrap();
    assert_eq!(claim(store, "x", 229).await, None, "not before the pause is over");
    let again = claim(store, "x", 230).await.unwrap();
    assert_eq!(again.attempts, 1);
    assert!(note(store, &again, 1, AnnouncementOutcome::Told).await);
    store.release_announcement(&again, at(231), false).await.unwrap();
    let last = claim(store, "x", 231).await.unwrap();
    assert_eq!((last.attempts, last.after), (0, UserId(1)), "of the next person");
    // Stopped by an admin: the worker sees it at the next person.
    assert!(store.stop_announcement(made.id, at(232), &act(AuditAction::StopAnnouncement)).await.unwrap());
    assert!(!note(store, &last, 2, AnnouncementOutcome::Told).await);
    let stopped = store.announcement(made.id).await.unwrap().unwrap();
    assert_eq!((stopped.state, stopped.told), (AnnouncementState::Stopped, 1));
    assert!(!store.start_announcement(made.id, at(233), &act(AuditAction::Announce)).await.unwrap());
    assert_eq!(claim(store, "x", 1000).await, None);
}

async fn a_draft_is_sent_to_nobody_and_some_are_for_those_who_were_there_lately(store: &Arc<dyn Store>) {
    let draft = store.add_announcement(&texts("Draft"), at(0), at(300)).await.unwrap();
    assert_eq!(claim(store, "x", 300).await, None);
    assert!(store.stop_announcement(draft.id, at(301), &act(AuditAction::StopAnnouncement)).await.unwrap());
    assert_eq!(store.count_people(at(10)).await.unwrap(), 2);
    let lately = started(store, "Lately", 10, 302).await;
    let claimed = claim(store, "x", 302).await.unwrap();
    assert_eq!(next(store, &claimed, 0).await, [6, 7]);
    let newest: Vec<_> = store.announcements(2).await.unwrap().into_iter().map(|made| made.id).collect();
    assert_eq!(newest, [lately.id, draft.id]);
    let acts = store.audit(None, None, 100).await.unwrap();
    let announced = acts.iter().filter(|(_, act)| act.action == AuditAction::Announce).count();
    assert_eq!(announced, 3, "what was refused is not written");
}

async fn announcements(store: &Arc<dyn Store>) {
    each_person_has_one_turn_in_the_order_of_numbers(store).await;
    of_many_workers_one_has_it(store).await;
    a_draft_is_sent_to_nobody_and_some_are_for_those_who_were_there_lately(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    announcements(&store::open(&crate::store::url_of(&folder.path().join("bot.db"))).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_in_postgres() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        announcements(&store).await;
        store.close().await;
    })
    .await;
}
