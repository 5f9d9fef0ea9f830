//! A client with a clock that does not wait, and a request.

use std::sync::Arc;
use std::time::Duration;

use kie::client::{Client, Settings, Timeouts};
use kie::clock::{Clock, ManualClock, Timestamp};
use kie::form::{self, Origin};
use kie::schema::Localized;
use kie::schema::spec::{
    FieldSpec, IntegerSpec, Kind, ModelSpec, NumberForm, OutputKind, ResultSpec, Status, TaskSpec, TextSpec,
    WebhookNeed,
};
use kie::schema::{Files, Request};
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::client::server::Server;

pub(crate) const KEY: &str = "5ecre7-k3y-0123456789abcdef";
pub(crate) const ID: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const PROMPT: &str = "a very private boat";

static TASK: TaskSpec = TaskSpec {
    id: "text_to_image",
    title: Localized::new(["Picture", "Картинка"]),
    icon: "🖼",
    usual_s: 20,
    follows: None,
    deadline_s: 300,
};

static FIELDS: &[FieldSpec] = &[
    field("prompt", Kind::Text(TextSpec { min: 1, max: Some(1000), max_cjk: None, format: None })),
    field(
        "n",
        Kind::Integer(IntegerSpec {
            min: Some(1),
            max: Some(4),
            step: None,
            extra_values: &[],
            excluded: &[],
            form: NumberForm::Number,
        }),
    ),
];

const fn field(name: &'static str, kind: Kind) -> FieldSpec {
    FieldSpec {
        name,
        aliases: &[],
        kind,
        required: true,
        default: None,
        advanced: false,
        deprecated: false,
        label: Localized::new(["Field", "Поле"]),
        line: 1,
    }
}

static MODEL: ModelSpec = ModelSpec {
    id: "acme/draw-1",
    aliases: &[],
    title: Localized::new(["Draw", "Рисунок"]),
    about: Localized::new(["Draws.", "Рисует."]),
    provider: "Acme",
    tasks: &[&TASK],
    output: OutputKind::Image,
    webhook: WebhookNeed::Optional,
    status: Status::Live,
    nearest: None,
    route: None,
    result: ResultSpec::DEFAULT,
    next: &[],
    is_listed: true,
    fields: FIELDS,
    ignored_fields: &[],
    rules: &[],
    price: None,
    example: r#"{"prompt":"a boat","n":1}"#,
    advises: true,
    // No typed input is needed.
    line: 1,
};

/// Makes a request of a checked input.
pub(crate) fn request() -> Request {
    let Value::Object(input) = json!({"prompt": PROMPT, "n": 1}) else { unreachable!() };
    form::check(&MODEL, &input, &Files::default(), Origin::Json).unwrap().request
}

pub(crate) fn settings(url: &Url) -> Settings {
    Settings {
        api_url: url.clone(),
        upload_url: url.clone(),
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(20),
            idle: Duration::from_secs(20),
            total: Duration::from_secs(30),
            transfer: Duration::from_secs(30),
        },
        ..Settings::new(SecretString::from(KEY))
    }
}

pub(crate) fn client_at(url: &Url, clock: Arc<dyn Clock>) -> Client {
    Client::new(settings(url)).unwrap().with_clock(clock).with_seed(7)
}

/// A client with short time limits, for servers that stop answering.
pub(crate) fn hasty_client(url: &Url) -> Client {
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        first_byte: Duration::from_millis(150),
        idle: Duration::from_millis(150),
        total: Duration::from_secs(10),
        transfer: Duration::from_secs(10),
    };
    Client::new(Settings { timeouts, ..settings(url) }).unwrap().with_clock(clock()).with_seed(7)
}

pub(crate) fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::from_millis(1_790_000_000_000)))
}

/// A server, a client of it, and the client's clock.
pub(crate) async fn server_and_client() -> (Server, Client, Arc<ManualClock>) {
    let server = Server::start().await;
    let clock = clock();
    let client = client_at(&server.url, clock.clone());
    (server, client, clock)
}

/// Seconds since the clock was created.
pub(crate) fn passed(clock: &ManualClock) -> f64 {
    clock.now().since(Timestamp::from_millis(1_790_000_000_000)).as_secs_f64()
}

/// A record as the vendor sends it, with the fields of `more`.
pub(crate) fn record(state: &str, more: Value) -> Value {
    let mut record = json!({
        "taskId": ID, "model": "acme/draw-1", "state": state, "resultJson": "", "failCode": null, "failMsg": null,
        "param": "{\"input\":\"{\\\"image_url\\\":\\\"https://files.example.net/input.png\\\"}\",\"model\":\"acme/draw-1\"}",
        "costTime": null, "completeTime": null, "createTime": 1_790_000_000_004_i64,
    });
    if let (Value::Object(record), Value::Object(more)) = (&mut record, more) {
        record.extend(more);
    }
    record
}

/// The path of an example. `cargo test` builds all examples first; a run of this test alone may have to build it.
pub(crate) fn example(name: &str) -> std::path::PathBuf {
    let tests = std::env::current_exe().unwrap();
    let file = format!("examples/{name}{}", std::env::consts::EXE_SUFFIX);
    let path = tests.parent().unwrap().parent().unwrap().join(file);
    if !path.exists() {
        let built =
            std::process::Command::new(env!("CARGO")).args(["build", "--quiet", "--example", name]).status().unwrap();
        assert!(built.success());
    }
    path
}
