//! Updates that Telegram posts, to one process and to several.

use std::collections::HashMap;
use std::time::Duration;

use kie::config::Mode;
use kie::demo::telegram::{ChatHandle, TelegramFault, TelegramFaultEffect};
use kie::http::UpdateEndpoint;
use kie::http::telegram::SECRET_HEADER;
use kie::job::JobState;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::database;
use crate::system::drain::until;
use crate::system::fixture::{Bot, LEADS, LIMIT, TestSystem};
use crate::system::front::Front;
use crate::system::person::{order, photos, receive};

/// The log's word for a webhook that is as it should be.
pub(crate) const SET: &str = "Telegram posts updates to the webhook";

/// Bots of this system are in webhook mode behind a front.
pub(crate) async fn behind_a_front(mut system: TestSystem) -> (TestSystem, Front) {
    let front = Front::start().await;
    system.config.mode = Mode::Webhook;
    system.config.public_url = Some(front.url.clone());
    system.config.http = Some("127.0.0.1:0".parse().unwrap());
    (system, front)
}

pub(crate) fn hook(system: &TestSystem) -> UpdateEndpoint {
    UpdateEndpoint::of(&system.telegram.token().to_owned().into())
}

/// What the bot says about commands that it does not know: their numbers, in the order of the answers.
fn answered(chat: &ChatHandle) -> Vec<usize> {
    let number = |text: &str| -> Option<usize> {
        let rest = &text[text.find("/n")? + 2..];
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    chat.view().from_bot().filter_map(|m| number(&m.text)).collect()
}

/// Waits for so many answers.
async fn answers(chat: &ChatHandle, count: usize) {
    if chat.wait_for(LIMIT, |_| (answered(chat).len() >= count).then_some(())).await.is_err() {
        panic!("not {count} answers:\n{}", chat.view());
    }
}

async fn get(bot: &Bot, path: &str) -> (u16, serde_json::Value) {
    let reply = reqwest::get(format!("http://{}{path}", bot.address().await)).await.unwrap();
    (reply.status().as_u16(), reply.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_over_the_webhook_and_no_secret_in_its_log() {
    crate::support::log::install();
    let (system, front) = behind_a_front(TestSystem::sqlite().await).await;
    let chat = system.telegram.chat(611);
    let bot = system.candidate("trace").await;
    front.lead_to(&[bot.address().await]);
    bot.says(SET).await;
    let hook = hook(&system);
    let expected = format!("{}{}", front.url.as_str().trim_end_matches('/'), hook.path());
    assert_eq!(system.telegram.webhook_url(), Some(expected));
    // One that comes twice has its effect once.
    system.telegram.fault(TelegramFault::once("webhook", TelegramFaultEffect::LoseReply));
    order(&chat, "a boat").await;
    receive(&chat).await;
    system.reaches(chat.id(), JobState::Delivered).await;
    assert_eq!((photos(&chat), system.kie.creates().len()), (1, 1));
    assert_eq!(chat.view().from_bot().filter(|m| m.text.contains("What shall we make?")).count(), 0, "{}", chat.view());

    let (code, report) = get(&bot, "/ready").await;
    assert_eq!((code, &report["mode"], &report["leader"]), (200, &json!("webhook"), &json!("leader")), "{report}");

    // Strangers are turned away, whatever they bring.
    let at = format!("http://{}{}", bot.address().await, hook.path());
    let forged = json!({"update_id": 1, "message": {"text": "/n666"}}).to_string();
    let post = async |secret: Option<&str>, body: &str| {
        let mut request = reqwest::Client::new().post(&at).body(body.to_owned());
        if let Some(secret) = secret {
            request = request.header(SECRET_HEADER, secret);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let secret = hook.secret().expose_secret();
    assert_eq!(post(None, &forged).await, 401);
    assert_eq!(post(Some("wrong"), &forged).await, 401);
    assert_eq!(post(Some(system.telegram.token()), &forged).await, 401);
    assert_eq!(post(Some(secret), "no update").await, 400);
    assert_eq!(post(Some(secret), r#"{"message": {}}"#).await, 400);

    let store = system.store().await;
    assert!(store.open_updates(9).await.unwrap().is_empty(), "everything is done with");
    let log = bot.stop().await.text();
    assert_eq!(system.telegram.count("getUpdates"), 0);
    assert_eq!(system.telegram.count("setWebhook"), 1, "it was right all the time");
    assert!(system.telegram.count("getWebhookInfo") > 1, "it was looked at again");
    assert!(log.contains("TRACE"), "the log is a full one");
    for line in log.lines() {
        assert!(!line.contains(secret) && !line.contains(system.telegram.token()), "{line}");
    }
}

/// Two replicas get the updates of the same chats in turn.
#[tokio::test(flavor = "multi_thread")]
async fn replicas_keep_the_order_of_every_chat() {
    const EACH: usize = 25;
    database::with_database(|url| async move {
        let (system, front) = behind_a_front(TestSystem::postgres(url).await).await;
        let (one, two) = tokio::join!(system.candidate("info,kie=debug"), system.candidate("info,kie=debug"));
        front.lead_to(&[one.address().await, two.address().await]);
        let chats: Vec<ChatHandle> = (0..4).map(|n| system.telegram.chat(6200 + n)).collect();
        for number in 0..EACH {
            for chat in &chats {
                chat.send_text(&format!("/n{number}"));
            }
        }
        for chat in &chats {
            answers(chat, EACH).await;
            assert_eq!(answered(chat), (0..EACH).collect::<Vec<_>>(), "{}", chat.view());
        }
        for bot in [&one, &two] {
            assert!(front.seen(bot.address().await).len() > EACH, "both received");
        }
        // Only the leader sees to the webhook.
        assert_eq!(system.telegram.count("setWebhook"), 1);
        one.stop().await;
        two.stop().await;
    })
    .await;
}

/// F4: an instance without the lock left every button spinning, and the platform sent all updates there.
#[tokio::test(flavor = "multi_thread")]
async fn f4_an_instance_that_stands_by_serves_people() {
    database::with_database(|url| async move {
        let (system, front) = behind_a_front(TestSystem::postgres(url).await).await;
        let leader = system.candidate("info,kie=debug").await;
        front.lead_to(&[leader.address().await]);
        leader.says(SET).await;
        let passive = system.candidate("info,kie=debug").await;
        passive.says("another instance holds the lock").await;
        front.lead_to(&[passive.address().await]);
        let chat = system.telegram.chat(612);
        order(&chat, "a boat").await;
        receive(&chat).await;
        assert!(system.telegram.unanswered().is_empty());
        assert!(front.seen(leader.address().await).is_empty(), "all of it went to the other one");
        let log = passive.stop().await.text();
        assert!(!log.contains(LEADS), "{log}");
        leader.stop().await;
    })
    .await;
}

/// F40: an update was acknowledged after it had been handled, which took seconds.
#[tokio::test(flavor = "multi_thread")]
async fn f40_an_update_is_acknowledged_before_it_is_handled() {
    let (system, front) = behind_a_front(TestSystem::sqlite().await).await;
    let bot = system.candidate("info,kie=debug").await;
    front.lead_to(&[bot.address().await]);
    bot.says(SET).await;
    let chat = system.telegram.chat(615);
    // The handler does not come to its end for as long as this test lasts.
    system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(600_000)));
    chat.send_text("/n0");
    system.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
    chat.send_text("/n1");
    let acknowledged = async {
        let mut tick = tokio::time::interval(Duration::from_millis(10));
        while system.telegram.pending_updates() > 0 {
            tick.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, acknowledged).await.expect("Telegram hears that they are kept");
    assert_eq!(front.seen(bot.address().await), [200, 200]);
    assert!(answered(&chat).is_empty(), "{}", chat.view());
    bot.kill().await;
}

/// A replica dies with an update in its hands; the other one finishes it, and what came after it, in order.
#[tokio::test(flavor = "multi_thread")]
async fn the_dead_ones_chats_are_taken_over() {
    database::with_database(|url| async move {
        let (system, front) = behind_a_front(TestSystem::postgres(url).await).await;
        let one = system.candidate("info,kie=debug").await;
        front.lead_to(&[one.address().await]);
        one.says(SET).await;
        let two = system.candidate("info,kie=debug").await;
        let chat = system.telegram.chat(613);
        system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(600_000)));
        chat.send_text("/n0");
        system.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
        front.lead_to(&[two.address().await]);
        chat.send_text("/n1");
        // Another chat does not wait for it.
        let other = system.telegram.chat(614);
        other.send_text("/n0");
        answers(&other, 1).await;
        assert!(answered(&chat).is_empty(), "the living one keeps its chat");
        one.kill().await;
        answers(&chat, 2).await;
        assert_eq!(answered(&chat), [0, 1]);
        two.stop().await;
    })
    .await;
}

/// F12: updates were lost between two ways of getting them.
///
/// Polling, webhook, polling again, each overlapping the one before, while people write.
#[tokio::test(flavor = "multi_thread")]
async fn f12_switching_modes_under_load_loses_nothing() {
    database::with_database(|url| async move {
        let polling = TestSystem::postgres(url).await;
        let chats: Vec<ChatHandle> = (0..3).map(|n| polling.telegram.chat(6300 + n)).collect();
        let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
        let writing = tokio::spawn({
            let chats = chats.clone();
            async move {
                let mut written = 0;
                let mut tick = tokio::time::interval(Duration::from_millis(40));
                while stopped.try_recv().is_err() {
                    tick.tick().await;
                    for chat in &chats {
                        chat.send_text(&format!("/n{written}"));
                    }
                    written += 1;
                }
                written
            }
        });
        let first = polling.bot().await;
        answers(&chats[0], 5).await;
        let (system, front) = behind_a_front(polling).await;
        let second = system.candidate("info,kie=debug").await;
        front.lead_to(&[second.address().await]);
        first.stop().await;
        second.says(SET).await;
        let so_far = answered(&chats[0]).len();
        answers(&chats[0], so_far + 10).await;

        let mut system = system;
        system.config = polling_again(&system);
        let third = system.candidate("info,kie=debug").await;
        second.stop().await;
        third.says("polling Telegram").await;
        let so_far = answered(&chats[0]).len();
        answers(&chats[0], so_far + 10).await;
        stop.send(()).unwrap();
        let written = writing.await.unwrap();
        println!("{written} updates in each of {} chats, over three changes of mode", chats.len());
        for chat in &chats {
            answers(chat, written).await;
            let mut counts: HashMap<usize, usize> = HashMap::new();
            answered(chat).into_iter().for_each(|number| *counts.entry(number).or_default() += 1);
            let wrong: Vec<_> = (0..written).filter(|n| counts.get(n) != Some(&1)).collect();
            assert!(wrong.is_empty(), "not answered once: {wrong:?}\n{}", chat.view());
            assert!(answered(chat).is_sorted(), "{:?}", answered(chat));
        }
        third.stop().await;
        assert_eq!(system.telegram.webhook_url(), None);
        assert_eq!(system.telegram.pending_updates(), 0);
    })
    .await;
}

fn polling_again(system: &TestSystem) -> kie::config::Config {
    kie::config::Config { mode: Mode::Polling, public_url: None, http: None, ..system.config.clone() }
}

/// F11: the call that sets the webhook hung far past its limit, and everything waited for it.
///
/// Whatever Telegram does with setWebhook, updates that come are handled.
#[tokio::test(flavor = "multi_thread")]
async fn f11_a_webhook_that_cannot_be_set_holds_nothing_up() {
    let (system, front) = behind_a_front(TestSystem::sqlite().await).await;
    system.telegram.fault(TelegramFault::once("setWebhook", TelegramFaultEffect::Delay(600_000)));
    system.telegram.fault(TelegramFault::refuse("setWebhook", 400, "Bad Request: bad webhook: try later"));
    let bot = system.candidate("info,kie=debug").await;
    front.lead_to(&[bot.address().await]);
    system.telegram.wait_for_calls("setWebhook", 1, LIMIT).await.unwrap();
    assert_eq!(get(&bot, "/ready").await.0, 200);
    let chat = system.telegram.chat(616);
    let from = json!({"id": 616, "is_bot": false, "first_name": "A"});
    let message =
        json!({"message_id": 1, "date": 1, "from": from, "text": "/n1", "chat": {"id": 616, "type": "private"}});
    let hook = hook(&system);
    let post = reqwest::Client::new()
        .post(format!("http://{}{}", bot.address().await, hook.path()))
        .header(SECRET_HEADER, hook.secret().expose_secret())
        .json(&json!({"update_id": 77, "message": message}));
    let begun = std::time::Instant::now();
    assert_eq!(post.send().await.unwrap().status().as_u16(), 200);
    println!("acknowledged after {:?}", begun.elapsed());
    answers(&chat, 1).await;

    // It took too long, then it was refused; the third time it is set.
    bot.says("the webhook could not be set; trying again why=\"it took too long\"").await;
    bot.says(SET).await;
    assert_eq!(system.telegram.count("setWebhook"), 3);
    // Somebody takes it away.
    let api = format!("{}bot{}/deleteWebhook", system.telegram.api_url, system.telegram.token());
    assert!(reqwest::Client::new().post(api).send().await.unwrap().status().is_success());
    chat.send_text("/n2");
    answers(&chat, 2).await;
    assert_eq!(system.telegram.count("setWebhook"), 4);
    bot.stop().await;
}

/// A refusal of the token that was accepted before ended the process.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_for_a_while_keeps_its_webhook() {
    let (system, front) = behind_a_front(TestSystem::sqlite().await).await;
    let bot = system.candidate("info,kie=debug").await;
    front.lead_to(&[bot.address().await]);
    bot.says(SET).await;
    system.telegram.fault(TelegramFault { times: 2, ..TelegramFault::refuse("getWebhookInfo", 401, "Unauthorized") });
    bot.says("Telegram refuses the bot token that it has accepted before").await;
    until(bot.address().await, 503, "Telegram refuses the bot token").await;
    // What Telegram still posts is answered.
    let chat = system.telegram.chat(617);
    chat.send_text("/n1");
    answers(&chat, 1).await;
    until(bot.address().await, 200, "").await;
    bot.stop().await;
}

/// More than one process handles at once was written while nobody listened.
#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_is_worked_off_in_order() {
    const CHATS: i64 = 40;
    const EACH: usize = 25;
    let mut system = TestSystem::sqlite().await;
    // Chats have to wait for room.
    system.tuning.inbox.parallel = 16;
    let chats: Vec<ChatHandle> = (0..CHATS).map(|n| system.telegram.chat(6700 + n)).collect();
    for number in 0..EACH {
        for chat in &chats {
            chat.send_text(&format!("/n{number}"));
        }
    }
    let bot = system.candidate("info").await;
    system.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
    let begun = std::time::Instant::now();
    for chat in &chats {
        answers(chat, EACH).await;
        assert_eq!(answered(chat), (0..EACH).collect::<Vec<_>>(), "{}", chat.view());
    }
    let rate = (CHATS as usize * EACH) as f64 / begun.elapsed().as_secs_f64();
    println!("{rate:.0} updates/s from a backlog of {} (not optimised)", CHATS as usize * EACH);
    bot.stop().await;
}
