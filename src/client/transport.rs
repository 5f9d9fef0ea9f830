//! Calls to KIE: requests with a key, their rate limits, failover between keys, and repetition.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::time::timeout;
use url::Url;

use crate::client::error::Error;
use crate::client::exchange::{next_chunk, retry_after, send};
use crate::client::hosts::ExchangeTimeouts;
use crate::client::key::Key;
use crate::client::limit::{Budget, Limiter, Permit, Rate};
use crate::client::queue::Purpose;
use crate::client::retry::{ATTEMPTS, BACKOFF, MAX_WAIT};
use crate::client::{Client, envelope};

/// The largest answer that is read, in bytes.
const MAX_BODY: usize = 16 << 20;
/// The pause of a budget after a refusal without `Retry-After`.
const DEFAULT_BUDGET_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause of a budget, because a `Retry-After` date may come from a wrong clock.
const MAX_BUDGET_PAUSE: Duration = Duration::from_secs(15 * 60);
/// The shortest time between two calls of a limiter.
const MIN_LIMITER_WAIT: Duration = Duration::from_millis(5);

impl Client {
    /// A GET request to the API host.
    pub(crate) fn get(&self, key: &Key, path: &str) -> RequestBuilder {
        self.request(key, Method::GET, &self.settings().api_url, path)
    }

    /// A POST request to the API host.
    pub(crate) fn post(&self, key: &Key, path: &str) -> RequestBuilder {
        self.request(key, Method::POST, &self.settings().api_url, path)
    }

    /// A POST request to the upload host.
    pub(crate) fn post_upload(&self, key: &Key, path: &str) -> RequestBuilder {
        self.request(key, Method::POST, &self.settings().upload_url, path)
    }

    /// A GET request to a URL that others have chosen, without the key.
    ///
    /// # Errors
    /// [`Error::PrivateHost`].
    pub(crate) fn get_public(&self, url: Url) -> Result<RequestBuilder, Error> {
        self.hosts.public_hosts.check(&url)?;
        Ok(self.hosts.public.get(url))
    }

    /// A POST request to the API host, without the key.
    pub(crate) fn post_public(&self, path: &str) -> RequestBuilder {
        self.hosts.public.post(format!("{}{path}", self.settings().api_url.as_str().trim_end_matches('/')))
    }

    fn request(&self, key: &Key, method: Method, base: &Url, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", base.as_str().trim_end_matches('/'));
        self.hosts.api.request(method, url).bearer_auth(key.secret.expose_secret())
    }

    /// Sends one request and reads the envelope of its answer. A refused key gets a cooldown.
    pub(crate) async fn call(&self, key: &Key, request: RequestBuilder, route: &'static str) -> Result<Value, Error> {
        self.call_within(key, request, route, ExchangeTimeouts::call(&self.settings().timeouts)).await
    }

    /// As [`Client::call`], with other time limits.
    pub(crate) async fn call_within(
        &self,
        key: &Key,
        request: RequestBuilder,
        route: &'static str,
        limits: ExchangeTimeouts,
    ) -> Result<Value, Error> {
        let started = self.clock.now();
        let (status, opened) = match self.send_and_read(request, limits, MAX_BODY).await {
            Ok((status, after, body)) => (status, envelope::open(status, after, &self.hosts.redact(body))),
            Err(error) => (0, Err(error)),
        };
        let code = opened.as_ref().map_or_else(Error::code, |_| "200".into());
        let ms = self.clock.now().since(started).as_millis();
        tracing::debug!(route, status, code, ms, "kie answered");
        if opened.as_ref().is_err_and(Error::is_key_refused) {
            let pause = self.settings().policy.key_cooldown;
            tracing::warn!(key = %key.label, code, cooldown_s = pause.as_secs(), "kie refused the key; not using it for a while");
            key.note_refusal(code, self.clock.now(), pause);
        }
        opened
    }

    /// Makes a call with the first usable key; if a key is refused, with the next.
    pub(crate) async fn with_failover<T, F: Future<Output = Result<T, Error>>>(
        &self,
        mut call: impl FnMut(Arc<Key>) -> F,
    ) -> Result<T, Error> {
        let mut refusal = Error::Settings("there is no kie key".into());
        for key in self.hosts.keys.available(self.clock.now()) {
            match call(key).await {
                Err(error) if error.is_key_refused() => refusal = error,
                answer => return answer,
            }
        }
        Err(refusal)
    }

    /// Sends one request and reads its answer, of at most `max_body` bytes: its status, its `Retry-After` and its body.
    pub(crate) async fn send_and_read(
        &self,
        request: RequestBuilder,
        limits: ExchangeTimeouts,
        max_body: usize,
    ) -> Result<(u16, Option<Duration>, Vec<u8>), Error> {
        let mut host = String::new();
        let whole = async {
            let mut response = send(request, limits.first_byte, &mut host).await?;
            let (status, after) = (response.status().as_u16(), retry_after(response.headers(), self.clock.now()));
            let mut body = Vec::new();
            while let Some(piece) = next_chunk(&mut response, limits.idle).await? {
                if body.len() + piece.len() > max_body {
                    return Err(Error::Reply("it is too large"));
                }
                body.extend_from_slice(&piece);
            }
            Ok((status, after, body))
        };
        match timeout(limits.total, whole).await {
            Ok(result) => result,
            Err(_) => Err(Error::Timeout { host, what: "not everything", waited: limits.total }),
        }
    }

    /// Waits until the budget allows one request, and counts it. A request that was refused before goes to the front.
    /// May be dropped at any point.
    pub(crate) async fn acquire(&self, purpose: Purpose, key: &Key, refused: u32) {
        let budget = Budget { purpose, key: key.label.clone() };
        let _head = key.queue(purpose).enter(self.lane, refused).await;
        let rate = self.settings().policy.rate(purpose);
        while let Permit::After(wait) = self.ask_limiter(&budget, rate).await {
            self.clock.sleep(wait.clamp(MIN_LIMITER_WAIT, MAX_WAIT)).await;
        }
    }

    /// As [`Client::acquire`], for a create that any key can make. Returns the key: the first one whose budget has room, or
    /// else the one that has room soonest. `None` when there are no keys.
    pub(crate) async fn acquire_any(&self, refused: u32) -> Option<Arc<Key>> {
        let _head = self.hosts.keys.creates().enter(self.lane, refused).await;
        let rate = self.settings().policy.rate(Purpose::Create);
        loop {
            let mut soonest = None;
            for key in self.hosts.keys.available(self.clock.now()) {
                let budget = Budget { purpose: Purpose::Create, key: key.label.clone() };
                match self.ask_limiter(&budget, rate).await {
                    Permit::Granted => return Some(key),
                    Permit::After(wait) => soonest = Some(soonest.map_or(wait, |known: Duration| known.min(wait))),
                }
            }
            self.clock.sleep(soonest?.clamp(MIN_LIMITER_WAIT, MAX_WAIT)).await;
        }
    }

    /// Makes a call for which a permit was acquired; a refusal because of the rate pauses the whole budget.
    pub(crate) async fn call_limited(
        &self,
        purpose: Purpose,
        key: &Key,
        request: RequestBuilder,
        route: &'static str,
    ) -> Result<Value, Error> {
        let answer = self.call(key, request, route).await;
        if let Err(error) = &answer
            && error.is_rate_limit()
        {
            let budget = Budget { purpose, key: key.label.clone() };
            let pause = error.retry_after().unwrap_or(DEFAULT_BUDGET_PAUSE).min(MAX_BUDGET_PAUSE);
            tracing::debug!(%budget, pause_ms = pause.as_millis(), "kie refused a request for its rate; pausing the budget");
            let now = self.clock.now();
            if let Err(error) = self.limiter.pause(&budget, pause, now).await {
                tracing::warn!(%error, "the shared rate limiter failed; counting within this process");
                // The local limiter does not fail.
                let _ = self.local.pause(&budget, pause, now).await;
            }
        }
        answer
    }

    async fn ask_limiter(&self, budget: &Budget, rate: Rate) -> Permit {
        let now = self.clock.now();
        match self.limiter.try_acquire(budget, rate, now).await {
            Ok(permit) => permit,
            Err(error) => {
                tracing::warn!(%error, "the shared rate limiter failed; counting within this process");
                self.local.try_acquire(budget, rate, now).await.unwrap_or(Permit::Granted)
            }
        }
    }

    /// Makes a call up to `attempts` times while `may` allows it, with pauses on the client's clock. Does not wait
    /// longer than [`MAX_WAIT`] for a server's `Retry-After`.
    pub(crate) async fn repeat<T, F: Future<Output = Result<T, Error>>>(
        &self,
        attempts: u32,
        may: fn(&Error) -> bool,
        mut call: impl FnMut() -> F,
    ) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            let error = match call().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let pause = error.retry_after().unwrap_or_default().max(BACKOFF.pause(attempt, self.rng.chance()));
            if attempt >= attempts.min(ATTEMPTS) || !may(&error) || pause > MAX_WAIT {
                return Err(error);
            }
            tracing::debug!(attempt, code = error.code(), pause_ms = pause.as_millis(), "repeating a call to kie");
            self.clock.sleep(pause).await;
            attempt += 1;
        }
    }
}
