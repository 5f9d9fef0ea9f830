//! Creating a task: the only call that costs money.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use crate::client::Client;
use crate::client::attempt::Resend;
use crate::client::create_error::CreateError;
use crate::client::envelope::id_of;
use crate::client::error::Error;
use crate::client::key::{Key, KeyLabel};
use crate::client::queue::Purpose;
use crate::client::task::Task;
use crate::client::task_reference::referenced_tasks;
use crate::job::TaskId;
use crate::schema::input::Request;
use crate::schema::spec::WebhookNeed;

/// The path of the webhook that is sent for a model that needs one where the caller has none. It is on the API's own host: nothing
/// listens there, and nobody but the vendor learns of a task.
const UNUSED_WEBHOOK: &str = "/unused-webhook";

#[derive(Serialize)]
struct CreateBody<'a> {
    model: &'a str,
    input: &'a Map<String, Value>,
    // Capital B: the vendor's spelling.
    #[serde(rename = "callBackUrl", skip_serializing_if = "Option::is_none")]
    webhook: Option<Cow<'a, str>>,
}

/// A task that the vendor accepted. To resume it in another process, store its id and key for [`Client::resume`].
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// The vendor's id.
    pub id: TaskId,
    /// The key that created it, which also has to be used to poll it.
    pub key: KeyLabel,
    /// The task with its result, when [the route](crate::schema::spec::ModelSpec::route) answers with that at once; then
    /// there is nothing to poll.
    pub finished: Option<Box<Task>>,
}

/// A permit to send one create request now, from [`Client::acquire_create`].
#[must_use = "it has been counted against the account's limit"]
pub struct CreatePermit {
    key: Option<Arc<Key>>,
}

impl fmt::Debug for CreatePermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatePermit").field("key", &self.key.as_ref().map(|key| &key.label)).finish()
    }
}

impl Client {
    /// Creates a task (`POST /api/v1/jobs/createTask`, or the route of the model) and returns its id and the key that
    /// created it.
    ///
    /// Waits for a permit first, see [`Client::acquire_create`]. The request is repeated only when nothing can have been
    /// accepted: no connection was made, or the answer was 429. If a key is refused (401, 402, 403, 433) another one is
    /// used. Acceptance is not validation: a bad file URL may be refused here, or the task may fail later.
    ///
    /// For a model that the vendor refuses without the address of a webhook ([`WebhookNeed::Required`]), one where nobody listens
    /// is sent when `webhook` is `None`: the result can be asked for.
    ///
    /// # Errors
    /// [`CreateError`] tells whether the vendor may have accepted the task. Before anything is sent, a model that is not offered is
    /// refused with [`Error::NotLive`], and one whose result comes in the webhook alone with [`Error::NeedsWebhook`] when
    /// `webhook` is `None`.
    pub async fn create_task(&self, request: &Request, webhook: Option<&Url>) -> Result<Created, CreateError> {
        check_offer(request, webhook)?;
        let mut attempts = self.create_attempts(request);
        loop {
            let permit = attempts.acquire().await;
            match self.create_task_with(permit, request, webhook).await {
                Err(error) if attempts.may_repeat(&error).await => {}
                created => return created,
            }
        }
    }

    /// Waits for a permit to send this create request, and counts it: requests of a lane in order, lanes in turn, with the
    /// first key whose budget has room, or else the one that has room soonest. A request that refers to an earlier task
    /// waits for the key that created that one. For a caller that stores that a create request is about to be sent: while
    /// it waits nothing is sent, so a crash meanwhile loses no task. May be dropped at any point; an unused permit is lost.
    pub async fn acquire_create(&self, request: &Request) -> CreatePermit {
        self.acquire_permit(request, 0).await
    }

    pub(crate) async fn acquire_permit(&self, request: &Request, refused: u32) -> CreatePermit {
        let bound = match self.hosts.keys.all() {
            [_] => None,
            _ => self.hosts.keys.bound_to(&referenced_tasks(request), self.clock.now()),
        };
        let key = match bound {
            Some(key) => {
                self.acquire(Purpose::Create, &key, refused).await;
                Some(key)
            }
            None => self.acquire_any(refused).await,
        };
        CreatePermit { key }
    }

    /// Sends a create request once, with a permit from [`Client::acquire_create`]; otherwise as [`Client::create_task`].
    /// [`Client::resend`] tells whether it may be sent again.
    ///
    /// # Errors
    /// As [`Client::create_task`].
    pub async fn create_task_with(
        &self,
        permit: CreatePermit,
        request: &Request,
        webhook: Option<&Url>,
    ) -> Result<Created, CreateError> {
        check_offer(request, webhook)?;
        let model = request.spec().id;
        let Some(key) = permit.key else {
            return Err(CreateError::Refused(Error::Settings("there is no kie key".into())));
        };
        match self.send_create(&key, request, webhook).await {
            Ok(created) => {
                tracing::info!(model, task = %created.id, key = %created.key, "kie accepted a task");
                Ok(created)
            }
            Err(error) => {
                let error = CreateError::from(error);
                let (code, unknown) = (error.error().code(), error.is_unknown());
                match self.resend(&error) {
                    Resend::Never => tracing::warn!(model, code, unknown, "no task was created"),
                    Resend::NextKey | Resend::After(_) => tracing::debug!(model, code, "a create may be sent again"),
                }
                Err(error)
            }
        }
    }

    async fn send_create(&self, key: &Arc<Key>, request: &Request, webhook: Option<&Url>) -> Result<Created, Error> {
        let spec = request.spec();
        let webhook = match (webhook, spec.webhook) {
            (Some(url), _) => Some(Cow::Borrowed(url.as_str())),
            (None, WebhookNeed::Optional | WebhookNeed::Result) => None,
            (None, WebhookNeed::Required) => {
                let host = self.settings().api_url.as_str().trim_end_matches('/');
                Some(Cow::Owned(format!("{host}{UNUSED_WEBHOOK}")))
            }
        };
        let call = match spec.route {
            Some(route) => self.post(key, route).json(request.input()),
            None => {
                let body = CreateBody { model: spec.id, input: request.input(), webhook };
                self.post(key, "/api/v1/jobs/createTask").json(&body)
            }
        };
        let data = self.call_limited(Purpose::Create, key, call, "createTask").await?;
        let (id, finished) = if spec.route.is_some() {
            let task = Task::of_answer(spec, data)?;
            (task.id.clone(), Some(Box::new(task)))
        } else {
            let id = data.as_object().and_then(id_of);
            (id.ok_or(Error::Reply("it says success and names no task"))?, None)
        };
        key.note_acceptance(self.clock.now());
        self.hosts.keys.remember(&id, key);
        Ok(Created { id, key: key.label.clone(), finished })
    }
}

/// What is refused before anything is sent.
fn check_offer(request: &Request, webhook: Option<&Url>) -> Result<(), CreateError> {
    let spec = request.spec();
    if !spec.status.is_offered() {
        return Err(CreateError::Refused(Error::NotLive { model: spec.id, nearest: spec.nearest }));
    }
    if webhook.is_none() && spec.webhook == WebhookNeed::Result {
        return Err(CreateError::Refused(Error::NeedsWebhook { model: spec.id }));
    }
    Ok(())
}
