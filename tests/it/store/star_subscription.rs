//! Subscriptions in Telegram Stars in both databases: every term is credited once, and the end is the one that was paid for.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::future::join_all;
use kie::audit::{Actor, AuditAction};
use kie::clock::{Clock, ManualClock, Timestamp};
use kie::invoice::{Credited, Invoice, InvoiceId, PaidTerm, Payment, PaymentId, PaymentTerms, StarPack, Stars};
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::service::{CancelError, EraseError, PaymentAdmin, StarCallError, StarCalls, UserAdmin};
use kie::star_subscription::{Renewal, StarSubscription};
use kie::store::{self, Store};

use crate::store::contract::at;
use crate::store::wallet::units;
use crate::support::database;

const ANN: UserId = UserId(1);

fn pack() -> StarPack {
    StarPack { stars: Stars::new(300).unwrap(), amount: units(400) }
}

async fn add_invoice(store: &Arc<dyn Store>, id: &str, person: UserId, is_subscription: bool) {
    let id = InvoiceId(id.into());
    let invoice = Invoice { id, person, pack: pack(), created_at: at(1), is_subscription, payment: None };
    store.add_invoice(&invoice, at(0)).await.unwrap();
    assert_eq!(store.invoice(&invoice.id).await.unwrap(), Some(invoice));
}

fn term(id: &str, invoice: &str, person: UserId, is_first: bool, until: i64) -> Payment {
    let of = PaymentTerms { payload: invoice.into(), person, currency: "XTR".into(), total: 300 };
    Payment { id: PaymentId(id.into()), of, term: Some(PaidTerm { is_first, until: at(until) }), at: at(2) }
}

async fn available(store: &Arc<dyn Store>, person: UserId) -> Money {
    store.wallet(WalletId::from(person)).await.unwrap().available
}

async fn of(store: &Arc<dyn Store>, person: UserId, now: Timestamp) -> Vec<(String, i64, Renewal)> {
    let found = store.star_subscriptions(person, now).await.unwrap();
    let row = |s: StarSubscription| (s.payment.0, s.until.millis(), s.renewal);
    found.into_iter().map(row).collect()
}

async fn every_term_is_credited_once(store: &Arc<dyn Store>) {
    add_invoice(store, "plan", ANN, true).await;
    let tell = async |payment: Payment| {
        let told = (0..20).map(|_| {
            let (store, payment) = (store.clone(), payment.clone());
            tokio::spawn(async move { store.add_payment(&payment).await.unwrap() })
        });
        let told: Vec<Credited> = join_all(told).await.into_iter().map(Result::unwrap).collect();
        told.iter().filter(|credited| **credited == Credited::New(units(400))).count()
    };
    assert_eq!(tell(term("first", "plan", ANN, true, 30)).await, 1);
    let until = |until: i64, renewal| vec![("first".to_owned(), at(until).millis(), renewal)];
    assert_eq!(of(store, ANN, at(3)).await, until(30, Renewal::Automatic));
    assert_eq!(tell(term("second", "plan", ANN, false, 60)).await, 1);
    assert_eq!(of(store, ANN, at(3)).await, until(60, Renewal::Automatic));
    assert_eq!(available(store, ANN).await, units(800));
    // Another sum, or another person, credits nothing, and changes no end.
    let mut short = term("short", "plan", ANN, false, 90);
    short.of.total = 299;
    assert_eq!(store.add_payment(&short).await.unwrap(), Credited::Stray);
    let others = term("others", "plan", UserId(2), false, 90);
    assert_eq!(store.add_payment(&others).await.unwrap(), Credited::Stray);
    assert_eq!(of(store, ANN, at(3)).await, until(60, Renewal::Automatic));
    // It is over when what was paid is over.
    assert_eq!(of(store, ANN, at(60)).await, []);
    assert_eq!((available(store, ANN).await, available(store, UserId(2)).await), (units(800), Money::ZERO));
}

async fn terms_may_be_told_in_any_order(store: &Arc<dyn Store>) {
    let bob = UserId(3);
    add_invoice(store, "late", bob, true).await;
    for (id, is_first, until) in [("b2", false, 60), ("b3", false, 90), ("b1", true, 30)] {
        let credited = store.add_payment(&term(id, "late", bob, is_first, until)).await.unwrap();
        assert_eq!(credited, Credited::New(units(400)));
    }
    assert_eq!(of(store, bob, at(3)).await, [("b1".to_owned(), at(90).millis(), Renewal::Automatic)]);
    assert_eq!(available(store, bob).await, units(1200));
    // What Telegram says of a term makes no subscription of a pack, which is paid once.
    add_invoice(store, "pack", bob, false).await;
    assert_eq!(store.add_payment(&term("b4", "pack", bob, true, 99)).await.unwrap(), Credited::New(units(400)));
    assert_eq!(store.add_payment(&term("b5", "pack", bob, false, 99)).await.unwrap(), Credited::Stray);
    assert_eq!(of(store, bob, at(95)).await, []);
}

/// Telegram, which fails as often as it is told to.
#[derive(Debug, Default)]
struct Telegram {
    failures: Mutex<Vec<StarCallError>>,
    edited: Mutex<Vec<(UserId, String, bool)>>,
}

#[async_trait]
impl StarCalls for Telegram {
    async fn refund(&self, _: UserId, _: &PaymentId) -> Result<(), StarCallError> {
        Ok(())
    }

    async fn edit_subscription(&self, person: UserId, of: &PaymentId, is_off: bool) -> Result<(), StarCallError> {
        self.edited.lock().unwrap().push((person, of.0.clone(), is_off));
        self.failures.lock().unwrap().pop().map_or(Ok(()), Err)
    }
}

async fn an_admin_cancels_before_a_person_is_forgotten(store: &Arc<dyn Store>) {
    let cid = UserId(4);
    add_invoice(store, "cids", cid, true).await;
    store.add_payment(&term("c1", "cids", cid, true, 30)).await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(at(5)));
    let users = UserAdmin::new(store.clone(), clock.clone(), Actor::Person(UserId(9)));
    assert!(matches!(users.check_erasable(cid, false).await, Err(EraseError::Subscription)));
    let admin = PaymentAdmin::new(store.clone(), clock, Actor::Person(UserId(9)));
    let telegram =
        Telegram { failures: Mutex::new(vec![StarCallError::Unanswered("no".into())]), ..Telegram::default() };
    let failed = admin.cancel_subscriptions(cid, &telegram).await.unwrap_err();
    assert!(matches!(failed, CancelError::Telegram(_)), "{failed}");
    assert_eq!(of(store, cid, at(5)).await[0].2, Renewal::Automatic, "what Telegram has not done is not shown as done");
    assert_eq!(admin.cancel_subscriptions(cid, &telegram).await.unwrap().len(), 1);
    assert_eq!(admin.cancel_subscriptions(cid, &telegram).await.unwrap(), [], "nothing is left to do");
    assert_eq!(*telegram.edited.lock().unwrap(), [(cid, "c1".to_owned(), true), (cid, "c1".to_owned(), true)]);
    let acts = store.audit(Some(cid.0), None, 5).await.unwrap();
    assert_eq!(acts.iter().map(|(_, act)| act.action).collect::<Vec<_>>(), [AuditAction::CancelSubscription]);
    assert!(matches!(users.check_erasable(cid, false).await, Err(EraseError::Money(_))));
    // A term that is paid after all goes on as Telegram says.
    store.add_payment(&term("c2", "cids", cid, false, 60)).await.unwrap();
    assert_eq!(of(store, cid, at(5)).await, [("c1".to_owned(), at(60).millis(), Renewal::Automatic)]);
    let taken = kie::transfer::Transfer {
        kind: kie::transfer::TransferKind::TakeBack,
        ..crate::store::wallet::payment(cid.0, "taken", units(800))
    };
    store.book(&taken).await.unwrap();
    admin.cancel_subscriptions(cid, &telegram).await.unwrap();
    users.erase(cid, false).await.unwrap();
    assert_eq!(of(store, cid, at(5)).await, []);
    // A payment that comes all the same is kept for the admins to see.
    assert_eq!(store.add_payment(&term("c3", "cids", cid, false, 90)).await.unwrap(), Credited::Stray);
}

async fn check(store: Arc<dyn Store>) {
    every_term_is_credited_once(&store).await;
    terms_may_be_told_in_any_order(&store).await;
    an_admin_cancels_before_a_person_is_forgotten(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_of_subscriptions_are_credited_once_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_of_subscriptions_are_credited_once_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
