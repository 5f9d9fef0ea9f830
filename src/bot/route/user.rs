//! Who sent an update, and in which language the bot replies.

use crate::bot::Bot;
use crate::bot::incoming::Sender;
use crate::l10n::{Lang, Messages};
use crate::store_error::StoreError;
use crate::user::User;

impl Bot {
    /// The texts in the user's language.
    pub(in crate::bot) async fn texts(&self, from: &Sender) -> &'static Messages {
        let lang = match self.language_of(from).await {
            Ok(lang) => lang,
            Err(error) => {
                tracing::error!(user = from.id.0, %error, "a user could not be read");
                Lang::guess(from.language.as_deref())
            }
        };
        Messages::of(lang)
    }

    /// The user's language: the stored one, else a guess from Telegram's language code, which is stored.
    async fn language_of(&self, from: &Sender) -> Result<Lang, StoreError> {
        let id = from.id;
        if let Some(user) = self.service.user(id).await? {
            return Ok(Lang::from_code(&user.language).unwrap_or(Lang::En));
        }
        let lang = Lang::guess(from.language.as_deref());
        let created_at = self.service.now();
        self.service.put_user(&User { id, language: lang.code().to_owned(), created_at }).await?;
        Ok(lang)
    }
}
