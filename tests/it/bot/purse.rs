//! The purse of a group that pays for what its people order.

use std::sync::Arc;

use kie::access::{Access, AccessPolicy};
use kie::clock::SystemClock;
use kie::demo::telegram::{ChatMemberStatus, ChatView};
use kie::job::{ChatId, UserId};
use kie::ledger::{Money, WalletId};
use kie::service::{Books, WalletAdmin};
use kie::store::{self, Store};
use kie::tariff::Allowance;
use kie::transfer::TransferKind;

use super::charge::{tariff, wait_for};
use super::*;

const GROUP: i64 = -1_000_000_000_400;
const ANN: i64 = 21;
const BOB: i64 = 22;

fn units(whole: i64) -> Money {
    Money::from_hundredths(whole * 100)
}

fn person(id: i64) -> TelegramUser {
    TelegramUser::new(id).speaking("en")
}

/// A bot that charges, with a group of Ann, whose it is, and Bob. `balance`: what Ann has.
struct Group {
    play: Play,
    ann: ChatHandle,
    bob: ChatHandle,
    store: Arc<dyn Store>,
}

impl Group {
    async fn with(balance: i64, change: impl FnOnce(&mut HarnessOptions)) -> Self {
        let play = Play::with("en", |options| {
            options.tariff = Some(tariff());
            change(options);
        })
        .await;
        let ann = play.harness.telegram.supergroup(GROUP, person(ANN));
        let bob = ann.as_member(person(BOB));
        ann.set_status(ANN, ChatMemberStatus::Creator);
        // The bot has made the tables when it answers.
        ann.send_text("/purse");
        ann.sees("The group's purse: 0\u{a0}⭐").await;
        let url = format!("sqlite:{}", play.folder.path().join("demo.db").display());
        let store = store::open_as_is(&url).await.unwrap();
        let group = Self { play, ann, bob, store };
        group.give(ANN, balance).await;
        group
    }

    async fn give(&self, wallet: i64, amount: i64) {
        let admin = WalletAdmin::new(self.store.clone(), Arc::new(SystemClock));
        admin.give(WalletId(wallet), units(amount), &format!("test:{wallet}:{amount}"), None).await.unwrap();
    }

    async fn has(&self, wallet: i64) -> Money {
        self.store.wallet(WalletId(wallet)).await.unwrap().available
    }

    async fn end(self) {
        let report = Books::new(self.store.clone(), Arc::new(SystemClock)).check().await.unwrap();
        assert!(report.agrees(), "{report:?}");
        self.store.close().await;
        self.play.end().await;
    }
}

/// Fills in a form; returns what it says when all is answered.
async fn write(chat: &ChatHandle, prompt: &str) -> Message {
    chat.begin(task("z-image"), title("z-image")).await;
    // In a group others may have been asked before.
    let is_asked = |view: &ChatView| view.last().filter(|m| m.text.contains("What to draw")).map(drop);
    chat.wait_for(TIMEOUT, is_asked).await.unwrap();
    chat.send_text(prompt);
    chat.sees(&format!("«{prompt}»")).await
}

async fn press_on(chat: &ChatHandle, form: &Message, label: &str) {
    let press = chat.press_on(form.id, label).unwrap();
    chat.wait_answer(&press, TIMEOUT).await.unwrap();
}

#[tokio::test]
async fn a_purse_is_filled_by_admins_alone_from_what_they_have() {
    let group = Group::with(30, |_| {}).await;
    let (ann, bob) = (&group.ann, &group.bob);
    bob.send_text("/fill 5");
    bob.sees("Only admins of this group can fill its purse").await;
    ann.send_text("/fill 31");
    let refused = ann.sees("Your balance is smaller than 31\u{a0}⭐, so the purse was not filled").await;
    assert!(!refused.text.contains("30"), "what she has is nobody else's business: {refused}");
    for slip in ["/fill", "/fill much", "/fill 0", "/fill -5"] {
        let seen = ann.view().messages.len();
        ann.send_text(slip);
        ann.wait_for(TIMEOUT, |view| (view.messages.len() > seen + 1).then_some(())).await.unwrap();
    }
    let usage = ann.view().from_bot().filter(|m| m.text.contains("Write how much of your balance")).count();
    assert_eq!((usage, group.has(ANN).await, group.has(GROUP).await), (4, units(30), units(0)));
    ann.send_text("/fill 20");
    ann.sees("20\u{a0}⭐ went from your balance to the group's purse").await;
    assert_eq!((group.has(ANN).await, group.has(GROUP).await), (units(10), units(20)));

    group.end().await;
}

#[tokio::test]
async fn a_purse_pays_for_everybody_in_the_group() {
    let group = Group::with(20, |_| {}).await;
    let (ann, bob) = (&group.ann, &group.bob);
    ann.send_text("/fill 20");
    ann.sees("20\u{a0}⭐ went from your balance").await;
    // Bob has nothing, and orders all the same.
    let form = write(bob, "a boat").await;
    assert!(form.text.contains("8\u{a0}⭐ · the group pays (purse: 20\u{a0}⭐)"), "{form}");
    press_on(bob, &form, "✅ Create · 8 ⭐").await;
    bob.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    let jobs = group.store.jobs_of(ChatId(GROUP), 10, 0).await.unwrap();
    let [job] = jobs.as_slice() else { panic!("{jobs:?}") };
    assert_eq!((job.user, job.charge.unwrap().payer), (UserId(BOB), WalletId(GROUP)));
    assert_eq!(group.has(GROUP).await, units(12));
    bob.send_text("/purse");
    bob.sees("The group's purse: 12\u{a0}⭐").await;
    bob.tap("Statement").await;
    let statement = bob.sees("−8\u{a0}⭐ · reserved for").await;
    for line in ["+20\u{a0}⭐ · the purse was filled", "8\u{a0}⭐ · paid from what was reserved"] {
        assert!(statement.text.contains(line), "{line}: {statement}");
    }
    group.end().await;
}

#[tokio::test]
async fn what_fails_is_given_back_to_the_purse() {
    let group = Group::with(0, |_| {}).await;
    group.give(GROUP, 20).await;
    let form = write(&group.bob, "a ship [fail]").await;
    assert!(form.text.contains("the group pays (purse: 20\u{a0}⭐)"), "{form}");
    press_on(&group.bob, &form, "✅ Create · 8 ⭐").await;
    // Held before it is sent.
    group.play.harness.kie.wait_for_creates(1, TIMEOUT).await.unwrap();
    let wallets = WalletAdmin::new(group.store.clone(), Arc::new(SystemClock));
    wait_for(&wallets, WalletId(GROUP), 2000).await;
    let movements = group.store.transfers_of(WalletId(GROUP), None, 10).await.unwrap();
    let kinds: Vec<_> = movements.iter().map(|(_, transfer)| transfer.kind).collect();
    assert_eq!(kinds, [TransferKind::Release, TransferKind::Hold, TransferKind::Gift]);
    assert_eq!(group.has(BOB).await, units(0));
    group.end().await;
}

#[tokio::test]
async fn what_a_group_has_paid_for_is_not_repeated_at_the_cost_of_a_person() {
    let group = Group::with(0, |_| {}).await;
    group.give(GROUP, 8).await;
    group.give(BOB, 9).await;
    let form = write(&group.bob, "a boat").await;
    press_on(&group.bob, &form, "✅ Create · 8 ⭐").await;
    let result = group.bob.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    press_on(&group.bob, &result, "Once more · 8 ⭐").await;
    let asked = group.bob.sees("The group's purse has only 0\u{a0}⭐ left").await;
    assert!(asked.text.contains("you pay"), "{asked}");
    assert_eq!(group.has(BOB).await, units(9));
    group.end().await;
}

#[tokio::test]
async fn who_is_faster_gets_the_last_units_and_the_other_is_asked() {
    let group = Group::with(8, |_| {}).await;
    let (ann, bob) = (&group.ann, &group.bob);
    group.give(BOB, 9).await;
    ann.send_text("/fill 8");
    ann.sees("8\u{a0}⭐ went from your balance").await;
    let (anns, bobs) = (write(ann, "a boat").await, write(bob, "a ship").await);
    for form in [&anns, &bobs] {
        assert!(form.text.contains("the group pays (purse: 8\u{a0}⭐)"), "{form}");
    }
    press_on(ann, &anns, "✅ Create · 8 ⭐").await;
    ann.sees("«a boat»").await;
    group.play.harness.kie.wait_for_creates(1, TIMEOUT).await.unwrap();
    press_on(bob, &bobs, "✅ Create · 8 ⭐").await;
    let asked = bob.sees("The group's purse has only 0\u{a0}⭐ left, and this costs 8\u{a0}⭐").await;
    assert!(asked.text.contains("8\u{a0}⭐ · you pay"), "{asked}");
    assert_eq!(group.has(BOB).await, units(9), "who was not told pays nothing");
    press_on(bob, &asked, "✅ Create · 8 ⭐").await;
    let creates = group.play.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap();
    assert_eq!(creates.len(), 2);
    assert_eq!((group.has(BOB).await, group.has(GROUP).await), (units(1), units(0)));
    group.end().await;
}

#[tokio::test]
async fn a_free_order_costs_nobody_anything_and_elsewhere_there_is_no_purse() {
    let group = Group::with(0, |options| options.allowance = Allowance { first: 1, day: 0, max: None }).await;
    group.give(GROUP, 20).await;
    let form = write(&group.bob, "a boat").await;
    assert!(form.text.contains("free for you") && !form.text.contains("pays"), "{form}");
    press_on(&group.bob, &form, "✅ Create · free").await;
    group.bob.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(group.has(GROUP).await, units(20));
    let form = write(&group.bob, "a ship").await;
    assert!(form.text.contains("the group pays"), "{form}");
    for words in ["/purse", "/fill 5"] {
        let seen = group.play.chat.view().messages.len();
        group.play.chat.send_text(words);
        group.play.chat.wait_for(TIMEOUT, |view| (view.messages.len() > seen + 1).then_some(())).await.unwrap();
    }
    let told = group.play.chat.view().from_bot().filter(|m| m.text.contains("A purse belongs to a group")).count();
    assert_eq!(told, 2);
    group.end().await;
}

#[tokio::test]
async fn an_admin_of_the_bot_gives_back_what_a_purse_has() {
    let access = Access { policy: AccessPolicy::Open, admins: [UserId(42)].into(), list: [].into() };
    let group = Group::with(30, |options| options.access = access).await;
    let admin = &group.play.chat;
    group.ann.send_text("/fill 20");
    group.ann.sees("20\u{a0}⭐ went from your balance").await;
    admin.send_text(&format!("/admin purse {GROUP}"));
    admin.sees(&format!("Purse of the group {GROUP}: 20\u{a0}⭐")).await;
    admin.send_text(&format!("/admin purse {GROUP} {ANN} 21"));
    admin.sees("21\u{a0}⭐ was not booked").await;
    admin.send_text(&format!("/admin purse {GROUP} {ANN} 15"));
    let given = admin.sees("Booked: 15\u{a0}⭐").await;
    assert!(given.text.contains("5\u{a0}⭐"), "{given}");
    admin.tap("Statement").await;
    let statement = admin.sees("−15\u{a0}⭐ · given back to a person").await;
    assert!(!statement.text.contains(&ANN.to_string()), "{statement}");
    for slip in ["/admin purse", "/admin purse 42", &format!("/admin purse {GROUP} {ANN}")] {
        let seen = admin.view().messages.len();
        admin.send_text(slip);
        admin.wait_for(TIMEOUT, |view| (view.messages.len() > seen + 1).then_some(())).await.unwrap();
    }
    let usage = admin.view().from_bot().filter(|m| m.text.contains("shows the purse of that group")).count();
    assert_eq!((usage, group.has(ANN).await, group.has(GROUP).await), (3, units(25), units(5)));

    // An admin of the bot fills any purse, and it moves with its group.
    group.give(42, 7).await;
    let as_admin = group.ann.as_member(person(42));
    as_admin.send_text("/fill 7");
    as_admin.sees("7\u{a0}⭐ went from your balance").await;
    assert_eq!(group.has(GROUP).await, units(12));
    let acts = group.store.audit(Some(ANN), None, 5).await.unwrap();
    let [(_, act)] = acts.as_slice() else { panic!("{acts:?}") };
    assert_eq!((act.action.as_str(), act.after.as_deref()), ("return_purse", Some("15")));
    assert_eq!(act.subject, Some(GROUP.to_string()));
    group.end().await;
}
