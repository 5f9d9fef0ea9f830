//! How fast the bot calls: limits of each chat and of all chats together, and the pauses that flood control asks for.
//!
//! Telegram's limits (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>): in a chat one
//! message a second with short bursts, in a group 20 a minute, to all chats together about 30 a second. Messages are
//! counted, and edits as well, because Telegram refuses them with the same code. Not counted are `answerCallbackQuery` (it
//! names no chat, and is worth nothing after some seconds), `sendChatAction` and `deleteMessage` (they make no message)
//! and `getFile` (it names no chat). In a chat under flood control all calls that name it wait, or are left out: each
//! call would prolong the pause.

mod meter;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use self::meter::{Meter, Rate, Ticket};
use crate::clock::{Clock, Timestamp};
use crate::job::ChatId;

/// One message a second in a chat. The burst is what a person in a hurry causes, with an answer to each press.
const CHAT: Rate = Rate { burst: 20.0, per_second: 1.0 };
/// Most messages in a group within a minute.
const GROUP_MINUTE: usize = 20;
/// Messages a second to all chats together.
const TOTAL: u32 = 30;
/// With fewer chats than this, idle ones are not removed.
const MIN_CLEANUP: usize = 256;

/// Whose turn it is when several calls wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    /// A person waits for the answer.
    Answer,
    /// The result of a job, or its end.
    Result,
    /// The progress of a job: never waits, and leaves room for the others.
    Progress,
    /// What all people are told: waits for all others, and leaves room for them.
    Announcement,
}

/// The counts of all chats. Pure: time is a parameter.
struct Counts {
    /// `None`: nothing is limited, and only pauses are kept.
    total: Option<Meter>,
    chats: HashMap<ChatId, ChatCount>,
    /// Idle chats are removed when there are this many.
    cleanup_at: usize,
    next_ticket: u64,
}

struct ChatCount {
    meter: Meter,
    /// Flood control: when the pause began, and its length.
    pause: Option<(Timestamp, Duration)>,
}

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    /// Now; it is counted.
    Now,
    /// Not before this time has passed.
    Later(Duration),
    /// It does not wait so long.
    Refused(Duration),
}

/// Limits the calls of one Bot API account in this process.
pub(super) struct Throttle {
    counts: Mutex<Counts>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle").field("chats", &self.counts().chats.len()).finish_non_exhaustive()
    }
}

impl Throttle {
    /// With Telegram's limits.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self::with_rate(clock, Some(TOTAL))
    }

    /// With another limit for all chats together, in messages a second; without one, the chats have none either.
    pub(super) fn with_rate(clock: Arc<dyn Clock>, rate: Option<u32>) -> Self {
        let now = clock.now();
        let total =
            rate.map(|rate| Meter::new(Rate { burst: f64::from(rate), per_second: f64::from(rate) }, None, now));
        Self { counts: Mutex::new(Counts { total, chats: HashMap::new(), cleanup_at: 0, next_ticket: 0 }), clock }
    }

    /// Waits until a message to the chat is allowed, and counts it.
    ///
    /// # Errors
    /// The rest of the pause, when the chat is under flood control for longer than `longest`; for progress, the time
    /// after which there may be room.
    pub(super) async fn admit(&self, chat: ChatId, priority: Priority, longest: Duration) -> Result<(), Duration> {
        let ticket = self.counts().issue(priority);
        let _waiting = Waiting { throttle: self, chat, ticket };
        loop {
            let admission = self.counts().admit(chat, ticket, longest, self.clock.now());
            match admission {
                Admission::Now => return Ok(()),
                Admission::Later(wait) => self.clock.sleep(wait).await,
                Admission::Refused(wait) => return Err(wait),
            }
        }
    }

    /// Waits until the chat is not under flood control.
    ///
    /// # Errors
    /// The rest of the pause, when it is longer than `longest`.
    pub(super) async fn wait_for_pause(&self, chat: ChatId, longest: Duration) -> Result<(), Duration> {
        while let Some(pause) = self.pause_of(chat) {
            if pause > longest {
                return Err(pause);
            }
            self.clock.sleep(pause).await;
        }
        Ok(())
    }

    /// Flood control: nothing goes to the chat for this time.
    pub(super) fn pause(&self, chat: ChatId, length: Duration) {
        self.counts().pause(chat, length, self.clock.now());
    }

    /// The rest of the chat's pause, while it is under flood control.
    pub(super) fn pause_of(&self, chat: ChatId) -> Option<Duration> {
        let now = self.clock.now();
        self.counts().chats.get_mut(&chat)?.rest_of_pause(now)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that waits for its turn, until it is dropped.
struct Waiting<'a> {
    throttle: &'a Throttle,
    chat: ChatId,
    ticket: Ticket,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.throttle.counts().withdraw(self.chat, self.ticket);
    }
}

impl Counts {
    /// A ticket after all others of its priority.
    fn issue(&mut self, priority: Priority) -> Ticket {
        self.next_ticket += 1;
        Ticket { priority, number: self.next_ticket }
    }

    fn admit(&mut self, chat: ChatId, ticket: Ticket, longest: Duration, now: Timestamp) -> Admission {
        self.clean_up(now);
        let count = self.chats.entry(chat).or_insert_with(|| ChatCount::new(chat, now));
        let pause = count.rest_of_pause(now);
        let Some(total) = &mut self.total else {
            return pause.map_or(Admission::Now, |pause| later(pause, longest));
        };
        // What the chat itself does not allow yet does not wait for the others.
        if let Some(pause) = pause {
            total.withdraw(ticket);
            return later(pause, longest);
        }
        let longest = if ticket.priority == Priority::Progress { Duration::ZERO } else { Duration::MAX };
        if let Some(wait) = count.meter.wait(ticket, now) {
            total.withdraw(ticket);
            return later(wait, longest);
        }
        if let Some(wait) = total.wait(ticket, now) {
            return later(wait, longest);
        }
        count.meter.take(ticket, now);
        total.take(ticket, now);
        Admission::Now
    }

    fn withdraw(&mut self, chat: ChatId, ticket: Ticket) {
        if let Some(count) = self.chats.get_mut(&chat) {
            count.meter.withdraw(ticket);
        }
        if let Some(total) = &mut self.total {
            total.withdraw(ticket);
        }
    }

    fn pause(&mut self, chat: ChatId, length: Duration, now: Timestamp) {
        let count = self.chats.entry(chat).or_insert_with(|| ChatCount::new(chat, now));
        if count.rest_of_pause(now).is_none_or(|rest| rest < length) {
            count.pause = Some((now, length));
        }
        // No burst after the pause: it would lead to the next one.
        count.meter.drain_until(now + length, now);
    }

    fn clean_up(&mut self, now: Timestamp) {
        if self.chats.len() >= self.cleanup_at.max(MIN_CLEANUP) {
            self.chats.retain(|_, count| count.rest_of_pause(now).is_some() || !count.meter.rests(now));
            self.cleanup_at = self.chats.len() * 2;
        }
    }
}

impl ChatCount {
    fn new(chat: ChatId, now: Timestamp) -> Self {
        // Only groups have ids below 0.
        let minute = (chat.0 < 0).then_some(GROUP_MINUTE);
        Self { meter: Meter::new(CHAT, minute, now), pause: None }
    }

    fn rest_of_pause(&mut self, now: Timestamp) -> Option<Duration> {
        let (begun, length) = self.pause?;
        // A clock that is set back must not prolong the pause.
        let begun = begun.min(now);
        let rest = length.saturating_sub(now.since(begun));
        self.pause = (!rest.is_zero()).then_some((begun, length));
        self.pause.map(|_| rest)
    }
}

fn later(wait: Duration, longest: Duration) -> Admission {
    if wait > longest { Admission::Refused(wait) } else { Admission::Later(wait) }
}

#[cfg(test)]
mod tests;
