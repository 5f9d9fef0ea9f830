use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::client::Role;

fn read(body: Value) -> Webhook {
    Webhook::parse(body.to_string().as_bytes()).unwrap()
}

/// State, URLs, text.
fn gist(body: Value) -> (Option<TaskState>, Vec<String>, Option<String>) {
    let webhook = read(body);
    assert_eq!(webhook.task, TaskId("t".into()));
    (webhook.state, webhook.output.urls, webhook.output.text)
}

const U: &str = "https://f/1";
const V: &str = "https://f/2";

fn done(urls: &[&str]) -> (Option<TaskState>, Vec<String>, Option<String>) {
    (Some(TaskState::Success), urls.iter().map(|url| (*url).to_owned()).collect(), None)
}

fn failed() -> (Option<TaskState>, Vec<String>, Option<String>) {
    (Some(TaskState::Fail), Vec::new(), None)
}

#[test]
fn market_success_and_failure() {
    let data = json!({"taskId": "t", "model": "acme/draw-1", "state": "success", "param": "{\"image_url\":\"https://in\"}",
        "resultJson": json!({"resultUrls": [U, V]}).to_string(), "consumeCredits": 4.5, "remainedCredits": 1000});
    let webhook = read(json!({"code": 200, "msg": "success", "data": data}));
    assert_eq!(
        webhook.output,
        Output { urls: vec![U.into(), V.into()], credits: Some(Credits::from_milli(4500)), ..Output::default() }
    );
    assert_eq!((webhook.state, webhook.failure), (Some(TaskState::Success), None));

    let data = json!({"taskId": "t", "model": "acme/film-3", "state": "fail", "failCode": "500",
        "failMsg": "upstream refused", "param": "{}", "costTime": 0, "consumeCredits": 0});
    let webhook = read(json!({"code": 501, "msg": "task failed", "data": data}));
    assert_eq!(webhook.state, Some(TaskState::Fail));
    assert_eq!(webhook.failure, Some(Failure { code: "500".into(), message: "upstream refused".into() }));
    let data = json!({"taskId": "t", "state": "fail", "failMsg": "upstream refused"});
    let webhook = read(json!({"code": 501, "msg": "task failed", "data": data}));
    assert_eq!(webhook.failure, Some(Failure { code: "501".into(), message: "upstream refused".into() }));
}

#[test]
fn veo() {
    let info = json!({"resultUrls": [U], "originUrls": [V], "resolution": "720p"});
    let body = json!({"code": 200, "data": {"taskId": "t", "promptJson": "{}", "info": info, "fallbackFlag": false}});
    assert_eq!(gist(body), done(&[U]));
    for code in [400, 422, 500, 501] {
        assert_eq!(gist(json!({"code": code, "msg": "no", "data": {"taskId": "t"}})), failed());
    }
    for data in [
        json!({"taskId": "t", "info": {"resultUrls": [U], "imageUrls": [V]}}),
        json!({"task_id": "t", "result_urls": [U], "media_ids": ["m"], "image_urls": [V]}),
    ] {
        let webhook = read(json!({"code": 200, "data": data}));
        assert_eq!((webhook.output.urls, webhook.extras.files[0].url.as_str()), (vec![U.to_owned()], V));
        assert_eq!(webhook.extras.files[0].role, Role::Picture);
    }
}

#[test]
fn suno_music_comes_in_parts() {
    let body =
        |kind: &str, data: Value| json!({"code": 200, "data": {"callbackType": kind, "task_id": "t", "data": data}});
    let tracks = json!([
        {"id": "a", "audio_url": U, "stream_audio_url": V, "image_url": V, "title": "Rain", "duration": 121.4},
        {"id": "b", "audio_url": "", "stream_audio_url": V, "title": "Not yet"},
    ]);
    for partial in ["text", "first"] {
        assert_eq!(gist(body(partial, tracks.clone())).0, Some(TaskState::Generating));
    }
    let whole = read(body("complete", tracks));
    assert_eq!((whole.state, whole.output.urls), (Some(TaskState::Success), vec![U.to_owned()]));
    assert_eq!(whole.extras.tracks[0].title.as_deref(), Some("Rain"));
    let error =
        read(json!({"code": 531, "msg": "no luck", "data": {"callbackType": "error", "task_id": "t", "data": null}}));
    assert_eq!(error.failure, Some(Failure { code: "531".into(), message: "no luck".into() }));
    let partial_error =
        json!({"code": 400, "msg": "no", "data": {"callbackType": "text", "task_id": "t", "data": null}});
    assert_eq!(gist(partial_error), failed());
}

#[test]
fn suno_lyrics_and_utilities() {
    let lyrics =
        json!([{"text": "la", "title": "One"}, {"text": "lo", "title": "Two"}, {"text": "", "status": "failed"}]);
    let body = json!({"code": 200, "data": {"callbackType": "complete", "task_id": "t", "data": lyrics}});
    assert_eq!(gist(body), (Some(TaskState::Success), vec![], Some("la\n\nlo".into())));
    assert_eq!(gist(json!({"code": 200, "data": {"task_id": "t", "audio_wav_url": U}})), done(&[U]));
    let stems = json!({"instrumental_url": U, "origin_url": "https://in", "vocal_url": V});
    assert_eq!(gist(json!({"code": 200, "data": {"task_id": "t", "vocal_removal_info": stems}})), done(&[U, V]));
    let nothing = json!({"code": 500, "data": {"task_id": "t", "vocal_removal_info": null}});
    assert_eq!(gist(nothing), failed());
}

#[test]
fn pictures() {
    let body = |code: i64, info: Value| json!({"code": code, "msg": "m", "data": {"taskId": "t", "info": info}});
    assert_eq!(gist(body(200, json!({"result_urls": [U]}))), done(&[U]));
    assert_eq!(gist(body(400, json!(null))), failed());
    assert_eq!(gist(body(200, json!({"originImageUrl": V, "resultImageUrl": U}))), done(&[U]));
    assert_eq!(gist(body(501, json!({"originImageUrl": "", "resultImageUrl": ""}))), failed());
}

#[test]
fn runway_and_aleph() {
    let data = json!({"task_id": "t", "video_id": "v", "video_url": U, "image_url": V});
    assert_eq!(gist(json!({"code": 200, "data": data})), done(&[U]));
    let data = json!({"task_id": "t", "video_id": "", "video_url": "", "image_url": ""});
    assert_eq!(gist(json!({"code": 400, "data": data})), failed());
    let data = json!({"result_video_url": U, "result_image_url": V});
    assert_eq!(gist(json!({"code": 200, "data": data, "taskId": "t"})), done(&[U]));
    assert_eq!(gist(json!({"code": 501, "data": null, "taskId": "t"})), failed());
}

#[test]
fn ids_are_looked_up_in_order() {
    let id = |body: Value| Webhook::parse(body.to_string().as_bytes()).map(|webhook| webhook.task.0);
    let all = json!({"data": {"taskId": "a", "task_id": "b"}, "taskId": "c", "task_id": "d"});
    let mut body = all;
    for (expected, path) in [("a", "/data/taskId"), ("b", "/data/task_id"), ("c", "/taskId"), ("d", "/task_id")] {
        assert_eq!(id(body.clone()), Ok(expected.to_owned()));
        *body.pointer_mut(path).unwrap() = json!("");
    }
    assert_eq!(id(body), Err(WebhookError::NoTask));
    for nothing in [json!({}), json!({"data": null}), json!({"data": []}), json!({"data": {"taskId": null}})] {
        assert_eq!(id(nothing), Err(WebhookError::NoTask));
    }
}

#[test]
fn unknown_families_survive() {
    let body = json!({"code": 200, "data": {"task_id": "t", "hologram": {"shape": "cube"}}});
    let webhook = read(body.clone());
    assert_eq!((webhook.state, webhook.output, webhook.raw), (None, Output::default(), body));
    let odd = read(json!({"data": {"taskId": "t", "state": "pondering"}}));
    assert_eq!(odd.state, Some(TaskState::Other("pondering".into())));
    let flag = read(json!({"code": 200, "data": {"taskId": "t", "successFlag": 3, "errorCode": 7}}));
    assert_eq!((flag.state, flag.failure.unwrap().code), (Some(TaskState::Fail), "7".into()));
}

fn any_json() -> impl Strategy<Value = Value> {
    let keys = [
        "taskId",
        "task_id",
        "data",
        "info",
        "code",
        "msg",
        "state",
        "successFlag",
        "callbackType",
        "resultUrls",
        "audio_url",
        "text",
        "vocal_removal_info",
        "vocal_url",
        "video_url",
        "image_urls",
        "resultJson",
        "response",
        "consumeCredits",
    ];
    let words = [
        json!(null),
        json!(""),
        json!("t"),
        json!("https://f/1"),
        json!("error"),
        json!("success"),
        json!(200),
        json!(501),
        json!(-0.5),
        json!(true),
        json!("{\"resultUrls\":[\"https://f/1\"]}"),
        json!(u64::MAX),
    ];
    let leaf = prop::sample::select(words.to_vec());
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let object = prop::collection::vec((prop::sample::select(keys.to_vec()), inner.clone()), 0..6);
        let object = object.prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        prop_oneof![prop::collection::vec(inner, 0..4).prop_map(Value::from), object.prop_map(Value::Object)]
    })
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Webhook::parse(&body);
    }

    #[test]
    fn no_json_breaks_the_reader(body in any_json()) {
        if let Ok(webhook) = Webhook::parse(body.to_string().as_bytes()) {
            prop_assert!(!webhook.task.0.is_empty());
            prop_assert_eq!(webhook.failure.is_some(), webhook.state == Some(TaskState::Fail));
            prop_assert!(webhook.output.urls.iter().all(|url| url.starts_with("https://")));
            prop_assert_eq!(webhook.raw, body);
        }
    }
}
