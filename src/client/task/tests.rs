use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

fn read(record: Value) -> Task {
    Task::from_record(&"asked".into(), record).unwrap()
}

#[test]
fn first_generation_running_and_done() {
    let running = read(json!({
        "taskId": "0123", "model": "acme/draw-1", "state": "waiting", "param": "{}", "resultJson": "",
        "failCode": null, "failMsg": null, "costTime": null, "completeTime": null, "createTime": 1776000000123_i64,
    }));
    assert_eq!((running.id, running.state), (TaskId("0123".into()), TaskState::Waiting));
    assert_eq!((running.created, running.completed), (Some(Timestamp::from_millis(1776000000123)), None));
    assert_eq!((running.cost_credits, running.failure), (None, None));
    let done = read(json!({
        "taskId": "0123", "state": "success", "resultJson": "{\"resultUrls\":[\"https://f/1.png\"]}",
        "failCode": null, "failMsg": null, "costTime": 41, "completeTime": 1776000041900_i64,
        "createTime": 1776000000123_i64,
    }));
    assert_eq!(done.output, Output { urls: vec!["https://f/1.png".into()], ..Output::default() });
    assert_eq!(done.completed, Some(Timestamp::from_millis(1776000041900)));
}

#[test]
fn a_person_gets_the_media_then_frames_and_masks() {
    let done = read(json!({"state": "success", "response": {
        "resultUrls": ["https://f/v.mp4"], "firstFrameUrl": "https://f/a.png", "lastFrameUrl": ["https://f/b.png"],
        "resultWaterMarkUrls": ["https://f/w.mp4"], "resultObject": {"mask_urls": ["https://f/m.png", "https://f/v.mp4"]},
    }}));
    assert_eq!(done.files(), ["https://f/v.mp4", "https://f/a.png", "https://f/b.png", "https://f/m.png"]);
    assert!(!done.is_empty() && read(json!({"state": "success", "resultJson": "{}"})).is_empty());
}

#[test]
fn a_reservation_is_not_a_charge() {
    let running = read(json!({"state": "generating", "creditsConsumed": 4.0}));
    assert_eq!((running.cost_credits, running.output.credits), (Some(Credits::from_milli(4000)), None));
    let done = read(json!({"state": "success", "creditsConsumed": 0.19, "resultJson": ""}));
    assert_eq!(done.output.credits, Some(Credits::from_milli(190)));
    assert_eq!(read(json!({"state": "fail", "consumeCredits": 0})).output.credits, Some(Credits::ZERO));
}

#[test]
fn third_generation_reads_response() {
    let done = read(json!({
        "taskId": "fedc", "state": "success", "resultJson": "{\"resultUrls\":[\"https://f/9.wav\"]}",
        "creditsConsumed": 0.25, "operationType": "acme/speak-2", "response": {"resultUrls": ["https://f/9.wav"]},
        "successFlag": 1, "paramJson": "{}",
    }));
    assert_eq!(done.output.urls, ["https://f/9.wav"]);
    assert_eq!(done.output.credits, Some(Credits::from_milli(250)));
}

#[test]
fn the_flag_counts_only_without_a_state() {
    assert_eq!(read(json!({"state": "generating", "successFlag": 1})).state, TaskState::Generating);
    for absent in [json!(null), json!("")] {
        assert_eq!(read(json!({"state": absent, "successFlag": 0})).state, TaskState::Generating);
    }
    for (flag, state) in
        [(0, TaskState::Generating), (1, TaskState::Success), (2, TaskState::Fail), (3, TaskState::Fail)]
    {
        assert_eq!(read(json!({"successFlag": flag})).state, state);
        assert_eq!(read(json!({"successFlag": flag.to_string()})).state, state);
    }
    assert!(!read(json!({"successFlag": 9})).state.is_final());
    assert!(!read(json!({})).state.is_final());
}

#[test]
fn unknown_states_are_named_and_run_on() {
    let task = read(json!({"state": "pondering"}));
    assert_eq!(task.state, TaskState::Other("pondering".into()));
    assert!(!task.state.is_final());
    assert_eq!(read(json!({"state": 7})).state, TaskState::Other("7".into()));
}

#[test]
fn fail_codes_of_every_type() {
    let failure = |code: Value, message: Value| {
        let task = read(json!({"state": "fail", "failCode": code, "failMsg": message}));
        task.failure.map(|f| (f.code, f.message)).unwrap()
    };
    assert_eq!(failure(json!("500"), json!("upstream refused")), ("500".into(), "upstream refused".into()));
    assert_eq!(failure(json!(500), json!(17)), ("500".into(), "17".into()));
    for nothing in [json!(null), json!("")] {
        assert_eq!(failure(nothing.clone(), nothing), ("failed".into(), "the vendor gave no reason".into()));
    }
    let bare = read(json!({"successFlag": 3, "errorCode": 500, "errorMessage": "broke"})).failure.unwrap();
    assert_eq!((bare.code.as_str(), bare.message.as_str()), ("500", "broke"));
    assert_eq!(read(json!({"state": "success", "failCode": "", "failMsg": ""})).failure, None);
}

#[test]
fn a_record_that_is_none() {
    assert_eq!(Task::from_record(&"t".into(), Value::Null), Err(Error::NotFound));
    for record in [json!([]), json!("x"), json!(5), json!(false)] {
        assert!(matches!(Task::from_record(&"t".into(), record), Err(Error::Reply(_))));
    }
    assert_eq!(read(json!({"state": "waiting"})).id, TaskId("asked".into()));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("https://f/1.png")),
        Just(json!("{\"resultUrls\":[\"https://f/1.png\",5]}")),
    ];
    let key = prop_oneof![
        Just("resultUrls"),
        Just("resultUrl"),
        Just("resultObject"),
        Just("data"),
        Just("audio_url"),
        Just("text"),
        Just("lyricsData"),
        Just("mask_urls"),
        Just("firstFrameUrl"),
        Just("duration"),
        Just("other"),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..4).prop_map(|map| map
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v))
                .collect::<Map<_, _>>()
                .into()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_breaks_the_reader(
        state in any_json(), flag in any_json(), result in any_json(), response in any_json(), code in any_json(),
        cost in any_json(), time in any_json(), id in any_json(),
    ) {
        let record = json!({
            "taskId": id, "state": state, "successFlag": flag, "resultJson": result, "response": response,
            "failCode": code, "failMsg": code, "creditsConsumed": cost, "createTime": time, "completeTime": time,
        });
        let task = Task::from_record(&"t".into(), record.clone()).unwrap();
        prop_assert_eq!(task.raw, record);
        prop_assert!(task.output.urls.iter().all(|url| url.starts_with("https://")));
    }

    #[test]
    fn no_value_breaks_the_reader(record in any_json()) {
        let _ = Task::from_record(&"t".into(), record);
    }
}
