//! A fair queue for the requests of a budget: one caller at a time is at its head, and lanes are served in turn.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The purpose of a request; requests of one purpose share a rate limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Create requests of all models.
    Create,
    /// Polls of tasks.
    Poll,
    /// The four routes of the catalogue.
    Catalogue,
}

impl Purpose {
    /// A stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Poll => "poll",
            Self::Catalogue => "catalogue",
        }
    }
}

/// A queue that is fair between lanes: one request of each lane is served in turn.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    state: Mutex<QueueState>,
}

#[derive(Debug, Default)]
struct QueueState {
    /// A caller is at the head.
    occupied: bool,
    /// Callers whose request was refused, the most refused first, so that none starves.
    refused: VecDeque<(u32, Waiter)>,
    /// The other callers, by lane; the lane at the front is next. No lane is empty.
    lanes: VecDeque<(u64, VecDeque<Waiter>)>,
}

type Waiter = oneshot::Sender<Head>;

impl QueueState {
    fn next(&mut self) -> Option<Waiter> {
        if let Some((_, waiter)) = self.refused.pop_front() {
            return Some(waiter);
        }
        let (lane, mut waiters) = self.lanes.pop_front()?;
        let waiter = waiters.pop_front();
        if !waiters.is_empty() {
            self.lanes.push_back((lane, waiters));
        }
        waiter
    }
}

/// The place at the head; the next caller gets it when it is dropped.
#[derive(Debug)]
pub(crate) struct Head(Option<Arc<Queue>>);

impl Drop for Head {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.hand_over();
        }
    }
}

impl Queue {
    /// Waits for the head of the queue; `refused` is how often the request was refused. The future may be dropped at
    /// any point.
    pub(crate) async fn enter(self: &Arc<Self>, lane: u64, refused: u32) -> Head {
        loop {
            let at_head = {
                let mut state = self.state();
                if !state.occupied {
                    state.occupied = true;
                    return Head(Some(self.clone()));
                }
                let (waiter, at_head) = oneshot::channel();
                if refused > 0 {
                    let index = state.refused.partition_point(|(times, _)| *times >= refused);
                    state.refused.insert(index, (refused, waiter));
                } else if let Some((_, waiters)) = state.lanes.iter_mut().find(|(known, _)| *known == lane) {
                    waiters.push_back(waiter);
                } else {
                    state.lanes.push_back((lane, VecDeque::from([waiter])));
                }
                at_head
            };
            if let Ok(head) = at_head.await {
                return head;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hand_over(self: Arc<Self>) {
        loop {
            let next = {
                let mut state = self.state();
                let next = state.next();
                state.occupied = next.is_some();
                next
            };
            let Some(waiter) = next else { return };
            match waiter.send(Head(Some(self.clone()))) {
                Ok(()) => return,
                // The caller is gone. Its head must not hand over when dropped: this loop does.
                Err(mut head) => head.0 = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use futures::future::BoxFuture;

    use super::*;

    type Waiting = BoxFuture<'static, Head>;

    /// Enters the queue behind others.
    fn wait(queue: &Arc<Queue>, lane: u64, refused: u32) -> Waiting {
        let queue = queue.clone();
        let mut waiting = async move { queue.enter(lane, refused).await }.boxed();
        assert!((&mut waiting).now_or_never().is_none());
        waiting
    }

    /// Serves all waiting callers; returns their order.
    fn serve(mut head: Head, mut line: Vec<(&'static str, Waiting)>) -> Vec<&'static str> {
        let mut served = Vec::new();
        while !line.is_empty() {
            drop(head);
            let ready: Vec<_> = line
                .iter_mut()
                .enumerate()
                .filter_map(|(at, (_, waiting))| waiting.now_or_never().map(|head| (at, head)))
                .collect();
            let [(at, next)] = <[_; 1]>::try_from(ready).unwrap();
            head = next;
            served.push(line.remove(at).0);
        }
        served
    }

    #[test]
    fn lanes_are_served_in_turn_after_refused_callers() {
        let queue = Arc::<Queue>::default();
        let head = queue.enter(1, 0).now_or_never().unwrap();
        let line = vec![
            ("a1", wait(&queue, 1, 0)),
            ("a2", wait(&queue, 1, 0)),
            ("a3", wait(&queue, 1, 0)),
            ("b1", wait(&queue, 2, 0)),
            ("c1", wait(&queue, 3, 0)),
            ("b2", wait(&queue, 2, 0)),
            ("back once", wait(&queue, 1, 1)),
            ("back twice", wait(&queue, 1, 2)),
            ("back once too", wait(&queue, 1, 1)),
        ];
        assert_eq!(serve(head, line), ["back twice", "back once", "back once too", "a1", "b1", "c1", "a2", "b2", "a3"]);
        assert!(queue.enter(1, 0).now_or_never().is_some(), "it is empty again");
    }

    #[test]
    fn dropped_callers_are_skipped() {
        let queue = Arc::<Queue>::default();
        let head = queue.enter(1, 0).now_or_never().unwrap();
        let gone = wait(&queue, 1, 0);
        let gone_at_the_head = wait(&queue, 2, 0);
        let mut last = wait(&queue, 1, 0);
        drop(gone);
        drop(head);
        // The head was given to the second caller, which is dropped before it takes it.
        assert!((&mut last).now_or_never().is_none());
        drop(gone_at_the_head);
        assert!((&mut last).now_or_never().is_some());
        assert!(queue.enter(1, 0).now_or_never().is_some());
    }
}
