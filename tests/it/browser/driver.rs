//! A program that controls Chromium, and sessions of it.

use std::path::Path;
use std::process::Stdio;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running ChromeDriver.
pub(super) struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    /// Starts one on a free port; `None` where none is installed, unless `BROWSER=required`.
    pub(super) async fn start() -> Option<Self> {
        let program = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut child = match program {
            Ok(child) => child,
            Err(error) => {
                let how = "install a browser for this test (Debian: apt-get install chromium chromium-driver)";
                assert!(std::env::var("BROWSER").as_deref() != Ok("required"), "{how}: {error}");
                println!("skipped: {how}: {error}");
                return None;
            }
        };
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next_line().await.unwrap().expect("the driver tells its port");
            if let Some(port) = line.strip_prefix("ChromeDriver was started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        Some(Self { child, url: format!("http://127.0.0.1:{port}") })
    }

    /// Opens a browser of a phone whose owner speaks this language; it keeps its files in `folder`.
    pub(super) async fn open(&self, language: &str, folder: &Path) -> Client {
        // Without these it asks many hosts of its maker, and refuses to run as root.
        let quiet = ["headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync"];
        let quieter = ["disable-background-networking", "disable-component-update", "disable-dev-shm-usage"];
        let mut args: Vec<String> = quiet.iter().chain(&quieter).map(|arg| format!("--{arg}")).collect();
        args.push(format!("--lang={language}"));
        args.push(format!("--user-data-dir={}", folder.join("browser").display()));
        let screen = json!({ "width": 390, "height": 844, "pixelRatio": 2.0, "touch": true, "mobile": true });
        let chrome = json!({
            "args": args,
            "prefs": { "intl.accept_languages": language },
            "mobileEmulation": { "deviceMetrics": screen },
        });
        let wishes: Map<String, Value> = [("goog:chromeOptions".to_owned(), chrome)].into_iter().collect();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wishes).connect(&self.url).await.unwrap()
    }

    /// Ends it.
    pub(super) async fn stop(mut self) {
        self.child.kill().await.unwrap();
    }
}
