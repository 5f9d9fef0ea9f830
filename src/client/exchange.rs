//! One HTTP exchange: sending a request, reading its answer in time, and the errors of a connection.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
use tokio::time::timeout;
use url::Url;

use crate::client::error::Error;
use crate::client::public_host::refused_host;
use crate::clock::Timestamp;

/// Sends a request and waits for the beginning of the answer. `host` is set as soon as it is known.
pub(crate) async fn send(request: RequestBuilder, wait: Duration, host: &mut String) -> Result<Response, Error> {
    let (client, request) = request.build_split();
    let request = request.map_err(|error| Error::Settings(root_cause(&error.without_url())))?;
    *host = host_of(request.url());
    match timeout(wait, client.execute(request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(broken(error, host)),
        Err(_) => Err(Error::Timeout { host: host.clone(), what: "no answer", waited: wait }),
    }
}

/// The next part of a body; `None` at its end.
pub(crate) async fn next_chunk(response: &mut Response, wait: Duration) -> Result<Option<bytes::Bytes>, Error> {
    let host = host_of(response.url());
    match timeout(wait, response.chunk()).await {
        Ok(read) => read.map_err(|error| broken(error, &host)),
        Err(_) => Err(Error::Timeout { host, what: "nothing more", waited: wait }),
    }
}

/// The time of a `Retry-After` header, which has seconds or a date.
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
    if let Some(host) = refused_host(&error) {
        return Error::PrivateHost { host };
    }
    let why = root_cause(&error);
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
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
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
    use super::*;

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
