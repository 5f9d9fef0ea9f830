//! Sending a result again, by what the chat has of it: Telegram keeps files long after the vendor's links have died.

use teloxide::RequestError;
use teloxide::types::{FileId, InputFile};

use super::method::Method;
use super::send::{Content, call};
use crate::bot::html::Page;
use crate::bot::screen::Screen;
use crate::bot::telegram::{BRIEF, SendErrorKind, Telegram};
use crate::job::{DeliveredFile, Job};
use crate::l10n::Messages;

/// Sends the files again. Returns whether anything could be sent.
///
/// # Errors
/// When Telegram is out of reach; a file that it no longer knows is told to the person and is no error.
pub(crate) async fn send(
    telegram: &Telegram,
    job: &Job,
    files: &[DeliveredFile],
    texts: &Messages,
) -> Result<bool, RequestError> {
    let mut any = false;
    for file in files {
        let Some(method) = Method::from_word(&file.sent_as).filter(|_| !file.file_id.is_empty()) else { continue };
        if method == Method::Link {
            let mut page = Page::new();
            page.link(&file.file_id, &file.file_id);
            telegram.send(job.chat, &Screen::new(page), BRIEF).await?;
            any = true;
            continue;
        }
        let input = || InputFile::file_id(FileId(file.file_id.clone()));
        let content = Content { input: &input, caption: None, keyboard: None };
        match telegram.in_chat(job.chat, BRIEF, |chat| call(telegram, chat, method, &content)).await {
            Ok(_) => any = true,
            Err(error) if SendErrorKind::of(&error) == SendErrorKind::Rejected => {
                tracing::warn!(job = %job.id, why = telegram.describe(&error), "a kept file was refused");
                telegram.send(job.chat, &Screen::text(texts.result_expired()), BRIEF).await?;
                any = true;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(any)
}
