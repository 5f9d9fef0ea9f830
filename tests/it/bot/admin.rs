//! `/admin`: what an admin looks at and decides in the chat.

use kie::access::{Access, AccessPolicy};
use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::demo::telegram::ChatView;
use kie::job::UserId;
use kie::ledger::{Credits, Money};
use kie::quota::Quotas;
use kie::tariff::{Markup, Rate, Tariff};

use super::*;

/// The bot of the admin (42), which people pay.
async fn administered(language: &str, policy: AccessPolicy) -> Play {
    let access = Access { policy, admins: [UserId(42)].into(), list: [43].into() };
    Play::with(language, |options| {
        options.access = access;
        options.quotas = Quotas { day: Some(Credits::from_milli(100_000)), ..Quotas::NONE };
        options.tariff = Some(Tariff {
            rate: Rate(10_000_000),
            markup: Markup(0),
            rounding: Money::from_hundredths(100),
            minimum: Money::from_hundredths(800),
            fixed: None,
            currency: "⭐".parse().unwrap(),
        });
    })
    .await
}

fn ann(play: &Play) -> ChatHandle {
    let mut user = TelegramUser::new(43).speaking("en");
    user.first_name = "Ann Lee".to_owned();
    user.username = Some("ann_l".to_owned());
    play.harness.telegram.chat_of(user)
}

#[tokio::test]
async fn an_admin_finds_a_person_gives_to_them_and_limits_them() {
    let play = administered("en", AccessPolicy::Open).await;
    let ann = ann(&play);
    ann.send_text("/help");
    ann.sees("I make pictures").await;
    play.chat.send_text("/admin");
    play.sees("Admin").await;
    play.press("People").await;
    play.press("Ann Lee").await;
    let shown = play.sees("Number: 43").await;
    for line in ["Ann Lee", "@ann_l", "Jobs: 0", "Balance: 0\u{a0}⭐", "Access: by the settings"] {
        assert!(shown.text.contains(line), "{line}: {shown}");
    }

    play.chat.send_text("/admin gift @ann_l 20.50 for a bug");
    let given = play.sees("Booked: 20.5\u{a0}⭐").await;
    assert!(given.text.contains("Balance: 20.5\u{a0}⭐"), "{given}");
    play.press("Statement").await;
    play.sees("+20.5\u{a0}⭐ · a gift: for a bug").await;
    for (wrong, words) in [
        ("/admin gift 43 much", "Write whom, how much"),
        ("/admin gift 43 0", "Write whom, how much"),
        ("/admin gift", "Write whom, how much"),
        ("/admin gift 44 5", "Nobody whom I know is called “44”"),
        ("/admin gift 43 -20.51", "was not booked: the balance is smaller"),
        ("/admin limit 43 day=much", "Write whom and what"),
        ("/admin limit", "Write whom and what"),
        ("/admin nobody", "Nobody whom I know is called “nobody”"),
    ] {
        play.chat.send_text(wrong);
        let said = |view: &ChatView| view.last().filter(|last| last.from_bot && last.text.contains(words)).cloned();
        play.chat.wait_for(TIMEOUT, said).await.unwrap_or_else(|error| panic!("{wrong}: {error}"));
    }

    // A limit of their own holds in place of that of the settings.
    play.chat.send_text("/admin limit ann day=0.5");
    let limited = play.sees("The limits hold from the next order on").await;
    assert!(limited.text.contains("Limits of their own: day=0.5"), "{limited}");
    ann.begin(task("z-image"), title("z-image")).await;
    ann.sees("What to draw").await;
    ann.send_text("a boat");
    ann.sees("«a boat»").await;
    ann.tap("✅ Create").await;
    ann.sees("in 24 hours").await;
    play.chat.send_text("/admin limit 43 default");
    let is_lifted =
        |last: &&Message| last.text.contains("The limits hold") && !last.text.contains("Limits of their own");
    let lifted = |view: &ChatView| view.last().filter(is_lifted).cloned();
    play.chat.wait_for(TIMEOUT, lifted).await.unwrap();
    ann.tap("✅ Create").await;
    ann.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.chat.send_text("/admin 43");
    play.sees("Jobs: 1").await;

    play.press("What was done").await;
    let acts = play.sees("42: gave money").await;
    for line in ["43 · for a bug", "20.50", "42: changed a person's limits", "default → day=0.5", "day=0.5 → default"]
    {
        assert!(acts.text.contains(line), "{line}: {acts}");
    }
    assert_eq!(acts.text.matches(": ").count(), 3, "what was refused is no act: {acts}");
    play.end().await;
}

#[tokio::test]
async fn a_blocked_person_is_out_until_unblocked() {
    for policy in [AccessPolicy::Open, AccessPolicy::List] {
        let play = administered("ru", policy).await;
        let ann = ann(&play);
        ann.send_text("/help");
        ann.sees("I make pictures").await;
        play.chat.send_text("/admin ann");
        play.press("Заблокировать").await;
        play.sees("Доступ: заблокирован").await;
        ann.send_text("/start");
        ann.sees("This bot is private").await;
        play.press("Разблокировать").await;
        play.sees("43: доступ открыт").await;
        ann.send_text("/start");
        ann.sees("What shall we make?").await;
        play.end().await;
    }
}

#[tokio::test]
async fn the_menu_works_for_the_owner_alone_and_says_what_there_is_not() {
    let play = administered("en", AccessPolicy::Owner).await;
    play.chat.send_text("/admin");
    play.press("Requests").await;
    play.sees("with the setting ACCESS=list").await;
    play.press("Admin").await;
    play.press("What was done").await;
    play.sees("Nothing yet").await;
    // An admin is not blocked, and where nobody else is let in there is no such button.
    play.chat.send_text("/admin 42");
    let own = play.sees("Access: admin of the bot").await;
    assert!(own.button("Block").is_none(), "{own}");
    let listed = |command: &str| play.harness.telegram.commands(42, "en").iter().any(|name| name == command);
    play.chat.wait_for(TIMEOUT, |_| listed("admin").then_some(())).await.unwrap();
    assert!(!listed("invite"));
    play.end().await;
}

#[tokio::test]
async fn to_others_the_menu_is_unknown_and_its_buttons_change_nothing() {
    const GROUP: i64 = -1_000_000_000_401;
    let play = administered("en", AccessPolicy::Open).await;
    let ann = ann(&play);
    for command in ["/admin", "/admin gift 43 100", "/admin limit 43 day=off"] {
        ann.send_text(command);
        let unknown = ann.sees("I do not know /admin.").await;
        for data in ["1A", "1Aep", "1Aea", "1Ap42", "1Ab42", "1As42:9", "1Aa0:9"] {
            let press = ann.press_data(unknown.id, data).unwrap();
            let answer = ann.wait_answer(&press, TIMEOUT).await.unwrap();
            assert!(answer.text.contains("Only an admin of this bot"), "{data}: {answer:?}");
        }
    }
    // In a group even an admin sees nothing of others.
    let member = play.harness.telegram.supergroup(GROUP, TelegramUser::new(43).speaking("en"));
    let admin = member.as_member(TelegramUser::new(42).speaking("en"));
    admin.send_text("/admin 43");
    let told = admin.sees("Please send me that in our private chat").await;
    for chat in [&admin, &member] {
        let press = chat.press_data(told.id, "1Ab43").unwrap();
        let answer = chat.wait_answer(&press, TIMEOUT).await.unwrap();
        assert!(answer.text.contains("Only an admin of this bot"), "{answer:?}");
    }
    play.chat.send_text("/admin");
    play.press("What was done").await;
    play.sees("Nothing yet").await;
    ann.send_text("/help");
    ann.sees("I make pictures").await;
    play.end().await;
}

#[tokio::test]
async fn an_admin_decides_about_a_job_whose_reply_was_lost() {
    let play = administered("en", AccessPolicy::Open).await;
    let ann = ann(&play);
    ann.send_text("/help");
    ann.sees("I make pictures").await;
    play.chat.send_text("/admin gift 43 100");
    play.sees("Booked").await;
    play.harness.kie.fault(KieFault::once(Route::Create, KieFaultEffect::LoseReply));
    ann.begin(task("z-image"), title("z-image")).await;
    ann.sees("What to draw").await;
    ann.send_text("a boat");
    ann.sees("«a boat»").await;
    ann.tap("✅ Create").await;
    ann.wait_button("Send again as new", TIMEOUT).await.unwrap();

    play.chat.send_text("/admin");
    play.sees("To find a person").await;
    play.press("Jobs").await;
    play.sees("Waiting for a decision: 1").await;
    play.press("fate unknown").await;
    let shown = play.sees("Person: 43, chat: 43").await;
    assert!(shown.text.contains("Price: 8\u{a0}⭐"), "{shown}");
    let id = shown.text.split_once("Job: ").unwrap().1.split_whitespace().next().unwrap().to_owned();
    // Nobody else decides about it so.
    let press = ann.press_data(ann.view().last().unwrap().id, &format!("1Ajg{id}")).unwrap();
    assert!(ann.wait_answer(&press, TIMEOUT).await.unwrap().text.contains("Only an admin of this bot"));
    play.press("Give up").await;
    play.sees("It is given up").await;
    ann.send_text("/balance");
    ann.sees("You have 100\u{a0}⭐").await;
    play.chat.send_text(&format!("/admin {id}"));
    let ended = play.sees(&format!("Job: {id}")).await;
    assert!(ended.button("Give up").is_none() && ended.text.contains("failed"), "{ended}");
    play.press("Person").await;
    play.press("What was done").await;
    play.sees("42: gave up a job").await;

    play.chat.send_text("/admin");
    play.press("Keys").await;
    let keys = play.sees("🔑 Keys").await;
    assert!(keys.text.contains("credits"), "{keys}");
    play.end().await;
}
