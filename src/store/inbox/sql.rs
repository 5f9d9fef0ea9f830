//! [`Inbox`] over an [`Engine`](crate::store::engine::Engine).

use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::Value;

use super::{Exchange, Exchanged, Inbox, Turn, Update, statement as sql};
use crate::clock::Timestamp;
use crate::job::ChatId;
use crate::store::engine::{Arg, Record, Step, Written};
use crate::store::row::{self, Fields};
use crate::store::sql::Sql;
use crate::store::{News, StoreError};

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

/// Which step of an exchange gives what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gives {
    New,
    Kept,
    Taken,
    Nothing,
}

#[async_trait]
impl Inbox for Sql {
    async fn join(&self, holder: &str, now: Timestamp, lease: Duration) -> Result<(), StoreError> {
        let join = Step::new(sql::JOIN, vec![holder.into(), self.there(now + lease).into()]);
        self.run(vec![join, Step::new(sql::FORGET, vec![self.there(now).into()])]).await.map(drop)
    }

    async fn stay(&self, holder: &str, now: Timestamp, lease: Duration) -> Result<bool, StoreError> {
        let args = vec![holder.into(), self.there(now + lease).into(), self.there(now).into()];
        let all = self.run(vec![Step::new(sql::STAY, args)]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }

    async fn leave(&self, holder: &str) -> Result<(), StoreError> {
        let steps = [sql::GIVE_BACK_ALL, sql::LEAVE_TURNS, sql::LEAVE].map(|sql| Step::new(sql, vec![holder.into()]));
        self.run(steps.into()).await?;
        self.engine().ring(News::Updates);
        Ok(())
    }

    async fn clear_holders(&self) -> Result<(), StoreError> {
        let steps = [sql::CLEAR_TURNS, sql::CLEAR].map(|sql| Step::new(sql, vec![]));
        self.run(steps.into()).await.map(drop)
    }

    async fn exchange(&self, holder: &str, exchange: &Exchange, now: Timestamp) -> Result<Exchanged, StoreError> {
        if exchange.is_empty() {
            return Ok(Exchanged::default());
        }
        let sql = self.engine().inbox();
        let mut steps = Vec::new();
        if !exchange.put.is_empty() {
            let rows: Vec<Row<'_>> = exchange.put.iter().map(Row::from).collect();
            steps.push((Gives::New, Step::new(sql.put, vec![Arg::json(&rows)?, now.millis().into()])));
        }
        if !exchange.closed.is_empty() {
            let args = vec![Arg::json(&exchange.closed)?, now.millis().into()];
            steps.push((Gives::Nothing, Step::new(sql.close, args)));
        }
        if !exchange.released.is_empty() {
            let args = vec![holder.into(), Arg::json(&exchange.released)?];
            steps.push((Gives::Nothing, Step::new(sql.give_back, args)));
        }
        if !exchange.ended.is_empty() {
            let args = || Ok::<_, StoreError>(vec![holder.into(), chats(&exchange.ended)?]);
            if let Some(lock) = sql.lock {
                steps.push((Gives::Nothing, Step::new(lock, args()?)));
            }
            steps.push((Gives::Nothing, Step::new(sql.release, args()?)));
            steps.push((Gives::Kept, Step::new(sql.kept, args()?)));
        }
        if exchange.adopt && !exchange.put.is_empty() {
            let named: Vec<ChatId> = exchange.put.iter().map(|update| update.chat).collect();
            let args = vec![holder.into(), self.there(now).into(), chats(&named)?];
            steps.push((Gives::Taken, Step::new(sql.adopt, args)));
        }
        if exchange.take > 0 {
            let args = vec![holder.into(), self.there(now).into(), i64::from(exchange.take).into()];
            steps.push((Gives::Taken, Step::new(sql.take, args)));
        }
        if exchange.begin_below > 0 || !exchange.begin.is_empty() {
            let args = vec![holder.into(), i64::from(exchange.begin_below).into(), Arg::json(&exchange.begin)?];
            steps.push((Gives::Nothing, Step::new(sql.begin, args)));
        }
        let (gives, steps): (Vec<Gives>, Vec<Step>) = steps.into_iter().unzip();
        let mut exchanged = Exchanged::default();
        // No step is needed, so none is refused.
        let Written::Done(all) = self.engine().write(steps).await? else { return Ok(exchanged) };
        for (gives, rows) in gives.into_iter().zip(&all) {
            for row in rows {
                match gives {
                    Gives::New => exchanged.new.push(id(row)?),
                    Gives::Kept => exchanged.kept.push(chat(row)?),
                    Gives::Taken => exchanged.taken.push(chat(row)?),
                    Gives::Nothing => {}
                }
            }
        }
        if !exchanged.new.is_empty() && !exchange.adopt {
            self.engine().ring(News::Updates);
        }
        Ok(exchanged)
    }

    async fn held(&self, holder: &str) -> Result<Vec<ChatId>, StoreError> {
        self.all(Step::new(sql::HELD, vec![holder.into()]), chat).await
    }

    async fn turns(&self, holder: &str, wanted: &[ChatId]) -> Result<Vec<Turn>, StoreError> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let step = Step::new(self.engine().inbox().next, vec![holder.into(), chats(wanted)?]);
        self.all(step, |record| row::turn(record, holder)).await
    }

    async fn open_updates(&self, limit: u32) -> Result<Vec<Update>, StoreError> {
        self.all(Step::new(sql::OPEN_UPDATES, vec![i64::from(limit).into()]), row::update).await
    }

    async fn prune_updates(&self, before: Timestamp) -> Result<u64, StoreError> {
        let gone = self.run(vec![Step::new(sql::PRUNE, vec![before.millis().into()])]).await?;
        Ok(gone.iter().map(|rows| rows.len() as u64).sum())
    }
}
