//! Names of result files, and images in the terminal.

use std::path::Path;
use std::process::{Command, Stdio};

use kie::demo::harness::KEY;
use kie::demo::kie::{SimKie, TaskPlan};
use serde_json::{Value, json};

use crate::cli::fixture::{Done, call_in, call_with, environment, from_words, vendor};

fn generate(kie: &SimKie, folder: &Path, more: &[&str]) -> Done {
    let args = ["generate", from_words().id, "-f", "prompt=A boat", "--json", "--out", "pictures"];
    call_with(kie, folder, &[&args[..], more].concat())
}

fn names(folder: &Path) -> Vec<String> {
    let list = std::fs::read_dir(folder.join("pictures")).unwrap();
    let mut names: Vec<String> = list.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_names_the_files_and_nothing_is_replaced() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    let task = |done: &Done| done.json()["task_id"].as_str().unwrap().to_owned();
    let usual = task(&generate(&kie, folder.path(), &[]));
    let slug = from_words().id.replace(['/', '.'], "-");
    assert_eq!(names(folder.path()), [format!("{slug}-{}-1.png", &usual[..8])]);
    std::fs::remove_dir_all(folder.path().join("pictures")).unwrap();

    kie.plan(TaskPlan { files: Some(2), ..TaskPlan::default() });
    let id = task(&generate(&kie, folder.path(), &["--name", "{n} of {id}.{ext}"]));
    assert_eq!(names(folder.path()), [format!("1 of {id}.png"), format!("2 of {id}.png")]);
    std::fs::remove_dir_all(folder.path().join("pictures")).unwrap();

    for _ in 0..2 {
        kie.plan(TaskPlan { files: Some(2), ..TaskPlan::default() });
        assert_eq!(generate(&kie, folder.path(), &["--name", "fox.png"]).code, Some(0));
    }
    assert_eq!(names(folder.path()), ["fox-2.png", "fox-3.png", "fox-4.png", "fox.png"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_template_is_named_before_anything_is_sent() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    for (template, said) in
        [("{date}.png", "`{date}` is no placeholder"), ("../fox.png", "--out names the folder"), ("..", "no file name")]
    {
        let done = generate(&kie, folder.path(), &["--name", template]);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
        assert!(done.err.contains(said), "{}", done.err);
    }
    assert!(kie.creates().is_empty() && !folder.path().join("pictures").exists());
}

/// A vendor that answers every poll with this result.
async fn answering(result: Value) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let record = json!({"code": 200, "msg": "success", "data": {"state": "success", "response": result}}).to_string();
    let app = axum::Router::new().fallback(move || async move { record });
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_extra_files_are_saved_too() {
    let (kie, folder) = (vendor().await, tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("mask.txt"), "a mask").unwrap();
    call_with(&kie, folder.path(), &["upload", "mask.txt"]);
    let file = kie.uploads().remove(0).url;
    let result = json!({"resultUrls": [file], "lastFrameUrl": format!("{file}?frame"), "resultObject": {"text": "la"}});
    let url = answering(result).await;
    // The file's own server is not the one of the settings.
    let vars = [("KIE_API_URL", &*url), ("KIE_UPLOAD_URL", &url), ("KIE_API_KEY", KEY), ("PRIVATE_HOSTS", "on")];
    let args = ["task", "0123456789abcdef", "--json", "--out", "pictures", "--name", "{model}-{n}.{ext}"];
    let done = call_in(folder.path(), &args, &vars, b"");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(names(folder.path()), ["task-1.txt", "task-2.txt", "task-3.txt"]);
    let read = |name: &str| std::fs::read_to_string(folder.path().join("pictures").join(name)).unwrap();
    assert_eq!([read("task-1.txt"), read("task-2.txt"), read("task-3.txt")], ["a mask", "a mask", "la"]);
    assert_eq!(done.json()["extras"]["files"][0]["role"], "last_frame", "{done:?}");
}

/// The output on a terminal; `None` without the program `script`.
fn on_a_terminal(kie: &SimKie, more: &str, vars: &[(&str, &str)]) -> Option<String> {
    let id = from_words().id;
    let line = format!("{} generate {id} -f prompt=boat {more}", env!("CARGO_BIN_EXE_kie-bot"));
    let mut command = Command::new("script");
    let url = kie.url.as_str();
    command.env_clear().envs(environment()).env("TERM", "xterm-256color").stdin(Stdio::null());
    command.envs([("KIE_API_URL", url), ("KIE_UPLOAD_URL", url), ("KIE_API_KEY", KEY)]).envs(vars.iter().copied());
    let done = command.args(["-qec", &line, "/dev/null"]).output().ok()?;
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    Some(String::from_utf8_lossy(&done.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_shown_in_terminals_that_can() {
    let kie = vendor().await;
    let colour = ("COLORTERM", "truecolor");
    let show = async |more: &'static str, vars: Vec<(&'static str, &'static str)>| {
        let kie = kie.clone();
        tokio::task::spawn_blocking(move || on_a_terminal(&kie, more, &vars)).await.unwrap()
    };
    let Some(shown) = show("", vec![colour]).await else { return };
    assert!(shown.contains('▀'), "{shown}");
    let kitty = show("", vec![("TERM", "xterm-kitty")]).await.unwrap();
    assert!(kitty.contains("\x1b_Gf=100,a=T"), "{kitty}");
    for (more, vars) in
        [("--no-preview", vec![colour]), ("--json", vec![colour]), ("", vec![]), ("", vec![colour, ("NO_COLOR", "1")])]
    {
        let shown = show(more, vars).await.unwrap();
        assert!(!shown.contains('▀') && !shown.contains("\x1b_G"), "{more}: {shown}");
    }
}
