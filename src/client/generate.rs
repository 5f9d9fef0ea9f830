//! Create and wait in one: takes a checked input of any model, returns its outcome.

use std::time::Duration;

use crate::client::Client;
use crate::client::outcome::Outcome;
use crate::client::task::Task;
use crate::schema::input::Request;

impl Client {
    /// Creates a task and waits for its end, at most for the deadline of its task type.
    pub async fn generate(&self, input: impl Into<Request>) -> Outcome {
        self.generate_watched(input, None, |_| {}).await
    }

    /// As [`Client::generate`], with another deadline and a callback for every poll. The deadline counts from the time
    /// at which the vendor accepts the task.
    pub async fn generate_watched(
        &self,
        input: impl Into<Request>,
        deadline: Option<Duration>,
        mut on: impl FnMut(&Task),
    ) -> Outcome {
        let mut handle = match self.start(input).await {
            Ok(handle) => handle,
            Err(error) => return error.into(),
        };
        if let Some(deadline) = deadline {
            handle = handle.within(deadline);
        }
        while let Some(task) = handle.next().await {
            on(&task);
        }
        handle.finish().await
    }
}
