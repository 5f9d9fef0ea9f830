//! Who may use the bot, for its admins: invitations, requests, and who was let in.

use super::{Button, Screen, Style};
use crate::access::{AccessEntry, AccessRequest, Invite, Party, RequestState};
use crate::bot::callback::{AccessAction, ButtonData};
use crate::bot::html::Page;
use crate::l10n::Messages;

/// Most invitations, requests or people in one message.
pub(crate) const LISTED: usize = 10;

/// A list of which a message shows [`LISTED`] at most.
#[derive(Debug)]
pub(crate) struct Excerpt<T> {
    shown: Vec<T>,
    has_more: bool,
}

impl<T> Excerpt<T> {
    /// How many are asked for: one more than is shown.
    pub(crate) const LIMIT: u32 = LISTED as u32 + 1;

    /// Of a list that was asked for with [`Excerpt::LIMIT`].
    pub(crate) fn new(mut list: Vec<T>) -> Self {
        let has_more = list.len() > LISTED;
        list.truncate(LISTED);
        Self { shown: list, has_more }
    }

    fn numbered(&self) -> impl Iterator<Item = (u64, &T)> {
        (1..).zip(&self.shown)
    }
}

/// The name of a person or a chat, or else the number.
fn label(party: &Party) -> String {
    if party.name.is_empty() { party.id.to_string() } else { party.name.clone() }
}

/// All that is known of a person: each on its own line, since a name may look like anything.
fn describe(page: &mut Page, party: &Party, texts: &Messages) {
    if !party.name.is_empty() {
        page.line().text(texts.party_name(&party.name));
    }
    if let Some(name) = &party.user_name {
        page.line().text(texts.party_user_name(name));
    }
    page.line().text(texts.party_number(&party.id.to_string()));
}

fn decide_buttons(id: i64, allow: String, refuse: String) -> Vec<Button> {
    let button = |label, action, style| Button::new(label, &ButtonData::Access { id, action }).styled(style);
    vec![button(allow, AccessAction::Allow, Style::Success), button(refuse, AccessAction::Refuse, Style::Danger)]
}

/// A request, with buttons to decide it.
pub(crate) fn request(request: &AccessRequest, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.request_title());
    describe(&mut page, &request.party, texts);
    Screen::new(page).row(decide_buttons(request.party.id, texts.button_allow(), texts.button_refuse()))
}

/// What was decided about a request, and by whom.
pub(crate) fn decision(request: &AccessRequest, texts: &Messages) -> String {
    let name = format!("{} ({})", label(&request.party), request.party.id);
    let by = request.decider.as_ref().map(label).unwrap_or_default();
    match request.state {
        RequestState::Open => texts.request_title(),
        RequestState::Allowed => texts.request_allowed(&name, &by),
        RequestState::Refused => texts.request_refused(&name, &by),
    }
}

/// The open requests, each with buttons to decide it.
pub(crate) fn requests(list: &Excerpt<AccessRequest>, texts: &Messages) -> Screen {
    if list.shown.is_empty() {
        return Screen::text(texts.requests_none());
    }
    let mut page = Page::new();
    page.bold(texts.requests_title());
    let mut screen = Screen::new(Page::new());
    for (n, request) in list.numbered() {
        page.gap().text(format!("{n}. {}", request.asked_at.date()));
        describe(&mut page, &request.party, texts);
        let label = |text: String| format!("{n}. {text}");
        screen =
            screen.row(decide_buttons(request.party.id, label(texts.button_allow()), label(texts.button_refuse())));
    }
    if list.has_more {
        page.gap().text(texts.requests_more());
    }
    Screen { page, ..screen }
}

/// A new invitation with what leads to it.
pub(crate) fn invite(invite: &Invite, link: &str, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.text(texts.invite_made(u64::from(invite.uses_left), &invite.ends_at.date())).line().text(link);
    Screen::new(page)
}

/// The open invitations with what leads to each, and a button to withdraw each.
pub(crate) fn invites(list: &Excerpt<(Invite, String)>, texts: &Messages) -> Screen {
    if list.shown.is_empty() {
        return Screen::text(texts.invites_none());
    }
    let mut page = Page::new();
    page.bold(texts.invites_title());
    let mut buttons = Vec::new();
    for (n, (invite, link)) in list.numbered() {
        let left = texts.invite_left(u64::from(invite.uses_left), &invite.ends_at.date());
        page.gap().text(format!("{n}. {left}")).line().text(link);
        let data = ButtonData::Withdraw { code: invite.code.clone() };
        buttons.push(Button::new(texts.button_remove_item(n), &data));
    }
    if list.has_more {
        page.gap().text(texts.invites_more());
    }
    Screen::new(page).grid(buttons, 5)
}

/// Who was let in and who was denied, the latest first, each with a button to take that back; before them those of the
/// settings.
pub(crate) fn people(list: &Excerpt<AccessEntry>, page_number: u16, listed: &[i64], texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.people_title());
    if !listed.is_empty() {
        let numbers: Vec<String> = listed.iter().take(50).map(ToString::to_string).collect();
        page.gap().text(texts.people_settings(&numbers.join(", ")));
    }
    if list.shown.is_empty() {
        page.gap().text(texts.people_none());
    }
    let mut buttons = Vec::new();
    for (n, entry) in list.numbered() {
        let AccessEntry { party, is_allowed, origin, decided_by, since } = entry;
        let how = if *is_allowed { origin.as_str() } else { "denied" };
        page.gap().text(format!("{n}. {}", texts.people_how(how, &since.date(), &decided_by.0.to_string())));
        describe(&mut page, party, texts);
        let data = ButtonData::Access { id: party.id, action: AccessAction::Remove };
        buttons.push(Button::new(texts.button_remove_item(n), &data));
    }
    let turn = |label: &str, page: u16| Button::new(label, &ButtonData::People { page });
    let mut turns = Vec::new();
    turns.extend(page_number.checked_sub(1).map(|before| turn("‹", before)));
    turns.extend(page_number.checked_add(1).filter(|_| list.has_more).map(|next| turn("›", next)));
    Screen::new(page).grid(buttons, 5).row(turns)
}
