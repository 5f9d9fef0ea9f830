//! The simulators, used through teloxide's `Bot` and plain HTTP: they follow the real protocols.

mod composition;
mod ephemeral;
mod group;
mod kie;
mod kie_service;
mod page;
mod raw;
mod stars;
mod telegram;
mod telegram_update;
mod topic;
