//! Sentences for failed calls to KIE.

use crate::client;
use crate::l10n::CliMessages;

impl CliMessages {
    /// The code of a failed call and the reason: `402: no credits left`.
    pub fn failure(&self, error: &client::Error) -> String {
        let why = match error {
            client::Error::Api { message, .. } if !error.is_ip_refused() && !error.is_key_limit() => message.clone(),
            other => self.call(other),
        };
        format!("{}: {why}", error.to_failure().code)
    }

    /// Why a call failed. Messages of the operating system and of the vendor are not translated.
    pub fn call(&self, error: &client::Error) -> String {
        use client::Error;
        match error {
            Error::Settings(why) => why.clone(),
            Error::Api { code, message, .. } if error.is_ip_refused() => {
                self.call_ip_refused(&code.to_string(), message)
            }
            Error::Api { code, message, .. } if error.is_key_limit() => self.call_key_limit(&code.to_string(), message),
            Error::Api { code, message, .. } => self.call_api(&code.to_string(), message),
            Error::Blocked { status, .. } => self.call_blocked(*status),
            Error::Http { status, .. } => self.call_http(*status),
            Error::NoFile { status, .. } => self.call_no_file(*status),
            Error::NotLive { model, nearest: None } => self.call_not_live(model),
            Error::NotLive { model, nearest: Some(nearest) } => self.call_not_live_nearest(model, nearest),
            Error::NeedsWebhook { model } => self.call_needs_webhook(model),
            Error::Connect { host, why } => self.call_connect(host, why),
            Error::Network { host, why } => self.call_network(host, why),
            Error::Timeout { host, what, waited } => {
                // A Fluent variant key has no spaces.
                self.call_timeout(host, &what.replace(' ', "-"), &self.number(waited.as_secs_f64()))
            }
            Error::NotFound => self.call_unknown_task(),
            Error::Reply(why) => self.call_reply(why),
            Error::TooLarge { limit } => self.call_too_large(&limit.to_string()),
            Error::Url => self.call_url(),
            Error::PrivateHost { host } => self.call_private_host(host),
            Error::Model => self.call_model(),
            Error::File { what: "write", path, why } => self.call_cannot_write(path, why),
            Error::File { path, why, .. } => self.call_cannot_read(path, why),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::l10n::Lang;

    #[test]
    fn english_sentences_equal_the_errors_own_text() {
        use client::Error;
        let (host, why) = ("kie.test".to_owned(), "reset".to_owned());
        let timeout = |what| Error::Timeout { host: host.clone(), what, waited: Duration::from_millis(1500) };
        let file = |what| Error::File { what, path: "a.png".into(), why: why.clone() };
        let calls = [
            Error::Settings("the url is none".into()),
            Error::Api { code: 402, message: "no credits".into(), retry_after: None, task: None },
            Error::Api { code: 403, message: "ip refused".into(), retry_after: None, task: None },
            Error::Api { code: 433, message: "limit".into(), retry_after: None, task: None },
            Error::Http { status: 502, retry_after: None },
            Error::Blocked { status: 403, retry_after: None },
            Error::NoFile { status: 404, retry_after: None },
            Error::NotLive { model: "acme/a", nearest: None },
            Error::NotLive { model: "acme/a", nearest: Some("acme/b") },
            Error::NeedsWebhook { model: "acme/a" },
            Error::Connect { host: host.clone(), why: why.clone() },
            Error::Network { host: host.clone(), why: why.clone() },
            timeout("no answer"),
            timeout("nothing more"),
            timeout("not everything"),
            Error::NotFound,
            Error::Reply("it is too large"),
            Error::TooLarge { limit: 1_000_000 },
            Error::Url,
            Error::PrivateHost { host: host.clone() },
            Error::Model,
            file("read"),
            file("write"),
        ];
        for error in calls {
            assert_eq!(CliMessages::of(Lang::En).call(&error), error.to_string());
        }
    }
}
