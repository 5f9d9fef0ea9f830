//! Simulated tasks: what is planned for them, and their phase.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::OutputKind;
use crate::clock::Timestamp;

/// How long a task runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// This time on the simulator's clock, before scaling; milliseconds in JSON.
    #[serde(deserialize_with = "milliseconds")]
    Time(Duration),
    /// It is running for this number of polls and done at the next one. Independent of the clock.
    Polls(u32),
}

fn milliseconds<'de, D: Deserializer<'de>>(d: D) -> Result<Duration, D::Error> {
    u64::deserialize(d).map(Duration::from_millis)
}

/// How a task ends.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskEnd {
    /// In state `success`, with results.
    #[default]
    Succeed,
    /// In state `fail`.
    Fail {
        /// `failCode`; a string on real tasks, an integer on some routes.
        code: Value,
        /// `failMsg`.
        msg: String,
    },
    /// The poll is answered with this envelope code, e.g. 501 or 408: the other way in which tasks fail.
    Envelope {
        /// The envelope's code.
        code: i64,
        /// The envelope's text.
        msg: String,
    },
    /// In state `success`, without results.
    Empty,
    /// It never ends.
    Never {
        /// The state it stays in, which may be one that no client knows; `generating` when absent.
        state: Option<String>,
    },
}

/// How one task behaves.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskPlan {
    /// How it ends.
    #[serde(rename = "fate")]
    pub end: TaskEnd,
    /// How long it runs; the simulator's own pace when absent.
    pub pace: Option<Pace>,
    /// The number of first polls that are answered as for an unknown task.
    pub hidden_polls: u32,
    /// How often the webhook is sent again after its delivery.
    pub extra_webhooks: u32,
    /// The number of first polls after its end that show `success` without its result: state and result do not change
    /// together.
    pub late_polls: u32,
    /// The result in the record instead of `{"resultUrls": [...]}`. In its texts `{url}` stands for the first file's
    /// URL.
    pub shape: Option<Value>,
    /// The result is in the webhook alone; the record has only the id of something.
    pub webhook_only: bool,
    /// What the record of the ended task says that it cost, in credits; what it did cost when absent.
    pub cost: Option<f64>,
    /// Number of result files; one, or what the input asks for, when absent.
    pub files: Option<u32>,
}

/// A task.
#[derive(Debug, Clone)]
pub(super) struct SimTask {
    pub(super) id: String,
    pub(super) model: String,
    /// The API key that created it.
    pub(super) owner: String,
    pub(super) input: Map<String, Value>,
    pub(super) kind: OutputKind,
    pub(super) plan: TaskPlan,
    pub(super) price: f64,
    pub(super) created: Timestamp,
    pub(super) done: Option<Timestamp>,
    pub(super) polls: u32,
    /// Polls since it ended.
    pub(super) polls_done: u32,
    pub(super) results: Vec<String>,
    pub(super) last_frame: Option<String>,
    /// The members of its result, when it is a text.
    pub(super) members: Map<String, Value>,
}

/// The phase of a task.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TaskPhase {
    /// Answered as unknown.
    Hidden,
    /// Running, with the state that a poll tells.
    Running(String),
    /// Ended.
    Done,
}

impl SimTask {
    /// Its phase at `now`. `default` is the pace of a task whose plan has none; time goes `scale` times faster.
    pub(super) fn phase(&self, now: Timestamp, default: Pace, scale: f64) -> TaskPhase {
        if self.polls > 0 && self.polls <= self.plan.hidden_polls {
            return TaskPhase::Hidden;
        }
        if let TaskEnd::Never { state } = &self.plan.end {
            return TaskPhase::Running(state.clone().unwrap_or_else(|| "generating".to_owned()));
        }
        if self.done.is_some() {
            return TaskPhase::Done;
        }
        let part = match self.plan.pace.unwrap_or(default) {
            Pace::Time(total) => now.since(self.created).as_secs_f64() * scale / total.as_secs_f64().max(1e-9),
            Pace::Polls(0) => 1.0,
            Pace::Polls(count) => f64::from(self.polls.saturating_sub(self.plan.hidden_polls + 1)) / f64::from(count),
        };
        match part {
            p if p < 0.15 => TaskPhase::Running("waiting".to_owned()),
            p if p < 0.35 => TaskPhase::Running("queuing".to_owned()),
            p if p < 1.0 => TaskPhase::Running("generating".to_owned()),
            _ => TaskPhase::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(plan: TaskPlan, polls: u32) -> SimTask {
        SimTask {
            id: "t".into(),
            model: "m".into(),
            owner: String::new(),
            input: Map::new(),
            kind: OutputKind::Image,
            plan,
            price: 1.0,
            created: Timestamp::from_millis(1000),
            done: None,
            polls,
            polls_done: 0,
            results: Vec::new(),
            last_frame: None,
            members: Map::new(),
        }
    }

    #[test]
    fn polls_walk_through_the_states() {
        let seen: Vec<TaskPhase> = (1..=5)
            .map(|polls| task(TaskPlan::default(), polls).phase(Timestamp::default(), Pace::Polls(4), 1.0))
            .collect();
        let running = |word: &str| TaskPhase::Running(word.into());
        let all =
            [running("waiting"), running("queuing"), running("generating"), running("generating"), TaskPhase::Done];
        assert_eq!(seen, all);
    }

    #[test]
    fn time_is_scaled() {
        let at = |ms: i64, scale| {
            let pace = Pace::Time(Duration::from_secs(10));
            task(TaskPlan::default(), 1).phase(Timestamp::from_millis(1000 + ms), pace, scale)
        };
        assert_eq!(at(9999, 1.0), TaskPhase::Running("generating".into()));
        assert_eq!(at(10_000, 1.0), TaskPhase::Done);
        assert_eq!(at(10, 1000.0), TaskPhase::Done);
    }

    #[test]
    fn a_plan_reads_from_json() {
        let text = r#"{"fate":{"fail":{"code":"500","msg":"no"}},"pace":{"time":250},"hidden_polls":2}"#;
        let plan: TaskPlan = serde_json::from_str(text).unwrap();
        assert_eq!(plan.pace, Some(Pace::Time(Duration::from_millis(250))));
        assert!(matches!(&plan.end, TaskEnd::Fail { msg, .. } if msg == "no"));
        assert_eq!(task(plan.clone(), 2).phase(Timestamp::from_millis(9999), Pace::Polls(0), 1.0), TaskPhase::Hidden);
        assert_eq!(task(plan, 3).phase(Timestamp::from_millis(9999), Pace::Polls(0), 1.0), TaskPhase::Done);
        assert!(serde_json::from_str::<TaskPlan>(r#"{"fait":1}"#).is_err());
    }
}
