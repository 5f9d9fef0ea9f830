//! A generation that is interrupted by Ctrl-C or `kill -9`, and resumed by its task id.
#![cfg(unix)]

use std::io::{BufRead, BufReader};

use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskEnd, TaskPlan};
use serde_json::json;

use crate::cli::fixture::{LIMIT, call_with, ended, from_words, signal, start_with, until_polled, vendor};

fn args<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["generate", from_words().id, "-f", "prompt=A boat"], more].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_breaks_off_is_told_how_to_go_on() {
    for name in ["INT", "TERM"] {
        let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
        kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
        let child = start_with(&kie, folder.path(), &args(&[]));
        let task = kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
        until_polled(&kie, &task).await;
        signal(&child, name);
        let done = ended(child).await;
        assert_eq!(done.code, Some(130), "{done:?}");
        assert!(done.err.contains(&format!("kie-bot task {task} --wait")), "{}", done.err);
        let summary = done.json();
        assert_eq!((&summary["task_id"], &summary["state"]), (&json!(task), &json!("still_running")));

        // Interrupted again, now while waiting.
        let child = start_with(&kie, folder.path(), &["task", &task, "--wait"]);
        let polls = kie.polls(&task);
        while kie.polls(&task) == polls {
            tokio::task::yield_now().await;
        }
        signal(&child, name);
        let done = ended(child).await;
        assert_eq!((done.code, &done.json()["task_id"]), (Some(130), &json!(task)), "{done:?}");
        assert!(done.err.contains(&format!("kie-bot task {task} --wait")), "{}", done.err);

        kie.finish(&task);
        let done = call_with(&kie, folder.path(), &["task", &task, "--wait", "--json"]);
        assert_eq!((done.code, &done.json()["success"]), (Some(0), &json!(true)), "{done:?}");
        assert_eq!(kie.requests(Route::Create), 1, "it was paid for once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_off_while_sending_it_is_unknown() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    kie.fault(KieFault::once(Route::Create, KieFaultEffect::Delay(120_000)));
    let child = start_with(&kie, folder.path(), &args(&[]));
    while kie.requests(Route::Create) == 0 {
        tokio::task::yield_now().await;
    }
    signal(&child, "INT");
    let done = ended(child).await;
    let summary = done.json();
    assert_eq!((done.code, &summary["state"], summary["task_id"].is_null()), (Some(130), &json!("unknown"), true));
    assert!(done.err.contains("may run and be billed"), "{}", done.err);
}

/// SIGKILL: nothing can be printed at the end. What was printed before is enough to resume.
#[tokio::test(flavor = "multi_thread")]
async fn killed_without_mercy_it_goes_on_by_the_id_that_it_printed() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    let mut child = start_with(&kie, folder.path(), &args(&["--out", "pictures"]));
    let lines = BufReader::new(child.stderr.take().unwrap());
    let printed = tokio::task::spawn_blocking(move || {
        let mut lines = lines.lines().map_while(Result::ok);
        lines.find_map(|line| line.trim().strip_prefix("task ").map(str::to_owned))
    });
    let task = printed.await.unwrap().unwrap();
    until_polled(&kie, &task).await;
    signal(&child, "KILL");
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(9));

    kie.finish(&task);
    let done = call_with(&kie, folder.path(), &["task", &task, "--wait", "--out", "pictures", "--json"]);
    let summary = done.json();
    assert_eq!(
        (done.code, &summary["success"], &summary["task_id"]),
        (Some(0), &json!(true), &json!(task)),
        "{done:?}"
    );
    let saved = summary["files"][0].as_str().unwrap();
    let url = summary["result_urls"][0].as_str().unwrap();
    assert_eq!(std::fs::read(folder.path().join(saved)).unwrap(), kie.file(url).unwrap());
    assert_eq!(std::fs::read_dir(folder.path().join("pictures")).unwrap().count(), 1, "nothing half-done stays");
    assert_eq!(kie.requests(Route::Create), 1, "it was paid for once");
}
