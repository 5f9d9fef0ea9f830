//! A group becomes a supergroup: all that is stored under its old number moves to the new one.

use kie::inbox::{Fence, InboxBatch, Update};
use kie::job::{ChatId, DeliveredFile, Job, JobState, UserId};
use kie::store::{self, Added, JobChange, Store};
use kie::user::{Draft, DraftKey};
use serde_json::json;
use sqlx::Connection;

use crate::store::contract::{self, LEASE, at, draft_key};
use crate::support::database;

const OLD: ChatId = ChatId(-31);
const NEW: ChatId = ChatId(-1_000_000_000_031);

fn job(id: &str, chat: ChatId, draft: &str) -> Job {
    Job { chat, draft: draft.to_owned(), ..contract::job(id, 1) }
}

fn draft(chat: ChatId, step: i64) -> Draft {
    Draft { key: draft_key(chat), body: json!({"step": step}), updated_at: at(step) }
}

async fn check(store: &dyn Store) {
    assert_eq!(store.chat_now(OLD).await.unwrap(), OLD);
    let jobs = [job("a", OLD, "one"), job("b", OLD, "twin"), job("c", NEW, "twin"), job("d", ChatId(-32), "one")];
    for job in &jobs {
        assert_eq!(store.add_job(job).await.unwrap(), Added::New);
    }
    let [a, b, c, d] = jobs.map(|job| job.id);
    store.put_progress_message(&a, OLD, 12, None).await.unwrap();
    store.put_draft(&draft(OLD, 1), None).await.unwrap();
    let claimed = store.claim("w", at(2), LEASE).await.unwrap().unwrap();
    assert_eq!(claimed.job.id, a);

    store.move_chat(OLD, NEW).await.unwrap();
    assert_eq!((store.chat_now(OLD).await.unwrap(), store.chat_now(NEW).await.unwrap()), (NEW, NEW));
    assert!(store.jobs_of(OLD, 9, 0).await.unwrap().is_empty());
    let mut moved = store.jobs_of(NEW, 9, 0).await.unwrap();
    moved.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(moved.iter().map(|job| &job.id).collect::<Vec<_>>(), [&a, &b, &c]);
    assert_eq!(moved[0].progress_message, None, "the id belongs to another message in the new chat");
    assert_eq!((moved[0].draft.as_str(), moved[2].draft.as_str()), ("one", "twin"));
    assert_eq!(store.job(&d).await.unwrap().unwrap().chat, ChatId(-32), "other chats are not affected");
    assert_eq!(store.draft(&draft_key(OLD)).await.unwrap(), None);
    assert_eq!(store.draft(&draft_key(NEW)).await.unwrap().unwrap().body, json!({"step": 1}));

    // The worker of a job continues; the id of a message in the old chat is not stored for the new one.
    let claimed = store.advance(&claimed, JobState::Submitting, &JobChange::default(), at(2)).await.unwrap();
    assert_eq!(claimed.job.chat, NEW);
    assert!(store.put_progress_message(&a, OLD, 13, None).await.unwrap_err().is_stale());
    store.put_progress_message(&a, NEW, 2, Some(12)).await.unwrap();
    let file = DeliveredFile { index: 0, file_id: "f".to_owned(), sent_as: "photo".to_owned(), message: 3 };
    store.put_files(&a, std::slice::from_ref(&file)).await.unwrap();

    // A handler that still uses the old number, under a claim of the old chat, writes to the new chat.
    store.register("h", at(3), LEASE).await.unwrap();
    let update = Update { id: 9_000, chat: OLD, body: json!({}) };
    let batch = InboxBatch { put: vec![update], claim_new_chats: true, ..InboxBatch::default() };
    assert_eq!(store.apply("h", &batch, at(3)).await.unwrap().claimed, [OLD]);
    let hold = Some(Fence { worker_id: "h", chat: OLD });
    for (chat, step) in [(OLD, 2), (NEW, 3)] {
        store.put_draft(&draft(chat, step), hold).await.unwrap();
        assert_eq!(store.draft(&draft_key(NEW)).await.unwrap().unwrap().body, json!({"step": step}));
    }
    let stranger = Some(Fence { worker_id: "stranger", chat: OLD });
    assert!(store.put_draft(&draft(NEW, 4), stranger).await.unwrap_err().is_fenced());
    store.delete_draft(&draft_key(OLD), hold).await.unwrap();
    assert_eq!(store.draft(&draft_key(NEW)).await.unwrap(), None);
    store.put_draft(&draft(OLD, 5), None).await.unwrap();
    assert_eq!(store.draft(&draft_key(NEW)).await.unwrap().unwrap().body, json!({"step": 5}));
    let late = job("e", OLD, "late");
    assert_eq!(store.add_job(&late).await.unwrap(), Added::New);
    assert_eq!(store.job(&late.id).await.unwrap().unwrap().chat, NEW);
    for (draft, known) in [("late", &late.id), ("one", &a)] {
        match store.add_job(&job("f", OLD, draft)).await.unwrap() {
            Added::Known(found) => assert_eq!(found.id, *known, "the draft was ordered before, under either number"),
            other => panic!("{draft} was ordered twice: {other:?}"),
        }
    }

    // A move is reported twice, by a refused call and by a service message.
    store.move_chat(OLD, NEW).await.unwrap();
    assert_eq!(store.jobs_of(NEW, 9, 0).await.unwrap().len(), 4);
    assert_eq!(store.draft(&draft_key(NEW)).await.unwrap().unwrap().body, json!({"step": 5}));
}

/// The draft of a private chat belongs to its person, that of a group to who ordered last there; jobs have no topic.
#[tokio::test(flavor = "multi_thread")]
async fn drafts_of_a_chat_get_their_persons_in_postgres() {
    database::with_database(|url| async move {
        store::open(&url).await.unwrap().close().await;
        let mut database = sqlx::PgConnection::connect(&url).await.unwrap();
        let before = "DROP TABLE person_drafts; ALTER TABLE jobs DROP COLUMN topic;
            DELETE FROM _sqlx_migrations WHERE version = 8;
            INSERT INTO drafts VALUES (7, '{\"step\": 1}', 1), (-9, '{\"step\": 2}', 2)";
        sqlx::raw_sql(before).execute(&mut database).await.unwrap();
        sqlx::raw_sql(
            "INSERT INTO jobs (id, user_id, chat_id, draft, model, input, attachments, state, detached, attempts,
                created_at, updated_at)
            VALUES ('j', 21, -9, 'd', 'maker/model', '{}', '[]', 'delivered', false, 1, 1, 1)",
        )
        .execute(&mut database)
        .await
        .unwrap();
        let store = store::open(&url).await.unwrap();
        for (chat, user, step) in [(7, 7, 1), (-9, 21, 2)] {
            let key = DraftKey { chat: ChatId(chat), topic: None, user: UserId(user) };
            assert_eq!(store.draft(&key).await.unwrap().unwrap().body, json!({"step": step}));
        }
        assert_eq!(store.job(&"j".into()).await.unwrap().unwrap().topic, None);
    })
    .await;
}

/// A draft that was begun in the new chat before the move was known is kept.
async fn the_new_chat_keeps_its_draft(store: &dyn Store) {
    let (old, new) = (ChatId(-41), ChatId(-1_000_000_000_041));
    store.put_draft(&draft(old, 1), None).await.unwrap();
    store.put_draft(&draft(new, 2), None).await.unwrap();
    store.move_chat(old, new).await.unwrap();
    assert_eq!(store.draft(&draft_key(new)).await.unwrap().unwrap().body, json!({"step": 2}));
    assert_eq!(store.draft(&draft_key(old)).await.unwrap(), None);
}

async fn both(store: &dyn Store) {
    check(store).await;
    the_new_chat_keeps_its_draft(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_moves_with_a_chat_in_sqlite() {
    both(store::open("sqlite::memory:").await.unwrap().as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_moves_with_a_chat_in_postgres() {
    database::with_database(|url| async move { both(store::open(&url).await.unwrap().as_ref()).await }).await;
}
