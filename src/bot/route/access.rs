//! Who may press a button, and whose message in a group is meant for the bot.

use super::conversation::{Conversation, HandlerError};
use crate::bot::Bot;
use crate::bot::callback::{ButtonData, JobAction};
use crate::bot::draft::{Form, StoredForm};
use crate::bot::incoming::{Content, IncomingMessage, PressedButton};
use crate::job::{ChatId, JobId, TopicId, UserId};
use crate::l10n::Messages;
use crate::store_error::StoreError;
use crate::user::{Draft, DraftKey};

/// Most drafts of a chat among which the owner of a form is looked for.
const MAX_DRAFTS: u32 = 200;

/// Why a button is not followed. The person is told in the answer to the press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It belongs to no form of the chat, neither to a present one nor to the last order made from one.
    OldForm,
    /// The form belongs to another person.
    OthersForm,
    /// The menu was opened by another person.
    OthersMenu,
    /// The job was ordered by another person, and the one who pressed is no admin of the chat.
    OthersJob,
    /// It is for admins of the bot.
    AdminsOnly,
}

impl Refusal {
    pub(super) fn text(self, texts: &Messages) -> String {
        match self {
            Self::OldForm => texts.old_button(),
            Self::OthersForm => texts.others_form(),
            Self::OthersMenu => texts.others_menu(),
            Self::OthersJob => texts.others_job(),
            Self::AdminsOnly => texts.admins_only(),
        }
    }
}

/// Whose form a button belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FormOwner {
    /// The person who pressed it. Its topic is another one when the form's own topic was closed.
    Presser(Option<TopicId>),
    Another,
    Nobody,
}

impl FormOwner {
    fn of(nonce: &str, presser: UserId, drafts: &[Draft]) -> Self {
        let mut owner = Self::Nobody;
        for draft in drafts.iter().filter(|draft| StoredForm(&draft.body).has_nonce(nonce)) {
            if draft.key.user == presser {
                return Self::Presser(draft.key.topic);
            }
            owner = Self::Another;
        }
        owner
    }
}

impl Bot {
    /// Why a pressed button is not followed; `None` when it is. `chat`: the present number of its chat.
    pub(super) async fn refusal(
        &self,
        press: &PressedButton,
        chat: ChatId,
        data: &ButtonData,
    ) -> Result<Option<Refusal>, StoreError> {
        let user = press.sender.id;
        match data {
            ButtonData::Form { nonce, .. } => Ok(match self.form_owner(press, chat, nonce).await? {
                FormOwner::Presser(_) => None,
                FormOwner::Another => Some(Refusal::OthersForm),
                FormOwner::Nobody => Some(Refusal::OldForm),
            }),
            ButtonData::Job { id, action } if action.is_owners() => {
                let may = self.may_decide(id, chat, user).await?;
                Ok((!may).then_some(Refusal::OthersJob))
            }
            ButtonData::Home
            | ButtonData::Languages
            | ButtonData::Language { .. }
            | ButtonData::Task { .. }
            | ButtonData::Model { .. }
            | ButtonData::Start { .. }
            | ButtonData::Jobs
            | ButtonData::StartWith { .. } => {
                // In a group, a menu answers the message of the person who has opened it.
                let opener = press.replied.as_ref().and_then(|replied| replied.author);
                let is_others = opener.is_some_and(|opener| opener != user && Some(opener) != self.telegram.user_id());
                Ok((is_others && chat.0 != user.0).then_some(Refusal::OthersMenu))
            }
            ButtonData::Access { .. } | ButtonData::Withdraw { .. } | ButtonData::People { .. } => {
                let may = self.administers(user).await?;
                Ok((!may).then_some(Refusal::AdminsOnly))
            }
            // Nor in a group, where others would read what they show.
            ButtonData::Admin(_) => {
                let may = chat.0 == user.0 && self.administers(user).await?;
                Ok((!may).then_some(Refusal::AdminsOnly))
            }
            ButtonData::AskAccess
            | ButtonData::Balance
            | ButtonData::Statement { .. }
            | ButtonData::Purse
            | ButtonData::PurseStatement { .. }
            | ButtonData::TopUp
            | ButtonData::Pack { .. }
            | ButtonData::Plan { .. }
            | ButtonData::Subscription { .. }
            | ButtonData::Job { .. }
            | ButtonData::FollowUp { .. }
            | ButtonData::NextStep { .. }
            | ButtonData::Nothing => Ok(None),
        }
    }

    /// The topic of the form that a button belongs to, when that is not the topic of the pressed message.
    pub(super) async fn topic_of(&self, press: &PressedButton, chat: ChatId) -> Option<TopicId> {
        let Ok(ButtonData::Form { nonce, .. }) = press.data.parse() else { return press.topic };
        match self.form_owner(press, chat, &nonce).await {
            Ok(FormOwner::Presser(topic)) => topic,
            Ok(FormOwner::Another | FormOwner::Nobody) | Err(_) => press.topic,
        }
    }

    async fn form_owner(&self, press: &PressedButton, chat: ChatId, nonce: &str) -> Result<FormOwner, StoreError> {
        let (topic, user) = (press.topic, press.sender.id);
        let own = self.service.draft(&DraftKey { chat, topic, user }).await?;
        match FormOwner::of(nonce, user, own.as_slice()) {
            FormOwner::Nobody => Ok(FormOwner::of(nonce, user, &self.service.drafts_in(chat, MAX_DRAFTS).await?)),
            owner => Ok(owner),
        }
    }

    /// Whether a person may stop, repeat or give up a job: the one who has ordered it, or an admin of its chat. A job that
    /// does not exist refuses nobody.
    async fn may_decide(&self, id: &JobId, chat: ChatId, user: UserId) -> Result<bool, StoreError> {
        let Some(job) = self.service.job(id).await? else { return Ok(true) };
        Ok(job.user == user || job.chat != chat || self.telegram.is_admin(chat, user).await)
    }
}

impl JobAction {
    /// Whether only the person who has ordered the job, or an admin, may do it.
    const fn is_owners(self) -> bool {
        match self {
            Self::Detach | Self::Repeat | Self::Resend | Self::Leave => true,
            Self::Show | Self::Change | Self::Voice => false,
        }
    }
}

/// Whether a message is meant for the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addressee {
    Bot,
    /// The bot, by a reply to the form of another person.
    OthersForm,
    /// Other people.
    People,
}

impl Conversation<'_> {
    /// Whom a message is meant for. In a group most messages are meant for people: one counts while the person's form
    /// waits for an answer, or when it replies to the bot.
    pub(super) async fn addressee(&self, message: &IncomingMessage) -> Result<Addressee, HandlerError> {
        if message.is_private || message.content == Content::Passing {
            return Ok(Addressee::Bot);
        }
        if let Some(replied) = &message.replied {
            if replied.author.is_some() && replied.author == self.bot.telegram.user_id() {
                let drafts = self.bot.service.drafts_in(self.chat, MAX_DRAFTS).await?;
                let shown = drafts.iter().find(|draft| StoredForm(&draft.body).is_shown_in(replied.id));
                let is_others = shown.is_some_and(|draft| draft.key.user != self.user);
                return Ok(if is_others { Addressee::OthersForm } else { Addressee::Bot });
            }
            if replied.author != Some(self.user) {
                return Ok(Addressee::People);
            }
        }
        let waits = |form: &Form| !form.resting && (form.at.is_some() || form.pending.is_some());
        let waits = match self.load_form().await {
            Ok(form) => form.is_some_and(|(form, _)| waits(&form) || goes_on(&form, message)),
            // What can be read of it tells enough.
            Err(HandlerError::NewerForm { .. }) => {
                let draft = self.bot.service.draft(&self.draft_key()).await?;
                draft.is_some_and(|draft| StoredForm(&draft.body).has_open_field())
            }
            Err(error) => return Err(error),
        };
        Ok(if waits { Addressee::Bot } else { Addressee::People })
    }
}

/// Whether a message is the next part of what the person sent last: of a text that was cut, of an album.
fn goes_on(form: &Form, message: &IncomingMessage) -> bool {
    match &message.content {
        Content::Text(text) => form.written.last().is_some_and(|last| last.is_continued_by(&message.part(text))),
        Content::File(file) => form.album.as_ref().is_some_and(|album| Some(&album.id) == file.album.as_ref()),
        Content::Other | Content::Passing => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::Timestamp;

    fn draft(user: i64, topic: Option<i32>, nonce: &str) -> Draft {
        let key = DraftKey { chat: ChatId(-5), topic: topic.map(TopicId), user: UserId(user) };
        let body = json!({"nonce": nonce, "ordered": {"nonce": format!("{nonce}-old"), "job": "j"}, "message": 4});
        Draft { key, body, updated_at: Timestamp::from_millis(0) }
    }

    #[test]
    fn a_form_belongs_to_who_has_opened_it_in_whatever_topic() {
        let drafts = [draft(21, None, "a"), draft(22, Some(17), "b")];
        let owner = |nonce, user| FormOwner::of(nonce, UserId(user), &drafts);
        assert_eq!(owner("a", 21), FormOwner::Presser(None));
        assert_eq!(owner("b", 22), FormOwner::Presser(Some(TopicId(17))));
        assert_eq!(owner("b-old", 22), FormOwner::Presser(Some(TopicId(17))), "the button of an order");
        assert_eq!(owner("a", 22), FormOwner::Another);
        assert_eq!(owner("c", 22), FormOwner::Nobody);
    }
}
