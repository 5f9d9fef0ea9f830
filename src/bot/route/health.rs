//! The health of models: asked for where a model is chosen, and before an order.

use std::time::Duration;

use super::conversation::{Conversation, HandlerError, Replied};
use crate::bot::draft::Form;
use crate::bot::screen::{Screen, card, health};
use crate::schema::spec::{ModelRef, ModelSpec};

/// How long a card waits for the vendor. Without an answer it is shown without the health.
const CARD_WAIT: Duration = Duration::from_millis(700);
/// How long an order waits for the vendor.
const ORDER_WAIT: Duration = Duration::from_millis(1500);

impl Conversation<'_> {
    /// The card of a model, with its health when that is known, and a warning where its result could not be received.
    pub(super) async fn card(&self, model: ModelRef) -> Screen {
        let (spec, service) = (model.spec, &self.bot.service);
        let unreceived = (!service.receives(spec)).then(|| self.texts.needs_webhook());
        let screen = card::screen(model, &self.assortment, self.texts).with_notice(unreceived.as_deref());
        if !self.assortment.offers(spec) {
            return screen;
        }
        match service.health(spec, CARD_WAIT).await {
            Some(known) => health::on_card(screen, known, service.poor_health(&self.assortment, spec), self.texts),
            None => screen,
        }
    }

    /// Whether the vendor says that the model does poorly now, so that a person should know before they order.
    pub(super) async fn does_poorly(&self, spec: &'static ModelSpec) -> bool {
        self.assortment.offers(spec)
            && self.bot.service.health(spec, ORDER_WAIT).await.is_some_and(|health| health.is_poor())
    }

    /// Shows the form, which warns of the model, instead of ordering. What cannot be ordered anyway is refused as usual.
    pub(super) async fn warn_of_health(
        &self,
        mut form: Form,
        spec: &'static ModelSpec,
    ) -> Result<Replied, HandlerError> {
        if self.bot.service.prepare(&self.assortment, spec, &form.answers, &form.attachments).is_err() {
            return self.order(form, spec).await;
        }
        form.at = None;
        self.show(form, spec).await
    }
}
