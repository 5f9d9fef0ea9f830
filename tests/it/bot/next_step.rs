//! The models that go on with a result: one's own singing voice in four steps, and a character for a video.

use kie::demo::telegram::ChatFileKind;
use kie::sample::Sample;
use kie::schema::Lang;
use kie::schema::spec::{MediaKind, ModelSpec};
use serde_json::json;

use crate::bot::{Play, TIMEOUT, label, task, title};

const PHRASE: &str = "ai-music-api/validation-phrase";
const VOICE: &str = "ai-music-api/create-voice";
const SONG: &str = "ai-music-api/generate";
const CHARACTER: &str = "gemini-omni-character";
const VIDEO: &str = "google/gemini-omni-flash-1-1";

/// The button of the step that leads from one model to another.
fn step(from: &str, to: &str) -> &'static str {
    let spec: &ModelSpec = kie::models::find(from).unwrap().spec;
    spec.next.iter().find(|next| next.model == to).unwrap().label.get(Lang::En)
}

impl Play {
    fn send_sound(&self) {
        let sound = Sample::of(MediaKind::Audio).unwrap();
        self.chat.send(ChatFileKind::Audio, "me.wav", sound.bytes, "");
    }
}

#[tokio::test]
async fn a_voice_is_made_in_steps_and_sings() {
    let play = Play::start("en").await;
    play.begin(task(PHRASE), title(PHRASE)).await;
    play.sees(label(PHRASE, "voice_url")).await;
    play.send_sound();
    play.sees(label(PHRASE, "vocal_start_s")).await;
    play.chat.send_text("0");
    play.sees(label(PHRASE, "vocal_end_s")).await;
    play.chat.send_text("10");
    play.press("✅ Create").await;
    play.input(1).await;
    // The phrase comes with the next step under it, and that step asks for the recording alone.
    play.sees("The quick fox sings at dawn").await;
    play.press(step(PHRASE, VOICE)).await;
    play.sees(label(VOICE, "verify_url")).await;
    // A second press goes on with the same form.
    play.press(step(PHRASE, VOICE)).await;
    play.send_sound();
    play.press("✅ Create").await;
    let input = play.input(2).await;
    let phrase_task = play.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap()[0].task_id.clone();
    assert_eq!(input["task_id"], phrase_task.as_str(), "{input}");
    let voice_task = play.harness.kie.wait_for_creates(2, TIMEOUT).await.unwrap()[1].task_id.clone();
    let voice = format!("made-{voice_task}");
    play.sees(&voice).await;
    play.press(step(VOICE, SONG)).await;
    // Neither an own style nor without singing.
    for field in ["custom_mode", "instrumental"] {
        play.sees(label(SONG, field)).await;
        play.press("No").await;
    }
    play.press(label(SONG, "prompt")).await;
    play.chat.send_text("A song about the sea");
    play.press("✅ Create").await;
    let input = play.input(3).await;
    assert_eq!((&input["persona_id"], &input["persona_model"]), (&json!(voice), &json!("voice_persona")), "{input}");
    play.end().await;
}

#[tokio::test]
async fn a_character_is_saved_at_once_and_appears_in_a_video() {
    let play = Play::start("en").await;
    play.begin(task(CHARACTER), title(CHARACTER)).await;
    play.sees(label(CHARACTER, "image_urls")).await;
    let picture = Sample::of(MediaKind::Image).unwrap();
    play.chat.send(ChatFileKind::Photo, "hero.png", picture.bytes, "");
    play.sees(label(CHARACTER, "descriptions")).await;
    play.chat.send_text("A fox in a red coat");
    play.press("✅ Create").await;
    let input = play.input(1).await;
    assert_eq!(input["descriptions"], "A fox in a red coat");
    let made = play.harness.kie.wait_for_creates(1, TIMEOUT).await.unwrap()[0].task_id.clone();
    play.sees(&format!("made-{made}")).await;
    play.press(step(CHARACTER, VIDEO)).await;
    play.sees(label(VIDEO, "prompt")).await;
    play.chat.send_text("It runs");
    play.press("6").await;
    play.press("✅ Create").await;
    let input = play.input(2).await;
    assert_eq!(input["character_ids"], json!([format!("made-{made}")]), "{input}");
    play.end().await;
}

#[tokio::test]
async fn a_saved_character_is_picked_from_earlier_jobs() {
    let play = Play::start("en").await;
    play.begin(task(CHARACTER), title(CHARACTER)).await;
    let picture = Sample::of(MediaKind::Image).unwrap();
    play.sees(label(CHARACTER, "image_urls")).await;
    play.chat.send(ChatFileKind::Photo, "hero.png", picture.bytes, "");
    play.sees(label(CHARACTER, "descriptions")).await;
    play.chat.send_text("A red fox");
    play.press("✅ Create").await;
    let made = play.harness.kie.wait_for_creates(1, TIMEOUT).await.unwrap()[0].task_id.clone();
    play.sees(&format!("made-{made}")).await;
    play.begin(task(VIDEO), title(VIDEO)).await;
    play.sees(label(VIDEO, "prompt")).await;
    play.chat.send_text("It runs");
    play.press("6").await;
    play.press(label(VIDEO, "character_ids")).await;
    // The job is known by what was written for it.
    play.press(&format!("{} A red fox", title(CHARACTER))).await;
    play.press("Done").await;
    play.press("✅ Create").await;
    assert_eq!(play.input(2).await["character_ids"], json!([format!("made-{made}")]));
    play.end().await;
}
