//! Tables for terminals: columns without borders; on a narrow terminal each row is printed over several lines instead.

use comfy_table::{ColumnConstraint, ContentArrangement, presets};

use super::output::print_line;

/// Spaces between two columns.
const GAP: u16 = 2;
/// A column that wraps is at least as wide as its longest word, up to this number of characters.
const MAX_WORD: usize = 20;

/// Rows with a header. The first column has names to copy, so it is never wrapped.
#[derive(Debug)]
pub(super) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    unwrapped: Vec<bool>,
}

impl Table {
    /// A table without rows.
    pub(super) fn new<S: AsRef<str>>(head: &[S]) -> Self {
        let head: Vec<String> = head.iter().map(|word| word.as_ref().to_owned()).collect();
        let unwrapped = (0..head.len()).map(|column| column == 0).collect();
        Self { head, rows: Vec::new(), unwrapped }
    }

    /// Never wraps these columns either, counted from 0.
    pub(super) fn unwrapped(mut self, columns: &[usize]) -> Self {
        for (column, unwrapped) in self.unwrapped.iter_mut().enumerate() {
            *unwrapped |= columns.contains(&column);
        }
        self
    }

    /// One more row.
    pub(super) fn add_row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(|cell| cell.as_ref().to_owned()).collect());
    }

    /// Prints it in the width of the terminal; without limit to a pipe, or to a terminal of unknown width.
    pub(super) fn print(&self) {
        let width = comfy_table::Table::new().width().filter(|width| *width > 0);
        self.lines(width).iter().for_each(|line| print_line(line));
    }

    /// Its lines in this width, without trailing spaces.
    pub(super) fn lines(&self, width: Option<u16>) -> Vec<String> {
        match width {
            Some(width) if self.min_width() > usize::from(width) => self.stacked(usize::from(width)),
            _ => self.columns(width),
        }
    }

    /// The smallest width in which it can be printed as columns.
    fn min_width(&self) -> usize {
        let cells =
            |column: usize| self.rows.iter().filter_map(move |row| row.get(column)).chain(self.head.get(column));
        let min_width = |(column, unwrapped): (usize, &bool)| {
            let natural = cells(column).map(|cell| length(cell)).max().unwrap_or(0);
            let words = cells(column).flat_map(|cell| cell.split_whitespace()).map(length).max().unwrap_or(0);
            let own = if *unwrapped { natural } else { words.min(MAX_WORD) };
            own + usize::from(GAP)
        };
        self.unwrapped.iter().enumerate().map(min_width).sum()
    }

    fn columns(&self, width: Option<u16>) -> Vec<String> {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).force_no_tty().set_header(&self.head);
        match width {
            None => table.set_content_arrangement(ContentArrangement::Disabled),
            Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        };
        table.add_rows(&self.rows);
        for (column, unwrapped) in table.column_iter_mut().zip(&self.unwrapped) {
            column.set_padding((0, GAP));
            if *unwrapped {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
        table.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// Each row as several lines: the first cell alone, then the other cells with their headers.
    fn stacked(&self, width: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for row in &self.rows {
            let mut cells = row.iter();
            lines.extend(cells.next().cloned());
            let named = self.head.iter().skip(1).zip(cells).filter(|(_, cell)| !cell.trim().is_empty());
            let parts: Vec<String> = named.map(|(head, cell)| format!("{}: {cell}", head.to_lowercase())).collect();
            wrap(&parts, width, &mut lines);
        }
        lines
    }
}

/// Joins parts into lines of this width. A line breaks between parts, or between the words of a part that is longer
/// than a line; a word that is longer than a line is not broken.
fn wrap(parts: &[String], width: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut end = |line: &mut String| {
        if !line.is_empty() {
            lines.push(format!("  {line}"));
            line.clear();
        }
    };
    for part in parts {
        if 2 + length(&line) + 3 + length(part) > width {
            end(&mut line);
        }
        let words = part.split_whitespace().enumerate();
        for (number, word) in words {
            let gap = if number == 0 { " · " } else { " " };
            if 2 + length(&line) + length(gap) + length(word) > width {
                end(&mut line);
            }
            if !line.is_empty() {
                line.push_str(gap);
            }
            line.push_str(word);
        }
    }
    end(&mut line);
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(&["ID", "TYPE", "ABOUT"]).unwrapped(&[1]);
        table.add_row(["acme/draw-3.0-turbo", "text_to_image", "Draws a picture from words, fast and cheap"]);
        table.add_row(["acme/draw", "image_edit", ""]);
        table
    }

    #[test]
    fn a_wide_table_has_one_line_a_row() {
        let lines = sample().lines(None);
        assert_eq!(lines.len(), 3);
        assert_eq!(lines, sample().lines(Some(200)));
        assert_eq!(lines[2], "acme/draw            image_edit");
    }

    #[test]
    fn names_are_not_wrapped_in_any_width() {
        for width in 1..120 {
            let lines = sample().lines(Some(width));
            for name in ["acme/draw-3.0-turbo", "text_to_image", "image_edit", "picture"] {
                let unwrapped = |line: &String| line.split_whitespace().any(|word| word == name);
                assert!(lines.iter().any(unwrapped), "{name} at {width}: {lines:#?}");
            }
        }
    }

    #[test]
    fn a_narrow_table_is_stacked() {
        assert_eq!(
            sample().lines(Some(30)),
            [
                "acme/draw-3.0-turbo",
                "  type: text_to_image",
                "  about: Draws a picture from",
                "  words, fast and cheap",
                "acme/draw",
                "  type: image_edit",
            ]
        );
        assert!(sample().lines(Some(50)).iter().all(|line| length(line) <= 50));
    }
}
