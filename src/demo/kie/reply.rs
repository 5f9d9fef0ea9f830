//! Replies in the vendor's envelope: `{"code", "msg", "data"}`.

use axum::Json;
use serde_json::{Value, json};

/// An envelope with any code.
pub(super) fn envelope(code: i64, msg: &str, data: &Value) -> Json<Value> {
    Json(json!({ "code": code, "msg": msg, "data": data }))
}

/// A successful reply.
pub(super) fn success(data: &Value) -> Json<Value> {
    envelope(200, "success", data)
}

/// An error reply: `data` is null, and absent with code 401. Code 200 gives a successful reply with null data.
pub(super) fn error(code: i64, msg: &str) -> Json<Value> {
    if code == 401 { Json(json!({ "code": code, "msg": msg })) } else { envelope(code, msg, &Value::Null) }
}
