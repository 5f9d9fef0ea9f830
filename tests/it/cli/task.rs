//! `task`.

use std::time::Duration;

use kie::demo::harness::{self, KEY};
use kie::demo::kie::{KieFault, Pace, Route, SimKie, SimKieOptions, TaskEnd, TaskPlan, UnknownTask};
use serde_json::{Value, json};

use crate::cli::fixture::{call_in, call_with, from_words, vendor};
use crate::cli::generate::NAMES;

/// Sends a task without waiting; returns its id.
async fn left(kie: &SimKie, plan: TaskPlan) -> String {
    kie.plan(plan);
    let args = ["generate", from_words().id, "-f", "prompt=A boat", "--no-wait", "--json"];
    let done = call_with(kie, tempfile::tempdir().unwrap().path(), &args);
    done.json()["task_id"].as_str().unwrap().to_owned()
}

fn look(kie: &SimKie, id: &str, more: &[&str]) -> (crate::cli::fixture::Done, Value) {
    let done = call_with(kie, tempfile::tempdir().unwrap().path(), &[&["task", id, "--json"], more].concat());
    let summary = done.json();
    assert_eq!(summary.as_object().unwrap().keys().collect::<Vec<_>>(), NAMES, "as generate prints it");
    assert_eq!(summary["task_id"], id);
    (done, summary)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_tells_the_state_and_waits_for_nothing() {
    let kie = vendor().await;
    let task =
        left(&kie, TaskPlan { end: TaskEnd::Never { state: Some("pondering".into()) }, ..TaskPlan::default() }).await;
    let (done, summary) = look(&kie, &task, &[]);
    assert_eq!((done.code, &summary["state"], &summary["error"]), (Some(0), &json!("still_running"), &Value::Null));
    assert_eq!(kie.polls(&task), 1);
    let words = call_with(&kie, tempfile::tempdir().unwrap().path(), &["task", &task]);
    assert!(words.err.contains("is pondering") && words.err.contains("--wait"), "{}", words.err);
    kie.finish(&task);
    let (done, summary) = look(&kie, &task, &[]);
    assert_eq!((done.code, &summary["success"]), (Some(0), &json!(true)));
    assert!(summary["credits"].as_f64().unwrap() > 0.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_look_as_they_do_in_generate() {
    let kie = vendor().await;
    for (end, code) in [
        (TaskEnd::Fail { code: json!("500"), msg: "upstream refused".into() }, "500"),
        (TaskEnd::Envelope { code: 501, msg: "generation failed".into() }, "501"),
    ] {
        let task = left(&kie, TaskPlan { end, ..TaskPlan::default() }).await;
        for more in [&[][..], &["--wait"]] {
            let (done, summary) = look(&kie, &task, more);
            assert_eq!((done.code, &summary["state"]), (Some(1), &json!("failed")), "{done:?}");
            assert_eq!((&summary["error"]["code"], &summary["error"]["task_id"]), (&json!(code), &json!(task)));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knows_is_said_in_clear_words() {
    let id = "0123456789abcdef0123456789abcdef";
    for unknown in [UnknownTask::NotFound, UnknownTask::Invalid, UnknownTask::Null] {
        let kie = SimKie::start(harness::registry_options(SimKieOptions { unknown, ..SimKieOptions::quick(0) }))
            .await
            .unwrap();
        let (done, summary) = look(&kie, id, &[]);
        assert_eq!((done.code, &summary["state"]), (Some(1), &json!("unknown")), "{done:?}");
        let words = call_with(&kie, tempfile::tempdir().unwrap().path(), &["task", id]);
        assert!(words.err.contains(&format!("KIE knows no task {id}")), "{}", words.err);
    }
    let kie = vendor().await;
    for bad in ["", "short", "../../etc/passwd", "a b c d e f g h", "0123456789abcdef?x=1"] {
        let done = call_with(&kie, tempfile::tempdir().unwrap().path(), &["task", bad]);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{bad}: {done:?}");
    }
    assert_eq!(kie.requests(Route::Record), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_not_there_yet_is_waited_for() {
    let kie = vendor().await;
    let task = left(&kie, TaskPlan { hidden_polls: 2, ..TaskPlan::default() }).await;
    let (done, summary) = look(&kie, &task, &["--wait"]);
    assert_eq!((done.code, &summary["success"]), (Some(0), &json!(true)), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_is_tried() {
    let kie = vendor().await;
    let task = left(&kie, TaskPlan { pace: Some(Pace::Time(Duration::ZERO)), ..TaskPlan::default() }).await;
    let keys = format!("a-key-of-nobody-1,{KEY}");
    let url = kie.url.as_str();
    let vars = [("KIE_API_URL", url), ("KIE_UPLOAD_URL", url), ("KIE_API_KEY", keys.as_str())];
    let done = call_in(tempfile::tempdir().unwrap().path(), &["task", &task, "--json"], &vars, b"");
    assert_eq!((done.code, &done.json()["success"]), (Some(0), &json!(true)), "{done:?}");
    assert!(!done.err.contains("a-key-of-nobody-1") && !done.out.contains("a-key-of-nobody-1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_is_down_is_no_end_of_the_task() {
    let kie = vendor().await;
    let task = left(&kie, TaskPlan::default()).await;
    kie.fault(KieFault::code(Route::Record, 500, "out of order"));
    let (done, summary) = look(&kie, &task, &[]);
    assert_eq!((done.code, &summary["state"]), (Some(1), &json!("still_running")), "{done:?}");
    assert_eq!((&summary["error"]["code"], &summary["error"]["money_at_risk"]), (&json!("500"), &json!(true)));
    kie.fault(KieFault::code(Route::Record, 455, "maintenance"));
    assert_eq!(look(&kie, &task, &[]).1["error"]["retry_after_s"], json!(30.0));
}
