//! Updates, faults and the chat page of the simulated Telegram, through teloxide's client.

use std::time::Duration;

use kie::demo::media::image;
use kie::demo::telegram::{ChatFileKind, SimTelegramOptions, TelegramFault, TelegramFaultEffect};
use serde_json::{Value, json};
use teloxide::payloads::{GetUpdatesSetters, SendMessageSetters, SetWebhookSetters};
use teloxide::requests::Requester;
use teloxide::types::{ChatId, MessageId, UpdateKind};
use teloxide::{ApiError, Bot, RequestError};

use super::telegram::{LIMIT, description, keyboard, start, subject};

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
    sim.chat(1).send_text("hi");
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
    sim.chat(1).send_text("hi");
    let (secret, update) = tokio::time::timeout(LIMIT, told.recv()).await.unwrap().unwrap();
    assert_eq!(secret.unwrap(), "s3cret");
    assert_eq!(update["message"]["text"], "hi");
    // A refused update is sent again, and one whose reply was lost comes twice; the order is kept.
    sim.fault(TelegramFault::refuse("webhook", 503, ""));
    sim.fault(TelegramFault::once("webhook", TelegramFaultEffect::LoseReply));
    sim.chat(1).send_text("one");
    sim.chat(1).send_text("two");
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
        chat.send_text(text);
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
    chat.send_text("not wanted");
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
    assert_eq!((kinds[0].kind, kinds[1].kind), (ChatFileKind::Photo, ChatFileKind::Document));
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
