//! A shortage of credits in both databases: who begins it, who looks, and what ends it.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use kie::backoff::Backoff;
use kie::ledger::Credits;
use kie::store::{self, Shortage, Store};

use crate::store::contract::at;
use crate::support::database;

const PAUSES: Backoff = Backoff::new(Duration::from_secs(5), Duration::from_secs(20));

fn credits(whole: i64) -> Credits {
    Credits::from_milli(whole * 1000)
}

/// How many of many processes are told to read the balance at this second.
async fn probes(store: &Arc<dyn Store>, seconds: i64) -> usize {
    let claims = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.claim_probe(PAUSES, at(seconds)).await.unwrap() })
    });
    join_all(claims).await.into_iter().filter(|claimed| *claimed.as_ref().unwrap()).count()
}

async fn check(store: Arc<dyn Store>) {
    assert_eq!(store.shortage().await.unwrap(), None);
    assert!(!store.claim_probe(PAUSES, at(1000)).await.unwrap());
    assert!(store.begin_shortage(credits(4), PAUSES, at(1000)).await.unwrap());
    assert!(!store.begin_shortage(credits(90), PAUSES, at(1001)).await.unwrap(), "it lasts");
    assert!(!store.begin_shortage(credits(4), PAUSES, at(1002)).await.unwrap());
    let shortage = Shortage { since: at(1000), needed: credits(90), remaining: None };
    assert_eq!(store.shortage().await.unwrap(), Some(shortage), "the most counts");

    // The pauses double up to the longest, and one of many looks.
    for (seconds, told) in [(1004, 0), (1005, 1), (1014, 0), (1015, 1), (1034, 0), (1035, 1), (1054, 0), (1055, 1)] {
        assert_eq!(probes(&store, seconds).await, told, "{seconds}");
    }
    assert!(!store.note_balance(credits(50), at(1056)).await.unwrap());
    assert_eq!(store.shortage().await.unwrap(), Some(Shortage { remaining: Some(credits(50)), ..shortage }));
    // What was known was wrong.
    assert!(!store.begin_shortage(credits(4), PAUSES, at(1057)).await.unwrap());
    assert_eq!(store.shortage().await.unwrap(), Some(shortage));

    assert!(store.note_balance(credits(90), at(1060)).await.unwrap());
    assert!(!store.note_balance(credits(90), at(1060)).await.unwrap(), "once");
    assert_eq!(store.shortage().await.unwrap(), None);
    assert_eq!(probes(&store, 5000).await, 0);

    // One that is back at once is looked into as rarely as before, and one after a while anew.
    assert!(store.begin_shortage(credits(1), PAUSES, at(1070)).await.unwrap());
    assert_eq!(store.shortage().await.unwrap().unwrap().needed, credits(1));
    assert_eq!((probes(&store, 1089).await, probes(&store, 1090).await), (0, 1));
    assert!(store.note_balance(credits(5), at(1091)).await.unwrap());
    assert!(store.begin_shortage(credits(1), PAUSES, at(9000)).await.unwrap());
    assert_eq!((probes(&store, 9004).await, probes(&store, 9005).await), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shortage_is_shared_and_ends_once_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shortage_is_shared_and_ends_once_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
