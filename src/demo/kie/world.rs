//! Everything the simulated KIE remembers.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::catalogue::Listing;
use super::fault::{Fault, Route};
use super::task::{Fate, Phase, Plan, Task};
use super::{OutputKind, SimKieOptions, words};
use crate::clock::Timestamp;
use crate::demo::chance;
use crate::demo::media::{self, MediaError, Subject};

/// An accepted create.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Create {
    /// The id that was given.
    pub task_id: String,
    /// As sent.
    pub model: String,
    /// As sent.
    pub input: Map<String, Value>,
    /// `callBackUrl`, as sent.
    pub webhook: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uploaded {
    /// Its name on the server.
    pub name: String,
    /// `uploadPath`, as sent.
    pub folder: String,
    /// MIME type.
    pub mime: String,
    /// Size.
    pub bytes: usize,
    /// Where it can be fetched.
    pub url: String,
}

/// A file that can be fetched: there, or made when it is first asked for.
#[derive(Debug, Clone)]
pub(super) enum Stored {
    Ready { mime: String, body: Bytes },
    Recipe { kind: OutputKind, subject: Subject },
}

impl Stored {
    pub(super) fn ready(&self) -> Option<Bytes> {
        match self {
            Self::Ready { body, .. } => Some(body.clone()),
            Self::Recipe { .. } => None,
        }
    }

    /// Draws the file.
    pub(super) fn make(kind: OutputKind, subject: &Subject) -> Result<Self, MediaError> {
        let (mime, body) = match kind {
            OutputKind::Video => ("video/mp4", media::film(subject)?),
            OutputKind::Audio => ("audio/wav", media::sound(subject)?),
            OutputKind::Image | OutputKind::Text | OutputKind::Mixed => ("image/png", media::picture(subject)?),
        };
        Ok(Self::Ready { mime: mime.to_owned(), body: body.into() })
    }
}

#[derive(Default)]
pub(super) struct State {
    pub(super) tasks: HashMap<String, Task>,
    pub(super) creates: Vec<Create>,
    pub(super) catalogue: Vec<Listing>,
    pub(super) plans: VecDeque<Plan>,
    pub(super) faults: Vec<Fault>,
    pub(super) uploads: Vec<Uploaded>,
    pub(super) files: HashMap<String, Stored>,
    pub(super) requests: HashMap<Route, u32>,
    pub(super) balance: f64,
    pub(super) leaks: u32,
    recent: VecDeque<Timestamp>,
    serial: u64,
}

pub(super) struct World {
    pub(super) options: SimKieOptions,
    pub(super) stop: CancellationToken,
    pub(super) web: reqwest::Client,
    files_url: String,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

/// Why a create was refused: envelope code and text.
pub(super) type Refusal = (i64, String);

impl World {
    pub(super) fn new(options: SimKieOptions, url: Url, stop: CancellationToken) -> Self {
        let state = State { balance: options.balance, catalogue: options.catalogue.clone(), ..State::default() };
        let files_url = format!("{url}files/");
        let (changes, _) = watch::channel(0);
        Self { options, stop, web: reqwest::Client::new(), files_url, state: Mutex::new(state), changes }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Base of every file URL, with a slash at its end.
    pub(super) fn files_url(&self) -> &str {
        &self.files_url
    }

    /// Wakes whoever waits for a change.
    pub(super) fn touch(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Resolves when `look` finds something.
    pub(super) async fn wait<T>(&self, look: impl Fn(&State) -> Option<T>) -> T {
        let mut changes = self.watch();
        loop {
            if let Some(found) = look(&self.state()) {
                return found;
            }
            if changes.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    /// A new id: 32 hexadecimal characters.
    pub(super) fn fresh_id(&self, state: &mut State) -> String {
        state.serial += 1;
        chance::hex(&chance::bytes(self.options.seed, &["task", &state.serial.to_string()])[..16])
    }

    /// Refuses a create above the rate limit.
    pub(super) fn admit(&self) -> Result<(), Refusal> {
        let Some((most, window)) = self.options.create_limit else { return Ok(()) };
        let window = window.div_f64(self.options.time_scale.max(1e-9));
        let now = self.options.clock.now();
        let mut state = self.state();
        while state.recent.front().is_some_and(|at| now.since(*at) >= window) {
            state.recent.pop_front();
        }
        if state.recent.len() >= most as usize {
            return Err((429, "too many requests, please slow down".to_owned()));
        }
        state.recent.push_back(now);
        Ok(())
    }

    /// Takes a create; `true` beside the task when the prompt wishes that the reply be lost.
    pub(super) fn accept(
        &self,
        model: &str,
        owner: &str,
        input: Map<String, Value>,
        webhook: Option<String>,
    ) -> Result<(Task, bool), Refusal> {
        let kind = (self.options.validator)(model, &input).map_err(|msg| (422, msg))?;
        let price = (self.options.price)(model, &input);
        let wish = words::wish(&words::prompt(&input), self.options.pace);
        let created = self.options.clock.now();
        let mut state = self.state();
        if state.balance < price {
            return Err((402, "your credits are not enough, please top up".to_owned()));
        }
        state.balance -= price;
        let plan = state.plans.pop_front().or(wish.plan).unwrap_or_default();
        let id = self.fresh_id(&mut state);
        let mut task = Task {
            id: id.clone(),
            model: model.to_owned(),
            owner: owner.to_owned(),
            input,
            kind,
            plan,
            price,
            created,
            done: None,
            polls: 0,
            results: Vec::new(),
            last_frame: None,
        };
        self.prepare_results(&mut state, &mut task);
        state.creates.push(Create {
            task_id: id.clone(),
            model: task.model.clone(),
            input: task.input.clone(),
            webhook,
            at: created,
        });
        state.tasks.insert(id, task.clone());
        drop(state);
        self.touch();
        Ok((task, wish.lost))
    }

    /// Names the result files; they are drawn when somebody fetches them.
    fn prepare_results(&self, state: &mut State, task: &mut Task) {
        if task.kind == OutputKind::Text || task.plan.fate == Fate::Empty {
            return;
        }
        let extension = match task.kind {
            OutputKind::Video => "mp4",
            OutputKind::Audio => "wav",
            OutputKind::Image | OutputKind::Text | OutputKind::Mixed => "png",
        };
        let ratio = words::ratio(&task.input);
        let mut caption = task.model.clone();
        if let Some(ratio) = ratio {
            caption = format!("{caption}  {ratio}");
        }
        let prompt = match words::prompt(&task.input) {
            empty if empty.trim().is_empty() => words::file_name(&task.input).unwrap_or_else(|| task.model.clone()),
            prompt => prompt,
        };
        for number in 1..=task.plan.files.unwrap_or_else(|| words::count(&task.input)) {
            let path = format!("results/{}/{number}.{extension}", task.id);
            let subject = Subject {
                prompt: prompt.clone(),
                caption: caption.clone(),
                size: media::size_for(ratio, self.options.picture_side),
                seed: self.options.seed.wrapping_add(u64::from(number)),
            };
            task.results.push(format!("{}{path}", self.files_url));
            if task.last_frame.is_none() && words::wants_last_frame(&task.input) {
                let frame = format!("results/{}/last-frame.png", task.id);
                task.last_frame = Some(format!("{}{frame}", self.files_url));
                state.files.insert(frame, Stored::Recipe { kind: OutputKind::Image, subject: subject.clone() });
            }
            state.files.insert(path, Stored::Recipe { kind: task.kind, subject });
        }
    }

    /// Where a task stands; `polled` counts this look as a poll. A task that has just ended is stamped.
    pub(super) fn look(&self, id: &str, polled: bool) -> Option<(Task, Phase)> {
        let now = self.options.clock.now();
        let mut guard = self.state();
        let state = &mut *guard;
        let task = state.tasks.get_mut(id)?;
        task.polls += u32::from(polled);
        let phase = task.phase(now, self.options.pace, self.options.time_scale);
        if phase == Phase::Done && task.done.is_none() {
            task.done = Some(now);
            if matches!(task.plan.fate, Fate::Fail { .. } | Fate::Envelope { .. }) {
                state.balance += task.price;
            }
        }
        let seen = (task.clone(), phase);
        drop(guard);
        if polled {
            self.touch();
        }
        Some(seen)
    }
}
