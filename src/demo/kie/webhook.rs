//! The webhook that tells the end of a task.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use serde_json::{Value, json};

use super::record;
use super::simulator::KieSimulator;
use super::task::{SimTask, TaskEnd, TaskPhase, TaskPlan};
use crate::mac::hmac_sha256;

/// The time within which a receiver must answer (vendor documentation).
const RECEIVER_TIMEOUT: Duration = Duration::from_secs(15);
/// How often a failed delivery is repeated (vendor documentation).
const MAX_REPEATS: u32 = 3;
/// How often a task whose end depends on the clock is checked.
const CHECK_INTERVAL: Duration = Duration::from_millis(20);

/// Waits for the end of a task, then posts it to `url`.
pub(super) async fn deliver(sim: Arc<KieSimulator>, id: String, url: String) {
    let stop = sim.stop.clone();
    tokio::select! {
        () = stop.cancelled() => {}
        () = post_at_end(&sim, &id, &url) => {}
    }
}

async fn post_at_end(sim: &KieSimulator, id: &str, url: &str) {
    let mut changes = sim.subscribe();
    let task = loop {
        match sim.phase_of(id, false) {
            None => return,
            Some((task, TaskPhase::Done)) => break task,
            Some(_) => {}
        }
        // After the timeout the task is checked again as well.
        let _ = tokio::time::timeout(CHECK_INTERVAL, changes.changed()).await;
    };
    let body = payload(sim, &task);
    for _ in 0..=task.plan.extra_webhooks {
        for _ in 0..=MAX_REPEATS {
            let mut post = sim.web.post(url).timeout(RECEIVER_TIMEOUT).json(&body);
            if let Some(key) = &sim.options.webhook_key {
                let time = (sim.options.clock.now().millis() / 1000).to_string();
                let signature = sign(key, id, &time);
                post = post.header("X-Webhook-Timestamp", time).header("X-Webhook-Signature", signature);
            }
            if post.send().await.is_ok_and(|reply| reply.status() == reqwest::StatusCode::OK) {
                break;
            }
            tokio::time::sleep(Duration::from_secs_f64(1.0 / sim.options.time_scale.max(1e-9))).await;
        }
    }
}

/// The body: the reply to a poll with three more fields; code 501 for a failure.
fn payload(sim: &KieSimulator, task: &SimTask) -> Value {
    // The webhook has the result, whatever the record shows.
    let whole = TaskPlan { late_polls: 0, webhook_only: false, ..task.plan.clone() };
    let told = SimTask { plan: whole, ..task.clone() };
    let mut data = record::record(&told, &TaskPhase::Done, super::RecordFormat::A);
    let failed = matches!(task.plan.end, TaskEnd::Fail { .. } | TaskEnd::Envelope { .. });
    if let Value::Object(data) = &mut data {
        if failed {
            data.remove("resultJson");
            data.insert("state".to_owned(), json!("fail"));
        }
        data.insert("updateTime".to_owned(), json!(sim.options.clock.now().millis()));
        data.insert("consumeCredits".to_owned(), json!(if failed { 0.0 } else { task.price }));
        data.insert("remainedCredits".to_owned(), json!(sim.state().balance));
    }
    if failed {
        json!({ "code": 501, "msg": "task failed", "data": data })
    } else {
        json!({ "code": 200, "msg": "success", "data": data })
    }
}

/// Base64 of HMAC-SHA256 over `<task id>.<timestamp>`; the body is not signed.
fn sign(key: &str, task_id: &str, timestamp: &str) -> String {
    let message = format!("{task_id}.{timestamp}");
    STANDARD.encode(hmac_sha256(key.as_bytes(), message.as_bytes()).finalize().into_bytes())
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
