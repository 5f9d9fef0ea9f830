//! Faults to inject: how the next matching requests are answered instead of, or in addition to, the normal reply.

use serde::Deserialize;

/// A group of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// `createTask`, and the routes that answer with their result at once.
    Create,
    /// `recordInfo`.
    Record,
    /// `chat/credit`.
    Credit,
    /// The three upload routes.
    Upload,
    /// `common/download-url`.
    DownloadUrl,
    /// The list of models.
    Catalogue,
    /// Success rates of models.
    SuccessRate,
    /// Schemas of models.
    Schema,
    /// Prices of models.
    Price,
    /// The public price feed.
    PriceFeed,
    /// The public announcements.
    Announcements,
    /// Result and upload files.
    File,
}

impl Route {
    /// The group of a path; `None` for the simulator's own routes.
    pub(super) fn of(path: &str) -> Option<Self> {
        match path {
            "/api/v1/jobs/createTask" => Some(Self::Create),
            "/api/v1/jobs/recordInfo" => Some(Self::Record),
            "/api/v1/chat/credit" => Some(Self::Credit),
            "/api/v1/common/download-url" => Some(Self::DownloadUrl),
            "/client/v1/model-pricing/page" => Some(Self::PriceFeed),
            "/api/v1/common/pageApiAnnouncementList" => Some(Self::Announcements),
            "/api/file-stream-upload" | "/api/file-base64-upload" | "/api/file-url-upload" => Some(Self::Upload),
            _ if path.starts_with("/api/v1/models") => Some(match path.rsplit('/').next() {
                Some("schema") => Self::Schema,
                Some("price") => Self::Price,
                Some("success-rate") => Self::SuccessRate,
                _ => Self::Catalogue,
            }),
            _ if path.starts_with("/files/") => Some(Self::File),
            _ => None,
        }
    }
}

/// How a request is disturbed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KieFaultEffect {
    /// The request is answered with this envelope and not carried out. Code 200 gives null data.
    Code {
        /// The envelope's code.
        code: i64,
        /// The envelope's text.
        #[serde(default)]
        msg: String,
        /// HTTP status; 200 when absent, as on the wire.
        #[serde(default)]
        status: Option<u16>,
        /// Seconds in a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
    },
    /// The request is answered with an HTML page, as a gateway does, and not carried out.
    Html {
        /// HTTP status, e.g. 502.
        status: u16,
    },
    /// The request is answered as a CDN refuses it (status 403, `error code: 1010`), and not carried out.
    Blocked,
    /// The connection closes and the request is not carried out.
    #[serde(rename = "drop")]
    Disconnect,
    /// The request is carried out, then the connection closes without a reply.
    #[serde(rename = "lose")]
    LoseReply,
    /// The reply breaks off in the middle.
    Truncate,
    /// The reply is sent in parts over this time, in milliseconds.
    SlowBody(u64),
    /// The request is carried out after this time, in milliseconds.
    Delay(u64),
}

/// A fault of the simulated KIE: which requests it disturbs, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KieFault {
    /// The requests that it disturbs.
    pub on: Route,
    /// How many of them.
    #[serde(default = "once")]
    pub times: u32,
    /// How they are disturbed.
    #[serde(rename = "trouble")]
    pub effect: KieFaultEffect,
}

fn once() -> u32 {
    1
}

impl KieFault {
    /// Disturbs one request.
    pub fn once(on: Route, effect: KieFaultEffect) -> Self {
        Self { on, times: 1, effect }
    }

    /// Disturbs `times` requests.
    pub fn times(on: Route, times: u32, effect: KieFaultEffect) -> Self {
        Self { on, times, effect }
    }

    /// Answers one request with an envelope code under HTTP 200.
    pub fn code(on: Route, code: i64, msg: &str) -> Self {
        Self::once(on, KieFaultEffect::Code { code, msg: msg.to_owned(), status: None, retry_after: None })
    }

    /// Answers one request with code 429 and a `Retry-After` header.
    pub fn busy(on: Route, retry_after_s: u64) -> Self {
        let msg = "too many requests".to_owned();
        Self::once(on, KieFaultEffect::Code { code: 429, msg, status: None, retry_after: Some(retry_after_s) })
    }
}

/// The effect of the first fault for a route; counts it as used.
pub(super) fn take(faults: &mut Vec<KieFault>, route: Route) -> Option<KieFaultEffect> {
    let at = faults.iter().position(|fault| fault.on == route && fault.times > 0)?;
    faults[at].times -= 1;
    let effect = faults[at].effect.clone();
    faults.retain(|fault| fault.times > 0);
    Some(effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_injected_in_order_and_run_out() {
        let mut faults = vec![
            KieFault::times(Route::Record, 2, KieFaultEffect::Disconnect),
            KieFault::code(Route::Create, 455, "maintenance"),
            KieFault::once(Route::Record, KieFaultEffect::Truncate),
        ];
        let mut seen = Vec::new();
        while let Some(effect) = take(&mut faults, Route::Record) {
            seen.push(effect);
        }
        assert_eq!(seen, [KieFaultEffect::Disconnect, KieFaultEffect::Disconnect, KieFaultEffect::Truncate]);
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn a_fault_reads_from_json() {
        let fault: KieFault =
            serde_json::from_str(r#"{"on":"create","trouble":{"code":{"code":429,"retry_after":2}}}"#).unwrap();
        assert_eq!(fault.times, 1);
        let KieFaultEffect::Code { code: 429, retry_after: Some(2), status: None, .. } = fault.effect else {
            panic!("{fault:?}")
        };
        let fault: KieFault = serde_json::from_str(r#"{"on":"file","times":3,"trouble":"truncate"}"#).unwrap();
        assert_eq!(fault, KieFault::times(Route::File, 3, KieFaultEffect::Truncate));
    }
}
