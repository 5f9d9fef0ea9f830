//! How well a model does now: on its card, and before an order when it does poorly.

use super::{Button, Screen};
use crate::bot::callback::ButtonData;
use crate::l10n::Messages;
use crate::schema::spec::ModelSpec;
use crate::service::{Health, PoorHealth};

/// The card of a model with its health, and with another model when that is poor.
pub(crate) fn on_card(mut card: Screen, health: Health, poor: Option<PoorHealth>, texts: &Messages) -> Screen {
    let line = poor.map_or_else(|| texts.health(health.percent()), |poor| warning(poor, texts));
    card.page.gap().text(line);
    add_alternative(&mut card, poor, texts);
    card
}

/// The sentence that warns of a model.
pub(crate) fn warning(poor: PoorHealth, texts: &Messages) -> String {
    texts.health_poor(poor.health.percent())
}

/// Adds a button for the model to use instead above the last row, which leads back; none where it has one already.
pub(crate) fn add_alternative(screen: &mut Screen, poor: Option<PoorHealth>, texts: &Messages) {
    if let Some(other) = poor.and_then(|poor| poor.alternative) {
        add_button(screen, other, texts);
    }
}

/// Adds a button to a model above the last row, unless there is one already.
pub(super) fn add_button(screen: &mut Screen, other: &ModelSpec, texts: &Messages) {
    let button = button(other, texts);
    if !screen.rows.iter().flatten().any(|shown| *shown == button) {
        let at = screen.rows.len().saturating_sub(1);
        screen.rows.insert(at, vec![button]);
    }
}

/// The button to the card of a model to use instead.
pub(super) fn button(other: &ModelSpec, texts: &Messages) -> Button {
    let label = texts.button_instead(texts.localized(&other.title));
    Button::new(label, &ButtonData::Model { model: other.id.to_owned() })
}
