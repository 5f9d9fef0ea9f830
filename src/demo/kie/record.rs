//! The task record as JSON, in each of its formats.

use serde_json::{Map, Value, json};

use super::task::{SimTask, TaskEnd, TaskPhase};
use super::{OutputKind, RecordFormat, input};

/// `data` of the reply to a poll.
pub(super) fn record(task: &SimTask, phase: &TaskPhase, record_format: RecordFormat) -> Value {
    let done = *phase == TaskPhase::Done;
    let failure = match &task.plan.end {
        TaskEnd::Fail { code, msg } if done => Some((code, msg)),
        _ => None,
    };
    let is_late = task.polls_done <= task.plan.late_polls && task.plan.late_polls > 0;
    let result = (done && failure.is_none() && !is_late).then(|| result(task));
    let state = match phase {
        TaskPhase::Running(word) => word.as_str(),
        TaskPhase::Hidden => "waiting",
        TaskPhase::Done if failure.is_some() => "fail",
        TaskPhase::Done => "success",
    };
    let param = param(task);
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| data.insert(name.to_owned(), value);
    put("taskId", json!(task.id));
    put("model", json!(task.model));
    put("state", json!(state));
    put("param", json!(param));
    let text = |result: &Value| result.as_str().map_or_else(|| result.to_string(), str::to_owned);
    put("resultJson", json!(result.as_ref().map(text).unwrap_or_default()));
    put("failCode", failure.map_or(Value::Null, |(code, _)| code.clone()));
    put("failMsg", failure.map_or(Value::Null, |(_, msg)| json!(msg)));
    let ended = task.done.filter(|_| done);
    put("costTime", json!(ended.map(|at| at.since(task.created).as_millis().div_ceil(1000) as u64)));
    put("completeTime", json!(ended.map(|at| at.millis())));
    put("createTime", json!(task.created.millis()));
    // A success whose result comes later has no cost yet either.
    if record_format != RecordFormat::A && !(done && is_late) {
        let cost = if result.is_some() { task.price } else { 0.0 };
        put("creditsConsumed", json!(task.plan.cost.filter(|_| done).unwrap_or(cost)));
    }
    if record_format == RecordFormat::C {
        put("operationType", json!(task.model));
        put("successFlag", json!(if failure.is_some() { 3 } else { i32::from(done) }));
        put("paramJson", json!(param));
        if let Some(result) = result {
            put("response", result);
        }
    }
    Value::Object(data)
}

/// `param`: JSON text in which the input is JSON text again, as the vendor sends it.
fn param(task: &SimTask) -> String {
    let input = Value::Object(task.input.clone()).to_string();
    json!({ "input": input, "model": task.model }).to_string()
}

fn result(task: &SimTask) -> Value {
    match task.kind {
        _ if task.plan.end == TaskEnd::Empty => json!({ "resultUrls": [] }),
        _ if task.plan.webhook_only => json!({ "resultObject": { "id": task.id } }),
        _ if task.plan.shape.is_some() => {
            let url = task.results.first().map(String::as_str).unwrap_or_default();
            task.plan.shape.as_ref().map(|shape| with_url(shape, url)).unwrap_or_default()
        }
        OutputKind::Text if !task.members.is_empty() => json!({ "resultObject": task.members }),
        OutputKind::Text => {
            let about = match input::prompt(&task.input) {
                empty if empty.is_empty() => input::file_name(&task.input).unwrap_or_default(),
                prompt => prompt,
            };
            let text = format!("This is the text that {} heard in {about}.", task.model);
            json!({ "resultObject": { "text": text, "language_code": "eng", "language_probability": 0.98, "words": [] } })
        }
        _ => match &task.last_frame {
            Some(frame) => json!({ "resultUrls": task.results, "lastFrameUrl": frame }),
            None => json!({ "resultUrls": task.results }),
        },
    }
}

/// The value with `{url}` replaced in its texts.
fn with_url(shape: &Value, url: &str) -> Value {
    match shape {
        Value::String(text) => json!(text.replace("{url}", url)),
        Value::Array(items) => items.iter().map(|item| with_url(item, url)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), with_url(value, url))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::demo::kie::task::TaskPlan;

    fn task(fate: TaskEnd) -> SimTask {
        SimTask {
            id: "0123456789abcdef0123456789abcdef".into(),
            model: "acme/draw-1".into(),
            owner: String::new(),
            input: serde_json::from_str(r#"{"prompt":"a \"boat\"","n":1}"#).unwrap(),
            kind: OutputKind::Image,
            plan: TaskPlan { end: fate, ..TaskPlan::default() },
            price: 4.0,
            created: Timestamp::from_millis(1000),
            done: Some(Timestamp::from_millis(42_500)),
            polls: 1,
            polls_done: 1,
            results: vec!["http://127.0.0.1/files/1.png".into()],
            last_frame: None,
            members: Map::new(),
        }
    }

    #[test]
    fn formats_differ_as_recorded() {
        let names = |record_format| {
            let Value::Object(data) = record(&task(TaskEnd::Succeed), &TaskPhase::Done, record_format) else {
                panic!("no object")
            };
            ["creditsConsumed", "operationType", "successFlag", "paramJson", "response", "updateTime", "progress"]
                .into_iter()
                .filter(|name| data.contains_key(*name))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(RecordFormat::A), Vec::<&str>::new());
        assert_eq!(names(RecordFormat::B), ["creditsConsumed"]);
        assert_eq!(
            names(RecordFormat::C),
            ["creditsConsumed", "operationType", "successFlag", "paramJson", "response"]
        );
    }

    #[test]
    fn the_input_is_a_string_inside_the_string() {
        let data = record(&task(TaskEnd::Succeed), &TaskPhase::Running("waiting".into()), RecordFormat::C);
        let param: Value = serde_json::from_str(data["param"].as_str().unwrap()).unwrap();
        let input: Value = serde_json::from_str(param["input"].as_str().unwrap()).unwrap();
        assert_eq!(input["prompt"], "a \"boat\"");
        assert_eq!(data["resultJson"], "");
        assert_eq!(data["completeTime"], Value::Null);
        assert!(data.get("response").is_none());
    }

    #[test]
    fn success_failure_and_empty_result() {
        let data = record(&task(TaskEnd::Succeed), &TaskPhase::Done, RecordFormat::A);
        let result: Value = serde_json::from_str(data["resultJson"].as_str().unwrap()).unwrap();
        assert_eq!(result["resultUrls"][0], "http://127.0.0.1/files/1.png");
        assert_eq!((&data["costTime"], &data["completeTime"]), (&json!(42), &json!(42_500)));

        let fate = TaskEnd::Fail { code: json!("500"), msg: "upstream refused".into() };
        let data = record(&task(fate), &TaskPhase::Done, RecordFormat::C);
        assert_eq!(
            (&data["state"], &data["failCode"], &data["successFlag"]),
            (&json!("fail"), &json!("500"), &json!(3))
        );
        assert_eq!(data["resultJson"], "");

        let data = record(&task(TaskEnd::Empty), &TaskPhase::Done, RecordFormat::C);
        assert_eq!(data["response"], json!({ "resultUrls": [] }));
    }
}
