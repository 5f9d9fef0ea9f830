//! Invoices and payments in both databases: each payment is credited once, and by the row of its invoice.

use std::sync::Arc;

use futures::future::join_all;
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::invoice::{Credited, Invoice, InvoiceId, Payment, PaymentId, PaymentTerms, StarPack, Stars};
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::store::{self, Store};

use crate::store::contract::at;
use crate::support::database;

fn money(whole: i64) -> Money {
    Money::from_hundredths(whole * 100)
}

fn invoice(id: &str, person: i64) -> Invoice {
    let pack = StarPack { stars: Stars::new(120).unwrap(), amount: money(100) };
    Invoice {
        id: InvoiceId(id.into()),
        person: UserId(person),
        pack,
        created_at: at(1),
        is_subscription: false,
        payment: None,
    }
}

fn payment(id: &str, invoice: &str, person: i64) -> Payment {
    let of = PaymentTerms { payload: invoice.into(), person: UserId(person), currency: "XTR".into(), total: 120 };
    Payment { id: PaymentId(id.into()), of, term: None, at: at(2) }
}

async fn available(store: &Arc<dyn Store>, person: i64) -> Money {
    store.wallet(WalletId(person)).await.unwrap().available
}

/// F16: a payment was credited twice, and by what the session said.
async fn a_payment_is_credited_once_from_its_invoice(store: &Arc<dyn Store>) {
    store.add_invoice(&invoice("i1", 1), at(0)).await.unwrap();
    assert_eq!(store.invoice(&InvoiceId("i1".into())).await.unwrap(), Some(invoice("i1", 1)));
    let told = (0..100).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.add_payment(&payment("c1", "i1", 1)).await.unwrap() })
    });
    let told: Vec<Credited> = join_all(told).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(told.iter().filter(|credited| **credited == Credited::New(money(100))).count(), 1);
    assert_eq!(told.iter().filter(|credited| **credited == Credited::Known(money(100))).count(), 99);
    assert_eq!(available(store, 1).await, money(100));
    let paid = store.invoice(&InvoiceId("i1".into())).await.unwrap().unwrap();
    assert_eq!(paid.payment, Some(PaymentId("c1".into())));
    // Another payment of the same invoice is kept, and nothing is credited for it.
    assert_eq!(store.add_payment(&payment("c2", "i1", 1)).await.unwrap(), Credited::Stray);
    assert_eq!(store.add_payment(&payment("c2", "i1", 1)).await.unwrap(), Credited::Known(Money::ZERO));
    assert_eq!(available(store, 1).await, money(100));
    // Two payments of one invoice at the same time.
    store.add_invoice(&invoice("i2", 1), at(0)).await.unwrap();
    let (one, other) = (payment("c3", "i2", 1), payment("c4", "i2", 1));
    let both = tokio::join!(store.add_payment(&one), store.add_payment(&other));
    let both = [both.0.unwrap(), both.1.unwrap()];
    assert!(both.contains(&Credited::New(money(100))) && both.contains(&Credited::Stray), "{both:?}");
    assert_eq!(available(store, 1).await, money(200));
}

/// F16: what was paid was not compared with what was asked for.
async fn a_payment_that_differs_credits_nobody(store: &Arc<dyn Store>) {
    store.add_invoice(&invoice("i3", 3), at(0)).await.unwrap();
    let right = payment("d", "i3", 3);
    let other = |id: &str, of: PaymentTerms| Payment { id: PaymentId(id.into()), of, term: None, at: at(2) };
    for payment in [
        other("d1", PaymentTerms { total: 119, ..right.of.clone() }),
        other("d2", PaymentTerms { currency: "USD".into(), ..right.of.clone() }),
        other("d3", PaymentTerms { person: UserId(4), ..right.of.clone() }),
        other("d4", PaymentTerms { payload: "none".into(), ..right.of.clone() }),
    ] {
        assert_eq!(store.add_payment(&payment).await.unwrap(), Credited::Stray, "{payment:?}");
    }
    assert_eq!((available(store, 3).await, available(store, 4).await), (Money::ZERO, Money::ZERO));
    assert_eq!(store.add_payment(&right).await.unwrap(), Credited::New(money(100)), "the invoice is still open");
}

async fn unpaid_invoices_are_forgotten(store: &Arc<dyn Store>) {
    store.add_invoice(&invoice("i5", 5), at(0)).await.unwrap();
    store.add_invoice(&invoice("i6", 6), at(0)).await.unwrap();
    let next = Invoice { created_at: at(9), ..invoice("i7", 5) };
    store.add_invoice(&next, at(5)).await.unwrap();
    let is_kept = async |id: &str| store.invoice(&InvoiceId(id.into())).await.unwrap().is_some();
    assert_eq!((is_kept("i5").await, is_kept("i6").await, is_kept("i7").await), (false, true, true));
    let paid = Invoice { created_at: at(20), ..invoice("i8", 1) };
    store.add_invoice(&paid, at(20)).await.unwrap();
    assert!(is_kept("i1").await, "a paid one stays");
}

async fn a_forgotten_person_has_paid_without_a_name(store: &Arc<dyn Store>) {
    store.add_invoice(&invoice("i9", 9), at(0)).await.unwrap();
    assert_eq!(store.add_payment(&payment("e1", "none", 9)).await.unwrap(), Credited::Stray);
    let audit = AuditEntry::new(Actor::Person(UserId(1)), AuditAction::Allow, at(0));
    store.erase_user(UserId(9), &audit).await.unwrap();
    assert_eq!(store.invoice(&InvoiceId("i9".into())).await.unwrap(), None);
    assert_eq!(store.add_payment(&payment("e1", "none", 9)).await.unwrap(), Credited::Known(Money::ZERO));
}

async fn check(store: Arc<dyn Store>) {
    a_payment_is_credited_once_from_its_invoice(&store).await;
    a_payment_that_differs_credits_nobody(&store).await;
    unpaid_invoices_are_forgotten(&store).await;
    a_forgotten_person_has_paid_without_a_name(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_a_payment_is_credited_once_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    check(store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f16_a_payment_is_credited_once_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
