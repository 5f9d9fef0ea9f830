//! Uploads and downloads.

use std::path::Path;

use kie::client::{Error, Uploaded};
use serde_json::{Value, json};

use crate::client::fixture::{KEY, clock, hasty_client, passed, server_and_client, settings};
use crate::client::server::{Reply, Seen, Server};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and the rest";

fn stored() -> Reply {
    Reply::json(json!({"success": true, "code": 200, "msg": "File uploaded successfully", "data": {
        "success": true, "fileName": "1790000000000-abc123def.png", "filePath": "kieai/1/kie-bot/1790000000000-abc.png",
        "downloadUrl": "https://uploads.example.net/1.png", "fileSize": 70, "mimeType": "image/png",
        "uploadedAt": "2026-09-21T14:13:20.000Z",
    }}))
}

fn uploaded() -> Uploaded {
    Uploaded { url: "https://uploads.example.net/1.png".into(), bytes: Some(70), mime: "image/png".into() }
}

fn media(body: impl Into<Vec<u8>>) -> Reply {
    Reply::status(200, body).header("content-type", "image/png")
}

/// Checks an uploaded form and returns the stored name.
async fn check_form(seen: &Seen, mime: &str, content: &[u8], end: &str) -> String {
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/api/file-stream-upload"));
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let parts = seen.form().await;
    let names: Vec<_> = parts.iter().map(|part| part.0.as_str()).collect();
    assert_eq!(names, ["uploadPath", "fileName", "file"]);
    assert_eq!(parts[0].3, "kie-bot");
    let (_, name, kind, body) = &parts[2];
    let name = name.clone().unwrap();
    assert_eq!(parts[1].3, name);
    assert!(name.ends_with(end) && !name.contains("cat"), "{name}");
    assert_eq!((kind.as_deref(), &body[..]), (Some(mime), content));
    name
}

#[tokio::test]
async fn bytes_go_up_as_a_form_with_a_name_of_its_own() {
    let (server, client, _) = server_and_client().await;
    server.says([stored(), stored()]);
    let mut names = Vec::new();
    for _ in 0..2 {
        assert_eq!(client.upload_bytes("my cat.PNG", "image/png", PNG.into()).await, Ok(uploaded()));
        names.push(check_form(server.seen().last().unwrap(), "image/png", PNG, ".png").await);
    }
    assert_ne!(names[0], names[1]);
}

#[tokio::test]
async fn a_file_goes_up_as_a_stream() {
    let (server, client, _) = server_and_client().await;
    server.says([stored()]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cat");
    let content: Vec<u8> = (0..1_500_000_u32).map(|n| n as u8).collect();
    std::fs::write(&path, &content).unwrap();
    assert_eq!(client.upload_file(&path, "video/mp4").await, Ok(uploaded()));
    let seen = &server.seen()[0];
    check_form(seen, "video/mp4", &content, ".mp4").await;
    let length: usize = seen.header("content-length").unwrap().parse().unwrap();
    assert_eq!(length, seen.body.len(), "the length is known beforehand");
}

#[tokio::test]
async fn small_bytes_may_go_up_as_base64() {
    let (server, client, _) = server_and_client().await;
    server.says([Reply::status(502, ""), stored()]);
    assert_eq!(client.upload_base64("my cat.PNG", "image/png", PNG).await, Ok(uploaded()));
    let seen = server.seen().pop().unwrap();
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/api/file-base64-upload"));
    assert_eq!(seen.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    let body = seen.json();
    assert_eq!(body["base64Data"], "iVBORw0KGgoAAAANSUhEUiBhbmQgdGhlIHJlc3Q=");
    assert_eq!(body["uploadPath"], "kie-bot");
    assert!(matches!(&body["fileName"], Value::String(name) if name.ends_with(".png") && !name.contains("cat")));
    let large = vec![0; 10_000_001];
    assert_eq!(client.upload_base64("a", "image/png", &large).await, Err(Error::TooLarge { limit: 10_000_000 }));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_url_is_fetched_by_the_vendor() {
    let (server, client, _) = server_and_client().await;
    server.says([stored()]);
    // No port of this machine listens there: the first bytes cannot be had.
    let link = "http://127.0.0.1:1/a/cat.jpg?size=big";
    let uploaded = client.upload_url(link).await.unwrap();
    assert_eq!(uploaded.url, "https://uploads.example.net/1.png");
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/api/file-url-upload");
    let body = seen.json();
    assert_eq!(body["fileUrl"], link);
    assert_eq!(body["uploadPath"], "kie-bot");
    assert!(matches!(&body["fileName"], Value::String(name) if name.ends_with(".jpg")));
    for url in ["file:///etc/passwd", "cat.jpg", ""] {
        assert_eq!(client.upload_url(url).await, Err(Error::Url));
    }
}

/// The vendor's host serves a file by the ending of its name, and models refuse one that is of another type.
#[tokio::test]
async fn the_type_in_the_bytes_names_the_file() {
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0 and the rest";
    const VOICE: &[u8] = b"OggS\0\x02\0\0\0\0\0\0 and the rest";
    let (server, client, _) = server_and_client().await;
    server.always(stored());
    let dir = tempfile::tempdir().unwrap();
    let long: Vec<u8> = JPEG.iter().copied().chain((0..100_000_u32).map(|n| n as u8)).collect();
    for (name, told, content, mime, end) in [
        ("fox.png", "image/png", JPEG, "image/jpeg", ".jpg"),
        ("fox", "", JPEG, "image/jpeg", ".jpg"),
        ("fox.png", "image/png", &long, "image/jpeg", ".jpg"),
        ("voice.oga", "audio/ogg", VOICE, "audio/ogg", ".ogg"),
        ("notes.srt", "application/x-subrip", b"1\nwords", "application/x-subrip", ".srt"),
    ] {
        client.upload_bytes(name, told, content.to_vec().into()).await.unwrap();
        check_form(server.seen().last().unwrap(), mime, content, end).await;
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        client.upload_file(&path, told).await.unwrap();
        check_form(server.seen().last().unwrap(), mime, content, end).await;
        client.upload_base64(name, told, content).await.unwrap();
        let body = server.seen().last().unwrap().json();
        assert!(body["fileName"].as_str().unwrap().ends_with(end), "{body}");
    }
}

#[tokio::test]
async fn a_public_file_is_named_by_its_first_bytes() {
    let (server, client, _) = server_and_client().await;
    let name = async |replies: [Reply; 2], path: &str| {
        server.says(replies);
        client.upload_url(&format!("{}{path}", server.url)).await.unwrap();
        let seen = server.seen();
        let (peek, upload) = (&seen[seen.len() - 2], &seen[seen.len() - 1]);
        assert_eq!((peek.header("range"), peek.header("authorization")), (Some("bytes=0-8191"), None));
        upload.json()["fileName"].as_str().map(|name| name.rsplit_once('.').unwrap().1.to_owned())
    };
    assert_eq!(name([media(PNG), stored()], "cat.jpg").await.as_deref(), Some("png"));
    assert_eq!(name([media(PNG), stored()], "show.php?id=1").await.as_deref(), Some("png"));
    assert_eq!(name([Reply::status(403, ""), stored()], "cat.jpeg").await.as_deref(), Some("jpeg"));
    assert_eq!(name([media("words"), stored()], "show.php?id=1").await, None, "the vendor finds a name");
}

#[tokio::test]
async fn slashes_at_the_ends_of_the_folder_are_dropped() {
    let server = Server::start().await;
    server.says([stored()]);
    let mut settings = settings(&server.url);
    settings.upload_path = "/my/bot/".into();
    let client = kie::Client::new(settings).unwrap().with_clock(clock());
    client.upload_bytes("a.png", "nonsense\n", PNG.into()).await.unwrap();
    let parts = server.seen()[0].form().await;
    assert_eq!(parts[0].3, "my/bot");
    assert_eq!(parts[2].2.as_deref(), Some("image/png"));
    server.says([stored()]);
    client.upload_bytes("a", "nonsense\n", "words".into()).await.unwrap();
    assert_eq!(server.seen()[1].form().await[2].2.as_deref(), Some("application/octet-stream"));
}

#[tokio::test]
async fn uploads_are_tried_again_and_refusals_are_not() {
    let (server, client, _) = server_and_client().await;
    server.says([Reply::status(502, "<html>"), Reply::Lost, stored()]);
    client.upload_bytes("a.png", "image/png", PNG.into()).await.unwrap();
    assert_eq!(server.seen().len(), 3);
    server.says([Reply::code(400)]);
    assert_eq!(client.upload_bytes("a.png", "image/png", PNG.into()).await.unwrap_err().code(), "400");
    server.always(Reply::data(json!({"success": false})));
    assert_eq!(client.upload_bytes("a.png", "image/png", PNG.into()).await.unwrap_err().code(), "bad_reply");
    assert_eq!(server.seen().len(), 7);
}

#[tokio::test]
async fn a_missing_file_and_a_folder_are_file_errors() {
    let (server, client, _) = server_and_client().await;
    let dir = tempfile::tempdir().unwrap();
    for path in [dir.path(), &dir.path().join("none")] {
        let error = client.upload_file(path, "image/png").await.unwrap_err();
        assert!(matches!(error, Error::File { what: "read", .. }), "{error:?}");
    }
    assert!(server.seen().is_empty());
}

fn names(dir: &Path) -> Vec<String> {
    std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_download_is_whole_and_typed_by_its_content() {
    let (server, client, _) = server_and_client().await;
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("out");
    let typed = |kind: &'static str, body: &[u8]| Reply::status(200, body).header("content-type", kind);
    let cases = [
        (typed("text/plain", PNG), "image/png"),
        (typed("audio/x-thing; rate=5", b"unheard of"), "audio/x-thing"),
        (typed("nonsense", b"unheard of"), "application/octet-stream"),
    ];
    for (reply, mime) in cases {
        server.says([reply]);
        let url = server.url.join("f/1.mp4").unwrap();
        let got = client.download(url.as_str(), &to, 1000).await.unwrap();
        assert_eq!(got.mime, mime);
        assert_eq!(got.bytes, std::fs::metadata(&to).unwrap().len());
        assert_eq!(server.seen().last().unwrap().header("authorization"), None);
    }
    assert_eq!(names(dir.path()), ["out"]);
}

#[tokio::test]
async fn a_download_over_the_limit_leaves_nothing() {
    let (server, client, _) = server_and_client().await;
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("out");
    let big = vec![7; 5001];
    // Once with a `Content-Length`, once without.
    server.says([media(big.clone()), Reply::Stuck([big.clone(), big].concat()), media(vec![7; 5000])]);
    for _ in 0..2 {
        let error = client.download(server.url.as_str(), &to, 5000).await.unwrap_err();
        assert_eq!(error, Error::TooLarge { limit: 5000 });
        assert!(names(dir.path()).is_empty());
    }
    assert_eq!(client.download(server.url.as_str(), &to, 5000).await.unwrap().bytes, 5000);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_broken_download_is_tried_again() {
    let (server, client, clock) = server_and_client().await;
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("out");
    server.says([Reply::Truncated(PNG.into()), Reply::status(503, ""), media(PNG)]);
    assert_eq!(client.download(server.url.as_str(), &to, 1000).await.unwrap().bytes, PNG.len() as u64);
    assert_eq!(std::fs::read(&to).unwrap(), PNG);
    assert!(server.is_done() && passed(&clock) > 1.0);
    assert_eq!(names(dir.path()), ["out"]);
}

#[tokio::test]
async fn an_idle_download_and_an_empty_one_fail() {
    let server = Server::start().await;
    let client = hasty_client(&server.url);
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("out");
    server.says([Reply::Stuck(PNG.into()), Reply::Stuck(PNG.into()), Reply::Stuck(PNG.into())]);
    let error = client.download(server.url.as_str(), &to, 1000).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { what: "nothing more", .. }), "{error:?}");
    server.always(media(""));
    assert_eq!(client.download(server.url.as_str(), &to, 1000).await.unwrap_err().code(), "bad_reply");
    assert!(names(dir.path()).is_empty());
}

#[tokio::test]
async fn a_dropped_download_leaves_nothing() {
    let (server, client, _) = server_and_client().await;
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("out");
    server.says([Reply::Stuck(PNG.into())]);
    let mut download = Box::pin(client.download(server.url.as_str(), &to, 1000));
    for _ in 0..2000 {
        if !names(dir.path()).is_empty() {
            break;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(5), &mut download).await;
    }
    assert_eq!(names(dir.path()).len(), 1, "it has begun");
    drop(download);
    assert!(names(dir.path()).is_empty());
}

#[tokio::test]
async fn dead_links_bad_urls_and_full_disks_are_told_apart() {
    let (server, client, _) = server_and_client().await;
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("out");
    server.says([Reply::status(404, ""), Reply::status(403, ""), media(PNG)]);
    for status in [404, 403] {
        let error = client.download(server.url.as_str(), &to, 1000).await.unwrap_err();
        assert_eq!(error, Error::NoFile { status, retry_after: None });
    }
    let nowhere = dir.path().join("none/out");
    let error = client.download(server.url.as_str(), &nowhere, 1000).await.unwrap_err();
    assert!(matches!(error, Error::File { what: "write", .. }), "{error:?}");
    assert_eq!(client.download("file:///etc/passwd", &to, 1000).await, Err(Error::Url));
}

#[tokio::test]
async fn a_fresh_link_is_asked_for() {
    let (server, client, _) = server_and_client().await;
    server.says([
        Reply::data(json!("https://files.example.net/dl/short-lived")),
        Reply::code(422),
        Reply::data(json!({})),
    ]);
    let link = client.download_link("https://files.example.net/1.png").await;
    assert_eq!(link.as_deref(), Ok("https://files.example.net/dl/short-lived"));
    let seen = &server.seen()[0];
    assert_eq!(
        (seen.path.as_str(), seen.json()),
        ("/api/v1/common/download-url", json!({"url": "https://files.example.net/1.png"}))
    );
    assert_eq!(client.download_link("https://other.example.net/1.png").await.unwrap_err().code(), "422");
    server.always(Reply::data(json!("not a url")));
    assert_eq!(client.download_link("x").await.unwrap_err().code(), "bad_reply");
    assert!(server.is_done());
}
