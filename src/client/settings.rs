//! The settings of a client.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::client::error::Error;
use crate::client::key::split;
use crate::client::limit::{Purpose, Rate};

/// The vendor's host for everything except uploads.
const API_URL: &str = "https://api.kie.ai";
/// The vendor's host for uploads.
const UPLOAD_URL: &str = "https://kieai.redpandaai.co";

/// The servers, the keys and the limits. `Debug` does not show the keys.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Base URL of all routes except uploads.
    pub api_url: Url,
    /// Base URL of the upload routes.
    pub upload_url: Url,
    /// The account's key, or several of different accounts, separated by commas: they share the creates, and one that is
    /// refused is left out, see [`Policy::key_cooldown`].
    pub key: SecretString,
    /// Folder for uploads at the vendor; slashes at its ends are removed, because the vendor refuses them.
    pub upload_path: String,
    /// Whether URLs that others choose (results, a person's links, redirects) may lead to addresses that are not public,
    /// e.g. 127.0.0.1 and 10.0.0.0/8. Off by default; the two servers above, and a proxy, may have any address.
    pub private_hosts: bool,
    /// Time limits.
    pub timeouts: Timeouts,
    /// Rate limits.
    pub policy: Policy,
}

/// Rate limits for each key: the vendor's limits (agent guide, September 2026) with some margin, because its windows
/// start at other times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Create requests. The vendor accepts 20 in 10 s; the default is 18 in 11 s.
    pub creates: Rate,
    /// Polls of tasks. The vendor answers 10 a second; the default is one in 110 ms.
    pub polls: Rate,
    /// Reads of the catalogue. The vendor answers one a second; the default is one in 1.1 s.
    pub catalogue: Rate,
    /// How long a key is not used after it was refused (401, 402, 403, 433). It still polls its own tasks. If all keys
    /// were refused, the one whose cooldown ends first is tried.
    pub key_cooldown: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            creates: Rate::new(18, Duration::from_secs(11)),
            polls: Rate::new(1, Duration::from_millis(110)),
            catalogue: Rate::new(1, Duration::from_millis(1100)),
            key_cooldown: Duration::from_secs(600),
        }
    }
}

impl Policy {
    pub(crate) fn rate(&self, purpose: Purpose) -> Rate {
        match purpose {
            Purpose::Create => self.creates,
            Purpose::Poll => self.polls,
            Purpose::Catalogue => self.catalogue,
        }
    }
}

/// Time limits of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection, including TLS.
    pub connect: Duration,
    /// For the beginning of an answer.
    pub first_byte: Duration,
    /// For the next part of a body.
    pub idle: Duration,
    /// For a whole call without a file.
    pub total: Duration,
    /// For a whole upload or download.
    pub transfer: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_byte: Duration::from_secs(60),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(90),
            transfer: Duration::from_secs(900),
        }
    }
}

impl Settings {
    /// Settings for the vendor's hosts.
    pub fn new(key: SecretString) -> Self {
        let constant = |url| Url::parse(url).expect("the constant is a url");
        Self {
            api_url: constant(API_URL),
            upload_url: constant(UPLOAD_URL),
            key,
            upload_path: "kie-bot".into(),
            private_hosts: false,
            timeouts: Timeouts::default(),
            policy: Policy::default(),
        }
    }

    /// From `KIE_API_KEY` (one key, or several separated by commas), `KIE_API_URL` and `KIE_UPLOAD_URL`; the URLs
    /// default to the vendor's.
    ///
    /// # Errors
    /// [`Error::Settings`] naming the variable; never its value.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(|name| std::env::var(name).ok())
    }

    /// As [`Settings::from_env`], from any source of variables. An empty value counts as not set.
    ///
    /// # Errors
    /// [`Error::Settings`] naming the variable; never its value.
    pub fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let var = |name: &str| var(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let key = var("KIE_API_KEY").ok_or_else(|| Error::Settings("KIE_API_KEY is not set".into()))?;
        let mut settings = Self::new(SecretString::from(key));
        for (name, url) in [("KIE_API_URL", &mut settings.api_url), ("KIE_UPLOAD_URL", &mut settings.upload_url)] {
            if let Some(value) = var(name) {
                *url = Url::parse(&value).map_err(|why| Error::Settings(format!("{name} is not a url: {why}")))?;
            }
        }
        settings.check()?;
        Ok(settings)
    }

    /// Checks the URLs and keys.
    ///
    /// # Errors
    /// [`Error::Settings`] for what would fail in every call.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (name, url) in [("api url", &self.api_url), ("upload url", &self.upload_url)] {
            if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
                return Err(Error::Settings(format!("the {name} of kie must begin with http:// or https://")));
            }
        }
        let keys = split(&self.key);
        let fits = |key: &SecretString| key.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
        if keys.is_empty() || !keys.iter().all(fits) {
            return Err(Error::Settings("the kie key is empty or holds a character that no key has".into()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(vars: &[(&str, &str)]) -> Result<Settings, Error> {
        Settings::from_vars(|name| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn defaults_are_the_vendors_hosts() {
        let settings = from(&[("KIE_API_KEY", " secret-key-123 "), ("KIE_API_URL", "")]).unwrap();
        assert_eq!(settings.api_url.as_str(), "https://api.kie.ai/");
        assert_eq!(settings.upload_url.as_str(), "https://kieai.redpandaai.co/");
        assert_eq!(settings.key.expose_secret(), "secret-key-123");
        assert!(!format!("{settings:?}").contains("secret-key-123"));
    }

    #[test]
    fn mistakes_name_the_variable_and_not_the_key() {
        let message = |vars: &[(&str, &str)]| from(vars).unwrap_err().to_string();
        assert_eq!(message(&[]), "KIE_API_KEY is not set");
        assert!(message(&[("KIE_API_KEY", "k"), ("KIE_API_URL", "nonsense")]).starts_with("KIE_API_URL is not a url"));
        assert!(message(&[("KIE_API_KEY", "k"), ("KIE_UPLOAD_URL", "ftp://x")]).contains("upload url"));
        let broken = message(&[("KIE_API_KEY", "secret\nkey")]);
        assert!(!broken.contains("secret"), "{broken}");
    }
}
