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
fn filters_narrow_the_list_together() {
    let ids = |args: &[&str]| -> Vec<String> {
        let rows = call(&[&["models", "--json"], args].concat()).json();
        rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
    };
    let spec = from_words();
    let provider = ids(&["--provider", &spec.provider.to_uppercase()]);
    assert!(provider.contains(&spec.id.to_owned()) && provider.len() < models::all().len());
    assert!(provider.iter().all(|id| models::find(id).unwrap().provider == spec.provider), "{provider:?}");
    // Words of a title in either language find it, in any order.
    for title in [spec.title.en, spec.title.ru, spec.id, spec.about.ru] {
        let words: Vec<String> = title.split_whitespace().rev().map(str::to_uppercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert!(ids(&words).contains(&spec.id.to_owned()), "{words:?}");
    }
    let task = spec.tasks[0].id;
    let narrow = ids(&["--provider", spec.provider, "--type", task, "--status", "all", spec.id]);
    assert!(narrow.contains(&spec.id.to_owned()), "{narrow:?}");
    for id in &narrow {
        let found = models::find(id).unwrap();
        assert!(found.provider == spec.provider && found.tasks.iter().any(|own| own.id == task), "{id}");
    }
    let none = call(&["models", "qwertyuiop"]);
    assert_eq!((none.code, none.err), (Some(0), format!("0 of {} models\n", models::all().len())));
    let done = call(&["models", "--provider", "nobody"]);
    assert!(done.complaint(2).contains("nobody") && done.complaint(2).contains(spec.provider), "{done:?}");
}

#[test]
fn the_registry_is_counted_by_type_and_status() {
    let stats = call(&["registry", "stats", "--json"]).json();
    let of = |fits: &dyn Fn(&kie::schema::spec::ModelSpec) -> bool| models::all().iter().filter(|s| fits(s)).count();
    assert_eq!(stats["models"]["total"], models::all().len());
    assert_eq!(stats["models"]["live"], of(&|s| s.status == Status::Live));
    assert_eq!(stats["models"]["retired"], of(&|s| s.status == Status::Retired));
    let types = stats["types"].as_array().unwrap();
    assert_eq!(types.len(), models::tasks().len());
    for (row, task) in types.iter().zip(models::tasks()) {
        assert_eq!((&row["type"], &row["total"]), (&task.id.into(), &models::of_task(task.id).count().into()));
        let states = ["live", "retired", "removed", "suspect"].map(|word| row[word].as_u64().unwrap());
        assert_eq!(states.iter().sum::<u64>(), row["total"].as_u64().unwrap(), "{row}");
    }
    let table = call(&["registry", "stats"]);
    assert_eq!(table.code, Some(0));
    let words: Vec<&str> = table.out.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(words[..2], ["all", "models"]);
    assert_eq!(words.last().unwrap(), &models::all().len().to_string());
    assert_eq!(table.out.lines().count(), models::tasks().len() + 2);
    assert_eq!(call(&["registry"]).code, Some(2));
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
