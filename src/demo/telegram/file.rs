//! Files, in memory: found by id, downloaded by path.

use std::path::Path;

use bytes::Bytes;
use serde_json::json;

use super::args::{Args, FileArg, FilePart};
use super::chat_file::{ChatFile, ChatFileKind, small_id};
use super::error::{ApiError, ApiResult};
use super::simulator::TelegramSimulator;
use super::state::StoredFile;
use crate::demo::random;
use crate::mime;
use crate::probe::Probe;

impl TelegramSimulator {
    /// Stores a file that was sent as `kind`.
    pub(super) fn store_file(
        &self,
        kind: ChatFileKind,
        name: Option<String>,
        mime: Option<String>,
        body: Bytes,
    ) -> ChatFile {
        let facts = Probe::of_bytes(&body);
        let given = mime.filter(|mime| mime != "application/octet-stream");
        let guessed = || name.as_ref().and_then(|name| mime::of_path(name)).map(str::to_owned);
        let mime = match facts.mime {
            "application/octet-stream" => given.or_else(guessed).unwrap_or_else(|| facts.mime.to_owned()),
            known => known.to_owned(),
        };
        let mut state = self.state();
        state.next_file += 1;
        let number = state.next_file;
        let unique = hex::encode(&random::bytes(self.options.seed, &["file", &number.to_string()])[..8]);
        let extension = name
            .as_deref()
            .and_then(|name| name.rsplit_once('.').map(|(_, e)| e.to_owned()))
            .or_else(|| mime::extension(&mime).map(str::to_owned))
            .unwrap_or_else(|| "bin".to_owned());
        let seconds = match kind {
            ChatFileKind::Photo | ChatFileKind::Document => None,
            _ => facts.seconds,
        };
        let media = ChatFile {
            kind,
            file_id: format!("Shared{}-{number}-{unique}", kind.word()),
            unique_id: format!("Q{unique}"),
            name: if kind == ChatFileKind::Photo { None } else { name },
            mime,
            bytes: body.len(),
            width: facts.width,
            height: facts.height,
            seconds,
            thumbnail: None,
        };
        let path = format!("{}s/file_{number}.{extension}", kind.word());
        let stored = StoredFile { media: media.clone(), path, body };
        if kind == ChatFileKind::Photo {
            state.files.insert(small_id(&media.file_id), stored.clone());
        }
        state.files.insert(media.file_id.clone(), stored);
        media
    }

    /// The file of a method that sends it as `kind`: uploaded, downloaded from a URL, or already stored.
    ///
    /// # Errors
    /// The Bot API's error when there is no such file or it cannot be sent as `kind`.
    pub(super) async fn resolve_file(&self, kind: ChatFileKind, arg: Option<FileArg>) -> Result<ChatFile, ApiError> {
        let empty = || ApiError::bad(format!("there is no {} in the request", kind.word()));
        let part = match arg.ok_or_else(empty)? {
            FileArg::Id(id) => return self.known(kind, &id),
            FileArg::Url(url) => self.fetch(kind, &url).await?,
            FileArg::Part(part) => part,
        };
        if part.body.is_empty() {
            return Err(ApiError::bad("file must be non-empty"));
        }
        if kind == ChatFileKind::Photo {
            self.check_photo(&part.body)?;
        }
        Ok(self.store_file(kind, part.name, part.mime, part.body))
    }

    fn known(&self, kind: ChatFileKind, id: &str) -> Result<ChatFile, ApiError> {
        let state = self.state();
        let wrong = || ApiError::bad("wrong file identifier/HTTP URL specified");
        let media = state.files.get(id).map(|file| file.media.clone()).ok_or_else(wrong)?;
        if media.kind == kind {
            return Ok(media);
        }
        let name = |kind: ChatFileKind| {
            let word = kind.word();
            word[..1].to_uppercase() + &word[1..]
        };
        Err(ApiError::bad(format!("can't use file of type {} as {}", name(media.kind), name(kind))))
    }

    /// Downloads a file from a URL: at most 5 MB for a photo and 20 MB for other kinds.
    async fn fetch(&self, kind: ChatFileKind, url: &str) -> Result<FilePart, ApiError> {
        let failed = || ApiError::bad("failed to get HTTP URL content");
        let reply = self.web.get(url).send().await.map_err(|_| failed())?.error_for_status().map_err(|_| failed())?;
        let mime = reply.headers().get("content-type").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let body = reply.bytes().await.map_err(|_| failed())?;
        let most = if kind == ChatFileKind::Photo { 5 * 1024 * 1024 } else { 20 * 1024 * 1024 };
        if body.len() > most {
            return Err(failed());
        }
        let name = url.split(['?', '#']).next().and_then(|path| path.rsplit('/').next()).map(str::to_owned);
        Ok(FilePart { name, mime, body })
    }

    fn check_photo(&self, body: &[u8]) -> Result<(), ApiError> {
        let most = self.options.limits.photo;
        if body.len() > most {
            let what =
                format!("file of size {} bytes is too big for a photo; the maximum size is {most} bytes", body.len());
            return Err(ApiError::bad(what));
        }
        let facts = Probe::of_bytes(body);
        match (facts.width, facts.height) {
            (Some(w), Some(h)) if w + h > 10_000 || w > 20 * h || h > 20 * w => {
                Err(ApiError::bad("PHOTO_INVALID_DIMENSIONS"))
            }
            (Some(_), Some(_)) if facts.mime.starts_with("image/") => Ok(()),
            _ => Err(ApiError::bad("IMAGE_PROCESS_FAILED")),
        }
    }
}

pub(super) fn get_file(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let id = args.text("file_id").unwrap_or_default();
    let state = sim.state();
    let file =
        state.files.get(&id).ok_or_else(|| ApiError::bad("wrong file_id or the file is temporarily unavailable"))?;
    if file.body.len() > sim.options.limits.download {
        return Err(ApiError::bad("file is too big"));
    }
    let path = match &sim.options.local_folder {
        Some(folder) => {
            keep(folder, &sim.options.token, file).map_err(|_| ApiError::new(500, "Internal Server Error"))?
        }
        None => file.path.clone(),
    };
    Ok(json!({
        "file_id": id,
        "file_unique_id": file.media.unique_id,
        "file_size": file.body.len(),
        "file_path": path,
    }))
}

/// Writes a file where a server with `--local` keeps it, in a folder named by the token; returns its absolute path. Writes
/// nothing when the server is on another machine.
fn keep(folder: &Path, token: &str, file: &StoredFile) -> std::io::Result<String> {
    let path = folder.join(token).join(&file.path);
    if folder.is_dir() {
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(&path, &file.body)?;
    }
    Ok(path.display().to_string())
}
