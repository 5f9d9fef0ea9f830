//! Sends the parts of one result: files, an album, a text.

use std::path::Path;

use serde_json::Value;
use teloxide::RequestError;
use teloxide::payloads::{
    SendAnimationSetters, SendAudioSetters, SendDocumentSetters, SendMediaGroupSetters, SendPhotoSetters,
    SendVideoSetters,
};
use teloxide::requests::Requester;
use teloxide::types::{InlineKeyboardMarkup, InputFile, InputMedia, InputMediaPhoto, Message, ParseMode};

use super::facts::MediaFacts;
use super::method::Method;
use crate::assortment::Assortment;
use crate::bot::html::{CAPTION_LIMIT, Page, clip};
use crate::bot::screen::{Button, Screen, job as screen};
use crate::bot::telegram::{BRIEF, Destination, Recipient, SendErrorKind, Telegram};
use crate::job::{DeliveredFile, Job};
use crate::l10n::Messages;
use crate::ledger::Credits;
use crate::service::{Body, LinkReason, MessageRef, ResultFile, ResultLink};

/// A longer text result is sent as a file; in UTF-16 units.
const TEXT_LIMIT: usize = 4000;

/// Sends the result of one job.
pub(crate) struct Sender<'a> {
    pub(crate) telegram: &'a Telegram,
    pub(crate) job: &'a Job,
    /// The account's balance at the vendor, where it is known and shown.
    pub(crate) balance: Option<Credits>,
    /// What its person may order next.
    pub(crate) assortment: Assortment,
    pub(crate) texts: &'static Messages,
}

impl Sender<'_> {
    /// Sends a file by `method`. When Telegram refuses it, it is sent as a document, and then as a link.
    pub(crate) async fn file(
        &self,
        file: &ResultFile,
        method: Method,
        caption: bool,
        buttons: bool,
    ) -> Result<DeliveredFile, RequestError> {
        let path = match &file.body {
            Body::File { path, .. } => path.as_path(),
            Body::Link { link, reason } => return self.link(file, link, Some(*reason)).await,
        };
        let facts = MediaFacts::read(path, method, file.track.as_ref(), file.cover.as_deref()).await;
        let mut method = method;
        loop {
            if method == Method::Link {
                let link = ResultLink { url: file.url.clone(), life: None };
                return self.link(file, &link, None).await;
            }
            let input = || InputFile::file(path.to_owned()).file_name(file.name.clone());
            let extra = match method {
                Method::Photo => screen::original(&file.url, self.texts),
                Method::Audio => screen::voice(self.job, self.texts),
                Method::Video | Method::Animation | Method::Document | Method::Link => None,
            };
            let keyboard = buttons.then(|| self.keyboard(extra));
            match self.upload(method, input, &facts, caption, keyboard).await {
                Ok(message) => return Ok(delivered(file.index, method, &message)),
                Err(error) if SendErrorKind::of(&error) == SendErrorKind::Rejected => {
                    let why = self.telegram.describe(&error);
                    let (job, method_name) = (&self.job.id, method.as_str());
                    tracing::warn!(%job, file = file.name, method = method_name, why, "Telegram refused a result file");
                    method = method.fallback();
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends photos as one album; `None` when Telegram refuses it.
    pub(crate) async fn album(&self, files: &[&ResultFile]) -> Result<Option<Vec<DeliveredFile>>, RequestError> {
        let paths: Vec<(&ResultFile, &Path)> = files
            .iter()
            .filter_map(|file| match &file.body {
                Body::File { path, .. } => Some((*file, path.as_path())),
                Body::Link { .. } => None,
            })
            .collect();
        let photos = &paths;
        let sent = self
            .telegram
            .send_to(Destination::of_job(self.job), BRIEF, |target| async move {
                let media = photos.iter().enumerate().map(|(n, (file, path))| {
                    let input = InputFile::file(path.to_path_buf()).file_name(file.name.clone());
                    let photo = InputMediaPhoto::new(input);
                    InputMedia::Photo(if n == 0 {
                        photo.caption(self.caption().html().to_owned()).parse_mode(ParseMode::Html)
                    } else {
                        photo
                    })
                });
                let mut request = self.telegram.files().send_media_group(target.chat, media);
                if let Some(thread) = target.thread {
                    request = request.message_thread_id(thread);
                }
                request.await
            })
            .await;
        match sent {
            Ok(messages) => {
                let pairs = paths.iter().zip(&messages);
                Ok(Some(pairs.map(|((file, _), m)| delivered(file.index, Method::Photo, m)).collect()))
            }
            Err(error) if SendErrorKind::of(&error) == SendErrorKind::Rejected => {
                tracing::warn!(job = %self.job.id, why = self.telegram.describe(&error), "Telegram refused an album");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Sends a text result: as a message, or as a file when it is long.
    pub(crate) async fn text(&self, index: u32, text: &str, buttons: bool) -> Result<DeliveredFile, RequestError> {
        if text.encode_utf16().count() > TEXT_LIMIT {
            return self.document(index, text, "txt", buttons).await;
        }
        let mut page = Page::new();
        page.bold(screen::result_head(self.job, self.balance, self.texts)).gap().text(text);
        let mut shown = Screen::new(page);
        if buttons {
            shown.rows = screen::result_rows(self.job, &self.assortment, self.texts);
        }
        let MessageRef { message, .. } = self.telegram.send(Destination::of_job(self.job), &shown, BRIEF).await?;
        Ok(DeliveredFile { index, file_id: String::new(), sent_as: "text".to_owned(), message })
    }

    /// Sends what stands below files that have no buttons of their own: title, price, and the buttons.
    pub(crate) async fn buttons(&self, index: u32) -> Result<DeliveredFile, RequestError> {
        let mut page = Page::new();
        page.text(screen::result_head(self.job, self.balance, self.texts));
        let mut shown = Screen::new(page);
        shown.rows = screen::result_rows(self.job, &self.assortment, self.texts);
        let MessageRef { message, .. } = self.telegram.send(Destination::of_job(self.job), &shown, BRIEF).await?;
        Ok(DeliveredFile { index, file_id: String::new(), sent_as: "buttons".to_owned(), message })
    }

    /// Sends the data of a result as a JSON file.
    pub(crate) async fn data(&self, index: u32, data: &Value, buttons: bool) -> Result<DeliveredFile, RequestError> {
        self.document(index, &format!("{data:#}\n"), "json", buttons).await
    }

    async fn document(
        &self,
        index: u32,
        text: &str,
        extension: &str,
        buttons: bool,
    ) -> Result<DeliveredFile, RequestError> {
        let name = format!("{}.{extension}", screen::title(self.job, self.texts).replace(['/', '\\'], "-"));
        let bytes = text.as_bytes().to_vec();
        let input = || InputFile::memory(bytes.clone()).file_name(name.clone());
        let keyboard = buttons.then(|| self.keyboard(None));
        let message = self.upload(Method::Document, input, &MediaFacts::default(), true, keyboard).await?;
        Ok(delivered(index, Method::Document, &message))
    }

    /// Sends a link to a file that the chat does not get; `reason` is `None` when Telegram has refused it.
    async fn link(
        &self,
        file: &ResultFile,
        link: &ResultLink,
        reason: Option<LinkReason>,
    ) -> Result<DeliveredFile, RequestError> {
        let text = match reason {
            Some(LinkReason::TooBig { limit }) => {
                self.texts.result_link_big(&file.name, &(limit / 1_000_000).to_string())
            }
            Some(LinkReason::Unreachable) => self.texts.result_link_gone(&file.name),
            None => self.texts.result_link_refused(&file.name),
        };
        let shown = screen::link(self.job, &text, link, self.texts);
        let MessageRef { message, .. } = self.telegram.send(Destination::of_job(self.job), &shown, BRIEF).await?;
        // The link itself is not kept: it dies before the file.
        let sent_as = Method::Link.as_str().to_owned();
        Ok(DeliveredFile { index: file.index, file_id: String::new(), sent_as, message })
    }

    /// Title, price, balance, and the beginning of the prompt, within the limit of a caption.
    fn caption(&self) -> Page {
        let mut page = Page::new();
        page.bold(screen::result_head(self.job, self.balance, self.texts));
        if let Some(prompt) = self.job.input.get("prompt").and_then(serde_json::Value::as_str) {
            page.line().text(clip(prompt, CAPTION_LIMIT / 2));
        }
        page
    }

    fn keyboard(&self, extra: Option<Button>) -> InlineKeyboardMarkup {
        let mut screen = Screen::default();
        screen.rows = screen::result_rows(self.job, &self.assortment, self.texts);
        screen = screen.row(extra.into_iter().collect());
        screen.markup().unwrap_or_default()
    }

    async fn upload(
        &self,
        method: Method,
        input: impl Fn() -> InputFile + Sync,
        facts: &MediaFacts,
        caption: bool,
        keyboard: Option<InlineKeyboardMarkup>,
    ) -> Result<Message, RequestError> {
        let caption = caption.then(|| self.caption().html().to_owned());
        let content = FileMessage { input: &input, facts, caption: caption.as_deref(), keyboard: keyboard.as_ref() };
        let to = Destination::of_job(self.job);
        self.telegram.send_to(to, BRIEF, |target| send_file(self.telegram, target, method, &content)).await
    }
}

/// The parts of a message with a file.
pub(super) struct FileMessage<'a> {
    /// Makes the file; called once for each attempt.
    pub(super) input: &'a (dyn Fn() -> InputFile + Sync),
    pub(super) facts: &'a MediaFacts,
    pub(super) caption: Option<&'a str>,
    pub(super) keyboard: Option<&'a InlineKeyboardMarkup>,
}

/// Sends a file with one call of the Bot API.
pub(super) async fn send_file(
    telegram: &Telegram,
    target: Recipient,
    method: Method,
    content: &FileMessage<'_>,
) -> Result<Message, RequestError> {
    let (bot, input) = (telegram.files(), (content.input)());
    // The five request types have no common trait.
    macro_rules! send {
        ($request:expr) => {{
            let mut request = $request;
            if let Some(caption) = content.caption {
                request = request.caption(caption).parse_mode(ParseMode::Html);
            }
            if let Some(keyboard) = content.keyboard {
                request = request.reply_markup(keyboard.clone());
            }
            if let Some(thread) = target.thread {
                request = request.message_thread_id(thread);
            }
            if let Some(reply) = target.reply() {
                request = request.reply_parameters(reply);
            }
            request.await
        }};
    }
    let MediaFacts { size, seconds: duration, title, performer, thumbnail } = content.facts.clone();
    let thumbnail = thumbnail.map(|bytes| InputFile::memory(bytes).file_name("thumbnail.jpg"));
    // What is not known is left out: a 0 would be shown.
    macro_rules! with {
        ($request:expr, $($fact:ident),*) => {{
            let mut request = $request;
            $(if let Some(fact) = $fact { request = request.$fact(fact); })*
            request
        }};
    }
    let (width, height) = size.unzip();
    match method {
        Method::Photo => send!(bot.send_photo(target.chat, input)),
        Method::Video => {
            let request = bot.send_video(target.chat, input).supports_streaming(true);
            send!(with!(request, width, height, duration, thumbnail))
        }
        Method::Animation => {
            send!(with!(bot.send_animation(target.chat, input), width, height, duration, thumbnail))
        }
        Method::Audio => send!(with!(bot.send_audio(target.chat, input), title, performer, duration, thumbnail)),
        Method::Document | Method::Link => send!(bot.send_document(target.chat, input)),
    }
}

/// What was sent, as the message shows it: Telegram may convert a file (a silent video becomes an animation), and it
/// can be sent again only as what it has become.
fn delivered(index: u32, method: Method, message: &Message) -> DeliveredFile {
    let photo = message.photo().and_then(|sizes| sizes.iter().max_by_key(|s| s.width * s.height));
    let (id, method) = if let Some(photo) = photo {
        (photo.file.id.0.clone(), Method::Photo)
    } else if let Some(animation) = message.animation() {
        (animation.file.id.0.clone(), Method::Animation)
    } else if let Some(video) = message.video() {
        (video.file.id.0.clone(), Method::Video)
    } else if let Some(audio) = message.audio() {
        (audio.file.id.0.clone(), Method::Audio)
    } else if let Some(document) = message.document() {
        (document.file.id.0.clone(), Method::Document)
    } else {
        (String::new(), method)
    };
    DeliveredFile { index, file_id: id, sent_as: method.as_str().to_owned(), message: message.id.0 }
}
