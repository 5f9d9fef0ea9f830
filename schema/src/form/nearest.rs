//! The field that was probably meant.

use crate::spec::FieldSpec;

/// One letter may differ for each this many letters of the longer name.
const LETTERS_PER_CHANGE: usize = 3;

/// Longer names are not typing mistakes.
const LONGEST: usize = 64;

/// The name of the field whose name, or other name, is most like this one.
pub(super) fn nearest(fields: &'static [FieldSpec], name: &str) -> Option<&'static str> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let names = fields.iter().flat_map(|field| {
        std::iter::once(&field.name).chain(field.aliases).map(|known| (changes(name, known), known.len(), field.name))
    });
    let scored = names.filter_map(|(changes, length, field)| {
        let longer = name.len().max(length);
        (changes * LETTERS_PER_CHANGE <= longer).then(|| (changes as f64 / longer as f64, field))
    });
    scored.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, field)| field)
}

/// How many letters differ. Words that one name has before or behind the other count a third: `ratio` means `aspect_ratio`.
fn changes(name: &str, known: &str) -> usize {
    let apart = name.len().abs_diff(known.len());
    if apart > 0 && (has_words(known, name) || has_words(name, known)) {
        return apart.div_ceil(3);
    }
    strsim::osa_distance(name, known)
}

/// Whether a name has the words of a shorter one, in a row.
fn has_words(name: &str, words: &str) -> bool {
    name.match_indices(words).any(|(start, _)| {
        let (before, after) = (&name[..start], &name[start + words.len()..]);
        (before.is_empty() || before.ends_with('_')) && (after.is_empty() || after.starts_with('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_count_one() {
        for (name, known) in [("promt", "prompt"), ("prommpt", "prompt"), ("prpmpt", "prompt"), ("rpompt", "prompt")] {
            assert_eq!(changes(name, known), 1, "{name}");
        }
        assert_eq!(changes("prompt", "prompt"), 0);
        assert_eq!(changes("seed", "speed"), 1);
    }

    #[test]
    fn what_is_unlike_everything_gets_no_suggestion() {
        const FIELDS: &[FieldSpec] = &[FieldSpec { name: "prompt", ..FieldSpec::DEFAULT }];
        assert_eq!(nearest(FIELDS, "promt"), Some("prompt"));
        assert_eq!(nearest(FIELDS, "zzz"), None);
        assert_eq!(nearest(FIELDS, ""), None);
        assert_eq!(nearest(FIELDS, &"prompt".repeat(11)), None);
    }

    #[test]
    fn a_word_of_a_name_means_the_name() {
        const FIELDS: &[FieldSpec] = &[
            FieldSpec { name: "prompt", ..FieldSpec::DEFAULT },
            FieldSpec { name: "negative_prompt", ..FieldSpec::DEFAULT },
            FieldSpec { name: "aspect_ratio", ..FieldSpec::DEFAULT },
            FieldSpec { name: "image_url", ..FieldSpec::DEFAULT },
        ];
        for (name, meant) in [
            ("ratio", Some("aspect_ratio")),
            ("image", Some("image_url")),
            ("my_prompt", Some("prompt")),
            ("negative", Some("negative_prompt")),
            ("negativ_prompt", Some("negative_prompt")),
            ("rat", None),
            ("no_such_field", None),
        ] {
            assert_eq!(nearest(FIELDS, name), meant, "{name}");
        }
    }
}
