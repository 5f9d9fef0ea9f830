//! Message text in Telegram's HTML mode. Every text goes through [`Page`], which escapes it.

/// Most characters of a message, in UTF-16 units, without the markup (Bot API, `sendMessage`).
pub(crate) const MESSAGE_LIMIT: usize = 4096;
/// Most characters of a caption, counted in the same way (Bot API, `sendPhoto`).
pub(crate) const CAPTION_LIMIT: usize = 1024;

/// The text of a message. What exceeds [`MESSAGE_LIMIT`] is cut.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    html: String,
    /// Length without the markup, in UTF-16 units.
    visible: usize,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Plain text.
    pub(crate) fn text(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.wrapped("", text.as_ref(), "")
    }

    /// Bold text.
    pub(crate) fn bold(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.wrapped("<b>", text.as_ref(), "</b>")
    }

    /// Italic text.
    pub(crate) fn italic(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.wrapped("<i>", text.as_ref(), "</i>")
    }

    /// Text in a fixed-width font, which a tap copies.
    pub(crate) fn code(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.wrapped("<code>", text.as_ref(), "</code>")
    }

    /// A link.
    pub(crate) fn link(&mut self, url: &str, label: &str) -> &mut Self {
        let open = format!("<a href=\"{}\">", escape(url));
        self.wrapped(&open, label, "</a>")
    }

    /// A line break.
    pub(crate) fn line(&mut self) -> &mut Self {
        self.wrapped("", "\n", "")
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) -> &mut Self {
        self.wrapped("", "\n\n", "")
    }

    /// This page, followed by another one.
    pub(crate) fn then(mut self, next: &Self) -> Self {
        // Nothing is cut here: the first page is always a short notice.
        self.html.push_str(&next.html);
        self.visible += next.visible;
        self
    }

    /// The HTML for Telegram.
    pub(crate) fn html(&self) -> &str {
        &self.html
    }

    fn wrapped(&mut self, open: &str, text: &str, close: &str) -> &mut Self {
        let room = MESSAGE_LIMIT.saturating_sub(self.visible);
        if room == 0 {
            return self;
        }
        let text = clip(text, room);
        self.visible += text.encode_utf16().count();
        self.html.push_str(open);
        self.html.push_str(&escape(&text));
        self.html.push_str(close);
        self
    }
}

/// A text with the characters escaped that HTML treats as markup.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

/// The beginning of a text, `max` UTF-16 units at most, which ends with an ellipsis when something was cut.
pub(crate) fn clip(text: &str, max: usize) -> String {
    if text.encode_utf16().count() <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.len_utf16();
        if used > max {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// A text in one line, cut to `max` UTF-16 units.
pub(crate) fn one_line(text: &str, max: usize) -> String {
    clip(&text.split_whitespace().collect::<Vec<_>>().join(" "), max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_text_is_escaped() {
        let mut page = Page::new();
        page.bold("a <b> & \"c\"").line().link("https://x/?a=1&b=\"", "go");
        assert_eq!(
            page.html(),
            "<b>a &lt;b&gt; &amp; &quot;c&quot;</b>\n<a href=\"https://x/?a=1&amp;b=&quot;\">go</a>"
        );
    }

    #[test]
    fn a_page_never_exceeds_a_message() {
        let mut page = Page::new();
        page.text("я".repeat(4000)).bold("🦊".repeat(400)).text("more");
        let visible: usize = page.visible;
        assert!(visible <= MESSAGE_LIMIT, "{visible}");
        assert!(page.html().ends_with("…</b>") || page.html().ends_with('…'));
    }

    #[test]
    fn clipping_counts_as_telegram_does() {
        assert_eq!(clip("абв", 3), "абв");
        assert_eq!(clip("абвг", 3), "аб…");
        assert_eq!(clip("🦊🦊", 3), "🦊…");
        assert_eq!(one_line("a\n  b\tc", 10), "a b c");
    }
}
