//! The simulated Telegram, used through teloxide's client.

use std::time::Duration;

use kie::demo::media::{Subject, audio, image, video};
use kie::demo::telegram::{
    AttachmentKind, FileLimits, SimTelegram, SimTelegramOptions, TelegramFault, TelegramFaultEffect, User,
};
use serde_json::{Value, json};
use teloxide::net::Download;
use teloxide::payloads::{
    AnswerCallbackQuerySetters, EditMessageTextSetters, GetUpdatesSetters, SendMessageSetters, SendPhotoSetters,
    SetWebhookSetters,
};
use teloxide::requests::Requester;
use teloxide::types::{
    BotCommand, ChatAction, ChatId, FileId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMedia,
    InputMediaPhoto, InputMediaVideo, MessageId, ParseMode, UpdateKind,
};
use teloxide::{ApiError, Bot, RequestError};

const LIMIT: Duration = Duration::from_secs(20);

async fn start(options: SimTelegramOptions) -> (SimTelegram, Bot) {
    let sim = SimTelegram::start(options).await.unwrap();
    let bot = Bot::new(sim.token()).set_api_url(sim.api_url.clone());
    (sim, bot)
}

fn subject() -> Subject {
    Subject { prompt: "лодка".into(), caption: "test".into(), size: (640, 360), seed: 1 }
}

fn keyboard(label: &str, data: &str) -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[InlineKeyboardButton::callback(label, data)]])
}

fn description<T: std::fmt::Debug>(result: Result<T, RequestError>) -> String {
    match result.unwrap_err() {
        RequestError::Api(ApiError::Unknown(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_conversation_with_buttons_and_edits() {
    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let me = bot.get_me().await.unwrap();
    assert_eq!((me.username(), me.user.id.0), ("kie_demo_bot", 1_000_001));
    assert!(bot.get_webhook_info().await.unwrap().url.is_none());

    let chat = sim.chat_of(User::new(42).speaking("ru"));
    chat.say("/start now");
    let updates = bot.get_updates().timeout(5).await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(message.text(), Some("/start now"));
    assert_eq!(message.from.as_ref().unwrap().language_code.as_deref(), Some("ru"));
    assert_eq!(message.parse_entities().unwrap()[0].text(), "/start");

    let sent = bot
        .send_message(message.chat.id, "<b>Menu</b> &amp; more")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard("Pictures", "v1:pic"))
        .await
        .unwrap();
    assert_eq!(sent.text(), Some("Menu & more"));
    let seen = chat.wait_button("Pictures", LIMIT).await.unwrap();
    assert_eq!((seen.id, seen.entities[0].kind.as_str(), seen.entities[0].length), (sent.id.0, "bold", 4));

    let press = chat.press("Pict").unwrap();
    assert_eq!(sim.unanswered().len(), 1);
    let offset = i32::try_from(updates[0].id.0).unwrap() + 1;
    let updates = bot.get_updates().offset(offset).timeout(5).await.unwrap();
    let UpdateKind::CallbackQuery(query) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!((query.data.as_deref(), query.id.0.as_str()), (Some("v1:pic"), press.as_str()));
    assert_eq!(query.message.as_ref().unwrap().id(), sent.id);
    bot.answer_callback_query(query.id.clone()).text("one moment").show_alert(true).await.unwrap();
    let answer = chat.wait_answer(&press, LIMIT).await.unwrap();
    assert_eq!((answer.text.as_str(), answer.alert), ("one moment", true));
    assert!(sim.unanswered().is_empty());

    bot.edit_message_text(sent.chat.id, sent.id, "Models").reply_markup(keyboard("Back", "v1:home")).await.unwrap();
    let again = bot.edit_message_text(sent.chat.id, sent.id, "Models").reply_markup(keyboard("Back", "v1:home")).await;
    assert!(matches!(again, Err(RequestError::Api(ApiError::MessageNotModified))));
    let seen = chat.wait_text("Models", LIMIT).await.unwrap();
    assert_eq!((seen.edits, seen.buttons[0][0].text.as_str()), (1, "Back"));
    bot.edit_message_reply_markup(sent.chat.id, sent.id).await.unwrap();
    assert!(chat.press("Back").is_err());

    bot.send_chat_action(sent.chat.id, ChatAction::UploadPhoto).await.unwrap();
    assert_eq!(chat.view().action.as_deref(), Some("upload_photo"));
    bot.delete_message(sent.chat.id, sent.id).await.unwrap();
    assert!(chat.view().last().is_none());
    assert!(matches!(
        bot.delete_message(sent.chat.id, sent.id).await,
        Err(RequestError::Api(ApiError::MessageToDeleteNotFound))
    ));
    bot.set_my_commands([BotCommand::new("start", "Begin")]).await.unwrap();
    assert_eq!(sim.commands("ru"), ["start"]);
    assert_eq!(sim.pending_updates(), 1, "the last batch is not confirmed yet");
}

#[tokio::test]
async fn only_one_may_poll() {
    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let first = tokio::spawn({
        let bot = bot.clone();
        async move { bot.get_updates().timeout(15).await }
    });
    sim.wait_for_calls("getUpdates", 1, LIMIT).await.unwrap();
    let second = tokio::spawn(async move { bot.get_updates().timeout(15).await });
    let older = first.await.unwrap();
    assert!(matches!(older, Err(RequestError::Api(ApiError::TerminatedByOtherGetUpdates))), "{older:?}");
    sim.chat(1).say("hi");
    assert_eq!(second.await.unwrap().unwrap().len(), 1);
    assert_eq!(sim.conflicts().len(), 1);
    assert_eq!(sim.pollers(), 0);
}

#[tokio::test]
async fn a_webhook_excludes_polling_and_gets_the_updates() {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let hook = axum::Router::new().route(
        "/hook",
        axum::routing::post(move |headers: axum::http::HeaderMap, axum::Json(body): axum::Json<Value>| async move {
            tell.send((headers.get("x-telegram-bot-api-secret-token").cloned(), body)).unwrap();
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: url::Url = format!("http://{}/hook", listener.local_addr().unwrap()).parse().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, hook).await });

    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let polling = tokio::spawn({
        let bot = bot.clone();
        async move { bot.get_updates().timeout(15).await }
    });
    sim.wait_for_calls("getUpdates", 1, LIMIT).await.unwrap();
    bot.set_webhook(url.clone()).secret_token("s3cret").await.unwrap();
    assert!(description(polling.await.unwrap()).starts_with("Conflict: terminated by setWebhook"));
    assert!(
        description(bot.get_updates().await)
            .starts_with("Conflict: can't use getUpdates method while webhook is active")
    );
    assert_eq!(bot.get_webhook_info().await.unwrap().url, Some(url));
    sim.chat(1).say("hi");
    let (secret, update) = tokio::time::timeout(LIMIT, told.recv()).await.unwrap().unwrap();
    assert_eq!(secret.unwrap(), "s3cret");
    assert_eq!(update["message"]["text"], "hi");
    // A refused update is sent again, and one whose reply was lost comes twice; the order is kept.
    sim.fault(TelegramFault::refuse("webhook", 503, ""));
    sim.fault(TelegramFault::once("webhook", TelegramFaultEffect::LoseReply));
    sim.chat(1).say("one");
    sim.chat(1).say("two");
    for text in ["one", "one", "two"] {
        let (_, update) = tokio::time::timeout(LIMIT, told.recv()).await.unwrap().unwrap();
        assert_eq!(update["message"]["text"], text);
        let info = bot.get_webhook_info().await.unwrap();
        assert!(info.last_error_message.is_some(), "{info:?}");
    }
    bot.delete_webhook().await.unwrap();
    assert!(sim.webhook_url().is_none());
    server.abort();
}

#[tokio::test]
async fn media_goes_round() {
    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let chat = sim.chat(5);
    let (png, mp4, wav) = (
        image(&subject()).unwrap(),
        video(&Subject { size: (160, 90), ..subject() }).unwrap(),
        audio(&subject()).unwrap(),
    );

    let sent = bot.send_photo(ChatId(5), InputFile::memory(png.clone())).caption("x").await.unwrap();
    let sizes = sent.photo().unwrap();
    assert_eq!((sizes.len(), sizes[1].width, sizes[1].file.size as usize), (2, 640, png.len()));
    let again = bot.send_photo(ChatId(5), InputFile::file_id(sizes[1].file.id.clone())).await.unwrap();
    assert_eq!(again.photo().unwrap()[1].file.id, sizes[1].file.id);

    let sent = bot.send_video(ChatId(5), InputFile::memory(mp4).file_name("a.mp4")).await.unwrap();
    let video = sent.video().unwrap();
    assert_eq!((video.width, video.height, video.duration.seconds()), (160, 90, 3));
    let sent = bot.send_audio(ChatId(5), InputFile::memory(wav.clone()).file_name("a.wav")).await.unwrap();
    assert_eq!(sent.audio().unwrap().duration.seconds(), 3);
    let sent = bot.send_document(ChatId(5), InputFile::memory("text").file_name("a.txt")).await.unwrap();
    assert_eq!(sent.document().unwrap().file_name.as_deref(), Some("a.txt"));
    bot.send_voice(ChatId(5), InputFile::memory(wav)).await.unwrap();
    bot.send_animation(ChatId(5), InputFile::memory("GIF89a\x10\0\x10\0").file_name("a.gif")).await.unwrap();
    let album = [
        InputMedia::Photo(InputMediaPhoto::new(InputFile::memory(png.clone())).caption("both")),
        InputMedia::Video(InputMediaVideo::new(InputFile::file_id(video.file.id.clone()))),
    ];
    let sent = bot.send_media_group(ChatId(5), album).await.unwrap();
    assert_eq!(sent.len(), 2);
    assert!(sent[0].media_group_id().is_some());
    assert_eq!(sent[0].media_group_id(), sent[1].media_group_id());
    let mismatch = bot.send_video(ChatId(5), InputFile::file_id(sizes[1].file.id.clone())).await;
    assert!(description(mismatch).contains("can't use file of type Photo as Video"));

    chat.send(AttachmentKind::Photo, "mine.png", png.clone(), "look");
    chat.send_album(AttachmentKind::Photo, vec![("a.png", png.clone().into()), ("b.png", png.clone().into())], "two");
    let updates = bot.get_updates().await.unwrap();
    assert_eq!(updates.len(), 3);
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(message.caption(), Some("look"));
    let file = bot.get_file(message.photo().unwrap()[1].file.id.clone()).await.unwrap();
    let mut bytes = Vec::new();
    bot.download_file(&file.path, &mut bytes).await.unwrap();
    assert_eq!(bytes, png);
    let UpdateKind::Message(one) = &updates[1].kind else { panic!("{updates:?}") };
    let UpdateKind::Message(two) = &updates[2].kind else { panic!("{updates:?}") };
    assert_eq!((one.media_group_id(), two.caption()), (two.media_group_id(), None));
}

#[tokio::test]
async fn limits_are_those_of_the_real_server() {
    let limits = FileLimits { photo: 1000, upload: 5000, download: 2000 };
    let (sim, bot) = start(SimTelegramOptions { limits, ..SimTelegramOptions::default() }).await;
    let chat = sim.chat(5);
    let id = ChatId(5);
    let long = bot.send_message(id, "я".repeat(4097)).await;
    assert!(matches!(long, Err(RequestError::Api(ApiError::MessageIsTooLong))));
    assert!(bot.send_message(id, "я".repeat(4096)).await.is_ok());
    assert!(matches!(bot.send_message(id, " ").await, Err(RequestError::Api(ApiError::MessageTextIsEmpty))));
    assert!(matches!(bot.send_message(ChatId(6), "x").await, Err(RequestError::Api(ApiError::ChatNotFound))));
    let data = bot.send_message(id, "x").reply_markup(keyboard("a", &"x".repeat(65))).await;
    assert!(matches!(data, Err(RequestError::Api(ApiError::ButtonDataInvalid))));
    let html = bot.send_message(id, "a < b").parse_mode(ParseMode::Html).await;
    assert!(matches!(html, Err(RequestError::Api(ApiError::CantParseEntities(_)))), "{html:?}");

    let png = image(&Subject { size: (16, 16), ..subject() }).unwrap();
    assert!(png.len() < 1000, "{}", png.len());
    let caption = bot.send_photo(id, InputFile::memory(png.clone())).caption("x".repeat(1025)).await;
    assert!(description(caption).contains("caption is too long"));
    assert!(bot.send_photo(id, InputFile::memory(png.clone())).await.is_ok());
    let big = image(&subject()).unwrap();
    assert!(
        description(bot.send_photo(id, InputFile::memory(big[..1001].to_vec())).await).contains("too big for a photo")
    );
    assert!(matches!(
        bot.send_photo(id, InputFile::memory("no picture")).await,
        Err(RequestError::Api(ApiError::ImageProcessFailed))
    ));
    let upload = bot.send_document(id, InputFile::memory(vec![0; 5001]).file_name("a")).await;
    assert!(matches!(upload, Err(RequestError::Api(ApiError::RequestEntityTooLarge))));
    chat.send(AttachmentKind::Document, "big.bin", vec![0_u8; 2001], "");
    let file = chat.view().messages.last().unwrap().media.clone().unwrap();
    assert_eq!(description(bot.get_file(FileId(file.file_id)).await), "Bad Request: file is too big");
    assert!(bot.get_file(FileId("nothing".into())).await.is_err());
}

#[tokio::test]
async fn refusals_and_faults() {
    let options = SimTelegramOptions { callback_life: Duration::ZERO, ..SimTelegramOptions::default() };
    let clock =
        std::sync::Arc::new(kie::clock::ManualClock::new(kie::clock::Timestamp::from_millis(1_790_000_000_000)));
    let (sim, bot) = start(SimTelegramOptions { clock: clock.clone(), ..options }).await;
    let chat = sim.chat(5);
    let id = ChatId(5);
    let stranger = Bot::new("1000001:wrong").set_api_url(sim.api_url.clone());
    assert!(matches!(stranger.get_me().await, Err(RequestError::Api(ApiError::InvalidToken))));

    sim.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Flood(7)));
    match bot.send_message(id, "x").await {
        Err(RequestError::RetryAfter(wait)) => assert_eq!(wait.seconds(), 7),
        other => panic!("{other:?}"),
    }
    sim.fault(TelegramFault::refuse("SENDMESSAGE", 400, "Bad Request: something"));
    assert_eq!(description(bot.send_message(id, "x").await), "Bad Request: something");
    sim.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Disconnect));
    assert!(matches!(bot.send_message(id, "x").await, Err(RequestError::Network(_))));
    assert!(chat.view().messages.is_empty());
    sim.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::LoseReply));
    assert!(matches!(bot.send_message(id, "x").await, Err(RequestError::Network(_))));
    assert_eq!(chat.view().messages.len(), 1, "the message is there although the reply was lost");

    chat.block(true);
    assert!(matches!(bot.send_message(id, "x").await, Err(RequestError::Api(ApiError::BotBlocked))));
    chat.block(false);
    let sent = bot.send_message(id, "x").reply_markup(keyboard("go", "go")).await.unwrap();
    let press = chat.press_on(sent.id.0, "go").unwrap();
    clock.advance(Duration::from_secs(1));
    let late = bot.answer_callback_query(teloxide::types::CallbackQueryId(press)).await;
    assert!(description(late).starts_with("Bad Request: query is too old"));
    assert!(matches!(
        bot.edit_message_text(id, MessageId(999), "y").await,
        Err(RequestError::Api(ApiError::MessageToEditNotFound))
    ));
    assert_eq!(sim.count("sendmessage"), 6);
    let missed = chat.wait_text("never said", Duration::from_millis(5)).await.unwrap_err();
    assert!(missed.to_string().contains("[go]"), "{missed}");
}

#[tokio::test]
async fn allowed_updates_and_offsets() {
    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let chat = sim.chat(5);
    for text in ["a", "b", "c"] {
        chat.say(text);
    }
    sim.push_update("poll_of_the_future", json!({ "what": 1 }));
    let updates = bot.get_updates().limit(2).await.unwrap();
    assert_eq!(updates.len(), 2);
    let third = i32::try_from(updates[1].id.0).unwrap() + 1;
    let updates = bot.get_updates().offset(third).await.unwrap();
    assert!(matches!(updates[1].kind, UpdateKind::Error(_)));
    let last = bot.get_updates().offset(-1).await.unwrap();
    assert_eq!(last.len(), 1);
    assert_eq!(sim.pending_updates(), 1);
    bot.get_updates().offset(third + 2).allowed_updates([teloxide::types::AllowedUpdate::CallbackQuery]).await.unwrap();
    chat.say("not wanted");
    assert_eq!(sim.pending_updates(), 0);
}

#[tokio::test]
async fn the_page_and_the_bot_meet() {
    let (sim, bot) = start(SimTelegramOptions::default()).await;
    let web = reqwest::Client::new();
    let at = |path: &str| sim.page_url.join(path).unwrap();
    let page = web.get(at("/")).send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    assert!(page.text().await.unwrap().contains("/page/chat.js"));
    let hello: Value =
        web.post(at("page/hello")).json(&json!({ "language": "ru-RU" })).send().await.unwrap().json().await.unwrap();
    assert_eq!(hello["name"], "KIE bot");
    assert_eq!(sim.page_chat().user().language_code.as_deref(), Some("ru"));

    let mut stream = web.get(at("page/events")).send().await.unwrap();
    let first = stream.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&first).contains("\"fresh\":true"));
    assert_eq!(web.post(at("page/text")).json(&json!({ "text": "/start" })).send().await.unwrap().status(), 204);
    let echo = stream.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&echo).contains("/start"));
    let updates = bot.get_updates().await.unwrap();
    let UpdateKind::Message(message) = &updates[0].kind else { panic!("{updates:?}") };
    let sent = bot.send_message(message.chat.id, "hi").reply_markup(keyboard("go", "go")).await.unwrap();
    assert!(String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()).contains("\"data\":\"go\""));
    let press = json!({ "message": sent.id.0, "data": "go" });
    assert_eq!(web.post(at("page/press")).json(&press).send().await.unwrap().status(), 200);
    assert_eq!(sim.unanswered().len(), 1);

    let part = reqwest::multipart::Part::bytes(image(&subject()).unwrap()).file_name("a.png");
    let form = reqwest::multipart::Form::new().part("file", part).text("caption", "mine");
    assert_eq!(web.post(at("page/upload")).multipart(form).send().await.unwrap().status(), 204);
    let html = reqwest::multipart::Part::bytes(b"<script>alert(1)</script>".to_vec()).file_name("a.html");
    let form = reqwest::multipart::Form::new().part("file", html);
    assert_eq!(web.post(at("page/upload")).multipart(form).send().await.unwrap().status(), 204);
    let kinds: Vec<_> = sim.page_chat().view().messages.iter().filter_map(|m| m.media.clone()).collect();
    assert_eq!((kinds[0].kind, kinds[1].kind), (AttachmentKind::Photo, AttachmentKind::Document));
    let shown = web.get(at(&format!("page/file/{}", kinds[0].file_id))).send().await.unwrap();
    assert_eq!(shown.headers()["content-type"], "image/png");
    let saved = web.get(at(&format!("page/file/{}", kinds[1].file_id))).send().await.unwrap();
    assert_eq!(saved.headers()["content-disposition"], "attachment");
    assert_eq!(saved.headers()["content-type"], "application/octet-stream");
    let foreign = web.post(at("page/text")).header("sec-fetch-site", "cross-site").json(&json!({ "text": "x" }));
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    drop(stream);
    sim.stop().await;
}
