//! Webhooks over the wire: posted to a receiver, checked, read, and confirmed by a poll.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kie::client::webhook::{SIGNATURE_HEADER, TIMESTAMP_HEADER};
use kie::client::{PollOutcome, Rejected, TaskState, Verifier, Webhook, WebhookError, classify};
use kie::clock::{Clock, ManualClock};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::client::fixture::{ID, clock, record, server_and_client};
use crate::client::server::{Reply, Seen, Server};

const KEY: &str = "example-hmac-key-0001";

fn sign(key: &str, task: &str, time: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(format!("{task}.{time}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Posts a body to a receiver, and returns it as received.
async fn post(body: &str, headers: &[(&str, &str)]) -> Seen {
    let receiver = Server::start().await;
    receiver.always(Reply::json(json!({})));
    let mut request = reqwest::Client::new().post(receiver.url.clone()).body(body.to_owned());
    for (name, value) in headers {
        // The case of header names is not guaranteed.
        request = request.header(name.to_ascii_lowercase(), *value);
    }
    request.send().await.unwrap();
    receiver.seen().pop().unwrap()
}

/// What a receiver does with a webhook before it asks KIE.
fn receive(verifier: &Verifier, seen: &Seen) -> Result<Result<Webhook, Rejected>, WebhookError> {
    let webhook = Webhook::parse(&seen.body)?;
    let checked = verifier.verify(&webhook.task, seen.header(TIMESTAMP_HEADER), seen.header(SIGNATURE_HEADER));
    Ok(checked.map(|()| webhook))
}

fn verifier() -> (Verifier, Arc<ManualClock>) {
    let clock = clock();
    (Verifier::new(SecretString::from(KEY), clock.clone()), clock)
}

fn body() -> String {
    let result = json!({"resultUrls": ["https://evil.example.net/1.png"]}).to_string();
    json!({"code": 200, "msg": "success", "data": record("success", json!({"resultJson": result}))}).to_string()
}

async fn signed(time: i64) -> Seen {
    let time = time.to_string();
    post(&body(), &[(TIMESTAMP_HEADER, &time), (SIGNATURE_HEADER, &sign(KEY, ID, &time))]).await
}

#[tokio::test]
async fn a_webhook_is_a_hint_and_the_poll_decides() {
    let (verifier, clock) = verifier();
    let seen = signed(clock.now().millis() / 1000).await;
    let webhook = receive(&verifier, &seen).unwrap().unwrap();
    assert_eq!((webhook.task.0.as_str(), webhook.state), (ID, Some(TaskState::Success)));
    // The body is not signed, so its result does not count.
    let (server, client, _) = server_and_client().await;
    server.says([Reply::data(record(
        "success",
        json!({"response": {"resultUrls": ["https://files.example.net/1.png"]}}),
    ))]);
    let outcome = classify(Duration::from_secs(9), client.task(&webhook.task).await);
    assert!(matches!(outcome, PollOutcome::Done(output) if output.urls == ["https://files.example.net/1.png"]));
}

#[tokio::test]
async fn duplicates_are_told_from_new_ones() {
    let (verifier, clock) = verifier();
    let now = clock.now().millis() / 1000;
    assert!(receive(&verifier, &signed(now).await).unwrap().is_ok());
    for _ in 0..3 {
        assert_eq!(receive(&verifier, &signed(now).await).unwrap(), Err(Rejected::Repeated));
    }
    assert!(receive(&verifier, &signed(now + 1).await).unwrap().is_ok(), "another delivery of the same task");
}

#[tokio::test]
async fn late_and_stale_ones_are_refused() {
    let (verifier, clock) = verifier();
    let now = clock.now().millis() / 1000;
    let late = signed(now).await;
    clock.advance(Duration::from_secs(301));
    assert_eq!(receive(&verifier, &late).unwrap(), Err(Rejected::Stale));
    assert_eq!(receive(&verifier, &signed(now + 301 + 301).await).unwrap(), Err(Rejected::Stale));
    assert!(receive(&verifier, &signed(now + 301).await).unwrap().is_ok());
}

#[tokio::test]
async fn forged_ones_are_refused() {
    let (verifier, clock) = verifier();
    let time = (clock.now().millis() / 1000).to_string();
    let (good, other) = (sign(KEY, ID, &time), sign("another-key", ID, &time));
    let cases: [(&[(&str, &str)], Rejected); 6] = [
        (&[], Rejected::Missing(TIMESTAMP_HEADER)),
        (&[(SIGNATURE_HEADER, &good)], Rejected::Missing(TIMESTAMP_HEADER)),
        (&[(TIMESTAMP_HEADER, &time)], Rejected::Missing(SIGNATURE_HEADER)),
        (&[(TIMESTAMP_HEADER, &time), (SIGNATURE_HEADER, &other)], Rejected::Forged),
        (&[(TIMESTAMP_HEADER, &time), (SIGNATURE_HEADER, &good[..10])], Rejected::Forged),
        (&[(TIMESTAMP_HEADER, "0"), (SIGNATURE_HEADER, &good)], Rejected::Forged),
    ];
    for (headers, why) in cases {
        assert_eq!(receive(&verifier, &post(&body(), headers).await).unwrap(), Err(why));
    }
    // The signature of one task is not valid for another.
    let swapped = body().replace(ID, "ffffffffffffffffffffffffffffffff");
    let seen = post(&swapped, &[(TIMESTAMP_HEADER, &time), (SIGNATURE_HEADER, &good)]).await;
    assert_eq!(receive(&verifier, &seen).unwrap(), Err(Rejected::Forged));
}

#[tokio::test]
async fn bodies_that_are_none_are_told() {
    let (verifier, _) = verifier();
    let data = |data: Value| json!({"code": 200, "data": data}).to_string();
    for (body, why) in [
        ("", WebhookError::NotAnObject),
        ("<html>", WebhookError::NotAnObject),
        ("[]", WebhookError::NotAnObject),
        (data(json!(null)).as_str(), WebhookError::NoTask),
        (data(json!({"taskId": ""})).as_str(), WebhookError::NoTask),
    ] {
        assert_eq!(receive(&verifier, &post(body, &[]).await), Err(why));
    }
}
