//! The simulated Telegram by plain JSON, for what teloxide has no words for.

use kie::demo::telegram::{SimTelegram, SimTelegramOptions};
use serde_json::{Value, json};

/// A simulated Telegram, and a bot that calls it.
pub(super) struct RawBot {
    pub(super) sim: SimTelegram,
    web: reqwest::Client,
    offset: std::cell::Cell<i64>,
}

impl RawBot {
    pub(super) async fn start() -> Self {
        Self::with(SimTelegramOptions::default()).await
    }

    pub(super) async fn with(options: SimTelegramOptions) -> Self {
        let sim = SimTelegram::start(options).await.unwrap();
        Self { sim, web: reqwest::Client::new(), offset: 0.into() }
    }

    async fn call(&self, method: &str, args: Value) -> Value {
        let url = format!("{}bot{}/{method}", self.sim.api_url, self.sim.token());
        self.web.post(url).json(&args).send().await.unwrap().json().await.unwrap()
    }

    /// The result of a call that is carried out.
    pub(super) async fn result(&self, method: &str, args: Value) -> Value {
        let reply = self.call(method, args).await;
        assert_eq!(reply["ok"], true, "{method}: {reply}");
        reply["result"].clone()
    }

    /// The error of a call that is refused.
    pub(super) async fn refusal(&self, method: &str, args: Value) -> (i64, String) {
        let reply = self.call(method, args).await;
        assert_eq!(reply["ok"], false, "{method}: {reply}");
        (reply["error_code"].as_i64().unwrap(), reply["description"].as_str().unwrap().to_owned())
    }

    /// The updates since the last call; none is confirmed twice.
    pub(super) async fn updates(&self) -> Vec<Value> {
        let found = self.result("getUpdates", json!({ "offset": self.offset.get() })).await;
        let found = found.as_array().unwrap().clone();
        if let Some(last) = found.last() {
            self.offset.set(last["update_id"].as_i64().unwrap() + 1);
        }
        found
    }

    /// The messages among the updates since the last call.
    pub(super) async fn messages(&self) -> Vec<Value> {
        self.updates().await.iter().filter_map(|update| update.get("message").cloned()).collect()
    }
}
