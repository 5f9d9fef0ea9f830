//! `sanity`, with a simulated KIE that checks inputs as the registry does.

use std::collections::BTreeSet;

use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskEnd, TaskPlan};
use kie::models;
use kie::schema::spec::{Kind, ModelSpec};
use kie::service::Service;
use serde_json::{Value, json};

use crate::cli::fixture::{Done, LIMIT, call_in, call_with, ended, signal, start_with, until_polled, vendor};

/// All task types with an offered model.
fn types() -> BTreeSet<&'static str> {
    let offered = models::tasks().iter().filter(|task| models::of_task(task.id).any(Service::offers));
    offered.map(|task| task.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_type_passes() {
    let kie = vendor().await;
    let done = call_with(
        &kie,
        tempfile::tempdir().unwrap().path(),
        &["sanity", "--json", "--live", "--max-credits", "100000"],
    );
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
    let done = call_with(&kie, folder.path(), &["sanity", "--type", task, "--live", "--max-credits", "100000"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.starts_with("TYPE") && done.out.contains("1 of 1 models passed"), "{}", done.out);

    kie.fault(KieFault::code(Route::Create, 402, "no credits left"));
    let done =
        call_with(&kie, folder.path(), &["sanity", "--type", task, "--fresh", "--live", "--max-credits", "100000"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.out.contains("402: no credits left") && done.out.contains("0 of 1 models passed"), "{}", done.out);

    let done = call_with(&kie, folder.path(), &["sanity", "--type", "text_to_soup"]);
    assert!(done.complaint(2).contains("text_to_soup"), "{done:?}");
}

#[test]
fn elsewhere_nothing_is_spent_without_a_word() {
    let folder = tempfile::tempdir().unwrap();
    // An address without a server: any request would fail.
    let vars = [("KIE_API_URL", "http://kie.invalid"), ("KIE_UPLOAD_URL", "http://kie.invalid"), ("KIE_API_KEY", "k")];
    let done = call_in(folder.path(), &["sanity"], &vars, b"");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.contains("Nothing was sent") && done.out.contains("--live"), "{}", done.out);
    let plan = call_in(folder.path(), &["sanity", "--json"], &vars, b"").json();
    assert_eq!(plan["dry_run"], json!(true));
    assert!(plan["total_credits"].as_f64().unwrap() > 0.0);
    assert_eq!(plan["models"].as_array().unwrap().len(), types().len());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a plan writes nothing");

    // Nor with too few credits, or without a limit.
    let live = |more: &[&str]| call_in(folder.path(), &[&["sanity", "--live"], more].concat(), &vars, b"");
    assert!(live(&[]).complaint(2).contains("--max-credits"));
    let line = live(&["--max-credits", "1"]);
    assert!(line.complaint(2).contains("more than --max-credits 1; nothing was sent"), "{line:?}");
    let every = call_in(folder.path(), &["sanity", "--all", "--json"], &vars, b"").json();
    let offered = models::all().iter().filter(|spec| Service::offers(spec)).count();
    assert_eq!(every["models"].as_array().unwrap().len(), offered);
    let unpriced = models::all().iter().find(|spec| spec.status.is_offered() && spec.price.is_none());
    if let Some(spec) = unpriced {
        let refused = live(&["--model", spec.id, "--max-credits", "100000"]);
        assert!(refused.complaint(2).contains("--allow-unknown-price"), "{refused:?}");
        let every = call_in(folder.path(), &["sanity", "--all", "--allow-unknown-price", "--json"], &vars, b"").json();
        let live = models::all().iter().filter(|spec| spec.status.is_offered()).count();
        assert_eq!(every["models"].as_array().unwrap().len(), live);
    }
}

fn names(count: usize) -> Vec<&'static str> {
    let simple = |spec: &&ModelSpec| Service::offers(spec) && spec.fields.iter().any(|f| f.name == "prompt");
    models::of_task(models::tasks()[0].id).filter(simple).take(count).map(|spec| spec.id).collect()
}

fn args<'a>(models: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let named = models.iter().flat_map(|model| ["--model", model]);
    let most: &[&str] = if more.contains(&"--max-credits") { &[] } else { &["--max-credits", "100000"] };
    let spend = ["sanity", "--json", "--live"].into_iter();
    spend.chain(named).chain(more.iter().copied()).chain(most.iter().copied()).collect()
}

fn states(done: &Done) -> Vec<(String, bool)> {
    let rows = done.json();
    let row = |row: &Value| (row["state"].as_str().unwrap().to_owned(), row["earlier"].as_bool().unwrap());
    rows.as_array().unwrap().iter().map(row).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_succeeded_is_not_paid_for_again() {
    let (kie, folder, two) = (vendor().await, tempfile::tempdir().unwrap(), names(2));
    kie.fault(KieFault::code(Route::Create, 500, "not now"));
    let done = call_with(&kie, folder.path(), &args(&two, &["--parallel", "1"]));
    assert_eq!(
        (done.code, states(&done)),
        (Some(1), vec![("not_submitted".into(), false), ("succeeded".into(), false)])
    );
    // The refused one is sent again, the other one is not.
    let done = call_with(&kie, folder.path(), &args(&two, &[]));
    assert_eq!((done.code, states(&done)), (Some(0), vec![("succeeded".into(), false), ("succeeded".into(), true)]));
    let tasks: Vec<Value> = done.json().as_array().unwrap().iter().map(|row| row["task_id"].clone()).collect();
    let done = call_with(&kie, folder.path(), &args(&two, &["--max-credits", "0"]));
    assert_eq!((done.code, states(&done)), (Some(0), vec![("succeeded".into(), true), ("succeeded".into(), true)]));
    assert_eq!(done.json().as_array().unwrap().iter().map(|row| row["task_id"].clone()).collect::<Vec<_>>(), tasks);
    assert_eq!(kie.creates().len(), 2);
    // Another journal is empty, and --fresh ignores the journal.
    assert_eq!(call_with(&kie, folder.path(), &args(&two, &["--state", "other.jsonl"])).code, Some(0));
    assert_eq!(call_with(&kie, folder.path(), &args(&two, &["--fresh"])).code, Some(0));
    assert_eq!(kie.creates().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_create_is_in_doubt_until_a_person_says_otherwise() {
    let (kie, folder, one) = (vendor().await, tempfile::tempdir().unwrap(), names(1));
    kie.fault(KieFault::once(Route::Create, KieFaultEffect::LoseReply));
    for earlier in [false, true, true] {
        let done = call_with(&kie, folder.path(), &args(&one, &[]));
        assert_eq!((done.code, states(&done)), (Some(1), vec![("unknown".into(), earlier)]), "{done:?}");
        assert_eq!(done.json()[0]["error"]["money_at_risk"], json!(true));
    }
    assert_eq!(kie.requests(Route::Create), 1);
    assert_eq!(call_with(&kie, folder.path(), &args(&one, &["--fresh"])).code, Some(0));
    assert_eq!(kie.requests(Route::Create), 2);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_goes_on_with_its_tasks() {
    let (kie, folder, one) = (vendor().await, tempfile::tempdir().unwrap(), names(1));
    kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    let child = start_with(&kie, folder.path(), &args(&one, &[]));
    let task = kie.wait_for_creates(1, LIMIT).await.unwrap().remove(0).task_id;
    until_polled(&kie, &task).await;
    // No other run can use the journal meanwhile.
    let second = call_with(&kie, folder.path(), &args(&one, &[]));
    assert!(second.complaint(2).contains("another run uses it"), "{second:?}");
    signal(&child, "KILL");
    ended(child).await;
    let elsewhere = [("KIE_API_URL", "http://kie.invalid"), ("KIE_API_KEY", "k")];
    let plan = call_in(folder.path(), &["sanity", "--json", "--model", one[0]], &elsewhere, b"");
    assert_eq!(plan.json()["models"][0]["action"], "send", "another endpoint knows nothing of it");

    kie.finish(&task);
    let done = call_with(&kie, folder.path(), &args(&one, &[]));
    assert_eq!((done.code, &done.json()[0]["task_id"]), (Some(0), &json!(task)), "{done:?}");
    assert_eq!(kie.requests(Route::Create), 1, "it was paid for once");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn killed_while_sending_it_does_not_send_again() {
    let (kie, folder, one) = (vendor().await, tempfile::tempdir().unwrap(), names(1));
    kie.fault(KieFault::once(Route::Create, KieFaultEffect::Delay(120_000)));
    let child = start_with(&kie, folder.path(), &args(&one, &[]));
    while kie.requests(Route::Create) == 0 {
        tokio::task::yield_now().await;
    }
    signal(&child, "KILL");
    ended(child).await;
    let done = call_with(&kie, folder.path(), &args(&one, &[]));
    assert_eq!((done.code, states(&done)), (Some(1), vec![("unknown".into(), true)]), "{done:?}");
    assert!(done.json()[0]["error"]["message"].as_str().unwrap().contains("--fresh"), "{done:?}");
    assert_eq!(kie.requests(Route::Create), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_needs_a_task_gets_one() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let needs = |spec: &&ModelSpec| {
        let example: Value = serde_json::from_str(spec.example).unwrap();
        let field = spec.fields.iter().find_map(|field| match &field.kind {
            Kind::Task(task) if example.get(field.name).is_some() => Some((field.name, task.models)),
            _ => None,
        });
        field.filter(|(_, models)| !models.is_empty())
    };
    let (spec, field, source) = models::all()
        .iter()
        .filter(|spec| Service::offers(spec))
        .find_map(|spec| {
            let (field, sources) = needs(spec)?;
            let plain =
                |id: &&&str| models::find(id).is_some_and(|m| Service::offers(m.spec) && needs(&m.spec).is_none());
            Some((*spec, field, *sources.iter().find(plain)?))
        })
        .unwrap();
    let done = call_with(&kie, folder.path(), &args(&[spec.id], &[]));
    assert_eq!((done.code, states(&done)), (Some(1), vec![("skipped".into(), false)]), "{done:?}");
    assert!(kie.creates().is_empty());
    // Without --model it may be skipped.
    let task = spec.tasks[0].id;
    let source_of = |spec: &&ModelSpec| spec.tasks.iter().any(|own| own.id == task) && Service::offers(spec);
    if models::all().iter().copied().filter(|s| source_of(s)).count() == 1 {
        let done = call_with(&kie, folder.path(), &args(&[], &["--type", task]));
        assert_eq!((done.code, states(&done)), (Some(0), vec![("skipped".into(), false)]), "{done:?}");
    }
    let done = call_with(&kie, folder.path(), &args(&[spec.id, source], &[]));
    assert_eq!(done.code, Some(0), "{done:?}");
    let creates = kie.creates();
    assert_eq!((creates[0].model.as_str(), creates[1].model.as_str()), (source, spec.id));
    assert_eq!(creates[1].input[field], json!(creates[0].task_id));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_is_picked_once() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let (one, task) = (names(1)[0], models::tasks()[0].id);
    let other = models::tasks()[1].id;
    let count = |more: &[&str]| {
        let vars = [("KIE_API_URL", "http://kie.invalid"), ("KIE_API_KEY", "k")];
        let done = call_in(folder.path(), &[&["sanity", "--json"], more].concat(), &vars, b"");
        done.json()["models"].as_array().unwrap().len()
    };
    assert_eq!(count(&["--model", one, "--model", one]), 1);
    assert_eq!(count(&["--type", task, "--type", other]), 2);
    assert_eq!(count(&["--type", task, "--all"]), models::of_task(task).filter(|s| Service::offers(s)).count());
    let (gone, _) = crate::cli::fixture::retired();
    for bad in [["--model", gone.id], ["--model", "no-such"], ["--type", "no-such"], ["--parallel", "0"]] {
        let done = call_with(&kie, folder.path(), &[&["sanity"], &bad[..]].concat());
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    }
    std::fs::write(folder.path().join("diary.txt"), "dear diary").unwrap();
    let done = call_with(&kie, folder.path(), &args(&[one], &["--state", "diary.txt"]));
    assert!(done.complaint(2).contains("is no journal"), "{done:?}");
    assert!(kie.creates().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_on_this_machine_is_not_asked_to_spend_without_a_word() {
    let (kie, folder, one) = (vendor().await, tempfile::tempdir().unwrap(), names(1));
    // A loopback address may be a proxy to the real KIE.
    let done = call_with(&kie, folder.path(), &["sanity", "--model", one[0]]);
    assert_eq!((done.code, kie.requests(Route::Create)), (Some(0), 0), "{done:?}");
    assert!(done.out.contains("Nothing was sent"), "{done:?}");
    let done = call_with(&kie, folder.path(), &["sanity", "--model", one[0], "--live"]);
    assert!(done.complaint(2).contains("--max-credits"), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_paid_for_in_vain_is_not_paid_for_again() {
    let (kie, folder, one) = (vendor().await, tempfile::tempdir().unwrap(), names(1));
    let end = TaskEnd::Fail { code: json!("500"), msg: "no".into() };
    kie.plan(TaskPlan { end, cost: Some(3.0), ..TaskPlan::default() });
    for earlier in [false, true] {
        let done = call_with(&kie, folder.path(), &args(&one, &[]));
        assert_eq!((done.code, states(&done)), (Some(1), vec![("failed".into(), earlier)]), "{done:?}");
        assert_eq!(done.json()[0]["error"]["code"], "500");
    }
    assert_eq!(kie.requests(Route::Create), 1);
    assert_eq!(call_with(&kie, folder.path(), &args(&one, &["--fresh"])).code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn models_of_unknown_price_run_one_at_a_time_under_the_cap() {
    let live = models::all().iter().filter(|spec| spec.status.is_offered());
    let plain = |spec: &&&ModelSpec| !spec.fields.iter().any(|field| matches!(field.kind, Kind::Task(_)));
    let two: Vec<&str> = live.filter(|spec| spec.price.is_none()).filter(plain).take(2).map(|spec| spec.id).collect();
    let [_, _] = two.as_slice() else { return };
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let done = call_with(&kie, folder.path(), &args(&two, &["--allow-unknown-price"]));
    let (creates, rows) = (kie.creates().len(), done.json());
    assert!(rows[0]["state"] == "succeeded", "{done:?}");
    // The second one is sent only if the cost of the first one is known.
    assert_eq!(creates, if rows[0]["credits"].is_null() { 1 } else { 2 }, "{done:?}");
    let done = call_with(&kie, folder.path(), &args(&two, &["--allow-unknown-price", "--fresh", "--max-credits", "0"]));
    assert_eq!((done.code, kie.creates().len()), (Some(1), creates), "{done:?}");
    assert_eq!(done.json()[0]["error"]["code"], "over_budget");
}
