//! What the loop has in hand: which chats are ours, what waits to be told to the store, and what comes back from it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{InboxSettings, Mail, Outcome};
use crate::bot::Bot;
use crate::clock::Timestamp;
use crate::inbox::{ClaimedUpdate, InboxBatch, ReceiveError, Update};
use crate::job::ChatId;
use crate::log_once::LogOnce;
use crate::service::Service;
use crate::store_error::StoreError;

/// What goes into one transaction at most.
const BATCH: usize = 1000;
/// Handled updates are kept for so long: Telegram repeats one for 24 hours at most.
const MEMORY: Duration = Duration::from_secs(3 * 24 * 3600);
/// How often old updates are forgotten.
const PRUNE: Duration = Duration::from_secs(3600);

/// Under which name we hold chats, and how long that name is good.
struct Registration {
    name: String,
    renewed: Timestamp,
    until: Timestamp,
    /// Turns under this name end before their next update once the name is lost. Their chats are not served under the next
    /// name until they have.
    quit: CancellationToken,
}

/// What the loop has in hand.
pub(super) struct Dispatcher {
    bot: Bot,
    settings: InboxSettings,
    registration: Option<Registration>,
    /// Chats with a task.
    running: HashSet<ChatId>,
    /// The tasks. They end with the dispatcher: what is cut off must not go on beside whoever has the chat next.
    tasks: JoinSet<()>,
    /// Waiting to be told to the store.
    closed: Vec<i64>,
    released: Vec<i64>,
    ended: Vec<ChatId>,
    start: Vec<i64>,
    /// Ours, and their next update is still to be read. True for one that was not ours before: whoever had it may have died
    /// before a press was answered.
    ready: HashMap<ChatId, bool>,
    /// Ours, with updates of others' in them.
    taken_over: HashSet<ChatId>,
    /// Updates of the last transaction.
    just_stored: HashSet<i64>,
    /// The chat whose update is at its last attempt, or at the word about that. One at a time.
    last_attempt: Option<ChatId>,
    /// Ours, and their updates are such as well.
    last_attempts: VecDeque<(ChatId, bool)>,
    /// There may be chats that nobody has.
    scan: bool,
    pruned: Option<Timestamp>,
    /// The store did not answer; said once.
    outage: LogOnce<()>,
}

impl Dispatcher {
    pub(super) fn new(bot: Bot, settings: InboxSettings) -> Self {
        Self {
            bot,
            settings,
            registration: None,
            running: HashSet::new(),
            tasks: JoinSet::new(),
            closed: Vec::new(),
            released: Vec::new(),
            ended: Vec::new(),
            start: Vec::new(),
            ready: HashMap::new(),
            taken_over: HashSet::new(),
            just_stored: HashSet::new(),
            last_attempt: None,
            last_attempts: VecDeque::new(),
            // What a former life has left is taken up at once.
            scan: true,
            pruned: None,
            outage: LogOnce::default(),
        }
    }

    /// There may be chats that nobody has: the next batch asks for some.
    pub(super) fn request_scan(&mut self) {
        self.scan = true;
    }

    /// No turn begins its next update.
    pub(super) fn quit(&self) {
        if let Some(registration) = &self.registration {
            registration.quit.cancel();
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
        let done = self.apply(put, open).await;
        for waiter in waiting {
            // Whoever waited may be gone.
            let _ = waiter.send(done.clone());
        }
        let mut is_told = done.is_ok();
        while is_told {
            if let Err(error) = self.begin(open).await {
                self.note_store_down(&error);
                return;
            }
            if self.start.is_empty() && self.ended.is_empty() {
                return;
            }
            is_told = self.apply(Vec::new(), open).await.is_ok();
        }
    }

    async fn apply(&mut self, put: Vec<Update>, open: bool) -> Result<(), ReceiveError> {
        let result = match self.heartbeat().await {
            Ok(()) => self.try_apply(put, open).await,
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => {
                if self.outage.cleared() {
                    tracing::info!("the store answers again");
                }
                self.prune().await;
                Ok(())
            }
            Err(error) => {
                self.note_store_down(&error);
                Err(ReceiveError::NotStored(error.to_string()))
            }
        }
    }

    async fn try_apply(&mut self, put: Vec<Update>, open: bool) -> Result<(), StoreError> {
        let now = self.service().now();
        let name = self
            .registration
            .as_ref()
            .filter(|registration| now < registration.until)
            .map(|registration| registration.name.clone());
        if name.is_none() {
            self.forget_ended();
        }
        let room = if open && name.is_some() { self.settings.parallel.saturating_sub(self.running.len()) } else { 0 };
        let batch = InboxBatch {
            claim_new_chats: room > 0,
            put,
            closed: std::mem::take(&mut self.closed),
            released: std::mem::take(&mut self.released),
            ended: std::mem::take(&mut self.ended),
            claim_free: if self.scan { room as u32 } else { 0 },
            max_attempts: if open { self.settings.attempts.saturating_sub(1) } else { 0 },
            start: std::mem::take(&mut self.start),
        };
        let name = name.unwrap_or_default();
        let result = match self.service().inbox().apply(&name, &batch, now).await {
            Ok(result) => result,
            Err(error) => {
                (self.closed, self.released) = (batch.closed, batch.released);
                (self.ended, self.start) = (batch.ended, batch.start);
                return Err(error);
            }
        };
        // What found no room is looked for when there is some.
        self.scan = (self.scan && (room == 0 || result.claimed.len() >= room)) || (!batch.put.is_empty() && room == 0);
        for chat in &batch.ended {
            self.over(*chat);
            if !result.still_claimed.contains(chat) {
                self.taken_over.remove(chat);
            }
        }
        for chat in result.still_claimed {
            self.ready.entry(chat).or_insert(false);
        }
        self.ready.extend(result.claimed.into_iter().map(|chat| (chat, true)));
        self.just_stored = result.new.into_iter().collect();
        let new = batch.put.iter().filter(|update| self.just_stored.contains(&update.id));
        new.for_each(|update| self.bot.acknowledge(update));
        Ok(())
    }

    /// A chat is no longer being served. The next suspect may be.
    fn over(&mut self, chat: ChatId) {
        self.running.remove(&chat);
        if self.last_attempt == Some(chat) {
            self.last_attempt = None;
            self.ready.extend(self.last_attempts.pop_front());
        }
    }

    /// Begins the turns of chats that are ours.
    async fn begin(&mut self, open: bool) -> Result<(), StoreError> {
        let Some(registration) =
            self.registration.as_ref().filter(|registration| open && !registration.quit.is_cancelled())
        else {
            self.hand_back();
            return Ok(());
        };
        // A turn of a lost name goes on until the end of its update: a chat is never handled twice at once.
        let chats: Vec<ChatId> = self.ready.keys().filter(|chat| !self.running.contains(chat)).copied().collect();
        if chats.is_empty() {
            return Ok(());
        }
        let turns = self.bot.service.inbox().claimed_updates(&registration.name, &chats).await?;
        let (name, quit) = (registration.name.clone(), registration.quit.clone());
        let found: HashSet<ChatId> = turns.iter().map(|turn| turn.update.chat).collect();
        for turn in turns {
            self.take_up(turn, &name, &quit);
        }
        // Somebody has closed them: nothing is left to do there.
        let empty = chats.into_iter().filter(|chat| !found.contains(chat));
        self.ended.extend(empty.filter(|chat| self.ready.remove(chat).is_some()));
        Ok(())
    }

    /// Begins a turn, or sees to it that it can be begun.
    fn take_up(&mut self, turn: ClaimedUpdate, name: &str, quit: &CancellationToken) {
        let (chat, id, limit) = (turn.update.chat, turn.update.id, self.settings.attempts);
        let is_new = self.ready.remove(&chat).unwrap_or(true);
        // With the one that is to come.
        let attempts = turn.attempts + u32::from(!turn.is_started);
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
            if self.last_attempt.is_some_and(|other| other != chat) {
                self.last_attempts.push_back((chat, is_new));
                return;
            }
            self.last_attempt = Some(chat);
        }
        if !turn.is_started {
            self.start.push(id);
            self.ready.insert(chat, is_new);
            return;
        }
        let is_fresh = self.just_stored.contains(&id);
        if is_new && !is_fresh {
            self.taken_over.insert(chat);
        }
        if self.taken_over.contains(&chat) && !is_fresh {
            self.bot.acknowledge(&turn.update);
        }
        self.running.insert(chat);
        self.tasks.spawn(self.bot.clone().take_turn(turn, attempts > limit, name.to_owned(), quit.clone()));
    }

    /// Chats that nobody serves under the present name any more.
    fn hand_back(&mut self) {
        self.ready.clear();
        self.start.clear();
        self.taken_over.clear();
        self.last_attempts.clear();
        self.last_attempt = self.last_attempt.filter(|chat| self.running.contains(chat));
    }

    /// Goes on living under the present name, or under a new one when its time was over.
    async fn heartbeat(&mut self) -> Result<(), StoreError> {
        let (now, lease) = (self.service().now(), self.settings.lease);
        if let Some(registration) = &mut self.registration {
            if now.since(registration.renewed) < lease / 3 {
                return Ok(());
            }
            let inbox = self.bot.service.inbox();
            if now < registration.until && inbox.heartbeat(&registration.name, now, lease).await? {
                (registration.renewed, registration.until) = (now, now + lease);
                // Chats that became ours in a batch whose reply was lost: nobody else would ever serve them.
                for chat in inbox.claimed_chats(&registration.name).await? {
                    let waits = self.last_attempts.iter().any(|(last_attempt, _)| *last_attempt == chat);
                    if !self.running.contains(&chat) && !waits {
                        self.ready.entry(chat).or_insert(true);
                    }
                }
                return Ok(());
            }
            tracing::warn!("the time of this process's chats ran out; others may have taken them");
            registration.quit.cancel();
            // We live: what was begun under that name has not failed.
            if let Err(error) = inbox.deregister(&registration.name).await {
                tracing::debug!(%error, "what was begun under a lost name counts as tried");
            }
            self.registration = None;
            self.hand_back();
        }
        self.forget_ended();
        let inbox = self.bot.service.inbox();
        if std::mem::take(&mut self.settings.alone) {
            inbox.expire_workers().await.inspect_err(|_| self.settings.alone = true)?;
        }
        let name = uuid::Uuid::new_v4().simple().to_string();
        self.bot.service.inbox().register(&name, now, lease).await?;
        self.registration =
            Some(Registration { name, renewed: now, until: now + lease, quit: CancellationToken::new() });
        self.scan = true;
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
    pub(super) async fn deregister(&mut self) {
        self.tasks.shutdown().await;
        let Some(registration) = self.registration.take() else { return };
        if let Err(error) = self.service().inbox().deregister(&registration.name).await {
            tracing::warn!(%error, "the chats of this process are free when its time is over");
        }
    }

    fn note_store_down(&self, error: &StoreError) {
        if self.outage.changed(()) {
            tracing::error!(%error, "the inbox cannot reach the store");
        }
    }
}
