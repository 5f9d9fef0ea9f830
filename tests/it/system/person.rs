//! The steps of a user: menu, order, and waiting for the result.

use kie::demo::telegram::{ChatFileKind, ChatHandle, Message};
use kie::schema::Lang;
use kie::schema::spec::{ModelSpec, TaskSpec};

use crate::support::choice::needed;
pub(crate) use crate::support::choice::{from_picture, from_words};
use crate::system::fixture::LIMIT;

/// Waits for a button, presses it, and waits until the bot has answered the press.
pub(crate) async fn press(chat: &ChatHandle, label: &str) {
    chat.wait_button(label, LIMIT).await.unwrap();
    let callback = chat.press(label).unwrap();
    chat.wait_answer(&callback, LIMIT).await.unwrap();
}

/// From the menu to the first question of a model's form.
pub(crate) async fn open(chat: &ChatHandle, (task, spec): (&TaskSpec, &'static ModelSpec)) {
    chat.send_text("/start");
    press(chat, task.title.get(Lang::En)).await;
    press(chat, spec.title.get(Lang::En)).await;
    press(chat, "Fill in").await;
    chat.wait_text(needed(spec)[0].label.get(Lang::En), LIMIT).await.unwrap();
}

/// Fills in a form; returns the message with its Create button.
pub(crate) async fn fill(chat: &ChatHandle, words: &str) -> Message {
    open(chat, from_words()).await;
    chat.send_text(words);
    chat.wait_button("✅ Create", LIMIT).await.unwrap()
}

/// Orders an image.
pub(crate) async fn order(chat: &ChatHandle, words: &str) {
    fill(chat, words).await;
    press(chat, "✅ Create").await;
}

/// Waits for the image.
pub(crate) async fn receive(chat: &ChatHandle) -> Message {
    chat.wait_media(ChatFileKind::Photo, LIMIT).await.unwrap()
}

/// The number of photos that the bot has sent to this chat.
pub(crate) fn photos(chat: &ChatHandle) -> usize {
    let is_photo = |message: &&Message| message.media.as_ref().is_some_and(|media| media.kind == ChatFileKind::Photo);
    chat.view().from_bot().filter(is_photo).count()
}
