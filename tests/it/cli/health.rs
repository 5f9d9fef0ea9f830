//! `show` with a key says how well the model does now.

use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use serde_json::{Value, json};

use crate::cli::fixture::{call, call_with, from_words, retired, vendor};

#[tokio::test(flavor = "multi_thread")]
async fn show_says_how_a_model_does() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let id = from_words().id;
    let show = |args: &[&str]| {
        let done = call_with(&kie, folder.path(), &[&["show", id], args].concat());
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
        done
    };
    assert_eq!(show(&["--json"]).json()["health"], Value::Null, "the vendor has no data");
    kie.set_success_rates(id, &[None, Some(0.9), Some(1.0), None, Some(1.0), Some(1.0), Some(1.0), Some(0.98)]);
    assert_eq!(show(&["--json"]).json()["health"], json!({ "success_percent": 98, "poor": false }));
    assert!(show(&[]).out.contains("does now      98% of its tasks succeeded of late"));
    kie.set_success_rates(id, &[Some(0.25); 20]);
    assert_eq!(show(&["--json"]).json()["health"], json!({ "success_percent": 25, "poor": true }));
    assert!(show(&["--lang", "ru"]).out.contains("плохо: в последнее время удаётся только 25% задач"));

    // Whatever the vendor does, the page is shown.
    kie.fault(KieFault::once(Route::SuccessRate, KieFaultEffect::Delay(600_000)));
    assert_eq!(show(&["--json"]).json()["health"], Value::Null);
    kie.fault(KieFault::code(Route::SuccessRate, 404, "no such route"));
    assert_eq!(show(&["--json"]).json()["health"], Value::Null);
    let asked = kie.requests(Route::SuccessRate);
    assert_eq!(call_with(&kie, folder.path(), &["show", retired().0.id, "--json"]).json()["health"], Value::Null);
    assert_eq!(call(&["show", id, "--json"]).json()["health"], Value::Null, "there is no key");
    assert_eq!(kie.requests(Route::SuccessRate), asked);
}
