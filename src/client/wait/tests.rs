use serde_json::json;

use super::*;

const YOUNG: Duration = Duration::from_secs(5);

fn api(code: i64) -> Error {
    Error::Api { code, message: "words".into(), retry_after: None, task: None }
}

fn task(record: serde_json::Value) -> Result<Task, Error> {
    Task::from_record(&"t".into(), record)
}

#[test]
fn pauses_follow_the_age() {
    let range = |s| {
        let at = |chance| SCHEDULE.delay(Duration::from_secs(s), chance).as_secs();
        (at(0.0), at(1.0))
    };
    assert_eq!([range(0), range(29), range(30), range(119), range(120)], [(2, 3), (2, 3), (5, 10), (5, 10), (15, 30)]);
    assert_eq!(range(u64::MAX), (15, 30));
    assert_eq!(SCHEDULE.delay(YOUNG, f64::NAN.max(0.5)), Duration::from_millis(2500));
}

#[test]
fn errors_in_a_row_double_the_pause() {
    let pauses: Vec<_> = (1..=6).map(|n| after_errors(Duration::from_secs(4), n).as_secs()).collect();
    assert_eq!(pauses, [4, 8, 16, 32, 60, 60]);
    assert_eq!(after_errors(Duration::from_secs(90), 3).as_secs(), 90);
    assert_eq!(after_errors(Duration::from_secs(4), 1000), MAX_ERROR_PAUSE);
}

#[test]
fn every_listed_code_has_its_meaning() {
    let fatal = [400, 401, 402, 403, 405, 409, 433, 451, 505, 418];
    let failed = [408, 413, 501, 531];
    let retried = [429, 455, 500, 502, 503, 504, 0, 600];
    for code in fatal {
        assert_eq!(classify(YOUNG, Err(api(code))), PollOutcome::Fatal(api(code)));
    }
    for code in failed {
        let failure = Failure { code: code.to_string(), message: "words".into() };
        assert_eq!(classify(YOUNG, Err(api(code))), PollOutcome::Failed(failure));
    }
    for code in retried {
        assert!(matches!(classify(YOUNG, Err(api(code))), PollOutcome::Retry(_)), "{code}");
    }
}

#[test]
fn no_such_task_is_believed_after_the_grace() {
    for error in [api(404), api(422), Error::NotFound] {
        assert!(matches!(classify(GRACE - MIN_POLL_INTERVAL, Err(error.clone())), PollOutcome::Retry(_)));
        assert_eq!(classify(GRACE, Err(error.clone())), PollOutcome::Fatal(error));
    }
}

#[test]
fn the_way_to_the_vendor_never_ends_a_task() {
    let host = || "h".to_owned();
    let errors = [
        Error::Connect { host: host(), why: "refused".into() },
        Error::Network { host: host(), why: "reset".into() },
        Error::Timeout { host: host(), what: "no answer", waited: YOUNG },
        Error::Http { status: 502, retry_after: None },
        Error::Http { status: 501, retry_after: None },
        Error::Http { status: 408, retry_after: None },
        Error::Http { status: 401, retry_after: None },
        Error::Http { status: 403, retry_after: None },
        Error::Http { status: 404, retry_after: None },
        Error::Http { status: 413, retry_after: None },
        Error::Http { status: 200, retry_after: None },
        Error::Reply("odd"),
    ];
    for error in errors {
        let outcome = classify(Duration::from_secs(3600), Err(error.clone()));
        assert!(matches!(outcome, PollOutcome::Retry(_)), "{error}: {outcome:?}");
    }
}

#[test]
fn the_server_is_given_the_time_it_asks_for() {
    let after = |code, s| classify(YOUNG, Err(Error::Api { code, message: String::new(), retry_after: s, task: None }));
    assert_eq!(after(429, Some(Duration::from_secs(40))), PollOutcome::Retry(Duration::from_secs(40)));
    assert_eq!(after(429, None), PollOutcome::Retry(Duration::from_millis(2500)));
    assert_eq!(after(455, None), PollOutcome::Retry(Duration::from_secs(30)));
}

#[test]
fn states_lead_to_verdicts() {
    let pending = |word: &str| classify(YOUNG, task(json!({"state": word})));
    assert_eq!(pending("waiting"), PollOutcome::Pending(TaskState::Waiting));
    assert_eq!(pending("pondering"), PollOutcome::Pending(TaskState::Other("pondering".into())));
    let empty = classify(YOUNG, task(json!({"state": "success", "resultJson": ""})));
    assert!(matches!(empty, PollOutcome::Unreadable(task) if task.is_empty()));
    let text = classify(YOUNG, task(json!({"state": "success", "response": {"resultObject": {"text": "hi"}}})));
    assert!(matches!(text, PollOutcome::Done(output) if output.text.as_deref() == Some("hi")));
    let frame = json!({"state": "success", "response": {"lastFrameUrl": "https://f/1.png"}});
    assert!(matches!(classify(YOUNG, task(frame)), PollOutcome::Done(_)), "a frame is something");
    let failed = classify(YOUNG, task(json!({"state": "fail", "failCode": 7, "failMsg": null})));
    assert!(matches!(failed, PollOutcome::Failed(f) if f.code == "7"));
}
