//! What wakes workers (webhooks, notifications), the queues of jobs, and the budgets that processes share.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use kie::clock::Timestamp;
use kie::inbox::{InboxBatch, Update};
use kie::job::{ChatId, Job, JobId, JobInput, JobState, TaskId, UserId};
use kie::store::{self, Added, JobChange, JobQueue, Setbacks, Store, Subscription};
use serde_json::json;
use tokio::time::timeout;

use crate::store::contract::{self, LEASE, at};
use crate::support::{database, postgres};

/// Time limit of every wait.
const LIMIT: Duration = Duration::from_secs(20);

/// The due time of a job with a webhook.
const FIRST: Timestamp = Timestamp::from_millis(0);

/// A job in `running` that is due at a time.
async fn running(store: &dyn Store, id: &str, until: i64) -> JobId {
    let job = Job { draft: id.to_owned(), quote: None, ..contract::job(id, 0) };
    assert_eq!(store.add_job(&job).await.unwrap(), Added::New);
    let claimed = store.claim_from(JobQueue::Submit, &[], "w", at(0), LEASE).await.unwrap().unwrap();
    assert_eq!(claimed.job.id, job.id);
    let claimed = store.advance(&claimed, JobState::Submitting, &JobChange::default(), at(0)).await.unwrap();
    let change = JobChange {
        task: Some(TaskId(format!("task of {id}"))),
        key: Some("1a2b3c4d".to_owned()),
        submitted_at: Some(at(1)),
        not_before: Some(at(until)),
        ..JobChange::default()
    };
    store.advance(&claimed, JobState::Running, &change, at(1)).await.unwrap();
    job.id
}

/// Checks any database.
pub(crate) async fn check(store: &dyn Store) {
    webhooks(store).await;
    task_of_an_unknown_job(store).await;
    webhook_before_a_create(store).await;
    renewed_input(store).await;
    time_of_not_found(store).await;
    queues(store).await;
    in_flight(store).await;
    untold(store).await;
    users_take_turns(store).await;
    undeliverable(store).await;
    reports(store).await;
    setbacks_of_an_end(store).await;
}

async fn webhooks(store: &dyn Store) {
    let id = running(store, "called", 1_000).await;
    let task = TaskId("task of called".to_owned());
    assert_eq!(
        store.job(&id).await.unwrap().unwrap().key.as_deref(),
        Some("1a2b3c4d"),
        "the key is stored with the task"
    );
    assert_eq!(store.claim("w", at(10), LEASE).await.unwrap(), None);

    // A waiting job is due at once. A task that is known changes nothing; the task may be missing.
    for name in [Some(&task), Some(&task), None] {
        let job = store.record_webhook(&id, name, at(10)).await.unwrap().unwrap();
        assert_eq!((job.state, job.id), (JobState::Running, id.clone()));
    }
    assert_eq!(store.webhook_tasks(&id).await.unwrap(), std::slice::from_ref(&task));
    // It is claimed before a job that has been due for longer.
    let waits = running(store, "waits", 5).await;
    assert_eq!(store.next_due().await.unwrap(), Some(FIRST));
    let claimed = store.claim("w", at(10), LEASE).await.unwrap().unwrap();
    assert_eq!((claimed.webhooks, &claimed.job.id), (3, &id));
    let other = store.claim("w", at(10), LEASE).await.unwrap().unwrap();
    assert_eq!(other.job.id, waits);
    store.advance(&other, JobState::Failed, &JobChange::default(), at(10)).await.unwrap();

    // A claimed job stays claimed, and is due as soon as it is released.
    store.record_webhook(&id, Some(&task), at(11)).await.unwrap().unwrap();
    assert_eq!(store.claim("w2", at(11), LEASE).await.unwrap(), None, "a webhook does not end a claim");
    let rest = JobChange { not_before: Some(at(500)), ..JobChange::default() };
    store.advance(&claimed, JobState::Running, &rest, at(12)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(FIRST), "the webhook during the claim counts");
    let claimed = store.claim("w", at(12), LEASE).await.unwrap().unwrap();
    store.advance(&claimed, JobState::Running, &rest, at(13)).await.unwrap();
    assert_eq!(store.next_due().await.unwrap(), Some(at(500)), "one webhook leads to one poll");

    // After the end of the job a webhook changes nothing.
    let claimed = store.claim("w", at(500), LEASE).await.unwrap().unwrap();
    store.advance(&claimed, JobState::Failed, &JobChange::default(), at(500)).await.unwrap();
    assert_eq!(store.record_webhook(&id, Some(&task), at(501)).await.unwrap().unwrap().state, JobState::Failed);
    assert_eq!(store.next_due().await.unwrap(), None);
    assert_eq!(store.record_webhook(&"none".into(), Some(&task), at(501)).await.unwrap(), None);
}

/// A task that a webhook has named before the job became `unknown` can be attached.
async fn task_of_an_unknown_job(store: &dyn Store) {
    let job = Job { draft: "lost".to_owned(), quote: None, ..contract::job("lost", 0) };
    store.add_job(&job).await.unwrap();
    let claimed = store.claim("w", at(0), LEASE).await.unwrap().unwrap();
    let claimed = store.advance(&claimed, JobState::Submitting, &JobChange::default(), at(0)).await.unwrap();
    let task = TaskId("found".to_owned());
    assert_eq!(store.record_webhook(&job.id, Some(&task), at(1)).await.unwrap().unwrap().state, JobState::Submitting);
    store.advance(&claimed, JobState::Unknown, &JobChange::default(), at(2)).await.unwrap();
    assert_eq!(store.webhook_tasks(&job.id).await.unwrap(), std::slice::from_ref(&task));
    let change = JobChange { task: Some(task.clone()), not_before: Some(at(3)), ..JobChange::default() };
    let found = store.decide(&job.id, JobState::Unknown, JobState::Running, &change, at(3)).await.unwrap();
    assert_eq!((found.task, found.key), (Some(task), None), "the key that created it is not known");
    let claimed = store.claim("w", at(3), LEASE).await.unwrap().unwrap();
    store.advance(&claimed, JobState::Failed, &JobChange::default(), at(3)).await.unwrap();
}

/// A webhook that has come since the claim may be about the task of an earlier create: the job is not sent.
async fn webhook_before_a_create(store: &dyn Store) {
    let job = Job { draft: "again".to_owned(), quote: None, ..contract::job("again", 0) };
    store.add_job(&job).await.unwrap();
    let claimed = store.claim("w", at(0), LEASE).await.unwrap().unwrap();
    store.record_webhook(&job.id, Some(&TaskId("first".to_owned())), at(1)).await.unwrap();
    let sent = store.advance(&claimed, JobState::Submitting, &JobChange::default(), at(1)).await;
    assert!(sent.unwrap_err().is_stale());
    store.release(&claimed, Some(at(1)), None).await.unwrap();
    let claimed = store.claim("w", at(1), LEASE).await.unwrap().unwrap();
    assert_eq!((claimed.job.state, claimed.webhooks), (JobState::Held, 1));
    let sent = store.advance(&claimed, JobState::Submitting, &JobChange::default(), at(2)).await.unwrap();
    store.advance(&sent, JobState::Failed, &JobChange::default(), at(2)).await.unwrap();
}

/// The files of an input change together with it, under a claim alone.
async fn renewed_input(store: &dyn Store) {
    let job = Job { draft: "renewed".to_owned(), quote: None, ..contract::job("renewed", 0) };
    store.add_job(&job).await.unwrap();
    let claimed = store.claim("w", at(0), LEASE).await.unwrap().unwrap();
    let mut new = JobInput { fields: job.input.clone(), attachments: job.attachments.clone() };
    new.fields.insert("image".to_owned(), "https://files.example/2.png".into());
    new.attachments[0].url = "https://files.example/2.png".to_owned();
    new.attachments[0].is_result = true;
    let change = JobChange { input: Some(new.clone()), ..JobChange::default() };
    let next = store.advance(&claimed, JobState::Held, &change, at(1)).await.unwrap();
    let next = store.advance(&next, JobState::Submitting, &JobChange::default(), at(1)).await.unwrap();
    let stored = store.job(&job.id).await.unwrap().unwrap();
    assert_eq!(JobInput { fields: stored.input, attachments: stored.attachments }, new);
    store.advance(&next, JobState::Failed, &JobChange::default(), at(1)).await.unwrap();
    assert!(store.advance(&claimed, JobState::Held, &change, at(2)).await.unwrap_err().is_stale());
}

/// It is kept between claims, and forgotten with the task and by a program that resets the setbacks alone.
async fn time_of_not_found(store: &dyn Store) {
    let id = running(store, "not found", 0).await;
    let setbacks = |since| Setbacks { count: 1, since: Some(at(since)), not_found_since: Some(at(5)) };
    for (stored, read) in [
        (Some(setbacks(4)), setbacks(4)),
        (None, setbacks(4)),
        (Some(setbacks(6)), Setbacks { not_found_since: None, ..setbacks(6) }),
        (Some(Setbacks::default()), Setbacks::default()),
        (Some(setbacks(5)), setbacks(5)),
    ] {
        let claimed = store.claim("w", at(9), LEASE).await.unwrap().unwrap();
        let change = JobChange { setbacks: stored, not_before: Some(at(9)), ..JobChange::default() };
        assert_eq!(store.advance(&claimed, JobState::Running, &change, at(9)).await.unwrap().setbacks, read);
    }
    let claimed = store.claim("w", at(9), LEASE).await.unwrap().unwrap();
    assert_eq!((&claimed.job.id, claimed.setbacks), (&id, setbacks(5)));
    let unknown = store.advance(&claimed, JobState::Unknown, &JobChange::default(), at(9)).await.unwrap();
    assert_eq!(unknown.setbacks, Setbacks::default());
}

/// The queues are independent of each other.
async fn queues(store: &dyn Store) {
    let watched = running(store, "watched", 20).await;
    let ready = running(store, "ready", 0).await;
    let claimed = store.claim("w", at(1), LEASE).await.unwrap().unwrap();
    assert_eq!(claimed.job.id, ready);
    let change = JobChange { not_before: Some(at(25)), ..JobChange::default() };
    store.advance(&claimed, JobState::Ready, &change, at(1)).await.unwrap();
    let held = Job { draft: "held".to_owned(), quote: None, ..contract::job("held", 0) };
    store.add_job(&held).await.unwrap();
    let queues = [(JobQueue::Submit, &held.id, 0), (JobQueue::Poll, &watched, 20), (JobQueue::Deliver, &ready, 25)];
    for (queue, job, due) in queues {
        assert_eq!(store.next_due_in(queue).await.unwrap(), Some(at(due)));
        let claimed = store.claim_from(queue, &[], "w", at(30), LEASE).await.unwrap().unwrap();
        assert_eq!(claimed.job.id, *job);
        assert_eq!(store.claim_from(queue, &[], "w", at(30), LEASE).await.unwrap(), None);
        let (mut end, mut claimed) = (JobState::Failed, claimed);
        if queue == JobQueue::Deliver {
            claimed = store.advance(&claimed, JobState::Delivering, &JobChange::default(), at(31)).await.unwrap();
            end = JobState::Undeliverable;
        }
        store.advance(&claimed, end, &JobChange::default(), at(31)).await.unwrap();
        assert_eq!(store.next_due_in(queue).await.unwrap(), None);
    }
    // Ends the last job.
    store.decide(&ready, JobState::Undeliverable, JobState::Ready, &JobChange::default(), at(32)).await.unwrap();
    finish(store, at(32)).await;
}

/// Delivers a result that is due.
async fn finish(store: &dyn Store, now: Timestamp) {
    let mut claimed = store.claim("w", now, LEASE).await.unwrap().unwrap();
    for state in [JobState::Delivering, JobState::Delivered] {
        claimed = store.advance(&claimed, state, &JobChange::default(), now).await.unwrap();
    }
}

/// A process whose lease has expired does not claim its own job a second time.
async fn in_flight(store: &dyn Store) {
    let id = running(store, "in flight", 20).await;
    let first = store.claim_from(JobQueue::Poll, &[], "w", at(20), LEASE).await.unwrap().unwrap();
    let late = at(20) + LEASE;
    let mine = std::slice::from_ref(&id);
    assert_eq!(store.claim_from(JobQueue::Poll, mine, "w", late, LEASE).await.unwrap(), None);
    store.renew(&first, late, LEASE).await.unwrap();
    assert_eq!(store.claim_from(JobQueue::Poll, &[], "other", late, LEASE).await.unwrap(), None);
    store.advance(&first, JobState::Failed, &JobChange::default(), late).await.unwrap();
}

/// An ended job is due until its user has been told.
async fn untold(store: &dyn Store) {
    let id = running(store, "untold", 20).await;
    let claimed = store.claim("w", at(20), LEASE).await.unwrap().unwrap();
    let change = JobChange { is_untold: true, ..JobChange::default() };
    let ended = store.advance(&claimed, JobState::Unknown, &change, at(20)).await.unwrap();
    assert_eq!(
        store.next_due_in(JobQueue::Deliver).await.unwrap(),
        Some(at(20) + LEASE),
        "the worker that has ended it tells the user"
    );
    store.release(&ended, Some(at(40)), None).await.unwrap();
    assert!(store.release(&ended, None, None).await.unwrap_err().is_stale(), "it is released already");
    assert_eq!(store.claim("w", at(39), LEASE).await.unwrap(), None);
    let again = store.claim_from(JobQueue::Deliver, &[], "w", at(40), LEASE).await.unwrap().unwrap();
    assert_eq!((&again.job.id, again.job.state, again.job.attempts), (&id, JobState::Unknown, 1));

    // A decision by a person does not wait for the worker.
    store.decide(&id, JobState::Unknown, JobState::Failed, &JobChange::default(), at(41)).await.unwrap();
    assert!(store.release(&again, None, None).await.unwrap_err().is_stale());
    assert_eq!(store.next_due().await.unwrap(), None);
}

/// F20: two hundred jobs of one user blocked the jobs of all others.
async fn users_take_turns(store: &dyn Store) {
    let add = async |name: String, user| {
        let job = Job { draft: name.clone(), user: UserId(user), quote: None, ..contract::job(&name, 0) };
        assert_eq!(store.add_job(&job).await.unwrap(), Added::New);
    };
    for n in 0..200 {
        add(format!("a{n}"), 1).await;
    }
    add("b0".to_owned(), 2).await;
    let mut order = Vec::new();
    let mut send = async |count| {
        let mut users = Vec::new();
        for _ in 0..count {
            let claimed = store.claim_from(JobQueue::Submit, &[], "w", at(0), LEASE).await.unwrap().unwrap();
            users.push(claimed.job.user.0);
            let claimed = store.advance(&claimed, JobState::Submitting, &JobChange::default(), at(0)).await.unwrap();
            store.advance(&claimed, JobState::Failed, &JobChange::default(), at(0)).await.unwrap();
        }
        order.extend(users.clone());
        users
    };
    assert_eq!(send(3).await, [1, 2, 1]);
    send(97).await;
    // A user who orders later neither waits for all earlier jobs nor goes before all of them.
    for n in 1..4 {
        add(format!("b{n}"), 2).await;
    }
    let next = send(6).await;
    assert_eq!(
        (next.iter().filter(|user| **user == 2).count(), next[0].min(next[1])),
        (3, 1),
        "users take turns: {next:?}"
    );
    send(98).await;
    assert_eq!(order.len(), 204);
    assert_eq!(store.next_due().await.unwrap(), None);
}

async fn undeliverable(store: &dyn Store) {
    let id = running(store, "gone", 20).await;
    let mut claimed = store.claim("w", at(20), LEASE).await.unwrap().unwrap();
    for state in [JobState::Ready, JobState::Delivering, JobState::Undeliverable] {
        claimed = store.advance(&claimed, state, &JobChange::default(), at(21)).await.unwrap();
    }
    let chat = claimed.job.chat;
    let ids = |jobs: Vec<Job>| jobs.into_iter().map(|job| job.id).collect::<Vec<_>>();
    assert_eq!(ids(store.undeliverable(chat).await.unwrap()), std::slice::from_ref(&id));
    assert!(store.undeliverable(ChatId(1)).await.unwrap().is_empty());
    assert_eq!(ids(store.jobs_in(Some(JobState::Undeliverable), 9).await.unwrap().jobs), std::slice::from_ref(&id));
    assert_eq!(store.jobs_in(None, 2).await.unwrap().jobs.len(), 2);
    store.decide(&id, JobState::Undeliverable, JobState::Ready, &JobChange::default(), at(22)).await.unwrap();
    assert!(store.undeliverable(chat).await.unwrap().is_empty());
    let claimed = store.claim("w", at(22), LEASE).await.unwrap().unwrap();
    let claimed = store.advance(&claimed, JobState::Delivering, &JobChange::default(), at(22)).await.unwrap();
    store.advance(&claimed, JobState::Delivered, &JobChange::default(), at(22)).await.unwrap();
}

/// The operator is told of a result that reached no chat, by one process at a time, until it has worked.
async fn reports(store: &dyn Store) {
    let id = running(store, "unseen", 20).await;
    let mut claimed = store.claim("w", at(20), LEASE).await.unwrap().unwrap();
    assert_eq!(store.claim_reports(9, at(20), at(30)).await.unwrap(), []);
    for state in [JobState::Ready, JobState::Delivering, JobState::Undeliverable] {
        claimed = store.advance(&claimed, state, &JobChange::default(), at(21)).await.unwrap();
    }
    let claim = |now: i64, again: i64| async move {
        let jobs = store.claim_reports(9, at(now), at(again)).await.unwrap();
        jobs.into_iter().map(|job| job.id).collect::<Vec<_>>()
    };
    let this = std::slice::from_ref(&id);
    assert!(store.claim_reports(0, at(21), at(30)).await.unwrap().is_empty());
    assert_eq!(claim(21, 30).await, this);
    assert_eq!(claim(29, 40).await, [], "another process does not tell it as well");
    assert_eq!(claim(30, 40).await, this, "the first one did not live to tell it");
    store.put_reported(this, at(30)).await.unwrap();
    assert_eq!(claim(40, 50).await, this, "the claim of the first one is over");
    store.put_reported(this, at(50)).await.unwrap();
    assert_eq!(claim(60, 70).await, []);

    // A further end is told anew, and a job that goes out after all is not.
    for state in [JobState::Ready, JobState::Delivering, JobState::Undeliverable, JobState::Ready] {
        let from = store.job(&id).await.unwrap().unwrap().state;
        store.decide(&id, from, state, &JobChange::default(), at(61)).await.unwrap();
        assert_eq!(claim(61, 62).await, if state == JobState::Undeliverable { this } else { &[] }, "{state:?}");
    }
    store.decide(&id, JobState::Ready, JobState::Delivering, &JobChange::default(), at(63)).await.unwrap();
    store.decide(&id, JobState::Delivering, JobState::Delivered, &JobChange::default(), at(63)).await.unwrap();
    assert_eq!(claim(99, 100).await, []);
}

/// The setbacks of an ended job, whose chat could not be told, are kept with its next due time.
async fn setbacks_of_an_end(store: &dyn Store) {
    let id = running(store, "unheard", 20).await;
    let claimed = store.claim("w", at(20), LEASE).await.unwrap().unwrap();
    let change = JobChange { is_untold: true, ..JobChange::default() };
    let ended = store.advance(&claimed, JobState::Unknown, &change, at(20)).await.unwrap();
    let setbacks = Setbacks { count: 2, since: Some(at(20)), not_found_since: None };
    store.release(&ended, Some(at(25)), Some(setbacks)).await.unwrap();
    let again = store.claim("w", at(25), LEASE).await.unwrap().unwrap();
    assert_eq!((&again.job.id, again.setbacks), (&id, setbacks));
    store.release(&again, Some(at(30)), None).await.unwrap();
    let again = store.claim("w", at(30), LEASE).await.unwrap().unwrap();
    assert_eq!(again.setbacks, setbacks);
    store.release(&again, None, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_queues_and_undeliverable_jobs_in_sqlite() {
    check(store::open("sqlite::memory:").await.unwrap().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_queues_and_undeliverable_jobs_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap().as_ref()).await }).await;
}

async fn receives_jobs(changes: &mut Subscription) {
    timeout(LIMIT, changes.jobs()).await.expect("a notification of a job arrives");
}

/// Notifications of changes in `here` reach `there`.
async fn notifications_arrive(here: &dyn Store, there: &dyn Store, name: &str) {
    let mut changes = there.subscribe();
    here.add_job(&Job { draft: name.to_owned(), ..contract::job(name, 5) }).await.unwrap();
    receives_jobs(&mut changes).await;
    // A worker that does not claim the chat of a new update leaves it to others.
    let update = Update { id: name.len() as i64, chat: ChatId(1), body: json!({}) };
    here.register("here", at(5), LEASE).await.unwrap();
    here.apply("here", &InboxBatch { put: vec![update], ..InboxBatch::default() }, at(5)).await.unwrap();
    timeout(LIMIT, changes.updates()).await.expect("a notification of an update arrives");
    here.deregister("here").await.unwrap();
    timeout(LIMIT, changes.updates()).await.expect("a notification of the released chats arrives");
}

#[tokio::test]
async fn a_change_is_notified_in_sqlite() {
    let store = store::open("sqlite::memory:").await.unwrap();
    let mut changes = store.subscribe();
    store.add_job(&contract::job("one", 5)).await.unwrap();
    store.add_job(&Job { draft: "two".to_owned(), ..contract::job("two", 5) }).await.unwrap();
    // Two events before the first wait count as one; after it there is none left.
    receives_jobs(&mut changes).await;
    assert!(changes.jobs().now_or_never().is_none());
}

/// F9, F25: another process is notified at once, and again after its connection was cut.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_notified_to_other_processes_also_after_a_cut() {
    database::with_database(|url| async move {
        let (here, there) = (store::open(&url).await.unwrap(), store::open(&url).await.unwrap());
        let mut changes = there.subscribe();
        // A new connection for notifications wakes all receivers; from then on notifications arrive.
        receives_jobs(&mut changes).await;
        notifications_arrive(here.as_ref(), there.as_ref(), "one").await;

        let name = url::Url::parse(&url).unwrap().path().trim_start_matches('/').to_owned();
        let cut = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and query like 'LISTEN%'"
        );
        // A new subscription has no earlier events.
        let mut changes = there.subscribe();
        postgres::execute(&cut).await;
        receives_jobs(&mut changes).await;
        notifications_arrive(here.as_ref(), there.as_ref(), "second").await;
    })
    .await;
}

/// F20: several processes together stay within one limit, whatever their clocks say.
#[tokio::test(flavor = "multi_thread")]
async fn f20_processes_share_budgets_in_postgres() {
    database::with_database(|url| async move {
        let (one, two) = (store::open(&url).await.unwrap(), store::open(&url).await.unwrap());
        let (one, two) = (one.budgets().unwrap(), two.budgets().unwrap());
        let window = Duration::from_secs(3600);
        let asked: Vec<_> = (0..30)
            .map(|n| {
                let budgets = Arc::clone(if n % 2 == 0 { &one } else { &two });
                tokio::spawn(async move { budgets.take("create:1a2b3c4d", 18, window).await.unwrap() })
            })
            .collect();
        let mut waits = Vec::new();
        for asked in asked {
            waits.extend(asked.await.unwrap());
        }
        assert_eq!(waits.len(), 12, "18 of 30 requests are allowed");
        assert!(waits.iter().all(|wait| *wait <= window && *wait > window - LIMIT), "{waits:?}");
        assert_eq!(two.take("create:5e6f7a8b", 18, window).await.unwrap(), None, "another budget is independent");

        // A short window allows one request after the other.
        let short = Duration::from_millis(30);
        for _ in 0..3 {
            while let Some(wait) = two.take("poll:1a2b3c4d", 1, short).await.unwrap() {
                assert!(wait <= short, "{wait:?}");
                tokio::time::sleep(wait).await;
            }
        }

        one.pause("poll:1a2b3c4d", window).await.unwrap();
        let wait = two.take("poll:1a2b3c4d", 100, short).await.unwrap().expect("paused for all processes");
        assert!(wait > short && wait <= Duration::from_secs(60), "a longer pause is asked about again: {wait:?}");
        one.pause("new:1a2b3c4d", window).await.unwrap();
        assert!(two.take("new:1a2b3c4d", 100, short).await.unwrap().is_some());
    })
    .await;
    assert!(
        store::open("sqlite::memory:").await.unwrap().budgets().is_none(),
        "a single process needs no shared budgets"
    );
}
