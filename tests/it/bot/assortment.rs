//! A bot whose operator has decided which models and values people may order.

use std::sync::Arc;

use kie::access::{Access, AccessPolicy};
use kie::assortment::{ModelOption, RuleChange};
use kie::audit::Actor;
use kie::clock::SystemClock;
use kie::job::UserId;
use kie::ledger::{Credits, Money};
use kie::service::ModelAdmin;
use kie::store;
use kie::tariff::Markup;

use super::*;

const MODEL: &str = "nano-banana-2";
const LITE: &str = "nano-banana-2-lite";
/// One without a rule on the same page of the menu.
const KEPT: &str = "nano-banana-pro";

/// The bot for everybody; person 7 is an admin.
async fn play() -> Play {
    let access = Access { policy: AccessPolicy::Open, admins: [UserId(7)].into(), ..Access::open() };
    Play::with("en", |options| options.access = access).await
}

/// As `kie-bot admin models set` in another process.
async fn decide(play: &Play, model: &str, changes: &[RuleChange]) {
    let url = format!("sqlite:{}", play.folder.path().join("demo.db").display());
    // The bot, which has just started, makes the tables.
    let made = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        loop {
            look.tick().await;
            if let Ok(store) = store::open_as_is(&url).await {
                break store;
            }
        }
    };
    let store = tokio::time::timeout(TIMEOUT, made).await.unwrap();
    let admin = ModelAdmin::new(store.clone(), Arc::new(SystemClock), Actor::CommandLine("ann".into()));
    admin.change(kie::models::find(model).unwrap().spec, changes).await.unwrap();
    store.close().await;
}

fn deny(field: &str, value: &str) -> RuleChange {
    RuleChange::Deny(ModelOption::find(kie::models::find(MODEL).unwrap().spec, field, value).unwrap())
}

/// How the button of a model begins in a menu.
fn button(model: &str) -> String {
    format!("{} · ", title(model))
}

/// The labels of the models on the first page of a type's menu.
async fn listed(chat: &ChatHandle, task: &str) -> Vec<String> {
    chat.send_text("/start");
    chat.tap(task).await;
    let menu = chat.wait_button(title(KEPT), TIMEOUT).await.unwrap();
    menu.buttons.iter().flatten().map(|button| button.text.clone()).collect()
}

/// Does something again and again, until the bot, which learns of a decision within seconds, says this.
async fn until(chat: &ChatHandle, said: &str, act: impl Fn()) -> Message {
    for _ in 0..100 {
        act();
        if let Ok(message) = chat.wait_text(said, Duration::from_millis(200)).await {
            return message;
        }
    }
    panic!("{said:?} was not said:\n{}", chat.view());
}

#[tokio::test]
async fn a_model_that_is_off_or_for_others_is_in_no_menu() {
    let play = play().await;
    decide(&play, MODEL, &[RuleChange::Off]).await;
    decide(&play, LITE, &[RuleChange::OnlyFor([UserId(8)].into())]).await;
    let [admin, named] = [7, 8].map(|id| play.harness.telegram.chat_of(TelegramUser::new(id).speaking("en")));
    let (off, only) = (button(MODEL), button(LITE));
    for (chat, sees_only) in [(&play.chat, false), (&named, true), (&admin, true)] {
        let labels = listed(chat, task(MODEL)).await;
        assert!(!labels.iter().any(|label| label.contains(&off)), "{labels:?}");
        assert_eq!(labels.iter().any(|label| label.contains(&only)), sees_only, "{labels:?}");
    }
    decide(&play, MODEL, &[RuleChange::On]).await;
    let seen = async |label: &str| listed(&play.chat, task(MODEL)).await.iter().any(|other| other.contains(label));
    tokio::time::timeout(TIMEOUT, async { while !seen(&off).await {} }).await.unwrap();
    play.end().await;
}

#[tokio::test]
async fn an_old_button_and_an_open_form_say_that_the_model_is_off() {
    let play = play().await;
    play.begin(task(MODEL), &button(MODEL)).await;
    play.sees("What to draw").await;
    let other = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("en"));
    listed(&other, task(LITE)).await;

    decide(&play, MODEL, &[RuleChange::Off]).await;
    decide(&play, LITE, &[RuleChange::OnlyFor([UserId(8)].into())]).await;
    let off = "Nano Banana 2 is switched off in this bot for now";
    let told = until(&play.chat, off, || {
        play.chat.send_text("a boat");
    })
    .await;
    assert!(told.text.contains("Try ") && told.button("✅ Create").is_none(), "{told}");
    // The nearest leads to its card.
    let nearest = told.buttons[0][0].text.clone();
    play.press(&nearest).await;
    play.chat.wait_button("Fill in", TIMEOUT).await.unwrap();

    let menu = other.wait_button(title(LITE), TIMEOUT).await.unwrap();
    let open = button(LITE);
    assert!(menu.button(&open).is_some(), "{menu}");
    other.tap(&open).await;
    let told = other.sees("Nano Banana 2 Lite is not open to you in this bot").await;
    assert!(told.button("Fill in").is_none(), "{told}");
    assert!(play.harness.kie.creates().is_empty());
    play.end().await;
}

#[tokio::test]
async fn a_denied_value_is_no_button_and_is_refused_when_it_is_typed() {
    let play = play().await;
    decide(&play, MODEL, &[deny("resolution", "4K"), deny("resolution", "1K")]).await;
    play.begin(task(MODEL), &button(MODEL)).await;
    play.sees("What to draw").await;
    play.chat.send_text("a boat");
    let form = play.sees("«a boat»").await;
    assert!(form.button("✅ Create").is_none(), "the default is not used: {form}");
    assert!(form.text.contains("👉") && form.text.contains("Picture size  needed"), "{form}");
    play.press("Fill in: Picture size").await;
    let field = play.chat.wait_button("2K", TIMEOUT).await.unwrap();
    let labels: Vec<&str> = field.buttons.iter().flatten().map(|button| button.text.as_str()).collect();
    assert!(!labels.iter().any(|label| label.contains("4K") || label.contains("1K") || *label == "Skip"), "{labels:?}");
    play.chat.send_text("4K");
    play.sees("“4K” cannot be ordered in this bot; choose 2K").await;
    play.press("2K").await;
    play.press("✅ Create").await;
    assert_eq!(play.input(1).await["resolution"], "2K");
    play.end().await;
}

/// F13: models without a price were sold for a default price.
#[tokio::test]
async fn f13_an_unpriced_model_is_listed_for_what_the_operator_says_it_costs() {
    let offered = kie::models::all().iter().filter(|spec| spec.status.is_offered() && spec.is_listed);
    let Some(spec) = offered.into_iter().find(|spec| spec.price.is_none()) else { return };
    let play = play().await;
    decide(&play, spec.id, &[RuleChange::Credits(Some(Credits::from_milli(7500)))]).await;
    play.choose(task(spec.id), &format!("{} · 7.5 credits", title(spec.id))).await;
    let card = play.chat.wait_button("Fill in", TIMEOUT).await.unwrap();
    assert!(card.text.contains("7.5 credits"), "{card}");
    play.end().await;
}

#[tokio::test]
async fn people_pay_the_price_of_the_rule() {
    let tariff = charge::tariff();
    let play = Play::with("en", |options| options.tariff = Some(tariff)).await;
    decide(&play, MODEL, &[RuleChange::Price(Some(Money::from_hundredths(2100)))]).await;
    decide(&play, LITE, &[RuleChange::Markup(Some(Markup(10_000)))]).await;
    let labels = listed(&play.chat, task(MODEL)).await;
    // Of the lite one each picture costs 4 credits: 40 units, and as much again.
    for expected in [format!("{} · 21 ⭐", title(MODEL)), format!("{} · 80 ⭐", title(LITE))] {
        assert!(labels.contains(&expected), "{expected}: {labels:?}");
    }
    play.end().await;
}
