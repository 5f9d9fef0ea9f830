use serde_json::json;

use super::*;
use crate::schema::spec::MediaKind;

fn update(content: Value) -> Value {
    let mut message = json!({"message_id": 5, "date": 1_700_000_000,
        "chat": {"id": 7, "type": "private", "first_name": "A"},
        "from": {"id": 7, "is_bot": false, "first_name": "A", "language_code": "ru"},
    });
    message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    json!({ "update_id": 5, "message": message })
}

fn content_of(content: Value) -> Content {
    match read(&update(content.clone())) {
        Some(Incoming::Message(message)) => message.content,
        other => panic!("{content}: {other:?}"),
    }
}

fn file_of(content: Value) -> ReceivedFile {
    match content_of(content.clone()) {
        Content::File(file) => file,
        other => panic!("{content}: {other:?}"),
    }
}

fn file(id: &str) -> Value {
    json!({"file_id": id, "file_unique_id": "u", "file_size": 1000})
}

fn with(mut base: Value, more: Value) -> Value {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    base
}

#[test]
fn messages_and_presses_are_read() {
    let sender = Sender { language: Some("ru".into()), name: "A".into(), ..Sender::numbered(UserId(7)) };
    let Some(Incoming::Message(message)) = read(&update(json!({"text": "/start"}))) else { panic!("no message") };
    assert_eq!((message.id, message.chat, message.is_private), (5, ChatId(7), true));
    assert_eq!((&message.sender, &message.content), (&sender, &Content::Text("/start".into())));
    let mut shown = update(json!({"video": with(file("v"), json!({"duration": 8}))}));
    let query = json!({"id": "1", "from": shown["message"]["from"], "chat_instance": "x", "data": "1h", "message": shown["message"].take()});
    let Some(Incoming::Press(press)) = read(&json!({"update_id": 6, "callback_query": query})) else {
        panic!("no press")
    };
    assert_eq!((press.id.as_str(), press.data.as_str()), ("1", "1h"));
    assert_eq!((press.message, press.seconds), (Some((ChatId(7), 5)), Some(8.0)));
    // An old message has no more than its id and its chat, and one that was sent inline has not even that.
    let from = json!({"id": 7, "is_bot": false, "first_name": "A"});
    let old = json!({"chat": {"id": 7, "type": "private"}, "message_id": 3, "date": 0});
    for (message, at) in [(json!({"message": old}), Some((ChatId(7), 3))), (json!({"inline_message_id": "i"}), None)] {
        let query = with(json!({"id": "1", "from": from, "chat_instance": "x"}), message);
        let Some(Incoming::Press(press)) = read(&json!({"callback_query": query})) else { panic!("no press") };
        assert_eq!((press.message, press.data.as_str()), (at, ""));
    }
    for strange in [json!({"something_new": {"x": 1}}), json!({"message": {"x": 1}}), json!(null), json!([1])] {
        assert_eq!(read(&strange), None, "{strange}");
    }
}

#[test]
fn what_is_not_used_is_not_read() {
    let channel = json!({"id": -1001, "type": "channel", "title": "Prompts"});
    let quote = json!({"text": "fox", "position": 0});
    let origin = json!({"type": "channel", "date": 1, "chat": channel, "message_id": 9});
    let unused = [
        ("external_reply", json!({"origin": origin, "chat": channel, "message_id": 9})),
        ("external_reply", json!({"origin": {"type": "hidden_user", "sender_user_name": "x", "date": 1}})),
        ("quote", quote),
        ("entities", json!([{"type": "date_time", "offset": 0, "length": 3, "unix_time": 1}])),
        ("entities", json!([{"type": "text_link", "offset": 0, "length": 3, "url": "no address"}])),
        ("caption_entities", json!([{"type": "of_tomorrow"}])),
        ("reply_markup", json!({"inline_keyboard": [[{"text": "x", "of_tomorrow": {}}]]})),
        ("reply_to_message", json!({"message_id": 1})),
        ("reply_to_story", json!({"id": "x"})),
        ("link_preview_options", json!({"url": 5})),
        ("effect_id", json!(5)),
        ("key_of_tomorrow", json!({"x": [1]})),
    ];
    for (key, value) in unused {
        assert_eq!(content_of(json!({"text": "a fox", key: value})), Content::Text("a fox".into()), "{key}: {value}");
        let photo = json!({"photo": [with(file("p"), json!({"width": 9, "height": 9}))], key: value});
        assert_eq!(file_of(photo).file_id, "p", "{key}: {value}");
    }
}

#[test]
fn what_nobody_expects_an_answer_to_is_passed_over() {
    for key in SERVICE {
        assert_eq!(content_of(json!({ *key: {"x": 1} })), Content::Passing, "{key}");
    }
    let channel = json!({"id": -1001, "type": "channel", "title": "C"});
    for more in [
        json!({"sender_chat": channel}),
        json!({"is_automatic_forward": true, "sender_chat": channel}),
        json!({"via_bot": {"id": 8, "is_bot": true, "first_name": "gif"}}),
        json!({"from": {"id": 8, "is_bot": true, "first_name": "B"}}),
    ] {
        assert_eq!(content_of(with(more.clone(), json!({"text": "hello"}))), Content::Passing, "{more}");
    }
    let group = json!({"id": -1002, "type": "supergroup", "title": "G"});
    let anonymous = json!({"id": 1_087_968_824, "is_bot": true, "first_name": "Group"});
    let admin = json!({"chat": group, "sender_chat": group, "from": anonymous, "text": "/start"});
    assert_eq!(content_of(admin), Content::Text("/start".into()), "an anonymous admin is a person");
    for sent in ["sticker", "poll", "location", "dice", "kind_of_tomorrow"] {
        assert_eq!(content_of(json!({ sent: {"x": 1} })), Content::Other, "{sent}");
    }
}

#[test]
fn a_group_that_moves_names_both_chats() {
    let (old, new) = (ChatId(7), ChatId(-1009));
    assert_eq!(read(&update(json!({"migrate_to_chat_id": -1009}))), Some(Incoming::Moved { old, new }));
    let mut told = update(json!({"migrate_from_chat_id": -1009}));
    told["message"].as_object_mut().unwrap().remove("from");
    assert_eq!(read(&told), Some(Incoming::Moved { old: new, new: old }));
}

#[test]
fn every_kind_of_file_message_is_understood() {
    let small = with(file("s"), json!({"width": 90, "height": 60}));
    let large = with(file("l"), json!({"width": 900, "height": 600}));
    let photo = file_of(json!({"photo": [large, small], "caption": "a fox"}));
    assert_eq!((photo.file_id.as_str(), photo.kind, photo.facts.width), ("l", MediaKind::Image, Some(900)));
    assert_eq!((photo.caption.as_deref(), photo.facts.bytes), (Some("a fox"), Some(1000)));

    let moving = json!({"width": 640, "height": 360, "duration": 12, "mime_type": "video/mp4"});
    let video = file_of(json!({"video": with(file("v"), moving.clone()), "caption": " "}));
    assert_eq!((video.kind, video.facts.seconds, video.caption), (MediaKind::Video, Some(12.0), None));
    let animation = json!({"animation": with(file("a"), moving), "document": file("a")});
    assert_eq!(file_of(animation).kind, MediaKind::Video);
    let picture = json!({"animation": with(file("a"), json!({"mime_type": "image/gif"}))});
    assert_eq!(file_of(picture).kind, MediaKind::Image);

    let voice = file_of(json!({"voice": with(file("o"), json!({"duration": 3}))}));
    assert_eq!((voice.kind, voice.facts.mime.as_deref()), (MediaKind::Audio, Some("audio/ogg")));
    // What is not in the expected form counts as not known.
    let audio = file_of(json!({"audio": with(file("m"), json!({"duration": 0, "mime_type": 5, "file_size": "big"}))}));
    assert_eq!((audio.kind, audio.facts.seconds, audio.facts.bytes), (MediaKind::Audio, None, None));
    let note = file_of(json!({"video_note": with(file("n"), json!({"length": 240, "duration": 5}))}));
    assert_eq!((note.facts.width, note.facts.height), (Some(240), Some(240)));

    let picture = with(file("d"), json!({"file_name": "a.png", "mime_type": "image/png"}));
    assert_eq!(file_of(json!({"document": picture})).kind, MediaKind::Image);
    let unknown = with(file("d"), json!({"file_name": "song.flac", "mime_type": "application/octet-stream"}));
    assert_eq!(file_of(json!({"document": unknown})).kind, MediaKind::Audio);
    assert_eq!(file_of(json!({"document": file("d")})).kind, MediaKind::Document);
}
