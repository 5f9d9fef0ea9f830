//! Routes that answer with their result at once, and the id and the words in a result that the registry names.

use kie::client::OutcomeState;
use kie::form::{self, Origin};
use kie::job::TaskId;
use kie::models;
use kie::schema::spec::ModelSpec;
use kie::schema::{Files, Request};
use serde_json::{Value, json};

use crate::client::fixture::{ID, record, server_and_client};
use crate::client::server::Reply;

/// A model with a route of its own, and its example.
fn example() -> (&'static ModelSpec, Request) {
    let spec = models::all().iter().find(|spec| spec.route.is_some() && !spec.result.id.is_empty()).unwrap();
    let input: serde_json::Map<String, Value> = serde_json::from_str(spec.example).unwrap();
    (spec, form::check(*spec, &input, &Files::new(), Origin::Json).unwrap().request)
}

#[tokio::test]
async fn the_input_itself_is_the_body_and_the_answer_is_the_result() {
    let (spec, request) = example();
    let (server, client, _) = server_and_client().await;
    let name = spec.result.id[0];
    server.says([
        Reply::data(json!({ name: "v-1", "name": "Narrator" })),
        // An example of the vendor has another code and another name.
        Reply::json(json!({ "code": 0, "msg": "success", "data": { name.to_uppercase(): "v-2" } })),
    ]);
    for id in ["v-1", "v-2"] {
        let outcome = client.generate(request.clone()).await;
        assert_eq!(outcome.state, OutcomeState::Succeeded);
        assert_eq!((outcome.output.id.as_deref(), outcome.output.text.as_deref()), (Some(id), Some(id)));
        assert_eq!(outcome.task, Some(TaskId(id.into())));
    }
    let seen = server.seen();
    assert_eq!(seen.len(), 2, "nothing is polled");
    assert_eq!((seen[0].method.as_str(), Some(seen[0].path.as_str())), ("POST", spec.route));
    assert_eq!(&seen[0].json(), &Value::Object(request.input().clone()));
}

#[tokio::test]
async fn an_answer_without_the_id_may_have_been_billed_and_a_refusal_was_not() {
    let (_, request) = example();
    let (server, client, _) = server_and_client().await;
    server.says([
        Reply::data(json!({ "name": "Narrator" })),
        Reply::json(json!({ "code": 0, "msg": "success", "data": null })),
        Reply::json(json!({ "code": 422, "msg": "name is required", "data": null })),
    ]);
    let outcomes = [
        client.generate(request.clone()).await,
        client.generate(request.clone()).await,
        client.generate(request).await,
    ];
    let [nameless, empty, refused] = outcomes;
    assert_eq!((nameless.state, nameless.money_at_risk()), (OutcomeState::Unknown, true));
    assert_eq!((empty.state, empty.success()), (OutcomeState::Unknown, false));
    assert_eq!((refused.state, refused.money_at_risk()), (OutcomeState::NotSubmitted, false));
}

#[tokio::test]
async fn a_record_has_the_id_and_the_words_that_its_model_names() {
    let (server, client, _) = server_and_client().await;
    let with = |wanted: fn(&ModelSpec) -> bool| {
        *models::all().iter().find(|spec| spec.route.is_none() && wanted(spec)).unwrap()
    };
    let (gives_id, gives_words) = (with(|spec| !spec.result.id.is_empty()), with(|spec| !spec.result.text.is_empty()));
    let (id, words) = (gives_id.result.id[0], gives_words.result.text[0]);
    let done = |model: &ModelSpec, result: Value| {
        let mut record = record("success", json!({ "resultJson": result.to_string() }));
        record["model"] = json!(model.id);
        // What a task was given is never its result.
        record["param"] = json!(
            json!({ "model": model.id, "input": json!({ id: "given", words: "given" }).to_string() }).to_string()
        );
        Reply::data(record)
    };
    server.says([
        done(gives_id, json!({ "resultObject": { id: "v-1" } })),
        done(gives_words, json!({ "resultObject": { words: "Read this aloud", "other": 1 } })),
        done(gives_words, json!({ "resultObject": { "text": "Something else" } })),
    ]);
    let task = TaskId(ID.into());
    let output = client.task(&task).await.unwrap().output;
    assert_eq!((output.id.as_deref(), output.text.as_deref()), (Some("v-1"), Some("v-1")));
    let output = client.task(&task).await.unwrap().output;
    assert_eq!((output.id, output.text.as_deref()), (None, Some("Read this aloud")));
    let output = client.task(&task).await.unwrap().output;
    assert_eq!(output.text.as_deref(), Some("Something else"));
}
