//! The whole registry, model by model: examples, limits, the wire, words and prices.

use crate::support::sample::{beyond, fitting};
use crate::support::{media, sample};
use kie::form::{self, Origin};
use kie::models;
use kie::schema::FileFacts;
use kie::schema::Lang;
use kie::schema::input::Json;
use kie::schema::report::{Violation, ViolationKind};
use kie::schema::spec::{FieldSpec, Kind, Literal, ModelSpec, Status};
use kie::schema::{Files, PriceError};
use serde_json::{Map, Value};

fn example(spec: &ModelSpec) -> Map<String, Value> {
    match serde_json::from_str(spec.example) {
        Ok(Value::Object(map)) => map,
        other => panic!("{}: the example is no object: {other:?}", spec.id),
    }
}

fn codes(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|v| format!("{v} (given {:?})", v.given)).collect()
}

/// Runs a check on every model and reports all that fail, not only the first.
fn each_model(check: impl Fn(&'static ModelSpec) -> Result<(), String>) {
    let mistakes: Vec<String> =
        models::all().iter().filter_map(|spec| check(spec).err().map(|e| format!("{}: {e}", spec.id))).collect();
    assert!(mistakes.is_empty(), "{} models:\n{}", mistakes.len(), mistakes.join("\n"));
}

#[test]
fn every_example_is_valid_and_typed_and_untyped_checks_agree() {
    each_model(|spec| {
        let by_form = form::check(spec, &example(spec), &Files::new(), Origin::Json)
            .map_err(|r| format!("form: {:?}", codes(&r.violations)))?;
        (kie::models::reader(spec))(&mut Json::from_str(spec.example)).ok_or("the typed path refuses it")?;
        let by_type = form::check_json(spec, spec.example.as_bytes(), &Files::new())
            .map_err(|r| format!("typed: {:?}", codes(&r.violations)))?;
        if by_form.request.input() != by_type.request.input() {
            return Err(format!("{:?} is not {:?}", by_form.request, by_type.request));
        }
        if by_form.warnings != by_type.warnings {
            return Err(format!("{:?} is not {:?}", by_form.warnings, by_type.warnings));
        }
        Ok(())
    });
}

#[test]
fn what_goes_out_comes_back_the_same() {
    each_model(|spec| {
        let checked = form::check_json(spec, spec.example.as_bytes(), &Files::new()).map_err(|r| r.to_string())?;
        let wire = serde_json::to_vec(&checked.request).map_err(|e| e.to_string())?;
        let again = form::check_json(spec, &wire, &Files::new()).map_err(|r| r.to_string())?;
        let back = form::answers(&again.request);
        if again.request == checked.request && &back == checked.request.input() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&wire).into_owned())
        }
    });
}

#[test]
fn the_wire_has_the_vendors_names_order_and_types() {
    fn object(fields: &[FieldSpec], input: &Map<String, Value>) -> Result<(), String> {
        let positions: Vec<_> = input.keys().map(|name| fields.iter().position(|f| f.name == name)).collect();
        if positions.contains(&None) || !positions.is_sorted() {
            return Err(format!("fields {:?}", input.keys()));
        }
        for field in fields {
            match input.get(field.name) {
                Some(found) => value(&field.kind, found).map_err(|e| format!("`{}`: {e}", field.name))?,
                None if field.required => return Err(format!("`{}` is not sent", field.name)),
                None => {}
            }
        }
        Ok(())
    }
    fn value(kind: &Kind, found: &Value) -> Result<(), String> {
        let fits = match kind {
            Kind::Text(_) | Kind::Media(_) | Kind::Task(_) => found.is_string(),
            Kind::Integer(_) => found.is_i64() || found.is_u64(),
            Kind::Decimal(_) => found.is_number(),
            Kind::Boolean => found.is_boolean(),
            Kind::Choice(choice) => choice.options.iter().any(|o| match o.value {
                Literal::Text(text) => found.as_str() == Some(text),
                Literal::Integer(n) => found.as_i64() == Some(n),
                Literal::Decimal(n) => found.as_f64() == Some(n),
                Literal::Boolean(flag) => found.as_bool() == Some(flag),
            }),
            Kind::List(list) => {
                let items = found.as_array().ok_or("no list")?;
                return items.iter().try_for_each(|item| value(list.item, item));
            }
            Kind::Object(fields) => return object(fields, found.as_object().ok_or("no object")?),
        };
        if fits { Ok(()) } else { Err(format!("{found} does not fit {kind:?}")) }
    }
    each_model(|spec| {
        let checked = form::check_json(spec, spec.example.as_bytes(), &Files::new()).map_err(|r| r.to_string())?;
        object(spec.fields, checked.request.input())
    });
}

/// The wire form of every example, as it was read against the vendor's pages: a change of the registry that changes what is sent
/// shows here. `UPDATE=1 cargo test --test it models::` rewrites the file; read the difference before you commit it.
#[test]
fn the_wire_of_every_example_is_the_one_that_was_reviewed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire.jsonl");
    let line = |spec: &&'static ModelSpec| {
        let checked =
            form::check_json(*spec, spec.example.as_bytes(), &Files::new()).expect("the build checks examples");
        let wire = serde_json::to_string(&checked.request).expect("an input is JSON");
        format!("{} {wire}\n", spec.id)
    };
    let wire: String = models::all().iter().map(line).collect();
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(path, &wire).expect("the file can be written");
    }
    let reviewed = std::fs::read_to_string(path).unwrap_or_default();
    let changed: Vec<&str> = wire.lines().filter(|line| !reviewed.lines().any(|old| old == *line)).collect();
    assert!(reviewed == wire, "other than in {path}:\n{}", changed.join("\n"));
}

/// Every field at its limits and one step beyond them: the form and the typed input say the same.
#[test]
fn every_limit_of_every_field_bites_and_no_earlier() {
    let mut limits = 0;
    let mut mistakes = Vec::new();
    for spec in models::all() {
        for field in spec.fields {
            let mut check = |value: Value, fits: bool, why: &str| {
                limits += 1;
                let by_form = form::check_field(field, &value, &Files::new(), Origin::Json);
                let mut input = example(spec);
                input.insert(field.name.to_owned(), value.clone());
                let by_type = (kie::models::reader(spec))(&mut Json::from_str(&Value::Object(input).to_string()));
                // What is left empty does not go out.
                let empty = |value: &Value| value.to_string().matches("\"\"").count();
                let goes_out = by_form.as_ref().is_ok_and(|wire| empty(wire) == empty(&value));
                if goes_out != fits || by_type.is_some() != fits {
                    let shown: String = value.to_string().chars().take(80).collect();
                    mistakes.push(format!(
                        "{}.{} {why}: {shown}: form {:?}, type takes it: {}",
                        spec.id,
                        field.name,
                        by_form.map_err(|v| codes(&v)).err(),
                        by_type.is_some(),
                    ));
                }
            };
            for value in fitting(&field.kind) {
                check(value, true, "at the limit");
            }
            for (value, why) in beyond(&field.kind) {
                let left_out = !field.required && value == Value::Array(Vec::new());
                check(value, left_out, why);
            }
        }
    }
    assert!(mistakes.is_empty(), "{} mistakes:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(limits > 5000, "only {limits} limits were tried");
}

/// The vendor's own default of several lists is the empty one.
#[test]
fn an_empty_list_leaves_an_optional_field_out() {
    let mut tried = 0;
    for spec in models::all() {
        for field in spec.fields.iter().filter(|f| matches!(f.kind, Kind::List(_))) {
            let mut input = example(spec);
            input.insert(field.name.to_owned(), Value::Array(Vec::new()));
            let typed = (kie::models::reader(spec))(&mut Json::from_str(&Value::Object(input.clone()).to_string()));
            let mut without = input.clone();
            without.remove(field.name);
            for origin in [Origin::Json, Origin::Text] {
                let given = form::check(*spec, &input, &Files::new(), origin);
                let absent = form::check(*spec, &without, &Files::new(), origin);
                if field.required {
                    assert_eq!(given.is_ok(), matches!(&field.kind, Kind::List(list) if list.min == 0), "{}", spec.id);
                } else {
                    assert_eq!(given, absent, "{}.{}", spec.id, field.name);
                    assert!(typed.as_ref().is_some_and(|typed| typed.field(field.name).is_none()), "{}", spec.id);
                }
            }
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn an_empty_text_leaves_an_optional_field_out_and_is_told() {
    let mut tried = 0;
    each_model(|spec| {
        let may_be_empty = |field: &&FieldSpec| matches!(&field.kind, Kind::Text(text) if text.check("").is_ok());
        for field in spec.fields.iter().filter(|field| !may_be_empty(field)) {
            let mut without = example(spec);
            without.remove(field.name);
            let mut input = without.clone();
            input.insert(field.name.to_owned(), Value::from(""));
            let given = form::check(spec, &input, &Files::new(), Origin::Json);
            let bytes = serde_json::to_vec(&input).unwrap();
            if form::check_json(spec, &bytes, &Files::new()) != given {
                return Err(format!("{}: bytes and values are judged apart", field.name));
            }
            let is_told = |violation: &Violation| violation.field == field.name;
            let as_absent = match (given, form::check(spec, &without, &Files::new(), Origin::Json)) {
                (Err(report), _) if field.required => report.violations.iter().any(is_told),
                (Ok(given), Ok(absent)) => {
                    given.request == absent.request
                        && given.warnings.iter().any(|w| w.kind.code() == "not_given" && is_told(w))
                }
                (Err(given), Err(absent)) => given.violations == absent.violations,
                _ => false,
            };
            if !as_absent {
                return Err(format!("{}: an empty text is not as good as none", field.name));
            }
        }
        Ok(())
    });
    for spec in models::all() {
        tried += spec.fields.iter().filter(|field| !field.required).count();
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn well_known_names_find_their_values() {
    let mut tried = 0;
    each_model(|spec| {
        for field in spec.fields {
            let Kind::Choice(choice) = &field.kind else { continue };
            for option in choice.options.iter().filter(|_| choice.named) {
                for name in option.names() {
                    let mut input = example(spec);
                    input.insert(field.name.to_owned(), Value::from(format!(" {} ", name.to_uppercase())));
                    let found =
                        form::check(spec, &input, &Files::new(), Origin::Json).map_err(|r| format!("{name}: {r}"))?;
                    let sent = found.request.input()[field.name].as_str().map(str::to_owned);
                    if sent != Some(option.value.to_string()) || !found.warnings.is_empty() {
                        return Err(format!("{name} is taken for {sent:?}"));
                    }
                    let typed = form::check_field(field, &Value::from(name), &Files::new(), Origin::Text);
                    assert_eq!(typed, Ok(Value::from(option.value.to_string())), "typed in the chat");
                }
            }
        }
        Ok(())
    });
    for spec in models::all() {
        tried += spec.fields.iter().filter(|f| matches!(&f.kind, Kind::Choice(choice) if choice.named)).count();
    }
    assert!(tried >= 3, "{tried}");
}

/// Every limit of every file, at the limit and beyond it.
#[test]
fn every_limit_of_every_file_bites_and_no_earlier() {
    let mut limits = 0;
    let mut mistakes = Vec::new();
    for spec in models::all() {
        for field in spec.fields {
            for case in media::cases(&field.kind) {
                limits += 1;
                let found = form::check_field(field, &case.value, &case.files, Origin::Json);
                let kinds: Vec<ViolationKind> = found.err().unwrap_or_default().into_iter().map(|v| v.kind).collect();
                let bites = kinds.iter().any(|fault| media::is(fault, case.measure));
                if bites != case.bites {
                    mistakes.push(format!("{}.{} {}: {:?} {kinds:?}", spec.id, field.name, case.measure, case.files));
                }
            }
        }
    }
    assert!(mistakes.is_empty(), "{} mistakes:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(limits > 900, "only {limits} limits were tried");
}

/// F38: the vendor required fields that our form did not ask for.
#[test]
fn f38_a_missing_required_field_is_named() {
    each_model(|spec| {
        for field in spec.fields.iter().filter(|f| f.required && f.default.is_none()) {
            let mut input = example(spec);
            input.remove(field.name);
            let report = form::check(spec, &input, &Files::new(), Origin::Json)
                .err()
                .ok_or_else(|| format!("nobody misses `{}`", field.name))?;
            if !report.violations.iter().any(|v| v.field == field.name && v.kind == ViolationKind::Required) {
                return Err(format!("`{}`: {:?}", field.name, codes(&report.violations)));
            }
        }
        Ok(())
    });
}

#[test]
fn other_names_of_a_field_lead_to_it() {
    each_model(|spec| {
        let input = example(spec);
        for field in spec.fields {
            for alias in field.aliases {
                let Some(value) = input.get(field.name) else { continue };
                let mut renamed = input.clone();
                renamed.remove(field.name);
                renamed.insert((*alias).to_owned(), value.clone());
                let accepted = form::check(spec, &renamed, &Files::new(), Origin::Json)
                    .map_err(|r| format!("`{alias}`: {:?}", codes(&r.violations)))?;
                if accepted.request.input().get(field.name) != Some(value) {
                    return Err(format!("`{alias}` is lost: {:?}", accepted.request));
                }
                renamed.insert(field.name.to_owned(), value.clone());
                if form::check(spec, &renamed, &Files::new(), Origin::Json).is_ok() {
                    return Err(format!("`{alias}` and `{}` together", field.name));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn every_word_for_people_exists_in_both_languages() {
    fn fields(all: &[FieldSpec]) -> Result<(), String> {
        all.iter().try_for_each(|field| {
            if field.label.get(Lang::En).trim().is_empty() || field.label.get(Lang::Ru).trim().is_empty() {
                return Err(format!("`{}` has no label", field.name));
            }
            kind(&field.kind)
        })
    }
    fn kind(of: &Kind) -> Result<(), String> {
        match of {
            Kind::Object(inner) => fields(inner),
            Kind::List(list) => kind(list.item),
            Kind::Choice(choice) => {
                let labels = choice.options.iter().filter_map(|o| o.label);
                let missing = labels.filter(|l| l.all().iter().any(|text| text.trim().is_empty())).count();
                if missing == 0 { Ok(()) } else { Err(format!("{missing} empty labels")) }
            }
            _ => Ok(()),
        }
    }
    each_model(|spec| {
        for words in [spec.title, spec.about] {
            if words.get(Lang::En).trim().is_empty() || words.get(Lang::Ru).trim().is_empty() {
                return Err("a title or a sentence is missing".into());
            }
        }
        if !spec.about.get(Lang::Ru).chars().any(|c| ('а'..='я').contains(&c)) {
            return Err(format!("not Russian: {}", spec.about.get(Lang::Ru)));
        }
        fields(spec.fields)
    });
}

/// Every file of an input, five seconds long and as large as a picture of 1K.
fn measured(input: &Map<String, Value>) -> Files {
    let facts = FileFacts { seconds: Some(5.0), width: Some(1024), height: Some(1024), ..FileFacts::default() };
    sample::urls(&Value::Object(input.clone())).into_iter().map(|url| (url, facts.clone())).collect()
}

/// F13: a price table that was not there made every run cost one coin, later nothing.
#[test]
fn f13_every_example_has_a_price_where_the_model_has_one() {
    each_model(|spec| {
        let checked = form::check_json(spec, spec.example.as_bytes(), &Files::new()).map_err(|r| r.to_string())?;
        match (spec.price, checked.request.price(&measured(checked.request.input()))) {
            (Some(price), Ok(quote))
                if quote.credits.milli() > 0 || price.rows.iter().all(|r| r.credits.milli() == 0) =>
            {
                Ok(())
            }
            (None, Err(PriceError::Unknown)) => Ok(()),
            (price, quote) => Err(format!("{quote:?} of {price:?}")),
        }
    });
}

/// A value outside the range of a length (-1: the model decides) and a size without a row of its own cost nothing once.
#[test]
fn f13_every_value_that_is_offered_has_a_price() {
    each_model(|spec| {
        for field in spec.fields {
            for value in fitting(&field.kind) {
                let mut input = example(spec);
                input.insert(field.name.to_owned(), value.clone());
                // What the rules refuse beside the example is not offered.
                let Ok(checked) = form::check(spec, &input, &Files::new(), Origin::Json) else { continue };
                if spec.price.is_some() && checked.request.price(&measured(checked.request.input())).is_err() {
                    return Err(format!("`{}` {value} has none", field.name));
                }
            }
        }
        Ok(())
    });
}

/// Under every name the example is an input: with the values of the name, and with the caller's own in their place.
#[test]
fn what_a_name_implies_stands_in_for_what_is_not_given() {
    let tried = std::cell::Cell::new(0);
    each_model(|spec| {
        for alias in spec.aliases {
            let named = models::find(alias.name).ok_or("an alias finds its model")?;
            for preset in alias.presets {
                let field = spec.fields.iter().find(|field| field.name == preset.field).ok_or("a field")?;
                let mut input = named.example();
                let sent = |input: &Map<String, Value>| {
                    let accepted = form::check(named, input, &Files::new(), Origin::Json).map_err(|r| r.to_string())?;
                    Ok::<_, String>(accepted.request.input()[field.name].clone())
                };
                if sent(&input)? != preset.json() {
                    return Err(format!("{}: not in its example", alias.name));
                }
                input.remove(field.name);
                if sent(&input)? != preset.json() {
                    return Err(format!("{}: `{}` is not set", alias.name, field.name));
                }
                for value in fitting(&field.kind).into_iter().filter(|value| *value != preset.json()) {
                    input.insert(field.name.to_owned(), value.clone());
                    // What the rules refuse is not offered.
                    if sent(&input).is_ok_and(|sent| sent != value) {
                        return Err(format!("{}: {value} is overruled", alias.name));
                    }
                    tried.set(tried.get() + 1);
                }
            }
        }
        Ok(())
    });
    assert!(tried.get() > 4, "{tried:?}");
}

#[test]
fn names_lead_to_models() {
    for spec in models::all() {
        assert!(std::ptr::eq(models::find(spec.id).expect("an id finds its model").spec, *spec), "{}", spec.id);
        assert!(spec.id.len() <= 48, "{}", spec.id);
        assert!(!spec.tasks.is_empty(), "{}", spec.id);
        for alias in spec.aliases {
            assert!(std::ptr::eq(models::find(alias.name).expect("an alias finds its model").spec, *spec), "{alias:?}");
        }
        for task in spec.tasks {
            assert!(models::of_task(task.id).any(|m| m.id == spec.id), "{}", spec.id);
        }
        let nearest = spec.nearest.map(|id| models::find(id).expect("the nearest model exists").spec);
        assert!(nearest.is_none_or(|m| m.status == Status::Live && spec.status != Status::Live), "{}", spec.id);
    }
    assert!(models::find("no-such-model").is_none());
    assert_eq!(models::nearest("z-imag"), Some("z-image"));
    assert_eq!(models::nearest("google/veo3"), Some("google/veo-3"), "the id stands for less");
    assert_eq!(models::nearest("qqqqqqqqqqqqqqqqq"), None);
    assert_eq!(models::Model::ALL.len(), models::all().len());
    assert!(models::Model::ALL.iter().zip(models::all()).all(|(model, spec)| std::ptr::eq(model.spec(), *spec)));
    assert!(models::tasks().iter().all(|task| models::of_task(task.id).next().is_some()));
}
