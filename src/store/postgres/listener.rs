//! Events between processes, by LISTEN and NOTIFY. A notification carries an event and the name of its sender, and is
//! only a hint: a lost one costs time and nothing else, since every receiver also looks from time to time.

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
/// A connection that only listens does not notice that it is cut, so it runs a query at this interval.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Pauses before a lost connection is opened again.
const RECONNECT: Backoff = Backoff::new(Duration::from_millis(200), Duration::from_secs(15));

/// Sends this process's events to the others, and receives theirs.
#[derive(Debug)]
pub(super) struct Listener {
    wakeups: Arc<Wakeups>,
    sender: Sender,
    tasks: [JoinHandle<()>; 2],
}

/// Sends events that are due.
#[derive(Debug, Clone)]
struct Sender {
    unsent: Arc<Unsent>,
    pool: PgPool,
    name: String,
    timeout: Duration,
}

/// Events that are to be sent. Several of a kind that arrive while earlier ones are being sent become one.
#[derive(Debug, Default)]
struct Unsent {
    jobs: AtomicBool,
    updates: AtomicBool,
    wake: Notify,
    /// Held while events are sent.
    sending: Mutex<()>,
}

impl Unsent {
    fn of(&self, event: Event) -> &AtomicBool {
        match event {
            Event::Jobs => &self.jobs,
            Event::Updates => &self.updates,
        }
    }
}

impl Listener {
    /// Sends on connections of the pool, and receives on one of its own.
    pub(super) fn start(pool: PgPool, options: PgConnectOptions, timeout: Duration) -> Self {
        let wakeups = Arc::<Wakeups>::default();
        // By its name a process recognises its own events.
        let name = uuid::Uuid::new_v4().simple().to_string();
        let sender = Sender { unsent: Arc::default(), pool, name: name.clone(), timeout };
        let sending = sender.clone();
        let send = tokio::spawn(async move {
            loop {
                sending.unsent.wake.notified().await;
                sending.send().await;
            }
        });
        let receive = tokio::spawn(receive(wakeups.clone(), options, name, timeout));
        Self { wakeups, sender, tasks: [send, receive] }
    }

    pub(super) fn wakeups(&self) -> &Wakeups {
        &self.wakeups
    }

    pub(super) fn notify(&self, event: Event) {
        if event == Event::Jobs {
            self.wakeups.notify(event);
        }
        self.sender.unsent.of(event).store(true, Ordering::Release);
        self.sender.unsent.wake.notify_one();
    }

    /// Sends what is still unsent, then stops: the change of a process that ends at once is notified too.
    pub(super) async fn stop(&self) {
        self.sender.send().await;
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

impl Sender {
    async fn send(&self) {
        let _one_at_a_time = self.unsent.sending.lock().await;
        for event in Event::ALL {
            if !self.unsent.of(event).swap(false, Ordering::AcqRel) {
                continue;
            }
            let payload = format!("{} {}", event.as_str(), self.name);
            let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(&self.pool);
            match timeout(self.timeout, notify).await {
                Ok(Ok(_)) => {}
                // The writer of the change sees the database's error itself; the others find the change when they look.
                Ok(Err(error)) => tracing::debug!(%error, "a notification could not be sent"),
                Err(_) => tracing::debug!("a notification could not be sent in time"),
            }
        }
    }
}

/// Receives events for ever, on one connection after the other.
async fn receive(wakeups: Arc<Wakeups>, options: PgConnectOptions, name: String, timeout: Duration) {
    let mut retries = Retries::new(RECONNECT);
    loop {
        match listen(&options, timeout).await {
            Ok(mut listener) => {
                tracing::debug!("listening for notifications of other processes");
                retries.reset();
                // Some may have been lost while there was no connection.
                Event::ALL.into_iter().for_each(|event| wakeups.notify(event));
                let error = follow(&mut listener, &wakeups, &name, timeout).await;
                tracing::info!(%error, "the connection for notifications is lost; polling until it is back");
            }
            Err(error) => tracing::debug!(%error, "no connection for notifications"),
        }
        sleep(retries.next_pause(0.0)).await;
    }
}

/// Connects in a pool of its own: the next connection must not wait for the end of one that hangs.
async fn listen(options: &PgConnectOptions, timeout: Duration) -> Result<PgListener, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(timeout)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Passes on the events of other processes until the connection fails; returns why it failed.
async fn follow(listener: &mut PgListener, wakeups: &Wakeups, name: &str, limit: Duration) -> sqlx::Error {
    loop {
        tokio::select! {
            received = listener.try_recv() => match received {
                Ok(Some(notification)) => match notification.payload().split_once(' ') {
                    Some((_, sender)) if sender == name => {}
                    Some((word, _)) => Event::from_word(word).into_iter().for_each(|event| wakeups.notify(event)),
                    None => {}
                },
                Ok(None) => return sqlx::Error::WorkerCrashed,
                Err(error) => return error,
            },
            () = sleep(HEARTBEAT) => match timeout(limit, listener.execute("SELECT 1")).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return error,
                Err(_) => return sqlx::Error::PoolTimedOut,
            },
        }
    }
}
