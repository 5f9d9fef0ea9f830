//! The real program, as users and other programs run it.

mod account;
mod admin;
mod alias;
mod demo;
mod feed;
mod fixture;
mod forget;
mod generate;
mod health;
mod help;
mod interrupt;
mod jobs;
mod ledger;
mod list;
mod plan;
mod price;
mod proxy;
mod registry;
mod run;
mod russian;
mod sanity;
mod save;
mod setting;
mod task;
mod validate;
mod watch;
