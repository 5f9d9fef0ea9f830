//! Runs the program in an empty folder, with only the settings that a test gives.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use assert_cmd::Command;
use kie::demo::harness::{self, KEY};
use kie::demo::kie::{Pace, SimKie, SimKieOptions};
use kie::models;
use kie::schema::spec::{FieldSpec, Kind, ModelSpec};
use kie::service::Service;
use serde_json::Value;

/// The time limit of every call and wait.
pub(crate) const LIMIT: Duration = Duration::from_secs(150);

/// The exit code and output of a call.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Done {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The only line on standard error; nothing is on standard output.
    pub(crate) fn complaint(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        let line = self.err.strip_prefix("error: ").unwrap_or_else(|| panic!("{self:?}"));
        assert_eq!(line.lines().count(), 1, "{self:?}");
        line.trim_end()
    }
}

/// The environment variables of every call: none of the tester's own settings.
pub(crate) fn environment() -> Vec<(String, String)> {
    let keep = ["PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LLVM_PROFILE_FILE"];
    let mut all: Vec<(String, String)> =
        keep.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?))).collect();
    all.push(("LANG".to_owned(), "C".to_owned()));
    all
}

/// A call in `folder`.
pub(crate) fn call_in(folder: &Path, args: &[&str], vars: &[(&str, &str)], input: &[u8]) -> Done {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kie-bot"));
    command.env_clear().envs(environment()).envs(vars.iter().copied()).current_dir(folder).args(args);
    let done = command.timeout(LIMIT).write_stdin(input).output().unwrap();
    Done {
        code: done.status.code(),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// A call without settings.
pub(crate) fn call(args: &[&str]) -> Done {
    call_in(tempfile::tempdir().unwrap().path(), args, &[], b"")
}

/// A simulated vendor with the registry's models whose tasks are done at the first poll.
pub(crate) async fn vendor() -> SimKie {
    let options =
        SimKieOptions { pace: Pace::Polls(0), picture_side: 64, balance: 100_000.0, ..SimKieOptions::default() };
    SimKie::start(harness::registry_options(options)).await.unwrap()
}

/// A call with a vendor's settings.
pub(crate) fn call_with(kie: &SimKie, folder: &Path, args: &[&str]) -> Done {
    let url = kie.url.as_str();
    call_in(folder, args, &[("KIE_API_URL", url), ("KIE_UPLOAD_URL", url), ("KIE_API_KEY", KEY)], b"")
}

/// Starts a call with a vendor's settings without waiting for its end.
pub(crate) fn start_with(kie: &SimKie, folder: &Path, args: &[&str]) -> Child {
    let url = kie.url.as_str();
    std::process::Command::new(env!("CARGO_BIN_EXE_kie-bot"))
        .env_clear()
        .envs(environment())
        .envs([("KIE_API_URL", url), ("KIE_UPLOAD_URL", url), ("KIE_API_KEY", KEY)])
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Sends a signal.
#[cfg(unix)]
pub(crate) fn signal(child: &Child, name: &str) {
    let done = std::process::Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

/// Waits for the end of a call.
pub(crate) async fn ended(child: Child) -> Done {
    let done = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
    Done {
        code: done.status.code(),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// Waits until a task was polled.
pub(crate) async fn until_polled(kie: &SimKie, task: &str) {
    let give_up = std::time::Instant::now() + LIMIT;
    while kie.polls(task) == 0 {
        assert!(std::time::Instant::now() < give_up, "{task} was not polled");
        tokio::task::yield_now().await;
    }
}

fn needed(spec: &'static ModelSpec) -> Vec<&'static FieldSpec> {
    spec.fields.iter().filter(|f| f.required && f.default.is_none()).collect()
}

fn pick(fits: impl Fn(&'static ModelSpec, &FieldSpec) -> bool) -> &'static ModelSpec {
    let mut offered = models::all().iter().copied().filter(|spec| Service::offers(spec));
    offered.find(|spec| matches!(needed(spec).as_slice(), [only] if fits(spec, only))).unwrap()
}

/// A model whose only required field is a prompt.
pub(crate) fn from_words() -> &'static ModelSpec {
    pick(|_, field| field.name == "prompt" && matches!(field.kind, Kind::Text(_)))
}

/// A model whose only required field is a file, and that field.
pub(crate) fn from_file() -> (&'static ModelSpec, &'static str) {
    let spec = pick(|_, field| matches!(field.kind, Kind::Media(_)));
    (spec, needed(spec)[0].name)
}

/// A model that is no longer offered and names another one.
pub(crate) fn retired() -> (&'static ModelSpec, &'static str) {
    let mut gone = models::all().iter().filter(|spec| !spec.status.is_offered());
    gone.find_map(|spec| Some((*spec, spec.nearest?))).unwrap()
}
