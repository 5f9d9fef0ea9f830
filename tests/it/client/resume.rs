//! The example `resume`, killed and started again.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::fixture::{ID, KEY, example, record};
use crate::client::server::{Reply, Server};

fn run(server: &Server, note: &std::path::Path) -> Child {
    let mut command = Command::new(example("resume"));
    command.arg(note).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("KIE_API_KEY", KEY).env("KIE_API_URL", server.url.as_str()).env("KIE_UPLOAD_URL", server.url.as_str());
    command.spawn().unwrap()
}

/// Kills the process; on Unix with SIGKILL.
fn kill(mut child: Child) {
    child.kill().unwrap();
    let status = child.wait().unwrap();
    #[cfg(unix)]
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9));
    assert!(!status.success());
}

/// Runs the server until `is_true`.
async fn until(is_true: impl Fn() -> bool) {
    let give_up = Instant::now() + Duration::from_secs(60);
    while !is_true() {
        assert!(Instant::now() < give_up, "in vain");
        tokio::task::yield_now().await;
    }
}

fn creates(server: &Server) -> usize {
    server.seen().iter().filter(|seen| seen.method == "POST").count()
}

fn server_and_client() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let note = dir.path().join("task.txt");
    (dir, note)
}

#[tokio::test]
async fn killed_while_waiting_it_goes_on_and_pays_once() {
    let (server, (_dir, note), ready) = (Server::start().await, server_and_client(), Arc::new(AtomicBool::new(false)));
    let is_ready = ready.clone();
    server.judges(move |seen| match (seen.method.as_str(), is_ready.load(Ordering::SeqCst)) {
        ("POST", _) => Reply::data(json!({"taskId": ID})),
        (_, false) => Reply::data(record("generating", json!({}))),
        (_, true) => {
            Reply::data(record("success", json!({"response": {"resultUrls": ["https://files.example.net/1"]}})))
        }
    });
    let first = run(&server, &note);
    until(|| server.seen().iter().any(|seen| seen.method == "GET")).await;
    kill(first);
    assert!(std::fs::read_to_string(&note).unwrap().starts_with(ID));

    ready.store(true, Ordering::SeqCst);
    let second = run(&server, &note);
    let second = tokio::task::spawn_blocking(|| second.wait_with_output().unwrap()).await.unwrap();
    let words = String::from_utf8(second.stdout).unwrap();
    assert!(second.status.success() && words.contains(ID) && words.contains("https://files.example.net/1"), "{words}");
    assert_eq!(creates(&server), 1);
    assert!(!note.exists());
}

#[tokio::test]
async fn killed_while_sending_it_does_not_send_again() {
    let (server, (_dir, note)) = (Server::start().await, server_and_client());
    server.always(Reply::Silent);
    let first = run(&server, &note);
    until(|| creates(&server) == 1).await;
    kill(first);
    let second = run(&server, &note);
    let second = tokio::task::spawn_blocking(|| second.wait_with_output().unwrap()).await.unwrap();
    assert!(!second.status.success());
    assert_eq!(creates(&server), 1);
}

#[tokio::test]
async fn a_failed_task_leaves_nothing_to_wait_for() {
    let (server, (dir, note)) = (Server::start().await, server_and_client());
    server.judges(|seen| match seen.method.as_str() {
        "POST" => Reply::data(json!({"taskId": ID})),
        _ => Reply::data(record("fail", json!({"failCode": "500", "failMsg": "no luck"}))),
    });
    let only = run(&server, &note);
    let only = tokio::task::spawn_blocking(|| only.wait_with_output().unwrap()).await.unwrap();
    let words = String::from_utf8(only.stderr).unwrap();
    assert!(!only.status.success() && words.contains("no luck"), "{words}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "neither the note nor a half of it stays");
}
