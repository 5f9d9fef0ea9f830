//! Turns the model registry into Rust types, or into diagnostics that say where and how it is wrong.
//!
//! Text in, text out: no files, environment, clock or network.

pub mod resolved;
