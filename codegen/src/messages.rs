//! Turns the Fluent files of all languages into one Rust method per message, or into mistakes with file and line.
//!
//! The first file is the reference (English). A message's name in snake_case is the method's name; its variables are the
//! parameters. Several variables need a comment above the message that sets their order, so that editing the sentence never
//! swaps arguments. A number is marked there; everything else is text:
//!
//! ```text
//! # $count (Number), $unit
//! per-unit = { $count -> [one] { $count } credit *[other] { $count } credits } per { $unit }
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Variant, VariantKey};
use fluent_syntax::parser;
use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// The plural categories of CLDR. Variants that are all of these choose by a number.
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A Fluent file of one language.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The path that mistakes carry.
    pub name: &'a str,
    /// The content.
    pub text: &'a str,
}

/// What is wrong with the files: one line `file:line: what` each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(Vec<String>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Mistakes {}

/// A variable of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Param {
    name: String,
    number: bool,
}

/// What one language says of a message.
#[derive(Debug)]
struct Entries {
    line: usize,
    /// Variables that its patterns use; true for those that choose a plural.
    used: BTreeMap<String, bool>,
    /// Variables in the order of the comment.
    declared: Vec<Param>,
}

/// Writes the methods of `type_name`, which has a field `bundle` with `format(&self, key, &FluentArgs) -> String`.
///
/// # Errors
/// Every syntax error, every message that is missing, left over or written twice in some language, and every variable that
/// is not declared alike.
pub fn generate(type_name: &str, sources: &[Source<'_>]) -> Result<String, Mistakes> {
    let mut mistakes = Vec::new();
    let Some((reference, translations)) = sources.split_first() else {
        return Err(Mistakes(vec![format!("{type_name}: there is no Fluent file")]));
    };
    let messages = read(reference, &mut mistakes);
    let signatures: BTreeMap<&str, Vec<Param>> =
        messages.iter().map(|(key, message)| (key.as_str(), params(key, message, reference, &mut mistakes))).collect();
    for source in translations {
        let translated = read(source, &mut mistakes);
        compare(source, &translated, &signatures, &mut mistakes);
    }
    if !mistakes.is_empty() {
        return Err(Mistakes(mistakes));
    }
    let methods = signatures.iter().map(|(key, params)| method(key, params));
    let name = format_ident!("{type_name}");
    let tokens = quote! { impl #name { #(#methods)* } };
    let file = syn::parse2(tokens).map_err(|error| Mistakes(vec![format!("{}: {error}", reference.name)]))?;
    Ok(prettyplease::unparse(&file))
}

/// The messages of a file by their ids.
fn read(source: &Source<'_>, mistakes: &mut Vec<String>) -> BTreeMap<String, Entries> {
    let resource = parser::parse(source.text).unwrap_or_else(|(partial, errors)| {
        let line = |error: &parser::ParserError| source.text[..error.pos.start].lines().count().max(1);
        mistakes.extend(errors.iter().map(|error| format!("{}:{}: {error}", source.name, line(error))));
        partial
    });
    let mut found = BTreeMap::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name;
        let line = line_of(source.text, key, found.contains_key(key));
        let Some(pattern) = &message.value else {
            mistakes.push(format!("{}:{line}: `{key}` has no text", source.name));
            continue;
        };
        let mut used = BTreeMap::new();
        variables(pattern, &mut used);
        if found.insert(key.to_owned(), Entries { line, used, declared: declared(message) }).is_some() {
            mistakes.push(format!("{}:{line}: `{key}` is written twice", source.name));
        }
    }
    found
}

/// The line, from 1, on which a message begins; of two with one id the last.
fn line_of(text: &str, key: &str, last: bool) -> usize {
    let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='));
    let mut lines = text.lines().enumerate().filter(|(_, line)| begins(line)).map(|(at, _)| at + 1);
    let line = if last { lines.last() } else { lines.next() };
    line.unwrap_or(1)
}

/// The variables that the comment above a message names: `$min (Number), $unit`.
fn declared(message: &Message<&str>) -> Vec<Param> {
    let comment = message.comment.as_ref().map(|comment| comment.content.join("\n")).unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let param = |part: &str| {
        let (name, rest) = part.split_at(part.find(|c| !is_name(c)).unwrap_or(part.len()));
        Param { name: name.to_owned(), number: rest.trim_start().starts_with("(Number)") }
    };
    comment.split('$').skip(1).map(param).collect()
}

/// The parameters of a message's method: as declared, or its only variable.
fn params(key: &str, message: &Entries, source: &Source<'_>, mistakes: &mut Vec<String>) -> Vec<Param> {
    let params = if message.declared.is_empty() && message.used.len() < 2 {
        message.used.keys().map(|name| Param { name: name.clone(), number: false }).collect()
    } else {
        message.declared.clone()
    };
    let names: BTreeSet<&String> = params.iter().map(|param| &param.name).collect();
    if names.len() != params.len() || !names.iter().copied().eq(message.used.keys()) {
        let used: Vec<String> = message.used.keys().map(|name| format!("${name}")).collect();
        mistakes.push(format!(
            "{}:{}: a comment above `{key}` must name its variables in the order of the parameters: {}",
            source.name,
            message.line,
            used.join(", ")
        ));
    }
    plurals(key, message, &params, source, mistakes);
    params
}

/// Only a number chooses a plural.
fn plurals(key: &str, message: &Entries, params: &[Param], source: &Source<'_>, mistakes: &mut Vec<String>) {
    for param in params.iter().filter(|param| !param.number && message.used.get(&param.name) == Some(&true)) {
        let (file, line, name) = (source.name, message.line, &param.name);
        mistakes.push(format!("{file}:{line}: `{key}` counts by `${name}`, which is not declared as (Number)"));
    }
}

/// Another language has the same messages with the same variables.
fn compare(
    source: &Source<'_>,
    messages: &BTreeMap<String, Entries>,
    signatures: &BTreeMap<&str, Vec<Param>>,
    mistakes: &mut Vec<String>,
) {
    let file = source.name;
    for key in signatures.keys().filter(|key| !messages.contains_key(**key)) {
        mistakes.push(format!("{file}: `{key}` is missing"));
    }
    for (key, message) in messages {
        let line = message.line;
        let Some(params) = signatures.get(key.as_str()) else {
            mistakes.push(format!("{file}:{line}: `{key}` does not exist in English"));
            continue;
        };
        let wanted: BTreeSet<&String> = params.iter().map(|param| &param.name).collect();
        if !wanted.iter().copied().eq(message.used.keys()) {
            let wanted: Vec<String> = wanted.iter().map(|name| format!("${name}")).collect();
            mistakes.push(format!("{file}:{line}: `{key}` must use these variables: {}", wanted.join(", ")));
        }
        plurals(key, message, params, source, mistakes);
    }
}

fn variables(pattern: &Pattern<&str>, used: &mut BTreeMap<String, bool>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, used);
        }
    }
}

fn of_expression(expression: &Expression<&str>, used: &mut BTreeMap<String, bool>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, false, used),
        Expression::Select { selector, variants } => {
            of_inline(selector, is_plural(variants), used);
            variants.iter().for_each(|variant| variables(&variant.value, used));
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, plural: bool, used: &mut BTreeMap<String, bool>) {
    match inline {
        InlineExpression::VariableReference { id } => *used.entry(id.name.to_owned()).or_default() |= plural,
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| of_inline(argument, plural, used));
        }
        InlineExpression::Placeable { expression } => of_expression(expression, used),
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => {}
    }
}

/// A lone `other` says nothing of what it stands beside.
fn is_plural(variants: &[Variant<&str>]) -> bool {
    let plural = |key: &VariantKey<&str>| match key {
        VariantKey::NumberLiteral { .. } => true,
        VariantKey::Identifier { name } => PLURALS.contains(name),
    };
    variants.len() > 1 && variants.iter().all(|variant| plural(&variant.key))
}

fn method(key: &str, params: &[Param]) -> TokenStream {
    let name = format_ident!("{}", key.to_snake_case());
    let doc = format!(" The message `{key}`.");
    let idents: Vec<_> = params.iter().map(|param| format_ident!("{}", param.name.to_snake_case())).collect();
    let types = params
        .iter()
        .map(|param| if param.number { quote!(impl Into<fluent_bundle::types::FluentNumber>) } else { quote!(&str) });
    let values = params
        .iter()
        .zip(&idents)
        .map(|(param, ident)| if param.number { quote!(#ident.into().into()) } else { quote!(#ident.into()) });
    let keys = params.iter().map(|param| &param.name);
    let args = if params.is_empty() {
        quote!(fluent_bundle::FluentArgs::new())
    } else {
        quote! {{
            let values: [(&str, fluent_bundle::FluentValue<'_>); _] = [#((#keys, #values)),*];
            fluent_bundle::FluentArgs::from_iter(values)
        }}
    };
    quote! {
        #[doc = #doc]
        pub fn #name(&self, #(#idents: #types),*) -> String {
            self.bundle.format(#key, &#args)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = "# $count (Number), $unit\nper-unit = { $count ->\n    [one] one\n   *[other] { $count }\n} per { $unit }\n\nhome = Home\n";

    fn run(en: &str, ru: &str) -> Result<String, String> {
        let sources = [Source { name: "en.ftl", text: en }, Source { name: "ru.ftl", text: ru }];
        generate("Messages", &sources).map_err(|mistakes| mistakes.to_string())
    }

    #[test]
    fn a_message_becomes_a_method() {
        let code = run(EN, EN).unwrap();
        for part in ["pub fn home(&self) -> String", "pub fn per_unit(", "unit: &str", "The message `per-unit`."] {
            assert!(code.contains(part), "`{part}` in {code}");
        }
        assert!(code.find("count: impl Into").unwrap() < code.find("unit: &str").unwrap());
    }

    #[test]
    fn mistakes_carry_file_and_line() {
        let cases = [
            (EN, "home = Дом\n", "ru.ftl: `per-unit` is missing"),
            ("a = A\n", "a = А\nb = Б\n", "ru.ftl:2: `b` does not exist in English"),
            ("a = { $x }\n", "\na = { $y }\n", "ru.ftl:2: `a` must use these variables: $x"),
            ("a = A\na = B\n", "a = А\n", "en.ftl:2: `a` is written twice"),
            ("a = A\nb = { $x\n", "a = А\n", "en.ftl:2: Expected a token starting with \"}\""),
            (
                "a = { $x } { $y }\n",
                "a = { $x } { $y }\n",
                "en.ftl:1: a comment above `a` must name its variables in the order of the parameters: $x, $y",
            ),
            (
                "a = { $n }\n",
                "a = { $n ->\n    [few] a\n   *[other] b\n}\n",
                "ru.ftl:1: `a` counts by `$n`, which is not declared as (Number)",
            ),
        ];
        for (en, ru, mistake) in cases {
            let told = run(en, ru).unwrap_err();
            assert!(told.lines().any(|line| line == mistake), "`{mistake}` in:\n{told}");
        }
    }

    #[test]
    fn names_choose_no_plural() {
        let text = "a = { $kind ->\n    [image] A\n   *[other] B\n}\n";
        assert!(run(text, text).unwrap().contains("kind: &str"));
    }
}
