//! `ledger`: what the operator reads, and the exit codes of the check.

use std::path::Path;

use kie::clock::{Clock, SystemClock};
use kie::job::{ChatId, Job, JobState, UserId};
use kie::ledger::{Credits, Money, WalletId};
use kie::schema::{Certainty, Quote};
use kie::store::{self, Booked};
use kie::transfer::{Transfer, TransferKind};
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

use crate::cli::fixture::{Done, call_in};

fn ledger(folder: &Path, args: &[&str]) -> Done {
    let args: Vec<&str> = ["ledger"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], b"")
}

async fn change(folder: &Path, sql: &str) {
    let options = SqliteConnectOptions::new().filename(folder.join("kie-bot.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_reads_and_proves_the_books() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(ledger(folder, &["check"]).complaint(1).contains("has no tables yet"));
    assert!(!folder.join("kie-bot.db").exists(), "a look makes no database");
    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    assert_eq!(ledger(folder, &[]).err, "nothing was booked in these days\n");
    assert_eq!(ledger(folder, &["--days", "0"]).code, Some(2));
    let now = SystemClock.now();
    for (name, state) in [("paid", JobState::Delivered), ("lost", JobState::Unknown)] {
        let quote = Some(Quote { credits: Credits::from_milli(18_240), certainty: Certainty::Exact });
        let job = Job::new(name.into(), UserId(7), ChatId(8), name, "maker/model", now);
        store.add_job(&Job { quote, state, ..job }).await.unwrap();
    }
    store.close().await;
    let add = |kind: &str, credits: i64| {
        format!(
            "INSERT INTO ledger (job, kind, credits, booked_at) VALUES ('paid', '{kind}', {credits}, {})",
            now.millis()
        )
    };
    change(folder, &add("capture", 18_240)).await;
    let silent = ledger(folder, &["check"]);
    assert_eq!((silent.code, silent.out.as_str()), (Some(0), "the books agree: 2 jobs\n"), "{silent:?}");
    assert_eq!(silent.err, "note: KIE did not say what it charged for 1 paid job: paid\n");
    change(folder, &add("cost", 20_000)).await;

    let shown = ledger(folder, &["--days", "2"]);
    let lines: Vec<&str> = shown.out.lines().collect();
    let cells = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines[0], "DAY         HELD   OPEN   CAPTURED  RELEASED  KIE'S COST  DIFFERENCE", "{shown:?}");
    let amounts = ["36.48", "18.24", "18.24", "0", "20", "-1.76"];
    assert_eq!(cells(lines[1]), [&[now.date().as_str()], amounts.as_slice()].concat());
    assert_eq!(cells(lines[2]), [&["TOTAL"], amounts.as_slice()].concat());
    let sums =
        json!({"held": 36.48, "open": 18.24, "captured": 18.24, "released": 0.0, "cost": 20.0, "difference": -1.76});
    let word = ledger(folder, &["--json"]).json();
    assert_eq!((&word["total"], &word["days"][0]["day"]), (&sums, &json!(now.date())));
    let russian = ledger(folder, &["--lang", "ru"]).out;
    assert!(russian.starts_with("ДЕНЬ") && russian.contains("-1,76"), "{russian}");

    let done = ledger(folder, &["check"]);
    assert_eq!((done.code, done.out.as_str(), done.err.as_str()), (Some(0), "the books agree: 2 jobs\n", ""));
    change(folder, "UPDATE ledger SET credits = 1 WHERE job = 'paid' AND kind = 'capture'").await;
    let wrong = ledger(folder, &["check"]);
    let said =
        "paid: what was captured or released is not what was held\nthe books do not agree: 1 mistake in 2 jobs\n";
    assert_eq!((wrong.code, wrong.out.as_str(), wrong.err.as_str()), (Some(1), said, ""));
    let wrong = ledger(folder, &["check", "--json", "--lang", "ru"]);
    let none = json!({"count": 0, "jobs": []});
    let message = "what was captured or released is not what was held";
    let expected = json!({
        "agrees": false, "jobs": 2, "newer_version": 0,
        "mistakes": [{"job": "paid", "mistake": "not_the_hold", "message": message}],
        "cost_without_capture": none, "capture_without_cost": none,
        "wallets": 0, "owed": {"available": 0.0, "held": 0.0}, "wrong_wallets": [],
        "payments": 0, "wrong_payments": [],
    });
    assert_eq!((wrong.code, wrong.json()), (Some(1), expected));
    let russian = ledger(folder, &["check", "--lang", "ru"]);
    let said = "paid: списано или возвращено не то, что отложено\nкниги не сходятся: 1 ошибка, всего 2 задания\n";
    assert_eq!((russian.code, russian.out.as_str()), (Some(1), said));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_prove_peoples_money_too() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    let now = SystemClock.now();
    for (kind, amount) in [(TransferKind::Payment, 5000), (TransferKind::Gift, 250), (TransferKind::Refund, 1000)] {
        let (key, amount) = (kind.as_str().to_owned(), Money::from_hundredths(amount));
        let transfer = Transfer { key, kind, wallet: WalletId(7), amount, job: None, note: None, at: now };
        assert_eq!(store.book(&transfer).await.unwrap(), Booked::New);
    }
    store.close().await;
    let shown = ledger(folder, &[]);
    let lines: Vec<Vec<&str>> = shown.out.lines().map(|line| line.split_whitespace().collect()).collect();
    let day = now.date();
    assert_eq!(
        lines[2..4],
        [vec!["DAY", "RECEIVED", "GIVEN", "REVENUE", "OWED"], vec![&day, "40", "2.5", "0", "42.5"]]
    );
    let money = json!([{"day": day, "received": 40.0, "given": 2.5, "revenue": 0.0, "owed": 42.5}]);
    assert_eq!(ledger(folder, &["--json"]).json()["money"], money);
    let good = ledger(folder, &["check"]);
    assert_eq!((good.code, good.err.as_str()), (Some(0), "people have 42.5 and 0 held for orders, in 1 wallet\n"));

    change(folder, "UPDATE wallets SET available = 5250").await;
    let wrong = ledger(folder, &["check"]);
    let said = "wallet 7: its transfers add up to 42.5 + 0, and it holds 52.5 + 0 (available + held)\n\
        the books do not agree: 1 mistake in 0 jobs\n";
    assert_eq!((wrong.code, wrong.out.as_str()), (Some(1), said));
    let wrong = ledger(folder, &["check", "--json"]).json();
    let wallet =
        json!([{"wallet": 7, "stored": {"available": 52.5, "held": 0.0}, "booked": {"available": 42.5, "held": 0.0}}]);
    assert_eq!((&wrong["agrees"], &wrong["wrong_wallets"]), (&json!(false), &wallet));
}
