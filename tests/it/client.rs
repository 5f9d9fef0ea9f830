//! The KIE client over real HTTP, against a server that plays a script: every rule of the envelope, every code, every
//! shape of result, every way for an answer to get lost; keys, limits, webhooks and the catalogue.

mod catalogue;
mod contract;
mod create;
mod example;
mod file;
mod fixture;
mod key;
mod line;
mod poll;
mod resume;
mod secret;
mod server;
mod start;
mod storm;
mod webhook;
