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
use crate::store::engine::{Param, Row, Statement};
use crate::store::row::{self, RowReader};
use crate::store::sql::SqlStore;
use crate::store_error::StoreError;

fn chats(chats: &[ChatId]) -> Result<Param, StoreError> {
    Param::json(&chats.iter().map(|chat| chat.0).collect::<Vec<_>>())
}

fn chat(row: &Row) -> Result<ChatId, StoreError> {
    RowReader::new(row, "turns", "?").get("chat_id").map(ChatId)
}

fn id(row: &Row) -> Result<i64, StoreError> {
    RowReader::new(row, "updates", "?").get("id")
}

/// An update as JSON, for [`InboxSql::put`](super::InboxSql).
#[derive(Serialize)]
struct UpdateJson<'a> {
    id: i64,
    chat: i64,
    body: &'a Value,
}

impl<'a> From<&'a Update> for UpdateJson<'a> {
    fn from(update: &'a Update) -> Self {
        Self { id: update.id, chat: update.chat.0, body: &update.body }
    }
}

/// What the rows of a statement of a batch mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returns {
    NewUpdates,
    StillClaimed,
    Claimed,
    Nothing,
}

#[async_trait]
impl Inbox for SqlStore {
    async fn register(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<(), StoreError> {
        let until = self.database_time(now + lease);
        let register = Statement::new(sql::REGISTER, vec![worker_id.into(), until.into()]);
        let delete_expired =
            Statement::new(&self.engine().sql().inbox.delete_expired, vec![self.database_time(now).into()]);
        self.run(vec![register, delete_expired]).await.map(drop)
    }

    async fn heartbeat(&self, worker_id: &str, now: Timestamp, lease: Duration) -> Result<bool, StoreError> {
        let (until, now) = (self.database_time(now + lease), self.database_time(now));
        let heartbeat = Statement::new(sql::HEARTBEAT, vec![worker_id.into(), until.into(), now.into()]);
        let all = self.run(vec![heartbeat]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }

    async fn deregister(&self, worker_id: &str) -> Result<(), StoreError> {
        let statements = [sql::RELEASE_STARTED, &self.engine().sql().inbox.release_claims, sql::DEREGISTER];
        self.run(statements.map(|sql| Statement::new(sql, vec![worker_id.into()])).into()).await?;
        self.engine().notify(Event::Updates);
        Ok(())
    }

    async fn expire_workers(&self) -> Result<(), StoreError> {
        let statements = [sql::RELEASE_ALL_CHATS, sql::EXPIRE_WORKERS];
        self.run(statements.map(|sql| Statement::new(sql, vec![])).into()).await.map(drop)
    }

    async fn apply(&self, worker_id: &str, batch: &InboxBatch, now: Timestamp) -> Result<BatchResult, StoreError> {
        if batch.is_empty() {
            return Ok(BatchResult::default());
        }
        let (returns, statements): (Vec<_>, Vec<_>) = self.statements(worker_id, batch, now)?.into_iter().unzip();
        let mut result = BatchResult::default();
        for (returns, rows) in returns.into_iter().zip(self.run(statements).await?) {
            for row in &rows {
                match returns {
                    Returns::NewUpdates => result.new.push(id(row)?),
                    Returns::StillClaimed => result.still_claimed.push(chat(row)?),
                    Returns::Claimed => result.claimed.push(chat(row)?),
                    Returns::Nothing => {}
                }
            }
        }
        if !result.new.is_empty() && !batch.claim_new_chats {
            self.engine().notify(Event::Updates);
        }
        Ok(result)
    }

    async fn claimed_chats(&self, worker_id: &str) -> Result<Vec<ChatId>, StoreError> {
        self.all(Statement::new(sql::CLAIMED_CHATS, vec![worker_id.into()]), chat).await
    }

    async fn claimed_updates(&self, worker_id: &str, of: &[ChatId]) -> Result<Vec<ClaimedUpdate>, StoreError> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        let params = vec![worker_id.into(), chats(of)?];
        let statement = Statement::new(&self.engine().sql().inbox.claimed_updates, params);
        self.all(statement, |row| row::claimed_update(row, worker_id)).await
    }

    async fn open_updates(&self, limit: u32) -> Result<Vec<Update>, StoreError> {
        self.all(Statement::new(sql::OPEN_UPDATES, vec![i64::from(limit).into()]), row::update).await
    }
}

impl SqlStore {
    /// The statements of a batch, in the order of its fields.
    fn statements(
        &self,
        worker_id: &str,
        batch: &InboxBatch,
        now: Timestamp,
    ) -> Result<Vec<(Returns, Statement)>, StoreError> {
        let sql = &self.engine().sql().inbox;
        let mut statements = Vec::new();
        let mut add = |returns, sql, params| statements.push((returns, Statement::new(sql, params)));
        if !batch.put.is_empty() {
            let updates: Vec<UpdateJson<'_>> = batch.put.iter().map(UpdateJson::from).collect();
            add(Returns::NewUpdates, &sql.put, vec![Param::json(&updates)?, now.millis().into()]);
        }
        if !batch.closed.is_empty() {
            add(Returns::Nothing, &sql.close, vec![Param::json(&batch.closed)?, now.millis().into()]);
        }
        if !batch.released.is_empty() {
            add(Returns::Nothing, &sql.release_updates, vec![worker_id.into(), Param::json(&batch.released)?]);
        }
        let arrivals = batch.put.iter().filter(|update| batch.claim_new_chats && !update.is_upload());
        let new: Vec<ChatId> = arrivals.map(|update| update.chat).collect();
        let named = [new.as_slice(), &batch.ended].concat();
        if let Some(lock_chats) = sql.lock_chats.as_ref().filter(|_| !named.is_empty()) {
            add(Returns::Nothing, lock_chats, vec![chats(&named)?]);
        }
        if !batch.ended.is_empty() {
            add(Returns::Nothing, &sql.release_chats, vec![worker_id.into(), chats(&batch.ended)?]);
            add(Returns::StillClaimed, &sql.still_claimed, vec![worker_id.into(), chats(&batch.ended)?]);
        }
        if !new.is_empty() || batch.claim_free + batch.claim_uploads > 0 {
            let (free, uploads) = (i64::from(batch.claim_free), i64::from(batch.claim_uploads));
            let time = self.database_time(now);
            let params = vec![worker_id.into(), time.into(), chats(&new)?, free.into(), uploads.into()];
            add(Returns::Claimed, &sql.claim, params);
        }
        if batch.max_attempts > 0 || !batch.start.is_empty() {
            let params = vec![worker_id.into(), i64::from(batch.max_attempts).into(), Param::json(&batch.start)?];
            add(Returns::Nothing, &sql.start, params);
        }
        Ok(statements)
    }
}
