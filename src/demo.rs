//! Runs the whole bot without accounts, between a simulated KIE and a simulated Telegram: HTTP servers on loopback.
//!
//! The bot and the client use them exactly like the real services and do not know of the simulation. Tests control the
//! servers through Rust handles; `kie-bot demo` shows a chat page in the browser.

pub mod harness;
pub mod kie;
pub mod listing;
pub mod media;
mod random;
pub mod script;
mod server;
pub mod telegram;
