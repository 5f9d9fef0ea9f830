//! How a process begins and ends, as a platform sees it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use kie::demo::telegram::{ChatHandle, TelegramFault, TelegramFaultEffect};
use kie::http::telegram::SECRET_HEADER;
use secrecy::ExposeSecret;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::support::{database, postgres};
use crate::system::fixture::{LEADS, LIMIT, TestSystem};
use crate::system::person::{from_words, open, photos, press, receive};
use crate::system::telegram_webhook::{behind_a_front, hook};

async fn ready(address: SocketAddr) -> (u16, String) {
    let begun = Instant::now();
    let reply = reqwest::get(format!("http://{address}/ready")).await.unwrap();
    let answer = (reply.status().as_u16(), reply.text().await.unwrap());
    assert!(begun.elapsed() < Duration::from_secs(1), "it waits for nothing");
    answer
}

/// Asks until the answer is as wanted.
pub(crate) async fn until(address: SocketAddr, code: u16, word: &str) {
    let mut tick = tokio::time::interval(Duration::from_millis(50));
    let came = async {
        loop {
            tick.tick().await;
            let (is, text) = ready(address).await;
            if is == code && text.contains(word) {
                return;
            }
        }
    };
    if tokio::time::timeout(LIMIT, came).await.is_err() {
        panic!("not {code} with {word:?}: {:?}", ready(address).await);
    }
}

/// A way to the database that can be shut: connections are taken and nothing is said.
async fn way_to_the_database() -> (SocketAddr, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (open, is_open) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut is_open = is_open.clone();
            tokio::spawn(async move {
                // One that comes to a shut way is never answered.
                if !*is_open.borrow_and_update() {
                    std::future::pending::<()>().await;
                }
                let mut server = TcpStream::connect(postgres::address()).await.unwrap();
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                    _ = is_open.wait_for(|open| !open) => {}
                }
            });
        }
    });
    (address, open)
}

/// F10: the port was bound after a slow start and the platform ended the deploy, or the health check waited for the
/// database.
#[tokio::test(flavor = "multi_thread")]
async fn f10_the_port_is_there_before_the_database_and_says_what_is_missing() {
    database::with_database(|url| async move {
        let (address, way) = way_to_the_database().await;
        let mut through: url::Url = url.parse().unwrap();
        through.set_port(Some(address.port())).unwrap();
        let (mut system, front) = behind_a_front(TestSystem::postgres(url).await).await;
        system.config.database_url = through.to_string().into();
        let bot = system.candidate("info,kie=debug").await;
        let at = bot.address().await;
        let health = reqwest::get(format!("http://{at}/health")).await.unwrap();
        assert_eq!(health.status().as_u16(), 200);
        let (code, text) = ready(at).await;
        assert!(code == 503 && text.contains("not started yet") && text.contains("the database"), "{text}");
        until(at, 503, "the database does not answer").await;
        // What is posted now comes again later.
        let hook = hook(&system);
        let post = reqwest::Client::new()
            .post(format!("http://{at}{}", hook.path()))
            .header(SECRET_HEADER, hook.secret().expose_secret())
            .body("{}");
        assert_eq!(post.send().await.unwrap().status().as_u16(), 503);

        way.send_replace(true);
        front.lead_to(&[at]);
        until(at, 200, "leader").await;
        let chat = system.telegram.chat(621);
        chat.send_text("/start");
        chat.wait_text("What shall we make?", LIMIT).await.unwrap();
        // It goes away later, and comes back.
        way.send_replace(false);
        until(at, 503, "the database does not answer").await;
        until(at, 503, "campaigning: the lock database cannot be used").await;
        chat.send_text("/start");
        way.send_replace(true);
        until(at, 200, "\"reasons\":[]").await;
        let menus =
            |chat: &ChatHandle| chat.view().from_bot().filter(|m| m.text.contains("What shall we make?")).count();
        chat.wait_for(LIMIT, |_| (menus(&chat) >= 2).then_some(())).await.unwrap();
        bot.stop().await;
    })
    .await;
}

/// F2: when the lock's database was out of reach, every instance took a lock of its own and polled.
#[tokio::test(flavor = "multi_thread")]
async fn f2_without_the_lock_database_nobody_polls_and_ready_says_so() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut system = TestSystem::sqlite().await;
    system.config.http = Some("127.0.0.1:0".parse().unwrap());
    system.config.lock_database_url = Some(format!("postgres://bot@{nobody}/bot").into());
    let bot = system.candidate("info,kie=debug").await;
    let at = bot.address().await;
    // It serves all the same: the lock is for polling alone.
    until(at, 200, "campaigning: the lock database cannot be used").await;
    let (_, text) = ready(at).await;
    assert!(!text.contains("another instance"), "nobody knows who has it: {text}");
    let log = bot.stop().await.text();
    assert!(log.contains("the lock database cannot be used") && !log.contains(LEADS), "{log}");
    assert_eq!(system.telegram.count("getUpdates"), 0);
}

/// F12: an update that met trouble was dropped.
///
/// The database goes away between an answer and the note of it: the update is handled again, and counts once.
#[tokio::test(flavor = "multi_thread")]
async fn f12_an_update_waits_for_a_database_that_goes_away_under_it() {
    database::with_database(|url| async move {
        let (address, way) = way_to_the_database().await;
        way.send_replace(true);
        let mut through: url::Url = url.parse().unwrap();
        through.set_port(Some(address.port())).unwrap();
        let mut system = TestSystem::postgres(url).await;
        system.config.database_url = through.to_string().into();
        let bot = system.bot().await;
        let chat = system.telegram.chat(624);
        open(&chat, from_words()).await;
        system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(1_000)));
        let before = system.telegram.count("sendMessage");
        chat.send_text("a boat at dawn");
        system.telegram.wait_for_calls("sendMessage", before + 1, LIMIT).await.unwrap();
        way.send_replace(false);
        bot.says("an update waits for the database").await;
        way.send_replace(true);
        press(&chat, "✅ Create").await;
        receive(&chat).await;
        bot.stop().await;
        assert_eq!(system.kie.creates()[0].input["prompt"], "a boat at dawn");
        assert_eq!((system.kie.creates().len(), photos(&chat)), (1, 1));
    })
    .await;
}

/// F3: the lock was let go at the very end of a shutdown, and the next instance had given up by then.
#[tokio::test(flavor = "multi_thread")]
async fn f3_a_stop_is_seen_at_once_and_the_lock_goes_before_the_work_in_hand() {
    database::with_database(|url| async move {
        let (system, front) = behind_a_front(TestSystem::postgres(url).await).await;
        let one = system.candidate("info,kie=debug").await;
        let at = one.address().await;
        front.lead_to(&[at]);
        one.says(LEADS).await;
        let two = system.candidate("info,kie=debug").await;
        two.says("another instance holds the lock").await;
        until(two.address().await, 200, "campaigning: another instance holds the lock").await;

        let chat = system.telegram.chat(622);
        system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(4_000)));
        chat.send_text("/start");
        system.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
        let signal = Instant::now();
        one.tell_to_stop();
        until(at, 503, "draining").await;
        let hook = hook(&system);
        let post = reqwest::Client::new().post(format!("http://{at}{}", hook.path())).body("{}");
        assert_eq!(post.send().await.unwrap().status().as_u16(), 503, "the next one gets it");
        two.says(LEADS).await;
        assert!(signal.elapsed() < Duration::from_secs(1), "{:?}", signal.elapsed());
        assert!(!one.log.text().contains(" stopped"), "the answer is still under way");
        front.lead_to(&[two.address().await]);
        one.stop().await;
        chat.wait_text("What shall we make?", LIMIT).await.unwrap();
        // It was finished, so nobody does it again.
        chat.send_text("/help");
        chat.wait_for(LIMIT, |view| (view.from_bot().count() >= 2).then_some(())).await.unwrap();
        assert_eq!(chat.view().from_bot().count(), 2, "{}", chat.view());
        two.stop().await;
    })
    .await;
}

/// A handler that does not come to its end is cut off, and the update is another's, who alone answers it.
#[tokio::test(flavor = "multi_thread")]
async fn work_without_an_end_goes_to_another() {
    database::with_database(|url| async move {
        let system = TestSystem::postgres(url).await;
        let one = system.bot().await;
        let two = system.candidate("info,kie=debug").await;
        let chat = system.telegram.chat(623);
        system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(20_000)));
        chat.send_text("/start");
        system.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
        let log = one.stop().await;
        assert!(log.text().contains("handlers are cut off"), "{}", log.text());
        chat.wait_text("What shall we make?", LIMIT).await.unwrap();
        chat.send_text("/help");
        chat.wait_for(LIMIT, |view| (view.from_bot().count() >= 2).then_some(())).await.unwrap();
        two.stop().await;
        assert_eq!(chat.view().from_bot().count(), 2, "{}", chat.view());
    })
    .await;
}

/// A platform kills what has not ended 30 s after the signal, so all parts together have one limit.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_has_one_limit_for_everything_in_hand() {
    let mut system = TestSystem::sqlite().await;
    system.tuning.drain = Some(Duration::from_secs(1));
    let bot = system.bot().await;
    let chat = system.telegram.chat(626);
    system.telegram.fault(TelegramFault::once("sendMessage", TelegramFaultEffect::Delay(20_000)));
    chat.send_text("/start");
    system.telegram.wait_for_calls("sendMessage", 1, LIMIT).await.unwrap();
    let signal = Instant::now();
    let log = bot.stop().await;
    assert!(signal.elapsed() < Duration::from_secs(8), "{:?}", signal.elapsed());
    assert!(log.text().contains("unfinished work is aborted"), "{}", log.text());
    // Nothing is lost by it.
    let bot = system.bot().await;
    chat.wait_text("What shall we make?", LIMIT).await.unwrap();
    bot.stop().await;
}

/// A process whose worker had died looked alive, and moved no job.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_breaks_ends_the_process() {
    let mut system = TestSystem::sqlite().await;
    // No semaphore has so many places.
    system.tuning.worker.parallel = usize::MAX;
    let error = system.candidate("info").await.ended().await.unwrap_err().to_string();
    assert!(error.contains("the worker ended"), "{error}");
}

/// F12: what came before the handlers were ready was turned away, and a crash lost what was in hand.
///
/// Killed again and again while people write: each is answered, and no form suffers.
#[tokio::test(flavor = "multi_thread")]
async fn f12_a_crash_loop_loses_nothing() {
    let mut system = TestSystem::sqlite().await;
    // No update is to blame for these kills.
    system.tuning.inbox.max_attempts = 20;
    let chats: Vec<ChatHandle> = (0..6).map(|n| system.telegram.chat(6500 + n)).collect();
    for round in 0..5 {
        for chat in &chats {
            chat.send_text(&format!("/r{round}"));
        }
        let bot = system.candidate("info").await;
        system.telegram.wait_for_calls("sendMessage", 1 + 4 * round, LIMIT).await.unwrap();
        bot.kill().await;
    }
    let bot = system.bot().await;
    for chat in &chats {
        for round in 0..5 {
            chat.wait_text(&format!("/r{round}"), LIMIT).await.unwrap();
        }
    }
    let store = system.store().await;
    let closed = async {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while !store.open_updates(1).await.unwrap().is_empty() {
            tick.tick().await;
        }
    };
    tokio::time::timeout(LIMIT, closed).await.expect("nothing stays open");
    bot.stop().await;
    assert_eq!(system.telegram.pending_updates(), 0);
}
