//! `jobs`: what the operator sees and decides, while a bot may run.

use std::path::Path;

use kie::clock::Timestamp;
use kie::demo::telegram::{SimTelegram, SimTelegramOptions};
use kie::job::{ChatId, Failure, Job, JobId, JobState, ReplySource, UserId, VendorReply};
use kie::ledger::Credits;
use kie::ledger::EntryKind;
use kie::schema::{Certainty, Quote};
use kie::store::{self, JobChange};
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::cli::fixture::{Done, LIMIT, call_in};
use crate::store::version;

fn jobs(folder: &Path, args: &[&str]) -> Done {
    let args: Vec<&str> = ["jobs"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], b"")
}

/// Three jobs in the folder's database, two of them in state `unknown`.
async fn some(folder: &Path) {
    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    let now = Timestamp::from_millis(1_790_000_000_000);
    for name in ["first", "second", "third"] {
        let job = Job {
            quote: Some(Quote { credits: Credits::from_milli(18_240), certainty: Certainty::Exact }),
            ..Job::new(name.into(), UserId(7), ChatId(8), name, "maker/model", now)
        };
        store.add_job(&job).await.unwrap();
    }
    for _ in 0..2 {
        let claimed = store.claim("w", now, std::time::Duration::from_secs(60)).await.unwrap().unwrap();
        let claimed = store.advance(&claimed, JobState::Submitting, &JobChange::default(), now).await.unwrap();
        let failure = Failure { code: "lost_reply".to_owned(), message: "no answer".to_owned() };
        let change = JobChange { failure: Some(failure), ..JobChange::default() };
        store.advance(&claimed, JobState::Unknown, &change, now).await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f19_an_operator_lists_and_decides_lost_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let none = jobs(folder, &[]);
    assert!(none.complaint(1).contains("kie-bot.db has no tables yet: start the bot once"), "{none:?}");
    assert!(!folder.join("kie-bot.db").exists(), "a look makes no database");
    some(folder).await;

    let all = jobs(folder, &["--json"]).json();
    assert_eq!(all.as_array().unwrap().len(), 3);
    let lost = jobs(folder, &["--state", "unknown", "--json"]).json();
    let ids: Vec<_> = lost.as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, ["second", "first"], "newest first");
    assert_eq!(lost[0]["failure"]["code"], "lost_reply");
    assert_eq!((&lost[0]["credits"], &lost[0]["task"]), (&json!(18.24), &json!(null)));
    let table = jobs(folder, &["--state", "unknown"]).out;
    assert!(table.contains("second") && table.contains("lost_reply") && !table.contains("third"), "{table}");

    let again = jobs(folder, &["retry", "first"]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(jobs(folder, &["refund", "second", "--json"]).json()["state"], "failed");
    let line = jobs(folder, &["refund", "second"]);
    assert!(line.complaint(1).contains("job second is failed"), "{line:?}");
    assert!(jobs(folder, &["retry", "nobody"]).complaint(2).contains("no job nobody"));
    assert_eq!(jobs(folder, &["--state", "sideways"]).code, Some(2));

    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    assert_eq!(store.job(&"first".into()).await.unwrap().unwrap().state, JobState::Held);
    let kinds: Vec<_> =
        store.entries(&JobId("second".to_owned())).await.unwrap().into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [EntryKind::Hold, EntryKind::Release]);
}

/// During a deploy, beside a newer version.
#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_jobs_of_a_newer_version() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    some(folder).await;
    let options = SqliteConnectOptions::new().filename(folder.join("kie-bot.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let newer = "UPDATE jobs SET state = 'dreaming' WHERE id = 'third';
        UPDATE jobs SET failure = '{\"reasons\": []}' WHERE id = 'first'";
    sqlx::raw_sql(newer).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let all = jobs(folder, &["--json"]).json();
    let found = all.as_array().unwrap().iter().find(|job| job["id"] == "third").unwrap();
    assert_eq!((&found["state"], &found["newer_version"]), (&json!("dreaming"), &json!(true)));
    assert_eq!(all.as_array().unwrap().len(), 3);
    let table = jobs(folder, &[]).out;
    assert!(table.contains("dreaming") && table.matches("of a newer version").count() == 2, "{table}");
    // Not the state but the reason of this one is of a newer version: it is named all the same.
    let lost = jobs(folder, &["--state", "unknown", "--json"]).json();
    let newer = |n: usize| (lost[n]["id"].as_str().unwrap(), lost[n].get("newer_version"));
    assert_eq!([newer(0), newer(1)], [("first", Some(&json!(true))), ("second", None)], "{lost}");
}

/// A look at the jobs leaves the tables to the bot, which may run and be of the version before.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_upgrades_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let connect = async || {
        let options = SqliteConnectOptions::new().filename(folder.join("kie-bot.db")).create_if_missing(true);
        SqliteConnection::connect_with(&options).await.unwrap()
    };
    let mut database = connect().await;
    version::until(&version::SQLITE, version::FIRST).run(&mut database).await.unwrap();
    database.close().await.unwrap();
    for args in [&[] as &[&str], &["--state", "unknown", "--json"], &["retry", "first"]] {
        let refused = jobs(folder, args);
        assert!(refused.complaint(1).contains("is of an older version: start the bot once"), "{refused:?}");
    }
    some(folder).await;
    let mut database = connect().await;
    sqlx::raw_sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9998, 'next', 1, x'00', 0)",
    )
    .execute(&mut database)
    .await
    .unwrap();
    database.close().await.unwrap();
    assert_eq!(jobs(folder, &["--json"]).json().as_array().unwrap().len(), 3, "newer tables that allow it");
}

/// A job whose result cannot be read: the operator sees what the vendor said, asks again, or gives it up.
#[tokio::test(flavor = "multi_thread")]
async fn an_operator_sees_what_could_not_be_read_and_decides() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let open = async || store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    let store = open().await;
    let now = Timestamp::from_millis(1_790_000_000_000);
    for (name, body) in [("one", "{\"state\":\"success\"}"), ("two", "{\"cut off")] {
        let quote = Quote { credits: Credits::from_milli(5_000), certainty: Certainty::Exact };
        let (state, task) = (JobState::Running, Some(format!("task-of-{name}").as_str().into()));
        let job = Job::new(name.into(), UserId(7), ChatId(8), name, "maker/model", now);
        store.add_job(&Job { quote: Some(quote), state, task, ..job }).await.unwrap();
        let claimed = store.claim("w", now, std::time::Duration::from_secs(60)).await.unwrap().unwrap();
        store.put_reply(&name.into(), &VendorReply::new(ReplySource::Poll, body.to_owned(), now)).await.unwrap();
        let failure = Failure { code: "unreadable".to_owned(), message: "nothing can be read".to_owned() };
        let change = JobChange { failure: Some(failure), ..JobChange::default() };
        store.advance(&claimed, JobState::Unreadable, &change, now).await.unwrap();
    }
    store.close().await;

    // A reply that came in a way which this version does not know is no reason to list nothing.
    let options = SqliteConnectOptions::new().filename(folder.join("kie-bot.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let strange = "INSERT INTO replies (job, source, body, received_at) VALUES ('one', 'dream', '{}', 1)";
    sqlx::raw_sql(strange).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let list = jobs(folder, &["--state", "unreadable", "--json"]).json();
    let reply = |n: usize| &list[n]["replies"][0];
    assert_eq!((&reply(1)["source"], &reply(1)["body"]), (&json!("poll"), &json!({"state": "success"})), "{list}");
    assert_eq!(reply(0)["body"], "{\"cut off", "{list}");
    let table = jobs(folder, &["--state", "unreadable"]).out;
    assert!(table.contains("one") && table.contains("two"), "{table}");

    let again = jobs(folder, &["retry", "one"]);
    assert!(again.code == Some(0) && again.out.contains("KIE is asked again about job one"), "{again:?}");
    let given_up = jobs(folder, &["refund", "two", "--json"]).json();
    assert_eq!((&given_up["state"], &given_up["failure"]["code"]), (&json!("failed"), &json!("given_up")));
    assert!(jobs(folder, &["retry", "two"]).complaint(1).contains("unknown or unreadable"));
    let store = open().await;
    let one = store.job(&"one".into()).await.unwrap().unwrap();
    assert_eq!((one.state, one.task), (JobState::Running, Some("task-of-one".into())), "it is not sent again");
    let kinds = async |id: &str| {
        let entries = store.entries(&id.into()).await.unwrap();
        entries.into_iter().map(|entry| entry.kind).collect::<Vec<_>>()
    };
    assert_eq!(
        (kinds("one").await, kinds("two").await),
        (vec![EntryKind::Hold], vec![EntryKind::Hold, EntryKind::Release])
    );
}

/// F18: users were told of a refund that had failed, or not told of one. They are told once, when it is done.
#[tokio::test(flavor = "multi_thread")]
async fn f18_the_person_hears_of_an_operators_refund() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    some(folder).await;
    let telegram = SimTelegram::start(SimTelegramOptions::default()).await.unwrap();
    let chat = telegram.chat(8);
    let url = telegram.api_url.to_string();
    let vars =
        [("TELEGRAM_BOT_TOKEN", telegram.token()), ("TELEGRAM_API_URL", url.as_str()), ("KIE_API_KEY", "a-key-of-kie")];
    let refund = |id: &str| call_in(folder, &["jobs", "refund", id], &vars, b"");

    let done = refund("second");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("job second is given up") && done.err.contains("the person was told"), "{done:?}");
    let told = chat.wait_text("it did not work", LIMIT).await.unwrap();
    assert!(told.text.contains("is free again") && !told.text.contains("Nothing was charged"), "{told}");
    for id in ["second", "third"] {
        assert_eq!(refund(id).code, Some(1), "it does not wait for a decision");
    }
    assert_eq!(chat.view().from_bot().count(), 1, "{}", chat.view());

    // If the message cannot be sent, the refund stays.
    chat.block(true);
    let done = refund("first");
    assert!(done.code == Some(0) && done.err.contains("the person was not told"), "{done:?}");
    assert!(!format!("{done:?}").contains(telegram.token()), "{done:?}");
    let failed = jobs(folder, &["--state", "failed", "--json"]).json();
    assert_eq!(failed.as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_finds_a_job_and_has_its_result_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    some(folder).await;
    let url = format!("sqlite:{}", folder.join("kie-bot.db").display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("UPDATE jobs SET state = 'undeliverable', task = 'task-3', due_at = NULL WHERE id = 'third'")
        .execute(&mut database)
        .await
        .unwrap();
    let of_person = jobs(folder, &["--user", "7", "--json"]).json();
    assert_eq!(of_person.as_array().unwrap().len(), 3);
    assert_eq!(jobs(folder, &["--user", "8"]).err, jobs(folder, &["--state", "failed"]).err, "none");
    let both = jobs(folder, &["--user", "7", "--state", "failed"]);
    assert!(both.code == Some(2) && both.err.contains("cannot be used"), "{both:?}");
    let shown = jobs(folder, &["show", "task-3", "--json"]).json();
    assert_eq!((&shown[0]["id"], &shown[0]["user"]), (&json!("third"), &json!(7)));
    assert!(jobs(folder, &["show", "first"]).out.contains("lost_reply"));
    assert!(jobs(folder, &["show", "nothing"]).complaint(2).contains("nothing"));
    let wrong = jobs(folder, &["redeliver", "first"]);
    assert!(wrong.complaint(1).contains("job first is `unknown`"), "{wrong:?}");
    assert!(jobs(folder, &["redeliver", "task-3"]).out.contains("sends the result again"));
    assert!(jobs(folder, &["redeliver", "third"]).complaint(1).contains("job third is `ready`"));
    let acts = call_in(folder, &["admin", "audit", "--json"], &[], b"").json();
    assert_eq!(acts[0]["action"], "redeliver_job");
}
