//! Uploads of users' files, beside the conversations: each is a durable update of the inbox in a chat of its own, so it
//! outlives the process, and no chat waits for it. When it ends, it stores an update in the chat of the user, whose
//! handler puts the file into the form.

use std::convert::Infallible;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use teloxide::types::ChatAction;

use super::Bot;
use super::attachment::{self, FileError};
use super::draft::{ReceivedFile, Upload, UploadFailure};
use super::route::Handled;
use super::telegram::Destination;
use super::text_file;
use crate::backoff::SharedRng;
use crate::clock::Timestamp;
use crate::inbox::{InboxBatch, Update};
use crate::job::{Attachment, ChatId, TopicId, UserId, placeholder_number, placeholder_url};
use crate::schema::spec::MediaKind;

/// The slowest connection that an upload may have, in bytes per second.
const SLOWEST: u64 = 100_000;
/// What is assumed of a file whose size Telegram does not tell: the largest one that its public server gives.
const USUAL_SIZE: u64 = 20 << 20;
/// How often an upload is tried.
const TRIES: u32 = 2;
/// How often the chat's header is told what the bot does: Telegram shows it for five seconds.
const ACTION_INTERVAL: Duration = Duration::from_secs(5);
/// Pause while the end of an upload cannot be stored.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// A file that is to be passed on to the vendor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct UploadRequest {
    /// Number of the upload, of its update and of its chat.
    pub(crate) number: i64,
    /// The chat of the form, by the number in the update that brought the file.
    pub(crate) chat: ChatId,
    pub(crate) topic: Option<TopicId>,
    pub(crate) user: UserId,
    pub(crate) file: ReceivedFile,
    /// Its content is the answer.
    pub(crate) is_text: bool,
}

/// The end of an upload.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct UploadEnd {
    pub(crate) chat: ChatId,
    pub(crate) topic: Option<TopicId>,
    pub(crate) user: UserId,
    /// What stands in the answers for the file.
    pub(crate) url: String,
    pub(crate) result: UploadResult,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UploadResult {
    /// It is at the vendor.
    Uploaded(Attachment),
    /// Its content.
    Read(String),
    Failed(UploadFailure),
}

/// A new number of an upload: negative, unlike Telegram's, and even; the next one is that of its end. Earlier uploads
/// have lower numbers, to the minute.
pub(crate) fn new_number(now: Timestamp, rng: &SharedRng) -> i64 {
    let minutes = (now.millis() / 65_536) & 0x3ff_ffff;
    let chance = rng.in_range(0..1_i64 << 31);
    i64::MIN + (minutes << 36 | chance << 1)
}

impl UploadRequest {
    /// The request for an upload of a form; `None` when the file is at the vendor. `chat`: by the number in the update
    /// that is handled.
    pub(crate) fn new(upload: &Upload, chat: ChatId, topic: Option<TopicId>, user: UserId) -> Option<Self> {
        let number = placeholder_number(&upload.url)?;
        Some(Self { number, chat, topic, user, file: upload.file.clone(), is_text: upload.is_text })
    }

    /// What stands in the answers for the file, until the upload has ended.
    pub(crate) fn url(&self) -> String {
        placeholder_url(self.number)
    }

    /// As an update of the inbox.
    pub(crate) fn update(&self) -> Update {
        Update { id: self.number, chat: ChatId(self.number), body: json!({ "update_id": self.number, "upload": self }) }
    }

    fn read(update: &Update) -> Option<Self> {
        update.body.get("upload").and_then(|request| serde_json::from_value(request.clone()).ok())
    }

    fn end(&self, result: UploadResult) -> Update {
        let end = UploadEnd { chat: self.chat, topic: self.topic, user: self.user, url: self.url(), result };
        let id = self.number + 1;
        Update { id, chat: self.chat, body: json!({ "update_id": id, "upload_end": end }) }
    }

    fn action(&self) -> ChatAction {
        match self.file.kind {
            MediaKind::Image => ChatAction::UploadPhoto,
            MediaKind::Video => ChatAction::UploadVideo,
            MediaKind::Audio => ChatAction::UploadVoice,
            MediaKind::Document => ChatAction::UploadDocument,
        }
    }
}

impl UploadEnd {
    /// The end of an upload, if the update is one; Telegram's are none, whatever they hold.
    pub(crate) fn read(update: &Update) -> Option<Self> {
        let end = update.body.get("upload_end").filter(|_| update.id < 0)?;
        serde_json::from_value(end.clone()).ok()
    }
}

impl Bot {
    /// Passes a file on to the vendor, and stores how that ended. `time`: how long it may take, besides the time that
    /// its size needs.
    pub(super) async fn run_upload(&self, update: &Update, time: Duration) -> Handled {
        let Some(request) = UploadRequest::read(update) else {
            tracing::error!(update = update.id, "an upload cannot be read");
            return Handled::Done;
        };
        let result = tokio::select! {
            result = self.transfer(&request, time) => result,
            never = self.show_upload(&request) => match never {},
        };
        let result = result.unwrap_or_else(|why| {
            tracing::warn!(chat = request.chat.0, ?why, "a user's file is not at the vendor");
            UploadResult::Failed(why)
        });
        self.store_upload_end(request.end(result)).await;
        Handled::Done
    }

    /// Notes that an upload is not attempted again.
    pub(super) async fn give_up_upload(&self, update: &Update) {
        if let Some(request) = UploadRequest::read(update) {
            self.store_upload_end(request.end(UploadResult::Failed(UploadFailure::Broken))).await;
        }
    }

    /// Tries until the database answers: the file is at the vendor already.
    async fn store_upload_end(&self, end: Update) {
        let batch = InboxBatch { put: vec![end], ..InboxBatch::default() };
        while let Err(error) = self.service.inbox().apply("", &batch, self.service.now()).await {
            tracing::warn!(%error, "the end of an upload could not be stored");
            if !error.is_unavailable() {
                return;
            }
            self.telegram.clock.sleep(STORE_PAUSE).await;
        }
    }

    /// Shows in the chat what the bot is doing.
    async fn show_upload(&self, request: &UploadRequest) -> Infallible {
        loop {
            let chat = self.telegram.chat_now(request.chat).await;
            let to = Destination { chat, topic: request.topic, user: request.user, reply_to: None };
            self.telegram.show_action(to, request.action()).await;
            self.telegram.clock.sleep(ACTION_INTERVAL).await;
        }
    }

    async fn transfer(&self, request: &UploadRequest, time: Duration) -> Result<UploadResult, UploadFailure> {
        let bytes = request.file.facts.bytes.unwrap_or(USUAL_SIZE);
        let limit = time + Duration::from_secs(bytes / SLOWEST);
        let mut tries = 1;
        loop {
            let ended = tokio::select! {
                ended = self.try_transfer(request) => ended,
                () = self.telegram.clock.sleep(limit) => Err(UploadFailure::Late),
            };
            match ended {
                Err(why) if why.is_repeatable() && tries < TRIES => tries += 1,
                ended => return ended,
            }
        }
    }

    async fn try_transfer(&self, request: &UploadRequest) -> Result<UploadResult, UploadFailure> {
        let file = &request.file;
        let fetched = attachment::fetch(&self.telegram, &file.file_id, &file.facts).await.map_err(|error| {
            tracing::warn!(chat = request.chat.0, %error, "a user's file could not be downloaded");
            match error {
                FileError::TooBig => UploadFailure::TooBig { limit: self.telegram.server.download_limit() },
                FileError::NotOnDisk(_) => UploadFailure::NotOnDisk,
                FileError::Refused(_) | FileError::Unreachable(_) => UploadFailure::Unreachable,
            }
        })?;
        if request.is_text {
            let path = fetched.content.path();
            return text_file::read(path).await.map(UploadResult::Read);
        }
        let attachment = self.service.attach(fetched).await.map_err(|error| {
            tracing::warn!(chat = request.chat.0, code = error.code(), "a user's file could not be uploaded");
            UploadFailure::NotTaken
        })?;
        Ok(UploadResult::Uploaded(attachment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::{UPLOAD_CHATS, is_upload_chat};
    use crate::schema::FileFacts;

    fn request(number: i64) -> UploadRequest {
        let file = ReceivedFile {
            file_id: "f".into(),
            kind: MediaKind::Image,
            facts: FileFacts::default(),
            caption: None,
            unique_id: None,
            message: Some(3),
            album: None,
        };
        UploadRequest { number, chat: ChatId(-7), topic: Some(TopicId(3)), user: UserId(9), file, is_text: false }
    }

    #[test]
    fn numbers_are_no_chats_of_telegram_and_grow_with_time() {
        let rng = SharedRng::from_seed(1);
        let at = |minutes: i64| new_number(Timestamp::from_millis(minutes * 65_536), &rng);
        let numbers = [at(0), at(1), at(26_000_000), at(0x3ff_ffff)];
        assert!(numbers.is_sorted() && numbers[0] != at(0), "{numbers:?}");
        for number in numbers {
            assert!(
                is_upload_chat(ChatId(number)) && is_upload_chat(ChatId(number + 1)) && number % 2 == 0,
                "{number}"
            );
        }
        assert!(!is_upload_chat(UPLOAD_CHATS) && !is_upload_chat(ChatId(-1_009_999_999_999)));
    }

    #[test]
    fn an_upload_is_an_update_and_so_is_its_end() {
        let request = request(new_number(Timestamp::from_millis(0), &SharedRng::from_seed(1)));
        let update = request.update();
        assert!(update.is_upload());
        assert_eq!(UploadRequest::read(&update), Some(request.clone()));
        let mut end = request.end(UploadResult::Failed(UploadFailure::Late));
        assert_eq!((end.chat, end.is_upload()), (ChatId(-7), false));
        let read = UploadEnd::read(&end).unwrap();
        assert_eq!((read.url, read.result), (request.url(), UploadResult::Failed(UploadFailure::Late)));
        // Whoever could post such an update to the webhook would put a link of theirs into a form.
        end.id = 5;
        assert_eq!(UploadEnd::read(&end), None);
    }
}
