//! The whole bot between a simulated KIE and a simulated Telegram, with HTTP and real databases.

#![allow(clippy::print_stdout, reason = "figures are shown with --nocapture")]

mod access;
mod alert;
mod announcement;
mod assortment;
mod balance;
mod bench;
mod books;
mod deadline;
mod delivery;
mod deploy;
mod drain;
mod failover;
mod fixture;
mod front;
mod kie_webhook;
mod late;
mod mishap;
mod money;
mod operator;
mod parts;
mod person;
mod poison;
mod poller;
mod progress;
mod renewal;
mod replica;
mod resend;
mod restart;
mod retention;
mod rig;
mod sale;
mod secret;
mod shortage;
mod silence;
mod talk;
mod telegram_webhook;
mod unreadable;
mod upgrade;
mod vanished;
