//! The contract of a store: what every database must do.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use kie::clock::Timestamp;
use kie::inbox::{InboxBatch, Update};
use kie::job::{
    Attachment, ChatId, DeliveredFile, Failure, Job, JobId, JobState, Output, ReplySource, TaskId, TopicId, UserId,
    VendorReply,
};
use kie::ledger::Credits;
use kie::ledger::{Entry, EntryKind};
use kie::schema::{Certainty, FileFacts, Quote};
use kie::store::{Added, ClaimedJob, JobChange, Store};
use kie::store_error::StoreError;
use kie::user::{Draft, DraftKey, User};
use serde_json::json;

use crate::support::count;

pub(crate) const LEASE: Duration = Duration::from_secs(60);

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + seconds * 1000)
}

fn credits(milli: i64) -> Credits {
    Credits::from_milli(milli)
}

/// A new job with all fields that a new job can have.
pub(crate) fn job(id: &str, seconds: i64) -> Job {
    let attachment = Attachment {
        url: "https://files.example/1.png".to_owned(),
        source: Some("telegram-file".to_owned()),
        uploaded_at: at(seconds),
        facts: FileFacts {
            name: Some("1.png".to_owned()),
            bytes: Some(5_000_000_000),
            seconds: Some(1.5),
            ..FileFacts::default()
        },
        is_result: false,
    };
    let input = json!({"prompt": "кот \u{1f408}", "n": 3, "scale": 0.1, "list": [{"a": null}]});
    let chat = ChatId(-1_001_234_567_890);
    Job {
        input: input.as_object().unwrap().clone(),
        topic: Some(TopicId(17)),
        attachments: vec![attachment],
        quote: Some(Quote { credits: credits(18_240), certainty: Certainty::AtMost }),
        ..Job::new(id.into(), UserId(7), chat, format!("draft of {id}"), "maker/model", at(seconds))
    }
}

/// The key of a draft of one person, outside all topics.
pub(crate) const fn draft_key(chat: ChatId) -> DraftKey {
    DraftKey { chat, topic: None, user: UserId(7) }
}

/// Checks the whole contract on an empty store.
pub(crate) async fn check(store: &Arc<dyn Store>) {
    let one = store.as_ref();
    one.ping().await.unwrap();
    bots(one).await;
    users_and_drafts(one).await;
    crate::store::inbox::check(store).await;
    jobs(one).await;
    life_of_a_job(one).await;
    leases(one).await;
    pauses(one).await;
    money(one).await;
    decisions(one).await;
    files(one).await;
    replies(one).await;
    many_workers(store).await;
}

async fn users_and_drafts(store: &dyn Store) {
    assert_eq!(store.user(UserId(7)).await.unwrap(), None);
    let mut user = User { id: UserId(7), language: "ru".to_owned(), created_at: at(1) };
    store.put_user(&user).await.unwrap();
    store.put_user(&User { language: "en".to_owned(), created_at: at(9), ..user.clone() }).await.unwrap();
    user.language = "en".to_owned();
    assert_eq!(
        store.user(UserId(7)).await.unwrap(),
        Some(user),
        "the language changes, the time of the first message stays"
    );

    let key = draft_key(ChatId(-5));
    assert_eq!(store.draft(&key).await.unwrap(), None);
    for n in [1, 2] {
        let draft = Draft { key, body: json!({"step": n, "text": "it's \"ok\"; --"}), updated_at: at(n) };
        store.put_draft(&draft, None).await.unwrap();
        assert_eq!(store.draft(&key).await.unwrap(), Some(draft));
    }
    // Another chat, topic or person is another draft.
    let others = [
        DraftKey { chat: ChatId(5), ..key },
        DraftKey { topic: Some(TopicId(17)), ..key },
        DraftKey { user: UserId(8), ..key },
    ];
    for (n, other) in (3..).zip(others) {
        assert_eq!(store.draft(&other).await.unwrap(), None);
        store.put_draft(&Draft { key: other, body: json!(n), updated_at: at(n) }, None).await.unwrap();
    }
    let there = store.drafts_in(key.chat, 9).await.unwrap();
    assert_eq!(there.iter().map(|draft| draft.key).collect::<Vec<_>>(), [others[2], others[1], key]);
    assert_eq!(store.drafts_in(key.chat, 1).await.unwrap().len(), 1);
    store.delete_draft(&key, None).await.unwrap();
    store.delete_draft(&key, None).await.unwrap();
    assert_eq!(store.draft(&key).await.unwrap(), None);
    for other in others {
        assert!(store.draft(&other).await.unwrap().is_some(), "{other:?}");
        store.delete_draft(&other, None).await.unwrap();
    }
}

async fn jobs(store: &dyn Store) {
    assert_eq!(store.next_due().await.unwrap(), None);
    assert_eq!(store.claim("w", at(1_000), LEASE).await.unwrap(), None);
    assert!(count::by_state(store).await.is_empty());
    assert_eq!(store.job(&"none".into()).await.unwrap(), None);

    let first = job("a1", 10);
    assert_eq!(store.add_job(&first).await.unwrap(), Added::New);
    assert_eq!(store.job(&first.id).await.unwrap(), Some(first.clone()), "all fields are stored");
    let twin = Job { id: "a2".into(), ..first.clone() };
    assert_eq!(store.add_job(&twin).await.unwrap(), Added::Known(Box::new(first.clone())));
    assert_eq!(store.job(&twin.id).await.unwrap(), None);
    assert!(store.entries(&twin.id).await.unwrap().is_empty(), "the second order holds no credits");

    // The same name in another chat is another draft.
    let other_chat = Job { id: "a3".into(), chat: ChatId(8), quote: None, ..first.clone() };
    assert_eq!(store.add_job(&other_chat).await.unwrap(), Added::New);
    assert!(store.entries(&other_chat.id).await.unwrap().is_empty(), "no quote, no hold");
    assert_eq!(
        store.entries(&first.id).await.unwrap(),
        vec![Entry { kind: EntryKind::Hold, credits: credits(18_240) }]
    );

    for n in 4..7 {
        store.add_job(&Job { chat: ChatId(8), ..job(&format!("a{n}"), 10 + n) }).await.unwrap();
    }
    let ids = |jobs: Vec<Job>| jobs.into_iter().map(|j| j.id.0).collect::<Vec<_>>();
    assert_eq!(ids(store.jobs_of(ChatId(8), 2, 0).await.unwrap()), ["a6", "a5"]);
    assert_eq!(ids(store.jobs_of(ChatId(8), 2, 2).await.unwrap()), ["a4", "a3"]);
    assert_eq!(count::by_state(store).await, [(JobState::Held, 5)]);
    clear(store, at(100)).await;
    assert_eq!(count::by_state(store).await, [(JobState::Cancelled, 5)]);
}

/// The database of a bot is another one's only when nobody has used it, or when that is meant.
async fn bots(store: &dyn Store) {
    let put = async |bot: i64, takes_over: bool| store.put_bot(UserId(bot), takes_over, at(1)).await.unwrap().0;
    assert_eq!([put(1, false).await, put(1, false).await, put(2, false).await], [1, 1, 2]);
    let user = User { id: UserId(99), language: "en".to_owned(), created_at: at(1) };
    store.put_user(&user).await.unwrap();
    assert_eq!([put(2, false).await, put(3, false).await, put(3, true).await, put(2, false).await], [2, 2, 3, 3]);
}

/// Cancels all jobs in `held` that are due.
async fn clear(store: &dyn Store, now: Timestamp) {
    while let Some(claimed) = store.claim("broom", now, LEASE).await.unwrap() {
        store.advance(&claimed, JobState::Cancelled, &JobChange::default(), now).await.unwrap();
    }
    assert_eq!(store.next_due().await.unwrap(), None, "each part ends all of its jobs");
}

async fn step(
    store: &dyn Store,
    claimed: &ClaimedJob,
    next: JobState,
    change: JobChange,
    now: Timestamp,
) -> ClaimedJob {
    store.advance(claimed, next, &change, now).await.unwrap()
}

async fn life_of_a_job(store: &dyn Store) {
    store.add_job(&job("life", 200)).await.unwrap();
    assert_eq!(store.claim("w1", at(199), LEASE).await.unwrap(), None, "not before it is due");
    let claimed = store.claim("w1", at(200), LEASE).await.unwrap().unwrap();
    assert_eq!((claimed.worker_id.as_str(), claimed.job.attempts), ("w1", 1));

    let claimed = step(store, &claimed, JobState::Submitting, JobChange::default(), at(201)).await;
    assert_eq!(claimed.job.attempts, 1, "`held` and `submitting` have one count of attempts");
    let task = TaskId("task-1".to_owned());
    let accepted = JobChange {
        task: Some(task.clone()),
        submitted_at: Some(at(202)),
        not_before: Some(at(210)),
        ..JobChange::default()
    };
    let released = step(store, &claimed, JobState::Running, accepted, at(202)).await;
    assert_eq!((released.job.attempts, released.job.submitted_at), (0, Some(at(202))));
    assert_eq!(store.job_by_task(&task).await.unwrap().map(|j| j.id), Some("life".into()));
    assert_eq!(store.job_by_task(&"other".into()).await.unwrap(), None);

    let stale = store.advance(&released, JobState::Ready, &JobChange::default(), at(203)).await.unwrap_err();
    assert!(stale.is_stale(), "a released job is not claimed: {stale}");
    assert_eq!(store.next_due().await.unwrap(), Some(at(210)));
    assert_eq!(store.claim("w2", at(209), LEASE).await.unwrap(), None);

    let claimed = store.claim("w2", at(210), LEASE).await.unwrap().unwrap();
    let output = Output { urls: vec!["https://x/1".to_owned()], credits: Some(credits(18_000)), ..Output::default() };
    let change = JobChange { output: Some(output.clone()), ..JobChange::default() };
    let claimed = step(store, &claimed, JobState::Ready, change, at(211)).await;
    let claimed = step(store, &claimed, JobState::Delivering, JobChange::default(), at(212)).await;
    let again = JobChange { not_before: Some(at(220)), ..JobChange::default() };
    step(store, &claimed, JobState::Ready, again, at(213)).await;

    let claimed = store.claim("w1", at(220), LEASE).await.unwrap().unwrap();
    assert_eq!(claimed.job.attempts, 1);
    let (id, chat) = (&claimed.job.id, claimed.job.chat);
    store.put_progress_message(id, chat, 75, None).await.unwrap();
    assert!(store.put_progress_message(id, chat, 76, None).await.unwrap_err().is_stale(), "it has one");
    assert!(store.put_progress_message(id, chat, 76, Some(74)).await.unwrap_err().is_stale(), "it has another one");
    store.put_progress_message(id, chat, 77, Some(75)).await.unwrap();
    store.detach(&claimed.job.id).await.unwrap();
    let claimed = step(store, &claimed, JobState::Delivering, JobChange::default(), at(221)).await;
    let captured =
        JobChange { entry: Some(Entry { kind: EntryKind::Capture, credits: credits(18_000) }), ..JobChange::default() };
    let done = step(store, &claimed, JobState::Delivered, captured, at(222)).await.job;
    let expected = Job {
        state: JobState::Delivered,
        task: Some(task),
        output: Some(output),
        progress_message: Some(77),
        detached: true,
        submitted_at: Some(at(202)),
        updated_at: at(222),
        ..job("life", 200)
    };
    assert_eq!(done, expected);
    assert_eq!(store.job(&done.id).await.unwrap(), Some(expected));
    assert_eq!(store.next_due().await.unwrap(), None);
    assert!(store.put_progress_message(&"none".into(), ChatId(8), 1, None).await.unwrap_err().is_stale());
    assert!(store.detach(&"none".into()).await.unwrap_err().is_stale());
}

async fn leases(store: &dyn Store) {
    store.add_job(&job("lease", 300)).await.unwrap();
    let old = store.claim("w1", at(300), LEASE).await.unwrap().unwrap();
    let old = step(store, &old, JobState::Submitting, JobChange::default(), at(301)).await;
    assert_eq!(store.next_due().await.unwrap(), Some(at(360)), "a move keeps the claim");
    store.renew(&old, at(330), LEASE).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(390)));
    assert_eq!(store.claim("w2", at(389), LEASE).await.unwrap(), None, "a job is not claimed twice");

    let new = store.claim("w2", at(390), LEASE).await.unwrap().unwrap();
    assert_eq!(new.job.state, JobState::Submitting, "the state is kept");
    assert_eq!(new.job.attempts, 2);
    let late = store.advance(&old, JobState::Running, &JobChange::default(), at(391)).await.unwrap_err();
    assert!(late.is_stale(), "{late}");
    assert!(store.renew(&old, at(391), LEASE).await.unwrap_err().is_stale());

    // The fence also refuses an earlier claim of the same worker.
    let newest = store.claim("w2", at(450), LEASE).await.unwrap().unwrap();
    assert!(store.advance(&new, JobState::Unknown, &JobChange::default(), at(451)).await.unwrap_err().is_stale());
    let wrong = store.advance(&newest, JobState::Delivered, &JobChange::default(), at(451)).await.unwrap_err();
    assert!(matches!(wrong, StoreError::Illegal { .. }), "{wrong}");

    let failure = Failure { code: "lost_reply".to_owned(), message: "no answer".to_owned() };
    let change = JobChange { failure: Some(failure.clone()), not_before: Some(at(500)), ..JobChange::default() };
    let done = step(store, &newest, JobState::Unknown, change, at(452)).await;
    assert_eq!(done.job.failure, Some(failure));
    assert_eq!(store.next_due().await.unwrap(), None, "a final state is never due");
    // A move from another state than the stored one is refused.
    assert!(store.advance(&newest, JobState::Failed, &JobChange::default(), at(453)).await.unwrap_err().is_stale());
}

/// Jobs are claimed in the order of their due times, which include pauses.
async fn pauses(store: &dyn Store) {
    for (id, seconds) in [("p1", 503), ("p2", 501), ("p3", 502)] {
        store.add_job(&job(id, seconds)).await.unwrap();
    }
    let mut order = Vec::new();
    while let Some(claimed) = store.claim("w", at(600), LEASE).await.unwrap() {
        order.push(claimed.job.id.0.clone());
        let claimed = step(store, &claimed, JobState::Submitting, JobChange::default(), at(600)).await;
        let pause = JobChange { not_before: Some(at(700 - order.len() as i64)), ..JobChange::default() };
        step(store, &claimed, JobState::Held, pause, at(600)).await;
    }
    assert_eq!(order, ["p2", "p3", "p1"]);
    assert_eq!(store.next_due().await.unwrap(), Some(at(697)));
    let claimed = store.claim("w", at(700), LEASE).await.unwrap().unwrap();
    assert_eq!((claimed.job.id.0.as_str(), claimed.job.attempts), ("p1", 2), "attempts add up");
    step(store, &claimed, JobState::Cancelled, JobChange::default(), at(700)).await;
    clear(store, at(700)).await;
}

async fn money(store: &dyn Store) {
    let entry =
        |kind, milli| JobChange { entry: Some(Entry { kind, credits: credits(milli) }), ..JobChange::default() };
    let mut sums = [credits(0); 3];
    for (n, ends_well) in [(0, true), (1, false), (2, true)] {
        let id = JobId(format!("money-{n}"));
        store.add_job(&job(&id.0, 800)).await.unwrap();
        let claimed = store.claim("w", at(800), LEASE).await.unwrap().unwrap();
        let claimed = step(store, &claimed, JobState::Submitting, JobChange::default(), at(801)).await;
        let twice = store.advance(&claimed, JobState::Running, &entry(EntryKind::Hold, 1), at(802)).await.unwrap_err();
        assert!(matches!(twice, StoreError::Booked { kind: EntryKind::Hold, .. }), "{twice}");
        assert_eq!(store.job(&id).await.unwrap().unwrap().state, JobState::Submitting, "nothing is changed");
        if ends_well {
            let claimed = step(store, &claimed, JobState::Running, JobChange::default(), at(802)).await;
            let claimed = step(store, &claimed, JobState::Ready, JobChange::default(), at(803)).await;
            let claimed = step(store, &claimed, JobState::Delivering, JobChange::default(), at(804)).await;
            step(store, &claimed, JobState::Delivered, entry(EntryKind::Capture, 18_240), at(805)).await;
        } else {
            step(store, &claimed, JobState::Failed, entry(EntryKind::Release, 18_240), at(802)).await;
        }
        for found in store.entries(&id).await.unwrap() {
            let sum = &mut sums[found.kind as usize];
            *sum = *sum + found.credits;
        }
    }
    let [hold, capture, release] = sums;
    assert_eq!((hold, capture, release), (credits(54_720), credits(36_480), credits(18_240)));
    assert_eq!(hold, capture + release);
}

async fn decisions(store: &dyn Store) {
    let id = JobId("decide".to_owned());
    store.add_job(&job(&id.0, 900)).await.unwrap();
    let claimed = store.claim("w", at(900), LEASE).await.unwrap().unwrap();
    let none = JobChange::default();
    // A claim does not prevent a decision: the next move of the worker is refused.
    let taken = JobId("cancelled".to_owned());
    store.add_job(&job(&taken.0, 900)).await.unwrap();
    let waiting = store.claim("w", at(900), LEASE).await.unwrap().unwrap();
    store.decide(&taken, JobState::Held, JobState::Cancelled, &none, at(901)).await.unwrap();
    assert!(store.advance(&waiting, JobState::Submitting, &none, at(901)).await.unwrap_err().is_stale());
    assert!(store.renew(&waiting, at(901), LEASE).await.unwrap_err().is_stale());

    let claimed = step(store, &claimed, JobState::Submitting, none.clone(), at(902)).await;
    let failure = Failure { code: "lost_reply".to_owned(), message: String::new() };
    step(store, &claimed, JobState::Unknown, JobChange { failure: Some(failure), ..none.clone() }, at(903)).await;
    assert!(store.decide(&id, JobState::Held, JobState::Cancelled, &none, at(904)).await.unwrap_err().is_stale());
    let wrong = store.decide(&id, JobState::Unknown, JobState::Delivered, &none, at(904)).await.unwrap_err();
    assert!(matches!(wrong, StoreError::Illegal { .. }), "{wrong}");

    let again = store.decide(&id, JobState::Unknown, JobState::Held, &none, at(905)).await.unwrap();
    assert_eq!((again.state, again.failure, again.updated_at), (JobState::Held, None, at(905)));
    assert!(again.doubted, "what became of the first create is not known");
    assert_eq!(store.next_due().await.unwrap(), Some(at(905)));
    let cancelled = store
        .decide(
            &id,
            JobState::Held,
            JobState::Cancelled,
            &JobChange { entry: Some(Entry { kind: EntryKind::Release, credits: credits(18_240) }), ..none.clone() },
            at(906),
        )
        .await
        .unwrap();
    assert_eq!(cancelled.state, JobState::Cancelled);
    assert_eq!(store.entries(&id).await.unwrap().len(), 2);
    assert_eq!(store.next_due().await.unwrap(), None);
    assert!(
        store.decide(&"none".into(), JobState::Held, JobState::Cancelled, &none, at(907)).await.unwrap_err().is_stale()
    );
}

async fn files(store: &dyn Store) {
    let id = JobId("life".to_owned());
    let file = |index, file_id: &str| DeliveredFile {
        index,
        file_id: file_id.to_owned(),
        sent_as: "photo".to_owned(),
        message: i32::MAX,
    };
    assert!(store.files(&id).await.unwrap().is_empty());
    store.put_files(&id, &[]).await.unwrap();
    store.put_files(&id, &[file(1, "b"), file(0, "a")]).await.unwrap();
    store.put_files(&id, &[file(1, "c"), file(2, "d")]).await.unwrap();
    assert_eq!(store.files(&id).await.unwrap(), vec![file(0, "a"), file(1, "c"), file(2, "d")]);
    assert!(matches!(store.put_files(&"none".into(), &[file(0, "a")]).await, Err(StoreError::Statement(_))));
}

async fn replies(store: &dyn Store) {
    let id = JobId("life".to_owned());
    let reply = |source, body: &str, time| VendorReply::new(source, body.to_owned(), time);
    let (poll, webhook) = (ReplySource::Poll, ReplySource::Webhook);
    assert!(store.replies(&id).await.unwrap().is_empty());
    assert_eq!(store.put_reply(&id, &reply(poll, "{\"a\":\"я\"}", at(1))).await.unwrap(), at(1));
    assert_eq!(store.put_reply(&id, &reply(webhook, "not json \u{1F600}", at(2))).await.unwrap(), at(2));
    assert_eq!(store.put_reply(&id, &reply(poll, "{}", at(3))).await.unwrap(), at(1), "the first time is kept");
    assert_eq!(
        store.replies(&id).await.unwrap(),
        [reply(poll, "{}", at(1)), reply(webhook, "not json \u{1F600}", at(2))]
    );
    let long = reply(poll, &"я".repeat(VendorReply::LIMIT), at(4));
    assert!(long.body.len() <= VendorReply::LIMIT && long.body.ends_with('я'));
    assert!(store.put_reply(&"none".into(), &reply(poll, "", at(5))).await.is_err());
}

/// Twenty workers claim a hundred jobs: each job once.
async fn many_workers(store: &Arc<dyn Store>) {
    for n in 0..100 {
        store.add_job(&Job { quote: None, ..job(&format!("many-{n:03}"), 1_000) }).await.unwrap();
    }
    let workers: Vec<_> = (0..20)
        .map(|n| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                let mut mine = Vec::new();
                while let Some(claimed) = store.claim(&format!("worker-{n}"), at(1_000), LEASE).await.unwrap() {
                    mine.push(claimed);
                }
                mine
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    let ids: HashSet<_> = all.iter().map(|c| c.job.id.clone()).collect();
    assert_eq!((all.len(), ids.len()), (100, 100));
    for claimed in all {
        step(store.as_ref(), &claimed, JobState::Cancelled, JobChange::default(), at(1_001)).await;
    }
    assert_eq!(store.next_due().await.unwrap(), None);
}

/// What a process leaves in the store when it dies.
pub(crate) async fn leave(store: &dyn Store) {
    store.add_job(&job("left", 2_000)).await.unwrap();
    let claimed = store.claim("dead", at(2_000), LEASE).await.unwrap().unwrap();
    step(store, &claimed, JobState::Submitting, JobChange::default(), at(2_001)).await;
    store
        .put_draft(&Draft { key: draft_key(ChatId(1)), body: json!({"step": 3}), updated_at: at(2_000) }, None)
        .await
        .unwrap();
    let update = Update { id: 2_000, chat: ChatId(1), body: json!({"update_id": 2_000}) };
    let batch = InboxBatch { put: vec![update], ..InboxBatch::default() };
    store.apply("", &batch, at(2_000)).await.unwrap();
}

/// What the next process finds.
pub(crate) async fn find(store: &dyn Store) {
    assert_eq!(store.user(UserId(7)).await.unwrap().unwrap().language, "en");
    assert_eq!(store.draft(&draft_key(ChatId(1))).await.unwrap().unwrap().body, json!({"step": 3}));
    assert_eq!(store.open_updates(9).await.unwrap().len(), 1);
    assert_eq!(store.files(&"life".into()).await.unwrap().len(), 3);
    assert_eq!(store.next_due().await.unwrap(), Some(at(2_060)));
    let claimed = store.claim("alive", at(2_060), LEASE).await.unwrap().unwrap();
    assert_eq!(claimed.job.state, JobState::Submitting);
    let failure = Failure { code: "lost_reply".to_owned(), message: String::new() };
    let change = JobChange { failure: Some(failure), ..JobChange::default() };
    assert_eq!(step(store, &claimed, JobState::Unknown, change, at(2_061)).await.job.state, JobState::Unknown);
}

/// The error names table, column and row of the broken value.
pub(crate) fn expect_broken<T: std::fmt::Debug>(result: Result<T, StoreError>, table: &str, column: &str, key: &str) {
    match result {
        Err(StoreError::Broken { table: t, column: c, key: k, .. }) => {
            assert_eq!((t, c, k.as_str()), (table, column, key));
        }
        other => panic!("{column} is broken, but: {other:?}"),
    }
}
