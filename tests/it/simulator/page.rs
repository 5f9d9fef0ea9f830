//! The chat page of the simulated Telegram: a group with two persons beside the private chat.

use kie::demo::kie::{SimKie, SimKieOptions};
use kie::demo::telegram::{ChatFileKind, SimTelegramOptions};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::raw::RawBot;

/// What a browser does.
struct Page<'a> {
    bot: &'a RawBot,
    web: reqwest::Client,
}

impl Page<'_> {
    async fn post(&self, path: &str, body: Value) -> reqwest::Response {
        let url = self.bot.sim.page_url.join(path).unwrap();
        let reply = self.web.post(url).json(&body).send().await.unwrap();
        assert!(reply.status().is_success(), "{path}: {}", reply.status());
        reply
    }
}

#[tokio::test]
async fn two_persons_write_in_a_group() {
    let bot = RawBot::start().await;
    let page = Page { bot: &bot, web: reqwest::Client::new() };
    let hello = json!({ "language": "ru", "friend": "Аня", "group": "Двое друзей" });
    let hello: Value = page.post("page/hello", hello).await.json().await.unwrap();
    page.post("page/text?group=true", json!({ "text": "/start" })).await;
    page.post("page/text?group=true&friend=true", json!({ "text": "hello" })).await;
    let heard = bot.messages().await;
    assert_eq!((&heard[0]["from"]["id"], &heard[0]["chat"]["title"]), (&hello["user"], &json!("Двое друзей")));
    assert_eq!((&heard[1]["from"]["id"], &heard[1]["from"]["first_name"]), (&hello["friend"], &json!("Аня")));
    assert_eq!(heard[1]["from"]["language_code"], "ru");

    let keyboard = json!({ "inline_keyboard": [[{ "text": "go", "callback_data": "x" }]] });
    let group = heard[0]["chat"]["id"].clone();
    let sent = bot.result("sendMessage", json!({ "chat_id": group, "text": "a", "reply_markup": keyboard })).await;
    let id = sent["message_id"].clone();
    page.post("page/press?group=true&friend=true", json!({ "message": id, "data": "x" })).await;
    page.post("page/text?group=true&friend=true", json!({ "text": "b", "reply_to": id })).await;
    let updates = bot.updates().await;
    assert_eq!(updates[0]["callback_query"]["from"]["id"], hello["friend"]);
    assert_eq!(updates[1]["message"]["reply_to_message"]["message_id"], id);

    // The private chat has seen nothing of it.
    assert!(bot.sim.page_chat().view().messages.is_empty());
    let url = bot.sim.page_url.join("page/events?group=true").unwrap();
    let first = page.web.get(url).send().await.unwrap().chunk().await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&first);
    assert!(text.contains("hello") && text.contains("\"style\":null") && text.contains("\"sender\":7002"), "{text}");
}

#[tokio::test]
async fn the_page_edits_splits_and_sends_albums() {
    let bot = RawBot::start().await;
    let page = Page { bot: &bot, web: reqwest::Client::new() };
    page.post("page/text", json!({ "text": "fox" })).await;
    let said = bot.messages().await[0]["message_id"].clone();
    page.post("page/edit", json!({ "message": said, "text": "red fox" })).await;
    assert_eq!(bot.updates().await[0]["edited_message"]["text"], "red fox");
    // Not what another has written.
    page.post("page/edit?group=true&friend=true", json!({ "message": said, "text": "blue fox" })).await;
    assert_eq!(bot.updates().await.len(), 0);
    page.post("page/text", json!({ "text": "word ".repeat(1500) })).await;
    assert_eq!(bot.messages().await.len(), 2);
    let picture = |name: &'static str| {
        let body = kie::sample::Sample::of(kie::schema::spec::MediaKind::Image).unwrap().bytes;
        Part::bytes(body).file_name(name)
    };
    let form = Form::new().part("file", picture("a.png")).part("file", picture("b.png"));
    let form = form.text("caption", "both").text("reply_to", said.to_string());
    let url = bot.sim.page_url.join("page/upload").unwrap();
    assert!(page.web.post(url).multipart(form).send().await.unwrap().status().is_success());
    let heard = bot.messages().await;
    assert_eq!((heard.len(), &heard[0]["media_group_id"]), (2, &heard[1]["media_group_id"]));
    assert!(heard.iter().all(|message| message["reply_to_message"]["message_id"] == said));
    let kinds = bot.sim.page_chat().view().messages.into_iter().filter_map(|message| message.media);
    assert!(kinds.map(|media| media.kind).all(|kind| kind == ChatFileKind::Photo));
}

#[tokio::test]
async fn the_vendor_runs_out_of_credits_and_is_topped_up() {
    let kie = SimKie::start(SimKieOptions::default()).await.unwrap();
    let bot = RawBot::with(SimTelegramOptions { vendor: Some(kie.clone()), ..SimTelegramOptions::default() }).await;
    let page = Page { bot: &bot, web: reqwest::Client::new() };
    let full = kie.balance();
    for (empty, balance) in [(true, 0.0), (false, full)] {
        page.post("page/vendor", json!({ "empty": empty })).await;
        let hello: Value = page.post("page/hello", json!({ "language": "en" })).await.json().await.unwrap();
        assert_eq!((kie.balance(), &hello["vendor"]), (balance, &json!(!empty)));
    }
    // The same from a script.
    let url = kie.url.join("sim/balance").unwrap();
    assert!(page.web.post(url).json(&json!({ "credits": 2.5 })).send().await.unwrap().status().is_success());
    assert!((kie.balance() - 2.5).abs() < 1e-9);
}
