//! Two instances, one poller.

use kie::demo::telegram::Chat;

use crate::database;
use crate::fixture::{LEADS, LIMIT, Stage};

const HELD: &str = "another instance holds the lock";

/// How often the bot has shown the menu.
fn menus(chat: &Chat) -> usize {
    chat.view().from_bot().filter(|m| m.text.contains("What shall we make?")).count()
}

async fn answered(chat: &Chat, count: usize) {
    chat.wait_for(LIMIT, |_| (menus(chat) >= count).then_some(())).await.unwrap();
}

async fn one_of_two(stage: Stage) {
    let chat = stage.telegram.chat(531);
    // Written before anybody listened.
    chat.say("/start");
    let first = stage.bot().await;
    answered(&chat, 1).await;

    let second = stage.candidate("info,kie=debug").await;
    second.says(HELD).await;
    chat.say("/start");
    answered(&chat, 2).await;
    assert!(!second.log.text().contains(LEADS), "{}", second.log.text());
    assert_eq!(stage.telegram.pollers(), 1);

    // Handed over by a stop; what is written in between waits at Telegram.
    let log = first.stop().await;
    chat.say("/start");
    second.says(LEADS).await;
    answered(&chat, 3).await;
    let (released, stopped) = (log.text().find("stepping down").unwrap(), log.text().find(" stopped").unwrap());
    assert!(released < stopped, "the lock goes first:\n{}", log.text());

    // Handed over by a death.
    let third = stage.candidate("info,kie=debug").await;
    third.says(HELD).await;
    second.kill().await;
    chat.say("/start");
    third.says(LEADS).await;
    answered(&chat, 4).await;
    let log = third.stop().await;

    assert_eq!(menus(&chat), 4, "each was answered once:\n{}", chat.view());
    assert!(stage.telegram.conflicts().is_empty(), "{:?}\n{}", stage.telegram.conflicts(), log.text());
    let calls = stage.telegram.calls();
    let first_poll = calls.iter().position(|c| c.method == "getupdates").unwrap();
    let webhooks: Vec<_> = calls.iter().enumerate().filter(|(_, c)| c.method == "deletewebhook").collect();
    assert!(webhooks[0].0 < first_poll);
    assert_eq!(webhooks.len(), 3, "once for every leader");
    for (_, call) in webhooks {
        let drops = call.args.get("drop_pending_updates").map(ToString::to_string).unwrap_or_default();
        assert!(drops.contains("false") || drops.is_empty(), "{call:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_polls_on_postgres() {
    database::with_database(|url| async move { one_of_two(Stage::postgres(url).await).await }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_polls_on_a_file() {
    one_of_two(Stage::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_taken_away_and_what_waited_for_it_is_answered() {
    let stage = Stage::sqlite().await;
    let api = format!("{}bot{}/setWebhook", stage.telegram.api_url, stage.telegram.token());
    let set = reqwest::Client::new().post(api).form(&[("url", "http://127.0.0.1:9/hook")]).send().await.unwrap();
    assert!(set.status().is_success(), "{set:?}");
    let chat = stage.telegram.chat(532);
    chat.say("/start");
    let bot = stage.bot().await;
    answered(&chat, 1).await;
    bot.stop().await;
    assert_eq!(stage.telegram.webhook_url(), None);
    assert!(stage.telegram.conflicts().is_empty(), "{:?}", stage.telegram.conflicts());
}
