//! Colours of buttons, and servers that do not know them.

use kie::demo::telegram::{ChatFileKind, KeySupport, Message};
use serde_json::Value;

use crate::bot::{Play, TIMEOUT, label, task, title};

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
    let style = |message: &Message, label: &str| message.button(label).unwrap().style.clone();
    let form = play.chat.wait_button("✅ Create", TIMEOUT).await.unwrap();
    assert_eq!(style(&form, "✅ Create").as_deref(), Some("success"));
    assert_eq!(style(&form, "Menu"), None);
    play.press(label("z-image", "prompt")).await;
    let editor = play.chat.wait_button("Clear", TIMEOUT).await.unwrap();
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

/// A button that orders works once; then it cannot be pressed any more.
#[tokio::test]
async fn a_used_button_is_disabled() {
    for (support, disabled) in [(KeySupport::Current, true), (KeySupport::Ignored, false)] {
        let play = Play::start("en").await;
        play.begin(task("z-image"), title("z-image")).await;
        play.sees("What to draw").await;
        play.chat.send_text("A fox");
        play.press("✅ Create").await;
        let photo = play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
        play.harness.telegram.set_key_support(support);
        play.chat.press_on(photo.id, "Once more").unwrap();
        play.sees("Once more: Z-Image").await;
        play.harness.telegram.wait_for_calls("editMessageReplyMarkup", 1, TIMEOUT).await.unwrap();
        play.input(2).await;
        play.chat
            .wait_for(TIMEOUT, |view| {
                let photo = view.messages.iter().find(|message| message.id == photo.id)?;
                let others = photo.button("Change")?.data.is_some() && photo.button("Menu")?.data.is_some();
                (photo.button("Once more")?.disabled == disabled && others).then_some(())
            })
            .await
            .unwrap();
        play.end().await;
    }
}
