//! Aliases that stand for a model with input values.

use kie::models;
use kie::schema::spec::ModelRef;
use serde_json::{Map, Value, json};

use crate::cli::fixture::{call, call_in, call_with, vendor};

/// An alias with one value that changes the price, another value of that field, and both prices in credits.
const NAME: &str = "google/veo-3";
const FIELD: &str = "model";
const MEANT: (&str, f64) = ("veo3", 250.0);
const OTHER: (&str, f64) = ("veo3_lite", 30.0);

fn named() -> ModelRef {
    models::find(NAME).unwrap()
}

#[test]
fn a_name_shows_what_it_stands_for() {
    let spec = named().spec;
    let shown = call(&["show", NAME]);
    let says = |line: &str| assert!(shown.out.lines().any(|l| l.trim() == line), "{line}: {}", shown.out);
    says("this name     google/veo-3: model=veo3 where nothing else is given");
    says("also called   google/veo-3 (model=veo3), google/veo-3.1 (model=veo3_fast)");
    let by_id = call(&["show", spec.id]);
    assert!(by_id.out.contains("google/veo-3 (model=veo3)") && !by_id.out.contains("this name"), "{}", by_id.out);

    let values = json!({ "google/veo-3": { "model": "veo3" }, "google/veo-3.1": { "model": "veo3_fast" } });
    let rows = call(&["models", "--json"]).json();
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == spec.id).unwrap();
    for described in [&call(&["show", NAME, "--json"]).json(), row] {
        let names: Vec<&str> = spec.aliases.iter().map(|alias| alias.name).collect();
        assert_eq!((&described["aliases"], &described["alias_values"]), (&json!(names), &values));
    }
    let plain = models::all().iter().find(|spec| spec.aliases.iter().any(|alias| alias.presets.is_empty())).unwrap();
    assert_eq!(call(&["show", plain.id, "--json"]).json()["alias_values"], json!({}));
    assert!(call(&["models", NAME]).out.contains(spec.id), "the name is searched");
}

#[test]
fn prices_follow_the_name() {
    let credits = |args: &[&str]| {
        let done = call(&[&["price"], args, &["--json"]].concat());
        let shown = done.json();
        assert_eq!((done.code, &shown["model"]), (Some(0), &json!(named().spec.id)), "{done:?}");
        (shown["input"][FIELD].clone(), shown["price"]["credits"].as_f64().unwrap())
    };
    let typed = format!("{FIELD}={}", OTHER.0);
    let input = json!({ FIELD: OTHER.0 }).to_string();
    for prompt in [&["--input", "{}"][..], &["-f", "prompt=A fox"], &["-f", "prompt=A fox", "-f", "model="]] {
        assert_eq!(credits(&[&[NAME], prompt].concat()), (json!(MEANT.0), MEANT.1), "{prompt:?}");
    }
    for given in [["-f", &typed], ["--input", &input]] {
        assert_eq!(credits(&[&[NAME], &given[..]].concat()), (json!(OTHER.0), OTHER.1), "{given:?}");
    }
    let words = call(&["price", NAME, "-f", "prompt=A fox"]);
    assert_eq!(words.out, format!("{}: {} credits\n", named().spec.id, MEANT.1));

    // The table of the alias has fewer options than that of the id.
    let table = |name: &str| call(&["price", name, "--json"]).json();
    let options = |shown: &Value| -> Vec<Value> {
        shown["options"].as_array().unwrap().iter().map(|option| option["when"][FIELD].clone()).collect()
    };
    let (by_name, by_id) = (table(NAME), table(named().spec.id));
    assert!(options(&by_name).iter().all(|value| value == MEANT.0), "{by_name}");
    assert_eq!(by_name["lowest"], json!(MEANT.1));
    assert!(options(&by_name).len() < options(&by_id).len() && by_id["lowest"] == json!(OTHER.1), "{by_id}");
    assert!(call(&["price", NAME]).out.contains("google/veo-3 stands for model=veo3\n"));
}

#[test]
fn an_input_under_the_name_is_checked_with_its_values() {
    let sent = |args: &[&str]| {
        let done = call(&[&["validate", NAME, "-f", "prompt=A fox", "--json"], args].concat());
        assert_eq!(done.code, Some(0), "{done:?}");
        done.json()["input"][FIELD].clone()
    };
    assert_eq!(sent(&[]), MEANT.0);
    assert_eq!(sent(&["-f", &format!("{FIELD}={}", OTHER.0)]), OTHER.0);
    let lines = [json!({}), json!({ FIELD: OTHER.0 }), json!({ FIELD: "veo9" })].map(|mut input| {
        input["prompt"] = "A fox".into();
        json!({ "model": NAME, "input": input }).to_string()
    });
    let folder = tempfile::tempdir().unwrap();
    let done = call_in(folder.path(), &["validate", "--jsonl"], &[], lines.join("\n").as_bytes());
    let verdicts: Vec<Value> = done.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sent: Vec<&Value> = verdicts.iter().map(|verdict| &verdict["input"][FIELD]).collect();
    assert_eq!(sent, [&json!(MEANT.0), &json!(OTHER.0), &Value::Null]);
    assert_eq!(verdicts[2]["violations"][0]["code"], "not_offered", "what is given is not mended by the name");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_under_the_name_has_its_values() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let args = ["generate", NAME, "-f", "prompt=A fox", "--json", "--no-wait"];
    let dry = call_with(&kie, folder.path(), &[&args[..5], &["--dry-run"]].concat()).json();
    assert_eq!((&dry["request"]["model"], &dry["request"]["input"][FIELD]), (&json!(named().spec.id), &json!(MEANT.0)));
    assert_eq!(dry["price"]["credits"], json!(MEANT.1));
    let most = (MEANT.1 - 1.0).to_string();
    let dear = call_with(&kie, folder.path(), &[&args[..], &["--max-credits", &most]].concat());
    assert_eq!((dear.code, &dear.json()["error"]["code"]), (Some(2), &json!("over_budget")), "{dear:?}");
    for (more, value) in [(None, MEANT.0), (Some(format!("{FIELD}={}", OTHER.0)), OTHER.0)] {
        let more: Vec<&str> = more.iter().flat_map(|typed| ["-f", typed]).collect();
        let done = call_with(&kie, folder.path(), &[&args[..], &more].concat());
        assert_eq!(done.code, Some(0), "{done:?}");
        let sent = kie.creates().pop().unwrap();
        assert_eq!((sent.model.as_str(), &sent.input[FIELD]), (named().spec.id, &json!(value)));
    }
    assert_eq!(kie.creates().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sanity_run_tries_the_name_and_the_id_apart() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let id = named().spec.id;
    let plan = call_with(&kie, folder.path(), &["sanity", "--model", NAME, "--model", id, "--json"]).json();
    let rows: Vec<(&str, f64)> = plan["models"].as_array().unwrap().iter().map(row).collect();
    assert_eq!(rows, [(NAME, MEANT.1), (id, 60.0)], "{plan}");
    let run = |name: &str| {
        let args = ["sanity", "--model", name, "--live", "--max-credits", "1000", "--json"];
        let done = call_with(&kie, folder.path(), &args);
        assert_eq!(done.code, Some(0), "{done:?}");
        done.json()[0]["earlier"].clone()
    };
    // A task of the alias is a task of the model, and is found by models that need one.
    let earlier = [run(NAME), run("veo/extend"), run(id), run(NAME)];
    assert_eq!(earlier, [json!(false), json!(false), json!(false), json!(true)]);
    let sent: Vec<Map<String, Value>> = kie.creates().into_iter().map(|create| create.input).collect();
    assert_eq!((sent.len(), sent[0].get(FIELD), sent[2].get(FIELD)), (3, Some(&json!(MEANT.0)), None));
}

fn row(row: &Value) -> (&str, f64) {
    (row["model"].as_str().unwrap(), row["credits"].as_f64().unwrap())
}
