//! A simulated Telegram: the Bot API on loopback, Rust handles of the users' chats, and a chat page.
//!
//! It has the limits of the real server: one poller at a time (409), 64 bytes of data a button, 4096 characters a text,
//! valid HTML, files of 20, 10 and 50 MB, and presses that expire. Sources: <https://core.telegram.org/bots/api>, and
//! the error texts that `teloxide` knows.

mod args;
mod chat;
mod chat_file;
mod chat_state;
mod composition;
mod edit;
mod ephemeral;
mod error;
mod fault;
mod file;
mod group;
mod html;
mod invoice;
mod markup;
mod message;
mod page;
mod page_event;
mod page_pay;
mod page_vendor;
mod payment;
mod poll;
mod route;
mod send;
mod simulator;
mod stars;
mod state;
mod topic;
mod view;

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use url::Url;

pub use chat::{ChatError, ChatHandle};
pub use chat_file::{ChatFile, ChatFileKind};
pub use chat_state::ChatMemberStatus;
pub use composition::Album;
pub use fault::{TelegramFault, TelegramFaultEffect};
pub use markup::{ForceReply, InlineButton, KeySupport};
pub use message::{Entity, Ephemeral, Message, TelegramUser};
pub use payment::PendingPayment;
pub use stars::{PaymentRefusal, StarPayment, StarSubscription};
pub use state::{CallbackAnswer, CallbackQuery, MethodCall, PollConflict};
pub use view::ChatView;

use crate::clock::{Clock, SystemClock};
use crate::demo::kie::SimKie;
use crate::demo::server::TestServer;
use simulator::TelegramSimulator;

/// Sizes of the largest files, in bytes. Tests set small ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// A file sent as a photo.
    pub photo: usize,
    /// A file uploaded by the bot.
    pub upload: usize,
    /// A file downloaded by the bot.
    pub download: usize,
}

impl FileLimits {
    /// The limits of a server that runs with `--local`: 2000 MB, and no limit of what it gives.
    pub fn local() -> Self {
        Self { upload: 2000 << 20, download: usize::MAX, ..Self::default() }
    }
}

/// The limits of the public server: 10 MB, 50 MB and 20 MB, all binary.
impl Default for FileLimits {
    fn default() -> Self {
        Self { photo: 10 << 20, upload: 50 << 20, download: 20 << 20 }
    }
}

/// The settings of a simulated Telegram.
#[derive(Debug, Clone)]
pub struct SimTelegramOptions {
    /// Port on 127.0.0.1; 0 takes a free port.
    pub port: u16,
    /// The bot's token; the digits before the colon are the bot's id.
    pub token: String,
    /// The bot's name.
    pub bot_name: String,
    /// The bot's user name, without the `@`.
    pub bot_username: String,
    /// Whether the bot is in privacy mode: of a group's messages it gets commands and replies to its own alone.
    pub privacy: bool,
    /// The user of the chat page.
    pub page_user: TelegramUser,
    /// Seeds file ids.
    pub seed: u64,
    /// Factor by which long polls and repetitions are faster; 1 is real time.
    pub time_scale: f64,
    /// How long a press can be answered.
    pub callback_life: Duration,
    /// How long the bot can answer whether a payment may be made.
    pub checkout_life: Duration,
    /// Sizes of the largest files.
    pub limits: FileLimits,
    /// The folder of a server that runs with `--local`: it hands files over by their paths there, whatever their size.
    /// When there is no such folder, the server is on another machine.
    pub local_folder: Option<PathBuf>,
    /// The simulated KIE whose account the chat page can empty and top up.
    pub vendor: Option<SimKie>,
    /// The time of messages and presses.
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
            privacy: false,
            page_user: TelegramUser { first_name: "You".to_owned(), ..TelegramUser::new(7001) },
            seed: 1,
            time_scale: 1.0,
            // The real server's time is some tens of seconds and not documented.
            callback_life: Duration::from_secs(60),
            checkout_life: Duration::from_secs(10),
            limits: FileLimits::default(),
            local_folder: None,
            vendor: None,
            clock: Arc::new(SystemClock),
            stop: CancellationToken::new(),
        }
    }
}

/// A running simulator. Clones share it; it stops when the last one is dropped.
#[derive(Clone)]
pub struct SimTelegram {
    /// Base URL of the Bot API, for `Bot::set_api_url`.
    pub api_url: Url,
    /// URL of the chat page.
    pub page_url: Url,
    sim: Arc<TelegramSimulator>,
    server: Arc<TestServer>,
}

impl fmt::Debug for SimTelegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimTelegram").field("api_url", &self.api_url.as_str()).finish_non_exhaustive()
    }
}

impl SimTelegram {
    /// Starts the server.
    ///
    /// # Errors
    /// When the port cannot be bound.
    pub async fn start(options: SimTelegramOptions) -> io::Result<Self> {
        let (listener, url) = TestServer::bind(options.port).await?;
        let stop = options.stop.child_token();
        let sim = Arc::new(TelegramSimulator::new(options, stop.clone()));
        tokio::spawn(poll::feed_webhook(sim.clone()));
        let server = TestServer::serve(listener, url, route::router(sim.clone()), stop);
        Ok(Self { api_url: server.url.clone(), page_url: server.url.clone(), sim, server: Arc::new(server) })
    }

    /// The only token that is accepted.
    pub fn token(&self) -> &str {
        &self.sim.options.token
    }

    /// The chat of the page's user.
    pub fn page_chat(&self) -> ChatHandle {
        ChatHandle::new(self.sim.clone(), self.sim.options.page_user.id)
    }

    /// The number of the group of the page, which is there when the page was opened.
    pub const fn page_group(&self) -> i64 {
        page::GROUP
    }

    /// The chat of a user with a generated name; an unknown user is added.
    pub fn chat(&self, user_id: i64) -> ChatHandle {
        if !self.sim.state().chats.contains_key(&user_id) {
            self.sim.add_user(TelegramUser::new(user_id));
        }
        ChatHandle::new(self.sim.clone(), user_id)
    }

    /// The chat of this user, who is added; a known user gets the new name and language.
    pub fn chat_of(&self, user: TelegramUser) -> ChatHandle {
        let id = user.id;
        self.sim.add_user(user);
        ChatHandle::new(self.sim.clone(), id)
    }

    /// A new group with this id (below 0) and this member. Others come with [`ChatHandle::as_member`].
    pub fn group(&self, id: i64, member: TelegramUser) -> ChatHandle {
        self.sim.add_group(id, member, |_| {});
        ChatHandle::new(self.sim.clone(), id)
    }

    /// A new supergroup with this id (below -1000000000000) and this member.
    pub fn supergroup(&self, id: i64, member: TelegramUser) -> ChatHandle {
        self.sim.add_group(id, member, |group| group.own_count = Some(0));
        ChatHandle::new(self.sim.clone(), id)
    }

    /// A new supergroup with topics.
    pub fn forum(&self, id: i64, member: TelegramUser) -> ChatHandle {
        self.sim.add_group(id, member, |group| (group.own_count, group.is_forum) = (Some(0), true));
        ChatHandle::new(self.sim.clone(), id)
    }

    /// The bot's id, for [`ChatHandle::set_status`].
    pub fn bot_id(&self) -> i64 {
        self.sim.bot_id()
    }

    /// Turns privacy mode on or off; `getMe` tells it.
    pub fn set_privacy(&self, privacy: bool) {
        self.sim.state().privacy = privacy;
    }

    /// Sets how the server takes keys and methods that came with Bot API 9.4 or later.
    pub fn set_key_support(&self, support: KeySupport) {
        self.sim.state().key_support = support;
    }

    /// Adds a fault, which is injected into the next matching calls.
    pub fn fault(&self, fault: TelegramFault) {
        self.sim.state().faults.push(fault);
    }

    /// Removes all faults that were not injected yet.
    pub fn clear_faults(&self) {
        self.sim.state().faults.clear();
    }

    /// All calls so far, oldest first.
    pub fn calls(&self) -> Vec<MethodCall> {
        self.sim.state().calls.clone()
    }

    /// The number of calls of a method, failed calls included; the name in any case.
    pub fn count(&self, method: &str) -> usize {
        self.sim.state().calls.iter().filter(|call| call.method.eq_ignore_ascii_case(method)).count()
    }

    /// Waits until a method was called `count` times.
    ///
    /// # Errors
    /// The number of calls, when `limit` has passed.
    pub async fn wait_for_calls(&self, method: &str, count: usize, limit: Duration) -> Result<(), usize> {
        let reached = async {
            let mut changes = self.sim.subscribe();
            while self.count(method) < count && changes.changed().await.is_ok() {}
        };
        tokio::time::timeout(limit, reached).await.map_err(|_| self.count(method))
    }

    /// Presses that the bot has not answered.
    pub fn unanswered(&self) -> Vec<CallbackQuery> {
        self.sim.state().callbacks.iter().filter(|query| query.answer.is_none()).cloned().collect()
    }

    /// Polls that were refused because of another poll or a webhook.
    pub fn conflicts(&self) -> Vec<PollConflict> {
        self.sim.state().conflicts.clone()
    }

    /// The number of `getUpdates` calls that wait now; more than one only for a moment.
    pub fn pollers(&self) -> u32 {
        self.sim.state().polls_waiting
    }

    /// Updates that the bot has not confirmed.
    pub fn pending_updates(&self) -> usize {
        self.sim.state().updates.len()
    }

    /// Sends the bot an update of any kind, e.g. one that it does not know; returns its id.
    pub fn push_update(&self, kind: &str, body: Value) -> i64 {
        let id = self.sim.state().push_update(kind, body);
        self.sim.notify_changed();
        id
    }

    /// The address that updates are posted to, if a webhook is set.
    pub fn webhook_url(&self) -> Option<String> {
        self.sim.state().webhook.as_ref().map(|hook| hook.url.clone())
    }

    /// The commands that a person sees in a chat.
    pub fn commands(&self, chat: i64, language: &str) -> Vec<String> {
        let list = self.sim.commands(chat, language);
        let name = |command: &Value| command.get("command").and_then(Value::as_str).map(str::to_owned);
        list.as_array().into_iter().flatten().filter_map(name).collect()
    }

    /// Stops the server and waits until the port is free.
    pub async fn stop(&self) {
        self.server.stop().await;
    }
}
