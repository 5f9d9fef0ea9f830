//! The changes of a chat as a stream of events for the chat page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use serde_json::{Value, json};

use super::chat::ChatHandle;
use super::page::{Seat, chat};
use super::simulator::{Shared, TelegramSimulator};

/// A stream of a chat's changes, starting with the whole chat; also after a reconnection.
pub(super) async fn events(
    State(sim): Shared,
    Query(seat): Query<Seat>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (changes, chat) = (sim.subscribe(), chat(&sim, seat));
    let seen = EventStream { sim, chat, changes, revision: 0, first: true, action: None };
    Sse::new(futures::stream::unfold(seen, next_event)).keep_alive(KeepAlive::default())
}

/// The stream of one page: what was sent so far.
struct EventStream {
    sim: Arc<TelegramSimulator>,
    chat: ChatHandle,
    changes: tokio::sync::watch::Receiver<u64>,
    revision: u64,
    first: bool,
    action: Option<String>,
}

async fn next_event(mut seen: EventStream) -> Option<(Result<Event, Infallible>, EventStream)> {
    loop {
        if let Some(news) = seen.next_changes() {
            let event = Event::default().json_data(news).unwrap_or_default();
            return Some((Ok(event), seen));
        }
        // A chat action expires without a change.
        let expiring = async {
            match seen.action {
                Some(_) => tokio::time::sleep(std::time::Duration::from_millis(500)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = seen.changes.changed() => changed.ok()?,
            () = expiring => {}
        }
    }
}

impl EventStream {
    fn next_changes(&mut self) -> Option<Value> {
        let now = self.sim.now();
        let (id, user) = (self.chat.id(), self.chat.user().id);
        let state = self.sim.state();
        let chat = state.chats.get(&id)?;
        let action = chat.action.clone().filter(|(_, until)| *until > now).map(|(action, _)| action);
        let messages: Vec<_> =
            chat.messages.iter().filter(|m| m.revision > self.revision && m.is_shown_to(user)).collect();
        let answers: Vec<_> =
            state.callbacks.iter().filter(|query| query.chat == id && query.revision > self.revision).collect();
        if messages.is_empty() && answers.is_empty() && action == self.action && !self.first {
            return None;
        }
        let newest = messages.iter().map(|m| m.revision).chain(answers.iter().map(|query| query.revision)).max();
        let news = json!({
            "fresh": self.first, "messages": messages, "callbacks": answers, "action": action,
        });
        self.revision = newest.unwrap_or(self.revision).max(self.revision);
        self.first = false;
        self.action = action;
        Some(news)
    }
}
