//! Receives the updates that Telegram posts in webhook mode: each is stored and confirmed, and handled afterwards.
//!
//! Path and secret are derived from the bot's token, so all instances agree on them without another setting, and those
//! of another token do not match. Source: <https://core.telegram.org/bots/api#setwebhook>.

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

use super::{BODY_LIMIT, retry_later};
use crate::inbox::{Mailbox, ReceiveError};
use crate::mac::{derive_key, hmac_sha256};

/// The header in which Telegram sends the secret.
pub const SECRET_HEADER: &str = "X-Telegram-Bot-Api-Secret-Token";

/// Time limit for reading the body, and for storing the update. Telegram then repeats the request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where a bot receives its updates, and the secret that proves that Telegram sent them.
#[derive(Clone)]
pub struct UpdateEndpoint {
    path: String,
    secret: SecretString,
}

impl fmt::Debug for UpdateEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateEndpoint").field("path", &self.path).finish_non_exhaustive()
    }
}

impl UpdateEndpoint {
    /// For the bot with this token.
    pub fn of(token: &SecretString) -> Self {
        let path = format!("/telegram/{}", &derive(token, "kie-bot webhook path")[..16]);
        Self { path, secret: derive(token, "kie-bot webhook secret").into() }
    }

    /// The path of the route.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The secret: 64 characters of `0-9a-f`.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }

    /// The URL below the public one.
    pub fn url(&self, public: &Url) -> Url {
        let mut url = public.clone();
        url.set_path(&format!("{}{}", public.path().trim_end_matches('/'), self.path));
        url
    }

    /// Whether this is the secret. Digests are compared, so that the time does not depend on the wrong secret.
    fn is_secret(&self, given: &[u8]) -> bool {
        let digest = |text: &[u8]| hmac_sha256(self.secret.expose_secret().as_bytes(), text).finalize();
        digest(given) == digest(self.secret.expose_secret().as_bytes())
    }
}

/// A secret for a purpose, in hexadecimal.
fn derive(token: &SecretString, purpose: &str) -> String {
    hex::encode(derive_key(token, purpose))
}

struct RouteState {
    endpoint: UpdateEndpoint,
    mailbox: Arc<dyn Mailbox>,
}

/// The route. 200: the update is stored. 401: the secret is wrong. 400 and 413: the body is no update. 408 and 503: not
/// stored, to be repeated.
pub fn router(endpoint: UpdateEndpoint, mailbox: Arc<dyn Mailbox>) -> Router {
    let path = endpoint.path.clone();
    Router::new().route(&path, post(receive)).with_state(Arc::new(RouteState { endpoint, mailbox }))
}

async fn receive(State(state): State<Arc<RouteState>>, headers: HeaderMap, request: Request) -> Response {
    // Checked before the body is read, so that requests of others cost little.
    if !headers.get(SECRET_HEADER).is_some_and(|given| state.endpoint.is_secret(given.as_bytes())) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let body = match tokio::time::timeout(TIMEOUT, to_bytes(request.into_body(), BODY_LIMIT)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let Ok(update) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match tokio::time::timeout(TIMEOUT, state.mailbox.receive(update)).await {
        Ok(Ok(())) => StatusCode::OK.into_response(),
        Ok(Err(ReceiveError::NotAnUpdate)) => StatusCode::BAD_REQUEST.into_response(),
        Ok(Err(ReceiveError::NotStored(_))) | Err(_) => retry_later(),
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

    fn endpoint() -> UpdateEndpoint {
        UpdateEndpoint::of(&"123456:TEST".to_owned().into())
    }

    async fn send(mailbox: Arc<Letters>, secret: Option<&str>, body: impl Into<Body>) -> u16 {
        let mut request = axum::http::Request::post(endpoint().path());
        if let Some(secret) = secret {
            request = request.header(SECRET_HEADER, secret);
        }
        let router = router(endpoint(), mailbox);
        router.oneshot(request.body(body.into()).unwrap()).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn the_status_tells_whether_the_update_is_stored() {
        let mailbox = Arc::new(Letters::default());
        let endpoint = endpoint();
        let secret = endpoint.secret().expose_secret();
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
    fn path_and_secret_are_derived_from_the_token_and_hide_it() {
        let (endpoint, other) = (endpoint(), UpdateEndpoint::of(&"123456:TESU".to_owned().into()));
        assert_ne!(endpoint.path(), other.path());
        assert_ne!(endpoint.secret().expose_secret(), other.secret().expose_secret());
        let secret = endpoint.secret().expose_secret();
        assert!(secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert!(!format!("{endpoint:?}").contains(secret) && !secret.contains(&endpoint.path()[10..]));
        for public in
            ["https://example.com", "https://example.com/", "https://example.com/bot", "https://example.com/bot/"]
        {
            let url = endpoint.url(&public.parse().unwrap()).to_string();
            assert_eq!(url, format!("{}{}", public.trim_end_matches('/'), endpoint.path()));
        }
    }
}
