//! The state of each chat that this worker has claimed. Pure: the dispatcher tells it what the store has answered.

use std::collections::{HashMap, VecDeque};

use crate::inbox::is_upload_chat;
use crate::job::ChatId;

/// What happens in a claimed chat. A chat that is not claimed, and in which no handler runs, has no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChatState {
    /// Its first open update is to be read from the store.
    Ready,
    /// Its first open update is at its last attempt, and waits until no other chat is at a last attempt.
    LastAttempt,
    /// A handler runs.
    Running {
        /// The handler was started under an earlier registration, and the chat is claimed under the present one too.
        is_claimed_again: bool,
    },
    /// Nothing is left to handle; the store has yet to confirm that the claim is released.
    Ending,
}

/// Who has stored the open updates of a chat: that process has acknowledged the buttons among them, unless it died
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StoredBy {
    /// The chat is newly claimed; its first update will tell.
    Unknown,
    /// All by this process.
    Us,
    /// Some by other processes.
    Others,
}

#[derive(Debug)]
struct Chat {
    state: ChatState,
    stored_by: StoredBy,
}

/// The chats of one worker.
#[derive(Debug, Default)]
pub(super) struct Chats {
    by_id: HashMap<ChatId, Chat>,
    /// Chats whose update is at its last attempt: the first one is handled, the others wait.
    last_attempts: VecDeque<ChatId>,
}

impl Chats {
    /// How many handlers run, without uploads.
    pub(super) fn running(&self) -> usize {
        self.count_running(false)
    }

    /// How many uploads run.
    pub(super) fn running_uploads(&self) -> usize {
        self.count_running(true)
    }

    fn count_running(&self, uploads: bool) -> usize {
        let chats = self.by_id.iter().filter(|(id, _)| is_upload_chat(**id) == uploads);
        chats.filter(|(_, chat)| matches!(chat.state, ChatState::Running { .. })).count()
    }

    /// Chats whose first open update is to be read from the store.
    pub(super) fn ready(&self) -> Vec<ChatId> {
        let ready = self.by_id.iter().filter(|(_, chat)| chat.state == ChatState::Ready);
        ready.map(|(id, _)| *id).collect()
    }

    /// The chat is newly claimed.
    pub(super) fn claim(&mut self, id: ChatId) {
        let new = || Chat { state: ChatState::Ready, stored_by: StoredBy::Unknown };
        let chat = self.by_id.entry(id).or_insert_with(new);
        match &mut chat.state {
            // A chat is never handled by two handlers at once.
            ChatState::Running { is_claimed_again } => *is_claimed_again = true,
            ChatState::Ending => *chat = new(),
            ChatState::Ready | ChatState::LastAttempt => {}
        }
    }

    /// The store says that the chat is claimed: its state is as it was, if it has one.
    pub(super) fn confirm_claim(&mut self, id: ChatId) {
        if !self.by_id.contains_key(&id) {
            self.claim(id);
        }
    }

    /// Whether the chat may handle an update at its last attempt now. If not, it waits: only one chat at a time does,
    /// so that an update that ends the process takes no other along.
    pub(super) fn enter_last_attempt(&mut self, id: ChatId) -> bool {
        if !self.last_attempts.contains(&id) {
            self.last_attempts.push_back(id);
        }
        let is_first = self.last_attempts.front() == Some(&id);
        if let (false, Some(chat)) = (is_first, self.by_id.get_mut(&id)) {
            chat.state = ChatState::LastAttempt;
        }
        is_first
    }

    /// A handler starts. `is_ours`: this process has just stored the update. Returns whether the buttons of the update
    /// are to be acknowledged again.
    pub(super) fn run(&mut self, id: ChatId, is_ours: bool) -> bool {
        let new = Chat { state: ChatState::Ready, stored_by: StoredBy::Unknown };
        let chat = self.by_id.entry(id).or_insert(new);
        chat.state = ChatState::Running { is_claimed_again: false };
        if chat.stored_by == StoredBy::Unknown {
            chat.stored_by = if is_ours { StoredBy::Us } else { StoredBy::Others };
        }
        chat.stored_by == StoredBy::Others && !is_ours
    }

    /// Nothing is left to handle in the chat.
    pub(super) fn finish(&mut self, id: ChatId) {
        if let Some(chat) = self.by_id.get_mut(&id) {
            chat.state = ChatState::Ending;
        }
    }

    /// The store knows that the chat's handler has ended; `is_claimed`: it has more open updates.
    pub(super) fn end(&mut self, id: ChatId, is_claimed: bool) {
        match self.by_id.get_mut(&id) {
            Some(chat) if chat.state == (ChatState::Running { is_claimed_again: true }) => {
                *chat = Chat { state: ChatState::Ready, stored_by: StoredBy::Unknown };
            }
            Some(chat) if is_claimed => chat.state = ChatState::Ready,
            Some(_) => drop(self.by_id.remove(&id)),
            None if is_claimed => self.claim(id),
            None => {}
        }
        if self.last_attempts.front() == Some(&id) {
            self.last_attempts.pop_front();
            if let Some(next) = self.last_attempts.front().and_then(|next| self.by_id.get_mut(next)) {
                next.state = ChatState::Ready;
            }
        }
    }

    /// The registration is lost, and every claim with it. Handlers that run end later.
    pub(super) fn lose_claims(&mut self) {
        self.by_id.retain(|_, chat| matches!(chat.state, ChatState::Running { .. }));
        for chat in self.by_id.values_mut() {
            *chat = Chat { state: ChatState::Running { is_claimed_again: false }, stored_by: StoredBy::Unknown };
        }
        let first = self.last_attempts.front().copied().filter(|id| self.by_id.contains_key(id));
        self.last_attempts = first.into_iter().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: ChatId = ChatId(1);
    const TWO: ChatId = ChatId(2);
    const THREE: ChatId = ChatId(3);

    fn claimed(ids: &[ChatId]) -> Chats {
        let mut chats = Chats::default();
        ids.iter().for_each(|id| chats.claim(*id));
        chats
    }

    #[test]
    fn a_chat_is_ready_until_it_runs_and_again_while_it_has_updates() {
        let mut chats = claimed(&[ONE]);
        assert_eq!(chats.ready(), [ONE]);
        chats.run(ONE, true);
        assert!(chats.ready().is_empty() && chats.running() == 1);
        chats.end(ONE, true);
        assert!(chats.ready() == [ONE] && chats.running() == 0);
        chats.finish(ONE);
        assert!(chats.ready().is_empty() && chats.running() == 0);
        chats.end(ONE, false);
        assert!(chats.by_id.is_empty());
    }

    #[test]
    fn updates_of_other_processes_are_acknowledged_again() {
        let mut chats = claimed(&[ONE, TWO]);
        assert!(chats.run(ONE, false), "the first update of a new claim was stored by another process");
        chats.end(ONE, true);
        assert!(chats.run(ONE, false) && !chats.run(ONE, true));
        assert!(!chats.run(TWO, true), "this process has stored it");
        chats.end(TWO, true);
        assert!(!chats.run(TWO, false), "this process has stored it some time ago");
    }

    #[test]
    fn a_chat_of_a_lost_registration_waits_for_its_handler() {
        let mut chats = claimed(&[ONE, TWO]);
        chats.run(ONE, true);
        chats.lose_claims();
        assert!(chats.ready().is_empty() && chats.running() == 1);
        chats.claim(ONE);
        assert!(chats.ready().is_empty(), "the old handler still runs");
        chats.end(ONE, false);
        assert_eq!(chats.ready(), [ONE]);
        assert!(chats.run(ONE, false), "it counts as newly claimed");
    }

    #[test]
    fn uploads_are_counted_apart() {
        let upload = ChatId(i64::MIN + 2);
        let mut chats = claimed(&[ONE, upload]);
        chats.run(upload, true);
        assert_eq!((chats.running(), chats.running_uploads()), (0, 1));
        chats.run(ONE, true);
        chats.end(upload, false);
        assert_eq!((chats.running(), chats.running_uploads()), (1, 0));
    }

    #[test]
    fn last_attempts_are_made_one_at_a_time() {
        let mut chats = claimed(&[ONE, TWO, THREE]);
        assert!(chats.enter_last_attempt(ONE) && chats.enter_last_attempt(ONE));
        chats.run(ONE, true);
        assert!(!chats.enter_last_attempt(TWO) && !chats.enter_last_attempt(THREE));
        assert!(chats.ready().is_empty());
        chats.end(ONE, false);
        assert_eq!(chats.ready(), [TWO]);
        assert!(!chats.enter_last_attempt(THREE) && chats.enter_last_attempt(TWO));
        // Another process has closed its update.
        chats.finish(TWO);
        chats.end(TWO, false);
        assert!(chats.ready() == [THREE] && chats.enter_last_attempt(THREE));
    }

    #[test]
    fn a_last_attempt_that_runs_outlives_its_registration() {
        let mut chats = claimed(&[ONE, TWO]);
        assert!(chats.enter_last_attempt(ONE));
        chats.run(ONE, true);
        assert!(!chats.enter_last_attempt(TWO));
        chats.lose_claims();
        chats.claim(TWO);
        assert!(!chats.enter_last_attempt(TWO), "the other one still runs");
        chats.end(ONE, false);
        assert!(chats.ready() == [TWO] && chats.enter_last_attempt(TWO));
    }
}
