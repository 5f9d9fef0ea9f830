//! The token and the key stay where they belong, whatever happens and however much is logged.

use kie::demo::harness::KEY;
use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::demo::telegram::{ChatFileKind, TelegramFault, TelegramFaultEffect};

use crate::system::fixture::{LEADS, LIMIT, TestSystem};
use crate::system::person::{from_picture, open, order, press, receive};

/// F41: the HTTP library wrote the token into the log with every address.
#[tokio::test(flavor = "multi_thread")]
async fn f41_nothing_that_is_logged_or_sent_holds_the_token_or_the_key() {
    // Libraries that log through `log` are heard too; this program's own filter is not in the way.
    crate::support::log::install();
    let system = TestSystem::sqlite().await;
    let bot = system.candidate("trace").await;
    bot.says(LEADS).await;
    let chat = system.telegram.chat(561);

    // Everything that can go wrong on the way, with a file of the person's.
    system.telegram.fault(TelegramFault::once("getFile", TelegramFaultEffect::Flood(1)));
    system.telegram.fault(TelegramFault::once("sendPhoto", TelegramFaultEffect::Disconnect));
    system.kie.fault(KieFault::once(Route::Upload, KieFaultEffect::Html { status: 502 }));
    system.kie.fault(KieFault::once(Route::Record, KieFaultEffect::Truncate));
    system.kie.fault(KieFault::once(Route::File, KieFaultEffect::Disconnect));
    let photo = ::kie::sample::Sample::of(::kie::schema::spec::MediaKind::Image).unwrap().bytes;
    open(&chat, from_picture()).await;
    chat.send(ChatFileKind::Photo, "mine.png", photo, "");
    press(&chat, "✅ Create").await;
    receive(&chat).await;
    let other = system.telegram.chat(562);
    system.kie.fault(KieFault::code(Route::Create, 401, &format!("the key {KEY} is unknown")));
    order(&other, "a boat").await;
    let told = other.wait_text("it did not work", LIMIT).await.unwrap();
    let third = system.telegram.chat(563);
    order(&third, "a boat [lost]").await;
    let unknown = third.wait_text("I do not know", LIMIT).await.unwrap();
    let job = system.job(third.id()).await;
    system.telegram.stop().await;
    bot.says("Telegram cannot be reached").await;
    let log = bot.stop().await.text();

    let token = system.telegram.token();
    let secret = token.split(':').nth(1).unwrap();
    assert!(log.contains("TRACE") && log.contains("createTask"), "the log is a full one");
    for (number, line) in log.lines().enumerate() {
        assert!(!line.contains(secret) && !line.contains(KEY), "line {number}: {line}");
    }
    let creates = system.kie.creates();
    let uploads = system.kie.uploads();
    let vendor = format!("{creates:?} {uploads:?}");
    assert!(!vendor.contains(secret) && !vendor.contains(system.telegram.api_url.as_str()), "{vendor}");
    assert_eq!(system.kie.key_leaks(), 0);
    let shown = format!("{:?} {told} {unknown} {job:?}", system.config);
    assert!(!shown.contains(secret) && !shown.contains(KEY), "{shown}");
    let said = format!("{} {} {}", chat.view(), other.view(), third.view());
    assert!(!said.contains(secret) && !said.contains(KEY), "{said}");
}

/// F41: the original logged every payload. A vendor that repeats the prompt in its refusal must not bring it into the log.
#[tokio::test(flavor = "multi_thread")]
async fn f41_what_people_write_is_logged_at_debug_at_most() {
    let system = TestSystem::sqlite().await;
    let bot = system.candidate("info").await;
    bot.says(LEADS).await;
    let secret = "my grandmother on a red bicycle";
    for (user, code) in [(571, 422), (572, 455), (573, 408)] {
        let chat = system.telegram.chat(user);
        let words = format!("cannot draw: {secret}");
        system.kie.fault(KieFault::code(Route::Create, code, &words));
        order(&chat, secret).await;
        match code {
            422 => drop(chat.wait_text("it did not work", LIMIT).await.unwrap()),
            408 => drop(chat.wait_text("I do not know", LIMIT).await.unwrap()),
            _ => drop(receive(&chat).await),
        }
    }
    let log = bot.stop().await.text();
    assert!(log.contains("455") && log.contains("408"), "{log}");
    assert!(!log.contains("grandmother") && !log.contains("http://127.0.0.1"), "{log}");
}
