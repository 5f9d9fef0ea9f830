//! `upload` and `credits`.

use kie::demo::harness::KEY;
use kie::demo::kie::{KieFault, Route};
use kie::sample::Sample;
use kie::schema::spec::MediaKind;
use serde_json::{Value, json};

use crate::cli::fixture::{call_in, call_with, vendor};

#[tokio::test(flavor = "multi_thread")]
async fn files_and_links_go_up_and_come_out_as_links() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let sample = Sample::of(MediaKind::Image).unwrap();
    std::fs::write(folder.path().join("cat"), sample.bytes).unwrap();
    let done = call_with(&kie, folder.path(), &["upload", "cat"]);
    let uploads = kie.uploads();
    assert_eq!((done.code, done.out.trim_end()), (Some(0), uploads[0].url.as_str()), "{done:?}");
    assert!(done.err.contains("KIE keeps it for 24 hours"), "{}", done.err);
    assert_eq!((kie.file(&uploads[0].url).unwrap(), uploads[0].mime.as_str()), (sample.bytes.into(), "image/png"));

    // Base64, and a link that the vendor downloads.
    let done = call_with(&kie, folder.path(), &["upload", "--base64", "--json", "cat", uploads[0].url.as_str()]);
    let rows = done.json();
    assert_eq!((done.code, done.err.as_str(), rows.as_array().unwrap().len()), (Some(0), "", 2), "{done:?}");
    for (row, source) in rows.as_array().unwrap().iter().zip(["cat", &uploads[0].url]) {
        assert_eq!((&row["source"], &row["error"], &row["kept_hours"]), (&json!(source), &Value::Null, &json!(24)));
        assert_eq!(kie.file(row["url"].as_str().unwrap()).unwrap(), sample.bytes);
    }
    assert_eq!(kie.key_leaks(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_does_not_stop_the_others() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("a.txt"), "one").unwrap();
    std::fs::write(folder.path().join("b.txt"), "two").unwrap();
    kie.fault(KieFault::code(Route::Upload, 400, "not this one"));
    let done = call_with(&kie, folder.path(), &["upload", "a.txt", "b.txt"]);
    assert_eq!((done.code, done.out.lines().count()), (Some(1), 1), "{done:?}");
    assert!(done.err.contains("a.txt was not uploaded: ") && done.err.contains("not this one"), "{}", done.err);
    kie.fault(KieFault::code(Route::Upload, 400, "not this one"));
    let done = call_with(&kie, folder.path(), &["upload", "--json", "a.txt", "b.txt"]);
    let rows = done.json();
    assert_eq!((done.code, &rows[0]["error"]["code"], &rows[0]["url"]), (Some(1), &json!("400"), &Value::Null));
    assert_eq!((&rows[0]["error"]["retryable"], &rows[0]["error"]["fault"]), (&json!(false), &json!("caller")));
    assert!(rows[1]["url"].is_string(), "{rows}");

    // A missing file is found before anything is sent.
    let sent = kie.requests(Route::Upload);
    for bad in ["none.png", "ftp://h/x", ".", "https://"] {
        let done = call_with(&kie, folder.path(), &["upload", "a.txt", bad]);
        assert!(done.complaint(2).starts_with(bad), "{done:?}");
    }
    assert_eq!(call_with(&kie, folder.path(), &["upload"]).code, Some(2));
    assert_eq!(kie.requests(Route::Upload), sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn credits_are_shown_for_each_key_by_its_label() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let with = |keys: &str, more: &[&str]| {
        let vars = [("KIE_API_URL", kie.url.as_str()), ("KIE_UPLOAD_URL", kie.url.as_str()), ("KIE_API_KEY", keys)];
        call_in(folder.path(), &[&["credits"], more].concat(), &vars, b"")
    };
    let done = with(KEY, &[]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.starts_with("KEY") && done.out.contains(&kie.balance().to_string()), "{}", done.out);

    let both = format!("a-key-of-nobody-1, {KEY}");
    let done = with(&both, &["--json"]);
    let shown = done.json();
    assert_eq!((done.code, &shown["total"]), (Some(0), &json!(kie.balance())), "{done:?}");
    let keys = shown["keys"].as_array().unwrap();
    assert_eq!((&keys[0]["credits"], &keys[0]["error"]["code"]), (&Value::Null, &json!("401")), "{shown}");
    assert_eq!((&keys[0]["error"]["fault"], &keys[1]["error"]), (&json!("account"), &Value::Null));
    let words = with(&both, &[]);
    assert!(words.out.contains(keys[0]["key"].as_str().unwrap()) && words.out.contains("401: "), "{}", words.out);

    let done = with("a-key-of-nobody-1", &["--json"]);
    assert_eq!((done.code, &done.json()["total"]), (Some(1), &json!(0.0)), "{done:?}");
    assert!(done.err.contains("no key was answered"), "{}", done.err);
    for text in [&done.out, &done.err, &words.out, &words.err] {
        assert!(!text.contains("a-key-of-nobody-1") && !text.contains(KEY), "{text}");
    }
}
