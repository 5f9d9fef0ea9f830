//! `validate`.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use kie::models;
use kie::schema::Lang;
use kie::schema::spec::{FieldSpec, Kind, Literal, ModelSpec};
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call, call_in, environment, from_words, retired};

fn check(args: &[&str], input: &[u8]) -> Done {
    call_in(tempfile::tempdir().unwrap().path(), args, &[], input)
}

#[test]
fn good_and_bad_inputs_in_words() {
    let spec = from_words();
    let good = call(&["validate", spec.id, "--input", spec.example]);
    assert_eq!((good.code, good.out), (Some(0), format!("{}: valid\n", spec.id)));

    let bad = call(&["validate", spec.id, "--input", r#"{"prompt": 5, "no_such_field": 1}"#]);
    assert_eq!(bad.code, Some(2), "{bad:?}");
    assert!(bad.out.starts_with(&format!("{}: 2 problems\n", spec.id)), "{}", bad.out);
    assert!(bad.out.contains("  prompt ") && bad.out.contains("  no_such_field "), "{}", bad.out);
}

#[test]
fn verdicts_as_json() {
    let spec = from_words();
    let good = call(&["validate", spec.id, "--input", spec.example, "--json"]);
    let verdict = good.json();
    assert_eq!((good.code, &verdict["valid"], &verdict["model"]), (Some(0), &json!(true), &json!(spec.id)));
    assert!(verdict["input"]["prompt"].is_string() && verdict["warnings"].is_array(), "{verdict}");
    assert!(verdict.get("violations").is_none(), "{verdict}");

    let bad = call(&["validate", spec.id, "--input", "{}", "--json"]);
    let verdict = bad.json();
    assert_eq!((bad.code, &verdict["valid"]), (Some(2), &json!(false)));
    let found = &verdict["violations"][0];
    assert_eq!((&found["field"], &found["code"]), (&json!("prompt"), &json!("required")), "{verdict}");
    assert!(found["message"].is_string() && verdict.get("input").is_none(), "{verdict}");
}

#[test]
fn inputs_come_from_files_and_from_standard_input() {
    let spec = from_words();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("in.json"), spec.example).unwrap();
    let from = |given: &str, input: &[u8]| call_in(folder.path(), &["validate", spec.id, "--input", given], &[], input);
    assert_eq!(from("@in.json", b"").code, Some(0));
    assert_eq!(from("-", spec.example.as_bytes()).code, Some(0));
    let missing = from("@none.json", b"");
    assert!(missing.complaint(2).starts_with("none.json cannot be read: "), "{missing:?}");
    let broken = from("-", b"\xff\xfe");
    assert!(broken.complaint(2).starts_with("standard input cannot be read"), "{broken:?}");
}

#[test]
fn malformed_json_is_told_with_its_place() {
    let spec = from_words();
    for (given, said) in [
        ("{", "--input is not valid JSON: EOF while parsing an object at line 1 column 1"),
        (r#"{"prompt": }"#, "--input is not valid JSON: expected value at line 1 column 12"),
        ("[1]", "--input must be a JSON object, not a list"),
        ("\"prompt\"", "--input must be a JSON object, not a text"),
        ("", "--input is not valid JSON: EOF while parsing a value at line 1 column 0"),
    ] {
        let done = call(&["validate", spec.id, "--input", given]);
        assert_eq!(done.complaint(2), said);
    }
    let nested = format!("{{\"prompt\": {}", "[".repeat(100_000));
    let done = call(&["validate", spec.id, "--input", &nested]);
    assert!(done.complaint(2).contains("recursion limit"), "{}", done.err);
    assert_eq!(call(&["validate", spec.id]).code, Some(2));
}

#[test]
fn fields_are_typed_beside_the_input() {
    // A number, a boolean and a list, each from a text.
    let with = |fits: &dyn Fn(&Kind) -> bool| {
        let fields = |spec: &'static ModelSpec| spec.fields.iter().map(move |field| (spec, field));
        let all = models::all().iter().flat_map(|spec| fields(spec));
        let set = |(spec, field): &(&'static ModelSpec, &FieldSpec)| {
            let example: Value = serde_json::from_str(spec.example).unwrap();
            fits(&field.kind) && example.get(field.name).is_some()
        };
        all.into_iter().find(set).unwrap()
    };
    for fits in [
        &(|kind: &Kind| matches!(kind, Kind::Integer(_))) as &dyn Fn(&Kind) -> bool,
        &|kind| matches!(kind, Kind::Boolean),
        &|kind| matches!(kind, Kind::Choice(_)),
        &|kind| matches!(kind, Kind::List(list) if matches!(list.item, Kind::Media(_))),
        &|kind| matches!(kind, Kind::List(list) if matches!(list.item, Kind::Object(_))),
    ] {
        let (spec, field) = with(fits);
        let mut input: Value = serde_json::from_str(spec.example).unwrap();
        let value = input.as_object_mut().unwrap().remove(field.name).unwrap();
        let texts = match &value {
            Value::Array(items) if items.iter().all(Value::is_string) => items.clone(),
            other => vec![other.clone()],
        };
        let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let typed: Vec<String> = texts.iter().map(|v| format!("{}={}", field.name, plain(v))).collect();
        let input = input.to_string();
        let mut args = vec!["validate", spec.id, "--json", "--input", &input];
        typed.iter().for_each(|arg| args.extend(["-f", arg]));
        let done = call(&args);
        assert_eq!((done.code, &done.json()["input"][field.name]), (Some(0), &value), "{args:?}");
    }
}

#[test]
fn a_typed_field_wins_and_a_wrong_one_is_named() {
    let spec = from_words();
    let done = call(&["validate", spec.id, "--input", r#"{"prompt":"A cat"}"#, "-f", "prompt=A = fox", "--json"]);
    assert_eq!(done.json()["input"]["prompt"], "A = fox", "{done:?}");
    // A field set with -f does not change how the JSON is checked.
    let done = call(&["validate", spec.id, "--input", r#"{"prompt": 5}"#, "--json"]);
    assert_eq!(done.json()["violations"][0]["code"], "wrong_type");
    let done = call(&["validate", spec.id, "-f", "prompt=", "--json"]);
    assert_eq!(done.json()["violations"][0]["code"], "required");
    assert_eq!(call(&["validate", spec.id, "-f", "prompt"]).code, Some(2));
}

/// Pages of the vendor send an empty text for what was not filled in.
#[test]
fn what_is_left_empty_is_not_given_and_told() {
    let has_default = |field: &&FieldSpec| {
        !field.required && field.default.is_some() && matches!(field.kind, Kind::Choice(_) | Kind::Integer(_))
    };
    let found = models::all().iter().find_map(|spec| Some((spec, spec.fields.iter().find(has_default)?)));
    let (spec, field) = found.unwrap();
    let mut input: Value = serde_json::from_str(spec.example).unwrap();
    input[field.name] = "".into();
    let done = call(&["validate", spec.id, "--json", "--input", &input.to_string()]);
    let verdict = done.json();
    assert_eq!((done.code, &verdict["input"][field.name]), (Some(0), &Value::Null), "{verdict}");
    let warning = &verdict["warnings"][0];
    let default: Value = serde_json::from_str(field.default.unwrap()).unwrap();
    let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
    assert_eq!((&warning["field"], &warning["code"]), (&json!(field.name), &json!("not_given")), "{verdict}");
    assert_eq!((&warning["default"], &warning["given"]), (&json!(default), &json!("")), "{verdict}");
    let line = json!({"model": spec.id, "input": input}).to_string() + "\n";
    assert_eq!(check(&["validate", "--jsonl"], line.as_bytes()).json()["warnings"][0], *warning);
    let typed = call(&["validate", spec.id, "--input", spec.example, "-f", &format!("{}=", field.name)]);
    assert_eq!(typed.code, Some(0), "{typed:?}");
    assert!(typed.err.contains("is empty, which counts as not given"), "{typed:?}");
    let priced = call(&["price", spec.id, "--input", &input.to_string(), "--json"]);
    assert_eq!((priced.code, &priced.json()["warnings"][0]), (Some(0), warning), "{priced:?}");
}

#[test]
fn everything_that_is_wrong_with_what_was_typed_is_said_at_once() {
    let spec = from_words();
    let args = ["validate", spec.id, "-f", "promt=A fox", "-f", "colour=red", "-f", "prompt=a", "-f", "prompt=b"];
    let done = call(&args);
    assert_eq!((done.code, done.err.as_str()), (Some(2), ""), "{done:?}");
    assert!(done.out.starts_with(&format!("{}: 3 problems\n", spec.id)), "{}", done.out);
    assert!(done.out.contains("did you mean prompt?") && done.out.contains("is given twice"), "{}", done.out);
    let verdict = call(&[&args[..], &["--json"]].concat()).json();
    let found = verdict["violations"].as_array().unwrap();
    let mut codes: Vec<_> = found.iter().map(|v| v["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["given_twice", "unknown_field", "unknown_field"], "{verdict}");
    let done = call(&["generate", spec.id, "-f", "promt=x"]);
    assert!(done.code == Some(2) && done.err.contains("2 problems") && done.err.contains("did you mean"), "{done:?}");
}

#[test]
fn what_stands_twice_in_the_input_is_seen() {
    let spec = from_words();
    let twice = r#"{"prompt":"a","prompt":"b"}"#;
    for more in [&[][..], &["-f", "no_such=1"]] {
        let done = call(&[&["validate", spec.id, "--input", twice, "--json"], more].concat());
        let codes: Vec<Value> =
            done.json()["violations"].as_array().unwrap().iter().map(|v| v["code"].clone()).collect();
        assert!(done.code == Some(2) && codes.contains(&json!("given_twice")), "{done:?}");
    }
    // A field set with -f replaces both.
    assert_eq!(call(&["validate", spec.id, "--input", twice, "-f", "prompt=c"]).code, Some(0));
}

#[test]
fn values_are_named_as_they_are_typed() {
    let labelled = |field: &FieldSpec| match &field.kind {
        Kind::Choice(choice) => choice.options.iter().find_map(|option| match (option.value, option.label) {
            (Literal::Text("TURBO"), Some(label)) => Some((field.name, label)),
            _ => None,
        }),
        _ => None,
    };
    let mut all = models::all().iter().filter(|spec| spec.status.is_offered());
    let (spec, (field, label)) = all.find_map(|spec| Some((spec, spec.fields.iter().find_map(labelled)?))).unwrap();
    let mut input: Value = serde_json::from_str(spec.example).unwrap();
    input[field] = json!("x");
    let input = input.to_string();
    for (lang, label) in [("en", label.get(Lang::En)), ("ru", label.get(Lang::Ru))] {
        let args = ["validate", spec.id, "--input", &input, "--lang", lang];
        let words = call(&args).out;
        assert!(words.contains(&format!("TURBO ({label})")), "{words}");
        let verdict = call(&[&args[..], &["--json"]].concat()).json();
        let message = verdict["violations"][0]["message"].as_str().unwrap();
        assert!(message.contains(&format!("TURBO ({label})")), "{message}");
    }
    let line = json!({ "model": spec.id, "input": serde_json::from_str::<Value>(&input).unwrap() }).to_string();
    assert!(check(&["validate", "--jsonl"], line.as_bytes()).out.contains("TURBO ("));
}

#[test]
fn a_withdrawn_model_says_so_beside_the_verdict() {
    let (spec, nearest) = retired();
    let done = call(&["validate", spec.id, "--input", spec.example]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(done.err.contains(&format!("use `{nearest}`")), "{done:?}");
    let verdict = call(&["validate", spec.id, "--input", spec.example, "--json"]).json();
    assert_eq!((&verdict["valid"], &verdict["nearest"]), (&json!(true), &json!(nearest)));
    assert!(verdict["status"].is_string(), "{verdict}");
    let live = call(&["validate", from_words().id, "--input", from_words().example, "--json"]).json();
    assert!(live.get("status").is_none() && live.get("nearest").is_none(), "{live}");
}

#[test]
fn a_verdict_comes_even_where_nothing_can_be_checked() {
    let spec = from_words();
    for (args, code) in [
        (["validate", "no-such", "--input", "{}", "--json"], "unknown_model"),
        (["validate", spec.id, "--input", "[1]", "--json"], "not_an_object"),
        (["validate", spec.id, "--input", "{", "--json"], "unreadable_input"),
    ] {
        let done = call(&args);
        let verdict = done.json();
        assert_eq!(
            (done.code, &verdict["valid"], &verdict["violations"][0]["code"]),
            (Some(2), &json!(false), &json!(code))
        );
    }
}

#[test]
fn people_who_read_russian_read_russian() {
    let spec = from_words();
    let cyrillic = |text: &str| text.lines().all(|line| line.chars().any(|c| ('а'..='я').contains(&c)));
    for args in [
        &["validate", spec.id, "--input", r#"{"prompt": 5, "x": 1}"#][..],
        &["validate", spec.id, "--input", spec.example],
        &["validate", spec.id, "--input", "[1]"],
        &["validate", spec.id, "--input", "{"],
        &["validate", "no-such", "--input", "{}"],
        &["validate", retired().0.id, "--input", retired().0.example],
        &["generate", retired().0.id],
        &["price", spec.id, "-f", "prompt=", "-f", "x=1"],
    ] {
        let done = call(&[args, &["--lang", "ru"]].concat());
        let said = format!("{}{}", done.out, done.err);
        assert!(!said.is_empty() && (args[0] == "price" || cyrillic(&said)), "{said}");
        assert!(!said.contains("problem") && !said.contains("is not a field"), "{said}");
    }
    for line in [&b"half a line"[..], b"{\"model\":\"no-such\",\"input\":{}}"] {
        let verdict: Value = serde_json::from_str(&check(&["validate", "--jsonl", "--lang", "ru"], line).out).unwrap();
        assert!(cyrillic(verdict["violations"][0]["message"].as_str().unwrap()), "{verdict}");
    }
}

/// Memory does not grow with the number of lines.
#[cfg(target_os = "linux")]
#[test]
fn many_lines_need_no_more_memory_than_a_few() {
    let spec = from_words();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_kie-bot"))
        .env_clear()
        .envs(environment())
        .args(["validate", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let status = format!("/proc/{}/status", child.id());
    let peak_kb = || -> u64 {
        let text = std::fs::read_to_string(&status).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    let line = format!(
        "{}\n{}\n",
        json!({"model": spec.id, "input": {"prompt": "A fox"}}),
        json!({"model": spec.id, "input": {}})
    );
    let mut verdicts = from.lines();
    let mut round = |pairs: usize| {
        for _ in 0..pairs / 10 {
            to.write_all(line.repeat(10).as_bytes()).unwrap();
            for number in 0..20 {
                let verdict = verdicts.next().unwrap().unwrap();
                assert!(
                    verdict.starts_with(if number % 2 == 0 { "{\"valid\":true," } else { "{\"valid\":false," }),
                    "{verdict}"
                );
            }
        }
    };
    round(500);
    let few = peak_kb();
    round(20_000);
    let many = peak_kb();
    assert!(many < few + 2048, "{few} kB became {many} kB");
    drop(to);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn lines_are_judged_one_by_one_and_in_order() {
    let spec = from_words();
    let example: Value = serde_json::from_str(spec.example).unwrap();
    let mut input = Vec::new();
    let mut line = |bytes: &[u8]| {
        input.extend_from_slice(bytes);
        input.push(b'\n');
    };
    line(json!({"model": spec.id, "input": example}).to_string().as_bytes());
    line(b"{\"model\": \"half a line");
    line(b"");
    line(b"{\"model\": \"\xff\", \"input\": {}}");
    line(json!({"model": "no-such", "input": {}}).to_string().as_bytes());
    line(json!({"model": spec.id, "input": []}).to_string().as_bytes());
    line(json!({"model": spec.id, "input": {}}).to_string().as_bytes());
    line(json!({"input": {}}).to_string().as_bytes());
    // The last line has no line break.
    input.extend(json!({"model": spec.id, "input": example}).to_string().bytes());
    let done = check(&["validate", "--jsonl"], &input);
    assert_eq!((done.code, done.err.as_str()), (Some(2), ""), "{done:?}");
    let verdicts: Vec<Value> = done.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<&str> = verdicts.iter().map(|v| v["violations"][0]["code"].as_str().unwrap_or("valid")).collect();
    let bad = "unreadable_line";
    assert_eq!(codes, ["valid", bad, bad, "unknown_model", "not_an_object", "required", bad, "valid"]);
    assert!(verdicts.iter().all(|v| v["warnings"].is_array() && v["valid"].is_boolean()), "{verdicts:?}");
    assert_eq!(verdicts[0]["input"]["prompt"], example["prompt"]);

    let good = json!({"model": spec.id, "input": example}).to_string();
    assert_eq!(check(&["validate", "--jsonl"], good.as_bytes()).code, Some(0));
    assert_eq!(check(&["validate", "--jsonl"], b"").code, Some(0));
}

#[test]
fn whoever_writes_a_line_and_waits_gets_its_verdict() {
    let spec = from_words();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_kie-bot"))
        .env_clear()
        .envs(environment())
        .args(["validate", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    // In a thread with a time limit: if the program withheld its verdict, the test would never end.
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || from.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line))));
    for _ in 0..2 {
        writeln!(to, "{}", json!({"model": spec.id, "input": {}})).unwrap();
        let line = told.recv_timeout(crate::cli::fixture::LIMIT).expect("a verdict");
        assert!(line.contains("\"valid\":false"), "{line}");
    }
    drop(to);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
