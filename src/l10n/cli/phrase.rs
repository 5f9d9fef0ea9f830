//! Phrases that several commands share: numbers, amounts, prices, sizes.

use super::CliMessages;
use crate::l10n::Lang;
use crate::ledger::Credits;
use crate::schema::PriceError;
use crate::schema::{Certainty, Quote};

impl CliMessages {
    /// A number with the language's decimal mark and all its decimals.
    pub fn number(&self, value: impl ToString) -> String {
        let text = value.to_string();
        text.replace('.', self.lang().decimal_mark())
    }

    /// `18 credits`.
    pub fn amount(&self, credits: Credits) -> String {
        self.texts().amount(credits)
    }

    /// The unit of a price: in English the registry's word, as in JSON; in other languages the bot's.
    pub fn unit(&self, unit: &str) -> String {
        if self.lang() == Lang::En { unit.to_owned() } else { self.texts().unit_words(unit) }
    }

    /// `from 3`, `to 15`, `3-15`; empty when both ends are open.
    pub fn span(&self, min: Option<f64>, max: Option<f64>) -> String {
        match (min, max) {
            (None, None) => String::new(),
            (Some(min), None) => self.span_from(&self.number(min)),
            (None, Some(max)) => self.span_to(&self.number(max)),
            (Some(min), Some(max)) if min == max => self.number(min),
            (Some(min), Some(max)) => format!("{}-{}", self.number(min), self.number(max)),
        }
    }

    /// `18 credits`, `at most 18 credits`, or the reason why there is no price.
    pub fn price(&self, quote: Result<Quote, PriceError>) -> String {
        match quote {
            Ok(Quote { credits, certainty: Certainty::Exact }) => self.amount(credits),
            Ok(Quote { credits, certainty: Certainty::AtMost }) => self.at_most(&self.amount(credits)),
            Err(PriceError::Unknown) => self.price_unknown(),
            Err(PriceError::NotCovered) => self.price_not_covered(),
            Err(PriceError::NeedsFile { field }) => self.price_by_file(field),
            Err(PriceError::NeedsNumber { field }) => self.price_by_number(field),
        }
    }

    /// A price in a table cell whose header names the unit: `18`, `at most 18`, `no price`.
    pub fn price_cell(&self, quote: Result<Quote, PriceError>) -> String {
        match quote {
            Ok(Quote { credits, certainty: Certainty::Exact }) => self.number(credits),
            Ok(Quote { credits, certainty: Certainty::AtMost }) => self.at_most(&self.number(credits)),
            Err(PriceError::Unknown | PriceError::NotCovered) => self.cell_no_price(),
            Err(PriceError::NeedsFile { .. }) => self.cell_by_file(),
            Err(PriceError::NeedsNumber { field }) => self.cell_by_number(field),
        }
    }

    /// A sentence that says why there is no price.
    pub fn unpriced(&self, why: PriceError) -> String {
        match why {
            PriceError::Unknown => self.why_unknown(),
            PriceError::NotCovered => self.why_not_covered(),
            PriceError::NeedsFile { field } => self.why_file(field),
            PriceError::NeedsNumber { field } => self.why_number(field),
        }
    }

    /// `1.2 MB`, `34 kB`.
    pub fn size(&self, bytes: u64) -> String {
        match bytes {
            0..1000 => self.size_bytes(bytes),
            1000..1_000_000 => self.size_kb(bytes / 1000),
            _ => self.size_mb(&self.number(format!("{:.1}", bytes as f64 / 1e6))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_sentences_equal_the_errors_own_text() {
        let field = "clip";
        for why in [
            PriceError::Unknown,
            PriceError::NotCovered,
            PriceError::NeedsFile { field },
            PriceError::NeedsNumber { field },
        ] {
            assert_eq!(CliMessages::of(Lang::En).unpriced(why), why.to_string());
        }
    }

    #[test]
    fn sizes_are_readable() {
        let words = |lang| [1, 3, 7, 999, 1000, 45_678, 1_234_567].map(|bytes| CliMessages::of(lang).size(bytes));
        assert_eq!(words(Lang::En), ["1 bytes", "3 bytes", "7 bytes", "999 bytes", "1 kB", "45 kB", "1.2 MB"]);
        assert_eq!(words(Lang::Ru), ["1 байт", "3 байта", "7 байт", "999 байт", "1 кБ", "45 кБ", "1,2 МБ"]);
    }

    #[test]
    fn amounts_are_those_of_the_bot() {
        let quote = |milli, certainty| Ok(Quote { credits: Credits::from_milli(milli), certainty });
        let ru = CliMessages::of(Lang::Ru);
        assert_eq!(ru.price(quote(21_000, Certainty::Exact)), "21 кредит");
        assert_eq!(ru.price(quote(2_500, Certainty::AtMost)), "максимум 2,5 кредита");
        assert_eq!(ru.price_cell(quote(2_500, Certainty::AtMost)), "максимум 2,5");
        assert_eq!(ru.unit("1000_chars"), "1000 знаков");
        assert_eq!(CliMessages::of(Lang::En).price(quote(18_000, Certainty::AtMost)), "at most 18 credits");
    }
}
