//! Asks which field a text or file is for, when several could take it.

use super::{Button, Screen};
use crate::bot::callback::{ButtonData, FormAction};
use crate::bot::draft::Form;
use crate::bot::field::icon;
use crate::bot::field_path::FieldPath;
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::schema::spec::ModelSpec;

/// One button for each field that could take it.
pub(crate) fn screen(spec: &'static ModelSpec, form: &Form, paths: &[FieldPath], texts: &Messages) -> Screen {
    let mut page = Page::new();
    let files = form.pending.as_ref().filter(|pending| pending.text().is_none()).map_or(0, |p| p.files().len());
    page.text(if files > 1 { texts.which_field_files(files) } else { texts.which_field() });
    let buttons = paths.iter().filter_map(|path| {
        let target = path.target(spec)?;
        let label = format!("{} {}", icon(target.kind), texts.localized(&target.field.label));
        let press = ButtonData::Form { nonce: form.nonce.clone(), path: path.clone(), action: FormAction::Use };
        Some(Button::new(label, &press))
    });
    let back = ButtonData::Form { nonce: form.nonce.clone(), path: FieldPath::default(), action: FormAction::Open };
    Screen::new(page).grid(buttons.collect(), 2).row(vec![Button::new(texts.button_back(), &back)])
}
