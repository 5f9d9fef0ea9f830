//! Who was let in and who was denied, invitations and requests.

use std::sync::Arc;
use std::time::Duration;

use kie::access::{
    AccessEntry, AccessOrigin, Invite, InviteCode, Party, Redeemed, RequestNotice, RequestState, StoredAccess,
};
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::job::{ChatId, UserId};
use kie::store::{self, Store};

use crate::store::contract::at;
use crate::support::database;

const ADMIN: UserId = UserId(1);
const GROUP: ChatId = ChatId(-41);
const SUPERGROUP: ChatId = ChatId(-1_000_000_000_041);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn party(id: i64) -> Party {
    Party { id, name: format!("Person {id}"), user_name: Some(format!("person_{id}")) }
}

fn admin() -> Party {
    Party { name: "Ann".to_owned(), ..Party::numbered(ADMIN.0) }
}

fn act() -> AuditEntry {
    AuditEntry::new(Actor::Person(ADMIN), AuditAction::Allow, at(0))
}

fn entry(party: Party, is_allowed: bool, seconds: i64) -> AccessEntry {
    AccessEntry { party, is_allowed, origin: AccessOrigin::Admin, decided_by: ADMIN, since: at(seconds) }
}

fn code(n: u128) -> InviteCode {
    InviteCode::of_bits(n)
}

fn invite(n: u128, uses_left: u32, ends: i64) -> Invite {
    Invite { code: code(n), uses_left, made_by: ADMIN, made_at: at(0), ends_at: at(ends) }
}

async fn access(store: &dyn Store, user: i64, chat: ChatId) -> (bool, bool) {
    let StoredAccess { is_allowed, is_denied, .. } = store.access_of(UserId(user), chat).await.unwrap();
    (is_allowed, is_denied)
}

const NOTHING: (bool, bool) = (false, false);
const ALLOWED: (bool, bool) = (true, false);
const DENIED: (bool, bool) = (false, true);

async fn entries(store: &dyn Store) {
    assert_eq!(access(store, 7, ChatId(7)).await, NOTHING);
    assert_eq!(store.put_access(&entry(party(7), true, 1), "Ann", &act()).await.unwrap(), None, "nobody has asked");
    assert_eq!(access(store, 7, ChatId(7)).await, ALLOWED);
    assert_eq!(access(store, 7, GROUP).await, ALLOWED, "a person is let in in all chats");
    assert_eq!(access(store, 8, ChatId(7)).await, ALLOWED, "the number may be that of the chat");
    assert_eq!(access(store, 8, GROUP).await, NOTHING);
    // A denial replaces it, and keeps the name that is known.
    store.put_access(&entry(Party::numbered(7), false, 2), "Ann", &act()).await.unwrap();
    assert_eq!(access(store, 7, GROUP).await, DENIED);
    store.put_access(&entry(party(GROUP.0), true, 3), "Ann", &act()).await.unwrap();
    assert_eq!(access(store, 8, GROUP).await, ALLOWED);
    assert_eq!(access(store, 7, GROUP).await, (true, true), "both are told");
    let all = store.access_entries(9, 0).await.unwrap();
    assert_eq!(all, [entry(party(GROUP.0), true, 3), entry(party(7), false, 2)], "the latest first");
    assert_eq!(store.access_entries(9, 1).await.unwrap(), all[1..]);
    assert_eq!(store.access_entries(1, 0).await.unwrap(), all[..1]);

    // A supergroup has what the group had, and so has what is written to the old number.
    store.move_chat(GROUP, SUPERGROUP).await.unwrap();
    assert_eq!((access(store, 8, GROUP).await, access(store, 8, SUPERGROUP).await), (NOTHING, ALLOWED));
    assert_eq!(store.access_of(UserId(8), SUPERGROUP).await.unwrap().former, [GROUP]);
    store.put_access(&entry(party(GROUP.0), false, 4), "Ann", &act()).await.unwrap();
    assert_eq!((access(store, 8, GROUP).await, access(store, 8, SUPERGROUP).await), (NOTHING, DENIED));
    assert!(
        store.remove_access(SUPERGROUP.0, &act()).await.unwrap()
            && !store.remove_access(SUPERGROUP.0, &act()).await.unwrap()
    );
    assert_eq!(access(store, 8, SUPERGROUP).await, NOTHING);
}

async fn invitations(store: &dyn Store) {
    let redeem = async |n, user, seconds| store.redeem_invite(&code(n), &party(user), at(seconds)).await.unwrap();
    for invite in [invite(1, 2, 100), invite(2, 1, 200), invite(3, 1, 5)] {
        store.add_invite(&invite, at(0), &act()).await.unwrap();
    }
    let open = store.open_invites(at(9), 9).await.unwrap();
    assert_eq!(open, [invite(1, 2, 100), invite(2, 1, 200)], "one has ended");
    assert_eq!(redeem(1, 20, 9).await, (Redeemed::LetIn { made_by: ADMIN }, None));
    assert_eq!(access(store, 20, ChatId(20)).await, ALLOWED);
    let by_invite = store.access_entries(1, 0).await.unwrap();
    assert_eq!((by_invite[0].origin, by_invite[0].decided_by), (AccessOrigin::Invite, ADMIN));
    // Who is let in or denied uses up nothing.
    assert_eq!(redeem(1, 20, 9).await.0, Redeemed::Nothing);
    assert_eq!(redeem(1, 7, 9).await.0, Redeemed::Nothing, "denied before");
    assert_eq!(access(store, 7, ChatId(7)).await, DENIED);
    assert_eq!(store.open_invites(at(9), 9).await.unwrap()[0].uses_left, 1);
    assert_eq!(redeem(1, 21, 9).await.0, Redeemed::LetIn { made_by: ADMIN });
    for (n, user, ended) in [(1, 22, Redeemed::Ended), (3, 22, Redeemed::Ended), (99, 22, Redeemed::Nothing)] {
        assert_eq!(redeem(n, user, 9).await, (ended, None), "{n}");
    }
    assert!(
        store.end_invite(&code(2), at(9), &act()).await.unwrap()
            && !store.end_invite(&code(2), at(9), &act()).await.unwrap()
    );
    assert_eq!(redeem(2, 22, 9).await.0, Redeemed::Ended, "withdrawn");
    assert_eq!(access(store, 22, ChatId(22)).await, NOTHING);
    assert!(store.open_invites(at(9), 9).await.unwrap().is_empty());
    // What ended long ago is forgotten.
    store.add_invite(&invite(4, 1, 900), at(150), &act()).await.unwrap();
    assert_eq!((redeem(3, 22, 9).await.0, redeem(2, 22, 9).await.0), (Redeemed::Nothing, Redeemed::Ended));
}

/// Many people open one link at once: as many as it is for are let in.
async fn race(store: &Arc<dyn Store>) {
    store.add_invite(&invite(5, 3, 900), at(0), &act()).await.unwrap();
    let open = |user| {
        let store = store.clone();
        tokio::spawn(async move { store.redeem_invite(&code(5), &party(user), at(9)).await.unwrap().0 })
    };
    // Each person twice, who counts once.
    let tasks: Vec<_> = (0..24).map(|n| open(100 + n / 2)).collect();
    let mut let_in = 0;
    for task in tasks {
        let_in += usize::from(task.await.unwrap() == Redeemed::LetIn { made_by: ADMIN });
    }
    let mut stored = 0;
    for user in 100..112 {
        stored += usize::from(access(store.as_ref(), user, ChatId(user)).await == ALLOWED);
    }
    assert_eq!((let_in, stored), (3, 3));
    assert!(store.open_invites(at(9), 9).await.unwrap().iter().all(|invite| invite.code != code(5)));
}

async fn requests(store: &dyn Store) {
    let decide = async |user, state, seconds| {
        store.decide_access_request(UserId(user), state, &admin(), at(seconds), &act()).await.unwrap()
    };
    assert_eq!(store.access_request(UserId(30)).await.unwrap(), None);
    let asked = store.add_access_request(&party(30), at(10)).await.unwrap();
    assert_eq!((&asked.party, asked.state, asked.asked_at), (&party(30), RequestState::Open, at(10)));
    assert_eq!(store.add_access_request(&party(30), at(11)).await.unwrap(), asked, "stored once");
    for user in [31, 32] {
        store.add_access_request(&party(user), at(user)).await.unwrap();
    }
    let open = store.open_access_requests(9).await.unwrap();
    assert_eq!(open.iter().map(|request| request.user().0).collect::<Vec<_>>(), [30, 31, 32]);

    // The admins are told of each once, and of so many in a time.
    let tell =
        async |user, seconds| store.note_request_told(UserId(user), at(seconds) - DAY, 2, at(seconds)).await.unwrap();
    assert!(tell(30, 40).await && !tell(30, 40).await && tell(31, 41).await && !tell(32, 41).await);
    assert!(tell(32, 86_441).await, "a day later");
    let notices = [RequestNotice { admin: ADMIN, message: 5 }, RequestNotice { admin: UserId(2), message: 6 }];
    store.put_request_notices(UserId(30), &notices).await.unwrap();

    // The first decision counts.
    let allowed = decide(30, RequestState::Allowed, 50).await.unwrap();
    assert_eq!(
        (allowed.state, &allowed.notices[..], allowed.decider),
        (RequestState::Allowed, &notices[..], Some(admin()))
    );
    assert_eq!(decide(30, RequestState::Refused, 51).await, None);
    assert_eq!(access(store, 30, ChatId(30)).await, ALLOWED);
    assert_eq!(store.access_entries(1, 0).await.unwrap()[0].origin, AccessOrigin::Request);
    assert_eq!(decide(31, RequestState::Refused, 52).await.unwrap().state, RequestState::Refused);
    assert_eq!(access(store, 31, ChatId(31)).await, NOTHING, "refused, and not denied");
    assert_eq!(store.add_access_request(&party(31), at(53)).await.unwrap().state, RequestState::Refused);
    // Who was let in and removed may ask again.
    assert!(store.remove_access(30, &act()).await.unwrap());
    let again = store.add_access_request(&party(30), at(54)).await.unwrap();
    assert_eq!(
        (again.state, again.asked_at, again.notices.len(), again.decider),
        (RequestState::Open, at(54), 0, None)
    );

    // Other ways in and out decide it too.
    let denied = store.put_access(&entry(Party::numbered(30), false, 55), "Ann", &act()).await.unwrap().unwrap();
    assert_eq!((denied.state, denied.decider), (RequestState::Refused, Some(admin())));
    store.add_invite(&invite(6, 1, 900), at(0), &act()).await.unwrap();
    let (redeemed, decided) = store.redeem_invite(&code(6), &party(32), at(56)).await.unwrap();
    assert_eq!(redeemed, Redeemed::LetIn { made_by: ADMIN });
    assert_eq!(decided.unwrap().state, RequestState::Allowed);
    assert!(store.open_access_requests(9).await.unwrap().is_empty());
}

/// Of a forgotten person no name stays, and a denial outlasts it.
async fn erasure(store: &dyn Store) {
    store.put_access(&entry(party(60), false, 60), "Ann", &act()).await.unwrap();
    store.put_access(&entry(party(61), true, 60), "Ann", &act()).await.unwrap();
    for user in [60, 61] {
        store.add_access_request(&party(user), at(60)).await.unwrap();
        store.erase_user(UserId(user), &act()).await.unwrap();
        assert_eq!(store.access_request(UserId(user)).await.unwrap(), None);
    }
    assert_eq!((access(store, 60, ChatId(60)).await, access(store, 61, ChatId(61)).await), (DENIED, NOTHING));
    assert_eq!(store.access_entries(1, 0).await.unwrap(), [entry(Party::numbered(60), false, 60)]);
}

async fn check(store: Arc<dyn Store>) {
    entries(store.as_ref()).await;
    invitations(store.as_ref()).await;
    race(&store).await;
    requests(store.as_ref()).await;
    erasure(store.as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_in_sqlite() {
    check(store::open("sqlite::memory:").await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_in_postgres() {
    database::with_database(|url| async move { check(store::open(&url).await.unwrap()).await }).await;
}
