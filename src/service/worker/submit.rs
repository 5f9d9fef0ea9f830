//! Handles `held`: the state `submitting` is stored before the create, so that a crash never leads to a second task.

use std::ops::ControlFlow;
use std::time::Duration;

use super::super::in_flight::JobGuard;
use super::super::priced_order::facts;
use super::super::{DEPLOY_TIME, ProgressStage, Service, shortage};
use super::Worker;
use super::lost::EarlierTask;
use super::step::failure;
use crate::client::wait::after_errors;
use crate::client::{CreateError, Created, KeyLabel, Resend, referenced_tasks};
use crate::form::{self, Origin};
use crate::job::{Job, JobState};
use crate::schema::Request;
use crate::schema::spec::ModelSpec;
use crate::store::{ClaimedJob, JobChange, Setbacks};
use crate::store_error::StoreError;

/// A job that the vendor refuses temporarily is sent again for this long after the first refusal.
pub(super) const RESEND_TIMEOUT: Duration = Duration::from_secs(1800);
/// A job to which the vendor answers with an internal error is sent again this often: the cause may be the input.
const RESENDS: u32 = 2;
/// First pause before a refused job is sent again.
pub(super) const PAUSE: Duration = Duration::from_secs(5);
/// The same where the vendor's limit was exceeded or no connection was made; each further one is about twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// Longest pause before a refused job is sent again, unless the vendor asks for more.
pub(super) const LONGEST: Duration = Duration::from_secs(60);
/// A job whose model is not known is left alone for this long.
const UNKNOWN_MODEL_PAUSE: Duration = Duration::from_secs(15);

/// A result whose id an order refers to is looked for in so many of the chat's jobs.
const EARLIER_JOBS: u32 = 50;

/// The failure code of a job whose model was withdrawn before the job was sent.
pub const WITHDRAWN: &str = "withdrawn";
/// The failure code of a job that was not sent because its result, which comes in a webhook alone, cannot be received any more.
pub const UNRECEIVED: &str = "needs_webhook";

impl Worker {
    pub(super) async fn submit(&self, claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let Some(model) = crate::models::find(&claimed.job.model) else {
            return self.leave_unknown_model(claimed).await;
        };
        match self.earlier_task(&claimed.job).await? {
            EarlierTask::None => {}
            EarlierTask::Usable(task, key) => return self.accept_found(claimed, task, key).await,
            EarlierTask::Unknown => {
                let (setbacks, waited) = self.setbacks(&claimed, false);
                if waited < RESEND_TIMEOUT {
                    let pause = (waited / 4).clamp(PAUSE, LONGEST);
                    return self.reschedule(&claimed, JobState::Held, pause, Some(setbacks)).await;
                }
                // The user has accepted that it may be billed twice.
            }
        }
        // A deploy may have changed the registry since the order.
        if !model.spec.status.is_offered() {
            return self.fail(claimed, failure(WITHDRAWN, &withdrawn(model.spec))).await;
        }
        // The settings may have changed as well.
        if !self.service.receives(model.spec) {
            let why = "its result comes in a webhook alone: PUBLIC_URL and KIE_WEBHOOK_KEY are needed";
            return self.fail(claimed, failure(UNRECEIVED, why)).await;
        }
        if self.service.lacks_credits_for(claimed.job.quote.map(|quote| quote.credits)).await? {
            return self.fail(claimed, shortage::failure()).await;
        }
        let claimed = match self.renew_files(claimed, guard).await? {
            ControlFlow::Continue(claimed) => claimed,
            ControlFlow::Break(state) => return Ok(state),
        };
        let files = facts(&claimed.job.attachments);
        let Ok(accepted) = form::check(model, &claimed.job.input, &files, Origin::Json) else {
            return self.fail(claimed, failure("invalid_input", "the model no longer takes this input")).await;
        };
        self.show_progress(&claimed.job, ProgressStage::Accepted);
        self.remember_creators(&claimed.job, &accepted.request).await?;
        // The wait for the rate limit is still part of `held`: after a crash the job was certainly not sent. Users take
        // turns.
        let kie = self.service.inner.kie.for_lane(claimed.job.user.0.unsigned_abs());
        let permit = tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            () = guard.stale() => return Err(Self::stale(&claimed.job)),
            permit = kie.acquire_create(&accepted.request) => Some(permit),
        };
        // After a stop, a create could be cut off before its reply: another worker sends the job.
        let Some(permit) = permit.filter(|_| !self.stop.is_cancelled()) else {
            return self.reschedule(&claimed, JobState::Held, Duration::ZERO, None).await;
        };
        let Some(claimed) = self.begin_create(&claimed).await? else { return Ok(JobState::Held) };
        let webhook = self.service.webhooks().and_then(|webhooks| webhooks.address(&claimed.job.id));
        match kie.create_task_with(permit, &accepted.request, webhook.as_ref()).await {
            Ok(Created { id, key, finished: Some(task) }) => self.accept_finished(claimed, id, key, *task).await,
            Ok(Created { id, key, finished: None }) => self.accept_created(claimed, id, key).await,
            Err(CreateError::Unknown(error)) => {
                tracing::warn!(job = %claimed.job.id, code = error.code(), "the reply to a create was lost");
                match error.task() {
                    // The error names the created task.
                    Some(task) => self.accept_found(claimed, task.clone(), None).await,
                    None => self.mark_lost(claimed, failure("lost_reply", &error.to_string())).await,
                }
            }
            Err(refused @ CreateError::Refused(_)) => match self.resend_pause(&claimed, &refused) {
                Some((setbacks, pause)) => {
                    let held = self.reschedule(&claimed, JobState::Held, pause, Some(setbacks)).await?;
                    let (job, code) = (&claimed.job.id, refused.error().code());
                    tracing::warn!(%job, code, ?pause, "the vendor refuses the job for the moment");
                    Ok(held)
                }
                None => {
                    if refused.error().is_without_credits() {
                        self.service.begin_shortage(&claimed.job, self.settings.probes).await?;
                    }
                    self.fail(claimed, refused.error().to_failure()).await
                }
            },
        }
    }

    /// A task that refers to earlier ones can be made by their account alone: tells the client which keys those are.
    async fn remember_creators(&self, job: &Job, request: &Request) -> Result<(), StoreError> {
        let (store, kie) = (&self.service.inner.store, &self.service.inner.kie);
        let tasks = referenced_tasks(request);
        if tasks.is_empty() || kie.keys().len() < 2 {
            return Ok(());
        }
        let earlier = store.jobs_of(job.chat, EARLIER_JOBS, 0).await?;
        for task in tasks {
            let made = |job: &&Job| job.output.as_ref().and_then(|output| output.id.as_ref()) == Some(&task.0);
            let creator = match store.job_by_task(&task).await? {
                Some(job) => job.key,
                None => earlier.iter().find(made).and_then(|job| job.key.clone()),
            };
            if let Some(key) = creator {
                kie.remember_key(&task, &KeyLabel(key));
            }
        }
        Ok(())
    }

    /// Stores that a create is about to be sent. `None` when a webhook has come since the job was claimed: it may be about
    /// the task of an earlier create, so the job is claimed again and the vendor is asked.
    async fn begin_create(&self, claimed: &ClaimedJob) -> Result<Option<ClaimedJob>, StoreError> {
        // A task that a webhook has named and that is of no use is the job's until there is another: should the reply to
        // this create be lost, it must not be taken for the task of this one.
        let change = JobChange { task: self.unattached_task(claimed).await?, ..JobChange::default() };
        match self.advance(claimed, JobState::Submitting, change).await {
            Err(error) if error.is_stale() => {
                let now = Some(self.service.now());
                self.service.retry_until_available(|| self.service.inner.store.release(claimed, now, None)).await?;
                Ok(None)
            }
            claimed => claimed.map(Some),
        }
    }

    /// Leaves a job whose model this version does not know to a newer one, which may run beside it. After the time of a
    /// deploy, nobody knows the model.
    async fn leave_unknown_model(&self, claimed: ClaimedJob) -> Result<JobState, StoreError> {
        let job = &claimed.job;
        if self.service.now().since(job.updated_at) >= DEPLOY_TIME {
            return self.fail(claimed, failure("unknown_model", "the model is no longer in the registry")).await;
        }
        tracing::info!(job = %job.id, model = job.model, "a job of an unknown model is left to a newer version");
        let until = self.service.now() + UNKNOWN_MODEL_PAUSE;
        // The time of the last move stays as it is: it tells for how long the model has been unknown.
        self.service.inner.store.release(&claimed, Some(until), None).await?;
        Ok(JobState::Held)
    }

    /// The pause before a refused job is sent again, `None` when it is not. A pause that the vendor names counts,
    /// within the time limit.
    fn resend_pause(&self, claimed: &ClaimedJob, refused: &CreateError) -> Option<(Setbacks, Duration)> {
        let error = refused.error();
        let (setbacks, waited) = self.setbacks(claimed, error.may_be_input());
        let ours = match self.service.inner.kie.resend(refused) {
            // Each key is tried once: then it has a cooldown.
            Resend::NextKey => return Some((claimed.setbacks, Duration::ZERO)),
            Resend::After(_) => {
                let jitter = 1.0 - 0.25 * self.rng.chance();
                waited.clamp(FIRST_PAUSE, LONGEST).mul_f64(jitter)
            }
            Resend::Never if error.is_retryable() && setbacks.count <= RESENDS => {
                after_errors(PAUSE, setbacks.count).max((waited / 4).min(LONGEST))
            }
            Resend::Never => return None,
        };
        let pause = error.retry_after().unwrap_or_default().max(ours);
        (waited < RESEND_TIMEOUT).then(|| (setbacks, pause.min(RESEND_TIMEOUT - waited)))
    }
}

/// The failure message: names the nearest model.
fn withdrawn(spec: &ModelSpec) -> String {
    let nearest = spec.nearest.and_then(crate::models::find).filter(|other| Service::offers(other.spec));
    match nearest {
        Some(other) => format!("the model was withdrawn before the order was sent; the nearest is {}", other.name),
        None => "the model was withdrawn before the order was sent".to_owned(),
    }
}
