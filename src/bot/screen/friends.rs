//! A person's link for friends, and that a friend has paid.

use url::Url;

use super::{Button, Screen};
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::ledger::{Currency, Money};
use crate::referral::{ReferralCount, ReferralTerms};

/// Where Telegram lets a person choose a chat for a link (https://core.telegram.org/api/links#share-links).
const SHARE: &str = "https://t.me/share/url";

/// The link, what it gives and what it has brought.
pub(crate) fn friends(
    link: &str,
    terms: ReferralTerms,
    count: ReferralCount,
    currency: Currency,
    texts: &Messages,
) -> Screen {
    let money = |amount| texts.money(amount, currency);
    let mut page = Page::new();
    page.bold(texts.friends_title()).line().code(link).gap();
    let mut terms_line = Vec::new();
    if terms.inviter > Money::ZERO {
        terms_line.push(texts.friends_inviter(&money(terms.inviter)));
    }
    if terms.friend > Money::ZERO {
        terms_line.push(texts.friends_friend(&money(terms.friend)));
    }
    page.text(terms_line.join(" ")).gap();
    page.text(texts.friends_count(count.came, count.paid, &money(count.earned)));
    // While Telegram does not tell the bot's name there is no link, but a command.
    let share = Url::parse_with_params(SHARE, [("url", link)]).ok().filter(|_| link.starts_with("https:"));
    let share = share.map(|url| Button::open(&texts.button_share(), url));
    Screen::new(page).row(share.into_iter().collect()).row(vec![Button::home(texts)])
}

/// A person hears that a friend whom they have brought has paid.
pub(crate) fn inviter_reward(amount: Money, currency: Currency, texts: &Messages) -> Screen {
    Screen::text(texts.reward_inviter(&texts.money(amount, currency)))
}

/// A person who came by a link hears what they get for it.
pub(crate) fn friend_reward(amount: Money, currency: Currency, texts: &Messages) -> Screen {
    Screen::text(texts.reward_friend(&texts.money(amount, currency)))
}
