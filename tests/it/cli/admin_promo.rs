//! `admin promo`: codes are made, listed and stopped.

use std::path::Path;

use kie::store;
use serde_json::json;

use crate::cli::fixture::{Done, call_in};

fn promo(folder: &Path, args: &[&str]) -> Done {
    let args: Vec<&str> = ["admin", "promo"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], b"")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_makes_and_stops_codes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(promo(folder, &["list"]).complaint(1).contains("has no tables yet"));
    store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap().close().await;
    assert_eq!(promo(folder, &["list"]).err, "there is no promo code\n");

    let add = ["add", "new-year", "--amount", "12.5", "--uses", "3"];
    let made = promo(folder, &[&add[..], &["--until", "2999-12-31", "--json"]].concat()).json();
    let expected = json!(["NEW-YEAR", 12.5, 3, 0, "open", 32_503_680_000_000_i64]);
    let shown = json!([made["code"], made["amount"], made["uses"], made["used"], made["state"], made["ends_at_ms"]]);
    assert_eq!(shown, expected);
    let table = promo(folder, &["list"]).out;
    assert!(table.contains("NEW-YEAR") && table.contains("0 / 3") && table.contains("2999-12-31"), "{table}");
    for (args, words) in [
        (vec!["add", "NEW-YEAR", "--amount", "1", "--uses", "1", "--for", "30d"], "already"),
        (vec!["add", "past", "--amount", "1", "--uses", "1", "--until", "2001-01-01"], "in the future"),
        (vec!["add", "x", "--amount", "1", "--uses", "1", "--for", "30d"], "4 to 32"),
        (vec!["add", "zero", "--amount", "0", "--uses", "1", "--for", "30d"], "above 0"),
        (vec!["add", "none", "--amount", "1", "--uses", "0", "--for", "30d"], "--uses"),
        (vec!["add", "ever", "--amount", "1", "--uses", "1"], "--until"),
        (vec!["add", "both", "--amount", "1", "--uses", "1", "--for", "1d", "--until", "2999-01-01"], "cannot be used"),
        (vec!["add", "days", "--amount", "1", "--uses", "1", "--for", "a while"], "days, e.g. 30d"),
        (vec!["stop", "other"], "there is no promo code `OTHER`"),
    ] {
        let refused = promo(folder, &args);
        assert!(refused.code == Some(2) && refused.err.contains(words), "{args:?}: {refused:?}");
    }
    assert_eq!(promo(folder, &["stop", "New-Year", "--json"]).json()["state"], "stopped");
    assert!(promo(folder, &["stop", "NEW-YEAR"]).complaint(2).contains("was stopped before"));
    let russian = promo(folder, &["list", "--lang", "ru"]).out;
    assert!(russian.starts_with("КОД") && russian.contains("остановлен"), "{russian}");

    let acts = call_in(folder, &["admin", "audit", "--json"], &[], b"").json();
    let shown: Vec<_> = acts.as_array().unwrap().iter().map(|act| (&act["action"], &act["subject"])).collect();
    let code = json!("NEW-YEAR");
    assert_eq!(shown, [(&json!("stop_promo"), &code), (&json!("add_promo"), &code)]);
    assert_eq!(acts[1]["after"], "3 x 12.50 until 3000-01-01");
}
