//! `admin`: what an operator does about people from the command line.

use std::path::Path;

use kie::access::Party;
use kie::clock::Timestamp;
use kie::job::UserId;
use kie::store;
use kie::user::User;
use serde_json::Value;

use crate::cli::fixture::{Done, call_in};

fn admin(folder: &Path, args: &[&str]) -> Done {
    let args: Vec<&str> = ["admin"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], b"")
}

fn json(folder: &Path, args: &[&str]) -> Value {
    let args: Vec<&str> = args.iter().chain(&["--json"]).copied().collect();
    let done = admin(folder, &args);
    assert_eq!(done.code, Some(0), "{done:?}");
    serde_json::from_str(&done.out).unwrap()
}

async fn fill(folder: &Path) {
    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    let now = Timestamp::from_millis(1_790_000_000_000);
    for (id, name, user_name) in [(7, "Ann Lee", Some("ann")), (8, "Ann Moe", None)] {
        store.put_user(&User { id: UserId(id), language: "en".to_owned(), created_at: now }).await.unwrap();
        let party = Party { id, name: name.to_owned(), user_name: user_name.map(str::to_owned) };
        store.see_person(&party, true, now).await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_looks_after_people() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(admin(folder, &["people"]).complaint(1).contains("has no tables yet"));
    fill(folder).await;
    let all = json(folder, &["people"]);
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(json(folder, &["people", "ann", "moe"])[0]["user"], 8);
    let ann = json(folder, &["person", "@ann"]);
    assert_eq!((&ann["user"], &ann["name"], &ann["limits"]), (&7.into(), &"Ann Lee".into(), &Value::Null));

    let gift = ["gift", "7", "10.50", "for a bug", "--key", "first"];
    assert_eq!(json(folder, &gift)["booked"], "new");
    let again = json(folder, &gift);
    assert_eq!((&again["booked"], again["available"].as_f64()), (&"known".into(), Some(10.5)));
    assert_eq!(json(folder, &["gift", "7", "-0.50"])["available"].as_f64(), Some(10.0));
    assert!(admin(folder, &["gift", "7", "-10.01"]).complaint(1).contains("nothing was taken back"));
    for (args, words) in [
        (vec!["gift", "7", "ten"], "at most two decimals, not 0, and is `ten`"),
        (vec!["gift", "9", "1"], "nobody whom the bot knows is called `9`"),
        (vec!["gift", "ann lee moe", "1"], "nobody whom the bot knows"),
        (vec!["block", "Ann"], "several people are called `Ann`"),
        (vec!["limit", "7", "day=x"], "`day=x` is no limit"),
    ] {
        assert!(admin(folder, &args).complaint(2).contains(words), "{args:?}");
    }
    assert_eq!(json(folder, &["limit", "7", "day=5", "running=off"])["limits"], "running=off day=5");
    assert_eq!(json(folder, &["block", "8"])["denied"], true);
    assert_eq!(json(folder, &["unblock", "8"])["denied"], false);
    let shown = admin(folder, &["person", "7"]);
    assert!(shown.out.contains("Balance: 10, and 0 held") && shown.out.contains("day=5"), "{shown:?}");

    let acts = json(folder, &["audit"]);
    let actions: Vec<&str> = acts.as_array().unwrap().iter().map(|act| act["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["allow", "deny", "set_quotas", "take_back", "gift"], "each once, newest first");
    assert!(acts[0]["actor"].as_str().unwrap().starts_with("cli:"), "{acts}");
    let about = json(folder, &["audit", "--about", "8", "--limit", "1"]);
    assert_eq!((&about[0]["before"], &about[0]["after"]), (&"denied".into(), &"allowed".into()));
    let table = admin(folder, &["audit"]);
    assert!(table.out.contains("set_quotas") && table.out.contains("default"), "{table:?}");

    // Forgetting is an act as well, which outlasts the person.
    let forgotten = call_in(folder, &["forget", "8", "--yes"], &[], b"");
    assert_eq!(forgotten.code, Some(0), "{forgotten:?}");
    assert!(admin(folder, &["person", "8"]).complaint(2).contains("nobody"));
    assert_eq!(json(folder, &["audit", "--about", "8"])[0]["action"], "forget");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_reads_statements_and_decides_requests() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fill(folder).await;
    assert_eq!(admin(folder, &["statement", "7"]).err, "nothing was booked yet\n");
    json(folder, &["gift", "7", "10.50", "for a bug"]);
    json(folder, &["gift", "7", "-0.50"]);
    let movements = json(folder, &["statement", "@ann"]);
    let shown: Vec<_> = movements
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["available"].as_f64().unwrap(), row["note"].as_str()))
        .collect();
    assert_eq!(shown, [("take_back", -0.5, None), ("gift", 10.5, Some("for a bug"))]);
    let before = movements[0]["id"].to_string();
    assert_eq!(json(folder, &["statement", "7", "--before", &before]).as_array().unwrap().len(), 1);
    assert_eq!(json(folder, &["statement", "-100"]), serde_json::json!([]), "a group's purse");
    let table = admin(folder, &["statement", "7", "--lang", "ru"]).out;
    assert!(table.contains("ПОМЕТКА") && table.contains("+10,5") && table.contains("for a bug"), "{table}");
    assert!(admin(folder, &["statement", "9"]).complaint(2).contains("nobody whom the bot knows"));

    let none = admin(folder, &["requests", "list"]).err;
    assert!(none.contains("only with ACCESS=list") && none.contains("nobody asks"), "{none}");
    let store = store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap();
    for id in [20, 21] {
        let party = Party { id, name: "Bob".to_owned(), user_name: None };
        store.add_access_request(&party, Timestamp::from_millis(1_790_000_000_000)).await.unwrap();
    }
    assert_eq!(json(folder, &["requests", "list"]).as_array().unwrap().len(), 2);
    assert_eq!(json(folder, &["requests", "allow", "20"])["state"], "allowed");
    let refused = admin(folder, &["requests", "refuse", "21"]);
    assert!(refused.out.contains("Bob") && refused.err.contains("the person is not told"), "{refused:?}");
    assert!(admin(folder, &["requests", "allow", "21"]).complaint(2).contains("no open request of 21"));
    let stored = store.access_of(UserId(20), kie::job::ChatId(20)).await.unwrap();
    assert!(stored.is_allowed && !store.access_of(UserId(21), kie::job::ChatId(21)).await.unwrap().is_allowed);
    store.close().await;
    let acts = json(folder, &["audit", "--about", "20"]);
    assert_eq!(acts[0]["action"], "allow_request");
}
