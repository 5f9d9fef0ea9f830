//! [`Inbox`] over an [`Engine`](crate::store::engine::Engine).

use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;

use super::statement as sql;
use crate::clock::Timestamp;
use crate::inbox::{BatchResult, ClaimedUpdate, Inbox, InboxBatch, Update};
use crate::job::ChatId;
use crate::store::Event;
use crate::store::engine::{Arg, Record, Step, Written};
use crate::store::row::{self, Fields};
use crate::store::sql::Sql;
use crate::store_error::StoreError;

fn chats(chats: &[ChatId]) -> Result<Arg, StoreError> {
    Arg::json(&chats.iter().map(|chat| chat.0).collect::<Vec<_>>())
}

fn chat(record: &Record) -> Result<ChatId, StoreError> {
    Fields::new(record, "turns", "?").get("chat_id").map(ChatId)
}

fn id(record: &Record) -> Result<i64, StoreError> {
    Fields::new(record, "updates", "?").get("id")
}

/// An update on its way into [`Statements::put`](super::Statements).
#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    chat: i64,
    body: &'a Value,
}

impl<'a> From<&'a Update> for Row<'a> {
    fn from(update: &'a Update) -> Self {
        Self { id: update.id, chat: update.chat.0, body: &update.body }
    }
}

/// Which step of a batch gives what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gives {
    New,
    StillClaimed,
    Claimed,
    Nothing,
}

#[async_trait]
impl Inbox for Sql {
    async fn register(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<(), StoreError> {
        let join = Step::new(sql::JOIN, vec![worker_id.into(), self.there(now + lease).into()]);
        self.run(vec![join, Step::new(sql::FORGET, vec![self.there(now).into()])]).await.map(drop)
    }

    async fn heartbeat(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<bool, StoreError> {
        let args = vec![worker_id.into(), self.there(now + lease).into(), self.there(now).into()];
        let all = self.run(vec![Step::new(sql::STAY, args)]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }

    async fn deregister(&self, worker_id: &str) -> Result<(), StoreError> {
        let steps =
            [sql::GIVE_BACK_ALL, sql::LEAVE_TURNS, sql::LEAVE].map(|sql| Step::new(sql, vec![worker_id.into()]));
        self.run(steps.into()).await?;
        self.engine().notify(Event::Updates);
        Ok(())
    }

    async fn expire_workers(&self) -> Result<(), StoreError> {
        let steps = [sql::CLEAR_TURNS, sql::CLEAR].map(|sql| Step::new(sql, vec![]));
        self.run(steps.into()).await.map(drop)
    }

    async fn apply(&self, worker_id: &str, batch: &InboxBatch, now: Timestamp) -> Result<BatchResult, StoreError> {
        if batch.is_empty() {
            return Ok(BatchResult::default());
        }
        let sql = self.engine().inbox();
        let mut steps = Vec::new();
        if !batch.put.is_empty() {
            let rows: Vec<Row<'_>> = batch.put.iter().map(Row::from).collect();
            steps.push((Gives::New, Step::new(sql.put, vec![Arg::json(&rows)?, now.millis().into()])));
        }
        if !batch.closed.is_empty() {
            let args = vec![Arg::json(&batch.closed)?, now.millis().into()];
            steps.push((Gives::Nothing, Step::new(sql.close, args)));
        }
        if !batch.released.is_empty() {
            let args = vec![worker_id.into(), Arg::json(&batch.released)?];
            steps.push((Gives::Nothing, Step::new(sql.give_back, args)));
        }
        if !batch.ended.is_empty() {
            let args = || Ok::<_, StoreError>(vec![worker_id.into(), chats(&batch.ended)?]);
            if let Some(lock) = sql.lock {
                steps.push((Gives::Nothing, Step::new(lock, args()?)));
            }
            steps.push((Gives::Nothing, Step::new(sql.release, args()?)));
            steps.push((Gives::StillClaimed, Step::new(sql.kept, args()?)));
        }
        if batch.claim_new_chats && !batch.put.is_empty() {
            let named: Vec<ChatId> = batch.put.iter().map(|update| update.chat).collect();
            let args = vec![worker_id.into(), self.there(now).into(), chats(&named)?];
            steps.push((Gives::Claimed, Step::new(sql.claim_new_chats, args)));
        }
        if batch.claim_free > 0 {
            let args = vec![worker_id.into(), self.there(now).into(), i64::from(batch.claim_free).into()];
            steps.push((Gives::Claimed, Step::new(sql.claim_free, args)));
        }
        if batch.max_attempts > 0 || !batch.start.is_empty() {
            let args = vec![worker_id.into(), i64::from(batch.max_attempts).into(), Arg::json(&batch.start)?];
            steps.push((Gives::Nothing, Step::new(sql.start, args)));
        }
        let (gives, steps): (Vec<Gives>, Vec<Step>) = steps.into_iter().unzip();
        let mut result = BatchResult::default();
        // No step is needed, so none is refused.
        let Written::Done(all) = self.engine().write(steps).await? else { return Ok(result) };
        for (gives, rows) in gives.into_iter().zip(&all) {
            for row in rows {
                match gives {
                    Gives::New => result.new.push(id(row)?),
                    Gives::StillClaimed => result.still_claimed.push(chat(row)?),
                    Gives::Claimed => result.claimed.push(chat(row)?),
                    Gives::Nothing => {}
                }
            }
        }
        if !result.new.is_empty() && !batch.claim_new_chats {
            self.engine().notify(Event::Updates);
        }
        Ok(result)
    }

    async fn claimed_chats(&self, worker_id: &str) -> Result<Vec<ChatId>, StoreError> {
        self.all(Step::new(sql::HELD, vec![worker_id.into()]), chat).await
    }

    async fn claimed_updates(&self, worker_id: &str, wanted: &[ChatId]) -> Result<Vec<ClaimedUpdate>, StoreError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let step = Step::new(self.engine().inbox().next, vec![worker_id.into(), chats(wanted)?]);
        self.all(step, |record| row::claimed_update(record, worker_id)).await
    }

    async fn open_updates(&self, limit: u32) -> Result<Vec<Update>, StoreError> {
        self.all(Step::new(sql::OPEN_UPDATES, vec![i64::from(limit).into()]), row::update).await
    }

    async fn prune_updates(&self, before: Timestamp) -> Result<u64, StoreError> {
        let gone = self.run(vec![Step::new(sql::PRUNE, vec![before.millis().into()])]).await?;
        Ok(gone.iter().map(|rows| rows.len() as u64).sum())
    }
}
