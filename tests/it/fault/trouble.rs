//! What goes wrong.

use std::time::Duration;

use kie::demo::kie::{Fault as KieFault, Plan, Route, Trouble as KieTrouble};
use kie::demo::telegram::{Fault as ChatFault, Trouble as ChatTrouble};
use rand::Rng;
use rand::seq::SliceRandom;

use crate::fault::scene::Scene;

/// A kind of trouble.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trouble {
    /// A process is killed and started again.
    Kill,
    /// The vendor does a request and its reply is lost, or is cut short, or comes late, or not at all.
    Vendor,
    /// The same of Telegram.
    Chat,
    /// The vendor calls again and again when a task has ended.
    Calls,
    /// Every connection to the database ends.
    Cut,
    /// The server ends every connection itself, and says so (57P01).
    Terminate,
    /// The database cannot be reached for a while.
    Outage,
    /// Nobody gets a row of a table for a while: the pool fills with waiting statements.
    Lock,
}

impl Trouble {
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

impl Scene {
    /// One trouble, by chance.
    pub(crate) async fn strike(&mut self, troubles: &[Trouble]) {
        self.troubles += 1;
        match *troubles.choose(&mut self.chance).expect("there is some trouble") {
            Trouble::Kill => {
                let victim = self.chance.gen_range(0..self.processes.len());
                self.kill(victim).await;
                let absence = self.chance.gen_range(0..600);
                tokio::time::sleep(Duration::from_millis(absence)).await;
                self.start();
            }
            Trouble::Vendor => self.vendor_fault(),
            Trouble::Chat => self.chat_fault(),
            Trouble::Calls => {
                for _ in 0..5 {
                    self.kie.plan(Plan { extra_webhooks: self.chance.gen_range(1..4), ..Plan::default() });
                }
            }
            Trouble::Cut => self.database_door().cut(),
            Trouble::Terminate => {
                let name = self.database_url.rsplit_once('/').expect("it names a database").1.to_owned();
                crate::support::postgres::execute(&format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                ))
                .await;
            }
            Trouble::Outage => {
                let outage = self.chance.gen_range(200..2500);
                self.database_door().shut(true);
                tokio::time::sleep(Duration::from_millis(outage)).await;
                self.database_door().shut(false);
            }
            Trouble::Lock => {
                let table = ["jobs", "updates", "drafts"][self.chance.gen_range(0..3)];
                let millis = self.chance.gen_range(200..2000);
                crate::support::postgres::execute_in(
                    &self.database_url,
                    &format!("BEGIN; LOCK TABLE {table}; SELECT pg_sleep({millis} / 1000.0); COMMIT"),
                )
                .await;
            }
        }
    }

    fn vendor_fault(&mut self) {
        let trouble = match self.chance.gen_range(0..7) {
            0 => KieTrouble::Drop,
            1 => KieTrouble::Lose,
            2 => KieTrouble::Truncate,
            3 => KieTrouble::Html { status: 502 },
            4 => KieTrouble::SlowBody(400),
            5 => KieTrouble::Delay(800),
            _ => {
                KieTrouble::Code { code: 429, msg: "too many requests".to_owned(), status: None, retry_after: Some(1) }
            }
        };
        let on = [Route::Create, Route::Record, Route::Record, Route::File, Route::DownloadUrl];
        let on = on[self.chance.gen_range(0..on.len())];
        let times = self.chance.gen_range(1..4);
        // A delay is shorter than the client's patience, and 429 says that nothing was taken.
        let is_answered = matches!(trouble, KieTrouble::SlowBody(_) | KieTrouble::Delay(_) | KieTrouble::Code { .. });
        if on == Route::Create && !is_answered {
            self.lost_creates += times;
        }
        self.kie.fault(KieFault::times(on, times, trouble));
    }

    fn chat_fault(&mut self) {
        let trouble = match self.chance.gen_range(0..4) {
            0 => ChatTrouble::Drop,
            1 => ChatTrouble::Lose,
            2 => ChatTrouble::Flood(1),
            _ => ChatTrouble::Delay(700),
        };
        let times = self.chance.gen_range(1..4);
        if trouble == ChatTrouble::Lose {
            self.withheld += times;
        }
        self.telegram.fault(ChatFault { method: None, chat: None, times, trouble });
        if self.chance.gen_bool(0.3) {
            self.telegram.fault(ChatFault::once("getUpdates", ChatTrouble::Lose));
        }
    }
}
