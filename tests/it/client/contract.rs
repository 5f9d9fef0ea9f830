//! The contract with the vendor: every reply of `tests/it/client/reply` is served over HTTP and read by the client.
//! Then the client is used with the simulated vendor in every format of the record, and with damaged replies.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use kie::client::retry::RULES;
use kie::client::wait::GRACE;
use kie::client::{Client, Outcome, OutcomeState, Task, Webhook, classify, envelope};
use kie::demo::kie::{
    KieFault, KieFaultEffect, Pace, RecordFormat, Route, SimKie, SimKieOptions, TaskEnd, TaskPlan, UnknownTask,
};
use kie::job::TaskId;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::fixture::{ID, client_at, clock, request, server_and_client};
use crate::client::server::Reply;

/// The replies by name.
fn replies() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/client/reply");
    let read = |path: &Path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), read(&path))).collect()
}

/// The outcome of one poll of a task after the grace period.
async fn look(client: &Client) -> Outcome {
    let id = TaskId::from(ID);
    let elapsed = GRACE;
    let first = client.task(&id).await;
    let state = match classify(elapsed, first.clone()) {
        kie::client::PollOutcome::Done(_) => OutcomeState::Succeeded,
        kie::client::PollOutcome::Unreadable(_) => OutcomeState::Unreadable,
        kie::client::PollOutcome::Failed(_) => OutcomeState::Failed,
        kie::client::PollOutcome::Fatal(_) => OutcomeState::Unknown,
        kie::client::PollOutcome::Pending(_) | kie::client::PollOutcome::Retry(_) => OutcomeState::StillRunning,
    };
    // As waiting does it, except that the first poll has a grace period.
    let whole = client.wait(&id, Duration::ZERO, |_| {}).await;
    if whole.state == OutcomeState::StillRunning { Outcome { state, ..whole } } else { whole }
}

#[tokio::test]
async fn every_reply_means_what_its_file_says() {
    for (name, file) in replies() {
        let (server, client, _) = server_and_client().await;
        server.always(Reply::json(file["reply"].clone()));
        let (outcome, expect) = (look(&client).await, &file["expect"]);
        assert_eq!(outcome.state.as_str(), expect["outcome"], "{name}: {outcome:?}");
        let failure = outcome.error.as_ref().map(|error| error.to_failure());
        for (key, value) in expect.as_object().unwrap() {
            let seen = match key.as_str() {
                "outcome" => continue,
                "state" => json!(client.task(&ID.into()).await.unwrap().state.as_str()),
                "urls" => json!(outcome.output.urls),
                "text" => json!(outcome.output.text),
                "credits" => json!(outcome.output.credits.map(|credits| credits.as_f64())),
                "code" => json!(failure.as_ref().map(|failure| &failure.code)),
                "message" => json!(failure.as_ref().map(|failure| &failure.message)),
                "roles" => json!(outcome.extras.files.iter().map(|file| file.role).collect::<Vec<_>>()),
                "titles" => json!(outcome.extras.tracks.iter().map(|track| &track.title).collect::<Vec<_>>()),
                "object" => json!(outcome.extras.object),
                "names" => json!(outcome.output.names),
                "data" => json!(outcome.output.data),
                other => panic!("{name} expects `{other}`"),
            };
            assert_eq!(&seen, value, "{name}: {key}");
        }
        let inputs = outcome.output.urls.iter().filter(|url| !url.starts_with("https://results.example.org/"));
        assert_eq!(inputs.count(), 0, "{name}");
        if file["reply"]["data"].is_object() {
            let raw = client.task(&ID.into()).await.unwrap().raw;
            assert_eq!(raw, file["reply"]["data"], "{name}: what nobody knows survives");
        }
    }
}

#[test]
fn every_code_has_a_reply() {
    let replies = replies();
    for rule in RULES {
        assert!(replies.contains_key(&format!("code_{}", rule.code)), "{}", rule.code);
    }
}

async fn simulated(record_format: RecordFormat, unknown: UnknownTask) -> (SimKie, Client) {
    let options = SimKieOptions { record_format, unknown, ..SimKieOptions::quick(2) };
    let kie = SimKie::start(options).await.unwrap();
    let client = client_at(&kie.url, clock());
    (kie, client)
}

#[tokio::test]
async fn the_simulated_vendor_is_understood_in_every_generation() {
    for record_format in [RecordFormat::A, RecordFormat::B, RecordFormat::C] {
        for unknown in [UnknownTask::NotFound, UnknownTask::Invalid, UnknownTask::Null] {
            let (kie, client) = simulated(record_format, unknown).await;
            kie.plan(TaskPlan { hidden_polls: 2, ..TaskPlan::default() });
            let done = client.generate(request()).await;
            assert!(done.success() && done.output.urls.len() == 1, "{record_format:?} {unknown:?}: {done:?}");
            assert_eq!(done.output.credits.is_some(), record_format != RecordFormat::A);

            let fail = TaskEnd::Fail { code: json!(500), msg: "upstream refused".into() };
            let ends = [
                (fail, OutcomeState::Failed, "500"),
                (TaskEnd::Envelope { code: 501, msg: "generation failed".into() }, OutcomeState::Failed, "501"),
                (TaskEnd::Envelope { code: 408, msg: "upstream is silent".into() }, OutcomeState::Failed, "408"),
                (TaskEnd::Empty, OutcomeState::Unreadable, "unreadable"),
            ];
            for (end, state, code) in ends {
                kie.plan(TaskPlan { end, ..TaskPlan::default() });
                let outcome = client.generate(request()).await;
                let seen = (outcome.state, outcome.error.as_ref().unwrap().code());
                assert_eq!(seen, (state, code.to_owned()), "{record_format:?}");
                assert_eq!(outcome.task.map(|task| task.0), kie.creates().last().map(|create| create.task_id.clone()));
            }
            let nobody = client.wait(&"f".repeat(32).as_str().into(), Duration::from_secs(600), |_| {}).await;
            assert_eq!(nobody.state, OutcomeState::Unknown, "{unknown:?}");
        }
    }
}

#[tokio::test]
async fn a_bad_connection_to_the_simulated_vendor_loses_no_task() {
    let (kie, client) = simulated(RecordFormat::C, UnknownTask::NotFound).await;
    for trouble in [
        KieFaultEffect::Html { status: 502 },
        KieFaultEffect::Disconnect,
        KieFaultEffect::LoseReply,
        KieFaultEffect::Truncate,
        KieFaultEffect::SlowBody(300),
        KieFaultEffect::Delay(100),
    ] {
        kie.fault(KieFault::once(Route::Record, trouble.clone()));
        let outcome = client.generate(request()).await;
        assert!(outcome.success(), "{trouble:?}: {outcome:?}");
    }
    assert_eq!(kie.creates().len(), 6);
    // For a create request it matters which: a slow reply is not lost, and after a lost one the request is not
    // repeated.
    for (trouble, state) in [
        (KieFaultEffect::SlowBody(300), OutcomeState::Succeeded),
        (KieFaultEffect::Delay(100), OutcomeState::Succeeded),
        (KieFaultEffect::Html { status: 502 }, OutcomeState::Unknown),
        (KieFaultEffect::Disconnect, OutcomeState::Unknown),
        (KieFaultEffect::LoseReply, OutcomeState::Unknown),
        (KieFaultEffect::Truncate, OutcomeState::Unknown),
    ] {
        let before = kie.requests(Route::Create);
        kie.fault(KieFault::once(Route::Create, trouble.clone()));
        assert_eq!(client.generate(request()).await.state, state, "{trouble:?}");
        assert_eq!(kie.requests(Route::Create), before + 1, "{trouble:?}");
    }
}

#[tokio::test]
async fn a_webhook_of_the_simulated_vendor_names_its_task() {
    let receiver = crate::client::server::Server::start().await;
    receiver.always(Reply::json(json!({})));
    let kie =
        SimKie::start(SimKieOptions { pace: Pace::Time(Duration::ZERO), ..SimKieOptions::quick(0) }).await.unwrap();
    kie.plan(TaskPlan { extra_webhooks: 2, ..TaskPlan::default() });
    let client = client_at(&kie.url, clock());
    let created = client.create_task(&request(), Some(&receiver.url)).await.unwrap();
    let give_up = std::time::Instant::now() + Duration::from_secs(60);
    while receiver.seen().len() < 3 {
        assert!(std::time::Instant::now() < give_up, "no webhook came");
        tokio::task::yield_now().await;
    }
    for seen in receiver.seen() {
        let webhook = Webhook::parse(&seen.body).unwrap();
        assert_eq!((webhook.task, webhook.output.urls.len()), (created.id.clone(), 1));
    }
}

/// Calls everything that reads the vendor's replies.
fn read(status: u16, body: &[u8]) {
    let id = TaskId::from(ID);
    let look = envelope::open(status, None, body).and_then(|record| Task::from_record(&id, record));
    let _ = classify(Duration::ZERO, look.clone());
    let _ = classify(GRACE, look);
    let _ = Webhook::parse(body);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_the_reader_panic(status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..400)) {
        read(status, &body);
    }
}

proptest! {
    #[test]
    fn no_damage_to_a_reply_makes_the_reader_panic(
        which in any::<prop::sample::Index>(), cut in any::<prop::sample::Index>(), length in 0_usize..40,
        patch in prop::collection::vec(any::<u8>(), 0..12), at_end in any::<bool>(),
    ) {
        let replies = REPLIES.get_or_init(|| replies().values().map(|file| file["reply"].to_string().into_bytes()).collect());
        let mut body = replies[which.index(replies.len())].clone();
        let from = cut.index(body.len());
        let to = if at_end { body.len() } else { (from + length).min(body.len()) };
        body.splice(from..to, patch);
        read(200, &body);
    }

    #[test]
    fn no_value_in_the_place_of_another_makes_the_reader_panic(
        which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), odd in any::<prop::sample::Index>(),
    ) {
        let replies = REPLIES.get_or_init(|| replies().values().map(|file| file["reply"].to_string().into_bytes()).collect());
        let mut reply: Value = serde_json::from_slice(&replies[which.index(replies.len())]).unwrap();
        let mut places = Vec::new();
        paths(&reply, String::new(), &mut places);
        let values = [
            json!(null), json!(true), json!(""), json!("{"), json!("[]"), json!("\"x\""), json!(-1), json!(1e300), json!(u64::MAX),
            json!(i64::MIN), json!([]), json!({}), json!([[[]]]), json!("https://"), json!("я".repeat(600)),
        ];
        *reply.pointer_mut(&places[place.index(places.len())]).unwrap() = odd.get(&values).clone();
        read(200, reply.to_string().as_bytes());
    }
}

static REPLIES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();

/// The JSON pointers of all values inside.
fn paths(value: &Value, here: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| paths(inner, format!("{here}/{key}"), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, inner)| paths(inner, format!("{here}/{n}"), found));
        }
        _ => {}
    }
    found.push(here);
}
