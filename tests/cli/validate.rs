//! `validate`.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::fixture::{Done, call, call_in, environment, from_words};

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
    // The last line has no end.
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
    // In a thread: a program that keeps its verdict would hold the test for ever.
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || from.lines().map_while(Result::ok).for_each(|line| drop(tell.send(line))));
    for _ in 0..2 {
        writeln!(to, "{}", json!({"model": spec.id, "input": {}})).unwrap();
        let line = told.recv_timeout(crate::fixture::LIMIT).expect("a verdict");
        assert!(line.contains("\"valid\":false"), "{line}");
    }
    drop(to);
    assert_eq!(child.wait().unwrap().code(), Some(2));
}
