//! The part of the story that is about updates: kept once, handled by one at a time, lost by nobody's death.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kie::clock::Timestamp;
use kie::inbox::{BatchResult, Fence, Inbox, InboxBatch, Update};
use kie::job::ChatId;
use kie::store::Store;
use kie::user::Draft;
use serde_json::json;

use crate::store::story::at;

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

fn adopt(updates: &[Update]) -> InboxBatch {
    InboxBatch { claim_new_chats: true, ..put(updates) }
}

fn take(claim_free: u32) -> InboxBatch {
    InboxBatch { claim_free, ..InboxBatch::default() }
}

fn done(closed: &[i64], ended: &[i64]) -> InboxBatch {
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

/// What is next in these chats of a worker.
async fn next(store: &dyn Inbox, worker_id: &str, ids: &[i64]) -> Vec<Update> {
    store.claimed_updates(worker_id, &chats(ids)).await.unwrap().into_iter().map(|turn| turn.update).collect()
}

async fn open(store: &dyn Inbox) -> Vec<i64> {
    store.open_updates(100).await.unwrap().into_iter().map(|update| update.id).collect()
}

pub(crate) async fn tell(store: &Arc<dyn Store>) {
    let one = store.as_ref();
    kept_once(one).await;
    one_holder_a_chat(one).await;
    the_dead_leave_their_chats(one).await;
    attempts_are_counted(one).await;
    every_update_is_one_holders(store).await;
}

async fn kept_once(store: &dyn Store) {
    assert_eq!(apply(store, "", InboxBatch::default(), at(1)).await, BatchResult::default());
    assert_eq!(apply(store, "", put(&[update(12, 0), update(11, 1), update(13, 1)]), at(1)).await.new, [11, 12, 13]);
    let again = apply(store, "", put(&[update(13, 1), update(14, 0), update(14, 0)]), at(2)).await;
    assert_eq!((again.new, again.claimed), (vec![14], vec![]), "known ones are passed over");
    assert_eq!(store.open_updates(3).await.unwrap(), [update(11, 1), update(12, 0), update(13, 1)]);

    apply(store, "", done(&[12, 14, 999], &[]), at(3)).await;
    assert_eq!(open(store).await, [11, 13]);
    assert!(apply(store, "", put(&[update(12, 0)]), at(4)).await.new.is_empty(), "a finished one does not come back");
    assert_eq!(store.prune_updates(at(3)).await.unwrap(), 0);
    assert_eq!(store.prune_updates(at(4)).await.unwrap(), 2, "open ones stay");
    apply(store, "", done(&[11, 13], &[]), at(5)).await;
    assert!(open(store).await.is_empty());

    // No such character may stop the inbox.
    let nul = Update { body: json!({"text": "a\0b"}), ..update(20, 0) };
    assert_eq!(apply(store, "", put(&[nul]), at(6)).await.new, [20]);
    assert_eq!(store.open_updates(1).await.unwrap()[0].body, json!({"text": "a\u{fffd}b"}));
    apply(store, "", done(&[20], &[]), at(6)).await;
}

async fn one_holder_a_chat(store: &dyn Store) {
    store.register("a", at(10), LEASE).await.unwrap();
    store.register("b", at(10), LEASE).await.unwrap();
    let updates = [update(33, -7), update(31, -7), update(32, 8)];
    assert_eq!(apply(store, "a", adopt(&updates), at(10)).await.claimed, chats(&[-7, 8]));
    assert_eq!(next(store, "a", &[8, -7, 9]).await, [update(31, -7), update(32, 8)], "the first one of each");
    assert!(next(store, "b", &[8, -7]).await.is_empty());
    let mut held = store.claimed_chats("a").await.unwrap();
    held.sort_by_key(|chat| chat.0);
    assert_eq!((held, store.claimed_chats("b").await.unwrap()), (chats(&[-7, 8]), vec![]));
    assert!(store.claimed_updates("a", &[]).await.unwrap().is_empty());

    // What comes for them elsewhere is kept, and left to the worker.
    let at_b = apply(store, "b", InboxBatch { claim_free: 10, ..adopt(&[update(34, 8), update(35, 9)]) }, at(11)).await;
    assert_eq!((at_b.new, at_b.claimed), (vec![34, 35], chats(&[9])));
    let mut at_a = apply(store, "a", done(&[31, 32], &[-7, 8]), at(12)).await;
    at_a.still_claimed.sort_by_key(|chat| chat.0);
    assert_eq!(at_a.still_claimed, chats(&[-7, 8]), "a chat with open updates is not let go");
    assert_eq!(next(store, "a", &[-7, 8]).await, [update(33, -7), update(34, 8)]);
    assert!(apply(store, "a", done(&[33, 34], &[-7, 8]), at(13)).await.still_claimed.is_empty());

    // Free chats: those that wait longest, no more than wanted.
    apply(store, "", put(&[update(40, 5), update(41, 4), update(42, 3), update(43, 4)]), at(14)).await;
    assert_eq!(apply(store, "b", take(2), at(14)).await.claimed, chats(&[4, 5]));
    assert_eq!(apply(store, "a", take(2), at(14)).await.claimed, chats(&[3]));
    assert!(apply(store, "b", take(2), at(14)).await.claimed.is_empty());
    // Nobody lets go what is another's.
    assert!(apply(store, "a", done(&[35, 40, 41, 43], &[4, 5, 9]), at(15)).await.still_claimed.is_empty());
    apply(store, "a", put(&[update(44, 4)]), at(15)).await;
    assert!(apply(store, "a", take(9), at(15)).await.claimed.is_empty(), "chat 4 is still b's");
    store.deregister("b").await.unwrap();
    assert_eq!(apply(store, "a", take(9), at(15)).await.claimed, chats(&[4]));
    apply(store, "a", done(&[42, 44], &[3, 4]), at(16)).await;
    assert!(open(store).await.is_empty());
    store.deregister("a").await.unwrap();
}

async fn the_dead_leave_their_chats(store: &dyn Store) {
    store.register("a", at(100), LEASE).await.unwrap();
    apply(store, "a", adopt(&[update(50, 1), update(51, 2)]), at(100)).await;
    store.register("b", at(101), LEASE).await.unwrap();
    assert!(apply(store, "b", take(9), at(159)).await.claimed.is_empty());
    // It lives, and so it keeps what it has.
    assert!(store.heartbeat("a", at(159), LEASE).await.unwrap() && store.heartbeat("b", at(159), LEASE).await.unwrap());
    assert!(apply(store, "b", adopt(&[update(52, 1)]), at(218)).await.claimed.is_empty());
    assert!(store.heartbeat("b", at(218), LEASE).await.unwrap());
    // It is dead: both ways to a chat find it free.
    assert_eq!(apply(store, "b", adopt(&[update(53, 1)]), at(219)).await.claimed, chats(&[1]));
    assert_eq!(apply(store, "b", take(9), at(219)).await.claimed, chats(&[2]));
    assert!(!store.heartbeat("a", at(219), LEASE).await.unwrap(), "too late");
    assert!(!store.heartbeat("nobody", at(219), LEASE).await.unwrap());
    assert!(store.claimed_updates("a", &chats(&[1, 2])).await.unwrap().is_empty());
    assert_eq!(next(store, "b", &[1]).await, [update(50, 1)]);
    // Late words of the dead close what they handled and let go nothing.
    assert!(apply(store, "a", done(&[50], &[1, 2]), at(220)).await.still_claimed.is_empty());
    assert_eq!(store.claimed_updates("b", &chats(&[1, 2])).await.unwrap().len(), 2);
    // Nor do they write over what has happened since.
    let held = |worker_id: &'static str| Some(Fence { worker_id, chat: ChatId(1) });
    let draft = |step: i64| Draft { chat: ChatId(1), body: json!({"step": step}), updated_at: at(220) };
    store.put_draft(&draft(1), held("b")).await.unwrap();
    let late = store.put_draft(&draft(2), held("a")).await.unwrap_err();
    assert!(late.is_fenced() && late.to_string() == "chat 1 is claimed by another worker", "{late}");
    store.delete_draft(ChatId(1), held("a")).await.unwrap();
    assert_eq!(store.draft(ChatId(1)).await.unwrap(), Some(draft(1)));
    store.put_draft(&draft(3), held("b")).await.unwrap();
    assert_eq!(store.draft(ChatId(1)).await.unwrap(), Some(draft(3)));
    store.delete_draft(ChatId(1), held("b")).await.unwrap();
    assert_eq!(store.draft(ChatId(1)).await.unwrap(), None);
    apply(store, "b", done(&[51, 52, 53], &[1, 2]), at(220)).await;

    // A process that is alone ends everybody.
    apply(store, "b", adopt(&[update(54, 3)]), at(221)).await;
    store.expire_workers().await.unwrap();
    assert!(!store.heartbeat("b", at(221), LEASE).await.unwrap());
    store.register("c", at(221), LEASE).await.unwrap();
    assert_eq!(apply(store, "c", take(9), at(221)).await.claimed, chats(&[3]));
    apply(store, "c", done(&[54], &[3]), at(222)).await;
    store.deregister("c").await.unwrap();
}

/// An update counts as begun before anybody handles it, and once for each worker that begins it.
async fn attempts_are_counted(store: &dyn Store) {
    const BELOW: u32 = 2;
    let next = async |worker_id: &str, chat: i64| {
        let turn = store.claimed_updates(worker_id, &chats(&[chat])).await.unwrap().remove(0);
        (turn.update.id, turn.starts, turn.attempts, turn.is_started)
    };
    let begin = |ids: &[i64]| InboxBatch { start: ids.to_vec(), ..InboxBatch::default() };
    let release = |ids: &[i64]| InboxBatch { released: ids.to_vec(), ..InboxBatch::default() };
    store.register("a", at(250), LEASE).await.unwrap();
    let updates = [update(60, 1), update(61, 1), update(62, 2)];
    apply(store, "a", InboxBatch { max_attempts: BELOW, ..adopt(&updates) }, at(250)).await;
    assert_eq!((next("a", 1).await, next("a", 2).await), ((60, 1, 1, true), (62, 1, 1, true)), "with the taking");
    apply(store, "a", InboxBatch { max_attempts: BELOW, ..begin(&[60, 61]) }, at(250)).await;
    assert_eq!(next("a", 1).await, (60, 1, 1, true), "once for each worker");
    apply(store, "a", InboxBatch { max_attempts: BELOW, ..done(&[60, 62], &[1, 2]) }, at(250)).await;
    assert_eq!(next("a", 1).await, (61, 1, 1, true), "the next one with the end of the last; it was not begun before");

    // Its process dies. The next one too.
    store.register("b", at(320), LEASE).await.unwrap();
    apply(store, "b", InboxBatch { max_attempts: BELOW, ..take(9) }, at(320)).await;
    assert_eq!(next("b", 1).await, (61, 2, 2, true));
    store.register("c", at(390), LEASE).await.unwrap();
    apply(store, "c", InboxBatch { max_attempts: BELOW, ..take(9) }, at(390)).await;
    assert_eq!(next("c", 1).await, (61, 2, 2, false), "after so many it is begun by name alone");
    apply(store, "b", begin(&[61]), at(390)).await;
    assert_eq!(next("c", 1).await, (61, 2, 2, false), "by nobody who has not the chat");
    apply(store, "c", begin(&[61]), at(390)).await;
    assert_eq!(next("c", 1).await, (61, 3, 3, true));

    // What is left for later was no attempt, and is not forgotten either.
    apply(store, "b", release(&[61]), at(391)).await;
    assert_eq!(next("c", 1).await, (61, 3, 3, true), "nobody gives back what is another's");
    apply(store, "c", release(&[61]), at(391)).await;
    assert_eq!(next("c", 1).await, (61, 3, 2, false));
    apply(store, "c", begin(&[61]), at(391)).await;
    assert_eq!(next("c", 1).await, (61, 4, 3, true));
    store.deregister("c").await.unwrap();
    store.register("d", at(392), LEASE).await.unwrap();
    apply(store, "d", take(9), at(392)).await;
    assert_eq!(next("d", 1).await, (61, 4, 2, false), "nor is what an ordinary end leaves");

    // What is closed is closed.
    apply(store, "d", begin(&[61]), at(392)).await;
    apply(store, "d", done(&[61], &[1]), at(392)).await;
    apply(store, "d", InboxBatch { max_attempts: 99, ..release(&[61]) }, at(392)).await;
    store.deregister("d").await.unwrap();
    assert!(open(store).await.is_empty());
}

/// Several holders receive, take and end at once: each update reaches exactly one of them.
async fn every_update_is_one_holders(store: &Arc<dyn Store>) {
    const CHATS: i64 = 5;
    const UPDATES: i64 = 300;
    let handled: Arc<Mutex<HashMap<i64, Vec<i64>>>> = Arc::default();
    let holders: Vec<_> = (0..4)
        .map(|n| {
            let (store, handled) = (store.clone(), handled.clone());
            tokio::spawn(async move {
                let name = format!("h{n}");
                store.register(&name, at(300), LEASE).await.unwrap();
                let mut next = (1000 + n..1000 + UPDATES).step_by(4);
                loop {
                    let update = next.next().map(|id| update(id, id % CHATS));
                    let last = update.is_none();
                    let wanted = InboxBatch { claim_free: 1, ..adopt(update.as_slice()) };
                    let mut ours = store.apply(&name, &wanted, at(300)).await.unwrap().claimed;
                    while !ours.is_empty() {
                        let turns = store.claimed_updates(&name, &ours).await.unwrap();
                        let mut closed = Vec::new();
                        for turn in turns {
                            let Update { id, chat, .. } = turn.update;
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
    for worker in holders {
        worker.await.unwrap();
    }
    let handled = handled.lock().unwrap();
    for chat in 0..CHATS {
        let mut ids = handled[&chat].clone();
        ids.sort_unstable();
        let all: Vec<i64> = (1000..1000 + UPDATES).filter(|id| id % CHATS == chat).collect();
        assert_eq!(ids, all, "chat {chat}: each once");
    }
}
