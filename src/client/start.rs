//! A task on its way, from either end: just created, or found again by its id.

use std::time::Duration;

use futures::stream::BoxStream;
use url::Url;

use crate::client::Client;
use crate::client::create::Created;
use crate::client::error::CreateError;
use crate::client::key::KeyLabel;
use crate::client::outcome::Outcome;
use crate::client::task::Task;
use crate::client::watch::Watch;
use crate::job::TaskId;
use crate::schema::input::Request;

/// A task that the vendor has. Dropping it changes nothing for the task: keep [`Started::id`] (and [`Started::key`] where
/// there are several keys), and [`Client::resume`] goes on, also after a crash.
#[derive(Debug)]
#[must_use = "the task runs and is billed; wait for it or keep its id"]
pub struct Started {
    /// The vendor's id.
    pub id: TaskId,
    /// The key that made it; `None` when it was resumed without that knowledge.
    pub key: Option<KeyLabel>,
    watch: Watch,
}

impl Client {
    /// Creates a task and returns as soon as the vendor has it. The deadline of its type counts from then on.
    ///
    /// # Errors
    /// As [`Client::create_task`].
    pub async fn start(&self, input: impl Into<Request>) -> Result<Started, CreateError> {
        self.start_at(&input.into(), None).await
    }

    /// As [`Client::start`]; KIE also posts to `callback` when the task has ended. What it posts is a hint
    /// ([`callback`](crate::client::callback)): the watch goes on without it.
    ///
    /// # Errors
    /// As [`Client::create_task`].
    pub async fn start_with_callback(&self, input: impl Into<Request>, callback: &Url) -> Result<Started, CreateError> {
        self.start_at(&input.into(), Some(callback)).await
    }

    async fn start_at(&self, request: &Request, callback: Option<&Url>) -> Result<Started, CreateError> {
        let Created { id, key } = self.create_task(request, callback).await?;
        Ok(Started { watch: self.watch(&id, request.spec().deadline()), id, key: Some(key) })
    }

    /// Goes on with a task by its id, in the same process or in another. Makes no call by itself. The key that made it is
    /// found by trying when it is not given.
    pub fn resume(&self, id: TaskId, key: Option<KeyLabel>, deadline: Duration) -> Started {
        if let Some(key) = &key
            && !self.remember_key(&id, key)
        {
            tracing::warn!(task = %id, %key, "the key that made the task is not among the keys");
        }
        Started { watch: self.watch(&id, deadline), id, key }
    }
}

impl Started {
    /// Waits at most this long instead, counted from the start.
    pub fn within(mut self, deadline: Duration) -> Self {
        self.watch.deadline = deadline;
        self
    }

    /// Waits for the next record; `None` when it is over. May be dropped at any point and called again.
    pub async fn next(&mut self) -> Option<Task> {
        self.watch.next().await
    }

    /// Every record up to the end, as a stream. It may be dropped early and asked for again; after its end
    /// [`Started::finish`] answers at once.
    pub fn progress(&mut self) -> BoxStream<'_, Task> {
        self.watch.progress()
    }

    /// How it ended; `None` while it goes on.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.watch.outcome()
    }

    /// Waits for the end.
    pub async fn finish(self) -> Outcome {
        self.watch.finish().await
    }
}
