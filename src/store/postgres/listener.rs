//! Event between instances, by LISTEN and NOTIFY. Only hints travel: a word and who says it. One that is lost costs time
//! and nothing else, since whoever waits also asks from time to time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::Executor;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::super::Event;
use super::super::notify::Wakeups;
use crate::backoff::{Backoff, Retries};

const CHANNEL: &str = "kie_bot";
/// A connection that only listens does not notice that it is cut, so it asks the server for a sign of life this often.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Pauses before a lost connection is opened again.
const RECONNECT: Backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(15));

/// Passes this process's news on to the others, and theirs to it.
#[derive(Debug)]
pub(super) struct Listener {
    wakeups: Arc<Wakeups>,
    due: Arc<Due>,
    speaker: Speaker,
    tasks: [JoinHandle<()>; 2],
}

/// Says what is due.
#[derive(Debug, Clone)]
struct Speaker {
    due: Arc<Due>,
    pool: PgPool,
    name: String,
    patience: Duration,
}

/// What is to be said to the others. Event of a kind that come while the last ones are on their way go together.
#[derive(Debug, Default)]
struct Due {
    jobs: AtomicBool,
    updates: AtomicBool,
    wake: Notify,
    mouth: Mutex<()>,
}

impl Due {
    fn of(&self, event: Event) -> &AtomicBool {
        match event {
            Event::Jobs => &self.jobs,
            Event::Updates => &self.updates,
        }
    }
}

impl Listener {
    /// Speaks on connections of the pool, hears on one of its own.
    pub(super) fn start(pool: PgPool, options: PgConnectOptions, patience: Duration) -> Self {
        let (wakeups, due) = (Arc::<Wakeups>::default(), Arc::<Due>::default());
        // What comes back from ourselves is no news.
        let name = uuid::Uuid::new_v4().simple().to_string();
        let speaker = Speaker { due: due.clone(), pool, name: name.clone(), patience };
        let mouth = speaker.clone();
        let speak = tokio::spawn(async move {
            loop {
                mouth.due.wake.notified().await;
                mouth.speak().await;
            }
        });
        let hear = tokio::spawn(hear(wakeups.clone(), options, name, patience));
        Self { wakeups, due, speaker, tasks: [speak, hear] }
    }

    pub(super) fn wakeups(&self) -> &Wakeups {
        &self.wakeups
    }

    pub(super) fn notify(&self, event: Event) {
        if event == Event::Jobs {
            self.wakeups.notify(event);
        }
        self.due.of(event).store(true, Ordering::Release);
        self.due.wake.notify_one();
    }

    /// Says the last word and falls silent: a process that makes one change and ends is heard too.
    pub(super) async fn stop(&self) {
        self.speaker.speak().await;
        self.abort();
    }

    fn abort(&self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.abort();
    }
}

impl Speaker {
    async fn speak(&self) {
        let _one_at_a_time = self.due.mouth.lock().await;
        for event in Event::ALL {
            if !self.due.of(event).swap(false, Ordering::AcqRel) {
                continue;
            }
            let words = format!("{} {}", event.as_str(), self.name);
            let said = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(words).execute(&self.pool);
            match timeout(self.patience, said).await {
                Ok(Ok(_)) => {}
                // Whoever wrote the change hears of the trouble; the others find the change by asking.
                Ok(Err(error)) => tracing::debug!(%error, "news could not be passed on"),
                Err(_) => tracing::debug!("news could not be passed on in time"),
            }
        }
    }
}

async fn hear(wakeups: Arc<Wakeups>, options: PgConnectOptions, name: String, patience: Duration) {
    let mut retries = Retries::new(RECONNECT);
    loop {
        match listen(&options, patience).await {
            Ok(mut listener) => {
                tracing::debug!("listening for news of other instances");
                retries.reset();
                // What was said while nobody listened.
                Event::ALL.into_iter().for_each(|event| wakeups.notify(event));
                let error = follow(&mut listener, &wakeups, &name, patience).await;
                tracing::info!(%error, "the connection for news is lost; asking from time to time until it is back");
            }
            Err(error) => tracing::debug!(%error, "no connection for news"),
        }
        sleep(retries.next_pause(0.0)).await;
    }
}

/// A connection of its own, in a pool of its own: one that hangs must not be waited for when a new one is opened.
async fn listen(options: &PgConnectOptions, patience: Duration) -> Result<PgListener, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(patience)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Rings for what others say, until the connection fails.
async fn follow(listener: &mut PgListener, wakeups: &Wakeups, name: &str, patience: Duration) -> sqlx::Error {
    loop {
        tokio::select! {
            heard = listener.try_recv() => match heard {
                Ok(Some(said)) => match said.payload().split_once(' ') {
                    Some((_, by)) if by == name => {}
                    Some((word, _)) => Event::from_word(word).into_iter().for_each(|event| wakeups.notify(event)),
                    None => {}
                },
                Ok(None) => return sqlx::Error::WorkerCrashed,
                Err(error) => return error,
            },
            () = sleep(HEARTBEAT) => match timeout(patience, listener.execute("SELECT 1")).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return error,
                Err(_) => return sqlx::Error::PoolTimedOut,
            },
        }
    }
}
