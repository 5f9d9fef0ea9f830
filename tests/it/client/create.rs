//! Creating a task: the request, the answer, and when the request is repeated.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kie::client::retry::{ATTEMPTS, Blame, CreateClass, RULES};
use kie::client::{CreateError, Error, OutcomeState};
use kie::clock::{Clock, ManualClock, Sleep, Timestamp};
use kie::form::{self, Origin};
use kie::job::TaskId;
use kie::schema::Files;
use kie::schema::Request;
use kie::schema::spec::{ModelSpec, WebhookNeed};
use serde_json::{Value, json};
use url::Url;

use crate::client::fixture::{ID, KEY, PROMPT, client_at, clock, hasty_client, passed, request, server_and_client};
use crate::client::server::{Reply, Server};

fn accepted() -> Reply {
    Reply::data(json!({"taskId": ID, "recordId": ID}))
}

#[tokio::test]
async fn the_request_is_the_vendors() {
    let (server, client, _) = server_and_client().await;
    server.says([accepted(), Reply::data(json!({"taskId": ID}))]);
    assert_eq!(client.create_task(&request(), None).await.map(|made| made.id), Ok(TaskId(ID.into())));
    let webhook = "https://bot.example.net/kie".parse().unwrap();
    assert_eq!(client.create_task(&request(), Some(&webhook)).await.map(|made| made.id), Ok(TaskId(ID.into())));
    let [plain, with_webhook] = server.seen().try_into().unwrap();
    assert_eq!((plain.method.as_str(), plain.path.as_str()), ("POST", "/api/v1/jobs/createTask"));
    assert_eq!(plain.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert_eq!(plain.header("content-type"), Some("application/json"));
    let body = json!({"model": "acme/draw-1", "input": {"prompt": PROMPT, "n": 1}});
    assert_eq!(plain.json(), body);
    assert_eq!(with_webhook.json()["callBackUrl"], "https://bot.example.net/kie");
}

/// An alias is sent as the vendor's model id with the values that it stands for.
#[tokio::test]
async fn an_alias_is_sent_as_its_model_with_its_values() {
    let (server, client, _) = server_and_client().await;
    server.always(accepted());
    let with_values = kie::models::all().iter().flat_map(|spec| spec.aliases).filter(|alias| !alias.presets.is_empty());
    let mut bodies = Vec::new();
    for alias in with_values {
        let named = kie::models::find(alias.name).unwrap();
        let mut input: serde_json::Map<String, Value> = serde_json::from_str(named.spec.example).unwrap();
        input.retain(|name, _| named.preset(name).is_none());
        let accepted = form::check(named, &input, &Files::new(), form::Origin::Json).unwrap();
        client.create_task(&accepted.request, None).await.unwrap();
        bodies.push((named, input));
    }
    let seen = server.seen();
    assert!(seen.len() == bodies.len() && !seen.is_empty());
    for (seen, (named, input)) in seen.iter().zip(bodies) {
        let body = seen.json();
        // Some models have their own endpoint, with all fields on one level.
        let sent = if body["input"].is_object() { &body["input"] } else { &body };
        for preset in named.presets {
            assert_eq!(sent[preset.field], preset.json(), "{}: {body}", named.name);
        }
        assert_eq!(sent["prompt"], input["prompt"]);
        assert!(!body.to_string().contains(named.name), "{body}");
    }
}

#[tokio::test]
async fn a_model_that_is_not_live_is_refused_here() {
    let (server, client, _) = server_and_client().await;
    let mut refused = 0;
    for spec in kie::models::all().iter().filter(|spec| !spec.status.is_offered()) {
        let accepted = form::check_json(*spec, spec.example.as_bytes(), &Files::new()).unwrap();
        let error = client.create_task(&accepted.request, None).await.unwrap_err();
        let expected = Error::NotLive { model: spec.id, nearest: spec.nearest };
        assert_eq!(error, CreateError::Refused(expected));
        assert!(!error.is_retryable() && !error.money_at_risk() && error.blame() == Blame::Caller);
        assert!(spec.nearest.is_none_or(|nearest| error.to_string().contains(nearest)), "{error}");
        refused += 1;
    }
    assert!(refused > 10, "{refused}");
    assert_eq!(server.seen().len(), 0);
}

/// A checked input of a model that needs a webhook for this.
fn needing(need: WebhookNeed) -> Request {
    let plain = request();
    let spec: &'static ModelSpec = Box::leak(Box::new(ModelSpec { webhook: need, ..*plain.spec() }));
    form::check(spec, plain.input(), &Files::default(), Origin::Json).unwrap().request
}

#[tokio::test]
async fn a_model_that_needs_a_webhook_gets_one_where_nobody_listens() {
    let (server, client, _) = server_and_client().await;
    server.always(accepted());
    let own = Url::parse("https://bot.example.com/called").unwrap();
    let unused = format!("{}unused-webhook", server.url);
    for (need, given, sent) in [
        (WebhookNeed::Optional, None, None),
        (WebhookNeed::Optional, Some(&own), Some(own.as_str())),
        (WebhookNeed::Required, None, Some(unused.as_str())),
        (WebhookNeed::Required, Some(&own), Some(own.as_str())),
        (WebhookNeed::Result, Some(&own), Some(own.as_str())),
    ] {
        client.create_task(&needing(need), given).await.unwrap();
        let body = server.seen().pop().unwrap().json();
        assert_eq!(body.get("callBackUrl").and_then(Value::as_str), sent, "{need:?} {given:?}");
    }
    let before = server.seen().len();
    let error = client.create_task(&needing(WebhookNeed::Result), None).await.unwrap_err();
    assert_eq!(error, CreateError::Refused(Error::NeedsWebhook { model: "acme/draw-1" }));
    assert_eq!((error.error().code(), server.seen().len()), ("needs_webhook".to_owned(), before), "nothing is sent");
    assert!(!error.is_retryable() && !error.money_at_risk() && error.blame() == Blame::Account);
}

#[tokio::test]
async fn a_base_url_may_have_a_path() {
    let (server, _, clock) = server_and_client().await;
    server.says([accepted()]);
    let client = client_at(&server.url.join("/proxy/kie/").unwrap(), clock);
    client.create_task(&request(), None).await.unwrap();
    assert_eq!(server.seen()[0].path, "/proxy/kie/api/v1/jobs/createTask");
}

#[tokio::test]
async fn every_code_is_refused_or_unknown_and_only_429_is_sent_again() {
    let codes: Vec<i64> = RULES.iter().map(|rule| rule.code).chain([418, 503, 0]).collect();
    for code in codes {
        let (server, client, _) = server_and_client().await;
        server.always(Reply::code(code));
        let error = client.create_task(&request(), None).await.unwrap_err();
        let rule = kie::client::retry::rule(code);
        assert_eq!(error.is_unknown(), rule.create == CreateClass::Unknown, "{code}");
        assert_eq!(error.is_unknown(), [408, 503, 0].contains(&code), "{code}");
        assert_eq!(error.is_retryable(), [429, 455, 500].contains(&code), "{code}");
        assert_eq!(error.error().code(), code.to_string());
        assert_eq!(error.error().to_failure().message, format!("words of {code}"));
        let sent = if code == 429 { ATTEMPTS as usize } else { 1 };
        assert_eq!(server.seen().len(), sent, "{code}");
    }
}

#[tokio::test]
async fn an_auth_error_has_no_data_and_any_status() {
    for status in [200, 401] {
        let (server, client, _) = server_and_client().await;
        server.says([Reply::status(status, r#"{"code":401,"msg":"not authorised"}"#)]);
        let error = client.create_task(&request(), None).await.unwrap_err();
        assert!(matches!(&error, CreateError::Refused(error) if error.is_auth()), "{error:?}");
    }
}

#[tokio::test]
async fn too_many_requests_wait_as_long_as_told_and_then_pass() {
    let (server, client, clock) = server_and_client().await;
    server.says([Reply::code(429).header("retry-after", "17"), Reply::status(429, "slow down"), accepted()]);
    assert_eq!(client.create_task(&request(), None).await.map(|made| made.id), Ok(TaskId(ID.into())));
    assert_eq!(server.seen().len(), 3);
    let waited = passed(&clock);
    assert!((18.5..=19.0).contains(&waited), "17 s as told, then up to 2 s: {waited}");
}

#[tokio::test]
async fn a_storm_of_429_ends_as_refused() {
    let (server, client, clock) = server_and_client().await;
    server.always(Reply::code(429));
    let error = client.create_task(&request(), None).await.unwrap_err();
    assert!(matches!(error, CreateError::Refused(Error::Api { code: 429, .. })));
    assert!(passed(&clock) > 10.0, "the vendor's window is outlasted");
}

#[tokio::test]
async fn a_very_long_retry_after_is_the_callers() {
    let (server, client, clock) = server_and_client().await;
    server.says([Reply::code(429).header("retry-after", "3600"), accepted()]);
    let error = client.create_task(&request(), None).await.unwrap_err();
    assert_eq!(error.error().retry_after(), Some(Duration::from_secs(3600)));
    assert!(error.is_retryable());
    assert_eq!(passed(&clock), 0.0);
    // Other errors are repeated after the server's `Retry-After`, up to a limit.
    assert!(client.create_task(&request(), None).await.is_ok());
    assert_eq!(passed(&clock), 900.0);
}

#[tokio::test]
async fn f19_a_lost_answer_is_unknown_and_never_sent_twice() {
    let answer = json!({"code": 200, "msg": "success", "data": {"taskId": ID}}).to_string();
    let lost = [
        Reply::Lost,
        Reply::Truncated(answer.clone().into()),
        Reply::status(200, &answer.as_bytes()[..answer.len() / 2]),
        Reply::status(200, "<html>ok</html>"),
        Reply::status(500, ""),
        Reply::status(502, "<html>bad gateway</html>"),
        Reply::status(503, ""),
        Reply::status(504, "{\"error\":\"timeout\"}"),
        Reply::data(json!(null)),
        Reply::data(json!({})),
        Reply::data(json!({"taskId": ""})),
        Reply::data(json!("queued")),
        Reply::json(json!({"code": 200})),
    ];
    for reply in lost {
        let (server, client, _) = server_and_client().await;
        server.says([reply]);
        let error = client.create_task(&request(), None).await.unwrap_err();
        assert!(error.is_unknown() && !error.is_retryable(), "{error:?}");
        assert_eq!(server.seen().len(), 1, "{error}");
    }
}

#[tokio::test]
async fn a_silent_server_and_a_stuck_body_are_unknown() {
    for (reply, words) in [(Reply::Silent, "no answer"), (Reply::Stuck(b"{\"code\":200}".to_vec()), "nothing more")] {
        let server = Server::start().await;
        server.says([reply]);
        let error = hasty_client(&server.url).create_task(&request(), None).await.unwrap_err();
        assert!(matches!(&error, CreateError::Unknown(Error::Timeout { what, .. }) if *what == words), "{error:?}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_page_that_is_no_envelope_is_judged_by_its_status() {
    for (status, unknown) in
        [(301, false), (401, false), (403, false), (404, false), (413, false), (408, true), (500, true)]
    {
        let (server, client, _) = server_and_client().await;
        server.says([Reply::status(status, "<html></html>")]);
        let error = client.create_task(&request(), None).await.unwrap_err();
        assert_eq!(error.is_unknown(), unknown, "{status}");
        assert_eq!(error.error().code(), format!("http_{status}"));
    }
}

/// A clock that starts a server during the second pause.
#[derive(Debug)]
struct LateServer {
    clock: std::sync::Arc<ManualClock>,
    url: url::Url,
    pauses: AtomicU32,
    server: Mutex<Option<Server>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.url.as_str())
    }
}

impl Clock for LateServer {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn sleep(&self, d: Duration) -> Sleep<'_> {
        Box::pin(async move {
            self.clock.sleep(d).await;
            if self.pauses.fetch_add(1, Ordering::SeqCst) == 1 {
                let address = self.url.socket_addrs(|| None).unwrap()[0];
                let server = Server::start_at(address).await;
                server.says([accepted()]);
                *self.server.lock().unwrap() = Some(server);
            }
        })
    }
}

/// An address without a server.
async fn dead_url() -> url::Url {
    Server::start().await.url.clone()
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_until_the_server_is_up() {
    let url = loop {
        let url = dead_url().await;
        // The aborted server's socket closes when its task is next polled.
        if tokio::net::TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]).await.is_err() {
            break url;
        }
    };
    let late = LateServer { clock: clock(), url: url.clone(), pauses: AtomicU32::new(0), server: Mutex::new(None) };
    let late = std::sync::Arc::new(late);
    let client = client_at(&url, late.clone());
    assert_eq!(client.create_task(&request(), None).await.map(|made| made.id), Ok(TaskId(ID.into())));
    assert_eq!(late.pauses.load(Ordering::SeqCst), 2);
    assert_eq!(late.server.lock().unwrap().as_ref().unwrap().seen().len(), 1);
}

#[tokio::test]
async fn a_dead_server_is_refused_after_bounded_attempts() {
    let (server, client, clock) = server_and_client().await;
    drop(server);
    let outcome = client.generate(request()).await;
    assert_eq!((outcome.state, outcome.task.clone()), (OutcomeState::NotSubmitted, None));
    assert_eq!(outcome.error.unwrap().code(), "connect");
    let least: f64 = (1..ATTEMPTS).map(|n| kie::client::retry::BACKOFF.pause(n, 1.0).as_secs_f64()).sum();
    assert!(passed(&clock) >= least, "every pause was made");
}

#[tokio::test]
async fn generate_tells_refused_from_unknown() {
    for (reply, state) in [(Reply::code(422), OutcomeState::NotSubmitted), (Reply::Lost, OutcomeState::Unknown)] {
        let (server, client, _) = server_and_client().await;
        server.says([reply]);
        let outcome = client.generate(request()).await;
        assert_eq!((outcome.state, outcome.success(), outcome.task), (state, false, None));
        assert!(outcome.error.is_some());
        assert_eq!(server.seen().len(), 1);
    }
}
