//! `admin models`: rules are set, listed and refused.

use std::path::Path;

use kie::models;
use kie::store;
use serde_json::json;

use crate::cli::fixture::{Done, call_in};

fn admin(folder: &Path, args: &[&str]) -> Done {
    let args: Vec<&str> = ["admin", "models"].iter().chain(args).copied().collect();
    call_in(folder, &args, &[], b"")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_decides_about_models() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(admin(folder, &["list"]).complaint(1).contains("has no tables yet"));
    store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap().close().await;
    assert_eq!(admin(folder, &["list"]).err, "no model has a rule\n");
    let set = |args: &[&str]| admin(folder, &[&["set", "nano-banana-2"], args].concat());

    let only =
        set(&["--only", "8,7", "--deny", "resolution=4k", "--price", "12.5", "--markup", "30%", "--json"]).json();
    let expected = json!({
        "model": "nano-banana-2", "known": true, "off": false, "only": [7, 8], "denied": {"resolution": ["4K"]},
        "credits": null, "price": 12.5, "markup": 30.0,
    });
    assert_eq!(only, expected);
    let shown = set(&["--off", "--markup", "none"]);
    let words: Vec<&str> = shown.out.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(words, ["nano-banana-2", "off", "7,", "8", "resolution=4K", "12.5"], "{shown:?}");
    let shown = set(&["--on", "--for-all", "--price", "none", "--allow", "resolution=4K", "--json"]).json();
    assert_eq!((&shown["only"], &shown["denied"], &shown["price"]), (&json!(null), &json!({}), &json!(null)));
    assert_eq!(admin(folder, &["list", "--json"]).json(), json!([shown]));
    let russian = admin(folder, &["list", "--lang", "ru"]).out;
    assert!(russian.starts_with("МОДЕЛЬ") && russian.contains("включена"), "{russian}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_is_named_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap().close().await;
    for (args, said) in [
        (&["nano-banana-22", "--off"][..], "did you mean `nano-banana-2`?"),
        (&["nano-banana-2"], "required"),
        (&["nano-banana-2", "--off", "--on"], "cannot be used with"),
        (&["nano-banana-2", "--deny", "resolutoin=4K"], "did you mean `resolution`?"),
        (&["nano-banana-2", "--deny", "resolution=4KK"], "1K, 2K, 4K; did you mean `4K`?"),
        (&["nano-banana-2", "--deny", "prompt=fox"], "`prompt` has no values to choose from"),
        (&["nano-banana-2", "--deny", "resolution"], "FIELD=VALUE"),
        (&["nano-banana-2", "--only", "-5"], "-5"),
        (&["nano-banana-2", "--price", "-1"], "-1"),
        (&["nano-banana-2", "--off", "--credits", "5"], "KIE's price of nano-banana-2 is known"),
        (
            &["nano-banana-2", "--deny=resolution=1K", "--deny=resolution=2K", "--deny=resolution=4K"],
            "no value of `resolution` would be left",
        ),
    ] {
        let refused = admin(folder, &[&["set"], args].concat());
        assert!(refused.code == Some(2) && refused.err.contains(said), "{args:?}: {refused:?}");
    }
    assert_eq!(admin(folder, &["list", "--json"]).json(), json!([]));
}

/// F13: what costs nothing was once said so by accident.
#[tokio::test(flavor = "multi_thread")]
async fn f13_an_unpriced_model_is_free_only_when_that_is_said() {
    let Some(spec) = models::all().iter().find(|spec| spec.status.is_offered() && spec.price.is_none()) else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    store::open(&format!("sqlite:{}", folder.join("kie-bot.db").display())).await.unwrap().close().await;
    for (given, kept) in [("7.5", json!(7.5)), ("0", json!(0.0)), ("none", json!(null))] {
        let set = admin(folder, &["set", spec.id, "--credits", given, "--json"]).json();
        assert_eq!(set["credits"], kept);
    }
    for slip in ["", "-1", "free"] {
        assert_eq!(admin(folder, &["set", spec.id, "--credits", slip]).code, Some(2), "{slip:?}");
    }
}
