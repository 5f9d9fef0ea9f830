//! The simulators, used through teloxide's `Bot` and plain HTTP: they follow the real protocols.

mod group;
mod kie_side;
mod telegram_side;
