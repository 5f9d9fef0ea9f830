//! Two instances, one poller.

use std::time::Duration;

use kie::app::Tuning;
use kie::demo::telegram::{ChatHandle, TelegramFault};

use crate::support::{database, pooler, postgres};
use crate::system::drain::until;
use crate::system::fixture::{LEADS, LIMIT, TestSystem};

const HELD: &str = "another instance holds the lock";

/// How often the bot has shown the menu.
fn menus(chat: &ChatHandle) -> usize {
    chat.view().from_bot().filter(|m| m.text.contains("What shall we make?")).count()
}

async fn answered(chat: &ChatHandle, count: usize) {
    chat.wait_for(LIMIT, |_| (menus(chat) >= count).then_some(())).await.unwrap();
}

async fn one_of_two(system: TestSystem) {
    let chat = system.telegram.chat(531);
    // Written before anybody listened.
    chat.send_text("/start");
    let first = system.bot().await;
    answered(&chat, 1).await;

    let second = system.candidate("info,kie=debug").await;
    second.says(HELD).await;
    chat.send_text("/start");
    answered(&chat, 2).await;
    assert!(!second.log.text().contains(LEADS), "{}", second.log.text());
    assert_eq!(system.telegram.pollers(), 1);

    // Handed over by a stop; what is written in between waits at Telegram.
    let log = first.stop().await;
    chat.send_text("/start");
    second.says(LEADS).await;
    answered(&chat, 3).await;
    let (released, stopped) = (log.text().find("stepping down").unwrap(), log.text().find(" stopped").unwrap());
    assert!(released < stopped, "the lock goes first:\n{}", log.text());

    // Handed over by a death.
    let third = system.candidate("info,kie=debug").await;
    third.says(HELD).await;
    second.kill().await;
    chat.send_text("/start");
    third.says(LEADS).await;
    answered(&chat, 4).await;
    let log = third.stop().await;

    assert_eq!(menus(&chat), 4, "each was answered once:\n{}", chat.view());
    assert!(system.telegram.conflicts().is_empty(), "{:?}\n{}", system.telegram.conflicts(), log.text());
    let calls = system.telegram.calls();
    let first_poll = calls.iter().position(|c| c.method == "getupdates").unwrap();
    let webhooks: Vec<_> = calls.iter().enumerate().filter(|(_, c)| c.method == "deletewebhook").collect();
    assert!(webhooks[0].0 < first_poll);
    assert_eq!(webhooks.len(), 3, "once for every leader");
    for (_, call) in webhooks {
        let drops = call.args.get("drop_pending_updates").map(ToString::to_string).unwrap_or_default();
        assert!(drops.contains("false") || drops.is_empty(), "{call:?}");
    }
}

/// F2: the lock seemed to work, and two instances polled.
#[tokio::test(flavor = "multi_thread")]
async fn f2_one_of_two_polls_on_postgres() {
    database::with_database(|url| async move { one_of_two(TestSystem::postgres(url).await).await }).await;
}

/// F2: behind a pooler the lock held nobody off. It has an address of its own for that, and everything else may go through.
#[tokio::test(flavor = "multi_thread")]
async fn f2_one_of_two_polls_behind_a_pooler_with_a_direct_way_to_the_lock() {
    database::with_database(|url| async move {
        let name = url.rsplit('/').next().unwrap().to_owned();
        let port = pooler::start_as(pooler::Manner::modern(), postgres::address(), &name).await;
        let mut pooled: url::Url = url.parse().unwrap();
        pooled.set_port(Some(port)).unwrap();
        let mut system = TestSystem::postgres(url.clone()).await;
        system.config.database_url = pooled.to_string().into();
        // Without it nobody polls.
        let error = system.candidate("info").await.ended().await.unwrap_err().to_string();
        assert!(error.contains("LOCK_DATABASE_URL"), "{error}");
        assert_eq!(system.telegram.count("getUpdates"), 0);
        system.config.lock_database_url = Some(url.into());
        one_of_two(system).await;
    })
    .await;
}

/// Two processes would share a SQLite file badly: the second one says so and ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_serves_one_process() {
    let mut system = TestSystem::sqlite().await;
    system.config.http = Some("127.0.0.1:0".parse().unwrap());
    let first = system.bot().await;
    system.tuning.takeover = Some(Duration::from_secs(1));
    let mut second = system.candidate("info,kie=debug").await;
    until(second.address().await, 503, "another process uses the database file").await;
    second.says("waiting for it to stop").await;
    let error = second.ended().await.unwrap_err().to_string();
    assert!(error.contains("another kie-bot process uses") && error.contains("bot.db"), "{error}");
    assert!(error.contains("PostgreSQL"), "{error}");
    let chat = system.telegram.chat(534);
    chat.send_text("/start");
    answered(&chat, 1).await;
    // Who comes before the other one has left waits for that, under whatever name it knows the file.
    system.tuning.takeover = None;
    let file = system.config.database_file().unwrap();
    let link = file.with_file_name("link.db");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    system.config.database_url = format!("sqlite:{}", link.display()).into();
    let third = system.candidate("info,kie=debug").await;
    third.says("waiting for it to stop").await;
    first.stop().await;
    third.says(LEADS).await;
    chat.send_text("/start");
    answered(&chat, 2).await;
    third.stop().await;
    assert!(system.telegram.conflicts().is_empty(), "{:?}", system.telegram.conflicts());
}

/// F1: every deploy was a storm of conflicts between the old instance and the new one.
///
/// A deploy with the pauses of the real thing: the next one polls within two seconds of the signal.
#[tokio::test(flavor = "multi_thread")]
async fn f1_a_rolling_deploy_hands_over_within_two_seconds() {
    database::with_database(|url| async move {
        let mut system = TestSystem::postgres(url).await;
        system.tuning = Tuning::default();
        let first = system.bot().await;
        system.telegram.wait_for_calls("getUpdates", 1, LIMIT).await.unwrap();
        let second = system.candidate("info,kie=debug").await;
        second.says(HELD).await;
        let before = system.telegram.count("getUpdates");
        let signal = std::time::Instant::now();
        first.tell_to_stop();
        second.says(LEADS).await;
        let led = signal.elapsed();
        // The first one asks nothing more, so the next call is the second one's.
        system.telegram.wait_for_calls("getUpdates", before + 1, LIMIT).await.unwrap();
        let polled = signal.elapsed();
        println!("hand-over: lock after {led:?}, poll after {polled:?}");
        assert!(led < Duration::from_secs(1) && polled < Duration::from_secs(2), "{led:?} {polled:?}");
        first.stop().await;
        second.stop().await;
        assert!(system.telegram.conflicts().is_empty(), "{:?}", system.telegram.conflicts());
    })
    .await;
}

/// F1: a conflict made the process exit, the platform started it again, and the two threw each other out for ever.
#[tokio::test(flavor = "multi_thread")]
async fn f1_a_stranger_that_polls_is_stood_back_from_and_outlived() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    system.telegram.wait_for_calls("getUpdates", 2, LIMIT).await.unwrap();
    let api = format!("{}bot{}/getUpdates", system.telegram.api_url, system.telegram.token());
    // Between two polls of ours it is the stranger who is sent away; it comes again.
    let mut sent_away = 0;
    let presses = async {
        while !reqwest::Client::new().post(&api).form(&[("timeout", "1")]).send().await.unwrap().status().is_success() {
            sent_away += 1;
        }
    };
    tokio::time::timeout(LIMIT, presses).await.expect("the stranger gets through");
    bot.says("another instance polls with this token; pausing").await;
    let chat = system.telegram.chat(535);
    chat.send_text("/start");
    answered(&chat, 1).await;
    bot.stop().await;
    let conflicts = system.telegram.conflicts();
    assert_eq!(conflicts.len(), sent_away + 1, "it did not press: {conflicts:?}");
}

/// One 404 for a valid token ended polling, and with it the process and its jobs.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_after_it_was_accepted_is_asked_for_again() {
    let mut system = TestSystem::sqlite().await;
    system.config.http = Some("127.0.0.1:0".parse().unwrap());
    let bot = system.bot().await;
    let address = bot.address().await;
    until(address, 200, "").await;
    system.telegram.wait_for_calls("getUpdates", 2, LIMIT).await.unwrap();
    let chat = system.telegram.chat(536);
    for (code, description) in [(404, "Not Found"), (401, "Unauthorized")] {
        system.telegram.fault(TelegramFault::refuse("getUpdates", code, description));
    }
    // It wakes the poll that waits; the next ones are refused.
    chat.send_text("/start");
    answered(&chat, 1).await;
    until(address, 503, "Telegram refuses the bot token").await;
    chat.send_text("/start");
    answered(&chat, 2).await;
    until(address, 200, "").await;
    let log = bot.stop().await;
    let said = log.text().matches("Telegram refuses the bot token that it has accepted before").count();
    assert_eq!(said, 1, "{}", log.text());
    assert!(!log.text().contains(system.telegram.token()));
}

/// F12: every start threw away what had been written before it.
#[tokio::test(flavor = "multi_thread")]
async fn f12_a_webhook_is_taken_away_and_what_waited_for_it_is_answered() {
    let system = TestSystem::sqlite().await;
    let api = format!("{}bot{}/setWebhook", system.telegram.api_url, system.telegram.token());
    let set = reqwest::Client::new().post(api).form(&[("url", "http://127.0.0.1:9/hook")]).send().await.unwrap();
    assert!(set.status().is_success(), "{set:?}");
    let chat = system.telegram.chat(532);
    chat.send_text("/start");
    let bot = system.bot().await;
    answered(&chat, 1).await;
    bot.stop().await;
    assert_eq!(system.telegram.webhook_url(), None);
    assert!(system.telegram.conflicts().is_empty(), "{:?}", system.telegram.conflicts());
}
