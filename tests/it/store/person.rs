//! People as admins see them, their limits, and the audit.

use std::sync::Arc;

use kie::access::Party;
use kie::audit::{Actor, AuditAction};
use kie::clock::ManualClock;
use kie::job::{ChatId, Job, JobState, UserId};
use kie::ledger::{Credits, Money, Wallet, WalletId};
use kie::quota::{Override, PersonQuotas};
use kie::schema::{Certainty, Quote};
use kie::service::{JobAdmin, LimitError, UserAdmin, WalletAdmin};
use kie::store::{self, Booked, Store};
use kie::user::User;
use sqlx::{Connection, Executor};

use crate::store::contract::at;
use crate::store::url_of;
use crate::support::database;

const ADMIN: UserId = UserId(1);

fn party(id: i64, name: &str, user_name: Option<&str>) -> Party {
    Party { id, name: name.to_owned(), user_name: user_name.map(str::to_owned) }
}

async fn found(admin: &UserAdmin, text: &str) -> Vec<i64> {
    admin.find(text, 9).await.unwrap().iter().map(|person| person.id.0).collect()
}

async fn people(store: &Arc<dyn Store>, admin: &UserAdmin) {
    for id in 10..13 {
        store.put_user(&User { id: UserId(id), language: "ru".to_owned(), created_at: at(id) }).await.unwrap();
    }
    assert_eq!(found(admin, "10").await, [10], "by number, without a name");
    assert!(found(admin, "anna").await.is_empty() && admin.seen_last(9).await.unwrap().is_empty());
    store.see_person(&party(10, "Анна Lee", Some("Anna_L")), true, at(100)).await.unwrap();
    store.see_person(&party(11, "Annabel", None), true, at(200)).await.unwrap();
    store.see_person(&party(99, "Annette", None), true, at(200)).await.unwrap();
    assert_eq!(found(admin, "ANN").await, [10, 11], "who is not known has no name");
    for (text, whom) in
        [("анна", vec![10]), ("lee анн", vec![10]), ("@anna_l", vec![10]), ("99", vec![]), ("@", vec![])]
    {
        assert_eq!(found(admin, text).await, whom, "{text}");
    }
    assert_eq!(admin.find("ann", 1).await.unwrap().len(), 1);
    let last: Vec<i64> = admin.seen_last(9).await.unwrap().iter().map(|person| person.id.0).collect();
    assert_eq!(last, [11, 10]);
    // A new name replaces the old one.
    store.see_person(&party(10, "Bella", None), true, at(300)).await.unwrap();
    assert_eq!((found(admin, "анна").await, found(admin, "bel").await), (vec![], vec![10]));
    let account = admin.account(UserId(10)).await.unwrap().unwrap();
    assert_eq!((account.person.name.as_str(), account.person.seen_at), ("Bella", Some(at(300))));
    assert_eq!(admin.account(UserId(99)).await.unwrap(), None);
}

async fn spending(store: &Arc<dyn Store>, admin: &UserAdmin) {
    let add = async |id: &str, days_ago: i64, state| {
        let quote = Some(Quote { credits: Credits::from_milli(1500), certainty: Certainty::Exact });
        let ordered = at(1_000_000 - days_ago * 86_400);
        let job = Job { quote, state, ..Job::new(id.into(), UserId(12), ChatId(-5), id, "maker/model", ordered) };
        store.add_job(&job).await.unwrap();
    };
    add("a", 9, JobState::Held).await;
    add("b", 0, JobState::Held).await;
    add("c", 0, JobState::Unknown).await;
    let of_12 = async || admin.account(UserId(12)).await.unwrap().unwrap().spending;
    let before = of_12().await;
    assert_eq!((before.jobs, before.day, before.month), (3, Credits::from_milli(3000), Credits::from_milli(4500)));
    let jobs = JobAdmin::new(store.clone(), Arc::new(ManualClock::new(at(1_000_000)))).by(Actor::Person(ADMIN));
    jobs.give_up(&"c".into(), JobState::Unknown).await.unwrap();
    assert_eq!(of_12().await.day, Credits::from_milli(1500), "what was given back is not spent");
    assert!(jobs.give_up(&"c".into(), JobState::Unknown).await.unwrap_err().is_stale());
    let acts = admin.audit(Some(12), None, 9).await.unwrap();
    let [(_, act)] = acts.as_slice() else { panic!("one act: {acts:?}") };
    assert_eq!((act.action, act.subject.as_deref()), (AuditAction::RefundJob, Some("c")));
    assert_eq!((act.before.as_deref(), act.after.as_deref()), (Some("unknown"), Some("failed")));
    let ids: Vec<String> = admin.jobs(UserId(12), 2).await.unwrap().jobs.into_iter().map(|job| job.id.0).collect();
    assert_eq!(ids, ["c", "b"]);
}

async fn limits(admin: &UserAdmin) {
    let of_11 = async || admin.account(UserId(11)).await.unwrap().unwrap().quotas;
    assert_eq!(of_11().await, PersonQuotas::default());
    let set = admin.limit(UserId(11), "running=off day=2.5 month=0").await.unwrap();
    assert_eq!((set, of_11().await.running), (of_11().await, Override::Unlimited));
    admin.limit(UserId(11), "day=default").await.unwrap();
    assert_eq!(of_11().await.to_string(), "running=off month=0");
    assert!(matches!(admin.limit(UserId(11), "day=x").await, Err(LimitError::Unreadable(_))));
    assert!(matches!(admin.limit(UserId(404), "day=1").await, Err(LimitError::Unknown)));
    let acts = admin.audit(Some(11), None, 1).await.unwrap();
    assert_eq!(acts[0].1.before.as_deref(), Some("running=off day=2.5 month=0"));
    assert_eq!(acts[0].1.after.as_deref(), Some("running=off month=0"));
    assert_eq!(admin.audit(Some(11), None, 9).await.unwrap().len(), 2, "a slip is no act");
    assert_eq!(admin.audit(Some(404), None, 9).await.unwrap(), []);
}

async fn gifts(store: &Arc<dyn Store>, admin: &UserAdmin) {
    let clock = Arc::new(ManualClock::new(at(5)));
    let wallets = WalletAdmin::new(store.clone(), clock).by(Actor::CommandLine("ann".into()));
    let money = Money::from_hundredths;
    let twice = futures::future::join_all((0..20).map(|_| wallets.give(WalletId(10), money(500), "k", None))).await;
    assert_eq!(twice.into_iter().filter(|booked| matches!(booked, Ok(Booked::New))).count(), 1);
    assert_eq!(wallets.give(WalletId(10), money(-501), "l", None).await.unwrap(), Booked::Short);
    assert_eq!(wallets.give(WalletId(10), money(-200), "l", Some("oops".into())).await.unwrap(), Booked::New);
    let account = admin.account(UserId(10)).await.unwrap().unwrap();
    assert_eq!(account.wallet, Wallet { available: money(300), held: Money::ZERO });
    let acts: Vec<_> = admin.audit(Some(10), None, 9).await.unwrap().into_iter().map(|(_, act)| act).collect();
    assert_eq!(acts.iter().map(|act| act.action).collect::<Vec<_>>(), [AuditAction::TakeBack, AuditAction::Gift]);
    assert_eq!(acts[0].actor, Actor::CommandLine("ann".into()));
    assert_eq!((acts[0].subject.as_deref(), acts[0].after.as_deref()), (Some("oops"), Some("2")));
}

async fn access(admin: &UserAdmin) {
    admin.put_access(party(10, "", None), false, "Ann").await.unwrap();
    assert!(admin.account(UserId(10)).await.unwrap().unwrap().access.is_denied);
    admin.put_access(party(10, "", None), true, "Ann").await.unwrap();
    assert!(admin.remove_access(10).await.unwrap() && !admin.remove_access(10).await.unwrap());
    let acts = admin.audit(Some(10), None, 3).await.unwrap();
    let changes: Vec<_> = acts.iter().map(|(_, act)| (act.action, act.before.as_deref())).collect();
    let expected =
        [(AuditAction::RemoveAccess, Some("allowed")), (AuditAction::Allow, Some("denied")), (AuditAction::Deny, None)];
    assert_eq!(changes, expected, "what changed nothing is no act");
    // By pages.
    let all = admin.audit(None, None, 99).await.unwrap();
    let second = admin.audit(None, Some(all[1].0), 2).await.unwrap();
    assert_eq!(second, all[2..4]);
}

async fn erased(store: &Arc<dyn Store>, admin: &UserAdmin) {
    assert_eq!(found(admin, "annabel").await, [11]);
    admin.erase(UserId(11), false).await.unwrap();
    assert!(found(admin, "annabel").await.is_empty() && found(admin, "11").await.is_empty());
    assert_eq!(store.person_quotas(UserId(11)).await.unwrap(), PersonQuotas::default());
    assert_eq!(admin.audit(Some(11), None, 1).await.unwrap()[0].1.action, AuditAction::Forget);
}

async fn check(store: Arc<dyn Store>) {
    let admin = UserAdmin::new(store.clone(), Arc::new(ManualClock::new(at(1_000_000))), Actor::Person(ADMIN));
    people(&store, &admin).await;
    spending(&store, &admin).await;
    limits(&admin).await;
    gifts(&store, &admin).await;
    access(&admin).await;
    erased(&store, &admin).await;
    store.close().await;
}

/// What nobody may do with the audit, whatever the program is.
const TAMPERING: [&str; 2] = ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"];

#[tokio::test(flavor = "multi_thread")]
async fn people_and_the_audit_are_right_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = url_of(&folder.path().join("bot.db"));
    check(store::open(&url).await.unwrap()).await;
    let mut database = sqlx::SqliteConnection::connect(&url).await.unwrap();
    for sql in TAMPERING {
        let error = database.execute(sql).await.unwrap_err().to_string();
        assert!(error.contains("a row of the audit"), "{sql}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_the_audit_are_right_in_postgres() {
    database::with_database(|url| async move {
        check(store::open(&url).await.unwrap()).await;
        let mut database = sqlx::PgConnection::connect(&url).await.unwrap();
        for sql in TAMPERING {
            let error = database.execute(sql).await.unwrap_err().to_string();
            assert!(error.contains("a row of the audit"), "{sql}: {error}");
        }
    })
    .await;
}
