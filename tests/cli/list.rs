//! `models` and `show`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use kie::models;
use kie::schema::spec::Status;

use crate::fixture::{call, environment, from_words, retired};

#[test]
fn models_are_listed_as_a_table() {
    let live = models::all().iter().filter(|spec| spec.status == Status::Live).count();
    let done = call(&["models"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.out.starts_with("ID "), "{}", done.out);
    assert_eq!(done.out.lines().count(), live + 1);
    assert_eq!(done.err, format!("{live} of {} models\n", models::all().len()));
    assert!(done.out.lines().all(|line| line.trim_end() == line));
}

#[test]
fn models_are_listed_by_type_and_status_as_json() {
    let ids = |args: &[&str]| -> BTreeSet<String> {
        let done = call(args);
        assert_eq!(done.code, Some(0), "{done:?}");
        let rows = done.json();
        let rows = rows.as_array().unwrap();
        for row in rows {
            for name in ["id", "title", "provider", "type", "status"] {
                assert!(row[name].is_string(), "{name} of {row}");
            }
            assert!(row["aliases"].is_array(), "{row}");
        }
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let of = |keep: &dyn Fn(&kie::schema::spec::ModelSpec) -> bool| -> BTreeSet<String> {
        models::all().iter().filter(|spec| keep(spec)).map(|spec| spec.id.to_owned()).collect()
    };
    assert_eq!(ids(&["models", "--json"]), of(&|spec| spec.status == Status::Live));
    assert_eq!(ids(&["models", "--json", "--status", "all"]), of(&|_| true));
    assert_eq!(ids(&["models", "--json", "--status", "retired"]), of(&|spec| spec.status != Status::Live));
    let task = models::tasks()[0].id;
    let typed = of(&|spec| spec.status == Status::Live && spec.tasks.iter().any(|own| own.id == task));
    assert!(!typed.is_empty());
    assert_eq!(ids(&["models", "--json", "--type", task]), typed);
}

#[test]
fn an_unknown_type_is_named_with_the_list() {
    let done = call(&["models", "--type", "text_to_soup"]);
    let line = done.complaint(2);
    assert!(line.contains("text_to_soup") && models::tasks().iter().all(|task| line.contains(task.id)), "{line}");
}

#[test]
fn a_model_is_shown_for_people_and_programs() {
    let spec = from_words();
    let done = call(&["show", spec.id]);
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{done:?}");
    for needed in [spec.id, spec.provider, "FIELD", "* required", "EXAMPLE", spec.example] {
        assert!(done.out.contains(needed), "{needed}: {}", done.out);
    }
    let shown = call(&["show", spec.id, "--json"]).json();
    assert_eq!(shown["id"], spec.id);
    assert_eq!(shown["fields"].as_array().unwrap().len(), spec.fields.len());
    assert!(shown["example"].is_object(), "{shown}");

    let russian = call(&["show", spec.id, "--lang", "ru"]);
    assert!(russian.out.contains(spec.about.ru), "{}", russian.out);
}

#[test]
fn every_model_can_be_shown() {
    for spec in models::all().iter().step_by(17) {
        let shown = call(&["show", spec.id, "--json"]).json();
        assert_eq!((&shown["id"], &shown["line"]), (&spec.id.into(), &spec.line.into()));
    }
}

#[test]
fn another_name_leads_to_the_model() {
    let spec = models::all().iter().find(|spec| !spec.aliases.is_empty()).unwrap();
    assert_eq!(call(&["show", spec.aliases[0], "--json"]).json()["id"], spec.id);
}

#[test]
fn an_unknown_model_gets_a_suggestion() {
    let spec = from_words();
    let wrong = format!("{}x", spec.id);
    for args in [vec!["show", &wrong], vec!["validate", &wrong, "--input", "{}"], vec!["generate", &wrong]] {
        let done = call(&args);
        let line = done.complaint(2);
        assert!(line.contains(&format!("no model `{wrong}`")) && line.contains("did you mean `"), "{line}");
    }
}

#[test]
fn a_retired_model_names_another_one() {
    let (spec, nearest) = retired();
    let done = call(&["show", spec.id]);
    assert!(done.out.contains("use instead") && done.out.contains(nearest), "{done:?}");
    let done = call(&["generate", spec.id]);
    let line = done.complaint(2);
    assert!(line.contains(spec.id) && line.contains(&format!("use `{nearest}`")), "{line}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for args in [vec!["models", "--status", "all", "--json"], vec!["models"], vec!["show", from_words().id]] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_kie-bot"))
            .env_clear()
            .envs(environment())
            .args(&args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        // The pipe closes after the first line, as by `| head -1`.
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let done = child.wait_with_output().unwrap();
        let err = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(0), "{args:?} {err}");
        assert!(!first.is_empty() && !err.contains("panicked") && !err.contains("error"), "{err}");
    }
}
