//! Shared by several areas of tests.

pub(crate) mod choice;
pub(crate) mod count;
pub(crate) mod database;
pub(crate) mod log;
pub(crate) mod media;
pub(crate) mod mutated_input;
pub(crate) mod mutated_value;
pub(crate) mod pooler;
pub(crate) mod postgres;
pub(crate) mod proxy;
pub(crate) mod sample;
pub(crate) mod server;
pub(crate) mod source;
pub(crate) mod track;
