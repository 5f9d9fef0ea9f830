//! `kie-bot price`.

mod day;
mod option;

use serde_json::{Map, Value, json};

use super::input::{self, FieldArg, InputMembers};
use super::output::{note, print_json, print_line, quote_json};
use super::table::Table;
use super::verdict::{Verdict, findings, print_report, violation_lines};
use super::{CliError, ExitCode, example};
use crate::clock::{Clock, SystemClock};
use crate::form::Accepted;
use crate::l10n::{CliMessages, Lang};
use crate::ledger::Credits;
use crate::schema::spec::{ExtraPrice, Factor, FieldSpec, ModelRef, PriceSpec};
use crate::schema::{Certainty, Files, PriceError};
use option::Combinations;

pub(super) use day::{discount, price_range, range_on, rows_on};

/// The most rows of a table.
const MAX_ROWS: usize = 60;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    /// The model's id or another name of it.
    model: String,
    /// Price this input: JSON text, @FILE, or - for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    input: Option<String>,
    /// Set a field of the input; what is needed and not given is taken from the registry's example.
    #[arg(short, long = "field", value_name = "FIELD=VALUE", value_parser = input::field_arg)]
    fields: Vec<FieldArg>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn examples() -> Vec<String> {
    let example::TextModel { id, input, .. } = example::TextModel::find();
    vec![format!("price {id}"), format!("price {id} --input '{input}' --json")]
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<ExitCode, CliError> {
    let messages = CliMessages::of(lang);
    let model = input::model(&args.model, messages.texts())?;
    let today = SystemClock.now().date();
    if args.input.is_some() || !args.fields.is_empty() {
        let given = InputMembers::read(model.spec, args.input.as_deref(), &args.fields, messages.texts(), messages)?;
        return price_one(model, given, args.json, &today, messages);
    }
    if args.json {
        print_json(&describe(model, &option::all(model, None, messages), &today))?;
    } else {
        print(model, &option::all(model, Some(&today), messages), &today, messages);
    }
    Ok(ExitCode::Success)
}

/// Prints the price of one input.
fn price_one(
    model: ModelRef,
    mut answers: InputMembers,
    json: bool,
    today: &str,
    messages: &CliMessages,
) -> Result<ExitCode, CliError> {
    let (spec, texts) = (model.spec, messages.texts());
    let filled = fill(model, &mut answers);
    let Accepted { request, warnings } = match answers.check(model, &Files::new()) {
        Ok(accepted) => accepted,
        Err(report) if json => {
            print_json(&Verdict::of(spec, Err(&report), texts))?;
            return Ok(ExitCode::BadInput);
        }
        Err(report) => return Ok(print_report(spec, &report, texts)),
    };
    if json {
        let quote = request.price(&Files::new());
        print_json(&json!({
            "model": spec.id, "known": quote.is_ok(), "price": quote.ok().map(quote_json), "input": request.input(),
            "from_example": filled, "warnings": findings(spec, &warnings, texts),
        }))?;
    } else {
        let quote = request.price_on(&Files::new(), today);
        print_line(&format!("{}: {}", spec.id, messages.price(quote)));
        if !filled.is_empty() {
            note(&messages.from_example(&filled.join(", ")));
        }
        violation_lines(spec, &warnings, texts).iter().for_each(|line| note(line));
        match quote {
            Err(why @ PriceError::NeedsFile { .. }) => {
                note(&messages.measure_files(&messages.unpriced(why)));
            }
            Err(why) if spec.price.is_some() => note(&messages.unpriced(why)),
            _ => {}
        }
    }
    Ok(ExitCode::Success)
}

/// Adds the required fields that are missing, with the values of the registry's example; returns their names.
fn fill(model: ModelRef, answers: &mut InputMembers) -> Vec<&'static str> {
    let example: Map<String, Value> = serde_json::from_str(model.spec.example).unwrap_or_default();
    let is_needed =
        |field: &&FieldSpec| field.required && field.default.is_none() && model.preset(field.name).is_none();
    let mut filled = Vec::new();
    for field in model.spec.fields.iter().filter(is_needed) {
        if let (false, Some(value)) = (answers.has(field), example.get(field.name)) {
            answers.push(field.name, value);
            filled.push(field.name);
        }
    }
    filled
}

/// The lowest and the highest price of the combinations; `None` when no price is known.
fn range(options: &Combinations) -> Option<(Credits, Credits)> {
    let known = || options.all.iter().filter_map(|option| option.quote.ok().map(|quote| quote.credits));
    Some((known().min()?, known().max()?))
}

/// Whether some combination has a price and none of the prices is exact.
fn are_ceilings(options: &Combinations) -> bool {
    let mut known = options.all.iter().filter_map(|option| option.quote.ok()).peekable();
    known.peek().is_some() && known.all(|quote| quote.certainty == Certainty::AtMost)
}

fn print(model: ModelRef, options: &Combinations, today: &str, messages: &CliMessages) {
    let spec = model.spec;
    let Some(price) = spec.price else {
        print_line(&format!("{}: {}", spec.id, messages.price_unknown()));
        return;
    };
    let whole = match range(options) {
        None => price_range(spec, today, messages),
        Some((low, high)) if low == high => messages.amount(low),
        Some((low, high)) => messages.price_span(&messages.number(low), &messages.amount(high)),
    };
    let whole = if are_ceilings(options) { messages.at_most(&whole) } else { whole };
    print_line(&format!("{}: {whole}", spec.id));
    let names: Vec<&str> =
        options.all.first().map(|o| o.values.iter().map(|(name, _)| *name).collect()).unwrap_or_default();
    if !names.is_empty() {
        print_line("");
        let head: Vec<String> = names.iter().map(|name| name.to_uppercase()).chain([messages.head_credits()]).collect();
        let mut shown = Table::new(&head);
        for option in options.all.iter().take(MAX_ROWS) {
            let cells = option.values.iter().map(|(_, choice)| choice.label.clone());
            shown.add_row(cells.chain([messages.price_cell(option.quote)]));
        }
        shown.print();
        if options.all.len() > MAX_ROWS {
            note(&messages.more_rows(options.all.len() - MAX_ROWS));
        }
    }
    print_line("");
    all_notes(model, price, options, today, messages).iter().for_each(|line| print_line(&format!("  {line}")));
}

/// Notes for what the table of combinations cannot show or leaves out.
fn all_notes(
    model: ModelRef,
    price: &PriceSpec,
    options: &Combinations,
    today: &str,
    messages: &CliMessages,
) -> Vec<String> {
    let mut lines = vec![messages.priced_per(&messages.unit(price.unit), price.as_of)];
    lines.extend(input::presets(model.presets).map(|values| messages.name_stands_for(model.name, &values)));
    lines.extend(notes(price, messages));
    lines.extend(discount(price, today, messages).map(|words| messages.discount_note(&words)));
    if !options.left_out.is_empty() {
        lines.push(messages.options_left_out(&options.left_out.join(", ")));
    }
    lines
}

/// Notes for the parts of a price that are not in its rows.
pub(super) fn notes(price: &PriceSpec, messages: &CliMessages) -> Vec<String> {
    let mut lines: Vec<String> = price.times.iter().filter_map(|factor| factor_note(factor, messages)).collect();
    match &price.extra {
        None => {}
        Some(ExtraPrice::Items { of, free: 0, credits }) => {
            lines.push(messages.note_extra(&messages.amount(*credits), of));
        }
        Some(ExtraPrice::Items { of, free, credits }) => {
            lines.push(messages.note_extra_after(&messages.amount(*credits), of, *free));
        }
        Some(ExtraPrice::Units { times, credits }) => {
            let units: Vec<String> = times.iter().filter_map(|factor| factor_note(factor, messages)).collect();
            let head = messages.note_extra_units(&messages.amount(*credits), &messages.unit(price.unit));
            lines.push(format!("{head} {}", units.join("; ")));
        }
    }
    if price.at_most {
        lines.push(messages.note_ceilings());
    }
    lines
}

/// A note for what a price is multiplied by; `None` when the table of combinations shows it.
fn factor_note(factor: &Factor, messages: &CliMessages) -> Option<String> {
    Some(match factor {
        Factor::Value { .. } | Factor::Ratio(..) => return None,
        Factor::Seconds { of, at_most: Some(most), .. } => messages.note_seconds_most(of, &messages.number(most)),
        Factor::Seconds { of, .. } => messages.note_seconds(of),
        Factor::Minutes(of) => messages.note_minutes(of),
        Factor::Megapixels(of) => messages.note_megapixels(of),
        Factor::Characters { of, step } => messages.note_characters(of, &step.to_string()),
        Factor::Outputs { most, most_when } => {
            let most = most_when.iter().map(|(_, count)| *count).fold(f64::from(*most), f64::max);
            messages.note_outputs(&messages.number(most))
        }
        Factor::Tokens { of, by, by_cjk, plus } => {
            let fields: Vec<&str> = of.iter().map(|path| path.as_str()).collect();
            messages.note_tokens(&fields.join(", "), &messages.number(by.max(*by_cjk)), &plus.to_string())
        }
    })
}

fn describe(model: ModelRef, options: &Combinations, today: &str) -> Value {
    let spec = model.spec;
    let range = range(options);
    let combinations: Vec<Value> = options
        .all
        .iter()
        .map(|option| {
            let when: Map<String, Value> = option
                .values
                .iter()
                .map(|(name, choice)| ((*name).to_owned(), choice.value.clone().unwrap_or(Value::Null)))
                .collect();
            json!({ "when": when, "price": option.quote.ok().map(quote_json) })
        })
        .collect();
    json!({
        "model": spec.id,
        "known": spec.price.is_some(),
        "unit": spec.price.map(|price| price.unit),
        "as_of": spec.price.map(|price| price.as_of),
        "lowest": range.map(|(low, _)| low.as_f64()),
        "highest": range.map(|(_, high)| high.as_f64()),
        "at_most": are_ceilings(options),
        "options": combinations,
        "left_out": options.left_out,
        "notes": spec.price.map(|price| all_notes(model, price, options, today, CliMessages::of(Lang::En))).unwrap_or_default(),
    })
}
