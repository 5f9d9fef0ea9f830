//! The handlers of updates. Each returns [`Replied`], the proof that the user got a reply.

mod access;
mod admin;
mod admin_menu;
mod answer;
mod balance;
mod button;
mod command;
mod conversation;
mod edit;
mod follow_up;
mod form_button;
mod friends;
mod health;
mod input;
mod job;
mod media;
mod next_step;
mod order;
mod payment;
mod promo;
mod purse;
mod report;
mod subscription;
mod upload;
mod user;

use std::time::Duration;

use self::access::{Addressee, Refusal};
use self::conversation::{Conversation, HandlerError, Replied};
use super::Bot;
use super::incoming::{self, Content, Incoming, IncomingMessage, Sender};
use super::payment::PaymentUpdate;
use super::screen::Screen;
use super::upload::UploadEnd;
use crate::inbox::{Fence, Update};
use crate::job::ChatId;
use crate::l10n::Messages;
use crate::store_error::StoreError;

/// The end of an upload is kept for a newer version of the bot, which alone can read the form, for so long after the form's
/// last change. The chat's other updates wait behind it.
const UPLOAD_END_LIFE: Duration = Duration::from_secs(120);

/// How the handling of an update ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handled {
    /// It is finished, with success or not.
    Done,
    /// The database does not answer, or another worker has claimed the chat: it is handled again, before all later
    /// updates of the chat.
    NotNow,
}

impl Bot {
    /// Handles one stored update. Errors are logged and reported to the user, and the update counts as handled, unless
    /// the database is unavailable. `is_retry`: a handler was started for it before, and may have had its effect.
    /// `worker_id`: the worker that has claimed the chat.
    pub(super) async fn handle(&self, update: &Update, is_retry: bool, worker_id: &str) -> Handled {
        // Whoever has paid gets what they have paid for, whether they may use the bot now or not.
        if let Some(payment) = PaymentUpdate::read(&update.body) {
            return self.handle_payment(payment, is_retry).await;
        }
        let incoming = match UploadEnd::read(update) {
            Some(end) => Some(Incoming::UploadEnd(end)),
            None => incoming::read(&update.body),
        };
        let Some(incoming) = incoming else {
            tracing::warn!(update = update.id, "an update of an unknown kind is ignored");
            return Handled::Done;
        };
        match &incoming {
            Incoming::Moved { old, new } => return self.move_chat(*old, *new).await,
            Incoming::Message(message) if message.content == Content::Passing => return Handled::Done,
            Incoming::Message(_) | Incoming::Edit(_) | Incoming::Press(_) | Incoming::UploadEnd(_) => {}
        }
        match self.turn_away_strangers(&incoming, is_retry).await {
            Ok(false) => {}
            Ok(true) => return Handled::Done,
            Err(error) => {
                tracing::warn!(update = update.id, %error, "an update waits for the database");
                return Handled::NotNow;
            }
        }
        let fence = Fence { worker_id, chat: update.chat };
        let conversation = match self.conversation(update.id, &incoming, is_retry, fence).await {
            Ok(Some(conversation)) => conversation,
            Ok(None) => return Handled::Done,
            Err(error) => {
                tracing::warn!(update = update.id, %error, "an update waits for the database");
                return Handled::NotNow;
            }
        };
        let is_upload_end = matches!(incoming, Incoming::UploadEnd(_));
        // An edit in a group may be of any message.
        let is_reported = match &incoming {
            Incoming::Message(_) | Incoming::Press(_) => true,
            Incoming::Edit(message) => message.is_private,
            Incoming::UploadEnd(_) | Incoming::Moved { .. } => false,
        };
        let done = match incoming {
            Incoming::Moved { .. } => return Handled::Done,
            Incoming::Message(message) => {
                self.redeliver_undeliverable(conversation.chat).await;
                conversation.on_message(message).await
            }
            Incoming::Edit(message) => conversation.on_edit(&message).await,
            Incoming::Press(press) => conversation.on_button(&press).await,
            Incoming::UploadEnd(end) => conversation.on_upload_end(end).await,
        };
        match done {
            Ok(_) => Handled::Done,
            Err(HandlerError::AlreadyHandled) => {
                tracing::info!(update = update.id, "an update was handled before; it is not handled again");
                Handled::Done
            }
            Err(HandlerError::Store(error)) if error.is_unavailable() => {
                tracing::warn!(update = update.id, %error, "an update waits for the database");
                Handled::NotNow
            }
            Err(HandlerError::Store(error)) if error.is_fenced() => {
                tracing::warn!(update = update.id, %error, "an update is left to the worker that has claimed its chat");
                Handled::NotNow
            }
            Err(HandlerError::NewerForm { age }) if is_upload_end && age < UPLOAD_END_LIFE => {
                tracing::info!(update = update.id, "the end of an upload is left to a newer version");
                Handled::NotNow
            }
            Err(HandlerError::NewerForm { .. }) => {
                tracing::info!(update = update.id, "an update is about a form of a newer version");
                if is_reported {
                    self.report_newer(&conversation, Messages::updating).await;
                }
                Handled::Done
            }
            Err(HandlerError::Store(error)) if error.is_broken() => {
                tracing::error!(update = update.id, %error, "an update is about what only a newer version can read");
                if is_reported {
                    self.report_newer(&conversation, Messages::row_updating).await;
                }
                Handled::Done
            }
            Err(failure) => {
                self.report_error(update, &conversation, &failure).await;
                Handled::Done
            }
        }
    }

    /// Whether the update is of a person who may not use the bot; if so, it is handled.
    async fn turn_away_strangers(&self, incoming: &Incoming, is_retry: bool) -> Result<bool, StoreError> {
        let (sender, chat) = match incoming {
            Incoming::Message(message) | Incoming::Edit(message) => (&message.sender, message.chat),
            Incoming::Press(press) => (&press.sender, press.chat()),
            Incoming::UploadEnd(_) | Incoming::Moved { .. } => return Ok(false),
        };
        let is_stranger = !self.lets_in(sender.id, self.telegram.chat_now(chat).await).await?;
        if is_stranger {
            self.turn_away(incoming, is_retry).await?;
        }
        Ok(is_stranger)
    }

    /// Moves everything of a group to the supergroup that it has become.
    async fn move_chat(&self, old: ChatId, new: ChatId) -> Handled {
        match self.service.move_chat(old, new).await {
            Ok(()) => {
                self.redeliver_undeliverable(new).await;
                Handled::Done
            }
            Err(error) if error.is_unavailable() => {
                tracing::warn!(chat = old.0, new = new.0, %error, "the move of a chat waits for the database");
                Handled::NotNow
            }
            Err(error) => {
                tracing::error!(chat = old.0, new = new.0, %error, "the move of a chat could not be stored");
                Handled::Done
            }
        }
    }

    /// Delivers the results that could not be delivered before: a user who writes can be reached again.
    async fn redeliver_undeliverable(&self, chat: ChatId) {
        if let Err(error) = self.service.job_admin().redeliver_undeliverable(chat).await {
            tracing::warn!(chat = chat.0, %error, "undeliverable results could not be queued again");
        }
    }

    /// Answers a pressed button at once, before the chat's earlier updates are handled: a user who sees a spinner
    /// presses again.
    pub(super) fn acknowledge(&self, update: &Update) {
        if update.body.get("callback_query").is_none() {
            return;
        }
        let (bot, update) = (self.clone(), update.clone());
        // The update is read in the task, so that a panic there affects nothing else.
        tokio::spawn(async move {
            let Some(Incoming::Press(press)) = incoming::read(&update.body) else { return };
            if let Ok(false) = bot.lets_in(press.sender.id, bot.telegram.chat_now(press.chat()).await).await {
                // A request to be let in is answered by a message.
                let text = if bot.takes_request(&press) { None } else { Some(bot.no_access(&press.sender).await) };
                return bot.telegram.answer(press.id, text.as_deref()).await;
            }
            let refusal = match press.data.parse() {
                Err(_) => Some(Refusal::OldForm),
                Ok(data) => {
                    let chat = bot.telegram.chat_now(press.chat()).await;
                    bot.refusal(&press, chat, &data).await.unwrap_or_else(|error| {
                        tracing::debug!(update = update.id, %error, "a press is acknowledged without a look at the store");
                        None
                    })
                }
            };
            let text = match refusal {
                Some(refusal) => Some(refusal.text(bot.texts(&press.sender).await)),
                None => None,
            };
            bot.telegram.answer(press.id, text.as_deref()).await;
        });
    }

    async fn conversation<'a>(
        &'a self,
        update: i64,
        incoming: &Incoming,
        is_retry: bool,
        fence: Fence<'a>,
    ) -> Result<Option<Conversation<'a>>, StoreError> {
        let owner;
        let (sender, sent_in) = match incoming {
            Incoming::Message(message) | Incoming::Edit(message) => (&message.sender, message.chat),
            // The private chat of a person has the person's number.
            Incoming::Press(press) => (&press.sender, press.chat()),
            Incoming::UploadEnd(end) => {
                owner = Sender::numbered(end.user);
                (&owner, end.chat)
            }
            Incoming::Moved { .. } => return Ok(None),
        };
        let ephemeral = match incoming {
            Incoming::Press(press) => press.ephemeral,
            Incoming::Message(_) | Incoming::Edit(_) | Incoming::UploadEnd(_) | Incoming::Moved { .. } => None,
        };
        let (user_message, person_message, pressed, pressed_seconds) = match incoming {
            Incoming::Message(message) => (Some(message.id), Some(message.id), None, None),
            Incoming::Press(press) => {
                let answered = press.replied.as_ref().filter(|replied| replied.author == Some(sender.id));
                (None, answered.map(|replied| replied.id), press.message.map(|(_, id)| id), press.seconds)
            }
            // What the person has written below the form does not count: it is changed where it is.
            Incoming::Edit(message) => (None, Some(message.id), None, None),
            Incoming::UploadEnd(_) | Incoming::Moved { .. } => (None, None, None, None),
        };
        if let Incoming::Message(message) = incoming {
            self.note_referral(message).await?;
        }
        let (texts, chat) = (self.texts(sender).await, self.telegram.chat_now(sent_in).await);
        if !matches!(incoming, Incoming::UploadEnd(_))
            && let Err(error) = self.service.note_person(&sender.party()).await
        {
            tracing::debug!(user = sender.id.0, %error, "a person's name could not be stored");
        }
        let in_chat = |message: Option<i32>| message.filter(|_| chat == sent_in);
        let topic = match incoming {
            Incoming::Message(message) | Incoming::Edit(message) => message.topic,
            Incoming::Press(press) => self.topic_of(press, chat).await,
            Incoming::UploadEnd(end) => end.topic,
            Incoming::Moved { .. } => None,
        };
        Ok(Some(Conversation {
            bot: self,
            update,
            is_retry,
            fence,
            chat,
            topic,
            user: sender.id,
            assortment: self.service.assortment(sender.id).await?,
            texts,
            user_message: in_chat(user_message),
            person_message: in_chat(person_message),
            pressed: in_chat(pressed).filter(|_| ephemeral.is_none()),
            ephemeral: ephemeral.filter(|_| chat == sent_in),
            pressed_seconds,
        }))
    }
}

impl Conversation<'_> {
    /// Handles a message. A command comes before everything that a form asks for.
    async fn on_message(&self, message: IncomingMessage) -> Result<Replied, HandlerError> {
        if let Content::Text(command) = &message.content
            && command.starts_with('/')
        {
            return self.on_command(&message, command).await;
        }
        if let Some(code) = promo::answered_code(&message) {
            return self.on_promo(code, true).await;
        }
        match self.addressee(&message).await? {
            Addressee::Bot => {}
            Addressee::OthersForm => return self.reply(&Screen::text(self.texts.others_form())).await,
            Addressee::People => return Ok(Replied::nothing_to_do()),
        }
        match &message.content {
            Content::File(file) => {
                let caption = file.caption.as_deref().map(|caption| message.part(caption));
                self.on_file(file.clone(), caption).await
            }
            Content::Text(text) => self.on_text(message.part(text), message.replied_file.clone()).await,
            Content::Other => self.on_other().await,
            Content::Passing => Ok(Replied::nothing_to_do()),
        }
    }
}
