//! The universal handler: a checked input of any model in, an outcome out.

use std::time::Duration;

use crate::client::Client;
use crate::client::outcome::Outcome;
use crate::client::task::Task;
use crate::schema::input::Request;

impl Client {
    /// Creates a task and waits for it, as long as tasks of its type may take.
    pub async fn generate(&self, input: impl Into<Request>) -> Outcome {
        self.generate_watched(input, None, |_| {}).await
    }

    /// As [`Client::generate`], with another deadline and a look at every state on the way. The deadline counts from the
    /// moment the vendor accepts the task.
    pub async fn generate_watched(
        &self,
        input: impl Into<Request>,
        deadline: Option<Duration>,
        mut on: impl FnMut(&Task),
    ) -> Outcome {
        let mut started = match self.start(input).await {
            Ok(started) => started,
            Err(error) => return error.into(),
        };
        if let Some(deadline) = deadline {
            started = started.within(deadline);
        }
        while let Some(task) = started.next().await {
            on(&task);
        }
        started.finish().await
    }
}
