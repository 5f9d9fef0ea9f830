//! Held: the row says `submitting` before the vendor hears of it, so that a crash in between is never a second task.

use std::time::Duration;

use super::super::in_flight::JobGuard;
use super::super::priced_order::facts;
use super::super::{ProgressStage, Service};
use super::Worker;
use super::lost::Earlier;
use super::step::failure;
use crate::client::wait::after_errors;
use crate::client::{CreateError, Error};
use crate::form::{self, Origin};
use crate::job::JobState;
use crate::schema::spec::{ModelSpec, Status};
use crate::store::{ClaimedJob, JobChange, Setbacks};
use crate::store_error::StoreError;

/// A job that the vendor refuses only for the moment is tried for this long after the first refusal.
const PATIENCE: Duration = Duration::from_secs(1800);
/// A job over which the vendor breaks down is sent again this often: what it says may be about the input, and only a person
/// can mend that.
const RESENDS: u32 = 2;
/// First pause before a refused job is sent again.
const PAUSE: Duration = Duration::from_secs(5);
/// Longest pause that we choose ourselves.
const LONGEST: Duration = Duration::from_secs(60);

/// The failure's code of a job whose model was withdrawn before the job was sent.
pub const WITHDRAWN: &str = "withdrawn";

impl Worker {
    pub(super) async fn submit(&self, mut claimed: ClaimedJob, guard: &JobGuard) -> Result<JobState, StoreError> {
        let Some(model) = crate::models::find(&claimed.job.model) else {
            return self.fail(claimed, failure("unknown_model", "the model is no longer in the registry")).await;
        };
        // A deploy may have changed the registry since the order.
        if model.spec.status != Status::Live {
            return self.fail(claimed, failure(WITHDRAWN, &withdrawn(model.spec))).await;
        }
        let files = facts(&claimed.job.attachments);
        let Ok(accepted) = form::check(model, &claimed.job.input, &files, Origin::Json) else {
            return self.fail(claimed, failure("invalid_input", "the model no longer takes this input")).await;
        };
        self.show(&mut claimed.job, ProgressStage::Accepted).await;
        let named = self.named(&claimed).await?;
        match self.earlier(named.clone()).await {
            Earlier::None => {}
            Earlier::Task(task) => {
                let claimed = self.advance(&claimed, JobState::Submitting, JobChange::default()).await?;
                return self.accept(claimed, task, None).await;
            }
            Earlier::Unsure => {
                let (setbacks, waited) = self.setback(&claimed, false);
                if waited < PATIENCE {
                    let pause = (waited / 4).clamp(PAUSE, LONGEST);
                    return self.rest_in(&claimed, JobState::Held, pause, Some(setbacks)).await;
                }
                // The person has said that it is to be sent again even if that costs twice.
            }
        }
        // Waiting for the account's turn belongs to `held`: a crash in the queue leaves no doubt. People take turns.
        let kie = self.service.inner.kie.for_lane(claimed.job.user.0.unsigned_abs());
        let permit = tokio::select! {
            biased;
            () = self.stop.cancelled() => None,
            () = guard.lost() => return Err(Self::stale(&claimed.job)),
            permit = kie.acquire_create() => Some(permit),
        };
        // What would begin now might be cut off before its reply: others go on with it.
        let Some(permit) = permit.filter(|_| !self.stop.is_cancelled()) else {
            return self.rest_in(&claimed, JobState::Held, Duration::ZERO, None).await;
        };
        if self.named(&claimed).await? != named {
            // Another task was named while this waited for its turn.
            return self.rest_in(&claimed, JobState::Held, Duration::ZERO, None).await;
        }
        let claimed = self.advance(&claimed, JobState::Submitting, JobChange::default()).await?;
        let webhook = self.service.webhooks().and_then(|webhooks| webhooks.address(&claimed.job.id));
        match kie.create_task_with(permit, &accepted.request, webhook.as_ref()).await {
            Ok(created) => self.accept(claimed, created.id, Some(created.key)).await,
            Err(CreateError::Unknown(error)) => {
                tracing::warn!(job = %claimed.job.id, code = error.code(), "the reply to a create was lost");
                match error.task() {
                    // Whatever else it says, it names what it has made.
                    Some(task) => self.accept(claimed, task.clone(), None).await,
                    None => self.mark_lost(claimed, failure("lost_reply", &error.to_string())).await,
                }
            }
            Err(CreateError::Refused(error)) => match self.again(&claimed, &error) {
                Some((setbacks, pause)) => {
                    tracing::warn!(job = %claimed.job.id, code = error.code(), ?pause, "the vendor refuses for the moment");
                    self.rest_in(&claimed, JobState::Held, pause, Some(setbacks)).await
                }
                None => self.fail(claimed, error.to_failure()).await,
            },
        }
    }

    /// Whether a refused job is sent again, and after which pause. The vendor's word on the pause counts, within our patience.
    fn again(&self, claimed: &ClaimedJob, error: &Error) -> Option<(Setbacks, Duration)> {
        let (setbacks, waited) = self.setback(claimed, error.may_be_input());
        if !error.is_retryable() || setbacks.count > RESENDS || waited >= PATIENCE {
            return None;
        }
        let ours = after_errors(PAUSE, setbacks.count).max((waited / 4).min(LONGEST));
        Some((setbacks, error.retry_after().unwrap_or_default().max(ours).min(PATIENCE - waited)))
    }
}

/// Says what may be used instead.
fn withdrawn(spec: &ModelSpec) -> String {
    let nearest = spec.nearest.and_then(crate::models::find).filter(|other| Service::offers(other.spec));
    match nearest {
        Some(other) => format!("the model was withdrawn before the order was sent; the nearest is {}", other.name),
        None => "the model was withdrawn before the order was sent".to_owned(),
    }
}
