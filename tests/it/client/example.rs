//! The examples, with the simulated vendor.

use std::path::Path;
use std::process::{Command, Output};

use kie::demo::harness::{self, KEY};
use kie::demo::kie::{KieFault, KieFaultEffect, Route, SimKie, SimKieOptions};
use kie::probe;
use kie::sample::Sample;
use kie::schema::spec::MediaKind;

use crate::client::fixture::example;

async fn vendor() -> SimKie {
    SimKie::start(harness::registry_options(SimKieOptions::quick(0))).await.unwrap()
}

async fn run(kie: &SimKie, folder: &Path, name: &'static str, args: &'static [&'static str]) -> Output {
    let mut command = Command::new(example(name));
    command.args(args).current_dir(folder).env("KIE_API_KEY", KEY);
    command.env("KIE_API_URL", kie.url.as_str()).env("KIE_UPLOAD_URL", kie.url.as_str());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_key_to_picture() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let done = run(&kie, folder.path(), "generate", &[]).await;
    assert!(done.status.success(), "{done:?}");
    let picture = std::fs::read(folder.path().join("fox-0.png")).unwrap();
    assert_eq!(probe::Probe::of_bytes(&picture).mime, "image/png");
    let done = run(&kie, folder.path(), "resume", &["task.txt"]).await;
    assert!(done.status.success() && !folder.path().join("task.txt").exists(), "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_changed_and_errors_say_what_to_do() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("photo.png"), Sample::of(MediaKind::Image).unwrap().bytes).unwrap();
    let done = run(&kie, folder.path(), "edit", &["photo.png"]).await;
    assert!(done.status.success(), "{done:?}");
    assert!(folder.path().join("edited-0.png").exists());
    let words = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(words.contains("credits left") && words.contains(&format!("task {}", kie.creates()[0].task_id)), "{words}");

    let told = async |fault: KieFault| {
        kie.fault(fault);
        let done = run(&kie, folder.path(), "edit", &["photo.png"]).await;
        assert!(!done.status.success(), "{done:?}");
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    let sent = kie.requests(Route::Create);
    assert!(told(KieFault::once(Route::Create, KieFaultEffect::LoseReply)).await.contains("not sent again"));
    assert!(told(KieFault::busy(Route::Create, 3600)).await.contains("try again in 3600s"));
    assert!(told(KieFault::code(Route::Create, 402, "no credits")).await.contains("Account has to mend this"));
    assert_eq!(kie.requests(Route::Create), sent + 3);
}
