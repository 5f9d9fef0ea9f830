//! The vendor's public feeds, which its own site shows: prices and announcements.
//!
//! Neither is documented. Their form is known from public programs that read them (September and October 2026), so an
//! answer may be anything, and a caller has to do without. They need no key, and none is sent. Nothing is read without
//! limit: a page that is too large, or a feed with too many pages, is an error.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::client::Client;
use crate::client::envelope::{self, integer};
use crate::client::error::Error;
use crate::client::hosts::ExchangeTimeouts;

/// Time limits of a page: a feed is an addition, for which nobody waits long.
const LIMITS: ExchangeTimeouts = ExchangeTimeouts {
    first_byte: Duration::from_secs(10),
    idle: Duration::from_secs(5),
    total: Duration::from_secs(15),
};
/// Time limit of a whole feed.
const FEED_LIMIT: Duration = Duration::from_secs(30);
/// The largest page, in bytes. A hundred prices have about 60 kB.
const MAX_PAGE: usize = 1 << 20;
/// Prices on a page; the vendor allows no more.
const PRICES_PER_PAGE: usize = 100;
/// The most prices: about ten times as many as there were in October 2026.
const MAX_PRICES: i64 = 5_000;
/// The most pages of prices.
const PRICE_PAGES: i64 = 60;
/// Announcements on a page, as public programs ask for them.
const NEWEST_PER_PAGE: usize = 20;
/// Pages of announcements that are read: the newest sixty are enough for whoever looks once a day.
const NEWEST_PAGES: usize = 3;
/// How deep inside the answer a list of announcements is looked for.
const LIST_DEPTH: usize = 2;
/// The most attempts of a page when the connection fails.
const FEED_ATTEMPTS: u32 = 2;

impl Client {
    /// All records of the price feed, as received (`POST /client/v1/model-pricing/page`). A record of 2026 has
    /// `modelDescription`, `creditPrice` (a text), `creditUnit`, and in the parameter `model` of the URL `anchor` the
    /// model's id; only about half of the records have that.
    ///
    /// # Errors
    /// [`Error::Api`] with code 4030 where the vendor does not serve the feed to the region; [`Error::Reply`] for
    /// anything that is not the whole feed, and for one of unexpected size; otherwise any [`Error`].
    pub async fn price_feed(&self) -> Result<Vec<Value>, Error> {
        self.within_limit(self.read_prices()).await
    }

    async fn read_prices(&self) -> Result<Vec<Value>, Error> {
        let mut records: Vec<Value> = Vec::new();
        for page in 1..=PRICE_PAGES {
            let body = json!({ "pageNum": page, "pageSize": PRICES_PER_PAGE });
            let data = self.read_feed("/client/v1/model-pricing/page", &body, "price feed").await?;
            let part = data.get("records").and_then(Value::as_array).ok_or(Error::Reply("it has no records"))?;
            records.extend_from_slice(part);
            let (read, total) = (records.len() as i64, data.get("total").and_then(integer));
            if read.max(total.unwrap_or_default()) > MAX_PRICES {
                return Err(Error::Reply("it is ten times larger than expected"));
            }
            let is_last = data.get("pages").and_then(integer).is_some_and(|pages| page >= pages);
            if part.is_empty() || is_last || total.is_some_and(|total| read >= total) {
                return if total.is_some_and(|total| read < total) {
                    Err(Error::Reply("pages of it are missing"))
                } else {
                    Ok(records)
                };
            }
        }
        Err(Error::Reply("it does not end"))
    }

    /// The newest announcements, as received (`POST /api/v1/common/pageApiAnnouncementList`): the list of objects that
    /// the answer holds. An announcement of 2026 has `title`, `content` and `publishDate` in Unix milliseconds.
    ///
    /// # Errors
    /// As [`Client::price_feed`].
    pub async fn announcements(&self) -> Result<Vec<Value>, Error> {
        self.within_limit(self.read_announcements()).await
    }

    async fn read_announcements(&self) -> Result<Vec<Value>, Error> {
        let mut newest = Vec::new();
        for page in 1..=NEWEST_PAGES {
            let body =
                json!({ "language": "en", "projectSource": "kie.ai", "pageNum": page, "pageSize": NEWEST_PER_PAGE });
            let data = self.read_feed("/api/v1/common/pageApiAnnouncementList", &body, "announcements").await?;
            let part = objects(&data, LIST_DEPTH).ok_or(Error::Reply("it has no list of announcements"))?;
            newest.extend(part.iter().filter(|entry| entry.is_object()).take(NEWEST_PER_PAGE).cloned());
            if part.len() < NEWEST_PER_PAGE {
                break;
            }
        }
        Ok(newest)
    }

    async fn within_limit<T>(&self, feed: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let host = self.settings().api_url.host_str().unwrap_or_default().to_owned();
        let late = Error::Timeout { host, what: "not everything", waited: FEED_LIMIT };
        timeout(FEED_LIMIT, feed).await.unwrap_or(Err(late))
    }

    async fn read_feed(&self, path: &str, body: &Value, route: &'static str) -> Result<Value, Error> {
        let may = |error: &Error| matches!(error, Error::Connect { .. } | Error::Network { .. });
        let read = || async {
            let started = self.clock.now();
            let (status, after, body) = self.send_and_read(self.post_public(path).json(body), LIMITS, MAX_PAGE).await?;
            let ms = self.clock.now().since(started).as_millis();
            tracing::debug!(route, status, ms, "kie answered");
            match envelope::open(status, after, &self.hosts.redact(body.clone())) {
                Err(Error::Http { status: 200, .. }) => Err(Error::Reply(flaw(&body))),
                opened => opened,
            }
        };
        self.repeat(FEED_ATTEMPTS, may, read).await
    }
}

/// Why a body that came with HTTP status 200 is no envelope.
fn flaw(body: &[u8]) -> &'static str {
    if body.trim_ascii_start().starts_with(b"<") {
        "it is a web page"
    } else if serde_json::from_slice::<Value>(body).is_err() {
        "it is not whole JSON"
    } else {
        "it has no code"
    }
}

/// The first list of objects in a value, at most `depth` objects deep. An empty list counts when there is no other.
fn objects(value: &Value, depth: usize) -> Option<&Vec<Value>> {
    if let Some(list) = value.as_array() {
        return list.iter().all(Value::is_object).then_some(list);
    }
    let inner = value.as_object().filter(|_| depth > 0)?;
    let found: Vec<&Vec<Value>> = inner.values().filter_map(|value| objects(value, depth - 1)).collect();
    found.iter().find(|list| !list.is_empty()).or(found.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_found_where_it_is() {
        let found = |value: Value| objects(&value, LIST_DEPTH).map(Vec::len);
        assert_eq!(found(json!([{}, {}])), Some(2));
        assert_eq!(found(json!({ "total": 1, "tags": [], "records": [{}] })), Some(1));
        assert_eq!(found(json!({ "page": { "list": [{}] } })), Some(1));
        assert_eq!(found(json!({ "records": [] })), Some(0));
        for none in [json!(null), json!({}), json!({ "names": ["a"] }), json!({ "a": { "b": { "c": [{}] } } })] {
            assert_eq!(found(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn a_body_that_is_no_envelope_is_named() {
        assert_eq!(flaw(b" \n<!doctype html>"), "it is a web page");
        assert_eq!(flaw(b"{\"code\":200,\"da"), "it is not whole JSON");
        assert_eq!(flaw(b"[1]"), "it has no code");
    }
}
