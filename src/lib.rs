//! Typed access to KIE.ai's image, video, music and speech models, and the Telegram bot built on it.

#[cfg(feature = "bot")]
pub mod app;
#[cfg(feature = "bot")]
pub mod bot;
pub mod clock;
#[cfg(feature = "bot")]
pub mod config;
#[cfg(feature = "bot")]
pub mod demo;
pub mod form;
pub mod job;
#[cfg(feature = "client")]
pub mod kie;
#[cfg(feature = "bot")]
pub mod leader;
pub mod ledger;
pub mod models;
pub mod schema;
#[cfg(feature = "bot")]
pub mod service;
#[cfg(feature = "bot")]
pub mod store;
#[cfg(feature = "bot")]
pub mod telemetry;
