//! What is old goes, a batch at a time, and nothing that is owed or disputed.

use std::sync::Arc;
use std::time::Duration;

use kie::client::{Client, Settings};
use kie::clock::{Clock, ManualClock};
use kie::inbox::{InboxBatch, Update};
use kie::job::{ChatId, DeliveredFile, Failure, Job, JobId, JobState, Output, ReplySource, TaskId, VendorReply};
use kie::ledger::{Entry, EntryKind};
use kie::service::{Retention, Service};
use kie::store::{self, JobChange, PRUNE_BATCH, Prunable, Store};
use kie::user::Draft;
use serde_json::json;

use crate::store::contract::{self, LEASE, at, draft_key};
use crate::support::database;

const DAY: Duration = Duration::from_secs(24 * 3600);

const RETENTION: Retention = Retention {
    drafts: Some(DAY.saturating_mul(90)),
    replies: Some(DAY.saturating_mul(30)),
    jobs: Some(DAY.saturating_mul(365)),
};

/// A job with all that can be kept of one, in a state.
pub(crate) async fn add(store: &dyn Store, id: &str, state: JobState) -> Job {
    let job = Job {
        state,
        task: Some(format!("task of {id}").as_str().into()),
        output: Some(Output { urls: vec!["https://x/1".to_owned()], ..Output::default() }),
        failure: state.has_failure().then(|| Failure { code: "422".to_owned(), message: "a cat".to_owned() }),
        ..contract::job(id, 0)
    };
    store.add_job(&job).await.unwrap();
    let file = DeliveredFile { index: 0, file_id: "f".to_owned(), sent_as: "photo".to_owned(), message: 3 };
    store.put_files(&job.id, &[file]).await.unwrap();
    store.put_reply(&job.id, &VendorReply::new(ReplySource::Poll, "{}".to_owned(), at(0))).await.unwrap();
    store.record_webhook(&job.id, Some(&TaskId("other".to_owned())), at(0)).await.unwrap();
    job
}

/// As [`add`], with its end told and its money booked.
pub(crate) async fn add_settled(store: &dyn Store, id: &str, from: JobState, to: JobState) {
    let job = add(store, id, from).await;
    let kind = if to == JobState::Delivered { EntryKind::Capture } else { EntryKind::Release };
    let entry = job.quote.map(|quote| Entry { kind, credits: quote.credits });
    store.decide(&job.id, from, to, &JobChange { entry, ..JobChange::default() }, at(0)).await.unwrap();
}

async fn find(store: &dyn Store, id: &str) -> Job {
    store.job(&id.into()).await.unwrap().unwrap()
}

/// How many files, replies and tasks of webhooks are kept beside a job.
pub(crate) async fn beside(store: &dyn Store, id: &str) -> [usize; 3] {
    let id = JobId(id.to_owned());
    let files = store.files(&id).await.unwrap().len();
    [files, store.replies(&id).await.unwrap().len(), store.webhook_tasks(&id).await.unwrap().len()]
}

async fn check(store: Arc<dyn Store>) {
    use JobState::{Cancelled, Delivered, Delivering, Failed, Held, Ready, Running, Submitting, Undeliverable};
    let clock = Arc::new(ManualClock::new(at(0)));
    let client = Client::new(Settings::new("key".to_owned().into())).unwrap();
    let service = Service::new(store.clone(), client, clock.clone());
    let store = store.as_ref();
    let prune = async || service.prune(RETENTION).await.unwrap();
    let pass = |days: u32| clock.advance(DAY * days);

    let settled =
        [("delivered", Delivering, Delivered), ("failed", Submitting, Failed), ("cancelled", Held, Cancelled)];
    for (id, from, to) in settled {
        add_settled(store, id, from, to).await;
    }
    // Nobody has been told of this end yet.
    add(store, "untold", Running).await;
    let untold = store.claim("w", at(0), LEASE).await.unwrap().unwrap();
    let entry = untold.job.quote.map(|quote| Entry { kind: EntryKind::Release, credits: quote.credits });
    let change = JobChange { entry, is_untold: true, ..JobChange::default() };
    let untold = store.advance(&untold, Failed, &change, at(0)).await.unwrap();
    // What was held for this one was neither spent nor given back.
    add(store, "unbooked", Delivered).await;
    let open = [Held, Submitting, Running, Ready, Delivering, JobState::Unknown, JobState::Unreadable, Undeliverable];
    for state in open {
        add(store, state.as_str(), state).await;
    }
    let kept: Vec<&str> = open.iter().map(|state| state.as_str()).chain(["untold", "unbooked"]).collect();
    let mut before = Vec::new();
    for id in &kept {
        before.push(find(store, id).await);
    }

    for (chat, days) in [(1, 0), (2, 60)] {
        let draft = Draft { key: draft_key(ChatId(chat)), body: json!({}), updated_at: at(0) + DAY * days };
        store.put_draft(&draft, None).await.unwrap();
    }
    let update = |id| Update { id, chat: ChatId(5), body: json!({"message": {"text": "secret"}}) };
    let put = InboxBatch { put: vec![update(1), update(2)], ..InboxBatch::default() };
    store.apply("w", &put, at(0)).await.unwrap();
    store.apply("w", &InboxBatch { closed: vec![1], ..InboxBatch::default() }, at(0)).await.unwrap();

    pass(2);
    assert_eq!(prune().await, []);
    pass(2);
    assert_eq!(prune().await, [(Prunable::Updates, 1)], "an open update is not deleted");
    assert_eq!(store.open_updates(9).await.unwrap(), [update(2)]);
    pass(27);
    assert_eq!(prune().await, [(Prunable::Webhooks, 3), (Prunable::Replies, 3)]);
    for (id, ..) in settled {
        assert_eq!(beside(store, id).await, [1, 0, 0], "{id}");
        assert_ne!(find(store, id).await.input, serde_json::Map::new());
    }
    pass(60);
    assert_eq!(prune().await, [(Prunable::Drafts, 1)], "left alone for 90 days");
    pass(275);
    assert_eq!(prune().await, [(Prunable::Drafts, 1), (Prunable::Jobs, 3)]);
    for (id, _, to) in settled {
        let (job, full) = (find(store, id).await, contract::job(id, 0));
        assert_eq!((job.state, job.quote, &job.model, job.user), (to, full.quote, &full.model, full.user), "{id}");
        assert_eq!(job.task, Some(format!("task of {id}").as_str().into()));
        assert!(job.stripped && job.input.is_empty() && job.attachments.is_empty(), "{id}");
        assert_eq!((job.output, job.failure), (None, None), "{id}");
        assert_eq!(beside(store, id).await, [0; 3], "{id}");
        assert_eq!(store.entries(&job.id).await.unwrap().len(), 2, "{id}: the ledger stays");
    }
    assert_eq!(prune().await, [], "a second run finds nothing");
    for (id, before) in kept.iter().zip(before) {
        assert_eq!(find(store, id).await, before);
        assert_eq!(beside(store, id).await, [1; 3], "{id}");
    }

    store.release(&untold, None, None).await.unwrap();
    assert_eq!(prune().await, [(Prunable::Webhooks, 1), (Prunable::Replies, 1), (Prunable::Jobs, 1)], "it was told");
    assert_eq!(service.prune(Retention::default()).await.unwrap(), [], "for ever");

    // A batch is bounded, and the next one waits a moment.
    for n in 0..1703 {
        let job = Job { quote: None, state: Cancelled, ..contract::job(&format!("many-{n}"), 0) };
        store.add_job(&job).await.unwrap();
    }
    let now = clock.now();
    assert_eq!(store.prune(Prunable::Jobs, now - DAY, now).await.unwrap(), PRUNE_BATCH);
    assert_eq!(prune().await, [(Prunable::Jobs, 1203)]);
    assert_eq!(clock.now().since(now), Duration::from_millis(500), "three batches, two pauses");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_goes_in_sqlite() {
    check(store::open("sqlite::memory:").await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_goes_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}

/// What people write is not kept once it is handled: of an update its number stays.
async fn closed_updates_tell_nothing(store: &dyn Store, told: impl AsyncFn() -> i64) {
    store.register("w", at(0), LEASE).await.unwrap();
    let update = |id| Update { id, chat: ChatId(id), body: json!({"message": {"text": "secret"}}) };
    let apply = async |batch: InboxBatch| store.apply("w", &batch, at(0)).await.unwrap();
    let start = InboxBatch { max_attempts: 9, ..InboxBatch::default() };
    let put = InboxBatch { put: vec![update(1), update(2)], claim_new_chats: true, ..start.clone() };
    apply(put).await;
    // The process of the second one has died.
    store.expire_workers().await.unwrap();
    store.register("x", at(0), LEASE).await.unwrap();
    let again = InboxBatch { closed: vec![1], claim_free: 9, ..start };
    store.apply("x", &again, at(0)).await.unwrap();
    assert_eq!(told().await, 0);
    apply(InboxBatch { closed: vec![2], ..InboxBatch::default() }).await;
    assert_eq!(told().await, 1, "one that took two attempts is kept for whoever looks into that");
    assert_eq!(
        store.apply("x", &InboxBatch { put: vec![update(1)], ..InboxBatch::default() }, at(0)).await.unwrap().new,
        [0; 0],
        "it is known"
    );
}

const TOLD: &str = "SELECT COUNT(*) FROM updates
    WHERE closed_at IS NOT NULL AND (chat_id <> 0 OR CAST(body AS TEXT) LIKE '%secret%')";

#[tokio::test(flavor = "multi_thread")]
async fn closed_updates_tell_nothing_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&crate::store::url_of(&path)).await.unwrap();
    let told = async || {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
        let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
        sqlx::query_scalar::<_, i64>(TOLD).fetch_one(&mut database).await.unwrap()
    };
    closed_updates_tell_nothing(store.as_ref(), told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_updates_tell_nothing_in_postgres() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        let told = async || {
            let mut database = <sqlx::PgConnection as sqlx::Connection>::connect(&url).await.unwrap();
            sqlx::query_scalar::<_, i64>(TOLD).fetch_one(&mut database).await.unwrap()
        };
        closed_updates_tell_nothing(store.as_ref(), told).await;
    })
    .await;
}
