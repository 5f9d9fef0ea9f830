//! Names of result files.

use std::path::{Path, PathBuf};

/// The default of `--name`.
pub(crate) const DEFAULT: &str = "{model}-{task}-{number}.{ext}";

/// How many names are tried for one file.
const MAX_CANDIDATES: u32 = 10_000;

/// A file name with placeholders. The result is never a path: neither the template nor the inserted values can have a
/// separator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<TemplatePart>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum TemplatePart {
    Text(String),
    Model,
    Task,
    Id,
    Number,
    Extension,
}

/// The values of the placeholders.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameParts<'a> {
    pub(super) model: &'a str,
    pub(super) task: &'a str,
    pub(super) number: u32,
    /// The file's own name, e.g. of a layer.
    pub(super) name: Option<&'a str>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.contains(['/', '\\', ':']) || text.chars().any(char::is_control) {
            return Err("must be a file name without / \\ or : (--out names the folder)".to_owned());
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(TemplatePart::Text(before.to_owned()));
            let (word, tail) = after.split_once('}').ok_or("has a { without a }")?;
            parts.push(match word {
                "model" => TemplatePart::Model,
                "task" => TemplatePart::Task,
                "id" => TemplatePart::Id,
                "number" | "n" => TemplatePart::Number,
                "ext" => TemplatePart::Extension,
                other => {
                    return Err(format!(
                        "`{{{other}}}` is no placeholder; there are {{model}}, {{task}}, {{id}}, {{number}} and {{ext}}"
                    ));
                }
            });
            rest = tail;
        }
        if rest.contains('}') || parts.iter().any(|part| matches!(part, TemplatePart::Text(text) if text.contains('}')))
        {
            return Err("has a } without a {".to_owned());
        }
        parts.push(TemplatePart::Text(rest.to_owned()));
        parts.retain(|part| !matches!(part, TemplatePart::Text(text) if text.is_empty()));
        if text.trim().trim_matches('.').is_empty() {
            return Err("is no file name".to_owned());
        }
        Ok(Self(parts))
    }

    /// The name of one file.
    pub(super) fn render(&self, values: NameParts<'_>, extension: &str) -> String {
        let one = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => text.clone(),
            TemplatePart::Model => sanitize(values.model),
            TemplatePart::Task => sanitize(values.task).chars().take(8).collect(),
            TemplatePart::Id => sanitize(values.task),
            TemplatePart::Number => match values.name.map(own_name).filter(|name| !name.is_empty()) {
                Some(name) => format!("{}-{name}", values.number),
                None => values.number.to_string(),
            },
            TemplatePart::Extension => sanitize(extension),
        };
        let name: String = self.0.iter().map(one).collect();
        if name.trim().trim_matches('.').is_empty() { format!("result-{}", values.number) } else { name }
    }
}

/// The text with a `-` for everything but ASCII letters, digits, `-` and `_`, above all for path separators.
fn sanitize(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect()
}

/// The name that the vendor gave a file: at most 40 letters and digits of any script, with a `-` for all else.
fn own_name(text: &str) -> String {
    let name: String = text.chars().take(40).map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    name.trim_matches('-').to_owned()
}

/// The name, then the name with a number: `fox.png`, `fox-2.png`, `fox-3.png`.
pub(super) fn candidates(folder: &Path, name: &str) -> impl Iterator<Item = PathBuf> {
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => (stem.to_owned(), format!(".{end}")),
        _ => (name.to_owned(), String::new()),
    };
    let first = folder.join(name);
    let folder = folder.to_owned();
    std::iter::once(first).chain((2..MAX_CANDIDATES).map(move |n| folder.join(format!("{stem}-{n}{end}"))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VALUES: NameParts<'static> =
        NameParts { model: "acme/draw-1", task: "0123456789abcdef", number: 2, name: None };

    fn fill(template: &str) -> String {
        Template::parse(template).unwrap().render(VALUES, "png")
    }

    #[test]
    fn placeholders_are_replaced() {
        assert_eq!(fill(DEFAULT), "acme-draw-1-01234567-2.png");
        assert_eq!(fill("{id}"), "0123456789abcdef");
        assert_eq!(fill("лиса {n}.{ext}"), "лиса 2.png");
        assert_eq!(fill("cover"), "cover");
    }

    #[test]
    fn mistakes_are_named() {
        for (template, said) in [
            ("{date}.{ext}", "`{date}` is no placeholder"),
            ("{}", "`{}` is no placeholder"),
            ("{n", "without a }"),
            ("n}.png", "without a {"),
            ("../{n}", "--out names the folder"),
            ("a\\b", "--out names the folder"),
            ("c:evil", "--out names the folder"),
            ("a\nb", "--out names the folder"),
            ("", "no file name"),
            ("..", "no file name"),
        ] {
            let error = Template::parse(template).unwrap_err();
            assert!(error.contains(said), "{template}: {error}");
        }
    }

    #[test]
    fn values_cannot_leave_the_folder() {
        let values = NameParts { model: "../../etc", task: "../passwd\0", number: 1, name: Some("../x") };
        assert_eq!(Template::parse("{model}{id}").unwrap().render(values, "../sh"), "------etc---passwd-");
        let nothing = NameParts { model: "", task: "", number: 1, name: None };
        assert_eq!(Template::parse("{task}").unwrap().render(nothing, ""), "result-1");
    }

    proptest! {
        #[test]
        fn a_name_is_one_component_of_a_path(template in ".{0,20}", model in ".{0,9}", task in ".{0,9}", ext in ".{0,4}") {
            if let Ok(template) = Template::parse(&template) {
                let name = template.render(NameParts { model: &model, task: &task, number: 1, name: Some(&ext) }, &ext);
                let parts: Vec<_> = Path::new(&name).components().collect();
                prop_assert!(matches!(parts.as_slice(), [std::path::Component::Normal(_)]), "{:?}", name);
            }
        }
    }
}
