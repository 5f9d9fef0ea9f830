//! The whole bot without accounts: a simulated KIE and a simulated Telegram, both real HTTP servers on loopback.
//!
//! The bot and the client talk to them exactly as they talk to the real services: nothing in them knows of the demo.
//! Tests drive the same servers through the handles; a person drives them through the chat page.

mod chance;
pub mod kie;
pub mod listing;
pub mod media;
pub mod script;
mod site;
pub mod stage;
pub mod telegram;
