//! The inbox in the database: its statements, and [`Inbox`](crate::inbox::Inbox) over them.

mod sql;
mod statement;

pub(in crate::store) use statement::{POSTGRES, SQLITE, Statements};
