//! Refunds in both databases: what was credited is taken once, before Telegram is asked, and is put back when it refuses.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::future::join_all;
use kie::audit::{Actor, AuditAction};
use kie::clock::ManualClock;
use kie::invoice::{Credited, Invoice, InvoiceId, Payment, PaymentId, PaymentTerms, RefundState, StarPack, Stars};
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::service::{Books, EraseError, PaymentAdmin, RefundError, StarCallError, StarCalls, UserAdmin};
use kie::store::{self, Store};
use kie::transfer::TransferKind;

use crate::store::contract::at;
use crate::store::wallet::units;
use crate::support::database;

/// Telegram, which answers what it is told to, and otherwise gives back.
#[derive(Debug, Default)]
struct Telegram {
    answers: Mutex<VecDeque<StarCallError>>,
    asked: Mutex<Vec<(UserId, PaymentId)>>,
}

impl Telegram {
    fn answering(answers: impl IntoIterator<Item = StarCallError>) -> Self {
        Self { answers: Mutex::new(answers.into_iter().collect()), asked: Mutex::default() }
    }
}

#[async_trait]
impl StarCalls for Telegram {
    async fn refund(&self, person: UserId, payment: &PaymentId) -> Result<(), StarCallError> {
        self.asked.lock().unwrap().push((person, payment.clone()));
        self.answers.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }

    async fn edit_subscription(&self, _: UserId, _: &PaymentId, _: bool) -> Result<(), StarCallError> {
        unreachable!("no subscription is changed here")
    }
}

fn admin(store: &Arc<dyn Store>) -> PaymentAdmin {
    PaymentAdmin::new(store.clone(), Arc::new(ManualClock::new(at(50))), Actor::Person(UserId(9)))
}

fn id(text: &str) -> PaymentId {
    PaymentId(text.to_owned())
}

/// A payment of this name, of which a hundred units were credited.
async fn paid(store: &Arc<dyn Store>, name: &str, person: i64) {
    let pack = StarPack { stars: Stars::new(120).unwrap(), amount: units(100) };
    let person = UserId(person);
    let invoice = Invoice {
        id: InvoiceId(format!("i-{name}")),
        person,
        pack,
        created_at: at(1),
        is_subscription: false,
        payment: None,
    };
    store.add_invoice(&invoice, at(0)).await.unwrap();
    let of = PaymentTerms { payload: invoice.id.0, person, currency: "XTR".into(), total: 120 };
    let credited = store.add_payment(&Payment { id: id(name), of, term: None, at: at(2) }).await.unwrap();
    assert_eq!(credited, Credited::New(units(100)));
}

async fn available(store: &Arc<dyn Store>, person: i64) -> Money {
    store.wallet(WalletId(person)).await.unwrap().available
}

async fn state(store: &Arc<dyn Store>, name: &str) -> RefundState {
    store.payment(&id(name)).await.unwrap().unwrap().refund
}

async fn spend(store: &Arc<dyn Store>, person: i64, amount: i64, key: &str) {
    let transfer = crate::store::wallet::payment(person, key, units(amount));
    let taken = kie::transfer::Transfer { kind: TransferKind::TakeBack, ..transfer };
    assert!(!store.book(&taken).await.unwrap().is_short());
}

async fn a_payment_is_given_back_once(store: &Arc<dyn Store>) {
    paid(store, "once", 1).await;
    let telegram = Arc::new(Telegram::default());
    let refunds = (0..20).map(|_| {
        let (store, telegram) = (store.clone(), telegram.clone());
        tokio::spawn(async move { admin(&store).refund(&id("once"), telegram.as_ref()).await })
    });
    let refunds: Vec<_> = join_all(refunds).await.into_iter().map(Result::unwrap).collect();
    assert!(refunds.iter().any(Result::is_ok));
    assert!(refunds.iter().all(|done| matches!(done, Ok(_) | Err(RefundError::Done))), "{refunds:?}");
    assert_eq!(available(store, 1).await, Money::ZERO);
    assert!(matches!(state(store, "once").await, RefundState::Done { taken, .. } if taken == units(100)));
    assert_eq!(telegram.asked.lock().unwrap()[0], (UserId(1), id("once")));
    // Telegram tells of it, as often as it likes.
    for _ in 0..3 {
        store.end_refund(&id("once"), at(60)).await.unwrap().unwrap();
    }
    assert_eq!(available(store, 1).await, Money::ZERO);
    let acts = store.audit(Some(1), None, 10).await.unwrap();
    let acts: Vec<_> = acts.iter().filter(|(_, act)| act.action == AuditAction::RefundPayment).collect();
    assert_eq!((acts.len(), acts[0].1.subject.as_deref()), (1, Some("once")));
    let unknown = admin(store).refund(&id("never"), telegram.as_ref()).await;
    assert!(matches!(unknown, Err(RefundError::Unknown)));
    assert_eq!(store.end_refund(&id("never"), at(60)).await.unwrap(), None);
}

async fn what_is_spent_is_not_given_back(store: &Arc<dyn Store>) {
    paid(store, "spent", 2).await;
    spend(store, 2, 1, "spent").await;
    let telegram = Telegram::default();
    let refused = admin(store).refund(&id("spent"), &telegram).await;
    let left = (units(100), units(99));
    assert!(matches!(refused, Err(RefundError::Spent { amount, available }) if (amount, available) == left));
    assert!(telegram.asked.lock().unwrap().is_empty(), "Telegram is not asked");
    assert_eq!((available(store, 2).await, state(store, "spent").await), (units(99), RefundState::None));
    // Telegram gives it back by itself: what is left is taken.
    let payment = store.end_refund(&id("spent"), at(61)).await.unwrap().unwrap();
    assert_eq!(payment.refund, RefundState::Done { taken: units(99), at: at(61) });
    assert_eq!(available(store, 2).await, Money::ZERO);
}

async fn a_refusal_puts_back_and_silence_does_not(store: &Arc<dyn Store>) {
    paid(store, "refused", 3).await;
    let telegram = Telegram::answering([
        StarCallError::Refused("BALANCE_TOO_LOW".into()),
        StarCallError::Unanswered("no connection".into()),
        StarCallError::Unanswered("no connection".into()),
    ]);
    let refused = admin(store).refund(&id("refused"), &telegram).await;
    assert!(matches!(&refused, Err(RefundError::Refused(why)) if why == "BALANCE_TOO_LOW"), "{refused:?}");
    assert_eq!((available(store, 3).await, state(store, "refused").await), (units(100), RefundState::None));
    for _ in 0..2 {
        let silent = admin(store).refund(&id("refused"), &telegram).await;
        assert!(matches!(silent, Err(RefundError::Unanswered(_))));
        assert_eq!((available(store, 3).await, state(store, "refused").await), (Money::ZERO, RefundState::Asked));
    }
    let users = UserAdmin::new(store.clone(), Arc::new(ManualClock::new(at(50))), Actor::Person(UserId(9)));
    assert!(matches!(users.check_erasable(UserId(3), false).await, Err(EraseError::OpenRefund)));
    // A refusal of the first try that comes late changes nothing in the second.
    store.withdraw_refund(&id("refused"), 1, at(62)).await.unwrap();
    assert_eq!(state(store, "refused").await, RefundState::Asked);
    admin(store).refund(&id("refused"), &telegram).await.unwrap();
    store.withdraw_refund(&id("refused"), 2, at(63)).await.unwrap();
    assert_eq!(available(store, 3).await, Money::ZERO, "it is done");
    users.erase(UserId(3), false).await.unwrap();
}

async fn one_that_was_never_credited_and_one_of_nobody(store: &Arc<dyn Store>) {
    let of = PaymentTerms { payload: "none".into(), person: UserId(4), currency: "XTR".into(), total: 7 };
    let stray = Payment { id: id("stray"), of, term: None, at: at(3) };
    assert_eq!(store.add_payment(&stray).await.unwrap(), Credited::Stray);
    let done = admin(store).refund(&id("stray"), &Telegram::default()).await.unwrap();
    assert_eq!((done.amount, available(store, 4).await), (Money::ZERO, Money::ZERO));

    paid(store, "erased", 5).await;
    spend(store, 5, 100, "erased").await;
    let users = UserAdmin::new(store.clone(), Arc::new(ManualClock::new(at(50))), Actor::Person(UserId(9)));
    users.erase(UserId(5), false).await.unwrap();
    let refused = admin(store).refund(&id("erased"), &Telegram::default()).await;
    assert!(matches!(refused, Err(RefundError::Erased)));
    store.end_refund(&id("erased"), at(64)).await.unwrap().unwrap();
}

async fn refunds(store: &Arc<dyn Store>) {
    a_payment_is_given_back_once(store).await;
    what_is_spent_is_not_given_back(store).await;
    a_refusal_puts_back_and_silence_does_not(store).await;
    one_that_was_never_credited_and_one_of_nobody(store).await;
    let newest: Vec<_> = store.payments(None, 2).await.unwrap().into_iter().map(|payment| payment.id.0).collect();
    assert_eq!(newest, ["stray", "spent"]);
    assert_eq!(store.payments(Some(UserId(1)), 9).await.unwrap().len(), 1);
    assert_eq!(store.payments_at(at(3)).await.unwrap().len(), 1);
    let books = Books::new(store.clone(), Arc::new(ManualClock::new(at(70))));
    let report = books.check().await.unwrap();
    assert!(report.agrees() && report.payments == 5, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&crate::store::url_of(&path)).await.unwrap();
    refunds(&store).await;
    // What is changed behind the program's back is found.
    let url = format!("sqlite:{}", path.display());
    let mut database = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    sqlx::query("UPDATE payments SET amount = amount + 1 WHERE id = 'once'").execute(&mut database).await.unwrap();
    sqlx::query("UPDATE payments SET refund_amount = 5 WHERE id = 'stray'").execute(&mut database).await.unwrap();
    let report = Books::new(store, Arc::new(ManualClock::new(at(70)))).check().await.unwrap();
    let wrong: Vec<_> = report.wrong_payments.iter().map(|payment| payment.id.0.as_str()).collect();
    assert_eq!((report.agrees(), wrong), (false, vec!["once", "stray"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn refunds_in_postgres() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        refunds(&store).await;
        store.close().await;
    })
    .await;
}
