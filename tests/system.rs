//! The whole bot between a simulated KIE and a simulated Telegram, over real HTTP and real databases.

#![cfg(feature = "bot")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::print_stdout, reason = "figures are shown with --nocapture")]

#[path = "system/balance.rs"]
mod balance;
#[path = "system/bench.rs"]
mod bench;
#[path = "system/callback.rs"]
mod callback;
#[path = "support/choice.rs"]
mod choice;
#[path = "support/database.rs"]
mod database;
#[path = "system/deadline.rs"]
mod deadline;
#[path = "system/delivery.rs"]
mod delivery;
#[path = "system/drain.rs"]
mod drain;
#[path = "system/fixture.rs"]
mod fixture;
#[path = "system/front.rs"]
mod front;
#[path = "system/mishap.rs"]
mod mishap;
#[path = "system/money.rs"]
mod money;
#[path = "system/person.rs"]
mod person;
#[path = "system/poison.rs"]
mod poison;
#[path = "system/poller.rs"]
mod poller;
#[path = "support/pooler.rs"]
mod pooler;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "system/replica.rs"]
mod replica;
#[path = "system/restart.rs"]
mod restart;
#[path = "system/secret.rs"]
mod secret;
#[path = "system/talk.rs"]
mod talk;
#[path = "system/upgrade.rs"]
mod upgrade;
#[path = "system/webhook.rs"]
mod webhook;
