//! `sanity`, against a simulated KIE that judges as the registry does.

use std::collections::BTreeSet;

use kie::demo::kie::{Fault, Route};
use kie::models;
use kie::service::Service;
use serde_json::json;

use crate::fixture::{call_in, call_with, vendor};

/// Every type with a model on offer.
fn types() -> BTreeSet<&'static str> {
    let offered = models::tasks().iter().filter(|task| models::of_task(task.id).any(Service::offers));
    offered.map(|task| task.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_passes() {
    let kie = vendor().await;
    let done = call_with(&kie, tempfile::tempdir().unwrap().path(), &["sanity", "--json"]);
    let rows = done.json();
    let rows = rows.as_array().unwrap();
    let failed: Vec<_> = rows.iter().filter(|row| !row["error"].is_null()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(rows.iter().map(|row| row["type"].as_str().unwrap()).collect::<BTreeSet<_>>(), types());
    assert!(types().len() >= 13, "{:?}", types());
    for row in rows {
        assert_eq!(row["state"], "succeeded");
        assert!(row["task_id"].is_string() && row["model"].is_string() && row["seconds"].is_number(), "{row}");
    }
    assert_eq!(kie.creates().len(), rows.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_type_as_a_table_and_a_failure() {
    let kie = vendor().await;
    let (task, folder) = (models::tasks()[0].id, tempfile::tempdir().unwrap());
    let done = call_with(&kie, folder.path(), &["sanity", "--type", task]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.starts_with("TYPE") && done.out.ends_with("1 of 1 types passed\n"), "{}", done.out);

    kie.fault(Fault::code(Route::Create, 402, "no credits left"));
    let done = call_with(&kie, folder.path(), &["sanity", "--type", task]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.out.contains("402: no credits left") && done.out.ends_with("0 of 1 types passed\n"), "{}", done.out);

    let done = call_with(&kie, folder.path(), &["sanity", "--type", "text_to_soup"]);
    assert!(done.complaint(2).contains("text_to_soup"), "{done:?}");
}

#[test]
fn elsewhere_nothing_is_spent_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    // An address that nobody answers: a single request would fail.
    let vars = [("KIE_API_URL", "http://kie.invalid"), ("KIE_UPLOAD_URL", "http://kie.invalid"), ("KIE_API_KEY", "k")];
    let done = call_in(folder.path(), &["sanity"], &vars, b"");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("Nothing was sent") && done.out.contains("--live"), "{}", done.out);
    let plan = call_in(folder.path(), &["sanity", "--json"], &vars, b"").json();
    assert_eq!(plan["dry_run"], json!(true));
    assert!(plan["total_credits"].as_f64().unwrap() > 0.0);
    assert_eq!(plan["models"].as_array().unwrap().len(), types().len());
}
