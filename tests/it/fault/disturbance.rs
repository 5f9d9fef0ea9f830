//! The disturbances: kills, faults of the services, and outages of the database.

use std::time::Duration;

use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskPlan};
use kie::demo::telegram::{TelegramFault, TelegramFaultEffect};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::fault::cluster::Cluster;

/// A kind of disturbance.
#[derive(Debug, Clone, Copy)]
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
}

impl Disturbance {
    pub(crate) const ON_SQLITE: &'static [Self] = &[Self::Kill, Self::Vendor, Self::Vendor, Self::Chat, Self::Chat];
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
    ];
}

impl Cluster {
    /// A random disturbance.
    pub(crate) async fn disturb(&mut self, disturbances: &[Disturbance]) {
        self.disturbances += 1;
        match *disturbances.choose(&mut self.rng).expect("there is some trouble") {
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
            Disturbance::Cut => self.database_proxy().cut(),
            Disturbance::Terminate => {
                let name = self.database_url.rsplit_once('/').expect("it names a database").1.to_owned();
                crate::support::postgres::execute(&format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                ))
                .await;
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
                crate::support::postgres::execute_in(
                    &self.database_url,
                    &format!("BEGIN; LOCK TABLE {table}; SELECT pg_sleep({millis} / 1000.0); COMMIT"),
                )
                .await;
            }
        }
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
