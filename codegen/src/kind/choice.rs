//! `enum`: one of a list of values.

use kie_schema::Localized;
use kie_schema::spec::{ChoiceSpec, Kind, Literal, OptionSpec};

use crate::diagnostic::{Code, suggestion};
use crate::env::Env;
use crate::ident;
use crate::kind::literal;
use crate::leak;
use crate::reader::{self, Mapping};
use crate::span::Span;
use crate::yaml::Node;

struct Value {
    literal: Literal,
    label: Option<Localized>,
    span: Span,
}

pub(super) fn read(object: &mut Mapping<'_>, _: bool, env: &Env<'_>) -> Option<Kind> {
    let out = env.out;
    let gone = object.take("discontinued");
    let aliases = object.take("value_aliases");
    let named = object.flag("value_names");
    let node = object.need("values")?;
    let mut values = values(node, env)?;
    if !(one_type(&mut values, env) & distinct(&values, env)) {
        return None;
    }
    let literals: Vec<Literal> = values.iter().map(|value| value.literal).collect();
    if let Err(clash) = ident::variants(&literals) {
        let (first, second) = (show(&literals[clash.first]), show(&literals[clash.second]));
        let title = format!("{first} and {second} make the same Rust name `{}`", clash.name);
        out.error(Code::SameRustName, values[clash.second].span, title, "");
        return None;
    }
    let spans: Vec<Span> = values.iter().map(|value| value.span).collect();
    let mut options: Vec<OptionSpec> =
        values.into_iter().map(|value| OptionSpec { label: value.label, ..OptionSpec::new(value.literal) }).collect();
    for item in gone.map(reader::one_or_many).unwrap_or_default() {
        let given = literal(item);
        match options.iter_mut().find(|option| Some(&option.value) == given.as_ref()) {
            Some(option) => option.discontinued = true,
            None => {
                let title = "`discontinued` is not one of `values`";
                out.hint(Code::UnknownValue, item.span, title, "not listed", advice(&options, item));
            }
        }
    }
    if let Some(node) = aliases {
        read_aliases(node, &mut options, env);
    }
    if named && !distinct_names(&options, &spans, env) {
        return None;
    }
    Some(Kind::Choice(ChoiceSpec { options: leak::list(options), named }))
}

/// Whether no name of a value is that of another value, or stands for one.
fn distinct_names(options: &[OptionSpec], spans: &[Span], env: &Env<'_>) -> bool {
    let mut fine = true;
    let called = |option: &OptionSpec| -> Vec<String> {
        let aliases = option.aliases.iter().map(ToString::to_string);
        option.names().into_iter().chain(aliases).map(|name| name.to_lowercase()).collect()
    };
    for (index, (option, span)) in options.iter().zip(spans).enumerate() {
        let clash = called(option).into_iter().find_map(|name| {
            let other = options[..index].iter().find(|other| called(other).contains(&name))?;
            Some((name, other))
        });
        if let Some((name, other)) = clash {
            let title = format!("`{name}` names {} and {}", show(&other.value), show(&option.value));
            let help = "a name is the value, its words, or what stands before a colon in them: write words that differ";
            env.out.hint(Code::DuplicateAlias, *span, title, "", help);
            fine = false;
        }
    }
    fine
}

/// Values of older callers: a mapping from each to the value that is sent for it.
fn read_aliases(node: &Node, options: &mut [OptionSpec], env: &Env<'_>) {
    let out = env.out;
    let entries = reader::entries(node, "value_aliases", out).unwrap_or_default();
    if entries.is_empty() {
        out.error(Code::Empty, node.span, "`value_aliases` is empty", "");
    }
    for entry in entries {
        let Some(alias) = literal(&entry.key) else { continue };
        if options.iter().any(|option| option.value == alias) {
            out.error(Code::AliasIsId, entry.key.span, format!("{} is one of `values`", show(&alias)), "");
            continue;
        }
        let meant = literal(&entry.value);
        match options.iter_mut().find(|option| Some(&option.value) == meant.as_ref()) {
            Some(option) => {
                option.aliases = leak::list(option.aliases.iter().copied().chain([alias]));
            }
            None => {
                let title = format!("what stands for {} is not one of `values`", show(&alias));
                out.hint(Code::UnknownValue, entry.value.span, title, "not listed", advice(options, &entry.value));
            }
        }
    }
}

/// A list, `$set`, or a mapping from value to words.
fn values<'a>(node: &'a Node, env: &Env<'a>) -> Option<Vec<Value>> {
    let out = env.out;
    let before = out.count();
    let mut all = Vec::new();
    for value in env.sets.values(node, "values", out)? {
        let Some(literal) = literal(value.node) else {
            let title = format!("a value must be a text, a number or a flag, this is {}", value.node.describe());
            out.error(Code::WrongType, value.node.span, title, "");
            continue;
        };
        let label = value.words.and_then(|words| reader::localized(words, &literal.to_string(), out));
        all.push(Value { literal, label, span: value.node.span });
    }
    if out.count() > before {
        return None;
    }
    if all.is_empty() {
        out.error(Code::Empty, node.span, "`values` is empty", "");
        return None;
    }
    Some(all)
}

/// Whole numbers beside fractions are numbers; anything else must be of one type.
fn one_type(values: &mut [Value], env: &Env<'_>) -> bool {
    let number = |value: &Value| matches!(value.literal, Literal::Integer(_) | Literal::Decimal(_));
    if values.iter().any(|value| matches!(value.literal, Literal::Decimal(_))) && values.iter().all(number) {
        for value in values {
            if let Literal::Integer(whole) = value.literal {
                value.literal = Literal::Decimal(whole as f64);
            }
        }
        return true;
    }
    let first = std::mem::discriminant(&values[0].literal);
    let Some(odd) = values.iter().find(|value| std::mem::discriminant(&value.literal) != first) else { return true };
    let title = format!("values of different types: {} and {}", show(&values[0].literal), show(&odd.literal));
    env.out.hint(Code::MixedValues, odd.span, title, "", "put texts that look like numbers or flags in quotes");
    false
}

fn distinct(values: &[Value], env: &Env<'_>) -> bool {
    let mut fine = true;
    for (index, value) in values.iter().enumerate() {
        if values[..index].iter().any(|other| other.literal == value.literal) {
            env.out.error(Code::DuplicateValue, value.span, format!("{} is listed twice", show(&value.literal)), "");
            fine = false;
        }
    }
    fine
}

/// A value as an author writes it.
fn show(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("`{text}`"),
        other => other.to_string(),
    }
}

pub(super) fn advice(options: &[OptionSpec], node: &Node) -> String {
    let given = literal(node).map(|literal| literal.to_string()).unwrap_or_default();
    let known: Vec<String> = options.iter().map(|option| option.value.to_string()).collect();
    if known.contains(&given) {
        let text = matches!(options.first().map(|option| &option.value), Some(Literal::Text(_)));
        let form = if text { "a text: put it in quotes" } else { "not a text: take the quotes away" };
        return format!("the value is {form}");
    }
    suggestion(&given, known.iter().map(String::as_str))
}
