//! Transactions of money a second in each database, by many people and by one: payments, and orders that are paid from a
//! wallet and given back. Prints the results and proves the books afterwards; it fails when they do not agree.
//!
//! ```text
//! FSYNC=on tests/with-postgres cargo bench --bench ledger            # about ten seconds
//! FSYNC=on tests/with-postgres cargo bench --bench ledger -- 10000   # more of each
//! ```
#![allow(clippy::print_stdout, reason = "a benchmark talks to its terminal")]

#[path = "support/database.rs"]
mod database;

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use database::Database;
use futures::TryStreamExt;
use kie::clock::{Clock, SystemClock, Timestamp};
use kie::job::{ChatId, Job, JobState, UserId};
use kie::ledger::{Credits, Entry, EntryKind, Money, WalletId};
use kie::quota::Quotas;
use kie::schema::{Certainty, Quote};
use kie::service::Books;
use kie::store::{self, Added, Booked, JobChange, Store};
use kie::tariff::{Allowance, Charge, Markup, Rate, Tariff};
use kie::transfer::{Transfer, TransferKind};

type Outcome<T> = Result<T, Box<dyn Error>>;

const PRICE: Money = Money::from_hundredths(300);
/// Calls at a time.
const AT_ONCE: usize = 16;

fn main() -> Outcome<()> {
    let count = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(2000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        measure("SQLite", &Database::file()?, count).await?;
        if let Some(database) = Database::server().await? {
            measure(&database.kind().await?, &database, count).await?;
            database.drop().await?;
        }
        Ok(())
    })
}

async fn measure(kind: &str, database: &Database, count: i64) -> Outcome<()> {
    let store = store::open(&database.url).await?;
    for (whose, people) in [("of as many people", count), ("of one person", 1)] {
        let began = Instant::now();
        each(count, async |n| pay(store.as_ref(), people, n).await).await?;
        let paid = rate(count, began);
        let began = Instant::now();
        each(count, async |n| order(store.as_ref(), people, n).await).await?;
        // The hold, and the end.
        let ordered = rate(2 * count, began);
        println!("{kind}, {whose}: {paid:.0} payments a second, {ordered:.0} moves of paid orders a second");
    }
    let report = Books::new(Arc::clone(&store), Arc::new(SystemClock)).check().await?;
    store.close().await;
    if report.agrees() { Ok(()) } else { Err(format!("the books do not agree: {report:?}").into()) }
}

fn rate(count: i64, began: Instant) -> f64 {
    count as f64 / began.elapsed().as_secs_f64()
}

async fn each(count: i64, call: impl AsyncFn(i64) -> Outcome<()>) -> Outcome<()> {
    futures::stream::iter((1..=count).map(|n| Ok(call(n)))).try_buffer_unordered(AT_ONCE).try_collect::<()>().await
}

async fn pay(store: &dyn Store, people: i64, n: i64) -> Outcome<()> {
    let payment = Transfer {
        key: format!("payment:{people}:{n}"),
        kind: TransferKind::Payment,
        wallet: WalletId(n % people + 1),
        amount: PRICE,
        job: None,
        note: None,
        at: now(),
    };
    if store.book(&payment).await? == Booked::New { Ok(()) } else { Err("not booked".into()) }
}

async fn order(store: &dyn Store, people: i64, n: i64) -> Outcome<()> {
    let (person, id) = (n % people + 1, format!("{people}-{n}"));
    let quote = Some(Quote { credits: Credits::from_milli(3000), certainty: Certainty::Exact });
    let (rate, minimum, rounding) = (Rate(1_000_000), Money::ZERO, Money::from_hundredths(1));
    let tariff = Tariff { rate, markup: Markup(0), rounding, minimum, fixed: None, currency: "⭐".parse()? };
    let charge = Some(Charge { payer: WalletId(person), price: PRICE, tariff, free: None });
    let new = Job::new(id.as_str().into(), UserId(person), ChatId(person), &id, "maker/model", now());
    let job = Job { quote, charge, ..new };
    // A limit that is looked at and never reached, as in a bot that sells.
    let quotas = Quotas { running: Some(u32::MAX), ..Quotas::NONE };
    if store.add_job_within(&job, &quotas, Allowance::NONE).await? != Added::New {
        return Err("not ordered".into());
    }
    let change = JobChange {
        entry: Some(Entry { kind: EntryKind::Release, credits: Credits::from_milli(3000) }),
        transfers: vec![Transfer::of_job(TransferKind::Release, &job.id, WalletId(person), PRICE, now())],
        ..JobChange::default()
    };
    store.decide(&job.id, JobState::Held, JobState::Cancelled, &change, now()).await?;
    Ok(())
}

fn now() -> Timestamp {
    SystemClock.now()
}
