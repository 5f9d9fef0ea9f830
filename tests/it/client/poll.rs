//! Polls of tasks, and other reads.

use std::time::Duration;

use kie::client::retry::{RULES, ReadClass, rule};
use kie::client::wait::{GRACE, MIN_POLL_INTERVAL};
use kie::client::{Client, Error, Outcome, OutcomeState, Role, TaskState};
use kie::job::TaskId;
use kie::ledger::Credits;
use serde_json::{Value, json};

use crate::client::fixture::{ID, KEY, clock, hasty_client, passed, record, request, server_and_client, settings};
use crate::client::server::{Reply, Server};

const LONG: Duration = Duration::from_secs(900);

fn done() -> Reply {
    Reply::data(record("success", json!({"resultJson": "{\"resultUrls\":[\"https://files.example.net/1.png\"]}"})))
}

fn running(state: &str) -> Reply {
    Reply::data(record(state, json!({})))
}

async fn wait(client: &Client) -> Outcome {
    client.wait(&ID.into(), LONG, |_| {}).await
}

fn code(outcome: &Outcome) -> String {
    outcome.error.as_ref().map(kie::client::Cause::code).unwrap_or_default()
}

#[tokio::test]
async fn generate_goes_from_input_to_files() {
    let (server, client, _) = server_and_client().await;
    server.says([Reply::data(json!({"taskId": ID})), running("waiting"), running("generating"), done()]);
    let mut states = Vec::new();
    let outcome = client.generate_watched(request(), None, |task| states.push(task.state.clone())).await;
    assert!(outcome.success());
    assert_eq!(outcome.task, Some(TaskId(ID.into())));
    assert_eq!(outcome.output.urls, ["https://files.example.net/1.png"]);
    assert_eq!(states, [TaskState::Waiting, TaskState::Generating, TaskState::Success]);
    let poll = &server.seen()[1];
    assert_eq!(
        (poll.method.as_str(), poll.path.as_str()),
        ("GET", format!("/api/v1/jobs/recordInfo?taskId={ID}").as_str())
    );
    assert_eq!(poll.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[tokio::test]
async fn polls_follow_the_schedule() {
    let (server, client, clock) = server_and_client().await;
    server.always(running("waiting"));
    let outcome = client.wait(&ID.into(), Duration::from_secs(300), |_| {}).await;
    assert_eq!(outcome.state, OutcomeState::StillRunning);
    assert!((300.0..=301.0).contains(&passed(&clock)), "the deadline is the clock's: {}", passed(&clock));
    let polls = server.seen().len();
    // 10 to 15 in 30 s, 9 to 18 up to 120 s, 6 to 12 up to 300 s, one at the deadline.
    assert!((26..=47).contains(&polls), "{polls}");
}

#[tokio::test]
async fn f23_the_deadline_keeps_the_task_id() {
    let (server, client, _) = server_and_client().await;
    server.says([Reply::data(json!({"taskId": ID}))]);
    server.always(running("waiting"));
    let outcome = client.generate(request()).await;
    assert_eq!((outcome.state, outcome.task), (OutcomeState::StillRunning, Some(TaskId(ID.into()))));
    assert_eq!(outcome.error, None);
}

#[tokio::test]
async fn a_deadline_of_zero_looks_once() {
    let (server, client, clock) = server_and_client().await;
    server.says([running("waiting")]);
    assert_eq!(client.wait(&ID.into(), Duration::ZERO, |_| {}).await.state, OutcomeState::StillRunning);
    assert_eq!((server.seen().len(), passed(&clock)), (1, 0.0));
}

#[tokio::test]
async fn three_generations_of_records() {
    let result = json!({"resultUrls": ["https://files.example.net/1.png", "https://files.example.net/2.png"]});
    let first = json!({"resultJson": result.to_string(), "costTime": 41, "completeTime": 1_790_000_041_900_i64});
    let mut second = first.clone();
    second["creditsConsumed"] = json!(6.0);
    let mut third = second.clone();
    third["creditsConsumed"] = json!(0.25);
    third["response"] = result;
    third["successFlag"] = json!(1);
    third["operationType"] = json!("acme/draw-1");
    third["paramJson"] = json!("{}");
    for (more, credits) in [(first, None), (second, Some(6000)), (third, Some(250))] {
        let (server, client, _) = server_and_client().await;
        server.says([Reply::data(record("success", more))]);
        let outcome = wait(&client).await;
        assert_eq!(outcome.output.urls, ["https://files.example.net/1.png", "https://files.example.net/2.png"]);
        assert_eq!(outcome.output.credits, credits.map(Credits::from_milli));
    }
}

#[tokio::test]
async fn f29_every_shape_of_result() {
    type Check = fn(&Outcome) -> bool;
    let url = "https://files.example.net/1";
    let shapes: [(Value, Check); 8] = [
        (json!({"resultUrls": [url]}), |o| o.output.urls.len() == 1 && o.extras.files.is_empty()),
        (json!({"resultUrls": [{"resultUrl": url}]}), |o| o.output.urls.len() == 1),
        (json!({"resultUrls": [url], "firstFrameUrl": url, "lastFrameUrl": [url]}), |o| {
            o.output.urls.len() == 1
                && o.extras.files.iter().map(|file| file.role).eq([Role::FirstFrame, Role::LastFrame])
        }),
        (json!({"resultUrls": [url], "resultWaterMarkUrls": [url]}), |o| o.extras.files[0].role == Role::Watermarked),
        (json!({"resultObject": {"text": "hello there", "language_code": "eng", "words": []}}), |o| {
            o.output.urls.is_empty() && o.output.text.as_deref() == Some("hello there")
        }),
        (json!({"resultObject": {"mask_urls": [url]}}), |o| o.extras.files[0].role == Role::Mask),
        (json!({"resultObject": {"lyricsData": [{"text": "la"}]}}), |o| o.output.text.as_deref() == Some("la")),
        (json!({"data": [{"audio_url": url, "image_url": url, "title": "Rain", "duration": 121.4}]}), |o| {
            o.output.urls.len() == 1 && o.extras.tracks[0].title.as_deref() == Some("Rain")
        }),
    ];
    for (result, check) in shapes {
        for more in [json!({"resultJson": result.to_string()}), json!({"response": result})] {
            let (server, client, _) = server_and_client().await;
            server.says([Reply::data(record("success", more))]);
            let outcome = wait(&client).await;
            assert!(outcome.success() && check(&outcome), "{result}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn success_with_nothing_is_looked_at_for_two_minutes_and_is_no_failure() {
    for more in [json!({}), json!({"resultJson": "{\"resultUrls\":[]}"}), json!({"resultJson": null, "response": {}})] {
        let (server, client, clock) = server_and_client().await;
        let said = record("success", more);
        server.always(Reply::data(said.clone()));
        let outcome = wait(&client).await;
        assert_eq!((outcome.state, code(&outcome).as_str()), (OutcomeState::Unreadable, "unreadable"));
        assert_eq!(outcome.task, Some(TaskId(ID.into())));
        assert!(outcome.output.urls.is_empty(), "inputs are no results");
        assert!(outcome.money_at_risk() && !outcome.success());
        assert_eq!(outcome.record, Some(said));
        assert!((120.0..=121.0).contains(&passed(&clock)), "{}", passed(&clock));
        assert!((19..=40).contains(&server.seen().len()), "{}", server.seen().len());
    }
}

#[tokio::test]
async fn a_result_may_come_later_than_the_state() {
    let (server, client, clock) = server_and_client().await;
    let early = || Reply::data(record("success", json!({"resultJson": "", "completeTime": 1_790_000_041_900_i64})));
    server.says([running("generating"), early(), Reply::status(502, ""), early(), done()]);
    let outcome = wait(&client).await;
    assert_eq!(outcome.output.urls, ["https://files.example.net/1.png"]);
    assert_eq!((outcome.state, outcome.record), (OutcomeState::Succeeded, None));
    assert!(passed(&clock) < 20.0, "{}", passed(&clock));
}

#[tokio::test]
async fn an_unreadable_result_that_cost_nothing_puts_no_money_at_risk() {
    let (server, client, _) = server_and_client().await;
    server.always(Reply::data(record("success", json!({"resultJson": "", "creditsConsumed": 0}))));
    let outcome = wait(&client).await;
    assert_eq!((outcome.state, outcome.money_at_risk()), (OutcomeState::Unreadable, false));
    assert_eq!(outcome.output.credits, Some(Credits::ZERO));
}

#[tokio::test]
async fn failures_keep_code_words_cost_and_id() {
    for (fail_code, expected) in
        [(json!("500"), "500"), (json!(500), "500"), (json!(null), "failed"), (json!(""), "failed")]
    {
        let (server, client, _) = server_and_client().await;
        let more = json!({"failCode": fail_code, "failMsg": "upstream refused", "creditsConsumed": 1.5});
        server.says([running("generating"), Reply::data(record("fail", more))]);
        let outcome = wait(&client).await;
        assert_eq!((outcome.state, code(&outcome).as_str()), (OutcomeState::Failed, expected));
        assert_eq!(outcome.error.unwrap().to_failure().message, "upstream refused");
        assert_eq!((outcome.task, outcome.output.credits), (Some(TaskId(ID.into())), Some(Credits::from_milli(1500))));
    }
}

#[tokio::test]
async fn every_code_on_a_poll() {
    for code in RULES.iter().map(|rule| rule.code).chain([418, 503]) {
        let (server, client, _) = server_and_client().await;
        server.says([Reply::code(code), done()]);
        let outcome = wait(&client).await;
        let (state, polls) = match rule(code).read {
            ReadClass::Retry | ReadClass::RetrySlowly | ReadClass::Grace => (OutcomeState::Succeeded, 2),
            ReadClass::TaskFailed => (OutcomeState::Failed, 1),
            ReadClass::Fatal => (OutcomeState::Unknown, 1),
        };
        assert_eq!((outcome.state, server.seen().len()), (state, polls), "{code}");
        assert_eq!(outcome.task, Some(TaskId(ID.into())));
    }
}

#[tokio::test]
async fn codes_408_and_501_are_the_tasks_own_failure() {
    for terminal in [408, 501] {
        let (server, client, clock) = server_and_client().await;
        server.says([Reply::code(terminal)]);
        let outcome = wait(&client).await;
        assert_eq!((outcome.state, code(&outcome)), (OutcomeState::Failed, terminal.to_string()));
        assert_eq!(passed(&clock), 0.0);
    }
}

#[tokio::test]
async fn f28_no_such_task_is_forgiven_for_a_while() {
    for reply in [Reply::code(404), Reply::code(422), Reply::data(json!(null)), Reply::json(json!({"code": 200}))] {
        let (server, client, _) = server_and_client().await;
        server.says([reply.clone(), reply.clone(), done()]);
        assert!(wait(&client).await.success());

        let (server, client, clock) = server_and_client().await;
        server.always(reply);
        let outcome = wait(&client).await;
        assert_eq!((outcome.state, outcome.task), (OutcomeState::Unknown, Some(TaskId(ID.into()))));
        let lost = passed(&clock);
        assert!((GRACE.as_secs_f64()..GRACE.as_secs_f64() + 61.0).contains(&lost), "{lost}");
        assert!(server.seen().len() > 3);
    }
}

#[tokio::test]
async fn f22_bad_polls_never_end_a_task() {
    let answer = json!({"code": 200, "data": record("success", json!({}))}).to_string();
    let (server, client, clock) = server_and_client().await;
    server.says([
        Reply::status(502, "<html>bad gateway</html>"),
        Reply::Lost,
        Reply::Truncated(answer.clone().into()),
        Reply::status(200, &answer.as_bytes()[..40]),
        Reply::status(501, ""),
        Reply::status(408, ""),
        Reply::status(401, "<html>sign in to the proxy</html>"),
        Reply::status(403, "<html>are you a person?</html>"),
        Reply::status(404, ""),
        Reply::status(413, "<html>too large</html>"),
        Reply::code(455),
        Reply::data(json!([1, 2])),
        done(),
    ]);
    assert!(wait(&client).await.success());
    assert_eq!(server.seen().len(), 13);
    assert_eq!(client.keys()[0].cooldown, None, "no page speaks for the key");
    assert!(passed(&clock) > 30.0, "the pauses grow");
}

#[tokio::test]
async fn a_stuck_poll_is_given_up_and_made_again() {
    let server = Server::start().await;
    server.says([Reply::Stuck(b"{\"code\":200,".to_vec()), Reply::Silent, done()]);
    assert!(wait(&hasty_client(&server.url)).await.success());
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn unknown_states_run_on_and_flags_stand_in() {
    let (server, client, _) = server_and_client().await;
    let flag = |n: u8| {
        Reply::data(json!({"taskId": ID, "successFlag": n, "response": {"resultUrls": ["https://f.example/1"]}}))
    };
    server.says([running("pondering"), Reply::data(json!({"taskId": ID})), flag(0), flag(1)]);
    let mut states = Vec::new();
    let outcome = client.wait(&ID.into(), LONG, |task| states.push(task.state.to_string())).await;
    assert!(outcome.success());
    assert_eq!(states, ["pondering", "missing", "generating", "success"]);
}

#[tokio::test]
async fn a_vendor_that_is_down_until_the_deadline_leaves_the_task_running() {
    let (server, client, clock) = server_and_client().await;
    server.always(Reply::status(503, ""));
    let outcome = wait(&client).await;
    assert_eq!((outcome.state, code(&outcome).as_str()), (OutcomeState::StillRunning, "http_503"));
    assert_eq!(outcome.task, Some(TaskId(ID.into())));
    assert!(passed(&clock) <= (LONG + MIN_POLL_INTERVAL).as_secs_f64());
    assert!(server.seen().len() < 60, "pauses grow: {}", server.seen().len());
}

#[tokio::test]
async fn one_look_is_one_request() {
    let (server, client, _) = server_and_client().await;
    server.says([Reply::code(500), done()]);
    assert!(matches!(client.task(&ID.into()).await, Err(Error::Api { code: 500, .. })));
    let task = client.task(&ID.into()).await.unwrap();
    assert_eq!((task.state, server.seen().len()), (TaskState::Success, 2));
    assert_eq!(task.raw["model"], "acme/draw-1");
}

#[tokio::test]
async fn an_id_is_escaped() {
    let (server, client, _) = server_and_client().await;
    server.says([running("waiting")]);
    client.task(&"a&b=c d".into()).await.unwrap();
    assert_eq!(server.seen()[0].path, "/api/v1/jobs/recordInfo?taskId=a%26b%3Dc+d");
}

#[tokio::test]
async fn credits_have_decimals() {
    let balances = [(json!(1234.56), 1_234_560), (json!(7), 7000), (json!("0.25"), 250), (json!(0), 0)];
    for (data, milli) in balances {
        let (server, client, _) = server_and_client().await;
        server.says([Reply::Lost, Reply::data(data)]);
        assert_eq!(client.credits().await, Ok(Credits::from_milli(milli)));
        assert_eq!(server.seen()[1].path, "/api/v1/chat/credit");
    }
    let (server, client, _) = server_and_client().await;
    server.says([Reply::code(401)]);
    assert!(client.credits().await.unwrap_err().is_auth());
    server.always(Reply::data(json!(null)));
    assert_eq!(client.credits().await.unwrap_err().code(), "bad_reply");
    assert_eq!(server.seen().len(), 4, "a refusal is not repeated, a strange answer is");
}

#[tokio::test]
async fn packed_answers_are_unpacked() {
    let packed: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\xce\x4f\x49\x55\xb2\x52\x30\x32\x30\
        \xd0\x51\x50\xca\x2d\x4e\x07\xb2\x95\x8a\x4b\x93\x93\x53\x8b\x8b\x95\x80\x22\x29\x89\x25\
        \x89\x40\x21\x43\x23\x3d\xd3\x5a\x00\x4a\x49\x66\x98\x2d\x00\x00\x00";
    let (server, client, _) = server_and_client().await;
    server.says([Reply::status(200, packed).header("content-encoding", "gzip")]);
    assert_eq!(client.credits().await, Ok(Credits::from_milli(12_500)));
    assert!(server.seen()[0].header("accept-encoding").is_some_and(|kinds| kinds.contains("gzip")));
}

#[tokio::test]
async fn a_whole_call_has_its_limit_too() {
    let server = Server::start().await;
    server.always(Reply::Stuck(b"{\"code\":200}".to_vec()));
    let mut settings = settings(&server.url);
    settings.timeouts.total = Duration::from_millis(100);
    let client = Client::new(settings).unwrap().with_clock(clock());
    let error = client.task(&ID.into()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "not everything", .. }), "{error:?}");
}

#[tokio::test]
async fn calls_may_move_between_threads() {
    let (server, client, _) = server_and_client().await;
    server.says([
        Reply::data(json!({"taskId": ID})),
        done(),
        Reply::data(json!(1)),
        Reply::code(400),
        Reply::code(400),
    ]);
    let life = async move {
        let outcome = client.generate(request()).await;
        let credits = client.credits().await;
        let path = std::env::current_dir().unwrap().join("Cargo.toml");
        let file = client.upload_file(&path, "application/octet-stream").await;
        let link = client.download_link("x").await;
        let gone = client.download("x", &path, 1).await;
        outcome.success() && credits.is_ok() && file.is_err() && link.is_err() && gone.is_err()
    };
    assert!(tokio::spawn(life).await.unwrap());
}
