//! A form, checked and priced: the one place where a price that a person sees comes from.

use serde_json::{Map, Value};

use crate::form::{self, Origin};
use crate::job::{Attachment, Certainty, Quote};
use crate::ledger::Credits;
use crate::schema::Unpriced;
use crate::schema::input::{Files, Request};
use crate::schema::report::{Report, Violation};
use crate::schema::spec::Named;

/// Checked and priced, not yet ordered.
#[derive(Debug, Clone)]
pub struct PricedOrder {
    /// The checked input.
    pub request: Request,
    /// The price, or why it cannot be said.
    pub quote: Result<Quote, Unpriced>,
    /// Advice.
    pub warnings: Vec<Violation>,
}

impl PricedOrder {
    /// Checks and prices answers. Nothing is asked for elsewhere, so that it may be done for answers that are only thought of.
    ///
    /// # Errors
    /// Everything that is wrong with the answers.
    pub fn of(
        model: impl Into<Named>,
        answers: &Map<String, Value>,
        attachments: &[Attachment],
    ) -> Result<Self, Report> {
        let files = facts(attachments);
        let accepted = form::check(model, answers, &files, Origin::Json)?;
        let quote = accepted.request.price(&files);
        Ok(Self { request: accepted.request, quote, warnings: accepted.warnings })
    }

    /// The price, when the vendor charges exactly that.
    pub fn exact(&self) -> Option<Credits> {
        let Quote { credits, certainty } = self.quote.ok()?;
        match certainty {
            Certainty::Exact => Some(credits),
            Certainty::AtMost => None,
        }
    }
}

/// What is known of the files, by their links.
pub(super) fn facts(attachments: &[Attachment]) -> Files {
    attachments.iter().map(|a| (a.url.clone(), a.facts.clone())).collect()
}
