//! The connections to KIE's hosts and to other hosts, and the removal of keys from answers.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::client::error::Error;
use crate::client::exchange::root_cause;
use crate::client::key::Keys;
use crate::client::public_host::PublicHosts;
use crate::client::settings::{Settings, Timeouts};

/// A shorter key is not removed from answers: it could be part of an ordinary word. Real keys have 32 characters.
const MIN_REDACTED_KEY: usize = 12;

/// Domains of the vendor's result files (recorded traffic, and reports of public clients, 2026).
const FILE_DOMAINS: &[&str] = &["aiquickdraw.com", "redpandaai.co", "kie.ai"];

/// The connections to hosts, with settings and keys.
pub(crate) struct Hosts {
    pub(crate) settings: Settings,
    pub(crate) keys: Keys,
    /// For the two API hosts. Follows no redirect, which would send the key elsewhere.
    pub(crate) api: reqwest::Client,
    /// For URLs that others choose, without keys.
    pub(crate) public: reqwest::Client,
    /// Which of those can be reached.
    pub(crate) public_hosts: PublicHosts,
}

/// Time limits of one request and its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExchangeTimeouts {
    pub(crate) first_byte: Duration,
    pub(crate) idle: Duration,
    pub(crate) total: Duration,
}

impl ExchangeTimeouts {
    pub(crate) fn call(timeouts: &Timeouts) -> Self {
        Self { first_byte: timeouts.first_byte, idle: timeouts.idle, total: timeouts.total }
    }

    /// The answer to an upload begins only when the whole file was sent.
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
                // If the server closes an idle connection just when a create request is sent, its result is unknown.
                .pool_idle_timeout(Duration::from_secs(15))
                // A create request must not be repeated by the HTTP library.
                .retry(reqwest::retry::never())
                .referer(false)
        };
        let built =
            |builder: reqwest::ClientBuilder| builder.build().map_err(|error| Error::Settings(root_cause(&error)));
        let api = built(builder().redirect(redirect::Policy::none()))?;
        let public_hosts = PublicHosts::new([&settings.api_url, &settings.upload_url], settings.private_hosts);
        let resolver = Arc::new(public_hosts.clone());
        let public = built(builder().redirect(public_hosts.redirects()).dns_resolver(resolver).no_gzip())?;
        Ok(Self { keys: Keys::new(&settings.key), settings, api, public, public_hosts })
    }

    /// Whether a URL leads to a file host of the vendor: one that it is known to use, or one of the settings.
    pub(crate) fn is_own_file(&self, url: &str) -> bool {
        let Ok(url) = Url::parse(url) else { return false };
        let is_configured = |own: &Url| {
            (own.scheme(), own.host_str(), own.port_or_known_default())
                == (url.scheme(), url.host_str(), url.port_or_known_default())
        };
        let is_known = |host: &str| {
            let inside =
                |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            FILE_DOMAINS.iter().any(|domain| inside(domain))
        };
        is_configured(&self.settings.api_url)
            || is_configured(&self.settings.upload_url)
            || (url.scheme() == "https" && url.host_str().is_some_and(is_known))
    }

    /// Replaces the keys in an answer.
    pub(crate) fn redact(&self, body: Vec<u8>) -> Vec<u8> {
        self.keys.all().iter().fold(body, |body, key| Self::replace(body, &key.secret))
    }

    fn replace(body: Vec<u8>, key: &SecretString) -> Vec<u8> {
        let key = key.expose_secret().as_bytes();
        if key.len() < MIN_REDACTED_KEY || !body.windows(key.len()).any(|part| part == key) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_files_are_told_by_their_host() {
        let hosts = Hosts::new(Settings::new(SecretString::from("0123456789abcdef"))).unwrap();
        for url in ["https://tempfile.aiquickdraw.com/a.png", "https://kie.ai/a", "https://file.kie.ai:443/a?b"] {
            assert!(hosts.is_own_file(url), "{url}");
        }
        let foreign = [
            "http://tempfile.aiquickdraw.com/a.png",
            "https://notkie.ai/a",
            "https://kie.ai.evil.example/a",
            "https://evil.example/kie.ai",
            "https://kie.ai@evil.example/",
            "asset://x",
            "nonsense",
        ];
        for url in foreign {
            assert!(!hosts.is_own_file(url), "{url}");
        }
    }

    #[test]
    fn keys_in_answers_are_replaced() {
        let hosts = |key: &str| Hosts::new(Settings::new(SecretString::from(key))).unwrap();
        let clean = hosts("0123456789abcdef").redact(b"bad key 0123456789abcdef, 0123456789abcdef0".to_vec());
        assert_eq!(clean, b"bad key [key], [key]0");
        assert_eq!(hosts("0123456789abcdef").redact(b"0123".to_vec()), b"0123");
        let both = hosts("0123456789abcdef,fedcba9876543210").redact(b"fedcba9876543210 0123456789abcdef".to_vec());
        assert_eq!(both, b"[key] [key]");
        assert_eq!(hosts("short").redact(b"a short key".to_vec()), b"a short key");
    }
}
