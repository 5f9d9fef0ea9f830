use proptest::prelude::*;
use serde_json::json;

use super::*;

fn document(schema: Value, components: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "paths": { TASK_ROUTE: { "post": { "requestBody": { "content": { "application/json": { "schema": schema } } } } } },
        "components": components,
    })
}

fn body(input: Value) -> Value {
    json!({ "type": "object", "properties": { "model": { "type": "string" }, "input": input } })
}

fn input(openapi: &Value) -> Shape {
    match read(openapi, "acme/draw-1", TASK_ROUTE) {
        SchemaResult::Input(shape) => *shape,
        other => panic!("{other:?}"),
    }
}

fn names(shape: &Shape) -> Vec<&str> {
    shape.fields.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn fields_are_read_through_references() {
    let openapi = document(
        json!({ "$ref": "#/components/schemas/Draw%20request%20" }),
        json!({ "schemas": {
            "Draw request ": body(json!({ "$ref": "#/components/schemas/Draw input" })),
            "Draw%20input": {
                "type": "object",
                "required": ["prompt", "size "],
                "properties": {
                    "prompt": { "type": "string", "minLength": 1, "maxLength": 500, "description": "What  to\ndraw" },
                    "size ": { "$ref": "#/components/schemas/Size", "default": "2K", "deprecated": true },
                    "seed": { "type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10, "multipleOf": 2 },
                    "weight": { "type": "number", "minimum": 0, "exclusiveMinimum": true, "maximum": "1.5" },
                    "image": { "type": ["string", "null"], "format": "uri" },
                    "shots": { "minItems": 2, "maxItems": 5, "items": { "properties": { "text": { "type": "string" } } } },
                },
            },
            "Size": { "enum": ["1K", "2K", null, "2K"] },
        } }),
    );
    let shape = input(&openapi);
    assert_eq!(names(&shape), ["prompt", "size", "seed", "weight", "image", "shots"]);
    assert_eq!(shape.required, ["prompt".to_owned(), "size".to_owned()].into());
    let field = |name: &str| shape.field(name).unwrap().clone();
    assert_eq!((field("prompt").length.max, field("prompt").about.as_deref()), (Some(500.0), Some("What to draw")));
    assert_eq!(field("size").values, Some(vec![json!("1K"), json!("2K")]));
    assert_eq!((field("size").default, field("size").types), (Some(json!("2K")), [Type::Text].into()));
    assert!(field("size").deprecated);
    assert_eq!(field("seed").range, Bounds { min: Some(1.0), max: Some(9.0) });
    assert_eq!(field("seed").step, Some(2.0));
    assert_eq!((field("weight").range.max, field("weight").above), (Some(1.5), true));
    assert_eq!((field("image").types, field("image").is_link), ([Type::Text].into(), true));
    let shots = field("shots");
    assert_eq!((shots.types, shots.count.max), ([Type::List].into(), Some(5.0)));
    assert_eq!(names(&shots.item.unwrap()), ["text"]);
}

#[test]
fn branches_become_one_shape() {
    let shape = input(&document(
        body(json!({
            "type": "object",
            "properties": { "prompt": { "type": "string" }, "task_id": { "type": "string" }, "url": { "type": "string" } },
            "required": ["prompt"],
            "oneOf": [{ "required": ["task_id"] }, { "required": ["url"] }],
        })),
        json!({}),
    ));
    assert_eq!(shape.required, ["prompt".to_owned()].into());

    let shape = input(&document(
        body(json!({ "allOf": [
            { "properties": { "a": { "type": "string", "maxLength": 9 } }, "required": ["a"] },
            { "properties": { "a": { "maxLength": 5 }, "b": { "anyOf": [{ "type": "integer" }, { "type": "null" }] } } },
        ] })),
        json!({}),
    ));
    assert_eq!((names(&shape), shape.field("a").unwrap().length.max), (vec!["a", "b"], Some(5.0)));
    assert_eq!(
        (&shape.field("b").unwrap().types, &shape.required),
        (&[Type::Integer].into(), &["a".to_owned()].into())
    );
}

#[test]
fn a_document_of_several_models_is_read_for_one() {
    let branch = |id: &str, field: &str| json!({ "properties": { "model": { "enum": [id] }, "input": { "properties": { field: { "type": "string" } } } } });
    let both = [branch("acme/draw-2", "other"), branch("acme/draw-1", "prompt")];
    assert_eq!(names(&input(&document(json!({ "oneOf": both }), json!({})))), ["prompt"]);
    // A document that names neither is believed to be about both.
    let SchemaResult::Input(shape) = read(&document(json!({ "anyOf": both }), json!({})), "acme/draw-3", TASK_ROUTE)
    else {
        panic!()
    };
    assert_eq!(names(&shape), ["other", "prompt"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let unclear = |openapi: Value| match read(&openapi, "acme/draw-1", TASK_ROUTE) {
        SchemaResult::Unclear(why) => why,
        other => panic!("{other:?}"),
    };
    for none in [json!(null), json!({}), json!({ "paths": {} }), json!({ "paths": [] })] {
        assert_eq!(unclear(none), "it names no route");
    }
    assert_eq!(unclear(json!({ "paths": { TASK_ROUTE: { "get": {} } } })), "its request has no body");
    assert_eq!(unclear(document(json!({ "type": "object" }), json!({}))), "its request has no input");
    assert_eq!(unclear(document(body(json!({ "type": "object" })), json!({}))), "its input has no fields");
    let properties = json!({ "text": { "type": "string" } });
    let content = json!({ "application/json": { "schema": { "type": "object", "properties": properties } } });
    let chat = json!({ "paths": { "/v1/chat/completions": { "post": { "requestBody": { "content": content } } } } });
    assert_eq!(read(&chat, "acme/talk", TASK_ROUTE), SchemaResult::Elsewhere("/v1/chat/completions".to_owned()));
    // At the expected route the body itself is the input.
    let SchemaResult::Input(shape) = read(&chat, "acme/talk", "/v1/chat/completions") else { panic!("no input") };
    assert!(!shape.fields.is_empty());
}

#[test]
fn circles_and_growth_end() {
    let circle = json!({ "schemas": { "Node": {
        "properties": { "next": { "$ref": "#/components/schemas/Node" }, "name": { "type": "string" } },
    } } });
    let shape = input(&document(body(json!({ "$ref": "#/components/schemas/Node" })), circle));
    assert_eq!(names(&shape), ["next", "name"]);
    assert!(shape.field("next").unwrap().fields.is_empty());

    // Each level names the next one ten times: ten thousand million parts if nobody stopped.
    let mut levels = Map::new();
    for level in 0..10 {
        let next = json!({ "$ref": format!("#/components/schemas/L{}", level + 1) });
        let fields: Map<String, Value> = (0..10).map(|n| (format!("f{n}"), next.clone())).collect();
        levels.insert(format!("L{level}"), json!({ "properties": fields }));
    }
    let shape = input(&document(body(json!({ "$ref": "#/components/schemas/L0" })), json!({ "schemas": levels })));
    assert_eq!(shape.fields.len(), 10);
}

fn any_schema() -> impl Strategy<Value = Value> {
    let keys = [
        "type",
        "enum",
        "const",
        "properties",
        "required",
        "items",
        "oneOf",
        "anyOf",
        "allOf",
        "$ref",
        "default",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "multipleOf",
        "minLength",
        "maxItems",
        "format",
        "input",
        "model",
        "description",
        "a",
    ];
    let words = ["string", "integer", "object", "array", "null", "uri", "#", "#/components/schemas/S", "#/paths", "-1"];
    let leaf = prop_oneof![
        prop::sample::select(words.to_vec()).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let pair = (prop::sample::select(keys.to_vec()), inner.clone());
        let object = prop::collection::vec(pair, 0..6)
            .prop_map(|fields| Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()));
        prop_oneof![2 => object, 1 => prop::collection::vec(inner, 0..4).prop_map(Value::from)]
    })
}

proptest! {
    #[test]
    fn no_document_breaks_the_reader(one in any_schema(), two in any_schema()) {
        read(&one, "acme/draw-1", TASK_ROUTE);
        read(&document(one.clone(), json!({ "schemas": { "S": two } })), "acme/draw-1", TASK_ROUTE);
        read(&document(body(two), json!({ "schemas": { "S": one } })), "acme/draw-1", TASK_ROUTE);
    }
}
