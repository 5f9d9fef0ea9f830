//! The inbox in the database: [`Inbox`](crate::inbox::Inbox) over an engine, and its SQL.

mod sql;
mod statement;

pub(in crate::store) use statement::{ALL, InboxSql};
