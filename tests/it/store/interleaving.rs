//! Random money in random order: several people at once pay, order, cancel, fill a purse, are rewarded for friends and
//! refunded, and some calls
//! are broken off in the middle. Whatever came through, the sums hold, nothing is negative, and nothing is booked twice.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::Arc;

use futures::future::join_all;
use kie::clock::ManualClock;
use kie::job::{Job, JobId, JobState, UserId};
use kie::ledger::{Credits, EntryKind, Money, WalletId};
use kie::quota::Quotas;
use kie::referral::Reward;
use kie::service::Books;
use kie::store::{self, Added, Booked, JobChange, Store};
use kie::tariff::Allowance;
use kie::transfer::{Transfer, TransferKind};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use tokio::runtime::Handle;

use crate::store::contract::at;
use crate::store::referral;
use crate::store::url_of;
use crate::store::wallet::{end, order, payment, units};
use crate::support::database;

const CASES: u32 = 24;
const PEOPLE: i64 = 3;
/// The purse of the only group.
const PURSE: i64 = -7;
/// Most orders of a person that run, and what may be spent in a day: each order costs 3 credits and 3 units.
const RUNNING: u32 = 4;
const DAY: i64 = 15;

/// What somebody does. Numbers are few, so that the same thing is often done twice, and at the same time.
#[derive(Debug, Clone)]
enum Act {
    /// Books a transfer of this kind for a person; the number makes its key and its amount.
    Book(TransferKind, i64, u8),
    /// Fills the purse from a person's wallet.
    Fill(i64, u8),
    /// Gives back a part of the purse to a person.
    Return(i64, u8),
    /// Orders: the person, or the purse pays.
    Order(i64, bool, u8),
    /// Ends an order.
    End(i64, u8, Ending),
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Delivered,
    /// Two of three units were due.
    DeliveredForLess,
    Failed,
    Cancelled,
}

/// An act, and after how many steps the process is killed, if it is.
type Step = (Act, Option<u8>);

fn any_act() -> impl Strategy<Value = Act> {
    use TransferKind::{Gift, Payment, Promo, Referral, Refund, TakeBack};
    let kind = prop::sample::select(vec![Payment, Payment, Gift, Promo, Referral, Refund, TakeBack]);
    let ending =
        prop::sample::select(vec![Ending::Delivered, Ending::DeliveredForLess, Ending::Failed, Ending::Cancelled]);
    prop_oneof![
        3 => (kind, 1..=PEOPLE, 0..6_u8).prop_map(|(kind, person, n)| Act::Book(kind, person, n)),
        1 => (1..=PEOPLE, 0..4_u8).prop_map(|(person, n)| Act::Fill(person, n)),
        1 => (1..=PEOPLE, 0..4_u8).prop_map(|(person, n)| Act::Return(person, n)),
        4 => (1..=PEOPLE, any::<bool>(), 0..8_u8).prop_map(|(person, by_purse, n)| Act::Order(person, by_purse, n)),
        3 => (1..=PEOPLE, 0..8_u8, ending).prop_map(|(person, n, ending)| Act::End(person, n, ending)),
    ]
}

fn any_lanes() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let step = (any_act(), prop::option::weighted(0.2, 0..12_u8));
    prop::collection::vec(prop::collection::vec(step, 5..30), 2..5)
}

/// A case of its own people in a database that all cases share.
#[derive(Debug, Clone, Copy)]
struct Case(i64);

impl Case {
    fn person(self, number: i64) -> i64 {
        self.0 * 1000 + number
    }

    fn purse(self) -> i64 {
        PURSE - self.0 * 1000
    }

    /// Everybody but the first came by the link of the one before.
    async fn bring(self, store: &Arc<dyn Store>) {
        for number in 2..=PEOPLE {
            let code = referral::code(store, self.person(number - 1)).await;
            assert!(store.add_referral(&code, UserId(self.person(number)), at(0)).await.unwrap());
        }
    }

    /// What is to be given when a person pays, if it was not.
    async fn reward(self, store: &Arc<dyn Store>, person: i64) -> Option<Reward> {
        let referral = store.referral_of(UserId(person)).await.unwrap();
        referral.filter(|it| it.rewarded_by.is_none()).map(|it| referral::reward(it.inviter.0, person))
    }

    fn transfer(self, kind: TransferKind, wallet: i64, n: u8) -> Transfer {
        let key = format!("{}:{wallet}:{n}", kind.as_str());
        Transfer { kind, ..payment(wallet, &key, units(i64::from(n) + 1)) }
    }

    fn order(self, person: i64, by_purse: bool, n: u8) -> Job {
        let person = self.person(person);
        order(person, if by_purse { self.purse() } else { person }, &format!("{person}-{n}"))
    }
}

/// What calls have answered.
#[derive(Debug, Default)]
struct Told {
    /// Keys of transfers that were said to be new, as often as that was said.
    booked: Vec<String>,
    orders: Vec<JobId>,
}

async fn act(store: &Arc<dyn Store>, case: Case, act: &Act, told: &mut Told) {
    match act {
        Act::Book(kind, person, n) => {
            let transfer = case.transfer(*kind, case.person(*person), *n);
            if store.book(&transfer).await.unwrap() == Booked::New {
                told.booked.push(transfer.key);
            }
        }
        Act::Fill(person, n) => {
            pass(store, case, [TransferKind::FillIn, TransferKind::FillOut], *person, *n, told).await;
        }
        Act::Return(person, n) => {
            pass(store, case, [TransferKind::ReturnOut, TransferKind::ReturnIn], *person, *n, told).await;
        }
        Act::Order(person, by_purse, n) => {
            let job = case.order(*person, *by_purse, *n);
            let day = Some(Credits::from_milli(DAY * 1000));
            let quotas = Quotas { running: Some(RUNNING), day, ..Quotas::NONE };
            if store.add_job_within(&job, &quotas, Allowance::NONE).await.unwrap() == Added::New {
                told.orders.push(job.id);
            }
        }
        Act::End(person, n, ending) => {
            let Some(job) = store.job(&case.order(*person, false, *n).id).await.unwrap() else { return };
            finish(store, case, &job, *ending).await;
        }
    }
}

/// Moves an amount between the purse, whose side is the first, and a person's wallet.
async fn pass(
    store: &Arc<dyn Store>,
    case: Case,
    [purse, own]: [TransferKind; 2],
    person: i64,
    n: u8,
    told: &mut Told,
) {
    let sides = [(purse, WalletId(case.purse())), (own, WalletId(case.person(person)))];
    let both = Transfer::pass(sides, units(i64::from(n) + 1), &format!("{}:{person}:{n}", case.0), at(1));
    if store.book_all(&both).await.unwrap() == Booked::New {
        told.booked.extend(both.map(|transfer| transfer.key));
    }
}

/// Moves a job to its end. A move that another one has made before fails, and so do all later ones.
async fn finish(store: &Arc<dyn Store>, case: Case, job: &Job, ending: Ending) {
    use JobState::{Cancelled, Delivered, Delivering, Failed, Held, Ready, Running, Submitting};
    let (path, parts): (&[JobState], &[(TransferKind, Money)]) = match ending {
        Ending::Delivered => {
            (&[Held, Submitting, Running, Ready, Delivering, Delivered], &[(TransferKind::Capture, units(3))])
        }
        Ending::DeliveredForLess => (
            &[Held, Submitting, Running, Ready, Delivering, Delivered],
            &[(TransferKind::Capture, units(2)), (TransferKind::Release, units(1))],
        ),
        Ending::Failed => (&[Held, Submitting, Running, Failed], &[(TransferKind::Release, units(3))]),
        Ending::Cancelled => (&[Held, Cancelled], &[(TransferKind::Release, units(3))]),
    };
    // Looked up before the moves, so that others may be faster.
    let is_own = job.charge.is_some_and(|charge| charge.payer == WalletId::from(job.user));
    let reward = case.reward(store, job.user.0).await.filter(|_| is_own && path.contains(&Delivered));
    let kind = if path.contains(&Delivered) { EntryKind::Capture } else { EntryKind::Release };
    for (at_move, states) in path.windows(2).enumerate() {
        let is_last = at_move + 2 == path.len();
        let change = if is_last { JobChange { reward, ..end(job, kind, parts) } } else { JobChange::default() };
        if store.decide(&job.id, states[0], states[1], &change, at(2)).await.is_err() {
            return;
        }
    }
}

/// Does the steps of one process. One that is killed stops in the middle of a call and starts anew.
async fn run(store: Arc<dyn Store>, case: Case, steps: Vec<Step>) -> Told {
    let mut told = Told::default();
    for (step, killed_after) in steps {
        let mut call = pin!(act(&store, case, &step, &mut told));
        let Some(polls) = killed_after else {
            call.await;
            continue;
        };
        for _ in 0..=polls {
            if futures::poll!(call.as_mut()).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    told
}

async fn check(store: &Arc<dyn Store>, case: Case, told: Vec<Told>) -> Result<(), TestCaseError> {
    let report = Books::new(store.clone(), Arc::new(ManualClock::new(at(9)))).check().await.unwrap();
    prop_assert!(report.agrees(), "{report:?}");
    let mut keys: HashMap<String, Transfer> = HashMap::new();
    let wallets = (1..=PEOPLE).map(|n| case.person(n)).chain([case.purse()]);
    for wallet in wallets {
        let now = store.wallet(WalletId(wallet)).await.unwrap();
        prop_assert!(now.available >= Money::ZERO && now.held >= Money::ZERO, "{wallet}: {now:?}");
        for (_, transfer) in store.transfers_of(WalletId(wallet), None, 1000).await.unwrap() {
            prop_assert!(keys.insert(transfer.key.clone(), transfer).is_none(), "a key is booked twice");
        }
    }
    let booked: Vec<&String> = told.iter().flat_map(|told| &told.booked).collect();
    prop_assert_eq!(booked.iter().collect::<HashSet<_>>().len(), booked.len(), "a transfer was new twice");
    prop_assert!(booked.iter().all(|key| keys.contains_key(*key)), "a transfer that was booked is lost");
    let orders: Vec<&JobId> = told.iter().flat_map(|told| &told.orders).collect();
    prop_assert_eq!(orders.iter().collect::<HashSet<_>>().len(), orders.len(), "an order was new twice");
    for id in &orders {
        prop_assert!(keys.contains_key(&format!("hold:{id}")), "{id} is not paid");
    }
    for number in 1..=PEOPLE {
        let mut open = 0;
        let mut spent = 0;
        let mut has_paid = false;
        for n in 0..8 {
            let Some(job) = store.job(&case.order(number, false, n).id).await.unwrap() else { continue };
            let has_ended = matches!(job.state, JobState::Delivered | JobState::Failed | JobState::Cancelled);
            open += u32::from(!has_ended);
            has_paid |= job.state == JobState::Delivered && job.charge.unwrap().payer == WalletId::from(job.user);
            spent += i64::from(!matches!(job.state, JobState::Failed | JobState::Cancelled)) * 3;
        }
        prop_assert!(open <= RUNNING && spent <= DAY, "{number} has {open} orders, and has spent {spent}");
        // A friend who has paid is rewarded once, for one of the orders, and so is whoever has brought them.
        let by = store.referral_of(UserId(case.person(number))).await.unwrap().and_then(|it| it.rewarded_by);
        prop_assert_eq!(by.is_some(), has_paid && number > 1, "{}", number);
        for (kind, wallet) in [(TransferKind::Welcome, number), (TransferKind::Referral, number - 1)] {
            let own = format!("{}:{}-", kind.as_str(), case.person(number));
            let given: Vec<_> = keys.iter().filter(|(key, _)| key.starts_with(&own)).collect();
            prop_assert_eq!(given.len(), usize::from(by.is_some()), "{}", own);
            prop_assert!(given.iter().all(|(_, it)| it.wallet == WalletId(case.person(wallet))), "{own}");
        }
    }
    Ok(())
}

/// Every case against one database.
fn play(store: &Arc<dyn Store>, handle: &Handle) {
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let number = std::cell::Cell::new(0);
    let case = |lanes: Vec<Vec<Step>>| {
        number.set(number.get() + 1);
        let case = Case(number.get());
        handle.block_on(async {
            case.bring(store).await;
            let lanes = lanes.into_iter().map(|steps| tokio::spawn(run(store.clone(), case, steps)));
            let told = join_all(lanes).await.into_iter().map(Result::unwrap).collect();
            check(store, case, told).await
        })
    };
    runner.run(&any_lanes(), case).unwrap();
}

async fn hold_in(store: Arc<dyn Store>) {
    let handle = Handle::current();
    tokio::task::spawn_blocking(move || play(&store, &handle)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_hold_in_any_order_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    hold_in(store::open(&url_of(&folder.path().join("bot.db"))).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sums_hold_in_any_order_in_postgres() {
    database::with_database(|url| async move { hold_in(store::open(&url).await.unwrap()).await }).await;
}
