//! What the operator is to hear, in both databases: once, by one of many, until it is over.

use std::sync::Arc;

use futures::future::join_all;
use kie::alert::{Alert, AlertKind};
use kie::job::{ChatId, Failure, Job, JobState, UserId};
use kie::ledger::{Credits, Entry, EntryKind};
use kie::schema::{Certainty, Quote};
use kie::store::{self, JobChange, JobEnd, Store};

use crate::store::contract::at;
use crate::support::database;

/// The subjects that many processes claim at this second; what one gets no other does.
async fn claimed(store: &Arc<dyn Store>, seconds: i64) -> Vec<(String, bool)> {
    let claims = (0..10).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.claim_alerts(at(seconds), at(seconds + 100)).await.unwrap() })
    });
    let all: Vec<Alert> = join_all(claims).await.into_iter().flat_map(Result::unwrap).collect();
    let mut all: Vec<_> = all.into_iter().map(|alert| (alert.subject, alert.is_over)).collect();
    all.sort();
    all
}

fn told(subject: &str, is_over: bool) -> Alert {
    let (kind, subject) = (AlertKind::KeyRefused, subject.to_owned());
    Alert { kind, subject, detail: String::new(), since: at(0), is_over }
}

async fn once_until_it_is_over(store: &Arc<dyn Store>) {
    let raise = async |subject: &str, seconds| {
        store.raise_alert(AlertKind::KeyRefused, subject, "401", at(seconds)).await.unwrap()
    };
    let end = async |subject: &str, seconds| {
        store.end_alert(AlertKind::KeyRefused, subject, at(seconds), at(seconds)).await.unwrap();
    };
    assert!(raise("a", 10).await && raise("b", 10).await && !raise("a", 11).await);
    assert_eq!(claimed(store, 12).await, [("a".to_owned(), false), ("b".to_owned(), false)]);
    assert!(claimed(store, 50).await.is_empty(), "somebody tells it");
    // `b` was told; whoever told `a` has died.
    store.put_alerts_told(&[told("b", false)], at(112)).await.unwrap();
    assert_eq!(claimed(store, 112).await, [("a".to_owned(), false)]);
    store.put_alerts_told(&[told("a", false)], at(212)).await.unwrap();
    assert!(claimed(store, 9000).await.is_empty());
    assert_eq!(store.open_alerts().await.unwrap().len(), 2);

    end("a", 9).await;
    assert!(claimed(store, 9000).await.is_empty(), "what was seen before it began ends nothing");
    end("a", 300).await;
    assert_eq!(claimed(store, 301).await, [("a".to_owned(), true)]);
    store.put_alerts_told(&[told("a", true)], at(401)).await.unwrap();
    assert_eq!(store.open_alerts().await.unwrap().len(), 1);
    assert!(raise("a", 500).await, "it is back");
    assert_eq!(claimed(store, 501).await, [("a".to_owned(), false)]);
    // It ends while its beginning is told: both are heard.
    end("a", 502).await;
    store.put_alerts_told(&[told("a", false)], at(601)).await.unwrap();
    assert_eq!(claimed(store, 503).await, [("a".to_owned(), true)]);

    // What nobody has heard of is over without a word.
    assert!(raise("c", 600).await);
    end("c", 601).await;
    store.drop_alert(AlertKind::KeyRefused, "b").await.unwrap();
    assert_eq!(claimed(store, 602).await, []);
}

async fn ends_and_spending(store: &Arc<dyn Store>) {
    let quote = Some(Quote { credits: Credits::from_milli(3000), certainty: Certainty::Exact });
    for (n, state) in [(1, JobState::Failed), (2, JobState::Cancelled), (3, JobState::Held)] {
        let id = format!("job{n}");
        let job = Job {
            quote,
            ..Job::new(id.as_str().into(), UserId(1), ChatId(1), id.as_str(), "maker/model", at(1000 + n))
        };
        store.add_job(&job).await.unwrap();
        if state == JobState::Cancelled {
            let entry = Some(Entry { kind: EntryKind::Release, credits: Credits::from_milli(3000) });
            let change = JobChange { entry, ..JobChange::default() };
            store.decide(&job.id, JobState::Held, state, &change, at(1010)).await.unwrap();
        } else if state == JobState::Failed {
            let claimed = store.claim("w", at(1005), std::time::Duration::from_secs(9)).await.unwrap().unwrap();
            let failure = Some(Failure { code: "501".to_owned(), message: "no".to_owned() });
            let change = JobChange { failure, ..JobChange::default() };
            store.advance(&claimed, state, &change, at(1020)).await.unwrap();
        }
    }
    let end = JobEnd { model: "maker/model".to_owned(), failure: Some("501".to_owned()), at: at(1020) };
    assert_eq!(store.recent_ends(at(1000), 10).await.unwrap(), [end]);
    assert_eq!(store.recent_ends(at(1020), 10).await.unwrap(), []);
    assert_eq!(store.spent_since(at(1000)).await.unwrap(), Credits::from_milli(6000));
    assert_eq!(store.spent_since(at(1002)).await.unwrap(), Credits::from_milli(3000));
}

async fn check(store: Arc<dyn Store>) {
    once_until_it_is_over(&store).await;
    ends_and_spending(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_told_once_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_told_once_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
