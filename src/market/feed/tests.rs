use proptest::prelude::*;

use super::*;

#[test]
fn prices_are_read_as_the_vendor_writes_them() {
    let price = FeedPrice::read(&json!({
        "modelDescription": "acme draw 1, text-to-image, 1K", "interfaceType": "image", "provider": "Acme",
        "creditPrice": "18", "creditUnit": "per image", "usdPrice": "0.09", "discountRate": 0,
        "anchor": "https://kie.ai/draw-1?model=acme%2Fdraw-1&x=1",
    }));
    let price = price.unwrap();
    assert_eq!((price.credits, price.unit.as_deref()), (Some(18.0), Some("per image")));
    assert_eq!(price.model.as_deref(), Some("acme/draw-1"));
    assert_eq!(model_in("/draw?model=acme/draw-1").as_deref(), Some("acme/draw-1"));
    for none in ["", "https://kie.ai/draw-1", "/draw?model=", "//["] {
        assert_eq!(model_in(none), None, "{none}");
    }
    for (value, number) in
        [(json!(2.5), Some(2.5)), (json!(" 2 "), Some(2.0)), (json!("-1"), None), (json!("NaN"), None)]
    {
        assert_eq!(amount(&value), number, "{value}");
    }
    assert_eq!(FeedPrice::read(&json!({ "creditPrice": "18" })), None);
}

#[test]
fn announcements_are_read_leniently() {
    let read = |entry: Value| Announcement::read(&entry);
    let told = read(
        json!({ "title": "Draw 2 is <b>live</b>", "content": "<p>Now</p>\n<p>here</p>", "publishDate": 1_790_000_600_000_i64 }),
    );
    let told = told.unwrap();
    assert_eq!((told.title.as_str(), told.text.as_deref()), ("Draw 2 is live", Some("Now here")));
    assert_eq!(told.date.as_deref(), Some("2026-09-21"));
    assert_eq!(read(json!({ "summary": "Only words" })).unwrap().title, "Only words");
    assert_eq!(day(&json!(1_790_000_600)).as_deref(), Some("2026-09-21"));
    assert_eq!(day(&json!("1790000600000")).as_deref(), Some("2026-09-21"));
    assert_eq!(day(&json!("Oct 5")).as_deref(), Some("Oct 5"));
    for none in [json!({}), json!({ "title": "<br>" }), json!(5), json!({ "title": 5 })] {
        assert_eq!(read(none.clone()), None, "{none}");
    }
    assert_eq!(read(json!({ "title": "x".repeat(9000) })).unwrap().title.len(), MAX_TEXT);
}

#[test]
fn a_feed_says_why_it_cannot_be_used() {
    let saved = |value: Value| Feed::<FeedPrice>::read(Some(&value));
    assert_eq!(saved(Value::Null), Feed::Unread);
    assert_eq!(saved(json!({ "error": "no answer" })), Feed::Failed("no answer".to_owned()));
    assert_eq!(saved(json!({ "records": 5 })), Feed::Failed("it has no records".to_owned()));
    let large = saved(json!({ "records": vec![json!({}); MAX_ENTRIES + 1] }));
    assert!(matches!(large, Feed::Failed(why) if why.contains("ten times")));
    assert_eq!(saved(json!({ "records": [5, {}] })), Feed::Read(Vec::new()));
}

proptest! {
    #[test]
    fn what_was_read_is_read_back(description in ".{1,20}", model in ".{0,20}", credits in any::<f64>(), text in ".*") {
        let link = format!("{SITE}?{}", url::form_urlencoded::Serializer::new(String::new()).append_pair("model", &model).finish());
        let entry = json!({ "modelDescription": description, "creditPrice": credits, "creditUnit": text, "anchor": link });
        if let Some(price) = FeedPrice::read(&entry) {
            prop_assert_eq!(FeedPrice::read(&price.to_json()), Some(price));
        }
        if let Some(told) = Announcement::read(&json!({ "title": description, "content": text, "date": credits })) {
            prop_assert_eq!(Announcement::read(&told.to_json()), Some(told));
        }
    }
}
