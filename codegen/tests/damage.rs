//! Any text gives a registry, or mistakes with positions inside the file, and never a panic.

use kie_codegen::parse;

const TEXT: &str = include_str!("accept/everything.yaml");
const SYMBOLS: &[char] =
    &['[', ']', '{', '}', ':', ',', '&', '*', '-', '\'', '"', '$', '~', '0', '.', '\n', ' ', '<', 'ё'];
const WORDS: &[&str] =
    &["[]", "{}", "~", "5", "-1", "x", "present", "'5'", "[1, 2]", "{ a: 1 }", "true", "$photo", "1e400"];

/// Xorshift: the same damage in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or_default()
    }
}

fn change_symbols(text: &str, dice: &mut Dice) -> String {
    let mut symbols: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(3) {
        let index = dice.below(symbols.len());
        match dice.below(3) {
            0 => drop(symbols.remove(index)),
            1 => symbols[index] = SYMBOLS[dice.below(SYMBOLS.len())],
            _ => symbols.insert(index, SYMBOLS[dice.below(SYMBOLS.len())]),
        }
    }
    symbols.into_iter().collect()
}

fn change_words(text: &str, dice: &mut Dice) -> String {
    let mut text = text.to_owned();
    for _ in 0..=dice.below(4) {
        let words: Vec<(usize, usize)> = text
            .split(|symbol: char| !symbol.is_alphanumeric() && symbol != '_')
            .filter(|word| !word.is_empty())
            .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word.len()))
            .collect();
        let (start, length) = words[dice.below(words.len())];
        let word = WORDS[dice.below(WORDS.len())];
        text.replace_range(start..start + length, word);
    }
    text
}

#[test]
fn damaged_files_are_taken_or_explained() {
    let mut dice = Dice(0x5EED_CAFE);
    let mut refused = 0;
    for round in 0..400 {
        let text = if round % 2 == 0 { change_symbols(TEXT, &mut dice) } else { change_words(TEXT, &mut dice) };
        let Err(mistakes) = parse::registry("damaged.yaml", &text) else { continue };
        refused += 1;
        let lines = text.lines().count();
        assert!(!mistakes.list().is_empty(), "refused without a reason:\n{text}");
        // A few changes must not bring up a page of mistakes that follow from them.
        assert!(mistakes.list().len() < 30, "{mistakes}");
        for mistake in mistakes.list() {
            assert!((1..=lines + 1).contains(&(mistake.span.line as usize)), "{mistake:?} in {lines} lines");
        }
        assert!(mistakes.to_string().ends_with("in the model registry"));
    }
    assert!(refused > 200, "only {refused} of 400 were damaged enough");
}
