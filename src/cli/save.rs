//! Saves result files to a folder, and shows images in the terminal.

mod name;

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

pub(super) use name::{DEFAULT, Template};

use super::CliError;
use super::output::note;
use super::preview::ImageProtocol;
use super::summary::Summary;
use crate::client::Client;
use crate::l10n::CliMessages;
use crate::service::extension;
use name::NameParts;

/// How many images of one result are shown.
const MAX_PREVIEWS: u32 = 4;

/// The arguments of `generate` and `task` about result files.
#[derive(Debug, clap::Args)]
pub(super) struct FileArgs {
    /// Save the result files into this folder.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Names of saved files; {model}, {task} (the first 8 characters of the task id), {id} (all of it), {number} (with
    /// the file's own name where it has one, as layers have) and {ext} are filled in. A file that exists is never
    /// replaced: a number is added to the name.
    #[arg(long, value_name = "TEMPLATE", default_value = DEFAULT, value_parser = Template::parse)]
    pub(super) name: Template,
    /// Do not show pictures in the terminal.
    #[arg(long)]
    pub(super) no_preview: bool,
}

impl FileArgs {
    /// Creates the folder of `--out` and checks that it can be written to, before anything is paid for.
    ///
    /// # Errors
    /// When the folder cannot be created or written to.
    pub(super) fn check(&self, messages: &CliMessages) -> Result<(), CliError> {
        let Some(folder) = &self.out else { return Ok(()) };
        let made = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder).map(drop));
        made.map_err(|e| CliError::BadInput(messages.cannot_write(&folder.display().to_string(), &e.to_string())))
    }

    /// How images are shown; `None` when they are not.
    fn image_protocol(&self, json: bool) -> Option<ImageProtocol> {
        if self.no_preview || json { None } else { ImageProtocol::detect() }
    }

    /// Saves the result into the folder and shows its images; returns whether everything was saved. A file that was not
    /// is reported; its URL stays in the summary.
    pub(super) async fn save(
        &self,
        client: &Client,
        summary: &mut Summary,
        model: &str,
        json: bool,
        messages: &CliMessages,
    ) -> bool {
        let protocol = self.image_protocol(json);
        let temporary;
        let folder = match (&self.out, protocol) {
            (Some(folder), _) => folder.as_path(),
            (None, Some(_)) => match tempfile::tempdir() {
                Ok(made) => {
                    temporary = made;
                    temporary.path()
                }
                Err(_) => return true,
            },
            (None, None) => return true,
        };
        let to_folder = self.out.is_some();
        let task = summary.task_id.clone().unwrap_or_default();
        let mut all = true;
        let mut shown = 0;
        let urls: Vec<String> = summary.result_urls.iter().cloned().chain(extra_urls(summary)).collect();
        let mut number = 0;
        for url in &urls {
            let name = summary.names.get(number as usize).cloned();
            number += 1;
            if !to_folder && number > MAX_PREVIEWS {
                break;
            }
            match self
                .fetch(client, url, folder, NameParts { model, task: &task, number, name: name.as_deref() }, messages)
                .await
            {
                Ok(file) => {
                    if let Some(protocol) = protocol.filter(|_| shown < MAX_PREVIEWS)
                        && file.mime.starts_with("image/")
                        && protocol.display(&file.path)
                    {
                        shown += 1;
                    }
                    if to_folder {
                        if !json {
                            let path = file.path.display().to_string();
                            note(&format!("  {}", messages.saved(&path, &messages.size(file.bytes))));
                        }
                        summary.files.push(file.path);
                    }
                }
                Err(why) if to_folder => {
                    note(&format!("  {}", messages.not_saved(url, &why)));
                    all = false;
                }
                Err(_) => {}
            }
        }
        let data = summary.data.as_ref().map(|data| format!("{data:#}\n"));
        let texts = [(summary.text.clone(), "txt"), (data, "json")];
        for (text, extension) in texts.into_iter().filter(|_| to_folder) {
            let Some(text) = text else { continue };
            number += 1;
            let name = self.name.render(NameParts { model, task: &task, number, name: None }, extension);
            match write_new(folder, &name, text.as_bytes()) {
                Ok(path) => summary.files.push(path),
                Err(why) => {
                    let path = folder.join(name).display().to_string();
                    note(&format!("  {}", messages.cannot_write(&path, &why.to_string())));
                    all = false;
                }
            }
        }
        all
    }

    async fn fetch(
        &self,
        client: &Client,
        url: &str,
        folder: &Path,
        name: NameParts<'_>,
        messages: &CliMessages,
    ) -> Result<Saved, String> {
        let part = tempfile::Builder::new().prefix(".kie-bot-").suffix(".part").tempfile_in(folder);
        let part = part.map_err(|e| e.to_string())?.into_temp_path();
        let done = client.download(url, &part, u64::MAX).await.map_err(|e| messages.call(&e))?;
        let name = self.name.render(name, extension(&done.mime));
        let path = persist_unique(part, folder, &name).map_err(|e| format!("{}: {e}", folder.join(&name).display()))?;
        Ok(Saved { path, bytes: done.bytes, mime: done.mime })
    }
}

struct Saved {
    path: PathBuf,
    bytes: u64,
    mime: String,
}

/// URLs of the files that come with the result: extra files, and the covers of music tracks.
fn extra_urls(summary: &Summary) -> Vec<String> {
    let known = &summary.result_urls;
    let files = summary.extras.files.iter().map(|file| &file.url);
    let covers = summary.extras.tracks.iter().filter_map(|track| track.image_url.as_ref());
    let mut extra: Vec<String> = Vec::new();
    for url in files.chain(covers) {
        if !known.contains(url) && !extra.contains(url) {
            extra.push(url.clone());
        }
    }
    extra
}

/// Moves a downloaded file to its name; a number is added to a name that is taken.
fn persist_unique(mut part: TempPath, folder: &Path, name: &str) -> std::io::Result<PathBuf> {
    for path in name::candidates(folder, name) {
        match part.persist_noclobber(&path) {
            Ok(()) => return Ok(path),
            Err(refused) if refused.error.kind() == std::io::ErrorKind::AlreadyExists => part = refused.path,
            Err(refused) => return Err(refused.error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

/// Writes a new file; a number is added to a name that is taken.
fn write_new(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    for path in name::candidates(folder, name) {
        match std::fs::File::options().write(true).create_new(true).open(&path) {
            Ok(mut file) => return file.write_all(bytes).map(|()| path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_exists_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let part = || {
            let part = tempfile::NamedTempFile::new_in(folder.path()).unwrap().into_temp_path();
            std::fs::write(&part, "new").unwrap();
            part
        };
        std::fs::write(folder.path().join("fox.png"), "old").unwrap();
        let second = persist_unique(part(), folder.path(), "fox.png").unwrap();
        let third = write_new(folder.path(), "fox.png", b"newer").unwrap();
        assert_eq!(
            (second.file_name().unwrap(), third.file_name().unwrap()),
            ("fox-2.png".as_ref(), "fox-3.png".as_ref())
        );
        assert_eq!(std::fs::read_to_string(folder.path().join("fox.png")).unwrap(), "old");
        assert_eq!(std::fs::read_to_string(second).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "no partial file is left");
    }

    #[test]
    fn covers_and_other_extras_are_saved_once() {
        use crate::client::{ExtraFile, Extras, Role, Track};
        let file = |url: &str| ExtraFile { role: Role::Mask, url: url.to_owned() };
        let track = |audio: &str, cover: Option<&str>| Track {
            audio_url: audio.to_owned(),
            image_url: cover.map(str::to_owned),
            ..Track::default()
        };
        let extras = Extras {
            files: vec![file("mask"), file("a.mp3")],
            tracks: vec![track("a.mp3", Some("cover")), track("b.mp3", Some("cover")), track("c.mp3", None)],
            ..Extras::default()
        };
        let result_urls = ["a.mp3", "b.mp3", "c.mp3"].map(str::to_owned).to_vec();
        assert_eq!(extra_urls(&Summary { result_urls, extras, ..Summary::default() }), ["mask", "cover"]);
    }
}
