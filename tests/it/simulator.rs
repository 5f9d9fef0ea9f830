//! The simulators, used through teloxide's `Bot` and plain HTTP: they follow the real protocols.

mod group;
mod kie;
mod kie_service;
mod telegram;
mod telegram_update;
