//! Creating a task: the only call that costs money.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use crate::client::Client;
use crate::client::create_error::CreateError;
use crate::client::envelope::id_of;
use crate::client::error::Error;
use crate::client::key::{Key, KeyLabel};
use crate::client::queue::Purpose;
use crate::client::retry::{ATTEMPTS, CreateClass};
use crate::client::task::Task;
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
    /// Waits for a permit first: requests of a lane in order, lanes in turn, within the account's rate limit. The
    /// request is repeated only when nothing can have been accepted: no connection was made, or the answer was 429. If
    /// a key is refused (401, 402, 403, 433) the next one is used. Acceptance is not validation: a bad file URL may be
    /// refused here, or the task may fail later.
    ///
    /// For a model that the vendor refuses without the address of a webhook ([`WebhookNeed::Required`]), one where nobody listens
    /// is sent when `webhook` is `None`: the result can be asked for.
    ///
    /// # Errors
    /// [`CreateError`] tells whether the vendor may have accepted the task. Before anything is sent, a model that is not offered is
    /// refused with [`Error::NotLive`], and one whose result comes in the webhook alone with [`Error::NeedsWebhook`] when
    /// `webhook` is `None`.
    pub async fn create_task(&self, request: &Request, webhook: Option<&Url>) -> Result<Created, CreateError> {
        self.create(None, request, webhook).await
    }

    /// Waits for a permit to create, and counts it: the waiting part of [`Client::create_task`], for a caller that
    /// stores that a create request is about to be sent. While it waits nothing is sent, so a crash meanwhile loses no
    /// task. May be dropped at any point; an unused permit is lost.
    pub async fn acquire_create(&self) -> CreatePermit {
        let key = self.hosts.keys.available(self.clock.now()).into_iter().next();
        if let Some(key) = &key {
            self.acquire(Purpose::Create, key, 0).await;
        }
        CreatePermit { key }
    }

    /// As [`Client::create_task`], with a permit from [`Client::acquire_create`] for its first attempt.
    ///
    /// # Errors
    /// As [`Client::create_task`].
    pub async fn create_task_with(
        &self,
        permit: CreatePermit,
        request: &Request,
        webhook: Option<&Url>,
    ) -> Result<Created, CreateError> {
        self.create(permit.key, request, webhook).await
    }

    async fn create(
        &self,
        permit: Option<Arc<Key>>,
        request: &Request,
        webhook: Option<&Url>,
    ) -> Result<Created, CreateError> {
        let spec = request.spec();
        let model = spec.id;
        if !spec.status.is_offered() {
            return Err(CreateError::Refused(Error::NotLive { model, nearest: spec.nearest }));
        }
        let webhook = match (webhook, spec.webhook) {
            (Some(url), _) => Some(Cow::Borrowed(url.as_str())),
            (None, WebhookNeed::Optional) => None,
            (None, WebhookNeed::Required) => {
                let host = self.settings().api_url.as_str().trim_end_matches('/');
                Some(Cow::Owned(format!("{host}{UNUSED_WEBHOOK}")))
            }
            (None, WebhookNeed::Result) => return Err(CreateError::Refused(Error::NeedsWebhook { model })),
        };
        let body = CreateBody { model, input: request.input(), webhook };
        let may_resend: fn(&Error) -> bool = |error| error.create_class() == CreateClass::Resend;
        let sent = &AtomicU32::new(0);
        let permit = permit.as_ref();
        let send = |key: Arc<Key>| {
            let call = match spec.route {
                Some(route) => self.post(&key, route).json(request.input()),
                None => self.post(&key, "/api/v1/jobs/createTask").json(&body),
            };
            async move {
                let refused = sent.fetch_add(1, Ordering::Relaxed);
                if refused > 0 || permit.is_none_or(|permitted| permitted.label != key.label) {
                    self.acquire(Purpose::Create, &key, refused).await;
                }
                let data = self.call_limited(Purpose::Create, &key, call, "createTask").await?;
                let (id, finished) = if spec.route.is_some() {
                    let task = Task::of_answer(spec, data)?;
                    (task.id.clone(), Some(Box::new(task)))
                } else {
                    let id = data.as_object().and_then(id_of);
                    (id.ok_or(Error::Reply("it says success and names no task"))?, None)
                };
                key.set_cooldown(None);
                self.hosts.keys.remember(&id, &key);
                Ok(Created { id, key: key.label.clone(), finished })
            }
        };
        match self.repeat(ATTEMPTS, may_resend, || self.with_failover(send)).await {
            Ok(created) => {
                tracing::info!(model, task = %created.id, key = %created.key, "kie accepted a task");
                Ok(created)
            }
            Err(error) => {
                let error = CreateError::from(error);
                tracing::warn!(model, code = error.error().code(), unknown = error.is_unknown(), "no task was created");
                Err(error)
            }
        }
    }
}
