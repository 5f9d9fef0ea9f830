//! Who is next: one caller at a time stands at the head of a budget, and lanes take turns to send it there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Creates of every kind.
    Create,
    /// Looks at tasks.
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

/// A queue that is fair between lanes: ten requests of one person and one of another are served one and one.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    /// Somebody stands at the head.
    taken: bool,
    /// Those who were at the head before and were sent back, most often first: nobody is refused for ever.
    again: VecDeque<(u32, Waiter)>,
    /// The rest, by lane; the lane in front is next. No lane is empty.
    lanes: VecDeque<(u64, VecDeque<Waiter>)>,
}

type Waiter = oneshot::Sender<Head>;

impl Line {
    fn next(&mut self) -> Option<Waiter> {
        if let Some((_, waiter)) = self.again.pop_front() {
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

/// The place at the head; given to the next one when dropped.
#[derive(Debug)]
pub(crate) struct Head(Option<Arc<Queue>>);

impl Drop for Head {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.pass();
        }
    }
}

impl Queue {
    /// Waits for the head of the queue, having been sent back `refused` times. Dropping the future gives up the place, at
    /// any point.
    pub(crate) async fn enter(self: &Arc<Self>, lane: u64, refused: u32) -> Head {
        loop {
            let turn = {
                let mut line = self.line();
                if !line.taken {
                    line.taken = true;
                    return Head(Some(self.clone()));
                }
                let (waiter, turn) = oneshot::channel();
                if refused > 0 {
                    let place = line.again.partition_point(|(times, _)| *times >= refused);
                    line.again.insert(place, (refused, waiter));
                } else if let Some((_, waiters)) = line.lanes.iter_mut().find(|(known, _)| *known == lane) {
                    waiters.push_back(waiter);
                } else {
                    line.lanes.push_back((lane, VecDeque::from([waiter])));
                }
                turn
            };
            if let Ok(head) = turn.await {
                return head;
            }
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass(self: Arc<Self>) {
        loop {
            let next = {
                let mut line = self.line();
                let next = line.next();
                line.taken = next.is_some();
                next
            };
            let Some(waiter) = next else { return };
            match waiter.send(Head(Some(self.clone()))) {
                Ok(()) => return,
                // It gave up. Disarmed, since this loop already looks for the next one.
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

    /// Enters and stands in the line.
    fn stand(queue: &Arc<Queue>, lane: u64, refused: u32) -> Waiting {
        let queue = queue.clone();
        let mut waiting = async move { queue.enter(lane, refused).await }.boxed();
        assert!((&mut waiting).now_or_never().is_none());
        waiting
    }

    /// Serves everybody in line, and tells in which order.
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
    fn lanes_take_turns_and_those_sent_back_go_first() {
        let queue = Arc::<Queue>::default();
        let head = queue.enter(1, 0).now_or_never().unwrap();
        let line = vec![
            ("a1", stand(&queue, 1, 0)),
            ("a2", stand(&queue, 1, 0)),
            ("a3", stand(&queue, 1, 0)),
            ("b1", stand(&queue, 2, 0)),
            ("c1", stand(&queue, 3, 0)),
            ("b2", stand(&queue, 2, 0)),
            ("back once", stand(&queue, 1, 1)),
            ("back twice", stand(&queue, 1, 2)),
            ("back once too", stand(&queue, 1, 1)),
        ];
        assert_eq!(serve(head, line), ["back twice", "back once", "back once too", "a1", "b1", "c1", "a2", "b2", "a3"]);
        assert!(queue.enter(1, 0).now_or_never().is_some(), "it is empty again");
    }

    #[test]
    fn whoever_gives_up_is_passed_over() {
        let queue = Arc::<Queue>::default();
        let head = queue.enter(1, 0).now_or_never().unwrap();
        let gone = stand(&queue, 1, 0);
        let called_and_gone = stand(&queue, 2, 0);
        let mut last = stand(&queue, 1, 0);
        drop(gone);
        drop(head);
        // The head is on its way to the second, who gives up before taking it.
        assert!((&mut last).now_or_never().is_none());
        drop(called_and_gone);
        assert!((&mut last).now_or_never().is_some());
        assert!(queue.enter(1, 0).now_or_never().is_some());
    }
}
