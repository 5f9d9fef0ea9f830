//! The vendor's list of models.

use kie::client::Error;
use kie::client::catalogue::Query;
use serde_json::json;

use crate::client::fixture::{passed, server_and_client};
use crate::client::server::Reply;

#[tokio::test]
async fn models_are_listed_and_searched() {
    let (server, client, _) = server_and_client().await;
    let entry = json!({
        "model": "acme/draw-1", "slug": "draw-1", "title": "Draw", "provider": "Acme", "taskType": ["text-to-image", "edit"],
        "description": null, "pricingDesc": "160 credits (0.80 USD)", "newField": 5,
    });
    server.says([
        Reply::data(json!({"total": 2, "models": [entry, {"title": "no id"}]})),
        Reply::data(json!({"total": 0, "models": []})),
        Reply::data(json!({"total": 1})),
    ]);
    let models = client.models(&Query::default()).await.unwrap();
    let [model] = models.as_slice() else { panic!("{models:?}") };
    assert_eq!((model.model.as_str(), model.title.as_deref()), ("acme/draw-1", Some("Draw")));
    assert_eq!((&model.task_types, &model.description), (&vec!["text-to-image".to_owned(), "edit".to_owned()], &None));
    assert_eq!((model.pricing.as_deref(), &model.raw["newField"]), (Some("160 credits (0.80 USD)"), &json!(5)));

    let query = Query {
        task_types: vec!["text-to-image".into(), "image edit".into()],
        provider: Some("Acme & Co".into()),
        text: Some("draw".into()),
    };
    assert_eq!(client.models(&query).await, Ok(vec![]));
    let paths: Vec<_> = server.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(
        paths,
        ["/api/v1/models", "/api/v1/models?taskType=text-to-image,image%20edit&provider=Acme%20%26%20Co&q=draw"]
    );
    server.always(Reply::data(json!({"total": 1})));
    assert_eq!(client.models(&query).await.unwrap_err().code(), "bad_reply");
}

#[tokio::test]
async fn a_models_pages_keep_the_slash() {
    let (server, client, _) = server_and_client().await;
    let openapi = json!({"openapi": "3.1.0", "paths": {"/api/v1/jobs/createTask": {"post": {}}}});
    server.says([
        Reply::data(json!({"model": "acme/draw-1", "openapi": openapi})),
        Reply::data(json!({"model": "acme/draw-1", "openapi": null})),
        Reply::data(json!({"model": "acme/draw-1", "pricingDesc": "160 credits (0.80 USD)"})),
        Reply::data(json!({"model": "acme/draw-1", "pricingDesc": null})),
        Reply::data(json!({"model": "acme/draw-1", "points": [
            {"start": "2026-10-01T00:00:00Z", "end": 1_790_000_600_000_i64, "successRate": 0.99, "errorRate": "0.01", "isNormal": true},
            {"start": 1, "end": 2, "successRate": null, "errorRate": null}, "odd",
        ]})),
        Reply::data(json!({"model": "acme/draw-1", "points": []})),
    ]);
    let schema = client.schema("acme/draw-1").await.unwrap();
    assert_eq!((schema.route(), &schema.openapi), (Some("/api/v1/jobs/createTask"), &Some(openapi)));
    assert_eq!(client.schema("acme/draw-1").await.unwrap().openapi, None);
    assert_eq!(client.price("acme/draw-1").await.unwrap().as_deref(), Some("160 credits (0.80 USD)"));
    assert_eq!(client.price("acme/draw-1").await, Ok(None));
    let points = client.success_rate("acme/draw-1").await.unwrap();
    assert_eq!(points.len(), 2);
    assert_eq!((points[0].success, points[0].error, points[0].normal), (Some(0.99), Some(0.01), Some(true)));
    assert_eq!(points[0].end.as_deref(), Some("1790000600000"));
    assert_eq!((points[1].success, points[1].normal), (None, None));
    assert_eq!(client.success_rate("acme/draw-1").await, Ok(vec![]));
    let paths: Vec<_> = server.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(paths[0], "/api/v1/models/acme/draw-1/schema");
    assert_eq!(paths[2], "/api/v1/models/acme/draw-1/price");
    assert_eq!(paths[4], "/api/v1/models/acme/draw-1/success-rate");
}

#[tokio::test]
async fn the_four_routes_share_one_read_in_1100_ms() {
    let (server, client, clock) = server_and_client().await;
    server.always(Reply::data(json!({"models": []})));
    client.models(&Query::default()).await.unwrap();
    client.schema("a").await.unwrap();
    client.price("a").await.unwrap();
    client.clone().success_rate("a").await.unwrap();
    assert!((3.3..=3.4).contains(&passed(&clock)), "{}", passed(&clock));
}

#[tokio::test]
async fn what_is_no_model_is_told() {
    let (server, client, _) = server_and_client().await;
    assert_eq!(client.price("../jobs").await, Err(Error::Model));
    assert!(server.seen().is_empty());
    server.says([Reply::code(404), Reply::data(json!(null)), Reply::code(429), Reply::Lost, Reply::data(json!({}))]);
    for _ in 0..2 {
        assert!(client.schema("acme/none").await.unwrap_err().is_not_found());
    }
    assert_eq!(client.price("acme/draw-1").await, Ok(None), "passing errors are tried again");
    assert!(server.is_done());
}
