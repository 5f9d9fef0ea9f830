//! The buttons of next steps: the form of the next model, with what it takes of the result filled in.

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::draft::Form;
use crate::bot::field_path::FieldPath;
use crate::bot::next_step;
use crate::job::JobId;
use crate::models;

impl Conversation<'_> {
    /// Opens the form of a next step in a new message, and asks for what is missing. A second press continues the form
    /// of the first.
    pub(super) async fn next_step(&self, id: &JobId, step: u16) -> Result<Replied, HandlerError> {
        let Some(job) = self.own_job(id).await? else { return self.reply_no_job().await };
        if job.stripped {
            return self.reply_stripped().await;
        }
        let next = next_step::offered(&job, &self.assortment).find(|(index, _)| *index == step).map(|(_, next)| next);
        let Some((next, model)) = next.and_then(|next| Some((next, models::find(next.model)?))) else {
            return self.reply_home(Some(&self.texts.old_button())).await;
        };
        let spec = model.spec;
        let mut form = Form::new(spec, self.bot.nonce());
        next_step::fill(spec, next, &job, |index, value| form.put(spec, &FieldPath::field(index), value));
        let old = self.load_form().await?.filter(|(form, _)| !form.resting);
        if let Some((old, _)) = old {
            let has_it = |(name, value)| old.answers.get(name) == Some(value);
            if let Some(shown) = old.message {
                self.bot.telegram.delete(self.chat, shown).await;
            }
            if old.is_of(spec) && form.answers.iter().all(has_it) {
                form = old;
                form.message = None;
            }
        }
        form.pending = None;
        form.at = form.first_missing(spec, &FieldPath::default()).map(|(index, _)| FieldPath::field(index));
        form.guided = form.at.is_some();
        self.show(form, spec).await
    }
}
