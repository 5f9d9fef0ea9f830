//! Shows images in terminals that can show them.
//!
//! One of three protocols, chosen by environment variables: that of iTerm2 (any format; also WezTerm, Konsole, VS Code,
//! mintty), that of kitty (PNG; also Ghostty), and coloured half blocks (PNG) where 24-bit colour is announced.
//! Terminals are not queried: one that does not answer would block the program.

mod block;

use std::io::{IsTerminal, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Width of an image, in columns.
const COLUMNS: u32 = 40;
/// Size of the largest file that is shown, in bytes.
const MAX_BYTES: u64 = 16 << 20;
/// Size of the largest chunk of base64 in kitty's protocol, in bytes.
const CHUNK: usize = 4096;

/// How a terminal shows images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ImageProtocol {
    /// Inline files of iTerm2.
    Iterm,
    /// Kitty's graphics protocol.
    Kitty,
    /// Half blocks in 24-bit colour.
    Blocks,
}

impl ImageProtocol {
    /// The protocol of the terminal at standard error; `None` when there is no terminal, or when `NO_COLOR` is set.
    pub(super) fn detect() -> Option<Self> {
        if std::io::stderr().is_terminal() { Self::of(|name| std::env::var(name).ok()) } else { None }
    }

    fn of(var: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let var = |name: &str| var(name).unwrap_or_default();
        let (term, program) = (var("TERM"), var("TERM_PROGRAM"));
        if !var("NO_COLOR").is_empty() || term == "dumb" {
            return None;
        }
        // A multiplexer keeps the variables of the terminal around it, but not its protocols.
        let nested = term.starts_with("screen") || term.starts_with("tmux") || !var("TMUX").is_empty();
        let iterm = ["iTerm.app", "WezTerm", "vscode", "mintty"].contains(&program.as_str());
        if !nested && (iterm || !var("KONSOLE_VERSION").is_empty()) {
            return Some(Self::Iterm);
        }
        let kitty = term == "xterm-kitty" || term == "xterm-ghostty" || program == "ghostty";
        if !nested && (kitty || !var("KITTY_WINDOW_ID").is_empty()) {
            return Some(Self::Kitty);
        }
        ["truecolor", "24bit"].contains(&var("COLORTERM").as_str()).then_some(Self::Blocks)
    }

    /// Writes an image to standard error; returns whether it was shown.
    pub(super) fn display(self, path: &Path) -> bool {
        if std::fs::metadata(path).map_or(u64::MAX, |facts| facts.len()) > MAX_BYTES {
            return false;
        }
        let Ok(picture) = std::fs::read(path) else { return false };
        let Some(text) = self.encode(&picture) else { return false };
        let mut to = std::io::stderr().lock();
        to.write_all(&text).and_then(|()| to.flush()).is_ok()
    }

    /// The bytes that show an image; `None` for a file that this protocol cannot show.
    fn encode(self, picture: &[u8]) -> Option<Vec<u8>> {
        let is_png = infer::get(picture).is_some_and(|kind| kind.mime_type() == "image/png");
        match self {
            Self::Iterm => Some(iterm(picture)),
            Self::Kitty => is_png.then(|| kitty(picture)),
            Self::Blocks => is_png.then(|| block::draw(picture, COLUMNS))?,
        }
    }
}

fn iterm(picture: &[u8]) -> Vec<u8> {
    let data = STANDARD.encode(picture);
    let head = format!("\x1b]1337;File=inline=1;size={};width={COLUMNS};preserveAspectRatio=1:", picture.len());
    [head.as_bytes(), data.as_bytes(), b"\x07\n"].concat()
}

fn kitty(picture: &[u8]) -> Vec<u8> {
    let data = STANDARD.encode(picture);
    let mut text = Vec::new();
    let mut chunks = data.as_bytes().chunks(CHUNK).peekable();
    let mut first = true;
    while let Some(chunk) = chunks.next() {
        let more = u8::from(chunks.peek().is_some());
        // f=100: PNG. a=T: show at once. q=2: send no answer, which would appear as typed input.
        let head = if first { format!("f=100,a=T,q=2,c={COLUMNS},m={more}") } else { format!("m={more}") };
        first = false;
        text.extend_from_slice(format!("\x1b_G{head};").as_bytes());
        text.extend_from_slice(chunk);
        text.extend_from_slice(b"\x1b\\");
    }
    text.push(b'\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Sample;

    fn of(vars: &[(&str, &str)]) -> Option<ImageProtocol> {
        ImageProtocol::of(|name| vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_protocol_is_chosen_by_environment_variables() {
        assert_eq!(of(&[("TERM_PROGRAM", "iTerm.app")]), Some(ImageProtocol::Iterm));
        assert_eq!(of(&[("TERM", "xterm-kitty")]), Some(ImageProtocol::Kitty));
        assert_eq!(of(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Some(ImageProtocol::Blocks));
        assert_eq!(of(&[("TERM", "tmux-256color"), ("TERM_PROGRAM", "WezTerm"), ("KITTY_WINDOW_ID", "1")]), None);
        assert_eq!(of(&[("TERM", "xterm")]), None);
        assert_eq!(of(&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")]), None);
        assert_eq!(of(&[("TERM", "dumb"), ("COLORTERM", "truecolor")]), None);
    }

    #[test]
    fn every_protocol_encodes_an_image() {
        let picture = Sample::of(crate::schema::spec::MediaKind::Image).unwrap().bytes;
        let inline = String::from_utf8(ImageProtocol::Iterm.encode(picture).unwrap()).unwrap();
        let data = inline.split_once(':').unwrap().1.trim_end_matches("\x07\n");
        assert_eq!(STANDARD.decode(data).unwrap(), picture);

        let pieces = String::from_utf8(ImageProtocol::Kitty.encode(picture).unwrap()).unwrap();
        let pieces: Vec<(&str, &str)> =
            pieces.split("\x1b_G").skip(1).map(|piece| piece.split_once(';').unwrap()).collect();
        let data: String = pieces.iter().map(|(_, data)| data.split("\x1b\\").next().unwrap()).collect();
        assert_eq!(STANDARD.decode(data).unwrap(), picture);
        let (last, others) = pieces.split_last().unwrap();
        assert!(
            last.0.ends_with("m=0")
                && others.iter().all(|(head, data)| head.ends_with("m=1") && data.len() <= CHUNK + 2)
        );

        let blocks = String::from_utf8(ImageProtocol::Blocks.encode(picture).unwrap()).unwrap();
        assert_eq!(blocks.lines().count(), 20);
        assert!(blocks.lines().all(|line| line.matches('▀').count() == 40 && line.ends_with("\x1b[0m")));
    }

    #[test]
    fn other_files_are_not_encoded() {
        for protocol in [ImageProtocol::Kitty, ImageProtocol::Blocks] {
            assert_eq!(protocol.encode(b"\xff\xd8\xff\xe0 a photo"), None);
        }
        assert_eq!(ImageProtocol::Blocks.encode(b"\x89PNG\r\n\x1a\n and nothing more"), None);
    }
}
