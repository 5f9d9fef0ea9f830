//! The models of a task type, in pages.

use super::{Button, Screen};
use crate::assortment::Assortment;
use crate::bot::callback::ButtonData;
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::{Factor, ModelSpec, Status, TaskSpec};
use crate::schema::{Certainty, Quote};
use crate::tariff::{Amount, Price};

/// Models on a page.
const PAGE: usize = 8;

/// One page of a type's models; a number past the last page shows the last one.
pub(crate) fn screen(task: &'static TaskSpec, page: u16, assortment: &Assortment, texts: &Messages) -> Screen {
    let offered: Vec<_> = listed(task, assortment).collect();
    let mut text = Page::new();
    text.bold(texts.task_title(task.icon, texts.localized(&task.title)));
    let open = |spec: &ModelSpec| ButtonData::Model { model: spec.id.to_owned() };
    let to_page = |page| ButtonData::Task { task: task.id.to_owned(), page };
    list(text, &offered, page, open, to_page, assortment, texts)
}

/// The models of a type that menus list and a person can order.
pub(crate) fn listed(task: &TaskSpec, assortment: &Assortment) -> impl Iterator<Item = &'static ModelSpec> {
    models::of_task(task.id).filter(|spec| spec.is_listed && assortment.offers(spec))
}

/// One page of models with their prices under a text; a number past the last page shows the last one. `open` makes the
/// data of a model's button, `to_page` that of a button to another page.
pub(super) fn list(
    text: Page,
    offered: &[&'static ModelSpec],
    page: u16,
    open: impl Fn(&ModelSpec) -> ButtonData,
    to_page: impl Fn(u16) -> ButtonData,
    assortment: &Assortment,
    texts: &Messages,
) -> Screen {
    let pages = offered.len().div_ceil(PAGE).max(1);
    let at = usize::from(page).min(pages - 1);
    let buttons = offered.iter().skip(at * PAGE).take(PAGE).map(|spec| {
        let title = texts.localized(&spec.title);
        let mark = if spec.status == Status::Troubled { "⚠️ " } else { "" };
        let price = from_price(spec, assortment, texts).map(|price| format!(" · {price}")).unwrap_or_default();
        let label = format!("{mark}{title}{price}");
        Button::new(label, &open(spec))
    });
    let screen = Screen::new(text).grid(buttons.collect(), 1);
    let screen = if pages > 1 {
        screen.row(vec![
            Button::new("‹", &to_page(((at + pages - 1) % pages) as u16)),
            Button::new(texts.page(at as u16 + 1, pages as u16), &ButtonData::Nothing),
            Button::new("›", &to_page(((at + 1) % pages) as u16)),
        ])
    } else {
        screen
    };
    screen.row(vec![Button::home(texts)])
}

/// The lowest price of a model: `from 2 credits`, with the unit when a run is several units; `2 credits` when no other is
/// possible, and of one with a fixed price. A price of tokens says nothing to a person: then it is only said what it depends on.
pub(crate) fn from_price(spec: &ModelSpec, assortment: &Assortment, texts: &Messages) -> Option<String> {
    let tariff = assortment.tariff(spec);
    let tariff = tariff.as_ref();
    if let Some(credits) = assortment.own_credits(spec) {
        return Some(texts.price(Price::of(Quote { credits, certainty: Certainty::Exact }, tariff)));
    }
    let price = spec.price?;
    if tariff.is_some_and(|tariff| tariff.fixed.is_some()) {
        return Some(texts.price(Price::of(Quote { credits: Credits::ZERO, certainty: Certainty::Exact }, tariff)));
    }
    if price.times.iter().any(|factor| matches!(factor, Factor::Tokens { .. })) {
        return Some(texts.price_by_text());
    }
    if let ([only], [], None, []) = (price.rows, price.times, price.extra, price.regular) {
        let certainty = if price.at_most { Certainty::AtMost } else { Certainty::Exact };
        return Some(texts.price(Price::of(Quote { credits: only.credits, certainty }, tariff)));
    }
    let lowest = price.rows.iter().map(|row| row.credits).min()?;
    let from = |amount| texts.from_price(&texts.limit_of(amount));
    if price.times.is_empty() {
        return Some(from(Amount::of(lowest, tariff)));
    }
    let amount = texts.limit_of(Amount::share_of(lowest, tariff));
    Some(texts.from_price(&texts.price_row(&amount, &texts.unit_words(price.unit))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::l10n::Lang;

    #[test]
    fn what_other_models_lead_to_is_not_in_the_menu() {
        let texts = Messages::of(Lang::En);
        let hidden: Vec<&ModelSpec> = models::all().iter().copied().filter(|spec| !spec.is_listed).collect();
        assert!(!hidden.is_empty());
        for spec in hidden {
            let led_to = models::all().iter().any(|other| other.next.iter().any(|next| next.model == spec.id));
            assert!(led_to, "nothing leads to {}", spec.id);
            for task in spec.tasks {
                for page in 0..9 {
                    let screen = screen(task, page, &Assortment::default(), texts);
                    let title = texts.localized(&spec.title);
                    assert!(screen.rows.iter().flatten().all(|button| !button.label.contains(title)), "{title}");
                }
            }
        }
    }
}
