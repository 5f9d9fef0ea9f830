//! Everything of the simulated KIE but its tasks: faults, uploads, time, webhooks, the catalogue.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kie::clock::{ManualClock, Timestamp};
use kie::demo::kie::{KieFault, KieFaultEffect, Listing, Pace, Route, SimKie, SimKieOptions, TaskEnd, TaskPlan};
use serde_json::{Value, json};

use super::kie::{LIMIT, created, poll, reply, start};

#[tokio::test]
async fn faults_over_rust_and_http() {
    let (sim, web) = start(SimKieOptions::quick(0)).await;
    let credit = sim.url.join("api/v1/chat/credit").unwrap();
    let ask = || web.get(credit.clone()).bearer_auth("key").send();
    assert_eq!(reply(web.get(credit.clone())).await["data"], 1000.0);

    sim.fault(KieFault::busy(Route::Credit, 3));
    let busy = ask().await.unwrap();
    assert_eq!(busy.headers()["retry-after"], "3");
    assert_eq!(busy.json::<Value>().await.unwrap()["code"], 429);

    sim.fault(KieFault::once(Route::Credit, KieFaultEffect::Html { status: 502 }));
    let page = ask().await.unwrap();
    assert_eq!(page.status(), 502);
    assert!(page.text().await.unwrap().starts_with("<html>"));

    sim.fault(KieFault::once(Route::Credit, KieFaultEffect::Truncate));
    assert!(ask().await.unwrap().text().await.is_err());

    sim.fault(KieFault::once(Route::Credit, KieFaultEffect::SlowBody(40)));
    assert_eq!(ask().await.unwrap().json::<Value>().await.unwrap()["code"], 200);

    let faults = sim.url.join("sim/faults").unwrap();
    let fault = json!({ "on": "credit", "trouble": { "code": { "code": 455, "msg": "maintenance" } } });
    assert_eq!(web.post(faults).json(&fault).send().await.unwrap().status(), 204);
    assert_eq!(ask().await.unwrap().json::<Value>().await.unwrap()["code"], 455);
    assert_eq!(ask().await.unwrap().json::<Value>().await.unwrap()["code"], 200);
    let state: Value = web.get(sim.url.join("sim/state").unwrap()).send().await.unwrap().json().await.unwrap();
    assert_eq!(state["balance"], 1000.0);
}

#[tokio::test]
async fn uploads_come_back() {
    let (sim, web) = start(SimKieOptions::quick(0)).await;
    let part = reqwest::multipart::Part::bytes(b"\x89PNG\r\n\x1a\nxx".to_vec())
        .file_name("a.png")
        .mime_str("image/png")
        .unwrap();
    let form = reqwest::multipart::Form::new().part("file", part).text("uploadPath", "images/demo");
    let stream = reply(web.post(sim.url.join("api/file-stream-upload").unwrap()).multipart(form)).await;
    assert_eq!((&stream["code"], &stream["success"]), (&json!(200), &json!(true)));
    let link = stream["data"]["downloadUrl"].as_str().unwrap();
    assert!(link.ends_with(".png"));
    let file = web.get(link).bearer_auth("key").send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    assert_eq!(file.bytes().await.unwrap(), sim.file(link).unwrap());
    assert_eq!(sim.key_leaks(), 1);

    let body = json!({ "base64Data": "data:audio/wav;base64,AAAA", "uploadPath": "a", "fileName": "x.wav" });
    let base64 = reply(web.post(sim.url.join("api/file-base64-upload").unwrap()).json(&body)).await;
    assert_eq!((&base64["data"]["mimeType"], &base64["data"]["fileSize"]), (&json!("audio/wav"), &json!(3)));

    let body = json!({ "fileUrl": link, "uploadPath": "b" });
    let by_url = reply(web.post(sim.url.join("api/file-url-upload").unwrap()).json(&body)).await;
    assert_eq!(by_url["data"]["fileSize"], 10);
    assert_eq!(sim.uploads().len(), 3);
    let body = json!({ "base64Data": "AAAA" });
    assert_eq!(reply(web.post(sim.url.join("api/file-base64-upload").unwrap()).json(&body)).await["code"], 400);

    let links = sim.url.join("api/v1/common/download-url").unwrap();
    let fresh = reply(web.post(links.clone()).json(&json!({ "url": link }))).await;
    assert_eq!(web.get(fresh["data"].as_str().unwrap()).send().await.unwrap().status(), 200);
    assert_eq!(reply(web.post(links).json(&json!({ "url": "https://else.test/x" }))).await["code"], 422);
}

#[tokio::test]
async fn time_is_the_clock_s() {
    let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_790_000_000_000)));
    let pace = Pace::Time(Duration::from_secs(100));
    let (sim, web) = start(SimKieOptions { pace, clock: clock.clone(), ..SimKieOptions::quick(0) }).await;
    let id = created(&sim, &web, json!({ "prompt": "x" })).await;
    assert_eq!(poll(&sim, &web, &id).await["data"]["state"], "waiting");
    clock.advance(Duration::from_secs(99));
    assert_eq!(poll(&sim, &web, &id).await["data"]["state"], "generating");
    clock.advance(Duration::from_secs(2));
    let data = poll(&sim, &web, &id).await["data"].clone();
    assert_eq!((&data["state"], &data["costTime"]), (&json!("success"), &json!(101)));
    assert_eq!(data["completeTime"], 1_790_000_101_000_i64);
}

#[tokio::test]
async fn webhooks_are_signed_and_may_come_twice() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let keep = seen.clone();
    let hook = axum::Router::new().route(
        "/hook",
        axum::routing::post(move |headers: axum::http::HeaderMap, axum::Json(body): axum::Json<Value>| async move {
            let signed = headers.contains_key("x-webhook-signature") && headers.contains_key("x-webhook-timestamp");
            keep.lock().unwrap().push((signed, body));
            tell.send(()).unwrap();
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, hook).await });
    let (sim, web) = start(SimKieOptions { webhook_key: Some("k".into()), ..SimKieOptions::quick(0) }).await;
    sim.plan(TaskPlan {
        end: TaskEnd::Fail { code: json!("500"), msg: "no".into() },
        extra_webhooks: 1,
        ..TaskPlan::default()
    });
    let body = json!({ "model": "m", "input": {}, "callBackUrl": format!("http://{address}/hook") });
    reply(web.post(sim.url.join("api/v1/jobs/createTask").unwrap()).json(&body)).await;
    for _ in 0..2 {
        tokio::time::timeout(LIMIT, told.recv()).await.unwrap().unwrap();
    }
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].0);
    assert_eq!((&seen[0].1["code"], &seen[0].1["data"]["state"]), (&json!(501), &json!("fail")));
    server.abort();
}

#[tokio::test]
async fn the_catalogue_has_its_four_pages() {
    let listing = Listing {
        model: "acme/draw-1".into(),
        title: "Draw".into(),
        provider: "Acme".into(),
        task_types: vec!["text-to-image".into()],
        pricing: Some("5 credits".into()),
        openapi: Some(json!({ "paths": {} })),
    };
    let bare = Listing { model: "plain".into(), openapi: None, pricing: None, ..listing.clone() };
    let options = SimKieOptions { catalogue: vec![listing, bare], ..SimKieOptions::quick(0) };
    let (sim, web) = start(options).await;
    let page = async |path: &str| reply(web.get(sim.url.join(&format!("api/v1/models{path}")).unwrap())).await;
    let all = page("").await;
    assert_eq!((&all["data"]["total"], &all["data"]["models"][0]["pricingDesc"]), (&json!(2), &json!("5 credits")));
    for (query, found) in
        [("q=plain", 1), ("taskType=edit,Text-To-Image", 2), ("provider=acme&q=draw", 2), ("q=none", 0)]
    {
        let list = page(&format!("?{query}")).await;
        assert_eq!((&list["code"], &list["data"]["total"]), (&json!(200), &json!(found)), "{query}");
    }
    assert_eq!(page("/acme/draw-1/schema").await["data"]["openapi"], json!({ "paths": {} }));
    assert_eq!(page("/plain/schema").await["data"], json!({ "model": "plain", "openapi": null }));
    assert_eq!(page("/plain/price").await["data"]["pricingDesc"], json!(null));
    assert_eq!(page("/acme/draw-1/success-rate").await["data"]["points"], json!([]));
    let rates = json!({ "model": "acme/draw-1", "rates": [0.25, null] });
    let told = web.post(sim.url.join("sim/success-rates").unwrap()).json(&rates).send().await.unwrap();
    assert_eq!(told.status(), 204);
    let points = page("/acme/draw-1/success-rate").await["data"]["points"].clone();
    assert_eq!((&points[0]["successRate"], &points[0]["errorRate"]), (&json!(0.25), &json!(0.75)));
    assert_eq!((&points[1]["successRate"], &points[0]["end"]), (&json!(null), &points[1]["start"]));
    for none in ["/acme/none/schema", "/schema", "/acme/draw-1/fame"] {
        assert_eq!(page(none).await["code"], 404, "{none}");
    }
}

#[tokio::test]
async fn stopping_frees_the_port() {
    let (sim, _) = start(SimKieOptions::quick(0)).await;
    let port = sim.url.port().unwrap();
    sim.stop().await;
    let again = SimKie::start(SimKieOptions { port, ..SimKieOptions::quick(0) }).await.unwrap();
    assert_eq!(again.url.port(), Some(port));
}
