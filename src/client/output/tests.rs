use serde_json::json;

use super::*;

fn of(record: Value) -> ParsedResult {
    parse_result(record.as_object().unwrap())
}

fn of_result(result: Value) -> ParsedResult {
    let from_text = of(json!({ "resultJson": result.to_string() }));
    let from_object = of(json!({ "resultJson": "", "response": result }));
    assert_eq!(from_text, from_object);
    from_text
}

fn files_of(extras: &Extras) -> Vec<&str> {
    extras.files.iter().map(|file| file.url.as_str()).collect()
}

fn files(parts: &ParsedResult) -> Vec<(Role, &str)> {
    parts.extras.files.iter().map(|file| (file.role, file.url.as_str())).collect()
}

#[test]
fn media_keep_their_order() {
    let parts = of_result(json!({"resultUrls": ["https://f/2.png", "https://f/1.png"]}));
    assert_eq!(parts.urls, ["https://f/2.png", "https://f/1.png"]);
    assert_eq!((parts.text, parts.extras), (None, Extras::default()));
}

#[test]
fn media_may_come_as_objects_or_as_one_text() {
    assert_eq!(of_result(json!({"resultUrls": [{"resultUrl": "https://f/1.png"}]})).urls, ["https://f/1.png"]);
    assert_eq!(of_result(json!({"resultUrls": "https://f/1.png"})).urls, ["https://f/1.png"]);
    assert_eq!(of_result(json!({"resultUrls": "[\"https://f/1.png\"]"})).urls, ["https://f/1.png"]);
}

#[test]
fn what_is_no_url_is_no_media() {
    let parts = of_result(json!({"resultUrls": ["", null, 5, "asset://x", "nonsense", " https://f/1.png "]}));
    assert_eq!(parts.urls, ["https://f/1.png"]);
}

#[test]
fn response_comes_before_result_json_unless_it_is_empty() {
    let json = json!({"resultUrls": ["https://f/json.png"]}).to_string();
    let both = of(json!({"response": {"resultUrls": ["https://f/response.png"]}, "resultJson": json}));
    assert_eq!(both.urls, ["https://f/response.png"]);
    for empty in [json!({}), json!(null), json!("text"), json!({"resultUrls": []}), json!(5)] {
        assert_eq!(of(json!({"response": empty, "resultJson": json})).urls, ["https://f/json.png"]);
    }
}

#[test]
fn frames_may_be_a_text_or_a_list_and_stay_apart() {
    let parts = of_result(json!({
        "resultUrls": ["https://f/v.mp4"], "firstFrameUrl": "https://f/a.png", "lastFrameUrl": ["https://f/b.png"],
        "resultWaterMarkUrls": ["https://f/w.mp4"],
    }));
    assert_eq!(parts.urls, ["https://f/v.mp4"]);
    let expected = [
        (Role::FirstFrame, "https://f/a.png"),
        (Role::LastFrame, "https://f/b.png"),
        (Role::Watermarked, "https://f/w.mp4"),
    ];
    assert_eq!(files(&parts), expected);
}

#[test]
fn speech_gives_its_text_and_the_whole_object() {
    let object = json!({"text": "hello there", "language_code": "eng", "words": [{"text": "hello", "start": 0.1}]});
    let parts = of_result(json!({"resultObject": object}));
    assert_eq!(parts.text.as_deref(), Some("hello there"));
    assert_eq!(parts.extras.object, Some(object));
    assert!(parts.urls.is_empty());
    let silent = json!({"text": " ", "words": []});
    let parts = of_result(json!({"resultObject": silent}));
    assert_eq!((parts.text, parts.data), (None, Some(silent)), "a silent recording is a result");
}

#[test]
fn lyrics_are_joined() {
    let parts = of_result(json!({"resultObject": {"lyricsData": [{"text": "one"}, {"text": ""}, {"text": "two"}]}}));
    assert_eq!(parts.text.as_deref(), Some("one\n\ntwo"));
}

#[test]
fn masks_have_their_role_and_what_has_no_shape_is_the_text() {
    let parts = of_result(json!({"resultObject": {"mask_urls": ["https://f/m.png"]}}));
    assert_eq!(files(&parts), [(Role::Mask, "https://f/m.png")]);
    assert_eq!((parts.urls, parts.text), (vec![], None));
    let status = of_result(json!({"resultObject": {"subject_status": 1}}));
    assert!(status.text.unwrap().contains("subject_status"));
}

#[test]
fn an_object_beside_media_is_not_the_text() {
    let parts = of_result(json!({"resultUrls": ["https://f/1.png"], "resultObject": {"seed": 5}}));
    assert_eq!(parts.text, None);
    assert_eq!(parts.extras.object, Some(json!({"seed": 5})));
}

#[test]
fn music_gives_audio_with_its_cover_and_name() {
    let parts = of_result(json!({"data": [
        {"audio_url": "https://f/1.mp3", "stream_audio_url": "https://f/1", "image_url": "https://f/1.jpeg",
         "title": "Rain", "duration": 121.4},
        {"audio_url": "https://f/2.mp3", "duration": "60"},
        {"audio_url": "", "image_url": "https://f/3.jpeg"},
    ]}));
    assert_eq!(parts.urls, ["https://f/1.mp3", "https://f/2.mp3"]);
    let [first, second] = parts.extras.tracks.as_slice() else { panic!() };
    assert_eq!((first.title.as_deref(), first.duration), (Some("Rain"), Some(121.4)));
    assert_eq!(first.image_url.as_deref(), Some("https://f/1.jpeg"));
    assert_eq!((second.title.as_deref(), second.duration), (None, Some(60.0)));
}

#[test]
fn a_picture_beside_a_video_is_its_cover() {
    let parts = of_result(json!({"videoUrl": "https://f/1.mp4", "image_url": "https://f/1.png"}));
    assert_eq!((parts.urls, files_of(&parts.extras)), (vec!["https://f/1.mp4".to_owned()], vec!["https://f/1.png"]));
    let parts = of_result(json!({"image_url": "https://f/1.png"}));
    assert_eq!((parts.urls, parts.extras.files), (vec!["https://f/1.png".to_owned()], vec![]));
}

#[test]
fn a_large_object_is_a_document() {
    let notes: Vec<_> = (0..400).map(|n| json!({"pitch": n, "start": n})).collect();
    let object = json!({"instruments": [{"name": "Piano", "notes": notes}]});
    let parts = of_result(json!({"resultObject": object}));
    assert_eq!((parts.text, parts.data), (None, Some(object)));
}

#[test]
fn layers_are_sorted_and_named() {
    let layer =
        |n: i64| json!({"url": format!("https://f/{n}.png"), "name": format!("l{n}"), "z_index": n.to_string()});
    let object = json!({"layers_data": [layer(2), layer(0), {"name": "no file"}, layer(1)]});
    let parts = of_result(json!({"resultUrls": ["https://f/2.png", "https://f/base.png"], "resultObject": object}));
    assert_eq!(parts.urls, ["https://f/base.png", "https://f/0.png", "https://f/1.png", "https://f/2.png"]);
    assert_eq!(parts.extras.layers.iter().map(|layer| layer.z_index).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
    assert_eq!(parts.data, Some(object));
}

#[test]
fn inputs_are_never_results() {
    let param =
        json!({"input": json!({"image_url": "https://f/in.png"}).to_string(), "resultUrls": ["https://f/in.png"]});
    let parts = of(json!({"param": param.to_string(), "paramJson": param, "resultJson": ""}));
    assert_eq!(parts, ParsedResult::default());
}

#[test]
fn a_broken_text_is_nothing() {
    for json in ["{\"resultUrls\":[", "null", "[]", " ", "{\"a", "\"\""] {
        assert_eq!(of(json!({"resultJson": json})), ParsedResult::default(), "{json}");
    }
}
