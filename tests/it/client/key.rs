//! Several keys: if one is refused, the next is used, and a task is polled with the key that created it.

use std::sync::Arc;
use std::time::Duration;

use kie::client::retry::Blame;
use kie::client::{Client, KeyLabel, OutcomeState, Rate, Resend, referenced_tasks};
use kie::clock::ManualClock;
use kie::form::{self, Origin};
use kie::job::TaskId;
use kie::ledger::Credits;
use kie::schema::Files;
use kie::schema::spec::{Kind, ModelSpec};
use kie::service::SharedLimiter;
use secrecy::SecretString;
use serde_json::json;

use crate::client::fixture::{ID, clock, passed, record, request, settings};
use crate::client::server::{Reply, Seen, Server};
use crate::support::database;

const FIRST: &str = "first-key-0123456789";
const SECOND: &str = "second-key-0123456789";
const REST: Duration = Duration::from_secs(600);

fn label(key: &str) -> KeyLabel {
    KeyLabel::of(&SecretString::from(key))
}

/// Which key a request came with: 1 or 2.
fn key_of(seen: &Seen) -> u8 {
    match seen.header("authorization").unwrap().strip_prefix("Bearer ").unwrap() {
        FIRST => 1,
        SECOND => 2,
        other => panic!("{other}"),
    }
}

fn keys_seen(server: &Server) -> Vec<u8> {
    server.seen().iter().map(key_of).collect()
}

fn client(server: &Server) -> (Client, Arc<ManualClock>) {
    let clock = clock();
    let mut settings = settings(&server.url);
    settings.key = SecretString::from(format!("{FIRST}, {SECOND}"));
    (Client::new(settings).unwrap().with_clock(clock.clone()).with_seed(7), clock)
}

fn accepted(id: &str) -> Reply {
    Reply::data(json!({"taskId": id}))
}

#[tokio::test]
async fn a_key_that_is_turned_down_rests_and_the_next_serves() {
    for code in [401, 402, 403, 433] {
        let server = Server::start().await;
        let (client, clock) = client(&server);
        server.says([Reply::code(code), accepted("a"), accepted("b"), accepted("c")]);
        let made = client.create_task(&request(), None).await.unwrap();
        assert_eq!((made.id, made.key), (TaskId("a".into()), label(SECOND)));
        let rests: Vec<_> = client.keys().into_iter().map(|key| (key.label, key.cooldown)).collect();
        assert_eq!(rests, [(label(FIRST), Some(REST)), (label(SECOND), None)]);
        assert_eq!(client.create_task(&request(), None).await.unwrap().key, label(SECOND));
        clock.advance(REST);
        assert_eq!(client.create_task(&request(), None).await.unwrap().key, label(FIRST));
        assert_eq!(keys_seen(&server), [1, 2, 2, 1], "{code}");
    }
}

#[tokio::test]
async fn nothing_else_is_sent_again_with_another_key() {
    for (reply, unknown) in [
        (Reply::Lost, true),
        (Reply::code(422), false),
        (Reply::code(500), false),
        (Reply::status(502, "<html>"), true),
        (Reply::data(json!({})), true),
        // It is refused, but the answer names a task.
        (Reply::json(json!({"code": 402, "msg": "no", "data": {"taskId": ID}})), true),
    ] {
        let server = Server::start().await;
        let (client, _) = client(&server);
        server.says([reply]);
        let error = client.create_task(&request(), None).await.unwrap_err();
        assert_eq!((error.is_unknown(), server.seen().len()), (unknown, 1), "{error}");
        assert_eq!(error.money_at_risk(), unknown);
    }
}

#[tokio::test]
async fn a_page_from_in_between_lays_no_key_to_rest() {
    for status in [401, 403] {
        let server = Server::start().await;
        let (client, _) = client(&server);
        server.always(Reply::status(status, "<html>are you a person?</html>"));
        let error = client.create_task(&request(), None).await.unwrap_err();
        assert!(!error.is_unknown() && error.is_retryable(), "it never reached the vendor: {error}");
        assert_eq!(server.seen().len(), 1);
        assert!(client.keys().iter().all(|key| key.cooldown.is_none()));
    }
}

#[tokio::test]
async fn the_page_of_a_cdn_is_told_from_a_bad_key() {
    for (status, page) in [(403, "error code: 1010"), (503, "<title>Just a moment...</title>")] {
        let server = Server::start().await;
        let (client, _) = client(&server);
        server.always(Reply::status(status, page));
        let error = client.create_task(&request(), None).await.unwrap_err();
        assert_eq!((error.error().code(), server.seen().len()), ("blocked".to_owned(), 1));
        assert!(!error.is_unknown() && error.is_retryable() && error.blame() == Blame::Network, "{error}");
        assert!(error.to_string().contains("did not reach kie"), "{error}");
        assert!(client.keys().iter().all(|key| key.cooldown.is_none()), "no key is to blame");
    }
}

#[tokio::test]
async fn when_all_rest_one_is_tried() {
    let server = Server::start().await;
    let (client, _) = client(&server);
    server.always(Reply::code(402));
    for sent in [2, 3, 4] {
        let error = client.create_task(&request(), None).await.unwrap_err();
        assert!(error.error().is_out_of_credits() && !error.money_at_risk());
        assert_eq!(server.seen().len(), sent, "both once, then one each time");
    }
    server.always(accepted("a"));
    let made = client.create_task(&request(), None).await.unwrap();
    assert_eq!(client.create_task(&request(), None).await.unwrap().key, made.key, "what works is awake again");
}

#[tokio::test]
async fn a_task_is_polled_with_the_key_that_made_it() {
    let server = Server::start().await;
    let (client, _) = client(&server);
    let done = record("success", json!({"response": {"resultUrls": ["https://f/1"]}}));
    server.says([accepted("a"), Reply::code(402), accepted("b")]);
    let first = client.create_task(&request(), None).await.unwrap();
    let second = client.create_task(&request(), None).await.unwrap();
    assert_eq!((&first.key, &second.key), (&label(FIRST), &label(SECOND)));
    server.says([Reply::data(record("waiting", json!({}))), Reply::data(done.clone())]);
    client.task(&first.id).await.unwrap();
    client.task(&second.id).await.unwrap();
    assert_eq!(keys_seen(&server)[3..], [1, 2], "also while it rests");

    // Another process that knows the key.
    let (later, _) = self::client(&server);
    server.says([Reply::data(done.clone()), Reply::code(422), Reply::data(done.clone()), Reply::data(done)]);
    assert!(later.resume("b".into(), Some(second.key), REST).finish().await.success());
    assert_eq!(keys_seen(&server)[5..], [2]);
    // Without the key, the keys are tried in turn, once.
    let (later, _) = self::client(&server);
    later.task(&"b".into()).await.unwrap();
    later.task(&"b".into()).await.unwrap();
    assert_eq!(keys_seen(&server)[6..], [1, 2, 2]);
    assert!(!later.remember_key(&"b".into(), &"00000000".into()));
}

#[tokio::test]
async fn an_answer_that_leaves_hope_counts_more_than_one_that_does_not() {
    for (first, second, expected) in [
        (401, 404, "404"),
        (404, 401, "404"),
        (404, 500, "500"),
        (500, 404, "500"),
        (501, 404, "501"),
        (404, 501, "501"),
    ] {
        let server = Server::start().await;
        let (client, _) = client(&server);
        server.says([Reply::code(first), Reply::code(second)]);
        let error = client.task(&ID.into()).await.unwrap_err();
        assert_eq!((error.code().as_str(), error.task()), (expected, Some(&ID.into())));
        assert_eq!(keys_seen(&server), [1, 2]);
    }
}

#[tokio::test]
async fn a_bad_key_is_no_end_of_a_task_of_another() {
    let server = Server::start().await;
    let (client, _) = client(&server);
    server.judges(|seen| match key_of(seen) {
        1 => Reply::code(401),
        _ => Reply::code(422),
    });
    let outcome = client.wait(&ID.into(), Duration::from_secs(900), |_| {}).await;
    assert_eq!(outcome.state, OutcomeState::Unknown);
    assert!(server.seen().len() > 6, "it had its grace");
}

#[tokio::test]
async fn uploads_and_links_go_to_the_next_key_too() {
    let server = Server::start().await;
    let (client, _) = client(&server);
    server.says([
        Reply::code(401),
        Reply::data(json!({"downloadUrl": "https://u/1.png"})),
        Reply::data(json!("https://f/dl")),
    ]);
    client.upload_bytes("a.png", "image/png", "x".into()).await.unwrap();
    client.download_link("https://f/1").await.unwrap();
    assert_eq!(keys_seen(&server), [1, 2, 2]);
}

#[tokio::test]
async fn credits_are_shown_per_key() {
    let server = Server::start().await;
    let (client, _) = client(&server);
    server.judges(|seen| match key_of(seen) {
        1 => Reply::code(401),
        _ => Reply::data(json!(12.5)),
    });
    let credits = client.credits_by_key().await;
    assert_eq!([&credits[0].label, &credits[1].label], [&label(FIRST), &label(SECOND)]);
    assert!(credits[0].credits.as_ref().unwrap_err().is_auth());
    assert_eq!(credits[1].credits, Ok(Credits::from_milli(12_500)));
    assert_eq!(client.credits().await, Ok(Credits::from_milli(12_500)));
    let shown = format!("{client:?} {credits:?} {:?}", client.keys());
    assert!(!shown.contains(FIRST) && !shown.contains(SECOND));
}

/// How many requests came with the first key, and with the second.
fn shares(server: &Server) -> [usize; 2] {
    let seen = keys_seen(server);
    [1, 2].map(|key| seen.iter().filter(|with| **with == key).count())
}

/// Creates so many tasks at once.
async fn create(client: &Client, count: usize) {
    let request = request();
    let creates = (0..count).map(|_| client.create_task(&request, None));
    futures::future::try_join_all(creates).await.unwrap();
}

#[tokio::test]
async fn keys_share_the_load() {
    let server = Server::start().await;
    let (client, clock) = client(&server);
    server.always(accepted("a"));
    create(&client, 40).await;
    assert_eq!(passed(&clock), 11.0, "two accounts have room for 36 at once, and for the rest after one window");
    assert_eq!(shares(&server), [22, 18]);
}

#[tokio::test]
async fn one_key_carries_all_while_the_other_is_refused() {
    let server = Server::start().await;
    let (client, clock) = client(&server);
    server.judges(|seen| if key_of(seen) == 1 { Reply::code(402) } else { accepted("a") });
    create(&client, 1).await;
    create(&client, 39).await;
    assert_eq!((shares(&server), passed(&clock)), ([1, 40], 22.0));
}

#[tokio::test]
async fn a_key_that_is_asked_to_wait_leaves_the_load_to_the_other() {
    let server = Server::start().await;
    let (client, clock) = client(&server);
    server.says([Reply::code(429).header("retry-after", "30")]);
    server.always(accepted("a"));
    let turn = client.acquire_create(&request()).await;
    let refused = client.create_task_with(turn, &request(), None).await.unwrap_err();
    assert_eq!(client.resend(&refused), Resend::After(Duration::from_secs(30)));
    create(&client, 18).await;
    assert_eq!((shares(&server), passed(&clock)), ([1, 18], 0.0));
}

/// What an account has made is not known to another one.
#[tokio::test]
async fn a_task_that_refers_to_another_goes_to_its_account() {
    let named = |model: &&&ModelSpec| {
        model.status.is_offered() && model.fields.iter().any(|f| f.required && matches!(f.kind, Kind::Task(_)))
    };
    let spec = kie::models::all().iter().find(named).expect("a model goes on with an earlier task");
    let request = form::check(*spec, &kie::models::find(spec.id).unwrap().example(), &Files::new(), Origin::Json);
    let request = request.unwrap().request;
    let [task] = referenced_tasks(&request).try_into().unwrap();
    for (key, number) in [(FIRST, 1), (SECOND, 2)] {
        let server = Server::start().await;
        let (client, clock) = client(&server);
        server.always(accepted("a"));
        assert!(client.remember_key(&task, &label(key)));
        for _ in 0..19 {
            client.create_task(&request, Some(&server.url)).await.unwrap();
        }
        assert_eq!((keys_seen(&server), passed(&clock)), (vec![number; 19], 11.0));
    }
}

/// As instances on one database share them.
#[tokio::test(flavor = "multi_thread")]
async fn keys_share_the_load_also_where_a_database_counts() {
    database::with_database(|url| async move {
        let server = Server::start().await;
        let store = kie::store::open(&url).await.unwrap();
        let limiter = Arc::new(SharedLimiter::new(store.budgets().unwrap()));
        let mut settings = settings(&server.url);
        settings.key = SecretString::from(format!("{FIRST},{SECOND}"));
        settings.policy.creates = Rate::new(5, Duration::from_secs(3600));
        server.always(accepted("a"));
        let instances = [(); 2].map(|()| Client::new(settings.clone()).unwrap().with_limiter(limiter.clone()));
        let [one, two] = &instances;
        tokio::join!(create(one, 5), create(two, 5));
        assert_eq!(shares(&server), [5, 5]);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn limits_are_per_key() {
    let server = Server::start().await;
    let (client, clock) = client(&server);
    server.judges(|seen| if key_of(seen) == 1 { Reply::code(433) } else { accepted("a") });
    let started = passed(&clock);
    for _ in 0..18 {
        client.create_task(&request(), None).await.unwrap();
    }
    assert_eq!(passed(&clock), started, "the try with the first key is the first key's");
}
