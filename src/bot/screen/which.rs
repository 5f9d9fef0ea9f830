//! Something was sent that fits several fields: which one?

use super::{Button, Screen};
use crate::bot::callback::{FormAct, Press};
use crate::bot::draft::Form;
use crate::bot::field::icon;
use crate::bot::html::Page;
use crate::bot::place::Place;
use crate::l10n::Messages;
use crate::schema::spec::ModelSpec;

/// One button for each place that could take it.
pub(crate) fn screen(spec: &'static ModelSpec, form: &Form, places: &[Place], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.text(texts.which_field());
    let buttons = places.iter().filter_map(|place| {
        let target = place.target(spec)?;
        let label = format!("{} {}", icon(target.kind), texts.words(&target.field.label));
        let press = Press::Form { nonce: form.nonce.clone(), place: place.clone(), act: FormAct::Use };
        Some(Button::new(label, &press))
    });
    let back = Press::Form { nonce: form.nonce.clone(), place: Place::default(), act: FormAct::Open };
    Screen::new(page).grid(buttons.collect(), 2).row(vec![Button::new(texts.button_back(), &back)])
}
