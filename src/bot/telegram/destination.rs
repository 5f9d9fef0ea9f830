//! Where a message goes, and where it goes instead when it cannot go there.

use teloxide::RequestError;
use teloxide::types::{ChatId, MessageId, ReplyParameters, ThreadId};

use super::Telegram;
use super::retry::{BRIEF, RetryPolicy};
use crate::bot::screen::Screen;
use crate::job::{self, Job, TopicId, UserId};
use crate::l10n::{Lang, Messages};

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Destination {
    pub(crate) chat: job::ChatId,
    pub(crate) topic: Option<TopicId>,
    /// For whom it is. When nothing can be written in the chat, it goes to the private chat with this person.
    pub(crate) user: UserId,
    /// The message in the chat that it answers.
    pub(crate) reply_to: Option<i32>,
}

/// The destination as a call of the Bot API takes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipient {
    pub(crate) chat: ChatId,
    pub(crate) thread: Option<ThreadId>,
    reply_to: Option<i32>,
}

impl Recipient {
    /// The message to reply to. One that is gone does not matter.
    pub(crate) fn reply(&self) -> Option<ReplyParameters> {
        let reply = ReplyParameters::new(MessageId(self.reply_to?));
        Some(reply.allow_sending_without_reply())
    }
}

impl Destination {
    /// Where a job was ordered.
    pub(crate) const fn of_job(job: &Job) -> Self {
        Self { chat: job.chat, topic: job.topic, user: job.user, reply_to: None }
    }

    /// Where to try when the topic is closed: the general topic, then the private chat with the person.
    fn fallback(self) -> Option<Self> {
        let private = job::ChatId(self.user.0);
        match self.topic {
            Some(_) => Some(Self { topic: None, reply_to: None, ..self }),
            None if self.chat != private => Some(Self { chat: private, topic: None, reply_to: None, ..self }),
            None => None,
        }
    }

    pub(super) fn target(self, now: ChatId) -> Recipient {
        // In a chat that has moved, the number is another message's.
        let reply_to = self.reply_to.filter(|_| now.0 == self.chat.0);
        Recipient { chat: now, thread: self.topic.map(|topic| ThreadId(MessageId(topic.0))), reply_to }
    }
}

impl Telegram {
    /// Makes a call that sends something. When the topic is closed or deleted, it is sent to the nearest place that can
    /// be written to, below a line that says so.
    pub(crate) async fn send_to<T, F>(
        &self,
        to: Destination,
        policy: &RetryPolicy,
        call: impl Fn(Recipient) -> F,
    ) -> Result<T, RequestError>
    where
        F: Future<Output = Result<T, RequestError>>,
    {
        let mut to = to;
        loop {
            let sent = self.in_chat(to.chat, policy, |now| call(to.target(now))).await;
            let Some((error, next)) = sent.as_ref().err().zip(to.fallback()).filter(|(e, _)| is_topic_closed(e)) else {
                return sent;
            };
            tracing::info!(chat = to.chat.0, error = %self.describe(error), "a topic is closed; its messages go elsewhere");
            if let Err(refused) = self.say_fallback(to, next).await {
                // A further fallback is tried by the call itself.
                tracing::debug!(chat = next.chat.0, error = %self.describe(&refused), "a notice could not be sent");
            }
            to = next;
        }
    }

    /// Tells that a message comes here because its topic is closed.
    async fn say_fallback(&self, from: Destination, next: Destination) -> Result<(), RequestError> {
        let texts = self.texts_of(next.user).await;
        let text = if from.chat == next.chat { texts.topic_closed() } else { texts.group_closed() };
        let screen = Screen::text(text);
        self.in_chat(next.chat, BRIEF, |now| self.send_screen(next.target(now), &screen)).await.map(drop)
    }

    /// The texts in a person's language, as far as it is known.
    pub(crate) async fn texts_of(&self, user: UserId) -> &'static Messages {
        let known = match &self.service {
            Some(service) => service.user(user).await.ok().flatten(),
            None => None,
        };
        Messages::of(known.and_then(|user| Lang::from_code(&user.language)).unwrap_or(Lang::En))
    }
}

/// Whether a message was refused because of its topic, or of the general topic.
fn is_topic_closed(error: &RequestError) -> bool {
    let RequestError::Api(error) = error else { return false };
    let text = error.to_string();
    ["TOPIC_CLOSED", "TOPIC_DELETED", "message thread not found"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use teloxide::ApiError;

    use super::*;

    #[test]
    fn a_closed_topic_leads_to_the_general_one_and_then_to_the_person() {
        let (chat, user) = (job::ChatId(-5), UserId(7));
        let topic = Destination { chat, topic: Some(TopicId(17)), user, reply_to: Some(3) };
        let general = Destination { chat, topic: None, user, reply_to: None };
        let private = Destination { chat: job::ChatId(7), ..general };
        assert_eq!(topic.fallback(), Some(general));
        assert_eq!(general.fallback(), Some(private));
        assert_eq!(private.fallback(), None);
        assert_eq!(Destination { topic: Some(TopicId(2)), ..private }.fallback(), Some(private));
    }

    #[test]
    fn topics_are_closed_or_deleted() {
        let refused = |text: &str| RequestError::Api(ApiError::Unknown(text.to_owned()));
        for text in ["Bad Request: TOPIC_CLOSED", "Bad Request: message thread not found", "Bad Request: TOPIC_DELETED"]
        {
            assert!(is_topic_closed(&refused(text)), "{text}");
        }
        assert!(!is_topic_closed(&refused("Bad Request: message is too long")));
        assert!(!is_topic_closed(&RequestError::Api(ApiError::BotBlocked)));
    }
}
