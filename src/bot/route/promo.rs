//! Promo codes: by a command, in answer to a question, and by a link.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::incoming::{Content, IncomingMessage};
use crate::bot::screen::{Screen, notice};
use crate::l10n::{Lang, Messages};
use crate::promo::{PromoCode, PromoRefusal};

/// What stands before the code in the parameter of a link.
const LINK_PARAMETER: &str = "p_";

impl Conversation<'_> {
    /// Takes a code, or asks for one. In a group, where others would read it, only says where.
    pub(super) async fn on_promo(&self, text: &str, is_private: bool) -> Result<Replied, HandlerError> {
        if !is_private {
            return self.reply(&Screen::text(self.texts.promo_private_only())).await;
        }
        if text.is_empty() && self.bot.service.charges() {
            return self.reply(&Screen::question(self.texts.promo_ask(), &self.texts.promo_hint())).await;
        }
        let (is_given, words) = self.take_promo(text).await?;
        if is_given {
            return self.reply(&self.balance_screen().await?.with_notice(Some(&words))).await;
        }
        self.reply(&notice::with_home(&words, self.texts)).await
    }

    /// Takes the code of a link that leads to the bot, if it is such a link. Returns what the person is told of it.
    pub(super) async fn take_linked_promo(&self, parameter: &str) -> Result<Option<String>, HandlerError> {
        match parameter.strip_prefix(LINK_PARAMETER).filter(|_| self.is_private()) {
            Some(code) => self.take_promo(code).await.map(|(_, words)| Some(words)),
            None => Ok(None),
        }
    }

    /// Takes a code; returns whether it gave something, and what the person is told.
    async fn take_promo(&self, text: &str) -> Result<(bool, String), HandlerError> {
        if !self.bot.service.charges() {
            return Ok((false, self.texts.promo_not_charged()));
        }
        // What can be no code tells nobody anything about codes, and is not counted.
        let Ok(code) = text.parse::<PromoCode>() else { return Ok((false, self.texts.promo_unknown())) };
        let used = match self.bot.service.use_promo(&code, self.user).await? {
            // The first start of this handler may have been cut off before the answer.
            Err(PromoRefusal::UsedBefore(amount)) if self.is_retry => Ok(amount),
            used => used,
        };
        Ok(match (used, self.bot.service.currency()) {
            (Ok(amount), Some(currency)) => {
                (true, self.texts.promo_given(&self.texts.money(amount, currency), code.as_str()))
            }
            (Ok(_), None) => (false, self.texts.promo_not_charged()),
            (Err(refusal), _) => (false, refusal_text(refusal, self.texts)),
        })
    }
}

/// The answer to the question for a code, if a message is that: it replies to the question, in whatever language.
pub(super) fn answered_code(message: &IncomingMessage) -> Option<&str> {
    let Content::Text(text) = &message.content else { return None };
    let asked = message.replied.as_ref().filter(|_| message.is_private)?.text.as_deref()?;
    Lang::ALL.iter().any(|lang| Messages::of(*lang).promo_ask() == asked).then_some(text.trim())
}

fn refusal_text(refusal: PromoRefusal, texts: &Messages) -> String {
    match refusal {
        PromoRefusal::NotCharged => texts.promo_not_charged(),
        PromoRefusal::Unknown => texts.promo_unknown(),
        PromoRefusal::Ended => texts.promo_ended(),
        PromoRefusal::UsedUp => texts.promo_used_up(),
        PromoRefusal::UsedBefore(_) => texts.promo_used_before(),
        PromoRefusal::TooManyMisses => texts.promo_too_many(),
    }
}
