//! `admin announce`: announcements are begun, listed and stopped.

use std::path::Path;

use kie::clock::Timestamp;
use kie::job::UserId;
use kie::store;
use kie::user::User;
use serde_json::json;

use crate::cli::fixture::{Done, call_in};

fn announce(folder: &Path, args: &[&str], input: &[u8]) -> Done {
    let args: Vec<&str> = ["admin", "announce"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], input)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_announces_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    for (id, came) in [(1, 0), (2, Timestamp::from_date("2999-01-01").unwrap().millis() - 1)] {
        let user = User { id: UserId(id), language: "en".to_owned(), created_at: Timestamp::from_millis(came + 1) };
        store.put_user(&user).await.unwrap();
    }
    assert_eq!(announce(folder, &["list"], b"").err, "nothing was announced yet\n");

    let plan = announce(folder, &["send", "-", "--dry-run", "--json"], "Hello\n[ru]\nПривет".as_bytes()).json();
    let texts = json!([{ "language": null, "text": "Hello" }, { "language": "ru", "text": "Привет" }]);
    assert_eq!(plan, json!({ "people": 2, "texts": texts }));
    let lately = announce(folder, &["send", "Hello", "--seen", "30", "--dry-run"], b"");
    assert!(lately.out.contains("others") && lately.err.contains("1 person would be told"), "{lately:?}");
    assert_eq!(announce(folder, &["list"], b"").err, "nothing was announced yet\n", "a dry run writes nothing");

    std::fs::write(folder.join("news.txt"), "News\n\nof today").unwrap();
    let sent = announce(folder, &["send", "@news.txt", "--json"], b"").json();
    let expected = json!([1, "sending", null, 0, "News\n\nof today"]);
    let shown = json!([sent["id"], sent["state"], sent["seen_after_ms"], sent["told"], sent["texts"][0]["text"]]);
    assert_eq!(shown, expected);
    let long = "x".repeat(4097);
    for (args, words) in [
        (vec!["send", " "], "the text is empty"),
        (vec!["send", "Hi\n[ru]"], "the text (Русский) is empty"),
        (vec!["send", "[en]\nHi\n[en]\nHello"], "two texts in one language: English"),
        (vec!["send", long.as_str()], "has 4097 characters, and a message of Telegram at most 4096"),
        (vec!["send", "@none.txt"], "none.txt"),
        (vec!["send", "Hi", "--seen", "0"], "--seen"),
        (vec!["stop", "7"], "there is no announcement 7"),
    ] {
        let refused = announce(folder, &args, b"");
        assert!(refused.code == Some(2) && refused.err.contains(words), "{args:?}: {refused:?}");
    }
    assert_eq!(announce(folder, &["stop", "1", "--json"], b"").json()["state"], "stopped");
    assert!(announce(folder, &["stop", "1"], b"").complaint(2).contains("announcement 1 has ended"));
    let russian = announce(folder, &["list", "--lang", "ru"], b"").out;
    assert!(
        russian.starts_with("НОМЕР") && russian.contains("остановлено") && russian.contains("News of today"),
        "{russian}"
    );

    let acts = call_in(folder, &["admin", "audit", "--json"], &[], b"").json();
    let shown: Vec<_> = acts.as_array().unwrap().iter().map(|act| (&act["action"], &act["subject"])).collect();
    assert_eq!(shown, [(&json!("stop_announcement"), &json!("1")), (&json!("announce"), &json!("1"))]);
    store.close().await;
}
