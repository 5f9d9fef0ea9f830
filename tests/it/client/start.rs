//! A task as a stream of states, started and resumed.

use std::time::Duration;

use futures::{FutureExt, StreamExt};
use kie::client::retry::Blame;
use kie::client::{Error, OutcomeState, TaskState};
use kie::clock::Clock;
use kie::job::TaskId;
use serde_json::json;

use crate::client::fixture::{ID, client_at, record, request, server_and_client};
use crate::client::line::Line;
use crate::client::server::{Reply, Server};

const LONG: Duration = Duration::from_secs(900);

fn running(state: &str) -> Reply {
    Reply::data(record(state, json!({})))
}

fn done() -> Reply {
    Reply::data(record("success", json!({"response": {"resultUrls": ["https://f/1"]}})))
}

fn accepted() -> Reply {
    Reply::data(json!({"taskId": ID}))
}

#[tokio::test]
async fn a_start_has_its_id_at_once_and_its_states_as_a_stream() {
    let (server, client, _) = server_and_client().await;
    server.says([accepted(), running("waiting"), Reply::code(500), running("generating"), done()]);
    let mut started = client.start(request()).await.unwrap();
    assert_eq!((started.id.clone(), server.seen().len()), (TaskId(ID.into()), 1));
    assert_eq!(started.key.as_ref(), Some(&client.keys()[0].label));
    let states: Vec<_> = started.progress().map(|task| task.state).collect().await;
    assert_eq!(states, [TaskState::Waiting, TaskState::Generating, TaskState::Success]);
    assert_eq!(started.outcome().map(|outcome| outcome.state), Some(OutcomeState::Succeeded));
    assert!(started.progress().next().await.is_none());
    let outcome = started.finish().await;
    assert_eq!(outcome.into_result().unwrap().urls, ["https://f/1"]);
    assert!(server.is_done());
}

#[tokio::test]
async fn a_start_may_ask_for_a_webhook() {
    let (server, client, _) = server_and_client().await;
    server.says([accepted(), done()]);
    let webhook = "https://bot.example.net/kie/1".parse().unwrap();
    let started = client.start_with_webhook(request(), &webhook).await.unwrap();
    assert!(started.finish().await.success());
    assert_eq!(server.seen()[0].json()["callBackUrl"], webhook.as_str());
}

#[tokio::test]
async fn a_stream_that_is_left_goes_on_where_it_was() {
    let (server, client, _) = server_and_client().await;
    server.says([accepted(), running("waiting"), running("generating"), done()]);
    let mut started = client.start(request()).await.unwrap();
    assert_eq!(started.progress().next().await.unwrap().state, TaskState::Waiting);
    assert_eq!(started.progress().next().await.unwrap().state, TaskState::Generating);
    assert!(started.finish().await.success());
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn the_end_without_a_record_ends_the_stream() {
    let (server, client, _) = server_and_client().await;
    server.says([running("waiting"), Reply::code(501)]);
    let mut handle = client.resume(ID.into(), None, LONG);
    assert_eq!(handle.progress().count().await, 1);
    assert_eq!(handle.outcome().map(|outcome| outcome.state), Some(OutcomeState::Failed));
    assert_eq!(handle.id, ID.into());
    assert_eq!(handle.finish().await.task, Some(ID.into()));
}

#[tokio::test]
async fn a_task_is_found_again_by_its_id() {
    let (server, client, clock) = server_and_client().await;
    server.says([accepted(), running("waiting")]);
    let mut started = client.start(request()).await.unwrap();
    started.next().await.unwrap();
    let id = started.id.clone();
    drop((started, client));
    server.says([running("generating"), done()]);
    let later = client_at(&server.url, clock);
    let outcome = later.resume(id, None, LONG).finish().await;
    assert!(outcome.success());
    assert_eq!(server.seen().iter().filter(|seen| seen.method == "POST").count(), 1, "it was paid for once");
}

#[tokio::test]
async fn a_dropped_wait_neither_loses_its_place_nor_looks_twice() {
    let (server, line) = (Server::start().await, Line::new());
    let client = client_at(&server.url, line.clone()).with_limiter(line.clone());
    server.says([running("waiting"), done()]);
    let mut handle = client.resume(ID.into(), None, LONG);
    handle.next().await.unwrap();
    for _ in 0..20 {
        assert!(handle.next().now_or_never().is_none(), "it waits for its time");
    }
    assert_eq!(server.seen().len(), 1);
    let finish = tokio::spawn(handle.finish());
    while !finish.is_finished() {
        line.wake_next();
        tokio::task::yield_now().await;
    }
    assert!(finish.await.unwrap().success());
    assert!((2000..=3000).contains(&line.ms()), "{}", line.ms());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn another_deadline_counts_from_the_start() {
    let (server, client, clock) = server_and_client().await;
    server.says([accepted()]);
    server.always(running("waiting"));
    let started = client.start(request()).await.unwrap().within(Duration::from_secs(20));
    let before = clock.now();
    let outcome = started.finish().await;
    assert_eq!((outcome.state, outcome.money_at_risk()), (OutcomeState::StillRunning, true));
    assert!(clock.now().since(before) <= Duration::from_secs(21));
    let error = outcome.into_result().unwrap_err();
    assert_eq!((error.task(), error.state(), error.cause()), (Some(&ID.into()), OutcomeState::StillRunning, None));
    assert!(error.to_string().contains(ID) && !error.is_retryable());
}

#[tokio::test]
async fn an_outcome_without_a_result_answers_questions() {
    let api = |code: i64| Reply::code(code);
    // Reply to the create; retryable, at risk, blame.
    let cases = [
        (api(422), false, false, Blame::Caller),
        (api(402), false, false, Blame::Account),
        (api(455), true, false, Blame::Vendor),
        (Reply::Lost, false, true, Blame::Network),
        (Reply::status(502, ""), false, true, Blame::Vendor),
    ];
    for (reply, retryable, at_risk, blame) in cases {
        let (server, client, _) = server_and_client().await;
        server.says([reply]);
        let error = client.generate(request()).await.into_result().unwrap_err();
        assert_eq!(
            (error.is_retryable(), error.money_at_risk(), error.blame()),
            (retryable, at_risk, blame),
            "{error}"
        );
        assert_eq!(error.task(), None);
    }
    for (more, at_risk, blame) in [
        (json!({"failCode": "400", "failMsg": "no"}), false, Blame::Caller),
        (json!({"failCode": 501, "creditsConsumed": 4}), true, Blame::Vendor),
        (json!({}), false, Blame::Vendor),
    ] {
        let (server, client, _) = server_and_client().await;
        server.says([accepted(), Reply::data(record("fail", more))]);
        let error = client.generate(request()).await.into_result().unwrap_err();
        assert_eq!((error.is_retryable(), error.money_at_risk(), error.blame()), (false, at_risk, blame), "{error}");
        assert_eq!((error.task(), error.retry_after()), (Some(&ID.into()), None));
    }
}

#[tokio::test]
async fn a_refusal_that_names_a_task_is_unknown_and_names_it() {
    for code in [402, 422, 429, 500] {
        let (server, client, _) = server_and_client().await;
        server.always(Reply::json(json!({"code": code, "msg": "no", "data": {"taskId": ID}})));
        let outcome = client.generate(request()).await;
        assert_eq!((outcome.state, outcome.task), (OutcomeState::Unknown, Some(ID.into())), "{code}");
        assert_eq!(server.seen().len(), 1, "{code}");
    }
    let (server, client, _) = server_and_client().await;
    server.says([Reply::code(500)]);
    let error = client.task(&ID.into()).await.unwrap_err();
    assert!(matches!(&error, Error::Api { code: 500, .. }) && error.task() == Some(&ID.into()));
}
