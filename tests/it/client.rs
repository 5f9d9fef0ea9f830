//! The KIE client over HTTP with a scripted server: all rules of the envelope, all codes, all shapes of results, and
//! all ways to lose an answer; keys, limits, webhooks and the catalogue.

mod catalogue;
mod contract;
mod create;
mod example;
mod feed;
mod file;
mod fixture;
mod key;
mod line;
mod poll;
mod private_host;
mod resume;
mod route;
mod secret;
mod server;
mod start;
mod storm;
mod webhook;
