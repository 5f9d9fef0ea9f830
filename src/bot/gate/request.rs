//! Requests to be let in: the button that asks, the messages to the admins, and what becomes of it.

use crate::access::{AccessPolicy, AccessRequest, Party, RequestNotice, RequestState};
use crate::bot::Bot;
use crate::bot::callback::ButtonData;
use crate::bot::incoming::{PressedButton, Sender};
use crate::bot::screen::{Button, Screen, access as screen, home};
use crate::bot::telegram::{BRIEF, Destination};
use crate::job::{ChatId, UserId};
use crate::store_error::StoreError;

/// A person's private chat.
const fn private(user: UserId) -> Destination {
    Destination { chat: ChatId(user.0), topic: None, user, reply_to: None }
}

impl Bot {
    /// Whether a press of a person who is not let in asks for it, where one may ask.
    pub(in crate::bot) fn takes_request(&self, press: &PressedButton) -> bool {
        let is_private = press.chat().0 == press.sender.id.0;
        is_private && self.access_policy() == AccessPolicy::List && press.data.parse() == Ok(ButtonData::AskAccess)
    }

    /// What a person who is not let in reads: that they may ask for it, have asked, or were refused.
    pub(super) async fn no_access_screen(&self, sender: &Sender) -> Result<Screen, StoreError> {
        let texts = self.texts(sender).await;
        let plain = Screen::text(texts.no_access(&sender.id.0.to_string()));
        if self.access_policy() != AccessPolicy::List || self.is_denied(sender.id).await? {
            return Ok(plain);
        }
        Ok(match self.service.access_request(sender.id).await?.map(|request| request.state) {
            Some(RequestState::Open) => Screen::text(texts.access_asked()),
            Some(RequestState::Refused) => Screen::text(texts.access_refused()),
            Some(RequestState::Allowed) | None => {
                plain.row(vec![Button::new(texts.button_ask_access(), &ButtonData::AskAccess)])
            }
        })
    }

    async fn is_denied(&self, user: UserId) -> Result<bool, StoreError> {
        Ok(self.service.access_of(user, ChatId(user.0)).await?.is_denied)
    }

    /// Stores a person's request and tells the admins, both once, and shows the person what has become of it.
    pub(super) async fn ask_access(&self, press: &PressedButton, is_retry: bool) -> Result<(), StoreError> {
        let user = press.sender.id;
        if !self.is_denied(user).await? {
            let request = self.service.ask_access(&press.sender.party()).await?;
            // The first attempt may have ended before it told anybody.
            let is_untold = is_retry && request.notices.is_empty();
            if request.state == RequestState::Open && (self.service.note_request_told(user).await? || is_untold) {
                self.tell_admins(&request).await?;
            } else {
                tracing::info!(
                    user = user.0,
                    state = request.state.as_str(),
                    "a request for access is not told to the admins"
                );
            }
        }
        let screen = self.no_access_screen(&press.sender).await?;
        let shown = match press.message {
            Some((_, message)) => self.telegram.edit(private(user), message, &screen, BRIEF).await,
            None => self.telegram.send(private(user), &screen, BRIEF).await,
        };
        if let Err(error) = shown {
            let error = self.telegram.describe(&error);
            tracing::info!(user = user.0, error, "a person who asks to be let in could not be answered");
        }
        Ok(())
    }

    async fn tell_admins(&self, request: &AccessRequest) -> Result<(), StoreError> {
        let user = request.user();
        let mut notices = Vec::new();
        for admin in self.admins().await? {
            let texts = self.telegram.texts_of(admin).await;
            match self.telegram.send(private(admin), &screen::request(request, texts), BRIEF).await {
                Ok(sent) => notices.push(RequestNotice { admin, message: sent.message }),
                // Most likely one who has never written to the bot.
                Err(error) => {
                    let error = self.telegram.describe(&error);
                    tracing::debug!(admin = admin.0, user = user.0, error, "an admin was not told of a request");
                }
            }
        }
        if notices.is_empty() {
            tracing::warn!(user = user.0, "no admin could be told of a request for access; /requests lists it");
            return Ok(());
        }
        self.service.put_request_notices(user, &notices).await?;
        // An admin may have decided before the messages of the others were stored.
        match self.service.access_request(user).await? {
            Some(request) if request.state != RequestState::Open => self.show_decision(&request, None).await,
            _ => {}
        }
        Ok(())
    }

    /// Decides an open request. `None`: somebody has decided it before.
    pub(in crate::bot) async fn decide_request(
        &self,
        user: UserId,
        state: RequestState,
        admin: &Party,
    ) -> Result<Option<AccessRequest>, StoreError> {
        let decided = self.service.decide_access_request(user, state, admin).await;
        self.gate.admissions.clear();
        decided
    }

    /// Tells the person and the admins what was decided. The message `except` is left alone.
    pub(in crate::bot) async fn announce_decision(&self, request: &AccessRequest, except: Option<&RequestNotice>) {
        let user = request.user();
        let texts = self.telegram.texts_of(user).await;
        let screen = match request.state {
            RequestState::Allowed => {
                let assortment = self.service.shown_assortment(user).await;
                home::screen(&assortment, texts).with_notice(Some(&texts.access_granted()))
            }
            RequestState::Refused | RequestState::Open => Screen::text(texts.access_refused()),
        };
        if let Err(error) = self.telegram.send(private(user), &screen, BRIEF).await {
            let error = self.telegram.describe(&error);
            tracing::info!(user = user.0, error, "a person could not be told whether they are let in");
        }
        self.show_decision(request, except).await;
    }

    /// Shows the admins in place of the request what was decided.
    pub(super) async fn show_decision(&self, request: &AccessRequest, except: Option<&RequestNotice>) {
        for notice in request.notices.iter().filter(|notice| except != Some(notice)) {
            let RequestNotice { admin, message } = notice;
            let texts = self.telegram.texts_of(*admin).await;
            let screen = Screen::text(screen::decision(request, texts));
            if let Err(error) = self.telegram.edit(private(*admin), *message, &screen, BRIEF).await {
                let error = self.telegram.describe(&error);
                tracing::debug!(admin = admin.0, error, "an admin was not shown a decision");
            }
        }
    }
}
