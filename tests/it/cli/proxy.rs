//! Behind a proxy: the usual variables lead there, and its password stays secret.

use std::process::Stdio;

use kie::demo::harness::KEY;
use kie::demo::telegram::{SimTelegram, SimTelegramOptions};

use crate::cli::fixture::{LIMIT, call_in, environment, vendor};
use crate::support::proxy::{ClientProxy, PASSWORD, USER};

/// More than any operator asks for.
const LOG: (&str, &str) = ("LOG", "trace,reqwest::connect=trace");

#[tokio::test(flavor = "multi_thread")]
async fn kie_is_reached_through_socks() {
    let (kie, folder, proxy) = (vendor().await, tempfile::tempdir().unwrap(), ClientProxy::socks().await);
    let url = proxy.url("socks5h", PASSWORD);
    let mut vars = vec![("KIE_API_URL", kie.url.as_str()), ("KIE_API_KEY", KEY), ("ALL_PROXY", &*url), LOG];
    let done = call_in(folder.path(), &["credits"], &vars, b"");
    assert_eq!((done.code, proxy.asked().len()), (Some(0), 1), "{done:?}");
    assert!(done.err.contains("intercepts") && !done.err.contains(PASSWORD), "{}", done.err);
    // Who is near is asked directly.
    vars.push(("NO_PROXY", "127.0.0.1"));
    assert_eq!(call_in(folder.path(), &["credits"], &vars, b"").code, Some(0));
    assert_eq!(proxy.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_by_the_proxy_is_told_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let (socks, http) = (ClientProxy::socks().await, ClientProxy::refusing().await);
    for (name, url) in [("ALL_PROXY", socks.url("socks5h", "hunter3")), ("HTTPS_PROXY", http.url("http", "hunter3"))] {
        let vars = [("KIE_API_URL", "https://kie.invalid"), ("KIE_API_KEY", KEY), (name, &*url), LOG];
        let done = call_in(folder.path(), &["credits"], &vars, b"");
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(done.err.contains("kie.invalid") && !done.err.contains("hunter"), "{done:?}");
    }
    let asked = http.asked().join("");
    assert!(asked.starts_with("CONNECT kie.invalid:443 ") && asked.contains("Basic "), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_is_reached_through_socks() {
    let (kie, proxy) = (vendor().await, ClientProxy::socks().await);
    let telegram = SimTelegram::start(SimTelegramOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let bot = std::process::Command::new(env!("CARGO_BIN_EXE_kie-bot"))
        .env_clear()
        .envs(environment())
        .envs([("TELEGRAM_BOT_TOKEN", telegram.token()), ("TELEGRAM_API_URL", telegram.api_url.as_str())])
        .envs([("KIE_API_URL", kie.url.as_str()), ("KIE_API_KEY", KEY), LOG])
        .env("ACCESS", "open")
        .env("ALL_PROXY", proxy.url("socks5", PASSWORD))
        .current_dir(folder.path())
        .arg("run")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let polled = telegram.wait_for_calls("getUpdates", 1, LIMIT).await;
    let mut bot = bot;
    bot.kill().unwrap();
    let done = bot.wait_with_output().unwrap();
    let log = String::from_utf8_lossy(&done.stderr);
    assert_eq!(polled, Ok(()), "{log}");
    let port = telegram.api_url.port().unwrap();
    assert!(proxy.asked().contains(&format!("127.0.0.1:{port}")), "{:?}", proxy.asked());
    assert!(!log.contains(PASSWORD) && !log.contains(USER), "{log}");
}
