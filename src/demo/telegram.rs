//! A simulated Telegram: the Bot API on loopback, a person's side of the chat as a Rust handle, and a chat page.
//!
//! It is strict where the real server is strict: one poller at a time (409), keyboards of at most 64 bytes a button,
//! texts of 4096 characters, HTML that must close its tags, files of 20, 10 and 50 MB, presses that grow too old. Facts:
//! <https://core.telegram.org/bots/api> and the error texts that `teloxide` knows.

mod args;
mod chat;
mod edit;
mod error;
mod fault;
mod file;
mod html;
mod markup;
mod message;
mod page;
mod poll;
mod room;
mod route;
mod send;
mod world;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::Url;

pub use chat::{Chat, ChatError, View};
pub use fault::{Fault, Trouble};
pub use message::{Button, Entity, Media, MediaKind, Message, User};
pub use world::{Answer, Call, Callback, Conflict};

use crate::clock::{Clock, SystemClock};
use crate::demo::site::Site;
use world::World;

/// Largest files, in bytes. Tests make them small instead of moving 50 MB about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Sent as a photo.
    pub photo: usize,
    /// Uploaded by the bot.
    pub upload: usize,
    /// Downloaded by the bot.
    pub download: usize,
}

/// The limits of the public server: 10 MB, 50 MB and 20 MB, all binary.
impl Default for Limits {
    fn default() -> Self {
        Self { photo: 10 << 20, upload: 50 << 20, download: 20 << 20 }
    }
}

/// How the simulator behaves.
#[derive(Debug, Clone)]
pub struct SimTelegramOptions {
    /// Port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// The bot's token; the digits before the colon are the bot's id.
    pub token: String,
    /// The bot's name.
    pub bot_name: String,
    /// The bot's user name, without the `@`.
    pub bot_username: String,
    /// Who sits at the chat page.
    pub page_user: User,
    /// Seeds file ids.
    pub seed: u64,
    /// Long polls and repeats go this many times faster. 1 is real time.
    pub time_scale: f64,
    /// A press that is older cannot be answered any more.
    pub callback_life: Duration,
    /// Largest files.
    pub limits: Limits,
    /// Stamps messages and measures the age of presses.
    pub clock: Arc<dyn Clock>,
    /// Stops the server when cancelled.
    pub stop: CancellationToken,
}

impl Default for SimTelegramOptions {
    fn default() -> Self {
        Self {
            port: 0,
            token: "1000001:SIMULATED-TOKEN-OF-THE-DEMO-BOT".to_owned(),
            bot_name: "KIE bot".to_owned(),
            bot_username: "kie_demo_bot".to_owned(),
            page_user: User { first_name: "You".to_owned(), ..User::new(7001) },
            seed: 1,
            time_scale: 1.0,
            // The real server gives up after some tens of seconds; it documents no number.
            callback_life: Duration::from_secs(60),
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            stop: CancellationToken::new(),
        }
    }
}

/// A running simulator. Clones share it; it stops when the last one is dropped.
#[derive(Clone)]
pub struct SimTelegram {
    /// Base of the Bot API, for `Bot::set_api_url`.
    pub api_url: Url,
    /// The chat page.
    pub page_url: Url,
    world: Arc<World>,
    site: Arc<Site>,
}

impl fmt::Debug for SimTelegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimTelegram").field("api_url", &self.api_url.as_str()).finish_non_exhaustive()
    }
}

impl SimTelegram {
    /// Starts serving.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: SimTelegramOptions) -> io::Result<Self> {
        let (listener, url) = Site::bind(options.port).await?;
        let stop = options.stop.child_token();
        let world = Arc::new(World::new(options, stop.clone()));
        tokio::spawn(poll::feed_webhook(world.clone()));
        let site = Site::serve(listener, url, route::router(world.clone()), stop);
        Ok(Self { api_url: site.url.clone(), page_url: site.url.clone(), world, site: Arc::new(site) })
    }

    /// The only token that is accepted.
    pub fn token(&self) -> &str {
        &self.world.options.token
    }

    /// The chat of the person at the page.
    pub fn page_chat(&self) -> Chat {
        Chat::new(self.world.clone(), self.world.options.page_user.id)
    }

    /// The chat of a user with a made-up name; the user is known to the bot from now on.
    pub fn chat(&self, user_id: i64) -> Chat {
        if !self.world.state().rooms.contains_key(&user_id) {
            self.world.meet(User::new(user_id));
        }
        Chat::new(self.world.clone(), user_id)
    }

    /// The chat of this user. A known user gets the new name and language.
    pub fn chat_of(&self, user: User) -> Chat {
        let id = user.id;
        self.world.meet(user);
        Chat::new(self.world.clone(), id)
    }

    /// A group with this id (below 0), in which this member speaks.
    pub fn group(&self, id: i64, member: User) -> Chat {
        self.world.gather(id, member);
        Chat::new(self.world.clone(), id)
    }

    /// Queues a fault: the next matching calls meet it.
    pub fn fault(&self, fault: Fault) {
        self.world.state().faults.push(fault);
    }

    /// Forgets every fault that has not struck.
    pub fn heal(&self) {
        self.world.state().faults.clear();
    }

    /// Every call so far, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.world.state().calls.clone()
    }

    /// How often a method was called, in any case, refused calls too.
    pub fn count(&self, method: &str) -> usize {
        self.world.state().calls.iter().filter(|call| call.method.eq_ignore_ascii_case(method)).count()
    }

    /// Waits until a method was called so many times.
    ///
    /// # Errors
    /// With the number of calls when `limit` passed.
    pub async fn wait_for_calls(&self, method: &str, count: usize, limit: Duration) -> Result<(), usize> {
        let reached = async {
            let mut changes = self.world.watch();
            while self.count(method) < count && changes.changed().await.is_ok() {}
        };
        tokio::time::timeout(limit, reached).await.map_err(|_| self.count(method))
    }

    /// Presses that the bot has not answered.
    pub fn unanswered(&self) -> Vec<Callback> {
        self.world.state().callbacks.iter().filter(|query| query.answer.is_none()).cloned().collect()
    }

    /// Polls that were refused because of another poller or a webhook.
    pub fn conflicts(&self) -> Vec<Conflict> {
        self.world.state().conflicts.clone()
    }

    /// How many `getUpdates` calls wait at this moment; more than one only for an instant.
    pub fn pollers(&self) -> u32 {
        self.world.state().polls_waiting
    }

    /// Updates that the bot has not confirmed.
    pub fn pending_updates(&self) -> usize {
        self.world.state().updates.len()
    }

    /// Sends the bot an update of any kind, e.g. one that it does not know, and gives its number.
    pub fn push_update(&self, kind: &str, body: Value) -> i64 {
        let id = self.world.state().push(kind, body);
        self.world.touch();
        id
    }

    /// The address that updates are posted to, if a webhook is set.
    pub fn webhook_url(&self) -> Option<String> {
        self.world.state().webhook.as_ref().map(|hook| hook.url.clone())
    }

    /// The commands that the bot has set for a language (empty text: for all).
    pub fn commands(&self, language: &str) -> Vec<String> {
        let list = route::commands(&self.world, language);
        let name = |command: &Value| command.get("command").and_then(Value::as_str).map(str::to_owned);
        list.as_array().into_iter().flatten().filter_map(name).collect()
    }

    /// Stops serving and waits until the port is free.
    pub async fn stop(&self) {
        self.site.stop().await;
    }
}
