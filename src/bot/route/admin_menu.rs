//! `/admin`: what admins of the bot look at and decide, in their private chat.

mod announcement;
mod job;
mod payment;
mod person;
mod purse;
mod subscription;

use super::conversation::{Conversation, HandlerError, Replied};
use crate::access::AccessPolicy;
use crate::audit::AuditEntry;
use crate::bot::callback::{AdminButton, AdminEntry};
use crate::bot::incoming::{IncomingMessage, PressedButton};
use crate::bot::screen::{Screen, admin as screen};

/// Rows on one page.
const PAGE: usize = 10;

/// What follows `/admin`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AdminWords<'a> {
    Menu,
    /// The person, the amount and a note.
    Gift(&'a str),
    /// The person and the change.
    Limit(&'a str),
    /// The group, and to whom how much of its purse is given back.
    Purse(&'a str),
    /// What all people are to be told.
    Announce(&'a str),
    /// A person's number or name.
    Find(&'a str),
}

impl<'a> AdminWords<'a> {
    fn of(rest: &'a str) -> Self {
        match rest.split_once(char::is_whitespace).map_or((rest, ""), |(word, rest)| (word, rest.trim())) {
            ("", _) => Self::Menu,
            ("gift", rest) => Self::Gift(rest),
            ("limit", rest) => Self::Limit(rest),
            ("purse", rest) => Self::Purse(rest),
            ("announce", rest) => Self::Announce(rest),
            (_, _) => Self::Find(rest),
        }
    }
}

impl Conversation<'_> {
    /// `/admin` with what follows it.
    pub(super) async fn on_admin(&self, rest: &str, message: &IncomingMessage) -> Result<Replied, HandlerError> {
        if !self.is_private() {
            return self.reply(&Screen::text(self.texts.admin_private_only())).await;
        }
        match AdminWords::of(rest) {
            AdminWords::Menu => self.reply(&screen::menu(self.texts)).await,
            AdminWords::Gift(rest) => self.give(rest, message).await,
            AdminWords::Limit(rest) => self.limit(rest).await,
            AdminWords::Purse(rest) => self.on_admin_purse(rest, message).await,
            AdminWords::Announce(text) => self.draft_announcement(text).await,
            AdminWords::Find(text) => self.find(text).await,
        }
    }

    /// A button of `/admin`; that the person may press it was checked before.
    pub(super) async fn on_admin_button(
        &self,
        button: AdminButton,
        press: &PressedButton,
    ) -> Result<Replied, HandlerError> {
        match button {
            AdminButton::Menu => self.leave_form_for(&screen::menu(self.texts)).await,
            AdminButton::Entry(entry) => self.open_entry(entry).await,
            AdminButton::Person { user } => self.edit_or_reply(&self.person_screen(user).await?).await,
            AdminButton::PersonJobs { user } => self.edit_or_reply(&self.jobs_of_person_screen(user).await?).await,
            AdminButton::Job { id, action } => self.on_admin_job(&id, action).await,
            AdminButton::Block { user } => self.block(user, true, press).await,
            AdminButton::Unblock { user } => self.block(user, false, press).await,
            AdminButton::Statement { wallet, before } => {
                self.edit_or_reply(&self.statement_of(wallet, before).await?).await
            }
            AdminButton::CancelSubscriptions { user } => self.cancel_subscriptions_of(user).await,
            AdminButton::Payment { payment, action } => self.on_admin_payment(&payment, action).await,
            AdminButton::Announcement { id, action } => self.on_announcement(id, action).await,
            AdminButton::Audit { about, before } => self.edit_or_reply(&self.audit_screen(about, before).await?).await,
        }
    }

    async fn open_entry(&self, entry: AdminEntry) -> Result<Replied, HandlerError> {
        let screen = match entry {
            AdminEntry::People => self.seen_people_screen().await?,
            AdminEntry::Jobs => self.admin_jobs_screen().await?,
            AdminEntry::Keys => self.keys_screen().await,
            AdminEntry::Requests => match self.bot.access_policy() {
                AccessPolicy::List => self.requests_screen().await?,
                AccessPolicy::Open => Screen::text(self.texts.access_is_open()),
                AccessPolicy::Owner => Screen::text(self.texts.access_needs_list()),
            }
            .row(vec![screen::back(self.texts)]),
            AdminEntry::Payments => self.payments_screen().await?,
            AdminEntry::Announcements => self.announcements_screen().await?,
            AdminEntry::Audit => self.audit_screen(None, i64::MAX).await?,
        };
        self.edit_or_reply(&screen).await
    }

    async fn audit_screen(&self, about: Option<i64>, before: i64) -> Result<Screen, HandlerError> {
        let admin = self.bot.service.user_admin(self.user);
        let mut list = admin.audit(about, Some(before), PAGE as u32 + 1).await?;
        let has_more = list.len() > PAGE;
        list.truncate(PAGE);
        let more = list.last().filter(|_| has_more).map(|(id, _)| *id);
        let acts: Vec<AuditEntry> = list.into_iter().map(|(_, act)| act).collect();
        Ok(screen::audit(&acts, about, more, self.texts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_command_is_told_apart() {
        for (rest, words) in [
            ("", AdminWords::Menu),
            ("gift 42 5 thanks", AdminWords::Gift("42 5 thanks")),
            ("gift", AdminWords::Gift("")),
            ("limit 42  day=5", AdminWords::Limit("42  day=5")),
            ("purse -100 42 5", AdminWords::Purse("-100 42 5")),
            ("announce Hi\nall", AdminWords::Announce("Hi\nall")),
            ("Ann Lee", AdminWords::Find("Ann Lee")),
            ("gifted", AdminWords::Find("gifted")),
        ] {
            assert_eq!(AdminWords::of(rest), words, "{rest:?}");
        }
    }
}
