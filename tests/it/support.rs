//! What several areas of tests share.

pub mod bent;
pub mod choice;
pub mod database;
pub mod media;
pub mod pooler;
pub mod postgres;
pub mod sample;
pub mod server;
