//! Names of result files.

use std::path::{Path, PathBuf};

/// The name when none is asked for.
pub(crate) const DEFAULT: &str = "{model}-{task}-{number}.{ext}";

/// Tries for a free name.
const TRIES: u32 = 10_000;

/// A file name with gaps. Never a path: neither the template nor what is filled in may hold a separator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Model,
    Task,
    Id,
    Number,
    Extension,
}

/// What is filled in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) model: &'a str,
    pub(super) task: &'a str,
    pub(super) n: u32,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if text.contains(['/', '\\', ':']) || text.chars().any(char::is_control) {
            return Err("must be a file name without / \\ or : (--out names the folder)".to_owned());
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Part::Text(before.to_owned()));
            let (word, tail) = after.split_once('}').ok_or("has a { without a }")?;
            parts.push(match word {
                "model" => Part::Model,
                "task" => Part::Task,
                "id" => Part::Id,
                "number" | "n" => Part::Number,
                "ext" => Part::Extension,
                other => {
                    return Err(format!(
                        "`{{{other}}}` is no placeholder; there are {{model}}, {{task}}, {{id}}, {{number}} and {{ext}}"
                    ));
                }
            });
            rest = tail;
        }
        if rest.contains('}') || parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('}'))) {
            return Err("has a } without a {".to_owned());
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        if text.trim().trim_matches('.').is_empty() {
            return Err("is no file name".to_owned());
        }
        Ok(Self(parts))
    }

    /// The name of one file.
    pub(super) fn fill(&self, words: Words<'_>, extension: &str) -> String {
        let one = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Model => plain(words.model),
            Part::Task => plain(words.task).chars().take(8).collect(),
            Part::Id => plain(words.task),
            Part::Number => words.n.to_string(),
            Part::Extension => plain(extension),
        };
        let name: String = self.0.iter().map(one).collect();
        if name.trim().trim_matches('.').is_empty() { format!("result-{}", words.n) } else { name }
    }
}

/// Letters and digits stay; everything else, above all what separates folders, becomes a line.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect()
}

/// The name, then the name with a number: `fox.png`, `fox-2.png`, `fox-3.png`.
pub(super) fn candidates(folder: &Path, name: &str) -> impl Iterator<Item = PathBuf> {
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => (stem.to_owned(), format!(".{end}")),
        _ => (name.to_owned(), String::new()),
    };
    let first = folder.join(name);
    let folder = folder.to_owned();
    std::iter::once(first).chain((2..TRIES).map(move |n| folder.join(format!("{stem}-{n}{end}"))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORDS: Words<'static> = Words { model: "acme/draw-1", task: "0123456789abcdef", n: 2 };

    fn fill(template: &str) -> String {
        Template::parse(template).unwrap().fill(WORDS, "png")
    }

    #[test]
    fn gaps_are_filled() {
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
    fn what_is_filled_in_cannot_leave_the_folder() {
        let words = Words { model: "../../etc", task: "../passwd\0", n: 1 };
        assert_eq!(Template::parse("{model}{id}").unwrap().fill(words, "../sh"), "------etc---passwd-");
        let nothing = Words { model: "", task: "", n: 1 };
        assert_eq!(Template::parse("{task}").unwrap().fill(nothing, ""), "result-1");
    }

    proptest! {
        #[test]
        fn a_name_is_one_part_of_a_path(template in ".{0,20}", model in ".{0,9}", task in ".{0,9}", ext in ".{0,4}") {
            if let Ok(template) = Template::parse(&template) {
                let name = template.fill(Words { model: &model, task: &task, n: 1 }, &ext);
                let parts: Vec<_> = Path::new(&name).components().collect();
                prop_assert!(matches!(parts.as_slice(), [std::path::Component::Normal(_)]), "{:?}", name);
            }
        }
    }
}
