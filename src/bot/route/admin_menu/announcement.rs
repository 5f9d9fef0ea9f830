//! Announcements: an admin writes one, sees it, and sends or discards it.

use super::PAGE;
use crate::announcement::{AnnouncementId, AnnouncementTexts};
use crate::bot::callback::AnnouncementAction;
use crate::bot::route::conversation::{Conversation, HandlerError, Replied};
use crate::bot::screen::{Screen, admin, announcement as screen};
use crate::service::AnnouncementAdminError;

impl Conversation<'_> {
    pub(super) async fn announcements_screen(&self) -> Result<Screen, HandlerError> {
        let mut list = self.bot.service.announcement_admin(self.user).list().await?;
        list.truncate(PAGE);
        Ok(screen::list(&list, self.texts))
    }

    /// `/admin announce TEXT`: nobody is told before the admin has seen it.
    pub(super) async fn draft_announcement(&self, text: &str) -> Result<Replied, HandlerError> {
        let texts = match text.parse::<AnnouncementTexts>() {
            Ok(texts) => texts,
            Err(error) => {
                let wrong = Screen::text(screen::text_error(error, self.texts));
                return self.reply(&wrong.row(vec![admin::back(self.texts)])).await;
            }
        };
        let admin = self.bot.service.announcement_admin(self.user);
        let draft = admin.draft(&texts, None).await?;
        let people = admin.count_people(None).await?;
        self.reply(&screen::draft(&draft, people, self.texts)).await
    }

    pub(super) async fn on_announcement(
        &self,
        id: AnnouncementId,
        action: AnnouncementAction,
    ) -> Result<Replied, HandlerError> {
        let admin = self.bot.service.announcement_admin(self.user);
        let done = match action {
            AnnouncementAction::Start => admin.start(id).await,
            AnnouncementAction::Stop => admin.stop(id).await,
        };
        let notice = match (done, action) {
            (Ok(_), AnnouncementAction::Start) => self.texts.announcement_started(),
            (Ok(_), AnnouncementAction::Stop) => self.texts.announcement_stopped(),
            (Err(AnnouncementAdminError::TooLate(_)), _) if self.is_retry => String::new(),
            (Err(AnnouncementAdminError::TooLate(_) | AnnouncementAdminError::Unknown), _) => {
                self.texts.announcement_too_late()
            }
            (Err(AnnouncementAdminError::Store(error)), _) => return Err(error.into()),
        };
        let notice = Some(notice.as_str()).filter(|notice| !notice.is_empty());
        self.edit_or_reply(&self.announcements_screen().await?.with_notice(notice)).await
    }
}
