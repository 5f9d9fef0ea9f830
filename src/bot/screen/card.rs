//! The card of a model: what it does, what it costs, what it asks for.

use super::models::from_price;
use super::{Button, Screen};
use crate::bot::callback::ButtonData;
use crate::bot::field::{icon, literal_text, prompt};
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::models;
use crate::schema::spec::{Condition, Kind, Literal, ModelRef, ModelSpec, PriceSpec};
use crate::service::Service;

/// Most rows of the price table on the card.
const PRICE_ROWS: usize = 6;

/// The card; for a model that is not offered, it names a similar one.
pub(crate) fn screen(model: impl Into<ModelRef>, texts: &Messages) -> Screen {
    let ModelRef { name, spec, .. } = model.into();
    let mut page = Page::new();
    page.bold(texts.localized(&spec.title)).text(" · ").text(texts.card_by(spec.provider)).line();
    page.text(texts.localized(&spec.about));
    if !Service::offers(spec) {
        return not_offered(spec, page, texts);
    }
    if let Some(price) = spec.price {
        prices(spec, price, &mut page, texts);
    }
    page.gap().text(texts.card_asks());
    for field in spec.fields.iter().filter(|f| !f.advanced && !f.deprecated) {
        page.line().text(format!("{} {}", icon(&field.kind), texts.localized(&field.label)));
        if field.required && field.default.is_none() {
            page.text(" · ").italic(texts.required_mark());
        }
    }
    Screen::new(page)
        .row(vec![Button::new(texts.button_create(), &ButtonData::Start { model: name.to_owned() })])
        .row(vec![back(spec, texts), Button::home(texts)])
}

fn not_offered(spec: &'static ModelSpec, mut page: Page, texts: &Messages) -> Screen {
    page.gap().text(texts.model_not_offered(texts.localized(&spec.title)));
    let instead = spec.nearest.and_then(models::find).map(|other| other.spec).filter(|other| Service::offers(other));
    let mut buttons = Vec::new();
    if let Some(other) = instead {
        let title = texts.localized(&other.title);
        page.line().text(texts.model_try(title));
        buttons.push(Button::new(title, &ButtonData::Model { model: other.id.to_owned() }));
    }
    Screen::new(page).row(buttons).row(vec![Button::home(texts)])
}

fn back(spec: &ModelSpec, texts: &Messages) -> Button {
    let press =
        spec.tasks.first().map_or(ButtonData::Home, |task| ButtonData::Task { task: task.id.to_owned(), page: 0 });
    Button::new(texts.button_back(), &press)
}

fn prices(spec: &ModelSpec, price: &PriceSpec, page: &mut Page, texts: &Messages) {
    page.gap();
    if price.rows.len() < 2 {
        page.text(from_price(spec, texts).unwrap_or_default());
        return;
    }
    page.text(texts.card_price(price.as_of));
    for row in price.rows.iter().take(PRICE_ROWS) {
        let when: Vec<_> = row.when.iter().map(|c| condition(spec, c, texts)).collect();
        let when = if when.is_empty() { texts.price_otherwise() } else { when.join(", ") };
        let amount = texts.price_row(&texts.amount(row.credits), &texts.unit_words(price.unit));
        page.line().text(format!("• {when}: {amount}"));
    }
    if price.rows.len() > PRICE_ROWS {
        page.line().text(texts.card_more_prices(price.rows.len() - PRICE_ROWS));
    }
}

/// A condition of a price row: `Size 2K`.
fn condition(spec: &ModelSpec, condition: &Condition, texts: &Messages) -> String {
    match condition {
        Condition::Is(path, values) => {
            format!("{} {}", texts.path_label(path, spec), joined(spec, path, values, texts))
        }
        Condition::IsNot(path, values) => {
            format!("{} ≠ {}", texts.path_label(path, spec), joined(spec, path, values, texts))
        }
        Condition::Present(path) => format!("{} ✓", texts.path_label(path, spec)),
        Condition::Absent(path) => format!("{} ✗", texts.path_label(path, spec)),
        Condition::Items(path, count) => format!("{} × {count}", texts.path_label(path, spec)),
    }
}

fn joined(spec: &ModelSpec, path: &str, values: &[Literal], texts: &Messages) -> String {
    let field = spec.fields.iter().find(|f| f.name == path);
    let shown: Vec<_> = values
        .iter()
        .map(|value| match field.map(|f| &f.kind) {
            Some(Kind::Choice(choice)) => {
                let option = choice.options.iter().find(|o| literal_text(&o.value) == literal_text(value));
                option.map_or_else(|| literal_text(value), |o| crate::bot::field::option_label(o, texts))
            }
            _ => prompt::condition_value(value, texts),
        })
        .collect();
    shown.join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::sample::STUDIO;
    use crate::l10n::Lang;

    #[test]
    fn a_card_says_what_it_costs_and_asks() {
        let html = screen(&STUDIO, Messages::of(Lang::En)).page.html().to_owned();
        assert!(html.contains("• Shape 16:9: 2.5 credits per second\n• otherwise: 0.8 credits per second"), "{html}");
        assert!(html.contains("✏️ What to show · <i>needed</i>\n🖼 Pictures"), "{html}");
        assert!(!html.contains("Strength"), "advanced fields are not on the card: {html}");
        let html = screen(&STUDIO, Messages::of(Lang::Ru)).page.html().to_owned();
        assert!(html.contains("Формат 16:9: 2,5 кредита за секунду"), "{html}");
    }
}
