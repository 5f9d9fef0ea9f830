//! How well a model does: on its card, and before an order.

use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::demo::telegram::ChatFileKind;

use crate::bot::{Play, TIMEOUT, label, task, title};

const MODEL: &str = "z-image";

impl Play {
    /// From the menu to a form that lacks nothing.
    async fn fill_in(&self) {
        self.begin(task(MODEL), title(MODEL)).await;
        self.sees(label(MODEL, "prompt")).await;
        self.chat.send_text("A fox");
    }
}

#[tokio::test]
async fn a_card_says_how_the_model_does() {
    let play = Play::start("en").await;
    play.harness.kie.set_success_rates(MODEL, &[Some(0.97); 12]);
    play.choose(task(MODEL), title(MODEL)).await;
    let card = play.sees("Of late 97% of its tasks succeeded").await;
    assert!(card.button("instead").is_none(), "{card}");
    play.press("Fill in").await;
    play.sees(label(MODEL, "prompt")).await;
    play.chat.send_text("A fox");
    play.press("✅ Create").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(play.harness.kie.requests(Route::SuccessRate), 1, "an answer is good for minutes");
    play.end().await;
}

#[tokio::test]
async fn an_order_with_a_model_that_does_poorly_is_warned_of() {
    let play = Play::start("en").await;
    play.harness.kie.set_success_rates(MODEL, &[Some(0.4); 12]);
    let model = kie::models::find(MODEL).unwrap().spec;
    play.choose(task(MODEL), title(MODEL)).await;
    let warning = "It does poorly now: of late only 40% of its tasks succeeded";
    let card = play.sees(warning).await;
    assert!(card.button(" instead").is_some(), "{card}");
    play.press("Fill in").await;
    play.sees(label(MODEL, "prompt")).await;
    play.chat.send_text("A fox");
    let form = play.sees("«A fox»").await;
    assert!(form.text.contains(warning) && form.button("✅ Create").is_none(), "{form}");
    let other = form.button(" instead").unwrap().data.clone().unwrap();
    let other = kie::models::find(other.strip_prefix("1m").unwrap()).unwrap().spec;
    assert!(other.id != MODEL && other.tasks[0].id == model.tasks[0].id && other.provider != model.provider);

    // The button of a form that did not warn shows the warning, however often it is pressed, and orders nothing.
    let anyway = form.button("⚠️ Create anyway · 0.8 credits").unwrap().data.clone().unwrap();
    let plain = anyway.strip_suffix('G').unwrap().to_owned() + "g";
    for _ in 0..2 {
        let press = play.chat.press_data(form.id, &plain).unwrap();
        play.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    }
    play.press("⚠️ Create anyway").await;
    let photo = play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(play.harness.kie.creates().len(), 1);
    // Once more is an order as well: its form warns.
    let press = play.chat.press_on(photo.id, "Once more").unwrap();
    play.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    play.chat.wait_button("⚠️ Create anyway", TIMEOUT).await.unwrap();
    assert_eq!(play.harness.kie.creates().len(), 1);
    // The other model is one press away.
    play.press(" instead").await;
    play.sees(title(other.id)).await;
    play.end().await;
}

#[tokio::test]
async fn what_is_not_known_delays_nobody() {
    let play = Play::start("en").await;
    play.harness.kie.set_success_rates(MODEL, &[Some(0.1); 12]);
    // The answer would come long after the test has given up.
    play.harness.kie.fault(KieFault::once(Route::SuccessRate, KieFaultEffect::Delay(600_000)));
    play.fill_in().await;
    play.press("✅ Create").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.end().await;

    let play = Play::start("en").await;
    play.harness.kie.set_success_rates(MODEL, &[Some(0.1); 12]);
    play.harness.kie.fault(KieFault::code(Route::SuccessRate, 404, "no such route"));
    play.fill_in().await;
    play.press("✅ Create").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(play.harness.kie.requests(Route::SuccessRate), 1, "it is not asked for again at once");
    play.end().await;
}
