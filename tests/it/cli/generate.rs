//! `generate`, with a simulated KIE.

use kie::demo::harness::KEY;
use kie::demo::kie::{KieFault, KieFaultEffect, Route, SimKie};
use kie::models;
use kie::schema::spec::WebhookNeed;
use kie::service::Service;
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call, call_in, call_with, from_file, from_words, vendor};

pub(crate) const NAMES: [&str; 9] =
    ["success", "result_urls", "text", "error", "task_id", "state", "credits", "files", "extras"];

async fn generate(kie: &SimKie, prompt: &str, more: &[&str]) -> (Done, Value) {
    let input = json!({ "prompt": prompt }).to_string();
    let args = [&["generate", from_words().id, "--input", &input, "--json"], more].concat();
    let done = call_with(kie, tempfile::tempdir().unwrap().path(), &args);
    let summary = done.json();
    let names: Vec<&String> = summary.as_object().unwrap().keys().collect();
    assert_eq!(names, NAMES, "{summary}");
    (done, summary)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_made_and_saved() {
    let kie = vendor().await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/pictures");
    let (done, summary) = generate(&kie, "a boat", &["--out", out.to_str().unwrap()]).await;
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    let task = kie.creates().remove(0).task_id;
    assert_eq!((&summary["success"], &summary["state"]), (&json!(true), &json!("succeeded")), "{summary}");
    assert_eq!((&summary["error"], &summary["task_id"]), (&Value::Null, &json!(task)));
    assert!(summary["credits"].as_f64().unwrap() > 0.0 && summary["text"].is_null(), "{summary}");
    let files = summary["files"].as_array().unwrap();
    let urls = summary["result_urls"].as_array().unwrap();
    assert_eq!((files.len(), urls.len()), (1, 1));
    let saved = std::fs::read(files[0].as_str().unwrap()).unwrap();
    assert_eq!(saved, kie.file(urls[0].as_str().unwrap()).unwrap());
    assert!(files[0].as_str().unwrap().ends_with(".png"), "{files:?}");
    // No partial file is left.
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
    assert_eq!(kie.key_leaks(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_folder_nothing_is_downloaded() {
    let kie = vendor().await;
    let (done, summary) = generate(&kie, "a boat", &[]).await;
    assert_eq!((done.code, &summary["files"]), (Some(0), &json!([])), "{done:?}");
    assert_eq!(kie.requests(Route::File), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_saved_is_named() {
    let kie = vendor().await;
    let gone = KieFaultEffect::Code { code: 404, msg: String::new(), status: Some(404), retry_after: None };
    kie.fault(KieFault::times(Route::File, 9, gone));
    let folder = tempfile::tempdir().unwrap();
    let (done, summary) = generate(&kie, "a boat", &["--out", folder.path().to_str().unwrap()]).await;
    assert_eq!((done.code, &summary["success"], &summary["files"]), (Some(1), &json!(true), &json!([])), "{done:?}");
    assert!(done.err.contains("was not saved"), "{}", done.err);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_uploaded_and_their_links_sent() {
    let kie = vendor().await;
    let (spec, field) = from_file();
    let folder = tempfile::tempdir().unwrap();
    let kind = match spec.fields.iter().find(|f| f.name == field).map(|f| &f.kind) {
        Some(kie::schema::spec::Kind::Media(media)) => media.of[0],
        other => panic!("{other:?}"),
    };
    let sample = kie::sample::Sample::of(kind).unwrap();
    std::fs::write(folder.path().join(sample.name), sample.bytes).unwrap();
    let media = format!("{field}={}", sample.name);
    let done = call_with(&kie, folder.path(), &["generate", spec.id, "--media", &media, "--json"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let uploads = kie.uploads();
    assert_eq!(kie.file(&uploads[0].url).unwrap(), sample.bytes);
    assert_eq!(kie.creates()[0].input[field], uploads[0].url);

    for (media, said) in [
        (format!("{field}=none.png"), "none.png is not a file".to_owned()),
        (format!("nothing={}", sample.name), format!("files go into {field}")),
    ] {
        let done = call_with(&kie, folder.path(), &["generate", spec.id, "--media", &media]);
        assert!(done.complaint(2).contains(&said), "{done:?}");
    }
    // A file that the field does not accept is found before anything is sent.
    std::fs::write(folder.path().join("notes.txt"), "no picture").unwrap();
    let done = call_with(&kie, folder.path(), &["generate", spec.id, "--media", &format!("{field}=notes.txt")]);
    assert_eq!((done.code, kie.uploads().len()), (Some(2), 1), "{done:?}");
    assert_eq!(call_with(&kie, folder.path(), &["generate", spec.id, "--media", field]).code, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_can_be_sent_and_left() {
    let kie = vendor().await;
    let (done, summary) = generate(&kie, "a boat [never]", &["--no-wait"]).await;
    assert_eq!((done.code, &summary["success"], &summary["state"]), (Some(0), &json!(false), &json!("submitted")));
    let task = kie.creates().remove(0).task_id;
    assert_eq!((&summary["task_id"], kie.polls(&task)), (&json!(task), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_task_keeps_its_id() {
    let kie = vendor().await;
    let (done, summary) = generate(&kie, "a boat [fail]", &[]).await;
    assert_eq!((done.code, &summary["success"]), (Some(1), &json!(false)), "{done:?}");
    let error = &summary["error"];
    assert_eq!(
        (&error["code"], &error["fault"], &error["task_id"]),
        (&json!("500"), &json!("vendor"), &summary["task_id"])
    );
    assert_eq!(
        (&error["retryable"], &error["money_at_risk"]),
        (&json!(false), &json!(false)),
        "the vendor gave it back"
    );
    assert!(summary["error"]["message"].as_str().unwrap().contains("could not complete"), "{summary}");
    assert_eq!(summary["task_id"], kie.creates()[0].task_id);
}

/// The waiting for a late result is tested with another clock.
#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_cannot_be_read_is_no_failure_and_may_have_been_charged() {
    let kie = vendor().await;
    let (_, sent) = generate(&kie, "a boat [empty]", &["--no-wait"]).await;
    let folder = tempfile::tempdir().unwrap();
    let task = sent["task_id"].as_str().unwrap();
    let look = |more: &[&str]| call_with(&kie, folder.path(), &[&["task", task], more].concat());
    let until_done = || loop {
        let done = look(&["--json"]);
        if done.json()["state"] != "still_running" {
            return done;
        }
    };
    let done = until_done();
    let summary = done.json();
    assert_eq!((done.code, &summary["state"]), (Some(1), &json!("unreadable")), "{summary}");
    let error = &summary["error"];
    assert_eq!((&error["code"], &error["money_at_risk"]), (&json!("unreadable"), &json!(true)), "{error}");
    assert_eq!((&error["retryable"], &error["fault"]), (&json!(false), &json!("vendor")), "{error}");
    assert_eq!(summary["record"]["state"], "success", "{summary}");
    assert!(summary["credits"].as_f64().unwrap() > 0.0, "{summary}");
    let told = look(&[]);
    assert!(told.err.contains("nothing in its answer can be read") && told.err.contains(task), "{told:?}");
    kie.finish(task);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_is_unknown_and_not_sent_again() {
    let kie = vendor().await;
    let (done, summary) = generate(&kie, "a boat [lost]", &[]).await;
    assert_eq!((done.code, &summary["state"], &summary["task_id"]), (Some(1), &json!("unknown"), &Value::Null));
    assert_eq!(kie.requests(Route::Create), 1);
    let error = &summary["error"];
    assert_eq!((&error["money_at_risk"], &error["retryable"]), (&json!(true), &json!(false)), "{error}");
    assert_eq!(error["fault"], "network");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_with_its_code() {
    let kie = vendor().await;
    kie.fault(KieFault::code(Route::Create, 402, "your credits are not enough"));
    let (done, summary) = generate(&kie, "a boat", &[]).await;
    assert_eq!((done.code, &summary["state"]), (Some(1), &json!("not_submitted")));
    let error = json!({
        "code": "402", "message": "your credits are not enough", "retryable": false, "retry_after_s": null,
        "fault": "account", "money_at_risk": false, "task_id": null,
    });
    assert_eq!(summary["error"], error);
    kie.fault(KieFault::busy(Route::Create, 3600));
    let (done, summary) = generate(&kie, "a boat", &[]).await;
    let error = &summary["error"];
    assert_eq!((done.code, &error["retryable"], &error["retry_after_s"]), (Some(1), &json!(true), &json!(3600.0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_kie_is_not_blamed_on_the_key() {
    let kie = vendor().await;
    kie.fault(KieFault::once(Route::Create, KieFaultEffect::Blocked));
    let (done, summary) = generate(&kie, "a boat", &[]).await;
    let error = &summary["error"];
    assert_eq!((done.code, &error["code"], &error["fault"]), (Some(1), &json!("blocked"), &json!("network")));
    assert_eq!((&error["retryable"], &error["money_at_risk"]), (&json!(true), &json!(false)), "{summary}");
    assert!(error["message"].as_str().unwrap().contains("the key is not the cause"), "{summary}");
    kie.fault(KieFault::code(Route::Create, 403, "IP 10.0.0.7 is not in the whitelist"));
    let (_, summary) = generate(&kie, "a boat", &[]).await;
    assert_eq!((&summary["error"]["code"], &summary["error"]["fault"]), (&json!("ip_refused"), &json!("account")));
}

/// The vendor refuses some models without the address of a webhook, and the command line has none.
#[tokio::test(flavor = "multi_thread")]
async fn models_that_need_a_webhook_are_made_without_one_where_the_result_can_be_polled() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let needing = |need: WebhookNeed| models::all().iter().copied().filter(move |spec| spec.webhook == need);
    let spec = needing(WebhookNeed::Required).find(|spec| Service::offers(spec)).unwrap();
    let bare = json!({"model": spec.id, "input": serde_json::from_str::<Value>(spec.example).unwrap()});
    let web = reqwest::Client::new();
    let create = kie.url.join("api/v1/jobs/createTask").unwrap();
    let refused: Value = web.post(create).bearer_auth(KEY).json(&bare).send().await.unwrap().json().await.unwrap();
    assert_eq!((&refused["code"], &refused["msg"]), (&json!(422), &json!("Please enter callBackUrl")));
    let done = call_with(&kie, folder.path(), &["generate", spec.id, "--input", spec.example, "--json"]);
    assert_eq!((done.code, &done.json()["state"]), (Some(0), &json!("succeeded")), "{done:?}");
    assert_eq!(kie.creates()[0].webhook.as_deref(), Some(format!("{}unused-webhook", kie.url).as_str()));

    let spec = needing(WebhookNeed::Result).next().unwrap();
    let sent = kie.requests(Route::Create);
    let args = ["generate", spec.id, "--input", spec.example];
    let done = call_with(&kie, folder.path(), &args);
    let complaint = done.complaint(2);
    assert!(complaint.contains("PUBLIC_URL") && complaint.contains("KIE_WEBHOOK_KEY"), "{complaint}");
    let done = call_with(&kie, folder.path(), &[&args[..], &["--json"]].concat());
    assert_eq!(done.json()["error"]["code"], "needs_webhook", "{done:?}");
    let done = call_with(&kie, folder.path(), &[&args[..], &["--dry-run"]].concat());
    assert_eq!(done.code, Some(0), "{done:?}");
    let args = ["sanity", "--model", spec.id, "--live", "--max-credits", "1", "--json"];
    let done = call_with(&kie, folder.path(), &args);
    assert!(done.out.contains("needs_webhook") && done.code == Some(1), "{done:?}");
    assert_eq!(kie.requests(Route::Create), sent, "nothing was sent");
    assert!(call(&["show", spec.id]).out.contains("KIE_WEBHOOK_KEY"));
    assert_eq!(call(&["show", spec.id, "--json"]).json()["webhook"], "result");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_for_what_cannot_end_well() {
    let kie = vendor().await;
    let folder = tempfile::tempdir().unwrap();
    let (spec, example) = (from_words().id, from_words().example);
    // A file in the place of the folder: not even root can write into it.
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let done = call_with(&kie, folder.path(), &["generate", spec, "--input", example, "--out", "taken/here"]);
    assert!(done.complaint(2).starts_with("taken/here cannot be written: "), "{done:?}");

    let done = call_with(&kie, folder.path(), &["generate", spec, "--no-wait", "--input", example, "--out", "new"]);
    assert_eq!((done.code, folder.path().join("new").exists()), (Some(2), false), "{done:?}");

    let done = call_with(&kie, folder.path(), &["generate", spec, "--input", "{}"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    assert!(done.err.contains("1 problem\n") && done.err.contains("prompt"), "{}", done.err);
    assert_eq!(kie.requests(Route::Create), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["generate", from_words().id, "--input", from_words().example];
    let call = |vars: &[(&str, &str)]| call_in(folder.path(), &args, vars, b"");
    let done = call(&[]);
    assert!(done.complaint(2).starts_with("KIE_API_KEY is not set: "), "{done:?}");
    for url in ["localhost:80", "not a url", "ftp://h", "http://"] {
        let done = call(&[("KIE_API_KEY", "k"), ("KIE_API_URL", url)]);
        assert!(done.complaint(2).starts_with("KIE_API_URL "), "{done:?}");
    }
    let done = call(&[("KIE_API_KEY", "a key with spaces")]);
    assert!(!done.complaint(2).contains("with spaces"), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connection_is_a_failure() {
    let kie = vendor().await;
    kie.stop().await;
    let (done, summary) = generate(&kie, "a boat", &[]).await;
    assert_eq!((done.code, &summary["state"], &summary["task_id"]), (Some(1), &json!("not_submitted"), &Value::Null));
    assert!(summary["error"]["message"].is_string(), "{summary}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_final_word_comes_in_any_case() {
    let kie = vendor().await;
    let folder = tempfile::tempdir().unwrap();
    let refused = |args: &[&str], code: i32| {
        let done = call_with(&kie, folder.path(), &[&["generate"], args, &["--json"]].concat());
        assert_eq!((done.code, done.err.as_str()), (Some(code), ""), "{done:?}");
        let summary = done.json();
        assert_eq!(summary.as_object().unwrap().keys().collect::<Vec<_>>(), NAMES);
        assert_eq!((&summary["state"], &summary["task_id"]), (&json!("not_submitted"), &Value::Null));
        summary["error"].clone()
    };
    let id = from_words().id;
    let error = refused(&[id, "--input", r#"{"prompt":5}"#, "-f", "promt=x"], 2);
    assert_eq!(
        (&error["code"], &error["fault"], &error["retryable"]),
        (&json!("invalid_input"), &json!("caller"), &json!(false))
    );
    let codes: Vec<_> = error["violations"].as_array().unwrap().iter().map(|v| v["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["unknown_field", "wrong_type"]);
    for args in [[id, "--input", "{"], [id, "--media", "x=none.png"], ["no-such", "-f", "prompt=x"]] {
        assert_eq!(refused(&args, 2)["code"], "bad_input");
    }
    assert_eq!(refused(&[crate::cli::fixture::retired().0.id], 2)["code"], "model_withdrawn");

    let (spec, field) = from_file();
    let sample = kie::sample::Sample::of(kie::schema::spec::MediaKind::Image).unwrap();
    std::fs::write(folder.path().join(sample.name), sample.bytes).unwrap();
    let media = format!("{field}={}", sample.name);
    kie.fault(KieFault::code(Route::Upload, 400, "not this one"));
    let error = refused(&[spec.id, "--media", &media], 1);
    assert_eq!(
        (&error["code"], &error["fault"], &error["retryable"]),
        (&json!("400"), &json!("caller"), &json!(false))
    );
    // JSON is printed without --json too, because something was sent.
    kie.fault(KieFault::code(Route::Upload, 400, "not this one"));
    let done = call_with(&kie, folder.path(), &["generate", spec.id, "--media", &media]);
    assert_eq!((done.code, &done.json()["error"]["code"]), (Some(1), &json!("400")));
    assert!(done.err.starts_with("error: ") && done.err.contains("was not uploaded"), "{done:?}");
    assert_eq!(kie.requests(Route::Create), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_that_answers_at_once_is_not_polled_and_says_what_goes_on() {
    let kie = vendor().await;
    let spec = *models::all().iter().find(|spec| spec.route.is_some() && !spec.next.is_empty()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for more in [&[][..], &["--no-wait"]] {
        let done = call_with(&kie, folder.path(), &[&["generate", spec.id, "--input", spec.example], more].concat());
        let summary = done.json();
        let made = format!("made-{}", kie.creates().last().unwrap().task_id);
        assert_eq!((done.code, &summary["state"]), (Some(0), &json!("succeeded")), "{done:?}");
        assert_eq!((&summary["result_id"], &summary["text"]), (&json!(made), &json!(made)), "{summary}");
        let next = format!("kie-bot generate {}", spec.next[0].model);
        assert!(done.err.contains(&next) && done.err.contains(&made), "{}", done.err);
        // An id that no task has cannot be gone on with.
        assert!(!done.err.contains("kie-bot task"), "{}", done.err);
    }
    assert_eq!(kie.requests(Route::Record), 0);
}
