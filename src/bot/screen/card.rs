//! The card of a model: what it does, what it costs, what it asks for.

use super::models::from_price;
use super::{Button, Screen, Style, nearest};
use crate::assortment::{Assortment, Unavailable};
use crate::bot::callback::ButtonData;
use crate::bot::field::{icon, literal_text, prompt};
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::schema::spec::{Condition, Factor, Kind, Literal, ModelRef, ModelSpec, PriceSpec};
use crate::tariff::{Amount, Tariff};

/// Most rows of the price table on the card.
const PRICE_ROWS: usize = 6;

/// The card; for a model that is not offered, it names a similar one.
pub(crate) fn screen(model: impl Into<ModelRef>, assortment: &Assortment, texts: &Messages) -> Screen {
    let ModelRef { name, spec, .. } = model.into();
    let mut page = Page::new();
    page.bold(texts.localized(&spec.title)).text(" · ").text(texts.card_by(spec.provider)).line();
    page.text(texts.localized(&spec.about));
    if let Some(why) = assortment.unavailable(spec) {
        return unavailable(spec, why, assortment, page, texts);
    }
    let instead = nearest::warn(spec, assortment, &mut page, texts);
    prices(spec, assortment, &mut page, texts);
    page.gap().text(texts.card_asks());
    for field in spec.fields.iter().filter(|f| !f.advanced && !f.deprecated) {
        page.line().text(format!("{} {}", icon(&field.kind), texts.localized(&field.label)));
        if field.required && field.default.is_none() {
            page.text(" · ").italic(texts.required_mark());
        }
    }
    Screen::new(page)
        .row(vec![
            Button::new(texts.button_create(), &ButtonData::Start { model: name.to_owned() }).styled(Style::Success),
        ])
        .row(instead)
        .row(vec![back(spec, texts), Button::home(texts)])
}

fn unavailable(
    spec: &'static ModelSpec,
    why: Unavailable,
    assortment: &Assortment,
    mut page: Page,
    texts: &Messages,
) -> Screen {
    let title = texts.localized(&spec.title);
    page.gap().text(match why {
        Unavailable::Withdrawn => texts.model_not_offered(title),
        Unavailable::NoPrice => texts.model_no_price(title),
        Unavailable::Off => texts.model_off(title),
        Unavailable::ForOthers => texts.model_for_others(title),
    });
    let mut buttons = Vec::new();
    if let Some(other) = assortment.nearest(spec) {
        page.line().text(texts.model_try(texts.localized(&other.title)));
        buttons.push(nearest::button(other, texts));
    }
    Screen::new(page).row(buttons).row(vec![Button::home(texts)])
}

fn back(spec: &ModelSpec, texts: &Messages) -> Button {
    let press =
        spec.tasks.first().map_or(ButtonData::Home, |task| ButtonData::Task { task: task.id.to_owned(), page: 0 });
    Button::new(texts.button_back(), &press)
}

fn prices(spec: &ModelSpec, assortment: &Assortment, page: &mut Page, texts: &Messages) {
    let tariff = assortment.tariff(spec);
    let tariff = tariff.as_ref();
    page.gap();
    let Some(price) = spec.price else {
        page.text(from_price(spec, assortment, texts).unwrap_or_default());
        return;
    };
    let is_fixed = tariff.is_some_and(|tariff| tariff.fixed.is_some());
    if price.rows.len() < 2 || is_fixed {
        page.text(from_price(spec, assortment, texts).unwrap_or_default());
    } else {
        table(spec, price, tariff, page, texts);
    }
    for factor in price.factors() {
        match factor {
            Factor::Outputs { most, most_when } => {
                let most = most_when.iter().map(|(_, count)| *count).fold(f64::from(*most), f64::max);
                page.line().text(texts.card_outputs(&texts.number(most)));
            }
            Factor::Tokens { .. } => {
                page.line().text(texts.card_estimate());
                break;
            }
            _ => {}
        }
    }
    if let Some(dearest) = price.regular.iter().map(|row| row.credits).max().filter(|_| !is_fixed) {
        let dearest =
            texts.price_row(&texts.limit_of(Amount::share_of(dearest, tariff)), &texts.unit_words(price.unit));
        page.line().text(match price.discount_until {
            Some(day) => texts.card_discount_until(day, &dearest),
            None => texts.card_discount_open(&dearest),
        });
    }
}

fn table(spec: &ModelSpec, price: &PriceSpec, tariff: Option<&Tariff>, page: &mut Page, texts: &Messages) {
    page.text(texts.card_price(price.as_of));
    for row in price.rows.iter().take(PRICE_ROWS) {
        let when: Vec<_> = row.when.iter().map(|c| condition(spec, c, texts)).collect();
        let when = if when.is_empty() { texts.price_otherwise() } else { when.join(", ") };
        let amount =
            texts.price_row(&texts.amount_of(Amount::share_of(row.credits, tariff)), &texts.unit_words(price.unit));
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
    use crate::bot::sample::{LAB, STUDIO};
    use crate::l10n::Lang;
    use crate::schema::spec::{PriceRow, Status};

    fn priced(price: PriceSpec) -> String {
        let price: &'static PriceSpec = Box::leak(Box::new(price));
        let spec: &'static ModelSpec = Box::leak(Box::new(ModelSpec { price: Some(price), ..STUDIO }));
        screen(spec, &Assortment::default(), Messages::of(Lang::En)).page.html().to_owned()
    }

    #[test]
    fn a_card_says_that_a_price_is_a_ceiling() {
        const PER_LAYER: PriceSpec = PriceSpec {
            unit: "layer",
            rows: &[PriceRow::always(7_000)],
            times: &[Factor::Outputs { most: 17, most_when: &[] }],
            ..PriceSpec::DEFAULT
        };
        let html = priced(PER_LAYER);
        assert!(
            html.contains("from 7 credits per layer\nThe model decides how many files come back, at most 17."),
            "{html}"
        );
        const BY_TEXT: PriceSpec = PriceSpec {
            unit: "million_tokens",
            rows: &[PriceRow::always(1_260_000)],
            times: &[Factor::Tokens { of: &[], by: 6.0, by_cjk: 12.0, plus: 500 }],
            regular: &[PriceRow::always(2_800_000)],
            discount_until: Some("2026-12-31"),
            ..PriceSpec::DEFAULT
        };
        let html = priced(BY_TEXT);
        assert!(html.contains("by the length of the text\nThe form shows the upper limit"), "{html}");
        assert!(html.contains("A discount until 2026-12-31; then up to 2800 credits per million tokens."), "{html}");
        let html = screen(&LAB, &Assortment::default(), Messages::of(Lang::En)).page.html().to_owned();
        assert!(
            html.contains("A discount whose end the vendor does not name; without it up to 90 credits per image."),
            "{html}"
        );
        const FREE: PriceSpec = PriceSpec { unit: "request", rows: &[PriceRow::always(0)], ..PriceSpec::DEFAULT };
        let html = priced(FREE);
        assert!(html.contains("\n0 credits\n"), "{html}");
    }

    #[test]
    fn a_model_without_a_price_is_refused_in_words_of_its_own() {
        let texts = Messages::of(Lang::En);
        let unpriced: &'static ModelSpec = Box::leak(Box::new(ModelSpec { price: None, ..STUDIO }));
        let html = screen(unpriced, &Assortment::default(), texts).page.html().to_owned();
        assert!(html.contains("publishes no price") && !html.contains("any more"), "{html}");
        let gone: &'static ModelSpec = Box::leak(Box::new(ModelSpec { status: Status::Retired, ..STUDIO }));
        let html = screen(gone, &Assortment::default(), texts).page.html().to_owned();
        assert!(html.contains("not offered any more"), "{html}");
    }

    #[test]
    fn a_card_says_what_it_costs_and_asks() {
        let html = screen(&STUDIO, &Assortment::default(), Messages::of(Lang::En)).page.html().to_owned();
        assert!(html.contains("• Shape 16:9: 2.5 credits per second\n• otherwise: 0.8 credits per second"), "{html}");
        assert!(html.contains("✏️ What to show · <i>needed</i>\n🖼 Pictures"), "{html}");
        assert!(!html.contains("Strength"), "advanced fields are not on the card: {html}");
        let html = screen(&STUDIO, &Assortment::default(), Messages::of(Lang::Ru)).page.html().to_owned();
        assert!(html.contains("Формат 16:9: 2,5 кредита за секунду"), "{html}");
    }
}
