//! Groups: whose form it is, who may press what, what is meant for the bot, and privacy mode.

use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::demo::telegram::{CallbackAnswer, ChatMemberStatus, ChatView};

use super::*;

const GROUP: i64 = -1_000_000_000_200;

fn person(id: i64) -> TelegramUser {
    TelegramUser::new(id).speaking("en")
}

/// The whole bot with a group in which Ann (21) writes.
async fn with_group(privacy: bool) -> Play {
    let play = Play::with("en", |options| options.privacy = privacy).await;
    let group = play.harness.telegram.supergroup(GROUP, person(21));
    Play { chat: group, ..play }
}

/// A press of another person, and what it is answered.
async fn press_as(chat: &ChatHandle, message: i32, label: &str) -> CallbackAnswer {
    let press = chat.press_on(message, label).unwrap();
    chat.wait_answer(&press, TIMEOUT).await.unwrap()
}

fn is_notice(answer: &CallbackAnswer, text: &str) -> bool {
    answer.text.contains(text)
}

/// Waits until a later message of the same chat is handled, so that everything before it is.
async fn settle(chat: &ChatHandle) {
    let asked = chat.send_text("/help");
    let answered =
        |view: &ChatView| view.from_bot().any(|m| m.id > asked && m.text.contains("I make pictures")).then_some(());
    chat.wait_for(TIMEOUT, answered).await.unwrap();
}

#[tokio::test]
async fn a_form_and_its_buttons_belong_to_who_has_opened_it() {
    let ann = with_group(false).await;
    let bob = ann.chat.as_member(person(22));
    ann.begin(task("z-image"), title("z-image")).await;
    ann.sees("What to draw").await;
    // Bob's words are no answer to Ann's question, and he is not answered.
    bob.send_text("lunch at one?");
    ann.chat.send_text("a boat");
    let form = ann.sees("«a boat»").await;
    assert!(!ann.chat.view().from_bot().any(|m| m.text.contains("lunch")), "{}", ann.chat.view());
    for label in ["✅ Create", "Clear"].into_iter().filter(|label| form.button(label).is_some()) {
        let answer = press_as(&bob, form.id, label).await;
        assert!(is_notice(&answer, "belongs to somebody else"), "{label}: {answer:?}");
    }
    assert!(ann.harness.kie.creates().is_empty(), "nobody orders from another one's form");
    // A reply to her form is answered, and changes nothing.
    bob.reply(form.id, "a cat");
    bob.wait_text("This form belongs to somebody else", TIMEOUT).await.unwrap();
    // Bob has a form of his own at the same time.
    bob.begin(task("z-image"), title("z-image")).await;
    let is_asked = |view: &ChatView| view.last().filter(|m| m.text.contains("What to draw")).map(drop);
    bob.wait_for(TIMEOUT, is_asked).await.unwrap();
    bob.send_text("a cat");
    let other = bob.sees("«a cat»").await;
    let answer = press_as(&ann.chat, other.id, "✅ Create").await;
    assert!(is_notice(&answer, "belongs to somebody else"), "{answer:?}");
    press_as(&ann.chat, form.id, "✅ Create").await;
    press_as(&bob, other.id, "✅ Create").await;
    let creates = ann.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap();
    let mut prompts: Vec<String> = creates.iter().map(|c| c.input["prompt"].as_str().unwrap().to_owned()).collect();
    prompts.sort_unstable();
    assert_eq!(prompts, ["a boat", "a cat"]);
    ann.end().await;
}

#[tokio::test]
async fn a_menu_belongs_to_who_has_asked_for_it() {
    let ann = with_group(false).await;
    let bob = ann.chat.as_member(person(22));
    let asked = ann.chat.send_text("/start");
    let menu = ann.sees("What shall we make?").await;
    assert_eq!(menu.reply_to, Some(asked), "it shows whom it answers");
    let answer = press_as(&bob, menu.id, task("z-image")).await;
    assert!(is_notice(&answer, "menu belongs to somebody else"), "{answer:?}");
    settle(&bob).await;
    assert!(ann.chat.view().messages.iter().any(|m| m.id == menu.id && m.text == menu.text), "it is not changed");
    let answer = press_as(&ann.chat, menu.id, task("z-image")).await;
    assert_eq!(answer.text, "");
    ann.end().await;
}

#[tokio::test]
async fn a_job_is_stopped_and_repeated_by_its_person_or_an_admin() {
    let ann = with_group(false).await;
    let (bob, eve) = (ann.chat.as_member(person(22)), ann.chat.as_member(person(23)));
    ann.chat.set_status(23, ChatMemberStatus::Administrator);
    ann.begin(task("z-image"), title("z-image")).await;
    ann.sees("What to draw").await;
    ann.chat.send_text("a boat");
    ann.press("✅ Create").await;
    let photo = ann.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    let answer = press_as(&bob, photo.id, "Once more").await;
    assert!(is_notice(&answer, "Only the person who ordered it, or an admin"), "{answer:?}");
    settle(&bob).await;
    assert_eq!(ann.harness.kie.creates().len(), 1, "another member does not spend credits with it");
    let answer = press_as(&eve, photo.id, "Once more").await;
    assert_eq!(answer.text, "");
    ann.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap();
    // Bob may take it as a beginning of his own.
    press_as(&bob, photo.id, "Change").await;
    let form = bob.wait_button("✅ Create", TIMEOUT).await.unwrap();
    assert!(is_notice(&press_as(&ann.chat, form.id, "✅ Create").await, "belongs to somebody else"));
    ann.end().await;
}

/// A job whose create was lost asks what to do; the choice costs money.
#[tokio::test]
async fn a_lost_job_is_given_up_or_sent_again_by_its_person_alone() {
    let ann = with_group(false).await;
    let bob = ann.chat.as_member(person(22));
    ann.harness.kie.fault(KieFault::once(Route::Create, KieFaultEffect::LoseReply));
    ann.begin(task("z-image"), title("z-image")).await;
    ann.sees("What to draw").await;
    ann.chat.send_text("a boat");
    ann.press("✅ Create").await;
    let lost = ann.chat.wait_button("Send again as new", TIMEOUT).await.unwrap();
    for label in ["Send again as new", "Leave it"] {
        assert!(is_notice(&press_as(&bob, lost.id, label).await, "Only the person who ordered it"), "{label}");
    }
    assert_eq!(press_as(&ann.chat, lost.id, "Send again as new").await.text, "");
    ann.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    ann.end().await;
}

/// What people say to each other does not open, fill or answer anything.
#[tokio::test]
async fn talk_between_people_is_left_alone() {
    let ann = with_group(false).await;
    let bob = ann.chat.as_member(person(22));
    ann.begin(task("z-image"), title("z-image")).await;
    ann.sees("What to draw").await;
    // Ann answers Bob while the form waits.
    let asked = bob.send_text("lunch at one?");
    ann.chat.reply(asked, "yes");
    ann.chat.send_text("a boat");
    let form = ann.sees("«a boat»").await;
    // The form waits for no answer now.
    ann.chat.send_text("and you, Bob?");
    bob.send(ChatFileKind::Photo, "me.jpg", Sample::of(MediaKind::Image).unwrap().bytes, "look");
    bob.send_service(json!({"pinned_message": {"message_id": form.id, "date": 1, "chat": {"id": GROUP}}}));
    let last = ann.chat.send_text("/jobs");
    let answered = |view: &ChatView| view.from_bot().any(|m| m.id > last).then_some(());
    ann.chat.wait_for(TIMEOUT, answered).await.unwrap();
    assert_eq!(ann.chat.view().from_bot().filter(|m| m.id > form.id).count(), 1, "{}", ann.chat.view());
    // A reply to the bot is meant for it.
    ann.chat.reply(form.id, "a ship");
    ann.sees("«a ship»").await;
    ann.end().await;
}

/// With privacy mode, which a new bot has, only commands, replies to the bot and presses arrive.
#[tokio::test]
async fn in_privacy_mode_the_bot_asks_for_a_reply() {
    let ann = with_group(true).await;
    let bob = ann.chat.as_member(person(22));
    ann.begin(task("z-image"), title("z-image")).await;
    let question = ann.sees("Answer by replying to this message").await;
    let line = question.force_reply.clone().unwrap();
    assert!(line.selective, "only Ann's client opens the reply");
    assert_eq!(line.placeholder.as_deref(), Some(label("z-image", "prompt")));
    let said = bob.answer("hello");
    assert!(ann.chat.view().messages.iter().any(|m| m.id == said && m.reply_to.is_none()), "Bob is not asked");
    ann.chat.answer(&"x".repeat(1001));
    let refused = ann.sees("has 1001 characters; at most 1000 are allowed").await;
    let again = |view: &ChatView| view.with_text("Answer by replying").filter(|m| m.id > refused.id).map(drop);
    ann.chat.wait_for(TIMEOUT, again).await.unwrap();
    assert!(!ann.chat.view().messages.iter().any(|m| m.id == question.id), "the old question is gone");
    ann.chat.answer("a boat");
    ann.sees("«a boat»").await;
    ann.press("✅ Create").await;
    ann.sees("Accepted").await;
    assert!(ann.chat.view().with_text("Answer by replying").is_none(), "{}", ann.chat.view());
    ann.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    ann.end().await;
}

/// A bot that reads everything needs no replies.
#[tokio::test]
async fn an_admin_bot_takes_plain_answers() {
    let ann = with_group(true).await;
    ann.chat.set_status(ann.harness.telegram.bot_id(), ChatMemberStatus::Administrator);
    ann.begin(task("z-image"), title("z-image")).await;
    ann.sees("What to draw").await;
    ann.chat.send_text("a boat");
    ann.sees("«a boat»").await;
    assert!(!ann.chat.view().messages.iter().any(|m| m.force_reply.is_some()), "{}", ann.chat.view());
    // An anonymous admin appears as the group, and is a person all the same.
    ann.chat.set_status(21, ChatMemberStatus::Administrator);
    let hidden = ann.chat.anonymously();
    hidden.send_text("/jobs");
    ann.sees("You have no jobs yet").await;
    ann.end().await;
}
