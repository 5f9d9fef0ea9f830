//! Telegram's HTML: <https://core.telegram.org/bots/api#html-style>. Errors have the texts of the real server.

use super::error::ApiError;
use super::message::Entity;

struct Open {
    tag: String,
    kind: &'static str,
    offset: usize,
    url: Option<String>,
    language: Option<String>,
}

/// Parses HTML to the plain text and its formatting.
///
/// # Errors
/// The Bot API's error when the HTML is invalid.
pub(super) fn parse(source: &str) -> Result<(String, Vec<Entity>), ApiError> {
    let refuse = |what: String| ApiError::bad(format!("can't parse entities: {what}"));
    let mut text = String::new();
    let mut units = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut entities = Vec::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        if c == '&' {
            let (decoded, length) = reference(&source[at..]).unwrap_or(('&', 1));
            text.push(decoded);
            units += decoded.len_utf16();
            at += length;
            continue;
        }
        if c != '<' {
            text.push(c);
            units += c.len_utf16();
            at += c.len_utf8();
            continue;
        }
        let rest = &source[at + 1..];
        let end = rest.find('>').ok_or_else(|| {
            let kind = if rest.starts_with('/') { "end" } else { "start" };
            refuse(format!("Unclosed {kind} tag at byte offset {at}"))
        })?;
        let inside = &rest[..end];
        if let Some(name) = inside.strip_prefix('/') {
            let name = name.trim().to_lowercase();
            let started = open.pop().ok_or_else(|| refuse(format!("Unexpected end tag at byte offset {at}")))?;
            if !name.is_empty() && name != started.tag {
                let expected = &started.tag;
                let found =
                    format!("Unmatched end tag at byte offset {at}, expected \"</{expected}>\", found \"</{name}>\"");
                return Err(refuse(found));
            }
            close(&started, units, &mut entities);
        } else {
            let started = start(inside, units)
                .ok_or_else(|| refuse(format!("Unsupported start tag \"{}\" at byte offset {at}", name_of(inside))))?;
            open.push(started);
        }
        at += end + 2;
    }
    if let Some(last) = open.pop() {
        return Err(refuse(format!("Can't find end tag corresponding to start tag \"{}\"", last.tag)));
    }
    entities.sort_by_key(|entity: &Entity| (entity.offset, usize::MAX - entity.length));
    Ok((text, entities))
}

fn name_of(inside: &str) -> String {
    inside.split_whitespace().next().unwrap_or_default().to_lowercase()
}

fn start(inside: &str, offset: usize) -> Option<Open> {
    let tag = name_of(inside);
    let mut url = None;
    let mut language = None;
    let kind = match tag.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "tg-spoiler" => "spoiler",
        "span" if attribute(inside, "class")? == "tg-spoiler" => "spoiler",
        "code" => {
            language = attribute(inside, "class").and_then(|c| c.strip_prefix("language-").map(str::to_owned));
            "code"
        }
        "pre" => "pre",
        "blockquote" if inside.contains("expandable") => "expandable_blockquote",
        "blockquote" => "blockquote",
        "tg-emoji" => "custom_emoji",
        "a" => {
            url = attribute(inside, "href");
            "text_link"
        }
        _ => return None,
    };
    Some(Open { tag, kind, offset, url, language })
}

fn close(started: &Open, units: usize, entities: &mut Vec<Entity>) {
    let length = units - started.offset;
    // A link without a target and an empty range are ignored.
    if length == 0 || (started.kind == "text_link" && started.url.is_none()) {
        return;
    }
    // <pre><code class="language-x"> is one block with a language.
    if started.kind == "pre"
        && let Some(inner) =
            entities.iter_mut().find(|e| e.kind == "code" && e.offset == started.offset && e.length == length)
    {
        inner.kind = "pre".to_owned();
        return;
    }
    entities.push(Entity {
        kind: started.kind.to_owned(),
        offset: started.offset,
        length,
        url: started.url.clone(),
        language: started.language.clone(),
    });
}

/// The value of an attribute, with its character references decoded.
fn attribute(inside: &str, name: &str) -> Option<String> {
    let at = inside.find(&format!("{name}="))? + name.len() + 1;
    let rest = &inside[at..];
    let raw = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.split_whitespace().next()?,
    };
    let mut value = String::new();
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        let (decoded, length) = if c == '&' { reference(&raw[at..]).unwrap_or(('&', 1)) } else { (c, c.len_utf8()) };
        value.push(decoded);
        at += length;
    }
    Some(value)
}

/// A character reference at the start of `text`, and its length. Only four names are known to Telegram.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.find(';').filter(|end| *end <= 10)?;
    let name = &text[1..end];
    let decoded = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')?
        }
    };
    Some((decoded, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> (String, Vec<(String, usize, usize)>) {
        let (text, entities) = parse(source).unwrap();
        (text, entities.into_iter().map(|e| (e.kind, e.offset, e.length)).collect())
    }

    fn refused(source: &str) -> String {
        parse(source).unwrap_err().description
    }

    #[test]
    fn formatting_counts_utf16_units() {
        let (text, found) = kinds("🚀 <b>a &lt; <i>б</i></b> &amp; &#33;&copy;");
        assert_eq!(text, "🚀 a < б & !&copy;");
        assert_eq!(found, [("bold".into(), 3, 5), ("italic".into(), 7, 1)]);
        let (_, entities) = parse("<a href=\"https://x.org/?a=1&amp;b=2\">go</a>").unwrap();
        assert_eq!(entities[0].url.as_deref(), Some("https://x.org/?a=1&b=2"));
        let (_, entities) = parse("<pre><code class=\"language-json\">{}</code></pre>").unwrap();
        assert_eq!(
            (entities[0].kind.as_str(), entities[0].language.as_deref(), entities.len()),
            ("pre", Some("json"), 1)
        );
    }

    #[test]
    fn bad_html_is_refused_as_telegram_does() {
        assert_eq!(
            refused("a <foo>b</foo>"),
            "Bad Request: can't parse entities: Unsupported start tag \"foo\" at byte offset 2"
        );
        assert_eq!(
            refused("<b>x"),
            "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
        );
        assert_eq!(refused("x</b>"), "Bad Request: can't parse entities: Unexpected end tag at byte offset 1");
        assert!(refused("<b>x</i>").contains("Unmatched end tag at byte offset 4"));
        assert!(refused("1 < 2").contains("Unclosed start tag at byte offset 2"));
    }
}
