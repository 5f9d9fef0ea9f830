//! Who may use the bot is decided once for all instances, and outlasts them.

use kie::access::{Access, AccessPolicy};
use kie::demo::telegram::{ChatHandle, ChatView};
use kie::job::UserId;

use crate::support::database;
use crate::system::fixture::{LEADS, LIMIT, TestSystem};

const ADMIN: i64 = 42;
const LOG: &str = "info,kie=debug";

/// The list is empty, and one person is the bot's admin.
fn for_a_list(system: &mut TestSystem) {
    let admins = [UserId(ADMIN)].into();
    system.config.access = Access { policy: AccessPolicy::List, admins, list: [].into() };
}

fn has_text(view: &ChatView, text: &str) -> bool {
    view.from_bot().any(|message| message.text.contains(text))
}

async fn sees(chat: &ChatHandle, text: &str) -> String {
    chat.wait_text(text, LIMIT).await.unwrap().text
}

const GRANTED: &str = "You may use this bot now";
const ENDED: &str = "This invitation has ended";

#[tokio::test(flavor = "multi_thread")]
async fn instances_never_share_the_last_use_of_an_invitation() {
    database::with_database(|url| async move {
        let mut system = TestSystem::postgres(url).await;
        for_a_list(&mut system);
        let one = system.candidate(LOG).await;
        one.says(LEADS).await;
        let other = system.candidate(LOG).await;
        let admin = system.telegram.chat(ADMIN);
        admin.send_text("/invite 3");
        let link = sees(&admin, "An invitation for 3 people").await;
        let start = format!("/start {}", link.split_once("?start=").unwrap().1);
        let guests: Vec<ChatHandle> = (500..510).map(|id| system.telegram.chat(id)).collect();
        for guest in &guests {
            guest.send_text(&start);
        }
        let mut let_in = Vec::new();
        for guest in &guests {
            let told = |view: &ChatView| (has_text(view, GRANTED) || has_text(view, ENDED)).then_some(());
            guest.wait_for(LIMIT, told).await.unwrap();
            let_in.extend(has_text(&guest.view(), GRANTED).then_some(guest));
        }
        assert_eq!(let_in.len(), 3);
        one.stop().await;
        other.stop().await;

        // Another process knows them, and what is open.
        let later = system.candidate(LOG).await;
        later.says(LEADS).await;
        for guest in &let_in {
            guest.send_text("/help");
            sees(guest, "I make pictures").await;
        }
        admin.send_text("/invites");
        sees(&admin, "No invitation is open").await;
        admin.send_text("/people");
        let people = sees(&admin, "Who may use the bot").await;
        assert_eq!(people.matches(&format!("by an invitation of {ADMIN}")).count(), 3, "{people}");
        later.stop().await;
    })
    .await;
}

/// Asks for access.
async fn ask(chat: &ChatHandle) {
    chat.send_text("hello");
    chat.wait_button("Ask for access", LIMIT).await.unwrap();
    chat.press("Ask for access").unwrap();
    sees(chat, "Your request for access is stored").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_requests_is_told_in_part_and_listed_as_a_whole() {
    let mut system = TestSystem::sqlite().await;
    for_a_list(&mut system);
    let bot = system.bot().await;
    // The admin has never written to the bot: that is no error, and is logged.
    ask(&system.telegram.chat(500)).await;
    bot.says("no admin could be told of a request").await;
    let admin = system.telegram.chat(ADMIN);
    for id in 501..523 {
        ask(&system.telegram.chat(id)).await;
    }
    admin.send_text("/requests");
    let list = sees(&admin, "Open requests for access").await;
    assert!(list.contains("Number: 500\n") && list.contains("There are later ones"), "{list}");
    let told = admin.view().from_bot().filter(|message| message.text.starts_with("🙋")).count();
    assert_eq!(told, 19, "20 a day, of which the first reached nobody");
    bot.stop().await;
}
