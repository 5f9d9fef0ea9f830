//! `admin purse`: the purse of a group is looked at and given back.

use std::path::Path;
use std::sync::Arc;

use kie::clock::{SystemClock, Timestamp};
use kie::job::UserId;
use kie::ledger::{Money, WalletId};
use kie::service::WalletAdmin;
use kie::store;
use kie::user::User;
use serde_json::json;

use crate::cli::fixture::{Done, call_in};

const GROUP: i64 = -1_001_234_567_890;

fn purse(folder: &Path, args: &[&str]) -> Done {
    let args: Vec<&str> = ["admin", "purse"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], b"")
}

async fn fill(folder: &Path) {
    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    let created_at = Timestamp::from_millis(1_790_000_000_000);
    store.put_user(&User { id: UserId(7), language: "en".to_owned(), created_at }).await.unwrap();
    let admin = WalletAdmin::new(store.clone(), Arc::new(SystemClock));
    admin.give(WalletId(GROUP), Money::from_hundredths(2050), "test", None).await.unwrap();
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_gives_back_what_a_purse_has() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fill(folder).await;
    let group = GROUP.to_string();
    assert_eq!(purse(folder, &[&group, "--json"]).json(), json!({ "group": GROUP, "available": 20.5, "held": 0.0 }));
    assert_eq!(purse(folder, &[&group]).out, format!("Purse of {GROUP}: 20.5, and 0 held for orders\n"));
    let back = [&group, "--to", "7", "--amount", "20", "--key", "once", "--json"];
    let given = purse(folder, &back).json();
    assert_eq!((&given["available"], &given["booked"]), (&json!(0.5), &json!("new")));
    let again = purse(folder, &back).json();
    assert_eq!((&again["available"], &again["booked"]), (&json!(0.5), &json!("known")));
    let person = call_in(folder, &["admin", "person", "7", "--json"], &[], b"").json();
    assert_eq!(person["available"], json!(20.0));
    let more = purse(folder, &[&group, "--to", "7", "--amount", "1"]);
    assert!(more.complaint(1).contains("has less than that: nothing was given back"), "{more:?}");
    for (args, words) in [
        (vec!["7"], "the number of a group, below 0"),
        (vec![group.as_str(), "--to", "7"], "--amount"),
        (vec![group.as_str(), "--to", "7", "--amount", "-1"], "--amount"),
        (vec![group.as_str(), "--to", "7", "--amount", "0"], "a number above 0"),
        (vec![group.as_str(), "--to", "9", "--amount", "1"], "nobody whom the bot knows is called `9`"),
    ] {
        let refused = purse(folder, &args);
        assert!(refused.code == Some(2) && refused.err.contains(words), "{args:?}: {refused:?}");
    }
    let acts = call_in(folder, &["admin", "audit", "--about", "7", "--json"], &[], b"").json();
    assert_eq!((acts.as_array().unwrap().len(), &acts[0]["action"]), (1, &json!("return_purse")));
    assert_eq!(acts[0]["subject"], json!(group));
}
