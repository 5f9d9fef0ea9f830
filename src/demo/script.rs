//! One conversation without a browser: a person asks for a picture and gets it. `kie-bot demo --script` plays it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::stage::Stage;
use super::telegram::{Chat, ChatError, Media, MediaKind};
use crate::models;
use crate::schema::Lang;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec, Output, TaskSpec};
use crate::service::Service;

/// Nothing on the stage takes this long.
const PATIENCE: Duration = Duration::from_secs(60);
/// What the person asks for.
const WISH: &str = "A red fox in the snow, film photo";

/// The conversation did not go as it should.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The registry has nothing simple enough to order.
    #[error("no picture model in the registry asks for a single text")]
    NoModel,
    /// The bot did not do what a person waits for.
    #[error(transparent)]
    Chat(#[from] ChatError),
    /// The picture cannot be saved.
    #[error("{path} cannot be written: {why}")]
    Save {
        /// Where to.
        path: String,
        /// The system's words.
        why: std::io::Error,
    },
}

/// Plays the conversation on a stage, telling every line as it appears, and saves the picture into `folder`.
///
/// # Errors
/// When the bot keeps silent, or the picture cannot be written.
pub async fn play(stage: &Stage, folder: &Path, tell: impl FnMut(&str)) -> Result<PathBuf, ScriptError> {
    let (task, spec) = pick().ok_or(ScriptError::NoModel)?;
    let chat = stage.telegram.page_chat();
    let mut scene = Scene { chat: chat.clone(), told: HashMap::new(), tell };
    chat.say("/start");
    scene.press(task.title.get(Lang::En)).await?;
    scene.press(spec.title.get(Lang::En)).await?;
    scene.press("Fill in").await?;
    let question = spec.fields.iter().find(|f| asked(f)).map_or("", |f| f.label.get(Lang::En));
    chat.wait_text(question, PATIENCE).await?;
    scene.catch_up();
    chat.say(WISH);
    scene.press("✅ Create").await?;
    let picture = scene.wait_file().await?;
    scene.catch_up();
    save(&chat, &picture, folder)
}

/// The first picture model that asks for a single text, and where it stands in the menu.
fn pick() -> Option<(&'static TaskSpec, &'static ModelSpec)> {
    let fits = |spec: &&ModelSpec| {
        let mut asked = spec.fields.iter().filter(|f| asked(f));
        Service::offers(spec)
            && spec.output == Output::Image
            && matches!((asked.next().map(|f| &f.kind), asked.next()), (Some(Kind::Text(_)), None))
    };
    // The first page of a menu has eight.
    models::tasks().iter().find_map(|task| {
        let listed = models::of_task(task.id).filter(|spec| Service::offers(spec)).take(8);
        listed.into_iter().find(fits).map(|spec| (*task, spec))
    })
}

/// Whether a person must answer this field.
fn asked(field: &FieldSpec) -> bool {
    field.required && field.default.is_none()
}

/// The chat, and what of it has been told.
struct Scene<T> {
    chat: Chat,
    told: HashMap<i32, u32>,
    tell: T,
}

impl<T: FnMut(&str)> Scene<T> {
    /// Tells every message that is new or has changed.
    fn catch_up(&mut self) {
        for message in self.chat.view().messages {
            if self.told.insert(message.id, message.edits) != Some(message.edits) {
                (self.tell)(&message.to_string());
            }
        }
    }

    /// Waits for a button, tells what came with it, presses it.
    async fn press(&mut self, label: &str) -> Result<(), ScriptError> {
        self.chat.wait_button(label, PATIENCE).await?;
        self.catch_up();
        let callback = self.chat.press(label)?;
        (self.tell)(&format!("you press [{label}]"));
        self.chat.wait_answer(&callback, PATIENCE).await?;
        Ok(())
    }

    /// Waits for the picture, telling the progress on the way.
    async fn wait_file(&mut self) -> Result<Media, ScriptError> {
        let picture = |view: &super::telegram::View| {
            let media = |kind| view.with(kind).and_then(|m| m.media.clone());
            media(MediaKind::Photo).or_else(|| media(MediaKind::Document))
        };
        loop {
            let told = self.told.clone();
            let seen = self.chat.wait_for(PATIENCE, |view| {
                let changed = view.messages.iter().any(|m| told.get(&m.id) != Some(&m.edits));
                (changed || picture(view).is_some()).then(|| picture(view))
            });
            if let Some(media) = seen.await? {
                return Ok(media);
            }
            self.catch_up();
        }
    }
}

fn save(chat: &Chat, picture: &Media, folder: &Path) -> Result<PathBuf, ScriptError> {
    let extension = if picture.mime == "image/jpeg" { "jpg" } else { "png" };
    let path = folder.join(format!("picture.{extension}"));
    let failed = |why: std::io::Error| ScriptError::Save { path: path.display().to_string(), why };
    let bytes = chat.file(&picture.file_id).ok_or_else(|| failed(std::io::ErrorKind::NotFound.into()))?;
    std::fs::write(&path, bytes).map_err(failed)?;
    Ok(path)
}
