//! Typed access to KIE.ai's image, video, music and speech models, and the Telegram bot built on it.
//!
//! Start with [`models`] for the generated input types and [`client`] for the client that sends them.
//!
//! # The house
//!
//! A room uses rooms on lower lines only; `tests/it/layers.rs` enforces it.
//!
//! ```text
//! 4  cli app config telemetry demo         read settings, build the parts, start and stop them; no rules
//! 3  bot http                              translate a person or a request into service calls
//! 2  service                               decides; the only writer of job states and money
//! 1  client store leader                   talk to the world; do not know each other
//!    inbox                                 the queue of updates, as the bot uses it and the store implements it
//! 0  schema models form job ledger clock   pure; no async, no I/O
//!    tariff transfer invoice               prices for people; movements of their money; sales for Telegram Stars
//!    star_subscription                     what people have paid for every 30 days
//!    referral                              who came by whose link; what both get
//!    access alert announcement audit quota user store_error backoff log_once mac mime sniff probe sample
//!    market                                the registry beside the vendor's list; pure
//!    assortment                            what a person may order, under the operator's rules; pure
//!    l10n                                  all prose, for bot and cli; pure
//! -  kie-schema                            what a model, a rule and a price are, for both sides; pure
//! -  codegen                               build time: models/kie_models.yaml to types and descriptors
//! ```
//!
//! What must flow up (a result to a chat) goes through a trait that [`service`] declares and the bot
//! implements.
//!
//! # Prohibitions
//!
//! - No model is named in `src`: the registry is the only place where a model exists.
//! - The registry cannot fail to load: it is static.
//! - `client` touches no database and never sleeps past its policy. `store` knows jobs and money, not Telegram.
//! - Edges never use `client` or `store`; the bot never builds JSON for KIE.
//! - A user's file never leaves through a URL that carries a secret.
//!
//! # Where a change goes
//!
//! | change | touch | what tells you that you forgot something |
//! |---|---|---|
//! | a model, a limit, a price | one entry of the registry | build diagnostics; `tests/it/models.rs` walks all entries |
//! | a kind of parameter | `schema`: its type, `spec`, `form/answer.rs`; `codegen`: `kind/<kind>.rs`, `kind.rs`, `kind/misfit.rs`, `type_name.rs`, `emit/{kind,doc}.rs`; here: a match in about twenty files of `bot`, `cli`, `l10n`, `market` and `demo` | exhaustive matches |
//! | a requirement of rules | `schema`: `spec/rule.rs`, `rule.rs`, `rule/requirement.rs`; `codegen`: `schema/requirement.rs`, `emit/requirement.rs`; here: `l10n/rule.rs`, `cli/show/registry.rs`, two messages in each language | exhaustive matches; `tests/it/rule.rs` |
//! | a check of the registry | `codegen/src/check/`, a refuse fixture | every diagnostic code must have a fixture |
//! | a language | a value of `Lang` in `schema/src/lang.rs`, `l10n/bot/<lang>.ftl`, `l10n/cli/<lang>.ftl`, the registry's words, the README | exhaustive matches in `lang.rs`; build errors for each message and each word that is missing |
//! | a screen | `bot/screen/<screen>.rs`, its buttons in `bot/callback.rs`, a handler in `bot/route`, its messages in each language | exhaustive matches |
//! | a command of the command line | `cli/<command>.rs`, its line in `cli.rs`, its messages in each language, the README | exhaustive matches; a build error for each message that is missing |
//! | a database | `store/<name>.rs` with its SQL dialect, pool and migrations, `store.rs`, `store/{engine,open,url}.rs`, `config.rs`, `Cargo.toml`, `build.rs`, the README, `tests/it/store.rs`; with an election lock of its own also `leader.rs`, `leader/<name>.rs`, `app.rs` | exhaustive matches; `tests/it/store/contract.rs` runs on each |
//! | a statement of SQL | `statements!` in `store/statement.rs` or beside it, or a field built from the dialect; an index in migrations | `tests/it/store/plan.rs` has each one explained |
//! | a setting | a line in `config/setting.rs`, a field in `config.rs`, `docs/settings.md`, `.env.example` | both are compared with it |
//! | a job state | [`job`], `store.rs`, `store/prune.rs`, `service/worker/step.rs`, `bot/screen/job.rs`, its messages in each language; migrations for the indexes that name states (`store/dialect.rs`, `store/prune.rs`) | exhaustive matches |

#[cfg(feature = "bot")]
pub mod access;
#[cfg(feature = "bot")]
pub mod alert;
#[cfg(feature = "bot")]
pub mod announcement;
#[cfg(feature = "bot")]
pub mod app;
#[cfg(feature = "bot")]
pub mod assortment;
#[cfg(feature = "bot")]
pub mod audit;
#[cfg(feature = "client")]
pub mod backoff;
#[cfg(feature = "bot")]
pub mod bot;
#[cfg(feature = "bot")]
pub mod cli;
#[cfg(feature = "client")]
pub mod client;
pub mod clock;
#[cfg(feature = "bot")]
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod form;
#[cfg(feature = "bot")]
pub mod http;
#[cfg(feature = "bot")]
pub mod inbox;
#[cfg(feature = "bot")]
pub mod invoice;
pub mod job;
#[cfg(feature = "bot")]
pub mod l10n;
#[cfg(feature = "bot")]
pub mod leader;
pub mod ledger;
#[cfg(feature = "client")]
pub mod log_once;
#[cfg(feature = "client")]
mod mac;
#[cfg(feature = "bot")]
pub mod market;
pub mod mime;
pub mod models;
#[cfg(feature = "bot")]
mod mp4;
#[cfg(feature = "bot")]
pub mod probe;
#[cfg(feature = "bot")]
pub mod promo;
#[cfg(feature = "bot")]
pub mod quota;
#[cfg(feature = "bot")]
pub mod referral;
#[cfg(feature = "bot")]
pub mod sample;
pub mod schema;
#[cfg(feature = "bot")]
pub mod service;
#[cfg(feature = "client")]
pub mod sniff;
#[cfg(feature = "bot")]
pub mod star_subscription;
#[cfg(feature = "bot")]
pub mod store;
#[cfg(feature = "bot")]
pub mod store_error;
pub mod tariff;
#[cfg(feature = "bot")]
pub mod telemetry;
#[cfg(feature = "bot")]
pub mod transfer;
#[cfg(feature = "bot")]
pub mod user;

#[cfg(feature = "client")]
pub use client::Client;
