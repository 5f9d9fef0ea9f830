//! Keys and prompts appear neither in logs nor at other hosts.

use kie::client::{Client, Settings};
use secrecy::SecretString;
use serde_json::json;

use crate::client::fixture::{ID, KEY, PROMPT, record, request, server_and_client, settings};
use crate::client::server::{Reply, Server};
use crate::support::log;

#[tokio::test]
async fn debug_and_errors_do_not_show_the_key() {
    let (server, client, _) = server_and_client().await;
    assert!(!format!("{client:?}").contains(KEY));
    let (other, dir) = (Server::start().await, tempfile::tempdir().unwrap());
    let to = dir.path().join("out");
    server.says([
        Reply::status(302, "").header("location", other.url.as_str()),
        Reply::json(json!({"code": 401, "msg": format!("the key {KEY} is unknown")})),
        Reply::Lost,
        Reply::status(502, format!("<html>{KEY}</html>")),
        Reply::data(record("fail", json!({"failMsg": format!("{KEY} has no right")}))),
    ]);
    let mut texts = Vec::new();
    for _ in 0..4 {
        let error = client.create_task(&request(), None).await.unwrap_err();
        texts.push(format!("{error} {error:?}"));
    }
    assert!(texts[0].contains("302") && texts[1].contains("[key]"), "{texts:?}");
    let task = client.task(&ID.into()).await.unwrap();
    texts.push(format!("{task:?}"));
    drop(server);
    let error = client.create_task(&request(), None).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    let error = client.download("http://127.0.0.1:9/private-path", &to, 5).await.unwrap_err();
    texts.push(format!("{error} {error:?}"));
    for text in &texts {
        assert!(!text.contains(KEY) && !text.contains(PROMPT) && !text.contains("private-path"), "{text}");
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn redirects_do_not_carry_the_key_away() {
    let (server, client, _) = server_and_client().await;
    let other = Server::start().await;
    other.always(Reply::data(json!({"taskId": ID})));
    for status in [301, 302, 307, 308] {
        server.says((0..4).map(|_| Reply::status(status, "").header("location", other.url.as_str())));
        assert!(!client.create_task(&request(), None).await.unwrap_err().is_unknown());
        assert_eq!(client.task(&ID.into()).await.unwrap_err().code(), format!("http_{status}"));
        assert!(client.credits().await.is_err());
        assert!(client.upload_bytes("a", "image/png", "x".into()).await.is_err());
    }
    assert!(other.seen().is_empty());

    // A file may be behind a redirect; it is downloaded without the key.
    let client = Client::new(Settings { private_hosts: true, ..settings(&server.url) }).unwrap();
    let dir = tempfile::tempdir().unwrap();
    server.says([Reply::status(302, "").header("location", other.url.as_str())]);
    client.download(server.url.as_str(), &dir.path().join("out"), 1000).await.unwrap();
    for seen in server.seen().last().iter().chain(&other.seen().last()) {
        assert_eq!(seen.header("authorization"), None);
        assert!(!format!("{seen:?}").contains(KEY));
    }
    assert_eq!(other.seen().len(), 1);
}

#[test]
fn a_key_that_cannot_be_sent_is_not_shown() {
    for key in ["", "secret key", "secret\r\nx: y", "sécret"] {
        let error = Client::new(Settings::new(SecretString::from(key))).unwrap_err();
        assert!(!format!("{error} {error:?}").contains('é') && !error.to_string().contains("secret"), "{error}");
    }
}

/// F41: requests to the vendor were logged completely.
#[tokio::test]
async fn f41_logs_never_hold_the_key_nor_above_debug_the_prompt_or_a_url() {
    log::capture();
    let (server, client, _) = server_and_client().await;
    let result = json!({"resultUrls": ["https://files.example.net/private.png"]});
    server.says([
        Reply::code(429),
        Reply::data(json!({"taskId": ID})),
        Reply::code(500),
        Reply::data(record("success", json!({"response": result, "param": PROMPT}))),
        Reply::Lost,
        Reply::data(json!("https://files.example.net/private.png")),
    ]);
    assert!(client.generate(request()).await.success());
    assert!(client.create_task(&request(), None).await.is_err());
    client.download_link("https://files.example.net/private.png").await.unwrap();

    let log = log::captured();
    assert!(log.contains("kie answered") && log.contains("kie accepted a task") && log.contains(ID), "{log}");
    assert!(!log.contains(KEY), "{log}");
    let is_low = |line: &&str| line.contains(" DEBUG ") || line.contains(" TRACE ");
    for line in log.lines().filter(|line| line.contains(" kie::") || !is_low(line)) {
        for private in [PROMPT, "private.png", "http://", "https://"] {
            assert!(!line.contains(private), "{line}");
        }
    }
}
