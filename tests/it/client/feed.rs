//! The vendor's public feeds, whatever they answer.

use kie::client::Error;
use serde_json::{Value, json};

use crate::client::fixture::server_and_client;
use crate::client::server::Reply;

fn page(records: &[Value], more: Value) -> Reply {
    let mut data = json!({ "records": records });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Reply::data(data)
}

#[tokio::test]
async fn all_pages_are_read_without_the_key() {
    let (server, client, _) = server_and_client().await;
    let rows: Vec<Value> = (0..3).map(|n| json!({ "modelDescription": n.to_string() })).collect();
    server.says([
        page(&rows[..2], json!({ "total": 3, "pages": 2 })),
        page(&rows[2..], json!({ "total": "3", "pages": "2" })),
        // Without numbers the end is an empty page.
        page(&rows, json!({})),
        page(&[], json!({})),
    ]);
    assert_eq!(client.price_feed().await.as_ref(), Ok(&rows));
    assert_eq!(client.price_feed().await.as_ref(), Ok(&rows));
    let seen = server.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", "/client/v1/model-pricing/page"));
    assert_eq!(
        (seen[0].json(), seen[1].json()),
        (json!({"pageNum": 1, "pageSize": 100}), json!({"pageNum": 2, "pageSize": 100}))
    );
    assert!(seen.iter().all(|request| request.header("authorization").is_none()));
}

#[tokio::test]
async fn what_is_not_the_whole_feed_is_an_error() {
    let (server, client, _) = server_and_client().await;
    let row = [json!({ "modelDescription": "a" })];
    for (reply, why) in [
        (page(&row, json!({ "total": 9, "pages": 1 })), "pages of it are missing"),
        (page(&row, json!({ "total": 50_000 })), "ten times larger"),
        (Reply::data(json!({ "records": {} })), "no records"),
        (Reply::data(Value::Null), "no records"),
        (Reply::status(200, "<!doctype html>"), "a web page"),
        (Reply::status(200, "{\"code\":200,\"data\":{\"rec"), "not whole JSON"),
        (Reply::status(200, "[]"), "it has no code"),
    ] {
        server.says([reply]);
        let error = client.price_feed().await.unwrap_err();
        assert!(matches!(error, Error::Reply(_)) && error.to_string().contains(why), "{error}");
    }
    server.says([Reply::code(4030)]);
    assert_eq!(client.price_feed().await.unwrap_err().code(), "4030");
    // One record a page would take a thousand requests.
    server.always(page(&row, json!({ "total": 1000, "pages": 1000 })));
    assert_eq!(client.price_feed().await, Err(Error::Reply("it does not end")));
}

#[tokio::test]
async fn announcements_are_found_in_any_list() {
    let (server, client, _) = server_and_client().await;
    let told = json!({ "title": "Draw 2 is live" });
    for data in [json!([told]), json!({ "records": [told], "total": 1 }), json!({ "page": { "items": [told] } })] {
        server.says([Reply::data(data)]);
        assert_eq!(client.announcements().await, Ok(vec![told.clone()]));
    }
    server.says([Reply::data(json!({ "total": 0 }))]);
    assert!(client.announcements().await.unwrap_err().to_string().contains("no list of announcements"));
    // No more than three pages are read, however many there are.
    let before = server.seen().len();
    server.always(Reply::data(json!(vec![told; 20])));
    assert_eq!(client.announcements().await.unwrap().len(), 60);
    assert_eq!(server.seen().len() - before, 3);
    assert!(server.seen().iter().all(|request| request.header("authorization").is_none()));
}
