//! The real program, as a person and as another program use it.

#![cfg(feature = "bot")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "cli/account.rs"]
mod account;
#[path = "cli/alias.rs"]
mod alias;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/fixture.rs"]
mod fixture;
#[path = "cli/generate.rs"]
mod generate;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/interrupt.rs"]
mod interrupt;
#[path = "cli/jobs.rs"]
mod jobs;
#[path = "cli/list.rs"]
mod list;
#[path = "cli/plan.rs"]
mod plan;
#[path = "cli/price.rs"]
mod price;
#[path = "cli/registry.rs"]
mod registry;
#[path = "cli/run.rs"]
mod run;
#[path = "cli/russian.rs"]
mod russian;
#[path = "cli/sanity.rs"]
mod sanity;
#[path = "cli/save.rs"]
mod save;
#[path = "cli/setting.rs"]
mod setting;
#[path = "cli/task.rs"]
mod task;
#[path = "cli/validate.rs"]
mod validate;
