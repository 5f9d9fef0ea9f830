//! The simulated KIE: its options, its data, and what its routes do with them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::feed::PublicFeed;
use super::state::{CreateRequest, KieState, ServedFile};
use super::task::{SimTask, TaskEnd, TaskPhase};
use super::{OutputKind, SimKieOptions, input as sim_input};
use crate::demo::media::{self, Subject};
use crate::demo::random;

/// The extractor of the simulator in a handler.
pub(super) type Shared = axum::extract::State<Arc<KieSimulator>>;

/// The simulated KIE, shared by its handlers.
pub(super) struct KieSimulator {
    pub(super) options: SimKieOptions,
    pub(super) stop: CancellationToken,
    pub(super) web: reqwest::Client,
    files_url: String,
    state: Mutex<KieState>,
    changes: watch::Sender<u64>,
}

/// Why a create request is refused: envelope code and text.
pub(super) type EnvelopeError = (i64, String);

impl KieSimulator {
    pub(super) fn new(options: SimKieOptions, url: Url, stop: CancellationToken) -> Self {
        let feeds = [(PublicFeed::Prices, options.price_feed.clone()), (PublicFeed::Announcements, Vec::new())];
        let state = KieState {
            balance: options.balance,
            catalogue: options.catalogue.clone(),
            feeds: feeds.into(),
            ..KieState::default()
        };
        let files_url = format!("{url}files/");
        let (changes, _) = watch::channel(0);
        Self { options, stop, web: reqwest::Client::new(), files_url, state: Mutex::new(state), changes }
    }

    /// Locks the data.
    pub(super) fn state(&self) -> MutexGuard<'_, KieState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Base of every file URL, with a slash at its end.
    pub(super) fn files_url(&self) -> &str {
        &self.files_url
    }

    /// Wakes those who wait for a change.
    pub(super) fn notify_changed(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    /// A receiver that is notified of every change.
    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Waits until `find` finds something in the state.
    pub(super) async fn wait<T>(&self, find: impl Fn(&KieState) -> Option<T>) -> T {
        let mut changes = self.subscribe();
        loop {
            if let Some(found) = find(&self.state()) {
                return found;
            }
            if changes.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    /// A new id: 32 hexadecimal characters.
    pub(super) fn fresh_id(&self, state: &mut KieState) -> String {
        state.serial += 1;
        hex::encode(&random::bytes(self.options.seed, &["task", &state.serial.to_string()])[..16])
    }

    /// Counts a create request against the rate limit.
    ///
    /// # Errors
    /// When the limit is reached.
    pub(super) fn check_rate_limit(&self) -> Result<(), EnvelopeError> {
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

    /// Creates a task; also returns whether its prompt has `[lost]`, so that the reply is to be lost.
    ///
    /// # Errors
    /// When the input is invalid or the credits are not enough.
    pub(super) fn create_task(
        &self,
        model: &str,
        owner: &str,
        input: Map<String, Value>,
        webhook: Option<String>,
    ) -> Result<(SimTask, bool), EnvelopeError> {
        let kind = (self.options.validator)(model, &input).map_err(|msg| (422, msg))?;
        let price = (self.options.price)(model, &input);
        let commands = sim_input::commands(&sim_input::prompt(&input), self.options.pace);
        let created = self.options.clock.now();
        let mut state = self.state();
        if state.balance < price {
            return Err((402, "your credits are not enough, please top up".to_owned()));
        }
        state.balance -= price;
        let plan = state.plans.pop_front().or(commands.plan).unwrap_or_default();
        let id = self.fresh_id(&mut state);
        let mut task = SimTask {
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
            polls_done: 0,
            results: Vec::new(),
            last_frame: None,
            members: (self.options.members)(model, &id),
        };
        self.prepare_results(&mut state, &mut task);
        state.creates.push(CreateRequest {
            task_id: id.clone(),
            model: task.model.clone(),
            input: task.input.clone(),
            webhook,
            at: created,
        });
        state.tasks.insert(id, task.clone());
        drop(state);
        self.notify_changed();
        Ok((task, commands.lost))
    }

    /// Sets the URLs of the result files; they are generated when they are first requested.
    fn prepare_results(&self, state: &mut KieState, task: &mut SimTask) {
        if task.kind == OutputKind::Text || task.plan.end == TaskEnd::Empty {
            return;
        }
        let extension = match task.kind {
            OutputKind::Video => "mp4",
            OutputKind::Audio => "wav",
            OutputKind::Image | OutputKind::Text | OutputKind::Mixed => "png",
        };
        let ratio = sim_input::ratio(&task.input);
        let mut caption = task.model.clone();
        if let Some(ratio) = ratio {
            caption = format!("{caption}  {ratio}");
        }
        let prompt = match sim_input::prompt(&task.input) {
            empty if empty.trim().is_empty() => sim_input::file_name(&task.input).unwrap_or_else(|| task.model.clone()),
            prompt => prompt,
        };
        for number in 1..=task.plan.files.unwrap_or_else(|| sim_input::count(&task.input)) {
            let path = format!("results/{}/{number}.{extension}", task.id);
            let subject = Subject {
                prompt: prompt.clone(),
                caption: caption.clone(),
                size: media::size_for(ratio, self.options.picture_side),
                seed: self.options.seed.wrapping_add(u64::from(number)),
            };
            task.results.push(format!("{}{path}", self.files_url));
            if task.last_frame.is_none() && sim_input::wants_last_frame(&task.input) {
                let frame = format!("results/{}/last-frame.png", task.id);
                task.last_frame = Some(format!("{}{frame}", self.files_url));
                state.files.insert(frame, ServedFile::Undrawn { kind: OutputKind::Image, subject: subject.clone() });
            }
            state.files.insert(path, ServedFile::Undrawn { kind: task.kind, subject });
        }
    }

    /// A task and its phase; `polled` counts this as a poll. Records the end of a task that has just ended.
    pub(super) fn phase_of(&self, id: &str, polled: bool) -> Option<(SimTask, TaskPhase)> {
        let now = self.options.clock.now();
        let mut guard = self.state();
        let state = &mut *guard;
        let task = state.tasks.get_mut(id)?;
        task.polls += u32::from(polled);
        let phase = task.phase(now, self.options.pace, self.options.time_scale);
        task.polls_done += u32::from(polled && phase == TaskPhase::Done);
        if phase == TaskPhase::Done && task.done.is_none() {
            task.done = Some(now);
            if matches!(task.plan.end, TaskEnd::Fail { .. } | TaskEnd::Envelope { .. }) {
                state.balance += task.price;
            }
        }
        let observed = (task.clone(), phase);
        drop(guard);
        if polled {
            self.notify_changed();
        }
        Some(observed)
    }
}
