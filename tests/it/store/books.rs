//! The books of both databases: sums by day, and planted mistakes.

use std::sync::Arc;

use kie::clock::ManualClock;
use kie::job::{Job, JobId, JobState};
use kie::ledger::{Credits, Entry, EntryKind, Money, WalletId};
use kie::service::{Books, Mistake};
use kie::store::{self, Booked, DayTotals, JobChange, Store};
use kie::tariff::{Charge, Markup, Rate, Tariff};
use kie::transfer::{Transfer, TransferKind};

use crate::store::contract::{LEASE, at, job};
use crate::store::{change_postgres, change_sqlite, url_of};
use crate::support::database;

/// Jobs, what is changed in their ledgers, and what is wrong then.
const PLANTED: [(&str, JobState, &str, Option<Mistake>); 15] = [
    ("again", JobState::Ready, "capture 18240", None),
    ("cancelled", JobState::Cancelled, "release 18240", None),
    ("early", JobState::Running, "release 18240", Some(Mistake::ClosedEarly)),
    ("early-again", JobState::Ready, "release 18240", Some(Mistake::ClosedEarly)),
    ("good", JobState::Delivered, "capture 18240,cost 17000", None),
    ("hold", JobState::Delivered, "capture 17000,cost 17000", Some(Mistake::NotTheHold)),
    ("none", JobState::Held, "-", Some(Mistake::NoHold)),
    ("open", JobState::Undeliverable, "", Some(Mistake::LeftOpen)),
    ("price", JobState::Unknown, "=1", Some(Mistake::NotThePrice)),
    ("running", JobState::Running, "", None),
    ("taken-back", JobState::Cancelled, "capture 18240,cost 1", Some(Mistake::ClosedWrong)),
    ("twice", JobState::Failed, "capture 18240,release 18240", Some(Mistake::ClosedTwice)),
    ("undecided", JobState::Unreadable, "", None),
    ("unpaid", JobState::Failed, "release 18240,cost 500", None),
    ("wrong", JobState::Delivered, "release 18240", Some(Mistake::ClosedWrong)),
];

/// The statements that plant.
fn planted() -> String {
    let mut sql = String::new();
    for (id, _, entries, _) in PLANTED {
        for entry in entries.split(',').filter(|entry| !entry.is_empty()) {
            sql += &match (entry.strip_prefix('='), entry.split_once(' ')) {
                (Some(credits), _) => format!("UPDATE ledger SET credits = {credits} WHERE job = '{id}';"),
                (_, Some((kind, credits))) => format!(
                    "INSERT INTO ledger (job, kind, credits, booked_at)
                    VALUES ('{id}', '{kind}', {credits}, {});",
                    at(9).millis()
                ),
                _ => format!("DELETE FROM ledger WHERE job = '{id}';"),
            };
        }
    }
    // Held for nothing: a capture of a job without a price; and a kind that only a newer version knows.
    sql += "INSERT INTO ledger (job, kind, credits, booked_at) VALUES ('nothing', 'capture', 5, 1), ('good', 'gift', 5, 1);";
    // More than a few batches.
    sql += "INSERT INTO jobs (id, user_id, chat_id, draft, model, input, attachments, state, detached, attempts, created_at,
            updated_at)
        SELECT 'zz-' || (100000 + i), 1, 1, 'draft-' || i, 'm', '{}', '[]',
            CASE WHEN i = 1200 THEN 'dreaming' ELSE 'delivered' END, FALSE, 1, 1, 1
        FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) SELECT i FROM n) AS n;";
    sql
}

async fn fill(store: &dyn Store) {
    for (id, state, ..) in PLANTED {
        store.add_job(&Job { state, ..job(id, 1) }).await.unwrap();
    }
    store.add_job(&Job { state: JobState::Delivered, quote: None, ..job("nothing", 1) }).await.unwrap();
}

async fn finds_them(store: Arc<dyn Store>) {
    let report = Books::new(store, Arc::new(ManualClock::new(at(10)))).check().await.unwrap();
    let mut expected: Vec<(JobId, Mistake)> =
        PLANTED.iter().filter_map(|(id, _, _, mistake)| mistake.map(|mistake| ((*id).into(), mistake))).collect();
    expected.push(("nothing".into(), Mistake::NothingHeld));
    // The order of ids is the database's own.
    let mut found = report.mistakes;
    found.sort_by(|a, b| a.0.0.cmp(&b.0.0));
    expected.sort_by(|a, b| a.0.0.cmp(&b.0.0));
    assert_eq!(found, expected);
    assert_eq!((report.jobs, report.newer), (PLANTED.len() as u64 + 1 + 1200, 1));
    let (unpaid, silent) = (report.cost_without_capture, report.capture_without_cost);
    assert_eq!((unpaid.count, unpaid.first), (1, vec!["unpaid".into()]));
    assert_eq!(silent.count, 3, "{silent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn planted_mistakes_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&url_of(&path)).await.unwrap();
    fill(store.as_ref()).await;
    change_sqlite(&path, &planted()).await;
    finds_them(store).await;
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        fill(store.as_ref()).await;
        change_postgres(&url, &planted()).await;
        finds_them(store).await;
    })
    .await;
}

/// A result that is stored again finds its cost booked: that is no reason to refuse it.
async fn keeps_the_first_cost(store: &dyn Store) {
    let job = Job { state: JobState::Running, ..job("told-twice", 1) };
    store.add_job(&job).await.unwrap();
    let mut claimed = store.claim("w", at(2), LEASE).await.unwrap().unwrap();
    for (cost, next) in [(2000, JobState::Ready), (9000, JobState::Delivering)] {
        let change = JobChange { cost: Some(Credits::from_milli(cost)), ..JobChange::default() };
        claimed = store.advance(&claimed, next, &change, at(2)).await.unwrap();
    }
    let entry = Entry { kind: EntryKind::Capture, credits: Credits::from_milli(18_240) };
    let change = JobChange { entry: Some(entry), cost: Some(Credits::ZERO), ..JobChange::default() };
    store.advance(&claimed, JobState::Delivered, &change, at(86_400)).await.unwrap();
    let entries = store.entries(&job.id).await.unwrap();
    let booked: Vec<_> = entries.iter().map(|entry| (entry.kind.as_str(), entry.credits.milli())).collect();
    assert_eq!(booked, [("hold", 18_240), ("cost", 2000), ("capture", 18_240)]);
}

async fn sums_by_day(store: Arc<dyn Store>) {
    keeps_the_first_cost(store.as_ref()).await;
    store.add_job(&Job { state: JobState::Running, ..job("open", 3) }).await.unwrap();
    let day = |date: &str, amounts: [i64; 5]| {
        let [held, open, captured, released, cost] = amounts.map(Credits::from_milli);
        (date.to_owned(), DayTotals { held, open, captured, released, cost, ..DayTotals::default() })
    };
    let books = Books::new(store, Arc::new(ManualClock::new(at(86_400))));
    let read = async |days| {
        let found = books.totals(days).await.unwrap();
        found.iter().map(|it| (it.day.date(), DayTotals { day: DayTotals::default().day, ..*it })).collect::<Vec<_>>()
    };
    let (first, second) = (day("2023-11-14", [36_480, 18_240, 0, 0, 2000]), day("2023-11-15", [0, 0, 18_240, 0, 0]));
    assert_eq!(read(2).await, [first, second.clone()]);
    assert_eq!(read(1).await, [second]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_booked_is_summed_by_day() {
    sums_by_day(store::open("sqlite::memory:").await.unwrap()).await;
    database::with_database(|url| async move { sums_by_day(store::open(&url).await.unwrap()).await }).await;
}

/// Jobs, what their payer's money did, and what is wrong then.
const PAID: [(&str, JobState, &str, Option<Mistake>); 9] = [
    ("paid", JobState::Delivered, "hold 300,capture 300", None),
    ("in-part", JobState::Delivered, "hold 300,capture 100,release 200", None),
    ("free", JobState::Failed, "free_hold 300,free_release 300", None),
    ("runs", JobState::Running, "hold 300", None),
    ("unheld", JobState::Running, "", Some(Mistake::MoneyNotThePrice)),
    ("too-much", JobState::Delivered, "hold 300,capture 300,release 1", Some(Mistake::MoneyOverdrawn)),
    ("still-held", JobState::Cancelled, "hold 300,release 299", Some(Mistake::MoneyLeftOpen)),
    ("taken-early", JobState::Running, "hold 300,capture 300", Some(Mistake::MoneyClosedEarly)),
    ("for-nothing", JobState::Failed, "hold 300,capture 300", Some(Mistake::MoneyWithoutResult)),
];

async fn finds_lost_money(store: Arc<dyn Store>, change: impl AsyncFn(&str)) {
    let money = Money::from_hundredths;
    let (payer, currency) = (WalletId(1), "⭐".parse().unwrap());
    let (rate, markup, rounding) = (Rate(1_000_000), Markup(0), money(100));
    let tariff = Tariff { rate, markup, rounding, minimum: Money::ZERO, fixed: None, currency };
    let payment = Transfer {
        key: "p".into(),
        kind: TransferKind::Payment,
        wallet: payer,
        amount: money(10_000),
        job: None,
        note: None,
        at: at(1),
    };
    store.book(&payment).await.unwrap();
    for (id, state, moves, _) in PAID {
        let paid = Job { quote: None, charge: None, state, ..job(id, 1) };
        store.add_job(&paid).await.unwrap();
        for (kind, amount) in moves.split(',').filter_map(|part| part.split_once(' ')) {
            let kind = TransferKind::from_word(kind).unwrap();
            let transfer = Transfer::of_job(kind, &paid.id, payer, money(amount.parse().unwrap()), at(2));
            assert_eq!(store.book(&transfer).await.unwrap(), Booked::New, "{id}");
        }
    }
    let charge = serde_json::to_string(&Charge { payer, price: money(300), tariff, free: None }).unwrap();
    change(&format!("UPDATE jobs SET charge = '{charge}'")).await;
    let books = Books::new(store.clone(), Arc::new(ManualClock::new(at(10))));
    let report = books.check().await.unwrap();
    let mut found = report.mistakes.clone();
    found.sort_by(|a, b| a.0.0.cmp(&b.0.0));
    let mut expected: Vec<(JobId, Mistake)> =
        PAID.iter().filter_map(|(id, _, _, mistake)| mistake.map(|mistake| ((*id).into(), mistake))).collect();
    expected.sort_by(|a, b| a.0.0.cmp(&b.0.0));
    assert_eq!(found, expected);
    assert!(report.wrong_wallets.is_empty(), "{report:?}");
    assert_eq!((report.wallets, report.owed), (1, store.wallet(payer).await.unwrap()));
    change("UPDATE wallets SET held = held + 1").await;
    let wrong = books.check().await.unwrap().wrong_wallets;
    assert_eq!(wrong.len(), 1);
    assert_eq!((wrong[0].id, wrong[0].stored.held - wrong[0].booked.held), (payer, money(1)));
    let day = books.money(1).await.unwrap();
    let day = day[0];
    assert_eq!((day.received, day.revenue), (money(10_000), money(1300)));
    assert_eq!(day.owed, day.received + day.given - day.revenue);
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_money_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&url_of(&path)).await.unwrap();
    finds_lost_money(store, async |sql: &str| change_sqlite(&path, sql).await).await;
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        finds_lost_money(store, async |sql: &str| change_postgres(&url, sql).await).await;
    })
    .await;
}
