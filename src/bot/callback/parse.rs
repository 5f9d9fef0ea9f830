//! Reads callback data.

use std::str::FromStr;

use super::{AccessAction, ButtonData, FormAction, JOB, JobAction, ParseError, SubscriptionAction, VERSION};
use crate::invoice::InvoiceId;
use crate::job::JobId;
use crate::ledger::Money;

impl FromStr for ButtonData {
    type Err = ParseError;

    fn from_str(data: &str) -> Result<Self, ParseError> {
        let rest = data.strip_prefix(VERSION).ok_or(ParseError::Version)?;
        let mut chars = rest.chars();
        let word = chars.next().ok_or(ParseError::Unknown)?;
        let rest = chars.as_str();
        match word {
            'h' => bare(rest, Self::Home),
            '-' => bare(rest, Self::Nothing),
            'L' => bare(rest, Self::Languages),
            'J' => bare(rest, Self::Jobs),
            'l' => Ok(Self::Language { code: some(rest, "language")? }),
            'm' => Ok(Self::Model { model: some(rest, "model")? }),
            'n' => Ok(Self::Start { model: some(rest, "model")? }),
            't' => {
                let (task, page) = rest.rsplit_once(':').ok_or(ParseError::Part("page"))?;
                Ok(Self::Task { task: some(task, "task")?, page: number(page, "page")? })
            }
            'j' => {
                let mut chars = rest.chars();
                let letter = chars.next().ok_or(ParseError::Part("action"))?;
                let action = JobAction::ALL.iter().find(|(c, _)| *c == letter).ok_or(ParseError::Part("action"))?.1;
                Ok(Self::Job { id: job(chars.as_str())?, action })
            }
            'f' => {
                let mut parts = rest.splitn(3, ':');
                let nonce = some(parts.next().unwrap_or_default(), "nonce")?;
                let path = parts.next().and_then(|p| p.parse().ok()).ok_or(ParseError::Part("path"))?;
                let action = parts.next().ok_or(ParseError::Part("action"))?.parse()?;
                Ok(Self::Form { nonce, path, action })
            }
            's' => {
                let (id, rest) = job_and_rest(rest)?;
                let (task, at) = match rest.split_once(':') {
                    None => (rest, None),
                    Some((task, at)) => {
                        let (file, page) = at.split_once(':').ok_or(ParseError::Part("page"))?;
                        (task, Some((number(file, "file")?, number(page, "page")?)))
                    }
                };
                Ok(Self::FollowUp { id, task: some(task, "task")?, at })
            }
            'w' => {
                let (id, rest) = job_and_rest(rest)?;
                let (file, model) = rest.split_once(':').ok_or(ParseError::Part("model"))?;
                Ok(Self::StartWith { id, file: number(file, "file")?, model: some(model, "model")? })
            }
            'x' => {
                let (id, step) = job_and_rest(rest)?;
                Ok(Self::NextStep { id, step: number(step, "step")? })
            }
            'q' => bare(rest, Self::AskAccess),
            'a' => {
                let mut chars = rest.chars();
                let letter = chars.next().ok_or(ParseError::Part("action"))?;
                let action = AccessAction::ALL.iter().find(|(c, _)| *c == letter).ok_or(ParseError::Part("action"))?.1;
                Ok(Self::Access { id: chars.as_str().parse().map_err(|_| ParseError::Part("number"))?, action })
            }
            'i' => Ok(Self::Withdraw { code: rest.parse().map_err(|_| ParseError::Part("code"))? }),
            'B' => bare(rest, Self::Balance),
            'b' => Ok(Self::Statement { before: rest.parse().map_err(|_| ParseError::Part("number"))? }),
            'G' => bare(rest, Self::Purse),
            'g' => Ok(Self::PurseStatement { before: rest.parse().map_err(|_| ParseError::Part("number"))? }),
            'A' => Ok(Self::Admin(rest.parse()?)),
            'U' => bare(rest, Self::TopUp),
            'u' => sold(rest).map(|(stars, amount)| Self::Pack { stars, amount }),
            'v' => sold(rest).map(|(stars, amount)| Self::Plan { stars, amount }),
            'y' => {
                let mut chars = rest.chars();
                let letter = chars.next().ok_or(ParseError::Part("action"))?;
                let found = SubscriptionAction::ALL.iter().find(|(c, _)| *c == letter);
                let action = found.ok_or(ParseError::Part("action"))?.1;
                Ok(Self::Subscription { invoice: InvoiceId(some(chars.as_str(), "invoice")?), action })
            }
            'p' => Ok(Self::People { page: number(rest, "page")? }),
            _ => Err(ParseError::Unknown),
        }
    }
}

impl FromStr for FormAction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut chars = text.chars();
        let letter = chars.next().ok_or(ParseError::Part("action"))?;
        let rest = chars.as_str();
        match letter {
            'o' => bare(rest, Self::Open),
            'p' => Ok(Self::Page(number(rest, "page")?)),
            's' => Ok(Self::Set(number(rest, "option")?)),
            'c' => bare(rest, Self::Clear),
            'r' => bare(rest, Self::Pop),
            'a' => bare(rest, Self::Add),
            'd' => bare(rest, Self::Done),
            'k' => bare(rest, Self::Skip),
            'x' => bare(rest, Self::Remove),
            'm' => bare(rest, Self::Fold),
            'u' => bare(rest, Self::Use),
            'y' => bare(rest, Self::Retry),
            't' => Ok(Self::Task(job(rest)?)),
            'g' => bare(rest, Self::Generate),
            'G' => bare(rest, Self::GenerateAnyway),
            _ => Err(ParseError::Part("action")),
        }
    }
}

/// What is sold: its price in Stars, and what it brings.
fn sold(text: &str) -> Result<(u32, Money), ParseError> {
    let (stars, amount) = text.split_once(':').ok_or(ParseError::Part("amount"))?;
    let amount = amount.parse().map(Money::from_hundredths).map_err(|_| ParseError::Part("amount"))?;
    Ok((stars.parse().map_err(|_| ParseError::Part("stars"))?, amount))
}

fn bare<T>(rest: &str, value: T) -> Result<T, ParseError> {
    if rest.is_empty() { Ok(value) } else { Err(ParseError::Unknown) }
}

fn some(text: &str, part: &'static str) -> Result<String, ParseError> {
    if text.is_empty() { Err(ParseError::Part(part)) } else { Ok(text.to_owned()) }
}

fn number(text: &str, part: &'static str) -> Result<u16, ParseError> {
    text.parse().map_err(|_| ParseError::Part(part))
}

fn job_and_rest(text: &str) -> Result<(JobId, &str), ParseError> {
    let (id, rest) = text.split_at_checked(JOB).ok_or(ParseError::Part("job"))?;
    Ok((job(id)?, rest))
}

pub(super) fn job(text: &str) -> Result<JobId, ParseError> {
    let hex = text.len() == JOB && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex { Ok(JobId(text.to_owned())) } else { Err(ParseError::Part("job")) }
}
