//! Sends a delivered speech as a voice message, with the button for it.

use teloxide::RequestError;
use teloxide::payloads::SendVoiceSetters;
use teloxide::requests::Requester;
use teloxide::types::{InputFile, Message};

use super::method::Method;
use crate::bot::attachment::{self, FileError};
use crate::bot::telegram::{Destination, PERSISTENT, Telegram};
use crate::job::DeliveredFile;
use crate::schema::FileFacts;

/// Why a speech could not be sent as a voice message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VoiceError {
    /// Telegram does not give the file back.
    #[error(transparent)]
    File(#[from] FileError),
    /// The call failed.
    #[error("the call failed")]
    Telegram(#[from] RequestError),
}

/// The speech among the files of a result. Only what Telegram plays can be a voice message: OGG with Opus, MP3 and M4A
/// (Bot API, `sendVoice`).
pub(crate) fn find(files: &[DeliveredFile]) -> Option<&DeliveredFile> {
    files.iter().find(|file| file.sent_as == Method::Audio.as_str() && !file.file_id.is_empty())
}

/// Sends it. By its id it cannot become a message of another kind (Bot API, "Sending files"), so it is fetched and uploaded.
pub(crate) async fn send(telegram: &Telegram, to: Destination, speech: &DeliveredFile) -> Result<Message, VoiceError> {
    let file = attachment::fetch(telegram, &speech.file_id, &FileFacts::default()).await?;
    let path = file.content.path();
    let sent = telegram.send_to(to, PERSISTENT, |target| {
        let input = InputFile::file(path).file_name(file.name.clone());
        async move {
            let mut request = telegram.files().send_voice(target.chat, input);
            if let Some(thread) = target.thread {
                request = request.message_thread_id(thread);
            }
            if let Some(reply) = target.reply() {
                request = request.reply_parameters(reply);
            }
            request.await
        }
    });
    Ok(sent.await?)
}
