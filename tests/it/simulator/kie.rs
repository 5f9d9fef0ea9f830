//! The tasks of the simulated KIE, over plain HTTP.

use std::sync::Arc;
use std::time::Duration;

use kie::demo::kie::{
    KieFault, KieFaultEffect, OutputKind, RecordFormat, Route, SimKie, SimKieOptions, TaskEnd, TaskPlan, UnknownTask,
};
use kie::probe::Probe;
use serde_json::{Value, json};

pub(super) const LIMIT: Duration = Duration::from_secs(20);

pub(super) async fn start(options: SimKieOptions) -> (SimKie, reqwest::Client) {
    (SimKie::start(options).await.unwrap(), reqwest::Client::new())
}

pub(super) async fn reply(request: reqwest::RequestBuilder) -> Value {
    let reply = request.bearer_auth("key").timeout(LIMIT).send().await.unwrap();
    assert_eq!(reply.status(), 200);
    reply.json().await.unwrap()
}

pub(super) async fn create(sim: &SimKie, web: &reqwest::Client, input: Value) -> Value {
    let url = sim.url.join("api/v1/jobs/createTask").unwrap();
    reply(web.post(url).json(&json!({ "model": "acme/draw-1", "input": input }))).await
}

pub(super) async fn created(sim: &SimKie, web: &reqwest::Client, input: Value) -> String {
    let reply = create(sim, web, input).await;
    assert_eq!(reply["code"], 200, "{reply}");
    reply["data"]["taskId"].as_str().unwrap().to_owned()
}

pub(super) async fn poll(sim: &SimKie, web: &reqwest::Client, id: &str) -> Value {
    let url = sim.url.join(&format!("api/v1/jobs/recordInfo?taskId={id}")).unwrap();
    reply(web.get(url)).await
}

/// Polls until the task has ended.
pub(super) async fn finished(sim: &SimKie, web: &reqwest::Client, id: &str) -> Value {
    for _ in 0..100 {
        let reply = poll(sim, web, id).await;
        if reply["code"] != 200 || ["success", "fail"].contains(&reply["data"]["state"].as_str().unwrap_or_default()) {
            return reply;
        }
    }
    panic!("task {id} never ended");
}

#[tokio::test]
async fn a_task_walks_through_its_states_to_a_real_file() {
    let (sim, web) = start(SimKieOptions { picture_side: 256, ..SimKieOptions::quick(4) }).await;
    let id = created(&sim, &web, json!({ "prompt": "лодка", "aspect_ratio": "16:9" })).await;
    assert_eq!(id.len(), 32);
    let mut states = Vec::new();
    let last = loop {
        let reply = poll(&sim, &web, &id).await;
        states.push(reply["data"]["state"].as_str().unwrap().to_owned());
        if states.len() == 5 {
            break reply;
        }
    };
    assert_eq!(states, ["waiting", "queuing", "generating", "generating", "success"]);
    assert_eq!(sim.polls(&id), 5);
    let result: Value = serde_json::from_str(last["data"]["resultJson"].as_str().unwrap()).unwrap();
    let file = web.get(result["resultUrls"][0].as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    let seen = Probe::of_bytes(&file.bytes().await.unwrap());
    assert_eq!((seen.width, seen.height), (Some(288), Some(162)));
    assert_eq!(last["data"]["creditsConsumed"], 4.0);
    assert!((sim.balance() - 996.0).abs() < 1e-9);
    let made = sim.creates();
    assert_eq!((made[0].model.as_str(), &made[0].input["prompt"]), ("acme/draw-1", &json!("лодка")));
}

#[tokio::test]
async fn each_output_kind_has_its_result() {
    for (kind, mime) in [(OutputKind::Video, "video/mp4"), (OutputKind::Audio, "audio/wav")] {
        let options = SimKieOptions { validator: Arc::new(move |_, _| Ok(kind)), ..SimKieOptions::quick(0) };
        let (sim, web) = start(options).await;
        let id = created(&sim, &web, json!({ "prompt": "x", "num_images": 2 })).await;
        let urls = poll(&sim, &web, &id).await["data"]["response"]["resultUrls"].clone();
        assert_eq!(urls.as_array().unwrap().len(), 2);
        let file = web.get(urls[1].as_str().unwrap()).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], mime);
        assert_eq!(Probe::of_bytes(&file.bytes().await.unwrap()).mime, mime);
        let part = web.get(urls[0].as_str().unwrap()).header("range", "bytes=4-7").send().await.unwrap();
        assert_eq!((part.status().as_u16(), part.bytes().await.unwrap().len()), (206, 4));
    }
    let options = SimKieOptions { validator: Arc::new(|_, _| Ok(OutputKind::Text)), ..SimKieOptions::quick(0) };
    let (sim, web) = start(options).await;
    let id = created(&sim, &web, json!({ "audio_url": "https://x.test/talk.mp3" })).await;
    let data = poll(&sim, &web, &id).await["data"].clone();
    assert!(data["response"]["resultObject"]["text"].as_str().unwrap().contains("talk.mp3"));
}

#[tokio::test]
async fn refusals_come_in_the_envelope() {
    let options = SimKieOptions {
        key: Some("right".into()),
        balance: 4.0,
        create_limit: Some((4, Duration::from_secs(60))),
        validator: Arc::new(|model, input| match (model, input.contains_key("prompt")) {
            ("acme/draw-1", true) => Ok(OutputKind::Image),
            ("acme/draw-1", false) => Err("prompt is required".into()),
            _ => Err("no such model".into()),
        }),
        ..SimKieOptions::quick(0)
    };
    let (sim, web) = start(options).await;
    let url = sim.url.join("api/v1/jobs/createTask").unwrap();
    let send = |key: &'static str, body: Value| {
        let request = web.post(url.clone()).bearer_auth(key).json(&body);
        async move {
            let reply = request.send().await.unwrap();
            assert_eq!(reply.status(), 200);
            reply.json::<Value>().await.unwrap()
        }
    };
    let good = json!({ "model": "acme/draw-1", "input": { "prompt": "x" } });
    let wrong = send("wrong", good.clone()).await;
    assert_eq!(wrong["code"], 401);
    assert!(wrong.get("data").is_none());
    assert_eq!(send("right", json!({ "model": "acme/draw-1", "input": {} })).await["code"], 422);
    assert_eq!(send("right", json!({ "model": "acme/none", "input": {} })).await["msg"], "no such model");
    assert_eq!(send("right", good.clone()).await["code"], 200);
    assert_eq!(send("right", good.clone()).await["code"], 402);
    assert_eq!(send("right", good.clone()).await["code"], 429);
    let put = web.put(url.clone()).bearer_auth("right").send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(put["code"], 405);
    assert_eq!(sim.creates().len(), 1);
}

#[tokio::test]
async fn unknown_tasks_and_generations_are_chosen() {
    for (unknown, code) in [(UnknownTask::NotFound, 404), (UnknownTask::Invalid, 422), (UnknownTask::Null, 200)] {
        let (sim, web) = start(SimKieOptions { unknown, ..SimKieOptions::quick(0) }).await;
        let reply = poll(&sim, &web, "nobody").await;
        assert_eq!((&reply["code"], &reply["data"]), (&json!(code), &Value::Null));
    }
    for (record_format, has) in
        [(RecordFormat::A, [false, false]), (RecordFormat::B, [true, false]), (RecordFormat::C, [true, true])]
    {
        let (sim, web) = start(SimKieOptions { record_format, ..SimKieOptions::quick(0) }).await;
        let id = created(&sim, &web, json!({ "prompt": "x" })).await;
        let data = poll(&sim, &web, &id).await["data"].clone();
        assert_eq!([data.get("creditsConsumed").is_some(), data.get("response").is_some()], has);
    }
}

#[tokio::test]
async fn task_ends_and_commands_in_the_prompt() {
    let (sim, web) = start(SimKieOptions::quick(1)).await;
    let id = created(&sim, &web, json!({ "prompt": "a cat [fail]" })).await;
    let data = finished(&sim, &web, &id).await["data"].clone();
    assert_eq!((&data["state"], &data["failCode"]), (&json!("fail"), &json!("500")));
    assert!((sim.balance() - 1000.0).abs() < 1e-9, "a failed task costs nothing");

    let id = created(&sim, &web, json!({ "prompt": "[empty]" })).await;
    assert_eq!(finished(&sim, &web, &id).await["data"]["response"]["resultUrls"], json!([]));

    let id = created(&sim, &web, json!({ "prompt": "[slow]" })).await;
    finished(&sim, &web, &id).await;
    assert_eq!(sim.polls(&id), 7);

    sim.plan(TaskPlan {
        end: TaskEnd::Envelope { code: 501, msg: "failed".into() },
        hidden_polls: 2,
        ..TaskPlan::default()
    });
    let id = created(&sim, &web, json!({ "prompt": "x" })).await;
    let codes: Vec<Value> = [
        poll(&sim, &web, &id).await,
        poll(&sim, &web, &id).await,
        poll(&sim, &web, &id).await,
        poll(&sim, &web, &id).await,
    ]
    .map(|reply| reply["code"].clone())
    .to_vec();
    assert_eq!(codes, [404, 404, 200, 501]);

    sim.plan(TaskPlan { end: TaskEnd::Never { state: Some("dreaming".into()) }, ..TaskPlan::default() });
    let id = created(&sim, &web, json!({ "prompt": "x" })).await;
    assert_eq!(poll(&sim, &web, &id).await["data"]["state"], "dreaming");
    sim.finish(&id);
    assert_eq!(poll(&sim, &web, &id).await["data"]["state"], "success");
}

#[tokio::test]
async fn a_lost_reply_is_an_accepted_task() {
    let (sim, web) = start(SimKieOptions::quick(0)).await;
    let url = sim.url.join("api/v1/jobs/createTask").unwrap();
    let send = |prompt: &str| {
        let body = json!({ "model": "acme/draw-1", "input": { "prompt": prompt } });
        web.post(url.clone()).bearer_auth("key").json(&body).send()
    };
    assert!(send("a boat [lost]").await.is_err());
    assert_eq!(sim.creates().len(), 1);
    sim.fault(KieFault::once(Route::Create, KieFaultEffect::LoseReply));
    assert!(send("a boat").await.is_err());
    assert_eq!(sim.wait_for_creates(2, LIMIT).await.unwrap().len(), 2);
    sim.fault(KieFault::once(Route::Create, KieFaultEffect::Disconnect));
    assert!(send("a boat").await.is_err());
    assert_eq!(sim.creates().len(), 2, "dropped before anything was done");
    assert_eq!(sim.requests(Route::Create), 3);
}
