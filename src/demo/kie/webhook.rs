//! The push that announces the end of a task.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::record;
use super::task::{Fate, Phase, Task};
use super::world::World;

/// A receiver must answer within 15 s; after 3 failed repeats no more are sent (vendor documentation).
const PATIENCE: Duration = Duration::from_secs(15);
const REPEATS: u32 = 3;
/// Tasks paced by time end by themselves: how often that is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Waits for the end of a task, then posts it to `url`.
pub(super) async fn deliver(world: Arc<World>, id: String, url: String) {
    let stop = world.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = announce(&world, &id, &url) => {}
    }
}

async fn announce(world: &World, id: &str, url: &str) {
    let mut changes = world.watch();
    let task = loop {
        match world.look(id, false) {
            None => return,
            Some((task, Phase::Done)) => break task,
            Some(_) => {}
        }
        // Elapsed means: look again.
        let _ = tokio::time::timeout(LOOK, changes.changed()).await;
    };
    let body = payload(world, &task);
    for _ in 0..=task.plan.extra_webhooks {
        for _ in 0..=REPEATS {
            let mut post = world.web.post(url).timeout(PATIENCE).json(&body);
            if let Some(key) = &world.options.webhook_key {
                let time = (world.options.clock.now().millis() / 1000).to_string();
                let signature = sign(key, id, &time);
                post = post.header("X-Webhook-Timestamp", time).header("X-Webhook-Signature", signature);
            }
            if post.send().await.is_ok_and(|reply| reply.status() == reqwest::StatusCode::OK) {
                break;
            }
            tokio::time::sleep(Duration::from_secs_f64(1.0 / world.options.time_scale.max(1e-9))).await;
        }
    }
}

/// The poll reply's shape plus three fields; code 501 for a failure.
fn payload(world: &World, task: &Task) -> Value {
    let mut data = record::record(task, &Phase::Done, super::Generation::A);
    let failed = matches!(task.plan.fate, Fate::Fail { .. } | Fate::Envelope { .. });
    if let Value::Object(data) = &mut data {
        if failed {
            data.remove("resultJson");
            data.insert("state".to_owned(), json!("fail"));
        }
        data.insert("updateTime".to_owned(), json!(world.options.clock.now().millis()));
        data.insert("consumeCredits".to_owned(), json!(if failed { 0.0 } else { task.price }));
        data.insert("remainedCredits".to_owned(), json!(world.state().balance));
    }
    if failed {
        json!({ "code": 501, "msg": "task failed", "data": data })
    } else {
        json!({ "code": 200, "msg": "success", "data": data })
    }
}

/// Base64 of HMAC-SHA256 over `task id . timestamp`; the body is not signed.
fn sign(key: &str, task_id: &str, timestamp: &str) -> String {
    STANDARD.encode(hmac(key.as_bytes(), format!("{task_id}.{timestamp}").as_bytes()))
}

/// HMAC as in RFC 2104, block size 64.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let keyed = |pad: u8| {
        let mut hash = Sha256::new();
        hash.update(block.map(|byte| byte ^ pad));
        hash
    };
    let inner = keyed(0x36).chain_update(message).finalize();
    keyed(0x5c).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::sign;

    #[test]
    fn the_signature_matches_the_known_vector() {
        let signature = sign("example-hmac-key-0001", "task_0000000000000001", "1790000000");
        assert_eq!(signature, "iO/CRYwSp/lIkTKHEvH4hfDCVQmqTXNpUsf+cZkD7Vk=");
    }
}
