//! The KIE client over real HTTP, against a server that plays a script: every rule of the envelope, every code, every
//! shape of result, every way for an answer to get lost; keys, limits, callbacks and the catalogue.
#![cfg(feature = "bot")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "kie/callback.rs"]
mod callback;
#[path = "kie/catalogue.rs"]
mod catalogue;
#[path = "kie/contract.rs"]
mod contract;
#[path = "kie/create.rs"]
mod create;
#[path = "kie/example.rs"]
mod example;
#[path = "kie/file.rs"]
mod file;
#[path = "kie/fixture.rs"]
mod fixture;
#[path = "kie/key.rs"]
mod key;
#[path = "kie/line.rs"]
mod line;
#[path = "kie/poll.rs"]
mod poll;
#[path = "kie/resume.rs"]
mod resume;
#[path = "kie/secret.rs"]
mod secret;
#[path = "kie/server.rs"]
mod server;
#[path = "kie/start.rs"]
mod start;
#[path = "kie/storm.rs"]
mod storm;
