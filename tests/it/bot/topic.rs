//! Topics of forums and of private chats: answers, progress and results go where they were asked for.

use kie::demo::telegram::ChatView;

use super::*;

const FORUM: i64 = -1_000_000_000_300;
const QUICK: Pace = Pace::Polls(1);
/// Tasks end when the test says so.
const NEVER: Pace = Pace::Time(Duration::from_secs(10_000));

/// The whole bot with a forum in which Ann (21) writes in a topic.
async fn with_topic(pace: Pace) -> Play {
    let play = Play::with("en", |options| options.pace = pace).await;
    let forum = play.harness.telegram.forum(FORUM, TelegramUser::new(21).speaking("en"));
    let topic = forum.create_topic("Pictures");
    Play { chat: forum.in_topic(topic), ..play }
}

/// The topics of the bot's messages in the whole chat.
fn topics(chat: &ChatHandle) -> Vec<Option<i32>> {
    let mut found: Vec<Option<i32>> = chat.general().view().from_bot().map(|message| message.topic).collect();
    found.sort_unstable();
    found.dedup();
    found
}

async fn ask_for(chat: &ChatHandle, prompt: &str) {
    chat.begin(task("z-image"), title("z-image")).await;
    chat.sees("What to draw").await;
    chat.send_text(prompt);
    chat.sees(&format!("«{prompt}»")).await;
}

#[tokio::test]
async fn everything_stays_in_the_topic_in_which_it_was_asked() {
    let play = with_topic(QUICK).await;
    ask_for(&play.chat, "a boat").await;
    play.press("✅ Create").await;
    let photo = play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.press("Once more").await;
    play.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap();
    let second = |view: &ChatView| view.from_bot().any(|m| m.media.is_some() && m.id > photo.id).then_some(());
    play.chat.wait_for(TIMEOUT, second).await.unwrap();
    play.chat.send_text("/jobs");
    play.sees("Your last jobs").await;
    assert_eq!(topics(&play.chat), [photo.topic], "{}", play.chat.general().view());
    assert!(photo.topic.is_some());
    play.end().await;
}

#[tokio::test]
async fn two_topics_do_not_share_a_form() {
    let one = with_topic(QUICK).await;
    ask_for(&one.chat, "a boat").await;
    let two = one.chat.in_topic(one.chat.create_topic("Cats"));
    ask_for(&two, "a cat").await;
    assert!(one.chat.view().with_text("«a boat»").is_some(), "{}", one.chat.view());
    one.press("✅ Create").await;
    two.tap("✅ Create").await;
    let (boat, cat) = (
        one.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap(),
        two.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap(),
    );
    assert!(boat.text.contains("a boat") && cat.text.contains("a cat"), "{boat} {cat}");
    one.end().await;
}

/// A private chat can have topics too.
#[tokio::test]
async fn a_private_chat_with_topics_answers_in_them() {
    let play = Play::start("en").await;
    let topic = play.chat.create_topic("Boats");
    let play = Play { chat: play.chat.in_topic(topic), ..play };
    ask_for(&play.chat, "a boat").await;
    play.press("✅ Create").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(topics(&play.chat), [Some(topic)]);
    play.end().await;
}

#[tokio::test]
async fn a_result_for_a_closed_topic_comes_to_the_nearest_place_that_works() {
    let play = with_topic(NEVER).await;
    ask_for(&play.chat, "a boat").await;
    play.press("✅ Create").await;
    let creates = play.harness.kie.wait_for_creates(1, TIMEOUT).await.unwrap();
    play.chat.close_topic(true);
    play.harness.kie.finish(&creates[0].task_id);
    let general = play.chat.general();
    let photo = general.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(photo.topic, None, "{}", general.view());
    let notice = general.view().with_text("The topic is closed to me").cloned().unwrap();
    assert!(notice.id < photo.id && notice.topic.is_none());
    // The next one: the topic is gone, and so is the general topic. Ann has spoken to the bot before.
    let private = play.harness.telegram.chat_of(TelegramUser::new(21).speaking("en"));
    private.send_text("/help");
    private.wait_text("I make pictures", TIMEOUT).await.unwrap();
    let press = general.press_on(photo.id, "Once more").unwrap();
    general.wait_answer(&press, TIMEOUT).await.unwrap();
    let creates = play.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap();
    play.chat.delete_topic();
    general.close_topic(true);
    play.harness.kie.finish(&creates[1].task_id);
    let photo = private.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert!(private.view().with_text("I cannot write in the group").is_some_and(|m| m.id < photo.id));
    // Its buttons work where it has come to.
    let press = private.press_on(photo.id, "Once more").unwrap();
    assert_eq!(private.wait_answer(&press, TIMEOUT).await.unwrap().text, "");
    play.harness.kie.wait_for_creates(3, TIMEOUT).await.unwrap();
    play.end().await;
}

/// A form in a topic that is closed meanwhile goes on in the general one.
#[tokio::test]
async fn a_form_in_a_closed_topic_goes_on_in_the_general_one() {
    let play = with_topic(QUICK).await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.close_topic(true);
    // An admin of the forum still writes to it.
    play.chat.send_text("a boat");
    let general = play.chat.general();
    let form = general.wait_text("«a boat»", TIMEOUT).await.unwrap();
    assert_eq!(form.topic, None);
    let press = general.press_on(form.id, "✅ Create").unwrap();
    assert_eq!(general.wait_answer(&press, TIMEOUT).await.unwrap().text, "", "it is still the person's form");
    general.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    play.end().await;
}
