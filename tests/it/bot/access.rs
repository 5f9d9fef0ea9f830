//! Who may use the bot: whoever finds it must not spend the operator's credits.

use kie::access::{Access, AccessPolicy};
use kie::demo::telegram::ChatView;
use kie::job::UserId;

use super::*;

/// The whole bot for the owner (42) and the list.
async fn with_access(policy: AccessPolicy, list: &[i64]) -> Play {
    let access = Access { policy, admins: [UserId(42)].into(), list: list.iter().copied().collect() };
    Play::with("en", |options| options.access = access).await
}

#[tokio::test]
async fn a_stranger_who_finds_the_bot_orders_nothing() {
    let play = with_access(AccessPolicy::Owner, &[]).await;
    play.begin(task("z-image"), title("z-image")).await;
    play.sees("What to draw").await;
    play.chat.send_text("a boat");
    let form = play.sees("«a boat»").await;

    let stranger = play.harness.telegram.chat_of(TelegramUser::new(900_000_001).speaking("en"));
    for text in ["/start", "hello?", "/help", "/start own-0123"] {
        stranger.send_text(text);
    }
    let told = stranger.wait_text("This bot is private", TIMEOUT).await.unwrap();
    assert!(told.text.contains("your number is 900000001"), "the owner needs it: {told}");
    // Nor with a button that was forwarded, or made up.
    let create = form.button("✅ Create").unwrap().data.clone().unwrap();
    for data in [create.as_str(), "1nz-image", "1h"] {
        let press = stranger.press_data(told.id, data).unwrap();
        let answer = stranger.wait_answer(&press, TIMEOUT).await.unwrap();
        assert!(answer.text.contains("This bot is private"), "{answer:?}");
    }
    // What follows is handled after all that.
    play.press("✅ Create").await;
    play.chat.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(stranger.view().from_bot().count(), 1, "one sentence, rarely: {}", stranger.view());
    assert_eq!(play.harness.kie.creates().len(), 1);
    play.end().await;
}

#[tokio::test]
async fn a_list_lets_in_people_and_groups() {
    const GROUP: i64 = -1_000_000_000_400;
    let play = with_access(AccessPolicy::List, &[43, GROUP]).await;
    let listed = play.harness.telegram.chat_of(TelegramUser::new(43).speaking("en"));
    listed.send_text("/help");
    listed.wait_text("I make pictures", TIMEOUT).await.unwrap();
    let member = play.harness.telegram.supergroup(GROUP, TelegramUser::new(44).speaking("en"));
    member.send_text("/help");
    member.wait_text("I make pictures", TIMEOUT).await.unwrap();
    // The same person elsewhere, and a group that is not listed, where nobody wants to read of it.
    let private = play.harness.telegram.chat_of(TelegramUser::new(44).speaking("en"));
    private.send_text("/help");
    private.wait_text("This bot is private", TIMEOUT).await.unwrap();
    let other = play.harness.telegram.supergroup(GROUP - 1, TelegramUser::new(44).speaking("en"));
    other.send_text("/help");
    let owner = other.as_member(TelegramUser::new(42).speaking("en"));
    owner.send_text("/help");
    owner.wait_text("I make pictures", TIMEOUT).await.unwrap();
    assert_eq!(owner.view().from_bot().count(), 1, "{}", owner.view());
    play.end().await;
}

/// A chat of another person than the admin.
fn person(play: &Play, id: i64) -> ChatHandle {
    play.harness.telegram.chat_of(TelegramUser::new(id).speaking("en"))
}

/// The parameter of the link in a message.
fn parameter(message: &Message) -> String {
    message.text.split_once("?start=").unwrap().1.split_whitespace().next().unwrap().to_owned()
}

/// How many messages of the bot hold a text.
fn count(chat: &ChatHandle, text: &str) -> usize {
    chat.view().from_bot().filter(|message| message.text.contains(text)).count()
}

const GRANTED: &str = "You may use this bot now";

#[tokio::test]
async fn an_invitation_lets_in_as_many_people_as_it_is_for() {
    let play = with_access(AccessPolicy::List, &[43]).await;
    for wrong in ["/invite 0", "/invite 5 366", "/invite many", "/invite 1001"] {
        play.chat.send_text(wrong);
        let answered = play.chat.wait_for(TIMEOUT, |view| view.last().filter(|last| last.from_bot).cloned());
        assert!(answered.await.unwrap().text.contains("(1 to 1000) and for how many days (1 to 365)"), "{wrong}");
    }
    play.chat.send_text("/invite 2 30");
    let made = play.sees("An invitation for 2 people, until ").await;
    assert!(made.text.contains("https://t.me/"), "{made}");
    let start = format!("/start {}", parameter(&made));
    assert!(start.starts_with("/start join-") && start.len() == "/start join-".len() + 24, "{start}");

    // Whoever may use the bot already uses up nothing: an admin, one of the list, one who came by the link.
    play.chat.send_text(&start);
    let listed = person(&play, 43);
    listed.send_text(&start);
    listed.sees("What shall we make?").await;
    let first = person(&play, 44);
    first.send_text(&start);
    first.sees(GRANTED).await;
    first.send_text(&start);
    first.send_text("/help");
    first.sees("I make pictures").await;
    assert_eq!(count(&first, GRANTED), 1);
    play.chat.send_text("/invites");
    play.sees("1 person left, until ").await;
    let second = person(&play, 45);
    second.send_text(&start);
    second.sees(GRANTED).await;
    let third = person(&play, 46);
    third.send_text(&start);
    third.sees("This invitation has ended or is used up").await;
    third.send_text(&start);
    third.send_text("/help");
    third.sees("This bot is private").await;
    assert_eq!(count(&third, "has ended"), 1, "rarely");
    play.chat.send_text("/invites");
    play.sees("No invitation is open").await;
    play.end().await;
}

#[tokio::test]
async fn a_withdrawn_or_forged_invitation_lets_in_nobody() {
    let play = with_access(AccessPolicy::List, &[]).await;
    play.chat.send_text("/invite");
    let made = play.sees("An invitation for one person, until ").await;
    play.chat.send_text("/invites");
    play.sees("Open invitations").await;
    play.press("No. 1").await;
    play.sees("The invitation is withdrawn").await;
    let late = person(&play, 44);
    late.send_text(&format!("/start {}", parameter(&made)));
    late.sees("This invitation has ended or is used up").await;
    let guesser = person(&play, 45);
    let flipped: String = parameter(&made).chars().rev().take(24).collect();
    for code in [flipped.as_str(), "0123456789abcdef01234567", "0123", "", "%00"] {
        guesser.send_text(&format!("/start join-{code}"));
    }
    guesser.sees("This bot is private").await;
    // What follows is handled after that.
    guesser.send_text("/help");
    play.chat.send_text("/help");
    play.sees("I make pictures").await;
    assert_eq!(guesser.view().from_bot().count(), 1, "one sentence, rarely: {}", guesser.view());
    play.end().await;
}

#[tokio::test]
async fn the_policy_says_whether_there_are_invitations() {
    for (policy, words) in
        [(AccessPolicy::Owner, "with the setting ACCESS=list"), (AccessPolicy::Open, "so nobody needs an invitation")]
    {
        let play = with_access(policy, &[]).await;
        play.chat.send_text("/invite");
        play.sees(words).await;
        // A stranger's request is not taken where none can be granted.
        let stranger = person(&play, 44);
        stranger.send_text("hello");
        let told = stranger.wait_for(TIMEOUT, |view| view.from_bot().next().cloned()).await.unwrap();
        assert!(told.button("Ask for access").is_none(), "{told}");
        let press = stranger.press_data(told.id, "1q").unwrap();
        stranger.wait_answer(&press, TIMEOUT).await.unwrap();
        play.chat.send_text("/help");
        play.sees("I make pictures").await;
        assert_eq!(count(&play.chat, "A request for access"), 0);
        play.end().await;
    }
}

#[tokio::test]
async fn to_others_the_admins_commands_are_unknown_and_their_buttons_do_nothing() {
    let play = with_access(AccessPolicy::List, &[43]).await;
    let listed = person(&play, 43);
    for command in ["/invite", "/invites", "/requests", "/people", "/allow 44", "/deny 42"] {
        listed.send_text(command);
        let word = command.split(' ').next().unwrap();
        let unknown = listed.sees(&format!("I do not know {word}.")).await;
        // Nor do buttons of a time when they were an admin.
        for data in ["1aa44", "1ax42", "1p0", "1i0123456789abcdef01234567"] {
            let press = listed.press_data(unknown.id, data).unwrap();
            let answer = listed.wait_answer(&press, TIMEOUT).await.unwrap();
            assert!(answer.text.contains("Only an admin of this bot"), "{data}: {answer:?}");
        }
    }
    // Telegram's menu lists them for the admin alone.
    let menus = |chat: &ChatHandle| play.harness.telegram.commands(chat.id(), "ru");
    let is_listed = |chat: &ChatHandle| menus(chat).iter().any(|command| command == "invite");
    play.chat.wait_for(TIMEOUT, |_| is_listed(&play.chat).then_some(())).await.unwrap();
    assert!(!is_listed(&listed) && !menus(&listed).is_empty());
    play.end().await;
}

/// A person asks, and gets the message whose button was pressed.
async fn ask(chat: &ChatHandle) {
    chat.send_text("hello");
    chat.sees("This bot is private").await;
    let press = chat.press("Ask for access").unwrap();
    let answer = chat.wait_answer(&press, TIMEOUT).await.unwrap();
    assert_eq!(answer.text, "", "the message says it");
}

/// The whole bot for a list, with two admins in their private chats (42 and 41) and one who never came.
async fn with_two_admins() -> (Play, ChatHandle) {
    let access =
        Access { policy: AccessPolicy::List, admins: [UserId(40), UserId(41), UserId(42)].into(), list: [].into() };
    let play = Play::with("en", |options| options.access = access).await;
    let other = person(&play, 41);
    (play, other)
}

#[tokio::test]
async fn a_request_is_told_to_the_admins_and_the_first_decision_counts() {
    let (play, other) = with_two_admins().await;
    let bob = TelegramUser { first_name: "Bob\n@boss".into(), username: Some("bob".into()), ..TelegramUser::new(44) };
    let bob = play.harness.telegram.chat_of(bob);
    ask(&bob).await;
    bob.sees("Your request for access is stored").await;
    assert!(bob.view().button("Ask for access").is_none(), "{}", bob.view());
    // A second press, of an old keyboard, is stored and told once.
    let shown = bob.sees("Your request for access is stored").await;
    let again = bob.press_data(shown.id, "1q").unwrap();
    bob.wait_answer(&again, TIMEOUT).await.unwrap();
    for admin in [&play.chat, &other] {
        let told = admin.sees("A request for access").await;
        assert!(told.text.contains("Name: Bob @boss\nUser name: @bob\nNumber: 44"), "{told}");
        assert!(told.button("Allow").is_some() && told.button("Refuse").is_some(), "{told}");
    }
    play.chat.send_text("/requests");
    play.sees("Open requests for access").await;
    let late = other.view().button("Refuse").map(|(message, button)| (message.id, button.data.clone().unwrap()));
    let (late_message, late_data) = late.unwrap();
    let told = play.chat.view().with_text("A request for access").unwrap().clone();
    let press = play.chat.press_on(told.id, "Allow").unwrap();
    play.chat.wait_answer(&press, TIMEOUT).await.unwrap();
    bob.sees(GRANTED).await;
    // All see what was decided, and by whom; a later decision changes nothing.
    play.sees("✅ Bob @boss (44) is let in, by User 42.").await;
    other.sees("✅ Bob @boss (44) is let in, by User 42.").await;
    let press = other.press_data(late_message, &late_data).unwrap();
    other.wait_answer(&press, TIMEOUT).await.unwrap();
    bob.send_text("/help");
    bob.sees("I make pictures").await;
    other.send_text("/requests");
    other.sees("No request is open").await;
    assert_eq!((count(&bob, GRANTED), count(&bob, "declined")), (1, 0), "{}", bob.view());
    assert_eq!(count(&other, "A request for access"), 0, "{}", other.view());
    play.end().await;
}

#[tokio::test]
async fn a_refused_person_is_told_once_and_gets_no_button() {
    let (play, _) = with_two_admins().await;
    let bob = person(&play, 44);
    ask(&bob).await;
    play.sees("A request for access").await;
    play.chat.send_text("/requests");
    play.sees("Open requests for access").await;
    play.press("1. 🚫 Refuse").await;
    play.sees("🚫 User 44 (44) is not let in, by User 42.").await;
    bob.sees("Your request for access was declined").await;
    let press = bob.press_data(1, "1q").unwrap();
    bob.wait_answer(&press, TIMEOUT).await.unwrap();
    bob.send_text("please");
    play.chat.send_text("/requests");
    play.sees("No request is open").await;
    assert!(bob.view().button("Ask for access").is_none(), "{}", bob.view());
    assert_eq!(count(&play.chat, "A request for access"), 0);
    // An admin may still let them in.
    play.chat.send_text("/allow 44");
    play.sees("44 may use the bot now").await;
    bob.send_text("/help");
    bob.sees("I make pictures").await;
    play.end().await;
}

#[tokio::test]
async fn an_admin_lets_in_a_group_and_takes_it_back() {
    const GROUP: i64 = -400;
    let play = with_access(AccessPolicy::List, &[]).await;
    let member = play.harness.telegram.group(GROUP, TelegramUser::new(44).speaking("en"));
    let admin = member.as_member(TelegramUser::new(42).speaking("en"));
    member.send_text("/help");
    member.send_text("/allow");
    admin.send_text("/invite");
    admin.sees("in our private chat").await;
    assert_eq!(admin.view().from_bot().count(), 1, "a member cannot let in the group: {}", admin.view());
    admin.send_text("/allow");
    admin.sees("Everybody here may use the bot").await;
    member.send_text("/help");
    member.sees("I make pictures").await;
    play.chat.send_text("/people");
    let people = play.sees("Who may use the bot").await;
    assert!(people.text.contains("let in by 42\nName: Group -400\nNumber: -400"), "{people}");

    // The supergroup that it becomes has its access.
    let supergroup = member.upgrade(GROUP - 1_000_000_000_000);
    member.announce_upgrade();
    supergroup.send_text("/help");
    supergroup.sees("I make pictures").await;
    let admin = supergroup.as_member(TelegramUser::new(42).speaking("en"));
    admin.send_text("/deny");
    admin.sees("does not work in this group any more").await;
    let before = supergroup.view().from_bot().count();
    supergroup.send_text("/help");
    admin.send_text("/language");
    admin.sees("Choose a language").await;
    assert_eq!(supergroup.view().from_bot().count(), before + 1, "{}", supergroup.view());
    play.end().await;
}

#[tokio::test]
async fn a_denied_person_is_out_at_once_and_an_admin_cannot_be_denied() {
    let play = with_access(AccessPolicy::List, &[43]).await;
    play.chat.send_text("/invite");
    let start = format!("/start {}", parameter(&play.sees("An invitation for one person").await));
    let guest = person(&play, 44);
    guest.send_text(&start);
    guest.sees(GRANTED).await;
    let listed = person(&play, 43);
    listed.send_text("/help");
    listed.sees("I make pictures").await;
    for command in ["/deny 44", "/deny 43"] {
        play.chat.send_text(command);
        play.sees(&format!("{} may not use the bot any more", &command[6..])).await;
    }
    // A new invitation does not help whom an admin has denied.
    play.chat.send_text("/invite 9");
    let start = format!("/start {}", parameter(&play.sees("An invitation for 9 people").await));
    for chat in [&guest, &listed] {
        chat.send_text(&start);
        let told = chat.sees("This bot is private").await;
        assert!(told.button("Ask for access").is_none(), "{told}");
    }
    for wrong in ["/deny", "/deny bob", "/allow 0"] {
        play.chat.send_text(wrong);
        play.sees("with the number of a person or a group").await;
    }
    play.chat.send_text("/deny 42");
    play.sees("an admin of the bot, who may always use it").await;
    play.chat.send_text("/people");
    let people = play.sees("By the settings (ALLOWED_IDS): 43").await;
    assert_eq!(people.text.matches("Denied since").count(), 2, "{people}");
    // Removed from the list, the one is as before the invitation, and the other is one of the settings again.
    play.press("No. 1").await;
    play.sees("43 is removed from the list").await;
    play.press("No. 1").await;
    play.sees("Nobody was let in or denied").await;
    listed.send_text("/language");
    listed.sees("Choose a language").await;
    guest.send_text(&start);
    let twice = |view: &ChatView| (view.from_bot().filter(|m| m.text.contains(GRANTED)).count() == 2).then_some(());
    guest.wait_for(TIMEOUT, twice).await.unwrap();
    play.end().await;
}

#[tokio::test]
async fn everybody_is_let_in_except_who_was_denied() {
    let play = with_access(AccessPolicy::Open, &[]).await;
    let bob = person(&play, 44);
    bob.send_text("/help");
    bob.sees("I make pictures").await;
    play.chat.send_text("/deny 44");
    play.sees("44 may not use the bot any more").await;
    bob.send_text("/language");
    let told = bob.sees("This bot is private").await;
    assert!(told.button("Ask for access").is_none(), "{told}");
    assert_eq!(count(&bob, "Choose a language"), 0);
    play.chat.send_text("/allow 44");
    play.sees("44 may use the bot now").await;
    bob.send_text("/language");
    bob.sees("Choose a language").await;
    play.end().await;
}
