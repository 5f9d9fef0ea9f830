//! The simulators speak the real protocols: teloxide's own `Bot` and plain HTTP find no difference that matters here.
#![cfg(feature = "bot")]
#![allow(clippy::unwrap_used, reason = "a panic in a test is how it fails")]

#[path = "simulator/group.rs"]
mod group;
#[path = "simulator/kie.rs"]
mod kie_side;
#[path = "simulator/telegram.rs"]
mod telegram_side;
