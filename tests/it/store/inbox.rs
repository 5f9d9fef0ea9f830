//! The inbox's part of the contract: an update is stored once, is handled by one worker at a time, and survives the
//! death of a worker.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kie::clock::Timestamp;
use kie::inbox::{BatchResult, Fence, Inbox, InboxBatch, Update};
use kie::job::ChatId;
use kie::store::{Prunable, Store};
use kie::user::Draft;
use serde_json::json;

use crate::store::contract::{at, draft_key};

const LEASE: Duration = Duration::from_secs(60);

fn update(id: i64, chat: i64) -> Update {
    Update {
        id,
        chat: ChatId(chat),
        body: json!({"update_id": id, "big": 9_007_199_254_740_993_i64, "s": "кот 🐈 it's"}),
    }
}

fn put(updates: &[Update]) -> InboxBatch {
    InboxBatch { put: updates.to_vec(), ..InboxBatch::default() }
}

fn put_and_claim(updates: &[Update]) -> InboxBatch {
    InboxBatch { claim_new_chats: true, ..put(updates) }
}

fn claim(claim_free: u32) -> InboxBatch {
    InboxBatch { claim_free, ..InboxBatch::default() }
}

fn close(closed: &[i64], ended: &[i64]) -> InboxBatch {
    let ended = ended.iter().map(|id| ChatId(*id)).collect();
    InboxBatch { closed: closed.to_vec(), ended, ..InboxBatch::default() }
}

fn chats(ids: &[i64]) -> Vec<ChatId> {
    ids.iter().map(|id| ChatId(*id)).collect()
}

async fn apply(store: &dyn Inbox, worker_id: &str, batch: InboxBatch, now: Timestamp) -> BatchResult {
    let mut done = store.apply(worker_id, &batch, now).await.unwrap();
    done.new.sort_unstable();
    done.claimed.sort_by_key(|chat| chat.0);
    done
}

/// The next update of each of these chats, as far as the worker has claimed them.
async fn next(store: &dyn Inbox, worker_id: &str, ids: &[i64]) -> Vec<Update> {
    store.claimed_updates(worker_id, &chats(ids)).await.unwrap().into_iter().map(|claimed| claimed.update).collect()
}

async fn open(store: &dyn Inbox) -> Vec<i64> {
    store.open_updates(100).await.unwrap().into_iter().map(|update| update.id).collect()
}

pub(crate) async fn check(store: &Arc<dyn Store>) {
    let one = store.as_ref();
    updates_are_stored_once(one).await;
    a_chat_has_one_worker(one).await;
    uploads_are_claimed_apart(one).await;
    an_expired_worker_loses_its_chats(one).await;
    attempts_are_counted(one).await;
    each_update_reaches_one_worker(store).await;
}

async fn updates_are_stored_once(store: &dyn Store) {
    assert_eq!(apply(store, "", InboxBatch::default(), at(1)).await, BatchResult::default());
    assert_eq!(apply(store, "", put(&[update(12, 0), update(11, 1), update(13, 1)]), at(1)).await.new, [11, 12, 13]);
    let again = apply(store, "", put(&[update(13, 1), update(14, 0), update(14, 0)]), at(2)).await;
    assert_eq!((again.new, again.claimed), (vec![14], vec![]), "known updates are ignored");
    assert_eq!(store.open_updates(3).await.unwrap(), [update(11, 1), update(12, 0), update(13, 1)]);

    apply(store, "", close(&[12, 14, 999], &[]), at(3)).await;
    assert_eq!(open(store).await, [11, 13]);
    assert!(apply(store, "", put(&[update(12, 0)]), at(4)).await.new.is_empty(), "a closed update is not stored again");
    let prune = async |before: i64| store.prune(Prunable::Updates, at(before), at(9)).await.unwrap();
    assert_eq!(prune(3).await, 0);
    assert_eq!([prune(4).await, prune(4).await], [2, 0], "open updates are not deleted");
    apply(store, "", close(&[11, 13], &[]), at(5)).await;
    assert!(open(store).await.is_empty());

    // PostgreSQL cannot store this character; it must not stop the inbox.
    let nul = Update { body: json!({"text": "a\0b"}), ..update(20, 0) };
    assert_eq!(apply(store, "", put(&[nul]), at(6)).await.new, [20]);
    assert_eq!(store.open_updates(1).await.unwrap()[0].body, json!({"text": "a\u{fffd}b"}));
    apply(store, "", close(&[20], &[]), at(6)).await;
}

async fn a_chat_has_one_worker(store: &dyn Store) {
    store.register("a", at(10), LEASE).await.unwrap();
    store.register("b", at(10), LEASE).await.unwrap();
    let updates = [update(33, -7), update(31, -7), update(32, 8)];
    assert_eq!(apply(store, "a", put_and_claim(&updates), at(10)).await.claimed, chats(&[-7, 8]));
    assert_eq!(next(store, "a", &[8, -7, 9]).await, [update(31, -7), update(32, 8)], "the first update of each chat");
    assert!(next(store, "b", &[8, -7]).await.is_empty());
    let mut claimed = store.claimed_chats("a").await.unwrap();
    claimed.sort_by_key(|chat| chat.0);
    assert_eq!((claimed, store.claimed_chats("b").await.unwrap()), (chats(&[-7, 8]), vec![]));
    assert!(store.claimed_updates("a", &[]).await.unwrap().is_empty());

    // Updates for them that another worker receives are stored and left to the worker of the chat.
    let at_b =
        apply(store, "b", InboxBatch { claim_free: 10, ..put_and_claim(&[update(34, 8), update(35, 9)]) }, at(11))
            .await;
    assert_eq!((at_b.new, at_b.claimed), (vec![34, 35], chats(&[9])));
    let mut at_a = apply(store, "a", close(&[31, 32], &[-7, 8]), at(12)).await;
    at_a.still_claimed.sort_by_key(|chat| chat.0);
    assert_eq!(at_a.still_claimed, chats(&[-7, 8]), "a chat with open updates is not released");
    assert_eq!(next(store, "a", &[-7, 8]).await, [update(33, -7), update(34, 8)]);
    assert!(apply(store, "a", close(&[33, 34], &[-7, 8]), at(13)).await.still_claimed.is_empty());

    // Free chats: those that have waited longest, up to the limit.
    apply(store, "", put(&[update(40, 5), update(41, 4), update(42, 3), update(43, 4)]), at(14)).await;
    assert_eq!(apply(store, "b", claim(2), at(14)).await.claimed, chats(&[4, 5]));
    assert_eq!(apply(store, "a", claim(2), at(14)).await.claimed, chats(&[3]));
    assert!(apply(store, "b", claim(2), at(14)).await.claimed.is_empty());
    // A worker does not release the chats of another.
    assert!(apply(store, "a", close(&[35, 40, 41, 43], &[4, 5, 9]), at(15)).await.still_claimed.is_empty());
    apply(store, "a", put(&[update(44, 4)]), at(15)).await;
    assert!(apply(store, "a", claim(9), at(15)).await.claimed.is_empty(), "b still has chat 4");
    store.deregister("b").await.unwrap();
    assert_eq!(apply(store, "a", claim(9), at(15)).await.claimed, chats(&[4]));
    apply(store, "a", close(&[42, 44], &[3, 4]), at(16)).await;
    assert!(open(store).await.is_empty());
    store.deregister("a").await.unwrap();
}

/// Any number of uploads may wait: nobody else waits behind them.
async fn uploads_are_claimed_apart(store: &dyn Store) {
    let low = i64::MIN;
    store.register("a", at(50), LEASE).await.unwrap();
    let updates = [update(low, low), update(low + 2, low + 2), update(low + 4, low + 4), update(46, 5)];
    let stored = apply(store, "a", put_and_claim(&updates), at(50)).await;
    assert_eq!((stored.new.len(), stored.claimed), (4, chats(&[5])));
    apply(store, "", put(&[update(47, 6)]), at(50)).await;
    assert_eq!(apply(store, "a", claim(1), at(51)).await.claimed, chats(&[6]));
    let uploads = |claim_uploads| InboxBatch { claim_uploads, ..InboxBatch::default() };
    assert_eq!(apply(store, "a", uploads(2), at(52)).await.claimed, chats(&[low, low + 2]), "the oldest");
    assert_eq!(apply(store, "a", uploads(2), at(52)).await.claimed, chats(&[low + 4]));
    // The end of one has a number of its own kind too, and is an update of a chat of people.
    assert_eq!(apply(store, "a", put(&[update(low + 1, 5)]), at(53)).await.new, [low + 1]);
    assert_eq!(next(store, "a", &[5]).await, [update(low + 1, 5)]);
    let all = [low, low + 1, low + 2, low + 4, 46, 47];
    apply(store, "a", close(&all, &[low, low + 2, low + 4, 5, 6]), at(54)).await;
    assert!(open(store).await.is_empty());
    store.deregister("a").await.unwrap();
}

async fn an_expired_worker_loses_its_chats(store: &dyn Store) {
    store.register("a", at(100), LEASE).await.unwrap();
    apply(store, "a", put_and_claim(&[update(50, 1), update(51, 2)]), at(100)).await;
    store.register("b", at(101), LEASE).await.unwrap();
    assert!(apply(store, "b", claim(9), at(159)).await.claimed.is_empty());
    // A heartbeat keeps its chats.
    assert!(store.heartbeat("a", at(159), LEASE).await.unwrap() && store.heartbeat("b", at(159), LEASE).await.unwrap());
    assert!(apply(store, "b", put_and_claim(&[update(52, 1)]), at(218)).await.claimed.is_empty());
    assert!(store.heartbeat("b", at(218), LEASE).await.unwrap());
    // Its lease has expired: both kinds of claims find its chats free.
    assert_eq!(apply(store, "b", put_and_claim(&[update(53, 1)]), at(219)).await.claimed, chats(&[1]));
    assert_eq!(apply(store, "b", claim(9), at(219)).await.claimed, chats(&[2]));
    assert!(!store.heartbeat("a", at(219), LEASE).await.unwrap(), "the lease has expired");
    assert!(!store.heartbeat("unknown", at(219), LEASE).await.unwrap());
    assert!(store.claimed_updates("a", &chats(&[1, 2])).await.unwrap().is_empty());
    assert_eq!(next(store, "b", &[1]).await, [update(50, 1)]);
    // A late batch of an expired worker closes its updates and releases nothing.
    assert!(apply(store, "a", close(&[50], &[1, 2]), at(220)).await.still_claimed.is_empty());
    assert_eq!(store.claimed_updates("b", &chats(&[1, 2])).await.unwrap().len(), 2);
    // Nor does it overwrite a draft.
    let fence = |worker_id: &'static str| Some(Fence { worker_id, chat: ChatId(1) });
    let draft = |step: i64| Draft { key: draft_key(ChatId(1)), body: json!({"step": step}), updated_at: at(220) };
    store.put_draft(&draft(1), fence("b")).await.unwrap();
    let late = store.put_draft(&draft(2), fence("a")).await.unwrap_err();
    assert!(late.is_fenced() && late.to_string() == "chat 1 is claimed by another worker", "{late}");
    store.delete_draft(&draft_key(ChatId(1)), fence("a")).await.unwrap();
    assert_eq!(store.draft(&draft_key(ChatId(1))).await.unwrap(), Some(draft(1)));
    store.put_draft(&draft(3), fence("b")).await.unwrap();
    assert_eq!(store.draft(&draft_key(ChatId(1))).await.unwrap(), Some(draft(3)));
    store.delete_draft(&draft_key(ChatId(1)), fence("b")).await.unwrap();
    assert_eq!(store.draft(&draft_key(ChatId(1))).await.unwrap(), None);
    apply(store, "b", close(&[51, 52, 53], &[1, 2]), at(220)).await;

    // A process that uses the database alone ends all workers.
    apply(store, "b", put_and_claim(&[update(54, 3)]), at(221)).await;
    store.expire_workers().await.unwrap();
    assert!(!store.heartbeat("b", at(221), LEASE).await.unwrap());
    store.register("c", at(221), LEASE).await.unwrap();
    assert_eq!(apply(store, "c", claim(9), at(221)).await.claimed, chats(&[3]));
    apply(store, "c", close(&[54], &[3]), at(222)).await;
    store.deregister("c").await.unwrap();
}

/// An update counts as started before its handler runs, and once for each worker that starts it.
async fn attempts_are_counted(store: &dyn Store) {
    const MAX_ATTEMPTS: u32 = 2;
    let next = async |worker_id: &str, chat: i64| {
        let claimed = store.claimed_updates(worker_id, &chats(&[chat])).await.unwrap().remove(0);
        (claimed.update.id, claimed.starts, claimed.attempts, claimed.is_started)
    };
    let start = |ids: &[i64]| InboxBatch { start: ids.to_vec(), ..InboxBatch::default() };
    let release = |ids: &[i64]| InboxBatch { released: ids.to_vec(), ..InboxBatch::default() };
    store.register("a", at(250), LEASE).await.unwrap();
    let updates = [update(60, 1), update(61, 1), update(62, 2)];
    apply(store, "a", InboxBatch { max_attempts: MAX_ATTEMPTS, ..put_and_claim(&updates) }, at(250)).await;
    assert_eq!(
        (next("a", 1).await, next("a", 2).await),
        ((60, 1, 1, true), (62, 1, 1, true)),
        "started together with the claim"
    );
    apply(store, "a", InboxBatch { max_attempts: MAX_ATTEMPTS, ..start(&[60, 61]) }, at(250)).await;
    assert_eq!(next("a", 1).await, (60, 1, 1, true), "started once by each worker");
    apply(store, "a", InboxBatch { max_attempts: MAX_ATTEMPTS, ..close(&[60, 62], &[1, 2]) }, at(250)).await;
    assert_eq!(
        next("a", 1).await,
        (61, 1, 1, true),
        "the next update is started when the last one is closed, and not earlier"
    );

    // Two processes die.
    store.register("b", at(320), LEASE).await.unwrap();
    apply(store, "b", InboxBatch { max_attempts: MAX_ATTEMPTS, ..claim(9) }, at(320)).await;
    assert_eq!(next("b", 1).await, (61, 2, 2, true));
    store.register("c", at(390), LEASE).await.unwrap();
    apply(store, "c", InboxBatch { max_attempts: MAX_ATTEMPTS, ..claim(9) }, at(390)).await;
    assert_eq!(next("c", 1).await, (61, 2, 2, false), "beyond the limit it is started only on request");
    apply(store, "b", start(&[61]), at(390)).await;
    assert_eq!(next("c", 1).await, (61, 2, 2, false), "only the worker of the chat starts it");
    apply(store, "c", start(&[61]), at(390)).await;
    assert_eq!(next("c", 1).await, (61, 3, 3, true));

    // A released update was no attempt, and stays open.
    apply(store, "b", release(&[61]), at(391)).await;
    assert_eq!(next("c", 1).await, (61, 3, 3, true), "a worker does not release the updates of another");
    apply(store, "c", release(&[61]), at(391)).await;
    assert_eq!(next("c", 1).await, (61, 3, 2, false));
    apply(store, "c", start(&[61]), at(391)).await;
    assert_eq!(next("c", 1).await, (61, 4, 3, true));
    store.deregister("c").await.unwrap();
    store.register("d", at(392), LEASE).await.unwrap();
    apply(store, "d", claim(9), at(392)).await;
    assert_eq!(next("d", 1).await, (61, 4, 2, false), "an orderly end of its worker releases it");

    // A closed update is not released.
    apply(store, "d", start(&[61]), at(392)).await;
    apply(store, "d", close(&[61], &[1]), at(392)).await;
    apply(store, "d", InboxBatch { max_attempts: 99, ..release(&[61]) }, at(392)).await;
    store.deregister("d").await.unwrap();
    assert!(open(store).await.is_empty());
}

/// Several workers receive, claim and close at the same time: each update reaches exactly one of them.
async fn each_update_reaches_one_worker(store: &Arc<dyn Store>) {
    const CHATS: i64 = 5;
    const UPDATES: i64 = 300;
    let handled: Arc<Mutex<HashMap<i64, Vec<i64>>>> = Arc::default();
    let workers: Vec<_> = (0..4)
        .map(|n| {
            let (store, handled) = (store.clone(), handled.clone());
            tokio::spawn(async move {
                let name = format!("w{n}");
                store.register(&name, at(300), LEASE).await.unwrap();
                let mut next = (1000 + n..1000 + UPDATES).step_by(4);
                loop {
                    let update = next.next().map(|id| update(id, id % CHATS));
                    let last = update.is_none();
                    let wanted = InboxBatch { claim_free: 1, ..put_and_claim(update.as_slice()) };
                    let mut ours = store.apply(&name, &wanted, at(300)).await.unwrap().claimed;
                    while !ours.is_empty() {
                        let updates = store.claimed_updates(&name, &ours).await.unwrap();
                        let mut closed = Vec::new();
                        for claimed in updates {
                            let Update { id, chat, .. } = claimed.update;
                            handled.lock().unwrap().entry(chat.0).or_default().push(id);
                            closed.push(id);
                        }
                        let done = InboxBatch { closed, ended: ours, ..InboxBatch::default() };
                        ours = store.apply(&name, &done, at(300)).await.unwrap().still_claimed;
                    }
                    if last && store.open_updates(1).await.unwrap().is_empty() {
                        break;
                    }
                }
                store.deregister(&name).await.unwrap();
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    let handled = handled.lock().unwrap();
    for chat in 0..CHATS {
        let mut ids = handled[&chat].clone();
        ids.sort_unstable();
        let all: Vec<i64> = (1000..1000 + UPDATES).filter(|id| id % CHATS == chat).collect();
        assert_eq!(ids, all, "chat {chat}: each update once");
    }
}
