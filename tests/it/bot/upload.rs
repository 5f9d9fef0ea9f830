//! Uploads run beside the conversation: nothing waits for them but the order.

use std::time::Duration;

use kie::demo::kie::{KieFault, KieFaultEffect, Route};
use kie::demo::telegram::ChatFileKind;
use kie::sample::Sample;
use kie::schema::spec::MediaKind;

use crate::bot::{Play, TIMEOUT, label, task, title};

const MODEL: &str = "qwen/image-to-image";

impl Play {
    fn send_sample(&self, caption: &str) {
        let picture = Sample::of(MediaKind::Image).unwrap().bytes;
        self.chat.send(ChatFileKind::Photo, "a.png", picture, caption);
    }

    /// Waits until something holds of the simulated KIE, which tells of nothing by itself.
    async fn until(&self, holds: impl Fn() -> bool) {
        let mut interval = tokio::time::interval(Duration::from_millis(10));
        let reached = async {
            while !holds() {
                interval.tick().await;
            }
        };
        tokio::time::timeout(TIMEOUT, reached).await.unwrap();
    }

    fn stall_uploads(&self, time: Duration) {
        let effect = KieFaultEffect::Delay(time.as_millis() as u64);
        self.harness.kie.fault(KieFault::times(Route::Upload, 100, effect));
    }
}

#[tokio::test]
async fn a_stalled_upload_holds_up_nothing_but_the_order() {
    let play = Play::start("en").await;
    play.begin(task(MODEL), title(MODEL)).await;
    play.stall_uploads(Duration::from_secs(6));
    play.send_sample("A poster");
    let form = play.sees("⏳ uploading").await;
    assert!(form.text.contains("«A poster»"), "{form}");
    // The conversation goes on.
    play.press(label(MODEL, "output_format")).await;
    play.press("jpeg").await;
    play.sees("File type  jpeg").await;
    play.press("⏳ Create").await;
    play.sees("Nothing is ordered yet: 1 file is still on its way").await;
    assert!(play.harness.kie.creates().is_empty());
    // The form comes back by itself, and orders nothing by itself.
    let form = play.sees("All files are at the vendor").await;
    assert!(form.button("✅ Create · 4 credits").is_some(), "{form}");
    assert!(play.harness.kie.creates().is_empty());
    play.press("✅ Create").await;
    let input = play.input(1).await;
    assert!(!input.to_string().contains("upload.invalid"), "{input}");
    assert_eq!(input["image_url"], play.harness.kie.uploads()[0].url.as_str());
    play.end().await;
}

/// Telegram tells no length of a file that is sent as one: it is measured, and counted.
#[tokio::test]
async fn the_length_of_a_video_sent_as_a_file_is_measured_and_priced() {
    const UPSCALE: &str = "topaz/video-upscale";
    let play = Play::start("en").await;
    play.begin(task(UPSCALE), title(UPSCALE)).await;
    let clip = Sample::of(MediaKind::Video).unwrap().bytes;
    play.chat.send(ChatFileKind::Document, "clip.mp4", clip, "");
    // Three seconds of 8 credits each.
    let form = play.chat.wait_button("✅ Create · 24 credits", TIMEOUT).await.unwrap();
    assert!(form.text.contains("3 s"), "{form}");
    play.end().await;
}

#[tokio::test]
async fn what_fails_is_told_at_its_field_and_tried_again_on_demand() {
    let play = Play::start("en").await;
    play.begin(task(MODEL), title(MODEL)).await;
    for _ in 0..40 {
        play.harness.kie.fault(KieFault::code(Route::Upload, 400, "no space left"));
    }
    play.send_sample("A poster");
    play.sees("could not be passed on to the vendor").await;
    play.press(&format!("👉 Fill in: {}", label(MODEL, "image_url"))).await;
    let editor = play.chat.wait_button("Clear", TIMEOUT).await.unwrap();
    assert!(editor.text.contains("could not be passed on to the vendor"), "{editor}");
    play.harness.kie.clear_faults();
    play.press("Try again").await;
    let editor = play.sees("Now: ✓").await;
    assert!(editor.button("Try again").is_none(), "{editor}");
    play.press("Back").await;
    play.press("✅ Create").await;
    play.input(1).await;
    play.end().await;
}

#[tokio::test]
async fn an_upload_that_takes_too_long_is_ended() {
    let play = Play::with("en", |options| options.tuning.inbox.upload_time = Duration::from_millis(200)).await;
    play.begin(task(MODEL), title(MODEL)).await;
    play.stall_uploads(Duration::from_secs(60));
    play.send_sample("A poster");
    play.sees("⚠️ not uploaded").await;
    assert_eq!(play.harness.kie.requests(Route::Upload), 2, "it was tried twice");
    play.press(&format!("👉 Fill in: {}", label(MODEL, "image_url"))).await;
    play.sees("It took too long").await;
    play.end().await;
}

/// The end of an upload is of no interest when its file is no longer in the form.
#[tokio::test]
async fn a_file_that_is_taken_out_does_not_come_back() {
    let play = Play::start("en").await;
    play.begin(task(MODEL), title(MODEL)).await;
    play.stall_uploads(Duration::from_secs(2));
    play.send_sample("A poster");
    play.sees("⏳ uploading").await;
    play.until(|| play.harness.kie.requests(Route::Upload) == 1).await;
    play.press(label(MODEL, "image_url")).await;
    play.press("Clear").await;
    play.harness.kie.clear_faults();
    play.send_sample("");
    play.sees("✓ 512×512").await;
    // The first one arrives after the second.
    play.until(|| play.harness.kie.uploads().len() == 2).await;
    let uploads = play.harness.kie.uploads();
    play.press("✅ Create").await;
    assert_eq!(play.input(1).await["image_url"], uploads[0].url.as_str());
    play.end().await;
}

/// Uploads are counted apart: more of them than may run at once leave room for everything else.
#[tokio::test]
async fn many_uploads_leave_room_for_everything_else() {
    let play = Play::with("en", |options| {
        (options.tuning.inbox.parallel, options.tuning.inbox.parallel_uploads) = (1, 2);
    })
    .await;
    let model = "nano-banana-pro";
    play.begin(task(model), title(model)).await;
    play.stall_uploads(Duration::from_millis(1500));
    let picture = Sample::of(MediaKind::Image).unwrap().bytes;
    let files = vec![("a.png", picture.into()); 6];
    play.chat.send_album(ChatFileKind::Photo, files, "All of them");
    play.sees("6 of 8, ⏳ 6 uploading").await;
    assert!(play.harness.kie.requests(Route::Upload) <= 2, "only two run at once");
    let neighbour = play.harness.telegram.chat(43);
    neighbour.send_text("/help");
    neighbour.wait_text("I make pictures, videos, music and speech", TIMEOUT).await.unwrap();
    assert!(play.harness.kie.uploads().len() < 6, "the neighbour has waited for the uploads");
    play.sees("6. ✓").await;
    play.press("Done").await;
    play.press("✅ Create").await;
    assert_eq!(play.input(1).await["image_input"].as_array().unwrap().len(), 6);
    play.end().await;
}

/// The message said one thing of the file, and its content is another.
#[tokio::test]
async fn a_file_that_is_not_what_its_message_says_is_refused_at_its_field() {
    let play = Play::start("en").await;
    play.begin(task(MODEL), title(MODEL)).await;
    let sound = Sample::of(MediaKind::Audio).unwrap().bytes;
    play.chat.send_document("a.png", "image/png", sound, "A poster");
    play.sees("⚠️ not uploaded").await;
    play.press(&format!("👉 Fill in: {}", label(MODEL, "image_url"))).await;
    let editor = play.chat.wait_button("Clear", TIMEOUT).await.unwrap();
    assert!(editor.text.contains("has a type that is not taken"), "{editor}");
    assert!(editor.button("Try again").is_none(), "{editor}");
    play.end().await;
}
