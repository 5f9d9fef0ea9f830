//! The disturbances: kills, faults of the services, and outages of the database.

use std::time::Duration;

use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskPlan};
use kie::demo::telegram::{TelegramFault, TelegramFaultEffect};
use rand::Rng;
use rand::seq::SliceRandom;
use sqlx::{Connection, PgConnection};

use crate::fault::cluster::Cluster;
use crate::support::postgres;

/// A kind of disturbance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Disturbance {
    /// A process is killed and started again.
    Kill,
    /// A request to the vendor fails, or its reply is lost, truncated or late.
    Vendor,
    /// The same with Telegram.
    Chat,
    /// The vendor sends webhooks several times.
    Calls,
    /// All connections to the database are cut.
    Cut,
    /// The database server terminates all connections (error 57P01).
    Terminate,
    /// The database cannot be reached for a while.
    Outage,
    /// A table is locked for a while: the connection pool fills with waiting statements.
    Lock,
    /// The database takes no writes for a while, as a primary that has become a standby.
    ReadOnly,
    /// The database lets nobody in for a while.
    Refuse,
    /// A newer version of the program writes jobs that this one does not understand.
    Newer,
    /// No file can grow for a while.
    FullDisk,
    /// Telegram refuses many calls for seconds.
    Flood,
    /// All connections to the vendor or to Telegram are cut.
    CutFront,
    /// The vendor takes uploads and does not answer.
    SilentUpload,
}

impl Disturbance {
    pub(crate) const ON_SQLITE: &'static [Self] = &[
        Self::Kill,
        Self::Vendor,
        Self::Vendor,
        Self::Chat,
        Self::Chat,
        Self::FullDisk,
        Self::Flood,
        Self::CutFront,
        Self::SilentUpload,
    ];
    pub(crate) const ON_POSTGRES: &'static [Self] = &[
        Self::Kill,
        Self::Vendor,
        Self::Vendor,
        Self::Chat,
        Self::Chat,
        Self::Calls,
        Self::Cut,
        Self::Terminate,
        Self::Outage,
        Self::Lock,
        Self::ReadOnly,
        Self::Refuse,
        Self::Newer,
        Self::Flood,
        Self::CutFront,
        Self::SilentUpload,
    ];
}

impl Cluster {
    /// A random disturbance.
    pub(crate) async fn disturb(&mut self, disturbances: &[Disturbance]) {
        let disturbance = *disturbances.choose(&mut self.rng).expect("there is some trouble");
        *self.disturbances.entry(disturbance).or_default() += 1;
        match disturbance {
            Disturbance::Kill => {
                let victim = self.rng.gen_range(0..self.processes.len());
                self.kill(victim).await;
                let absence = self.rng.gen_range(0..600);
                tokio::time::sleep(Duration::from_millis(absence)).await;
                self.start();
            }
            Disturbance::Vendor => self.vendor_fault(),
            Disturbance::Chat => self.chat_fault(),
            Disturbance::Calls => {
                for _ in 0..5 {
                    self.kie.plan(TaskPlan { extra_webhooks: self.rng.gen_range(1..4), ..TaskPlan::default() });
                }
            }
            Disturbance::Cut => drop(self.database_proxy().cut()),
            Disturbance::Terminate => self.terminate_backends().await,
            Disturbance::ReadOnly => {
                self.alter_for_a_while("SET default_transaction_read_only = on", "RESET default_transaction_read_only")
                    .await;
            }
            Disturbance::Refuse => {
                self.alter_for_a_while("ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true").await;
            }
            Disturbance::Newer => self.write_newer_jobs().await,
            Disturbance::FullDisk => {
                let time = self.rng.gen_range(200..2000);
                self.limit_files(Some(1 << 16));
                tokio::time::sleep(Duration::from_millis(time)).await;
                self.limit_files(None);
            }
            Disturbance::Flood => {
                let (wait, times) = (self.rng.gen_range(1..4), self.rng.gen_range(5..30));
                let effect = TelegramFaultEffect::Flood(wait);
                self.telegram.fault(TelegramFault { method: None, chat: None, times, effect });
            }
            Disturbance::CutFront => {
                let is_vendor = self.rng.gen_bool(0.5);
                let [kie, telegram] = self.fronts();
                if is_vendor {
                    self.lost_creates += kie.cut();
                } else {
                    self.withheld += telegram.cut();
                }
            }
            Disturbance::SilentUpload => {
                self.kie.fault(KieFault::times(Route::Upload, 3, KieFaultEffect::Delay(3000)));
            }
            Disturbance::Outage => {
                let outage = self.rng.gen_range(200..2500);
                self.database_proxy().shut(true);
                tokio::time::sleep(Duration::from_millis(outage)).await;
                self.database_proxy().shut(false);
            }
            Disturbance::Lock => {
                let table = ["jobs", "updates", "person_drafts"][self.rng.gen_range(0..3)];
                let millis = self.rng.gen_range(200..2000);
                postgres::execute_in(
                    &self.database_url,
                    &format!("BEGIN; LOCK TABLE {table}; SELECT pg_sleep({millis} / 1000.0); COMMIT"),
                )
                .await;
            }
        }
    }

    fn database_name(&self) -> &str {
        self.database_url.rsplit_once('/').expect("it names a database").1
    }

    async fn terminate_backends(&self) {
        let name = self.database_name();
        postgres::execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
            .await;
    }

    /// Changes the database, so that all must connect anew, and changes it back.
    async fn alter_for_a_while(&mut self, change: &str, back: &str) {
        let time = self.rng.gen_range(200..2500);
        let name = self.database_name().to_owned();
        postgres::execute(&format!("ALTER DATABASE {name} {change}")).await;
        self.terminate_backends().await;
        tokio::time::sleep(Duration::from_millis(time)).await;
        postgres::execute(&format!("ALTER DATABASE {name} {back}")).await;
    }

    async fn write_newer_jobs(&mut self) {
        for (state, model) in [("polishing", "maker/model"), ("held", "maker/of-tomorrow")] {
            let id = format!("newer-{}", self.newer.len());
            postgres::execute_in(
                &self.database_url,
                &format!(
                    "INSERT INTO jobs (id, user_id, chat_id, draft, model, input, attachments, state, detached, attempts,
                        created_at, updated_at, due_at)
                    SELECT '{id}', 5, 5, '{id}', '{model}', '{{}}', '[]', '{state}', false, 0, millis, millis, 0
                    FROM (SELECT CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT) AS millis) AS clock"
                ),
            )
            .await;
            self.newer.push(format!("{id} {state}"));
        }
    }

    /// Removes the jobs of a newer version.
    ///
    /// # Panics
    /// When one of them was changed.
    pub(crate) async fn remove_newer_jobs(&mut self) {
        if self.newer.is_empty() {
            return;
        }
        let mut connection = PgConnection::connect(&self.database_url).await.unwrap();
        let removed = "DELETE FROM jobs WHERE id LIKE 'newer-%' RETURNING id || ' ' || state";
        let mut left: Vec<String> = sqlx::query_scalar(removed).fetch_all(&mut connection).await.unwrap();
        left.sort_unstable();
        let mut written = std::mem::take(&mut self.newer);
        written.sort_unstable();
        assert_eq!(left, written, "jobs of a newer version are left alone; logs: {}", self.keep_logs().display());
    }

    fn vendor_fault(&mut self) {
        let effect = match self.rng.gen_range(0..7) {
            0 => KieFaultEffect::Disconnect,
            1 => KieFaultEffect::LoseReply,
            2 => KieFaultEffect::Truncate,
            3 => KieFaultEffect::Html { status: 502 },
            4 => KieFaultEffect::SlowBody(400),
            5 => KieFaultEffect::Delay(800),
            _ => KieFaultEffect::Code {
                code: 429,
                msg: "too many requests".to_owned(),
                status: None,
                retry_after: Some(1),
            },
        };
        let on = [Route::Create, Route::Record, Route::Record, Route::File, Route::DownloadUrl];
        let on = on[self.rng.gen_range(0..on.len())];
        let times = self.rng.gen_range(1..4);
        // A delay is shorter than the client's timeout, and 429 says that nothing was accepted.
        let is_answered =
            matches!(effect, KieFaultEffect::SlowBody(_) | KieFaultEffect::Delay(_) | KieFaultEffect::Code { .. });
        if on == Route::Create && !is_answered {
            self.lost_creates += times;
        }
        self.kie.fault(KieFault::times(on, times, effect));
    }

    fn chat_fault(&mut self) {
        let effect = match self.rng.gen_range(0..4) {
            0 => TelegramFaultEffect::Disconnect,
            1 => TelegramFaultEffect::LoseReply,
            2 => TelegramFaultEffect::Flood(1),
            _ => TelegramFaultEffect::Delay(700),
        };
        let times = self.rng.gen_range(1..4);
        if effect == TelegramFaultEffect::LoseReply {
            self.withheld += times;
        }
        self.telegram.fault(TelegramFault { method: None, chat: None, times, effect });
        if self.rng.gen_bool(0.3) {
            self.telegram.fault(TelegramFault::once("getUpdates", TelegramFaultEffect::LoseReply));
        }
    }
}
