//! `generate --dry-run` and `--max-credits`: checks before anything is sent.

use kie::demo::kie::Route;
use kie::models;
use kie::schema::Files;
use kie::service::Service;
use serde_json::{Value, json};

use crate::cli::fixture::{call_in, call_with, from_file, from_words, vendor};

#[test]
fn a_dry_run_shows_the_request_and_its_price_and_needs_no_key() {
    let (spec, folder) = (from_words(), tempfile::tempdir().unwrap());
    let args = ["generate", spec.id, "--dry-run", "-f", "prompt=A boat"];
    // An address without a server: any request would fail.
    let vars = [("KIE_API_URL", "http://kie.invalid"), ("KIE_UPLOAD_URL", "http://kie.invalid")];
    let done = call_in(folder.path(), &args, &vars, b"");
    let plan = done.json();
    assert_eq!((done.code, &plan["dry_run"]), (Some(0), &json!(true)), "{done:?}");
    assert_eq!((&plan["request"]["model"], &plan["request"]["input"]["prompt"]), (&json!(spec.id), &json!("A boat")));
    assert!(plan["price"]["credits"].as_f64().unwrap() > 0.0 && plan["price"]["certainty"].is_string(), "{plan}");
    assert!(done.err.contains("nothing was sent"), "{}", done.err);
    // It equals the request that is really sent.
    let accepted = kie::form::check(
        spec,
        json!({"prompt": "A boat"}).as_object().unwrap(),
        &Files::new(),
        kie::form::Origin::Json,
    );
    assert_eq!(plan["request"]["input"], Value::Object(accepted.unwrap().request.input().clone()));

    let quiet = call_in(folder.path(), &[&args[..], &["--json"]].concat(), &[], b"");
    assert_eq!((quiet.json(), quiet.err.as_str()), (plan, ""));
    let bad = call_in(folder.path(), &["generate", spec.id, "--dry-run"], &[], b"");
    assert_eq!((bad.code, bad.out.as_str()), (Some(2), ""), "{bad:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_dry_run_measures_files_and_leaves_them_here() {
    let ((spec, field), folder) = (from_file(), tempfile::tempdir().unwrap());
    let sample = kie::sample::Sample::of(kie::schema::spec::MediaKind::Image).unwrap();
    std::fs::write(folder.path().join(sample.name), sample.bytes).unwrap();
    let media = format!("{field}={}", sample.name);
    let done = call_in(folder.path(), &["generate", spec.id, "--dry-run", "--media", &media, "--json"], &[], b"");
    let plan = done.json();
    let upload = &plan["uploads"][0];
    assert_eq!((done.code, &upload["field"], &upload["path"]), (Some(0), &json!(field), &json!(sample.name)), "{plan}");
    assert_eq!((&upload["bytes"], &upload["mime"]), (&json!(sample.bytes.len()), &json!(sample.mime)));
    assert_eq!(upload["stands_for"], plan["request"]["input"][field]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_cost_more_is_refused_before_anything_leaves() {
    let kie = vendor().await;
    let (folder, spec) = (tempfile::tempdir().unwrap(), from_words());
    let call = |most: &str| {
        call_with(&kie, folder.path(), &["generate", spec.id, "-f", "prompt=A boat", "--max-credits", most, "--json"])
    };
    let line = call("0.001");
    let error = &line.json()["error"];
    assert_eq!((line.code, &error["code"]), (Some(2), &json!("over_budget")), "{line:?}");
    assert!(error["message"].as_str().unwrap().contains("more than --max-credits 0.001; nothing was sent"), "{error}");
    assert_eq!(call("100000").code, Some(0));
    for bad in ["-1", "NaN", "much", "inf", ""] {
        assert_eq!(call(bad).code, Some(2), "{bad}");
    }
    assert_eq!((kie.requests(Route::Create), kie.requests(Route::Upload)), (1, 0));

    // The example has no known price, so a limit cannot be guaranteed.
    let unknown = models::all().iter().filter(|spec| Service::offers(spec)).find(|spec| {
        let example: Value = serde_json::from_str(spec.example).unwrap();
        let checked = kie::form::check(**spec, example.as_object().unwrap(), &Files::new(), kie::form::Origin::Json);
        checked.is_ok_and(|accepted| accepted.request.price(&Files::new()).is_err())
    });
    let unknown = unknown.unwrap();
    let args = ["generate", unknown.id, "--input", unknown.example, "--max-credits", "100000"];
    let done = call_with(&kie, folder.path(), &args);
    assert!(done.complaint(2).contains("cannot be kept"), "{done:?}");
    assert_eq!(kie.requests(Route::Create), 1);
}
