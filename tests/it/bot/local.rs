//! A Bot API server of the operator's own that runs with `--local`: it hands files over by their paths, and takes large ones.

use kie::demo::kie::TaskPlan;
use kie::demo::telegram::ChatFileKind;
use kie::sample::Sample;
use kie::schema::spec::{Kind, MediaKind, ModelSpec};
use serde_json::json;

use crate::bot::{Play, TIMEOUT, task, title};

/// Over the public server's limit of 20 MB for what a bot fetches.
const BYTES: usize = 21 << 20;

/// A model that needs a video alone, perhaps a large one.
fn from_video() -> &'static ModelSpec {
    let is_large = |kind: &Kind| matches!(kind, Kind::Media(media) if media.of == [MediaKind::Video] && media.max_mb.is_none_or(|mb| mb > 30.0));
    let mut offered = kie::models::all().iter().copied().filter(|spec| kie::service::Service::offers(spec));
    let needed = |spec: &ModelSpec| {
        spec.fields
            .iter()
            .filter(|field| field.required && field.default.is_none())
            .map(|field| &field.kind)
            .collect::<Vec<_>>()
    };
    offered.find(|spec| matches!(needed(spec).as_slice(), [only] if is_large(only))).unwrap()
}

/// A video with a box that says nothing.
fn large_video() -> Vec<u8> {
    let mut film = Sample::of(MediaKind::Video).unwrap().bytes.to_vec();
    let free = BYTES - film.len();
    film.extend((free as u32).to_be_bytes());
    film.extend(b"free");
    film.resize(BYTES, 0);
    film
}

/// A bot beside a server with this folder; `is_told` whether the bot's settings say so.
async fn with_server(folder: &std::path::Path, is_told: bool) -> Play {
    Play::with("en", |options| {
        options.local_folder = Some(folder.to_owned());
        options.telegram_local = is_told;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_is_read_from_the_servers_disk() {
    let disk = tempfile::tempdir().unwrap();
    let play = with_server(disk.path(), true).await;
    let model = from_video();
    play.begin(task(model.id), title(model.id)).await;
    let film = large_video();
    play.chat.send(ChatFileKind::Video, "film.mp4", film.clone(), "");
    play.chat.wait_button("✅ Create", TIMEOUT).await.unwrap();
    let uploads = play.harness.kie.uploads();
    assert_eq!(play.harness.kie.file(&uploads[0].url).unwrap(), film);
    assert!(play.harness.telegram.count("getFile") == 1, "it is not downloaded");
    play.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_there_is_told_with_its_cure() {
    let play = with_server(std::path::Path::new("/nowhere/telegram-bot-api"), true).await;
    let model = from_video();
    play.begin(task(model.id), title(model.id)).await;
    play.chat.send(ChatFileKind::Video, "film.mp4", Sample::of(MediaKind::Video).unwrap().bytes, "");
    play.sees("not uploaded").await;
    play.press("👉 Fill in").await;
    play.sees("sending it again will not help").await;
    play.end().await;
}

/// The public server takes 50 MB; a link came instead of the file.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_result_is_sent_as_a_file() {
    let disk = tempfile::tempdir().unwrap();
    let play = with_server(disk.path(), true).await;
    let client = kie::app::client(&play.harness.config).unwrap();
    let url = client.upload_bytes("film.mp4", "video/mp4", vec![7; 50_000_001].into()).await.unwrap().url;
    play.harness.kie.plan(TaskPlan { shape: Some(json!({ "resultUrls": [url] })), ..TaskPlan::default() });
    play.begin(task("z-image"), title("z-image")).await;
    play.chat.send_text("A long film");
    play.press("✅ Create").await;
    let film = play.chat.wait_media(ChatFileKind::Video, TIMEOUT).await.unwrap();
    assert_eq!(film.media.unwrap().bytes, 50_000_001);
    play.end().await;
}

/// Without the setting the public limit holds, and a server that hands over paths is understood all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_read_without_the_setting() {
    let disk = tempfile::tempdir().unwrap();
    let play = with_server(disk.path(), false).await;
    let model = from_video();
    play.begin(task(model.id), title(model.id)).await;
    play.chat.send(ChatFileKind::Video, "film.mp4", large_video(), "");
    play.sees("This file has 22.1 MB. Telegram lets bots fetch files up to 20 MB").await;
    let sample = Sample::of(MediaKind::Video).unwrap().bytes;
    play.chat.send(ChatFileKind::Video, "film.mp4", sample, "");
    play.chat.wait_button("✅ Create", TIMEOUT).await.unwrap();
    assert_eq!(play.harness.kie.file(&play.harness.kie.uploads()[0].url).unwrap(), sample);
    play.end().await;
}
