//! The integration tests, one module for each area; one program, so that it is linked only once.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test panics where it cannot go on, and prints figures")]

mod agree;
mod bot;
mod browser;
mod cli;
mod client;
mod fault;
mod layers;
mod leader;
mod market;
mod models;
mod names;
mod price;
mod readme;
mod rule;
mod seed;
mod simulator;
mod store;
mod support;
mod system;
mod texts;
