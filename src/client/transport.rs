//! HTTP: who may have the key, how long to wait, how much to read.

use std::error::Error as _;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::timeout;
use url::Url;

use crate::client::error::Error;
use crate::client::key::{Key, Keys};
use crate::client::limit::{Budget, Limiter, Permit, Rate};
use crate::client::queue::Purpose;
use crate::client::retry::{ATTEMPTS, BACKOFF, LONGEST_WAIT};
use crate::client::settings::{Settings, Timeouts};
use crate::client::{Client, envelope};
use crate::clock::Timestamp;

/// An answer in JSON is never larger; what is, is no answer.
const LARGEST: usize = 16 << 20;
/// A shorter key is not cut out of answers: it could be part of an innocent word. Real keys have 32 characters.
const SHORTEST_KEY: usize = 12;

/// The connections and what they need.
pub(crate) struct Hosts {
    pub(crate) settings: Settings,
    pub(crate) keys: Keys,
    /// To the two API hosts. Follows no redirect: the key would go along.
    keyed: reqwest::Client,
    /// To any other host.
    open: reqwest::Client,
}

/// Time limits of one exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) first_byte: Duration,
    pub(crate) idle: Duration,
    pub(crate) total: Duration,
}

impl Limits {
    fn call(timeouts: &Timeouts) -> Self {
        Self { first_byte: timeouts.first_byte, idle: timeouts.idle, total: timeouts.total }
    }

    /// An upload's answer begins only when the whole file has gone out.
    pub(crate) fn upload(timeouts: &Timeouts) -> Self {
        Self { first_byte: timeouts.transfer, idle: timeouts.idle, total: timeouts.transfer }
    }
}

impl Hosts {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("kie-bot/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(settings.timeouts.connect)
                // An idle connection that the server closes just as a create goes out would make its fate unknown.
                .pool_idle_timeout(Duration::from_secs(15))
                // Repeating is our decision alone: a create must not be repeated below us.
                .retry(reqwest::retry::never())
                .referer(false)
        };
        let built = |builder: reqwest::ClientBuilder| builder.build().map_err(|error| Error::Settings(root(&error)));
        let keyed = built(builder().redirect(redirect::Policy::none()))?;
        let open = built(builder().redirect(redirect::Policy::limited(5)).no_gzip())?;
        Ok(Self { keys: Keys::new(&settings.key), settings, keyed, open })
    }

    /// Cuts the keys out of an answer that repeats one.
    fn redact(&self, body: Vec<u8>) -> Vec<u8> {
        self.keys.all().iter().fold(body, |body, key| Self::cut(body, &key.secret))
    }

    fn cut(body: Vec<u8>, key: &SecretString) -> Vec<u8> {
        let key = key.expose_secret().as_bytes();
        if key.len() < SHORTEST_KEY || !body.windows(key.len()).any(|part| part == key) {
            return body;
        }
        let mut clean = Vec::with_capacity(body.len());
        let mut rest = body.as_slice();
        while let Some((first, tail)) = rest.split_first() {
            match rest.strip_prefix(key) {
                Some(after) => {
                    clean.extend_from_slice(b"[key]");
                    rest = after;
                }
                None => {
                    clean.push(*first);
                    rest = tail;
                }
            }
        }
        clean
    }
}

/// After a refusal without `Retry-After` the whole budget rests for this long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);
/// No `Retry-After` stops a budget for longer: a server may mean a date and have a wrong clock.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// A limiter is not asked more often than this.
const LEAST_WAIT: Duration = Duration::from_millis(5);

impl Client {
    /// A read on the API host.
    pub(crate) fn get(&self, key: &Key, path: &str) -> RequestBuilder {
        self.keyed(key, Method::GET, &self.settings().api_url, path)
    }

    /// A write on the API host.
    pub(crate) fn post(&self, key: &Key, path: &str) -> RequestBuilder {
        self.keyed(key, Method::POST, &self.settings().api_url, path)
    }

    /// A write on the upload host.
    pub(crate) fn post_upload(&self, key: &Key, path: &str) -> RequestBuilder {
        self.keyed(key, Method::POST, &self.settings().upload_url, path)
    }

    /// A read anywhere, without the key.
    pub(crate) fn get_open(&self, url: Url) -> RequestBuilder {
        self.hosts.open.get(url)
    }

    fn keyed(&self, key: &Key, method: Method, base: &Url, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", base.as_str().trim_end_matches('/'));
        self.hosts.keyed.request(method, url).bearer_auth(key.secret.expose_secret())
    }

    /// Sends one request and opens the envelope of its answer. A key that may not is laid to rest.
    pub(crate) async fn call(&self, key: &Key, request: RequestBuilder, route: &'static str) -> Result<Value, Error> {
        self.call_within(key, request, route, Limits::call(&self.settings().timeouts)).await
    }

    /// As [`Client::call`], with other time limits.
    pub(crate) async fn call_within(
        &self,
        key: &Key,
        request: RequestBuilder,
        route: &'static str,
        limits: Limits,
    ) -> Result<Value, Error> {
        let started = self.clock.now();
        let (status, opened) = match self.exchange(request, limits).await {
            Ok((status, after, body)) => (status, envelope::open(status, after, &self.hosts.redact(body))),
            Err(error) => (0, Err(error)),
        };
        let code = opened.as_ref().map_or_else(Error::code, |_| "200".into());
        let ms = self.clock.now().since(started).as_millis();
        tracing::debug!(route, status, code, ms, "kie answered");
        if opened.as_ref().is_err_and(Error::rests_key) {
            let pause = self.settings().policy.key_rest;
            tracing::warn!(key = %key.label, code, rest_s = pause.as_secs(), "kie turns the key down: it rests");
            key.rest(Some(self.clock.now() + pause));
        }
        opened
    }

    /// Makes a call with the first key that serves; one that is turned down hands over to the next.
    pub(crate) async fn serve<T, F: Future<Output = Result<T, Error>>>(
        &self,
        mut call: impl FnMut(Arc<Key>) -> F,
    ) -> Result<T, Error> {
        let mut refusal = Error::Settings("there is no kie key".into());
        for key in self.hosts.keys.serving(self.clock.now()) {
            match call(key).await {
                Err(error) if error.rests_key() => refusal = error,
                answer => return answer,
            }
        }
        Err(refusal)
    }

    async fn exchange(
        &self,
        request: RequestBuilder,
        limits: Limits,
    ) -> Result<(u16, Option<Duration>, Vec<u8>), Error> {
        let mut host = String::new();
        let whole = async {
            let mut response = head(request, limits.first_byte, &mut host).await?;
            let (status, after) = (response.status().as_u16(), retry_after(response.headers(), self.clock.now()));
            let mut body = Vec::new();
            while let Some(piece) = piece(&mut response, limits.idle).await? {
                if body.len() + piece.len() > LARGEST {
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

    /// Waits until the budget allows one request, and counts it. One that was refused before goes to the front.
    /// May be dropped at any point.
    pub(crate) async fn acquire(&self, purpose: Purpose, key: &Key, refused: u32) {
        let budget = Budget { purpose, key: key.label.clone() };
        let _head = key.queue(purpose).enter(self.lane, refused).await;
        let rate = self.settings().policy.rate(purpose);
        while let Permit::After(wait) = self.ask_limiter(&budget, rate).await {
            self.clock.sleep(wait.clamp(LEAST_WAIT, LONGEST_WAIT)).await;
        }
    }

    /// Makes a call that has its permit; a refusal for the rate pauses the whole budget.
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
            let pause = error.retry_after().unwrap_or(DEFAULT_PAUSE).min(LONGEST_PAUSE);
            tracing::debug!(%budget, pause_ms = pause.as_millis(), "kie refuses for a while");
            let now = self.clock.now();
            if let Err(error) = self.limiter.pause(&budget, pause, now).await {
                tracing::warn!(%error, "counting within this process");
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
                tracing::warn!(%error, "counting within this process");
                self.local.try_acquire(budget, rate, now).await.unwrap_or(Permit::Granted)
            }
        }
    }

    /// Makes a call up to `attempts` times while `may` allows it, with pauses on the client's clock. A server that asks
    /// for a longer pause than [`LONGEST_WAIT`] is not waited for.
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
            if attempt >= attempts.min(ATTEMPTS) || !may(&error) || pause > LONGEST_WAIT {
                return Err(error);
            }
            tracing::debug!(attempt, code = error.code(), pause_ms = pause.as_millis(), "kie is asked again");
            self.clock.sleep(pause).await;
            attempt += 1;
        }
    }
}

/// Sends a request and waits for the head of the answer. `host` is set as soon as it is known.
pub(crate) async fn head(request: RequestBuilder, wait: Duration, host: &mut String) -> Result<Response, Error> {
    let (client, request) = request.build_split();
    let request = request.map_err(|error| Error::Settings(root(&error.without_url())))?;
    *host = host_of(request.url());
    match timeout(wait, client.execute(request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(broken(error, host)),
        Err(_) => Err(Error::Timeout { host: host.clone(), what: "no answer", waited: wait }),
    }
}

/// The next piece of a body; `None` at its good end.
pub(crate) async fn piece(response: &mut Response, wait: Duration) -> Result<Option<bytes::Bytes>, Error> {
    let host = host_of(response.url());
    match timeout(wait, response.chunk()).await {
        Ok(read) => read.map_err(|error| broken(error, &host)),
        Err(_) => Err(Error::Timeout { host, what: "nothing more", waited: wait }),
    }
}

/// The wait that a server asks for, in seconds or until a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let told = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = told.parse() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = httpdate::parse_http_date(told).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(until.saturating_sub(now.since(Timestamp::default())))
}

fn broken(error: reqwest::Error, host: &str) -> Error {
    let host = host.to_owned();
    let error = error.without_url();
    let why = root(&error);
    if error.is_builder() {
        Error::Settings(why)
    } else if error.is_connect() {
        Error::Connect { host, why }
    } else {
        Error::Network { host, why }
    }
}

fn host_of(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// The innermost cause: "connection refused" instead of four wrappers around it.
fn root(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut words = error.to_string();
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    #[test]
    fn the_key_is_cut_out_of_answers() {
        let hosts = |key: &str| Hosts::new(Settings::new(SecretString::from(key))).unwrap();
        let clean = hosts("0123456789abcdef").redact(b"bad key 0123456789abcdef, 0123456789abcdef0".to_vec());
        assert_eq!(clean, b"bad key [key], [key]0");
        assert_eq!(hosts("0123456789abcdef").redact(b"0123".to_vec()), b"0123");
        let both = hosts("0123456789abcdef,fedcba9876543210").redact(b"fedcba9876543210 0123456789abcdef".to_vec());
        assert_eq!(both, b"[key] [key]");
        assert_eq!(hosts("short").redact(b"a short key".to_vec()), b"a short key");
    }

    #[test]
    fn retry_after_is_read_in_seconds_or_as_a_date() {
        // 07:27:15 of that day.
        let now = Timestamp::from_millis(1_792_567_635_000);
        let read = |text: &str| retry_after(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]), now);
        assert_eq!(read("7"), Some(Duration::from_secs(7)));
        assert_eq!(read("0.5"), Some(Duration::from_millis(500)));
        assert_eq!(read("Wed, 21 Oct 2026 07:28:00 GMT"), Some(Duration::from_secs(45)));
        assert_eq!(read("Wed, 21 Oct 2026 07:20:00 GMT"), Some(Duration::ZERO));
        for nothing in ["-1", "NaN", "1e400", "Wed, 21 Oct", ""] {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }
}
