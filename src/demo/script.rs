//! A scripted conversation in which a user orders an image and gets it. `kie-bot demo --script` plays it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::harness::Harness;
use super::telegram::{ChatError, ChatFile, ChatFileKind, ChatHandle};
use crate::models;
use crate::schema::Lang;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec, OutputKind, TaskSpec};
use crate::service::Service;

/// The time limit for each step.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The user's prompt.
const PROMPT: &str = "A red fox in the snow, film photo";

/// Why the conversation could not be completed.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// No image model of the registry requires exactly one text.
    #[error("no picture model in the registry asks for a single text")]
    NoModel,
    /// The bot did not answer as expected.
    #[error(transparent)]
    ChatHandle(#[from] ChatError),
    /// The image cannot be saved.
    #[error("{path} cannot be written: {why}")]
    Save {
        /// The file.
        path: String,
        /// The error.
        why: std::io::Error,
    },
}

/// Plays the conversation and saves the image into `folder`; `print` gets every message as it appears.
///
/// # Errors
/// When the bot does not answer in time, or the image cannot be written.
pub async fn play(harness: &Harness, folder: &Path, print: impl FnMut(&str)) -> Result<PathBuf, ScriptError> {
    let (task, spec) = choose_model().ok_or(ScriptError::NoModel)?;
    let chat = harness.telegram.page_chat();
    let mut player = Player { chat: chat.clone(), printed: HashMap::new(), print };
    chat.send_text("/start");
    player.press(task.title.get(Lang::En)).await?;
    player.press(spec.title.get(Lang::En)).await?;
    player.press("Fill in").await?;
    let question = spec.fields.iter().find(|f| is_asked(f)).map_or("", |f| f.label.get(Lang::En));
    chat.wait_text(question, TIMEOUT).await?;
    player.print_changes();
    chat.send_text(PROMPT);
    player.press("✅ Create").await?;
    let picture = player.wait_file().await?;
    player.print_changes();
    save(&chat, &picture, folder)
}

/// The first image model that requires a single text, and the task type under which the menu lists it.
fn choose_model() -> Option<(&'static TaskSpec, &'static ModelSpec)> {
    let fits = |spec: &&ModelSpec| {
        let mut asked = spec.fields.iter().filter(|f| is_asked(f));
        Service::offers(spec)
            && spec.output == OutputKind::Image
            && matches!((asked.next().map(|f| &f.kind), asked.next()), (Some(Kind::Text(_)), None))
    };
    // The first page of a menu has eight models.
    models::tasks().iter().find_map(|task| {
        let listed = models::of_task(task.id).filter(|spec| Service::offers(spec)).take(8);
        listed.into_iter().find(fits).map(|spec| (*task, spec))
    })
}

/// Whether the bot asks for this field.
fn is_asked(field: &FieldSpec) -> bool {
    field.required && field.default.is_none()
}

/// The chat, and which of its messages have been printed.
struct Player<T> {
    chat: ChatHandle,
    /// The number of edits of each printed message, by its id.
    printed: HashMap<i32, u32>,
    print: T,
}

impl<T: FnMut(&str)> Player<T> {
    /// Prints every message that is new or was edited.
    fn print_changes(&mut self) {
        for message in self.chat.view().messages {
            if self.printed.insert(message.id, message.edits) != Some(message.edits) {
                (self.print)(&message.to_string());
            }
        }
    }

    /// Waits for a button and presses it.
    async fn press(&mut self, label: &str) -> Result<(), ScriptError> {
        self.chat.wait_button(label, TIMEOUT).await?;
        self.print_changes();
        let callback = self.chat.press(label)?;
        (self.print)(&format!("you press [{label}]"));
        self.chat.wait_answer(&callback, TIMEOUT).await?;
        Ok(())
    }

    /// Waits for the image, printing progress messages meanwhile.
    async fn wait_file(&mut self) -> Result<ChatFile, ScriptError> {
        let picture = |view: &super::telegram::ChatView| {
            let media = |kind| view.with_attachment(kind).and_then(|m| m.media.clone());
            media(ChatFileKind::Photo).or_else(|| media(ChatFileKind::Document))
        };
        loop {
            let printed = self.printed.clone();
            let seen = self.chat.wait_for(TIMEOUT, |view| {
                let changed = view.messages.iter().any(|m| printed.get(&m.id) != Some(&m.edits));
                (changed || picture(view).is_some()).then(|| picture(view))
            });
            if let Some(media) = seen.await? {
                return Ok(media);
            }
            self.print_changes();
        }
    }
}

fn save(chat: &ChatHandle, picture: &ChatFile, folder: &Path) -> Result<PathBuf, ScriptError> {
    let extension = if picture.mime == "image/jpeg" { "jpg" } else { "png" };
    let path = folder.join(format!("picture.{extension}"));
    let failed = |why: std::io::Error| ScriptError::Save { path: path.display().to_string(), why };
    let bytes = chat.file(&picture.file_id).ok_or_else(|| failed(std::io::ErrorKind::NotFound.into()))?;
    std::fs::write(&path, bytes).map_err(failed)?;
    Ok(path)
}
