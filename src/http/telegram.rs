//! Updates that Telegram posts: checked, stored, answered; handled afterwards.
//!
//! Address and secret come from the bot's token, so every instance agrees on them without another setting, and what was
//! set for another token does not fit. Facts: <https://core.telegram.org/bots/api#setwebhook>.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use hmac::Mac;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::{BODY_LIMIT, later};
use crate::inbox::{Mailbox, ReceiveError};
use crate::mac::{derive_key, hmac_sha256};

/// The header in which Telegram repeats the secret.
pub const SECRET_HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";

/// A body or a store that takes longer than this is as good as none: Telegram comes again.
const LIMIT: Duration = Duration::from_secs(10);

/// Where a bot's updates arrive, and what proves that Telegram sent them.
#[derive(Clone)]
pub struct Hook {
    path: String,
    secret: SecretString,
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hook").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Hook {
    /// Of the bot with this token.
    pub fn of(token: &SecretString) -> Self {
        let path = format!("/telegram/{}", &derive(token, "kie-bot webhook path")[..16]);
        Self { path, secret: derive(token, "kie-bot webhook secret").into() }
    }

    /// The route.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The secret: 64 characters of `0-9a-f`.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// The address under the public one, with one slash between them.
    pub fn url(&self, public: &Url) -> Url {
        let mut url = public.clone();
        url.set_path(&format!("{}{}", public.path().trim_end_matches('/'), self.path));
        url
    }

    /// Takes the same time for every wrong secret: what is compared are two digests.
    fn knows(&self, given: &[u8]) -> bool {
        let digest = |text: &[u8]| hmac_sha256(self.secret.expose_secret().as_bytes(), text).finalize();
        digest(given) == digest(self.secret.expose_secret().as_bytes())
    }
}

/// Hexadecimal.
fn derive(token: &SecretString, purpose: &str) -> String {
    hex::encode(derive_key(token, purpose))
}

struct Gate {
    hook: Hook,
    mailbox: Arc<dyn Mailbox>,
}

/// The route of `hook`. 200: stored. 401: the secret is wrong. 400 and 413: no update. 408 and 503: not stored, come again.
pub fn router(hook: Hook, mailbox: Arc<dyn Mailbox>) -> Router {
    let path = hook.path.clone();
    Router::new().route(&path, post(receive)).with_state(Arc::new(Gate { hook, mailbox }))
}

async fn receive(State(gate): State<Arc<Gate>>, headers: HeaderMap, request: Request) -> Response {
    // Before the body is read: strangers get no work done.
    if !headers.get(SECRET_HEADER).is_some_and(|given| gate.hook.knows(given.as_bytes())) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let body = match tokio::time::timeout(LIMIT, to_bytes(request.into_body(), BODY_LIMIT)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let Ok(update) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match tokio::time::timeout(LIMIT, gate.mailbox.receive(update)).await {
        Ok(Ok(())) => StatusCode::OK.into_response(),
        Ok(Err(ReceiveError::NotAnUpdate)) => StatusCode::BAD_REQUEST.into_response(),
        Ok(Err(ReceiveError::NotStored(_))) | Err(_) => later(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;

    #[derive(Default)]
    struct Letters {
        kept: Mutex<Vec<Value>>,
        broken: bool,
    }

    #[async_trait]
    impl Mailbox for Letters {
        async fn receive(&self, body: Value) -> Result<(), ReceiveError> {
            if self.broken {
                return Err(ReceiveError::NotStored("the disk is full".to_owned()));
            }
            body.get("update_id").ok_or(ReceiveError::NotAnUpdate)?;
            self.kept.lock().unwrap().push(body);
            Ok(())
        }
    }

    fn hook() -> Hook {
        Hook::of(&"123456:TEST".to_owned().into())
    }

    async fn send(mailbox: Arc<Letters>, secret: Option<&str>, body: impl Into<Body>) -> u16 {
        let mut request = axum::http::Request::post(hook().path());
        if let Some(secret) = secret {
            request = request.header(SECRET_HEADER, secret);
        }
        let router = router(hook(), mailbox);
        router.oneshot(request.body(body.into()).unwrap()).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn the_status_says_what_became_of_an_update() {
        let mailbox = Arc::new(Letters::default());
        let hook = hook();
        let secret = hook.secret().expose_secret();
        let update = r#"{"update_id": 5}"#;
        for wrong in [None, Some(""), Some("x"), Some(&secret[..63]), Some(&secret.to_uppercase())] {
            assert_eq!(send(mailbox.clone(), wrong, update).await, 401, "{wrong:?}");
        }
        assert_eq!(send(mailbox.clone(), Some(secret), "{").await, 400);
        assert_eq!(send(mailbox.clone(), Some(secret), "[1]").await, 400);
        assert_eq!(send(mailbox.clone(), Some(secret), vec![b' '; BODY_LIMIT + 1]).await, 413);
        assert_eq!(send(mailbox.clone(), Some(secret), update).await, 200);
        assert_eq!(mailbox.kept.lock().unwrap().len(), 1);
        let broken = Arc::new(Letters { broken: true, ..Letters::default() });
        assert_eq!(send(broken, Some(secret), update).await, 503);
    }

    #[test]
    fn address_and_secret_follow_from_the_token_and_do_not_show_it() {
        let (hook, other) = (hook(), Hook::of(&"123456:TESU".to_owned().into()));
        assert_ne!(hook.path(), other.path());
        assert_ne!(hook.secret().expose_secret(), other.secret().expose_secret());
        let secret = hook.secret().expose_secret();
        assert!(secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert!(!format!("{hook:?}").contains(secret) && !secret.contains(&hook.path()[10..]));
        for public in
            ["https://example.com", "https://example.com/", "https://example.com/bot", "https://example.com/bot/"]
        {
            let url = hook.url(&public.parse().unwrap()).to_string();
            assert_eq!(url, format!("{}{}", public.trim_end_matches('/'), hook.path()));
        }
    }
}
