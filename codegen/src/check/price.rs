//! Every live model has a price or states that none is known, every row of a price can win, and no input goes without a row.

mod case;

use crate::diagnostic::{Code, Collector};
use crate::schema::{Document, Pricing};
use crate::span::Span;
use case::PriceTable;

/// Larger tables are not tried out; the largest known has a few hundred cases.
const MOST_CASES: usize = 50_000;

pub(super) fn check(document: &Document, out: &Collector) {
    for entry in &document.models {
        match &entry.pricing {
            Pricing::Missing if entry.model.status.is_offered() => {
                let help = "write `price: unknown` when the vendor names none";
                out.hint(Code::MissingPrice, entry.id, "the model has no price", "", help);
            }
            Pricing::Missing | Pricing::Unknown => {}
            Pricing::Known { rows, regular } => {
                let Some(price) = entry.model.price else { continue };
                for (table, spans) in [(price.rows, rows), (price.regular, regular)] {
                    check_table(&PriceTable::new(table, price, entry.model), spans, out);
                }
            }
        }
    }
}

/// Tries all combinations of the cases that the rows distinguish.
fn check_table(table: &PriceTable, spans: &[Span], out: &Collector) {
    let Some(last) = spans.last() else { return };
    let Some(total) = table.count().filter(|total| *total <= MOST_CASES) else {
        let title = format!("the rows tell more than {MOST_CASES} cases apart");
        out.hint(Code::WideTable, *last, title, "", "nobody can tell whether every row can win: name fewer values");
        return;
    };
    let mut wins = vec![false; table.rows.len()];
    let mut open: Vec<String> = Vec::new();
    for number in 0..total {
        let cases = table.cases(number);
        let input = table.input(&cases);
        match table.winner(&input) {
            Some(winner) if wins[winner] => {}
            winner if table.is_refused(&input) => {
                // A row for what the rules refuse is no mistake of the price.
                if let Some(winner) = winner {
                    wins[winner] = true;
                }
            }
            Some(winner) => wins[winner] = true,
            None => open.push(table.describe(&cases)),
        }
    }
    for span in wins.iter().zip(spans).filter(|(wins, _)| !**wins).map(|(_, span)| span) {
        let help = "rows above it take every case that it could take";
        out.hint(Code::UnreachableRow, *span, "no input reaches this price row", "never wins", help);
    }
    if let Some(first) = open.first() {
        let more = if open.len() > 1 { format!(" (and {} more)", open.len() - 1) } else { String::new() };
        let title = format!("no price row takes {first}{more}");
        let help = "add a row, or a rule that refuses these values";
        out.hint(Code::UncoveredCase, *last, title, "the last row", help);
    }
}
