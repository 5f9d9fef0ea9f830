//! Colours of buttons, and servers that do not know them.

use kie::demo::telegram::KeySupport;
use serde_json::Value;

use crate::bot::{Play, label, task, title};

/// The styles in the keyboards of all calls so far, refused ones included.
fn sent_styles(play: &Play) -> usize {
    let calls = play.harness.telegram.calls();
    let keyboards = calls.iter().filter_map(|call| call.args.get("reply_markup")).map(Value::to_string);
    keyboards.filter(|keyboard| keyboard.contains("\"style\"")).count()
}

#[tokio::test]
async fn what_creates_is_green_and_what_takes_away_is_red() {
    let play = Play::start("en").await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("A fox");
    let style = |message: &kie::demo::telegram::Message, label: &str| message.button(label).unwrap().style.clone();
    let form = play.chat.wait_button("✅ Create", crate::bot::TIMEOUT).await.unwrap();
    assert_eq!(style(&form, "✅ Create").as_deref(), Some("success"));
    assert_eq!(style(&form, "Menu"), None);
    play.press(label("z-image", "prompt")).await;
    let editor = play.chat.wait_button("Clear", crate::bot::TIMEOUT).await.unwrap();
    assert_eq!(style(&editor, "Clear").as_deref(), Some("danger"));
    play.end().await;
}

/// A server of one's own may be older, and stricter than the public one.
#[tokio::test]
async fn a_server_that_refuses_styles_gets_none_from_then_on() {
    let play = Play::start("en").await;
    play.harness.telegram.set_key_support(KeySupport::Refused);
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    assert_eq!(sent_styles(&play), 1, "the card was refused once");
    play.chat.send_text("A fox");
    play.press("✅ Create").await;
    play.input(1).await;
    assert_eq!(sent_styles(&play), 1);
    play.end().await;
}

#[tokio::test]
async fn a_server_that_passes_over_styles_shows_the_buttons() {
    let play = Play::start("en").await;
    play.harness.telegram.set_key_support(KeySupport::Ignored);
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("A fox");
    play.press("✅ Create").await;
    play.input(1).await;
    assert!(sent_styles(&play) > 1);
    play.end().await;
}
