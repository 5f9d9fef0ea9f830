//! `forget`: what an operator is asked, told and refused.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use kie::clock::Timestamp;
use kie::job::{ChatId, Job, JobState, UserId};
use kie::store::{self, Store};
use kie::user::User;
use serde_json::json;

use crate::cli::fixture::{Done, call_in, environment};

fn forget(folder: &Path, args: &[&str]) -> Done {
    let args: Vec<&str> = ["forget"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], b"")
}

async fn open(folder: &Path) -> Arc<dyn Store> {
    store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap()
}

/// Two known people, the first with a job that was cancelled and one in `state`.
async fn fill(folder: &Path, state: JobState) {
    let store = open(folder).await;
    let now = Timestamp::from_millis(1_790_000_000_000);
    for id in [7, 8] {
        store.put_user(&User { id: UserId(id), language: "en".to_owned(), created_at: now }).await.unwrap();
    }
    for (name, state) in [("old", JobState::Cancelled), ("new", state)] {
        let job = Job { state, ..Job::new(name.into(), UserId(7), ChatId(7), name, "maker/model", now) };
        store.add_job(&job).await.unwrap();
    }
    store.close().await;
}

async fn is_known(folder: &Path, user: i64) -> bool {
    let store = open(folder).await;
    let known = store.user(UserId(user)).await.unwrap().is_some();
    store.close().await;
    known
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_forgets_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(forget(folder, &["7", "--yes"]).complaint(1).contains("has no tables yet"));
    assert!(!folder.join("kie-bot.db").exists(), "no database is made");
    fill(folder, JobState::Failed).await;
    for slip in ["seven", "0", "-1001234567890", "7.5", "99999999999999999999"] {
        let refused = forget(folder, &[slip, "--yes"]);
        assert!(refused.complaint(2).contains(&format!("such as 5000001, and is `{slip}`")), "{refused:?}");
    }
    assert_eq!(forget(folder, &[]).code, Some(2));
    assert!(forget(folder, &["7"]).complaint(2).contains("say --yes"), "there is nobody to ask");
    assert!(is_known(folder, 7).await);

    let done = forget(folder, &["7", "--yes"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), "person 7 is forgotten: 2 jobs, 0 unfinished forms\n"));
    assert!(!is_known(folder, 7).await && is_known(folder, 8).await);
    let jobs = call_in(folder, &["jobs", "--json"], &[], b"").json();
    assert!(jobs.as_array().unwrap().iter().all(|job| job["user"] == 0 && job["chat"] == 0), "{jobs}");
    assert_eq!(forget(folder, &["7", "--yes"]).out, "nothing is kept of person 7\n");
    let nothing = json!({"user": 7, "erased": true, "jobs": 0, "drafts": 0, "updates": 0, "known": false});
    assert_eq!(forget(folder, &["7", "--yes", "--json"]).json(), nothing);
    let russian = forget(folder, &["8", "--yes", "--lang", "ru"]);
    assert_eq!(russian.out, "человек 8 забыт: 0 заданий, 0 незаконченных форм\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_open_jobs_is_not_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fill(folder, JobState::Unknown).await;
    let refused = forget(folder, &["7", "--yes"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.out.contains("new") && refused.out.contains("unknown") && !refused.out.contains("old"),
        "{refused:?}"
    );
    assert!(refused.err.contains("person 7 has jobs that are not settled"), "{refused:?}");
    assert_eq!(refused.err.lines().count(), 1, "{refused:?}");
    let refused = forget(folder, &["7", "--yes", "--json"]);
    let word = refused.json();
    assert_eq!((refused.code, &word["erased"], &word["open_jobs"][0]["id"]), (Some(1), &json!(false), &json!("new")));
    assert!(is_known(folder, 7).await, "nothing was changed");

    assert_eq!(call_in(folder, &["jobs", "refund", "new"], &[], b"").code, Some(0));
    assert_eq!(forget(folder, &["7", "--yes", "--json"]).json()["jobs"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_could_not_be_sent_is_given_up_on_request_alone() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fill(folder, JobState::Undeliverable).await;
    assert_eq!(forget(folder, &["7", "--yes"]).code, Some(1));
    assert_eq!(forget(folder, &["7", "--yes", "--give-up-results"]).code, Some(0));
    let store = open(folder).await;
    store.add_owner(UserId(8), Timestamp::from_millis(0)).await.unwrap();
    store.close().await;
    assert!(forget(folder, &["8", "--yes"]).complaint(1).contains("person 8 is the bot's owner"));
}

/// The command on a terminal, with an answer; `None` without the program `script`.
fn on_a_terminal(folder: &Path, answer: &str) -> Option<String> {
    let line = format!("{} forget 7", env!("CARGO_BIN_EXE_kie-bot"));
    let mut command = Command::new("script");
    command.env_clear().envs(environment()).env("TERM", "dumb").current_dir(folder).args(["-qec", &line, "/dev/null"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
    Some(String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_at_a_terminal_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fill(folder, JobState::Failed).await;
    for refusal in ["no\n", "y\n", "\n"] {
        let Some(shown) = on_a_terminal(folder, refusal) else { return };
        assert!(shown.contains("Type yes to go on") && shown.contains("nothing was erased"), "{shown}");
        assert!(is_known(folder, 7).await, "{shown}");
    }
    let shown = on_a_terminal(folder, "yes\n").unwrap();
    assert!(shown.contains("person 7 is forgotten"), "{shown}");
    assert!(!is_known(folder, 7).await);
}
