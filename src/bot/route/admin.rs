//! What admins of the bot decide: who may use it.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::access::{AccessPolicy, InviteCode, InviteTerms, Party, RequestState};
use crate::bot::callback::AccessAction;
use crate::bot::command::AdminCommand;
use crate::bot::incoming::{IncomingMessage, PressedButton};
use crate::bot::screen::Screen;
use crate::bot::screen::access::{self as screen, Excerpt, LISTED};
use crate::job::UserId;

impl Conversation<'_> {
    /// A command of an admin of the bot. In a group, only what concerns the group.
    pub(super) async fn on_admin_command(
        &self,
        command: AdminCommand,
        rest: &str,
        message: &IncomingMessage,
    ) -> Result<Replied, HandlerError> {
        let texts = self.texts;
        if command == AdminCommand::Admin {
            return self.on_admin(rest, message).await;
        }
        let is_about_group = matches!(command, AdminCommand::Allow | AdminCommand::Deny) && rest.is_empty();
        match (self.bot.access_policy(), command) {
            (AccessPolicy::Owner, _) => return self.reply(&Screen::text(texts.access_needs_list())).await,
            (AccessPolicy::Open, AdminCommand::Invite | AdminCommand::Invites | AdminCommand::Requests) => {
                return self.reply(&Screen::text(texts.access_is_open())).await;
            }
            (AccessPolicy::List | AccessPolicy::Open, _) if message.is_private || is_about_group => {}
            (AccessPolicy::List | AccessPolicy::Open, _) => {
                return self.reply(&Screen::text(texts.admin_private_only())).await;
            }
        }
        match command {
            AdminCommand::Admin => self.on_admin(rest, message).await,
            AdminCommand::Invite => self.invite(rest).await,
            AdminCommand::Invites => self.reply(&self.invites_screen().await?).await,
            AdminCommand::Requests => self.reply(&self.requests_screen().await?).await,
            AdminCommand::People => self.reply(&self.people_screen(0).await?).await,
            AdminCommand::Allow => self.put_access(true, rest, message).await,
            AdminCommand::Deny => self.put_access(false, rest, message).await,
        }
    }

    async fn invite(&self, rest: &str) -> Result<Replied, HandlerError> {
        let Ok(terms) = rest.parse::<InviteTerms>() else {
            let (people, days) = (u64::from(InviteTerms::MAX_PEOPLE), u64::from(InviteTerms::MAX_DAYS));
            return self.reply(&Screen::text(self.texts.invite_usage(people, days))).await;
        };
        if self.is_retry {
            // The first attempt may have made one; it is not made twice.
            return self.reply(&self.invites_screen().await?).await;
        }
        let invite = self.bot.service.add_invite(self.bot.invite_code(), terms, self.user).await?;
        let link = self.bot.invite_link(&invite.code).await;
        self.reply(&screen::invite(&invite, &link, self.texts)).await
    }

    async fn invites_screen(&self) -> Result<Screen, HandlerError> {
        let mut list = Vec::new();
        for invite in self.bot.service.open_invites(Excerpt::<()>::LIMIT).await? {
            let link = self.bot.invite_link(&invite.code).await;
            list.push((invite, link));
        }
        Ok(screen::invites(&Excerpt::new(list), self.texts))
    }

    pub(super) async fn withdraw_invite(&self, code: &InviteCode) -> Result<Replied, HandlerError> {
        self.bot.service.withdraw_invite(code, self.user).await?;
        let screen = self.invites_screen().await?;
        self.edit_or_reply(&screen.with_notice(Some(&self.texts.invite_withdrawn()))).await
    }

    pub(super) async fn requests_screen(&self) -> Result<Screen, HandlerError> {
        let list = self.bot.service.open_access_requests(Excerpt::<()>::LIMIT).await?;
        Ok(screen::requests(&Excerpt::new(list), self.texts))
    }

    /// Who was let in, by pages.
    pub(super) async fn people_screen(&self, page: u16) -> Result<Screen, HandlerError> {
        let offset = u32::from(page) * LISTED as u32;
        let list = self.bot.service.access_entries(Excerpt::<()>::LIMIT, offset).await?;
        let listed: Vec<i64> = match (self.bot.access_policy(), page) {
            (AccessPolicy::List, 0) => self.bot.listed().collect(),
            (AccessPolicy::List | AccessPolicy::Open | AccessPolicy::Owner, _) => Vec::new(),
        };
        Ok(screen::people(&Excerpt::new(list), page, &listed, self.texts))
    }

    /// Lets in or denies the group, or the person or chat of the number.
    async fn put_access(
        &self,
        is_allowed: bool,
        rest: &str,
        message: &IncomingMessage,
    ) -> Result<Replied, HandlerError> {
        let texts = self.texts;
        let party = if rest.is_empty() && !message.is_private {
            let name = message.chat_title.clone().unwrap_or_default();
            Party { name, ..Party::numbered(self.chat.0) }
        } else {
            match rest.parse().ok().filter(|id| *id != 0) {
                Some(id) => self.party(id).await?,
                None => return self.reply(&Screen::text(texts.allow_usage())).await,
            }
        };
        if self.bot.administers(UserId(party.id)).await? {
            return self.reply(&Screen::text(texts.admin_always_in())).await;
        }
        let is_here = party.id == self.chat.0;
        let number = party.id.to_string();
        self.bot.put_access(party, is_allowed, &message.sender.party()).await?;
        let text = match (is_here, is_allowed) {
            (true, true) => texts.group_allowed(),
            (true, false) => texts.group_denied(),
            (false, true) => texts.party_allowed(&number),
            (false, false) => texts.party_denied(&number),
        };
        self.reply(&Screen::text(text)).await
    }

    /// What is known of a person or a chat: of a person who has asked, the names.
    async fn party(&self, id: i64) -> Result<Party, HandlerError> {
        let asked = self.bot.service.access_request(UserId(id)).await?;
        Ok(asked.map_or_else(|| Party::numbered(id), |request| request.party))
    }

    /// A button about a person or a chat.
    pub(super) async fn on_access_button(
        &self,
        id: i64,
        action: AccessAction,
        press: &PressedButton,
    ) -> Result<Replied, HandlerError> {
        match action {
            AccessAction::Allow => self.decide_request(UserId(id), RequestState::Allowed, press).await,
            AccessAction::Refuse => self.decide_request(UserId(id), RequestState::Refused, press).await,
            AccessAction::Remove => {
                self.bot.remove_access(id, self.user).await?;
                let notice = self.texts.party_removed(&id.to_string());
                self.edit_or_reply(&self.people_screen(0).await?.with_notice(Some(&notice))).await
            }
        }
    }

    /// Decides a request, unless it was decided before: then shows what was decided.
    async fn decide_request(
        &self,
        user: UserId,
        state: RequestState,
        press: &PressedButton,
    ) -> Result<Replied, HandlerError> {
        let decided = self.bot.decide_request(user, state, &press.sender.party()).await?;
        let is_first = decided.is_some();
        let request = match decided {
            Some(request) => Some(request),
            None => self.bot.service.access_request(user).await?,
        };
        let Some(request) = request else { return self.reply_outdated().await };
        let is_own = request.decider.as_ref().is_some_and(|decider| decider.id == self.user.0);
        let pressed = request
            .notices
            .iter()
            .find(|notice| notice.admin == self.user && self.pressed.is_some_and(|pressed| pressed == notice.message));
        // The first attempt may have ended before it told anybody.
        if is_first || (self.is_retry && is_own && request.state == state) {
            self.bot.announce_decision(&request, pressed).await;
        }
        let text = screen::decision(&request, self.texts);
        if pressed.is_some() {
            return self.edit_or_reply(&Screen::text(text)).await;
        }
        self.edit_or_reply(&self.requests_screen().await?.with_notice(Some(&text))).await
    }
}
