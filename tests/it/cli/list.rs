//! `models` and `show`.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use kie::clock::{Clock, SystemClock};
use kie::models;
use kie::schema::Lang;
use kie::schema::spec::{Condition, Kind, Literal, ModelSpec, Requirement, RuleSpec, Status};

use crate::cli::fixture::{call, environment, from_words, retired};

#[test]
fn models_are_listed_as_a_table() {
    let live = models::all().iter().filter(|spec| spec.status.is_offered()).count();
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
    assert_eq!(ids(&["models", "--json"]), of(&|spec| spec.status.is_offered()));
    assert_eq!(ids(&["models", "--json", "--status", "live"]), of(&|spec| spec.status == Status::Live));
    assert_eq!(ids(&["models", "--json", "--status", "troubled"]), of(&|spec| spec.status == Status::Troubled));
    assert_eq!(ids(&["models", "--json", "--status", "all"]), of(&|_| true));
    assert_eq!(ids(&["models", "--json", "--status", "retired"]), of(&|spec| spec.status == Status::Retired));
    assert_eq!(ids(&["models", "--json", "--status", "removed"]), of(&|spec| spec.status == Status::Removed));
    assert_eq!(ids(&["models", "--json", "--status", "suspect"]), of(&|spec| spec.status == Status::Suspect));
    let task = models::tasks()[0].id;
    let typed = of(&|spec| spec.status.is_offered() && spec.tasks.iter().any(|own| own.id == task));
    assert!(!typed.is_empty());
    assert_eq!(ids(&["models", "--json", "--type", task]), typed);
}

#[test]
fn a_model_in_trouble_is_listed_shown_and_taken_with_a_warning() {
    let Some(spec) = models::all().iter().find(|spec| spec.status == Status::Troubled) else { return };
    let nearest = spec.nearest.unwrap();
    let table = call(&["models", "--status", "troubled"]).out;
    assert!(table.lines().any(|line| line.starts_with(spec.id) && line.ends_with("troubled")), "{table}");
    let warning = format!("tasks of `{}` often fail these days; `{nearest}` works instead", spec.id);
    let shown = call(&["show", spec.id]).out;
    assert!(shown.contains(&warning) && shown.contains("use instead"), "{shown}");
    assert!(call(&["show", spec.id, "--lang", "ru"]).out.contains(&format!("вместо неё есть `{nearest}`")));
    let verdict = call(&["validate", spec.id, "--input", spec.example, "--json"]);
    let json = verdict.json();
    assert_eq!((verdict.code, &json["valid"]), (Some(0), &true.into()), "{verdict:?}");
    assert_eq!((&json["status"], &json["nearest"]), (&"troubled".into(), &nearest.into()), "{json}");
    let plan = call(&["generate", spec.id, "--input", spec.example, "--dry-run"]);
    assert!(plan.code == Some(0) && plan.err.contains(&warning), "{plan:?}");
    assert!(call(&["sanity", "--model", spec.id]).out.contains(spec.id));
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
    assert!(provider.iter().all(|id| models::find(id).unwrap().spec.provider == spec.provider), "{provider:?}");
    // Words of the title in any language find it, in any order.
    for title in [spec.title.get(Lang::En), spec.title.get(Lang::Ru), spec.id, spec.about.get(Lang::Ru)] {
        let words: Vec<String> = title.split_whitespace().rev().map(str::to_uppercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert!(ids(&words).contains(&spec.id.to_owned()), "{words:?}");
    }
    let task = spec.tasks[0].id;
    let narrow = ids(&["--provider", spec.provider, "--type", task, "--status", "all", spec.id]);
    assert!(narrow.contains(&spec.id.to_owned()), "{narrow:?}");
    for id in &narrow {
        let found = models::find(id).unwrap().spec;
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
        let states = ["live", "troubled", "retired", "removed", "suspect"].map(|word| row[word].as_u64().unwrap());
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
    assert!(russian.out.contains(spec.about.get(Lang::Ru)), "{}", russian.out);
}

/// A model with a matching field, in the table of `show` and in its JSON.
fn shown(fits: impl Fn(&Kind) -> bool) -> (String, serde_json::Value) {
    let field = |spec: &&ModelSpec| spec.fields.iter().find(|field| fits(&field.kind)).map(|field| field.name);
    let (spec, name) = models::all().iter().copied().find_map(|spec| Some((spec, field(&spec)?))).unwrap();
    let json = call(&["show", spec.id, "--json"]).json();
    let own = json["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap().clone();
    let table = call(&["show", spec.id]).out;
    let line =
        table.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap_or_else(|| panic!("{table}"));
    (line.to_owned(), own)
}

#[test]
fn limits_of_every_sort_are_shown() {
    let (line, json) = shown(|kind| matches!(kind, Kind::Integer(n) if n.extra_values == [-1]));
    assert!(line.contains("also -1") && json["also"] == serde_json::json!([-1]), "{line} {json}");
    let (line, json) = shown(|kind| matches!(kind, Kind::Text(t) if t.format.is_some()));
    assert!(line.contains("like ") && json["format"].is_string(), "{line} {json}");
    let (line, json) = shown(|kind| matches!(kind, Kind::Media(m) if m.ratio.is_some_and(|ratio| ratio.max.is_some())));
    assert!(line.contains("wide by high") && json["ratio"]["max"].is_number(), "{line} {json}");
    let (line, json) = shown(|kind| matches!(kind, Kind::List(l) if l.total_seconds.is_some()));
    assert!(line.contains("s together") && json["total_seconds"].is_number(), "{line} {json}");
    let labelled = |kind: &Kind| {
        let own = |o: &kie::schema::spec::OptionSpec| matches!((o.value, o.label), (Literal::Text("TURBO"), Some(label)) if label.get(Lang::En) == "Fast");
        matches!(kind, Kind::Choice(choice) if choice.options.iter().any(own))
    };
    let (line, json) = shown(labelled);
    assert!(line.contains("TURBO (Fast)") && json["labels"]["TURBO"] == "Fast", "{line} {json}");
}

#[test]
fn rules_and_prices_are_shown_in_words_and_as_data() {
    let spec = models::all().iter().find(|spec| {
        let refuses =
            |rule: &RuleSpec| matches!(rule.then, Requirement::Allow(..)) && matches!(rule.when, [Condition::Is(..)]);
        spec.rules.iter().any(refuses)
    });
    let spec = spec.unwrap();
    let done = call(&["show", spec.id]);
    assert!(done.out.contains("\nRULES\n") && done.out.contains("  if "), "{}", done.out);
    assert!(call(&["show", spec.id, "--lang", "ru"]).out.contains("  если "));
    let shown = call(&["show", spec.id, "--json"]).json();
    let rules = shown["rules"].as_array().unwrap();
    assert_eq!(rules.len(), spec.rules.len());
    let allow = rules.iter().find(|rule| rule["allow"].is_object() && rule["when"].is_object()).unwrap();
    assert!(allow["text"].is_string() && allow["advisory"].is_boolean(), "{allow}");

    let sale = models::all().iter().find(|spec| spec.price.is_some_and(|price| price.discount_until.is_some()));
    let Some(sale) = sale else { return };
    let price = sale.price.unwrap();
    let shown = call(&["show", sale.id, "--json"]).json()["price"].clone();
    assert_eq!(shown["discount_until"], price.discount_until.unwrap());
    assert_eq!(shown["regular"].as_array().unwrap().len(), price.regular.len());
    assert_eq!(shown["times"].as_array().unwrap().len(), price.times.len());
    // `models` and `show` both have the prices of the day.
    let today = SystemClock.now().date();
    let rows = call(&["models", "--json", "--status", "all"]).json();
    let row = rows.as_array().unwrap().iter().find(|row| row["id"] == sale.id).unwrap();
    let valid = if price.discount_has_ended(&today) { price.regular } else { price.rows };
    let highest = valid.iter().map(|row| row.credits).max().unwrap();
    assert_eq!(row["price_to"], highest.as_f64());
    assert!(call(&["show", sale.id]).out.contains(&format!("{highest} per {}", price.unit)), "{row}");
}

#[test]
fn the_type_that_was_asked_for_is_shown() {
    let spec = models::all().iter().find(|spec| spec.status == Status::Live && spec.tasks.len() > 1).unwrap();
    let task = spec.tasks[1].id;
    let done = call(&["models", "--type", task]);
    let line = done.out.lines().find(|line| line.split_whitespace().next() == Some(spec.id)).unwrap();
    assert!(line.split_whitespace().any(|word| word == task), "{line}");
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
    assert_eq!(call(&["show", spec.aliases[0].name, "--json"]).json()["id"], spec.id);
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
        // The pipe is closed after the first line, as by `| head -1`.
        BufReader::with_capacity(16, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let done = child.wait_with_output().unwrap();
        let err = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(0), "{args:?} {err}");
        assert!(!first.is_empty() && !err.contains("panicked") && !err.contains("error"), "{err}");
    }
}
