//! What the loop has in hand: which chats are ours, what waits to be told to the store, and what comes back from it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{InboxSettings, Mail, Outcome};
use crate::bot::Bot;
use crate::clock::Timestamp;
use crate::job::ChatId;
use crate::service::{Exchange, Service, StoreError, Turn, Update};

/// What goes into one transaction at most.
const BATCH: usize = 1000;
/// Handled updates are kept for so long: Telegram repeats one for 24 hours at most.
const MEMORY: Duration = Duration::from_secs(3 * 24 * 3600);
/// How often old updates are forgotten.
const PRUNE: Duration = Duration::from_secs(3600);

/// Under which name we hold chats, and how long that name is good.
struct Holder {
    name: String,
    renewed: Timestamp,
    until: Timestamp,
    /// Turns under this name end before their next update once the name is lost. Their chats are not served under the next
    /// name until they have.
    quit: CancellationToken,
}

/// What the loop has in hand.
pub(super) struct Desk {
    bot: Bot,
    settings: InboxSettings,
    holder: Option<Holder>,
    /// Chats with a task.
    running: HashSet<ChatId>,
    /// The tasks. They end with the desk: what is cut off must not go on beside whoever has the chat next.
    tasks: JoinSet<()>,
    /// Waiting to be told to the store.
    closed: Vec<i64>,
    released: Vec<i64>,
    ended: Vec<ChatId>,
    begin: Vec<i64>,
    /// Ours, and their next update is still to be read. True for one that was not ours before: whoever had it may have died
    /// before a press was answered.
    owed: HashMap<ChatId, bool>,
    /// Ours, with updates of others' in them.
    inherited: HashSet<ChatId>,
    /// Updates of the last transaction.
    fresh: HashSet<i64>,
    /// The chat whose update is at its last attempt, or at the word about that. One at a time.
    suspect: Option<ChatId>,
    /// Ours, and their updates are such as well.
    suspects: VecDeque<(ChatId, bool)>,
    /// There may be chats that nobody has.
    look: bool,
    pruned: Option<Timestamp>,
    /// The store did not answer; said once.
    troubled: bool,
}

impl Desk {
    pub(super) fn new(bot: Bot, settings: InboxSettings) -> Self {
        Self {
            bot,
            settings,
            holder: None,
            running: HashSet::new(),
            tasks: JoinSet::new(),
            closed: Vec::new(),
            released: Vec::new(),
            ended: Vec::new(),
            begin: Vec::new(),
            owed: HashMap::new(),
            inherited: HashSet::new(),
            fresh: HashSet::new(),
            suspect: None,
            suspects: VecDeque::new(),
            // What a former life has left is taken up at once.
            look: true,
            pruned: None,
            troubled: false,
        }
    }

    /// There may be chats that nobody has: the next exchange asks for some.
    pub(super) fn look_around(&mut self) {
        self.look = true;
    }

    /// No turn begins its next update.
    pub(super) fn quit(&self) {
        if let Some(holder) = &self.holder {
            holder.quit.cancel();
        }
    }

    /// Whether a chat is being served.
    pub(super) fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    fn service(&self) -> &Service {
        &self.bot.service
    }

    /// Everything that waits goes to the store in one transaction; what comes back is begun.
    pub(super) async fn turn_over(
        &mut self,
        first: Option<Mail>,
        mail: &mut mpsc::UnboundedReceiver<Mail>,
        open: bool,
    ) {
        while self.tasks.try_join_next().is_some() {}
        let mut put = Vec::new();
        let mut waiting = Vec::new();
        let mut next = first;
        while let Some(letter) = next.take() {
            match letter {
                Mail::Put(updates, done) => {
                    put.extend(updates);
                    waiting.push(done);
                }
                Mail::Ended(chat, update, outcome) => {
                    match outcome {
                        Outcome::Closed => self.closed.push(update),
                        Outcome::Released => self.released.push(update),
                    }
                    self.ended.push(chat);
                }
            }
            if put.len() + self.closed.len() < BATCH {
                next = mail.try_recv().ok();
            }
        }
        let done = self.exchange(put, open).await;
        for waiter in waiting {
            // Whoever waited may be gone.
            let _ = waiter.send(done.clone());
        }
        let mut is_told = done.is_ok();
        while is_told {
            if let Err(error) = self.begin(open).await {
                self.complain(&error);
                return;
            }
            if self.begin.is_empty() && self.ended.is_empty() {
                return;
            }
            is_told = self.exchange(Vec::new(), open).await.is_ok();
        }
    }

    async fn exchange(&mut self, put: Vec<Update>, open: bool) -> Result<(), String> {
        let result = match self.stay().await {
            Ok(()) => self.try_exchange(put, open).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => {
                if std::mem::take(&mut self.troubled) {
                    tracing::info!("the store answers again");
                }
                self.prune().await;
                Ok(())
            }
            Err(error) => {
                self.complain(&error);
                Err(error.to_string())
            }
        }
    }

    async fn try_exchange(&mut self, put: Vec<Update>, open: bool) -> Result<(), StoreError> {
        let now = self.service().now();
        let name = self.holder.as_ref().filter(|holder| now < holder.until).map(|holder| holder.name.clone());
        if name.is_none() {
            self.forget_ended();
        }
        let room = if open && name.is_some() { self.settings.parallel.saturating_sub(self.running.len()) } else { 0 };
        let exchange = Exchange {
            adopt: room > 0,
            put,
            closed: std::mem::take(&mut self.closed),
            released: std::mem::take(&mut self.released),
            ended: std::mem::take(&mut self.ended),
            take: if self.look { room as u32 } else { 0 },
            begin_below: if open { self.settings.attempts.saturating_sub(1) } else { 0 },
            begin: std::mem::take(&mut self.begin),
        };
        let name = name.unwrap_or_default();
        let exchanged = match self.service().inbox().exchange(&name, &exchange, now).await {
            Ok(exchanged) => exchanged,
            Err(error) => {
                (self.closed, self.released) = (exchange.closed, exchange.released);
                (self.ended, self.begin) = (exchange.ended, exchange.begin);
                return Err(error);
            }
        };
        // What found no room is looked for when there is some.
        self.look =
            (self.look && (room == 0 || exchanged.taken.len() >= room)) || (!exchange.put.is_empty() && room == 0);
        for chat in &exchange.ended {
            self.over(*chat);
            if !exchanged.kept.contains(chat) {
                self.inherited.remove(chat);
            }
        }
        for chat in exchanged.kept {
            self.owed.entry(chat).or_insert(false);
        }
        self.owed.extend(exchanged.taken.into_iter().map(|chat| (chat, true)));
        self.fresh = exchanged.new.into_iter().collect();
        let new = exchange.put.iter().filter(|update| self.fresh.contains(&update.id));
        new.for_each(|update| self.bot.acknowledge(update));
        Ok(())
    }

    /// A chat is no longer being served. The next suspect may be.
    fn over(&mut self, chat: ChatId) {
        self.running.remove(&chat);
        if self.suspect == Some(chat) {
            self.suspect = None;
            self.owed.extend(self.suspects.pop_front());
        }
    }

    /// Begins the turns of chats that are ours.
    async fn begin(&mut self, open: bool) -> Result<(), StoreError> {
        let Some(holder) = self.holder.as_ref().filter(|holder| open && !holder.quit.is_cancelled()) else {
            self.hand_back();
            return Ok(());
        };
        // A turn of a lost name goes on until the end of its update: a chat is never handled twice at once.
        let chats: Vec<ChatId> = self.owed.keys().filter(|chat| !self.running.contains(chat)).copied().collect();
        if chats.is_empty() {
            return Ok(());
        }
        let turns = self.bot.service.inbox().turns(&holder.name, &chats).await?;
        let (name, quit) = (holder.name.clone(), holder.quit.clone());
        let found: HashSet<ChatId> = turns.iter().map(|turn| turn.update.chat).collect();
        for turn in turns {
            self.take_up(turn, &name, &quit);
        }
        // Somebody has closed them: nothing is left to do there.
        let empty = chats.into_iter().filter(|chat| !found.contains(chat));
        self.ended.extend(empty.filter(|chat| self.owed.remove(chat).is_some()));
        Ok(())
    }

    /// Begins a turn, or sees to it that it can be begun.
    fn take_up(&mut self, turn: Turn, name: &str, quit: &CancellationToken) {
        let (chat, id, limit) = (turn.update.chat, turn.update.id, self.settings.attempts);
        let is_new = self.owed.remove(&chat).unwrap_or(true);
        // With the one that is to come.
        let attempts = turn.attempts + u32::from(!turn.is_begun);
        if attempts > limit + 1 {
            tracing::error!(
                update = id,
                attempts,
                "an update is closed without a word: no word about it came to an end"
            );
            self.closed.push(id);
            self.ended.push(chat);
            return;
        }
        if attempts >= limit {
            if self.suspect.is_some_and(|other| other != chat) {
                self.suspects.push_back((chat, is_new));
                return;
            }
            self.suspect = Some(chat);
        }
        if !turn.is_begun {
            self.begin.push(id);
            self.owed.insert(chat, is_new);
            return;
        }
        let is_fresh = self.fresh.contains(&id);
        if is_new && !is_fresh {
            self.inherited.insert(chat);
        }
        if self.inherited.contains(&chat) && !is_fresh {
            self.bot.acknowledge(&turn.update);
        }
        self.running.insert(chat);
        self.tasks.spawn(self.bot.clone().take_turn(turn, attempts > limit, name.to_owned(), quit.clone()));
    }

    /// Chats that nobody serves under the present name any more.
    fn hand_back(&mut self) {
        self.owed.clear();
        self.begin.clear();
        self.inherited.clear();
        self.suspects.clear();
        self.suspect = self.suspect.filter(|chat| self.running.contains(chat));
    }

    /// Goes on living under the present name, or under a new one when its time was over.
    async fn stay(&mut self) -> Result<(), StoreError> {
        let (now, lease) = (self.service().now(), self.settings.lease);
        if let Some(holder) = &mut self.holder {
            if now.since(holder.renewed) < lease / 3 {
                return Ok(());
            }
            let inbox = self.bot.service.inbox();
            if now < holder.until && inbox.stay(&holder.name, now, lease).await? {
                (holder.renewed, holder.until) = (now, now + lease);
                // Chats that became ours in an exchange whose reply was lost: nobody else would ever serve them.
                for chat in inbox.held(&holder.name).await? {
                    let waits = self.suspects.iter().any(|(suspect, _)| *suspect == chat);
                    if !self.running.contains(&chat) && !waits {
                        self.owed.entry(chat).or_insert(true);
                    }
                }
                return Ok(());
            }
            tracing::warn!("the time of this process's chats ran out; others may have taken them");
            holder.quit.cancel();
            // We live: what was begun under that name has not failed.
            if let Err(error) = inbox.leave(&holder.name).await {
                tracing::debug!(%error, "what was begun under a lost name counts as tried");
            }
            self.holder = None;
            self.hand_back();
        }
        self.forget_ended();
        let inbox = self.bot.service.inbox();
        if std::mem::take(&mut self.settings.alone) {
            inbox.clear_holders().await.inspect_err(|_| self.settings.alone = true)?;
        }
        let name = uuid::Uuid::new_v4().simple().to_string();
        self.bot.service.inbox().join(&name, now, lease).await?;
        self.holder = Some(Holder { name, renewed: now, until: now + lease, quit: CancellationToken::new() });
        self.look = true;
        Ok(())
    }

    /// Ended chats of a name that is lost: there is nobody to tell.
    fn forget_ended(&mut self) {
        for chat in std::mem::take(&mut self.ended) {
            self.over(chat);
        }
    }

    async fn prune(&mut self) {
        let now = self.service().now();
        if self.pruned.is_some_and(|at| now.since(at) < PRUNE) {
            return;
        }
        self.pruned = Some(now);
        if let Err(error) = self.service().inbox().prune_updates(now - MEMORY).await {
            tracing::warn!(%error, "old updates could not be forgotten");
        }
    }

    /// Cuts off what still runs, and gives the chats to whoever comes first.
    pub(super) async fn leave(&mut self) {
        self.tasks.shutdown().await;
        let Some(holder) = self.holder.take() else { return };
        if let Err(error) = self.service().inbox().leave(&holder.name).await {
            tracing::warn!(%error, "the chats of this process are free when its time is over");
        }
    }

    fn complain(&mut self, error: &StoreError) {
        if !std::mem::replace(&mut self.troubled, true) {
            tracing::error!(%error, "the inbox cannot reach the store");
        }
    }
}
