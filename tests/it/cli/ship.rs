//! What helps to install and watch the program: completions, manual pages, and the question whether the bot serves people.

use std::path::Path;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

use crate::cli::fixture::{Done, call, call_in};

#[test]
fn every_shell_has_completions_that_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = call(&["completions", shell]);
        assert_eq!((script.code, script.err.as_str()), (Some(0), ""), "{shell}");
        for word in ["generate", "ledger", "max-credits", "announce"] {
            assert!(script.out.contains(word), "{shell}: {word}");
        }
    }
    let unknown = call(&["completions", "dos"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("bash"), "{unknown:?}");
}

#[test]
fn manual_pages_are_printed_and_written() {
    let page = call(&["man"]);
    assert!(page.code == Some(0) && page.out.starts_with(".ie") && page.out.contains(".TH kie-bot 1"), "{}", page.out);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("man1");
    assert_eq!(call(&["man", "--out", out.to_str().unwrap()]).code, Some(0));
    for page in ["kie-bot.1", "kie-bot-generate.1", "kie-bot-admin-announce.1"] {
        assert!(out.join(page).is_file(), "{page}");
    }
    std::fs::write(folder.path().join("file"), "").unwrap();
    let refused = call(&["man", "--out", folder.path().join("file").to_str().unwrap()]);
    assert!(refused.complaint(1).contains("file"), "{refused:?}");
}

async fn ready(folder: &Path, address: &str) -> Done {
    let (folder, address) = (folder.to_owned(), address.to_owned());
    let run =
        move || call_in(&folder, &["ready"], &[("HTTP_ADDR", &address), ("HTTP_PROXY", "http://127.0.0.1:9")], b"");
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_on_this_machine_is_asked_whether_it_is_ready() {
    let folder = tempfile::tempdir().unwrap();
    let none = call_in(folder.path(), &["ready"], &[], b"");
    assert!(none.complaint(2).contains("neither HTTP_ADDR nor PORT"), "{none:?}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (is_ready, mut state) = tokio::sync::watch::channel(false);
    let answer = move || {
        let now = *state.borrow_and_update();
        async move {
            if now { (StatusCode::OK, r#"{"ready":true}"#) } else { (StatusCode::SERVICE_UNAVAILABLE, "database") }
        }
    };
    let server = tokio::spawn(axum::serve(listener, Router::new().route("/ready", get(answer))).into_future());
    let not_yet = ready(folder.path(), &address).await;
    assert_eq!((not_yet.code, not_yet.out.as_str(), not_yet.err.as_str()), (Some(1), "", "database\n"));
    is_ready.send(true).unwrap();
    let now = ready(folder.path(), &address.replace("127.0.0.1", "0.0.0.0")).await;
    assert_eq!((now.code, now.out.as_str()), (Some(0), "{\"ready\":true}\n"), "{now:?}");
    server.abort();
    assert!(server.await.unwrap_err().is_cancelled());
    let gone = ready(folder.path(), &address).await;
    assert!(gone.complaint(1).contains(&format!("nobody answers at {address}")), "{gone:?}");
}
