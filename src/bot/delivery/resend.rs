//! Sends a delivered result again by its Telegram file ids, which last longer than the vendor's links.

use teloxide::RequestError;
use teloxide::types::{FileId, InputFile};

use super::method::Method;
use super::send::{FileMessage, send_file};
use crate::bot::html::Page;
use crate::bot::screen::Screen;
use crate::bot::telegram::{Destination, PERSISTENT, SendErrorKind, Telegram};
use crate::job::{DeliveredFile, Job};
use crate::l10n::Messages;

/// Sends the files again. Returns whether anything was sent. For a file that Telegram no longer has, a message says so.
///
/// # Errors
/// When a call fails for any other reason.
pub(crate) async fn send(
    telegram: &Telegram,
    to: Destination,
    job: &Job,
    files: &[DeliveredFile],
    texts: &Messages,
) -> Result<bool, RequestError> {
    let mut is_sent = false;
    for file in files {
        let Some(method) = Method::of_str(&file.sent_as).filter(|_| !file.file_id.is_empty()) else { continue };
        if method == Method::Link {
            let mut page = Page::new();
            page.link(&file.file_id, &file.file_id);
            telegram.send(to, &Screen::new(page), PERSISTENT).await?;
            is_sent = true;
            continue;
        }
        let input = || InputFile::file_id(FileId(file.file_id.clone()));
        let content = FileMessage { input: &input, caption: None, keyboard: None };
        match telegram.send_to(to, PERSISTENT, |target| send_file(telegram, target, method, &content)).await {
            Ok(_) => is_sent = true,
            Err(error) if SendErrorKind::of(&error) == SendErrorKind::Rejected => {
                let why = telegram.describe(&error);
                tracing::warn!(job = %job.id, why, "a delivered file could not be sent again");
                telegram.send(to, &Screen::text(texts.result_expired()), PERSISTENT).await?;
                is_sent = true;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(is_sent)
}
