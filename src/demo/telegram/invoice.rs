//! Methods that sell for Telegram Stars. The real server's texts of most of these errors are not documented; they are
//! those of MTProto.

use serde_json::{Value, json};

use super::args::Args;
use super::error::{ApiError, ApiResult};
use super::payment;
use super::send;
use super::simulator::TelegramSimulator;
use super::stars::{PERIOD, SimInvoice};

/// Most Stars of an invoice, and of a subscription (Bot API, `createInvoiceLink`).
const MAX_AMOUNT: i64 = 100_000;
const MAX_SUBSCRIPTION: i64 = 10_000;

fn invoice(args: &Args, is_subscription: bool) -> Result<SimInvoice, ApiError> {
    let text = |name: &str, most: usize, error: &str| {
        let text = args.text(name).unwrap_or_default();
        let is_right = !text.is_empty() && text.chars().count() <= most;
        if is_right { Ok(text) } else { Err(ApiError::bad(error)) }
    };
    let title = text("title", 32, "INVOICE_TITLE_INVALID")?;
    let description = text("description", 255, "INVOICE_DESCRIPTION_INVALID")?;
    let payload = args.text("payload").filter(|payload| (1..=128).contains(&payload.len()));
    let payload = payload.ok_or_else(|| ApiError::bad("INVOICE_PAYLOAD_INVALID"))?;
    if args.text("currency").as_deref() != Some("XTR") || args.text("provider_token").is_some_and(|t| !t.is_empty()) {
        return Err(ApiError::bad("the simulator sells for Stars only: currency XTR and no provider_token"));
    }
    let prices = args.json("prices")?.unwrap_or_default();
    let amount = match prices.as_array().map(Vec::as_slice) {
        Some([price]) => price["amount"].as_i64().unwrap_or_default(),
        _ => return Err(ApiError::bad("STARS_INVOICE_INVALID")),
    };
    let most = if is_subscription { MAX_SUBSCRIPTION } else { MAX_AMOUNT };
    let amount = u32::try_from(amount).ok().filter(|amount| (1..=most).contains(&i64::from(*amount)));
    let amount = amount.ok_or_else(|| ApiError::bad("CURRENCY_TOTAL_AMOUNT_INVALID"))?;
    Ok(SimInvoice { title, description, payload, amount, is_subscription, message: None, link: None })
}

/// `sendInvoice`: the message has a Pay button of its own unless a keyboard brings one.
pub(super) fn send_invoice(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let invoice = invoice(args, false)?;
    let mut message = sim.new_message(args.chat()?, true);
    send::address(sim, args, &mut message)?;
    if message.buttons.is_empty() {
        message.buttons = vec![vec![super::markup::InlineButton::pay(format!("Pay ⭐{}", invoice.amount))]];
    } else if !message.buttons[0][0].pay {
        return Err(ApiError::bad("BUTTON_INVALID"));
    }
    let shown = json!({
        "title": invoice.title, "description": invoice.description, "start_parameter": "", "currency": "XTR",
        "total_amount": invoice.amount,
    });
    message.service = Some([("invoice".to_owned(), shown)].into_iter().collect());
    // Whoever sees the message can pay it.
    let mut state = sim.state();
    state.writable(message.chat)?;
    let message = state.append(message);
    state.stars.invoices.push(SimInvoice { message: Some((message.chat, message.id)), ..invoice });
    let sent = sim.message_json(&state, &message);
    drop(state);
    sim.notify_changed();
    Ok(sent)
}

/// `createInvoiceLink`.
pub(super) fn create_link(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let period = args.int("subscription_period");
    if period.is_some_and(|period| u64::try_from(period) != Ok(PERIOD.as_secs())) {
        return Err(ApiError::bad("SUBSCRIPTION_PERIOD_INVALID"));
    }
    let invoice = invoice(args, period.is_some())?;
    let mut state = sim.state();
    let link = format!("https://t.me/$sim{:08}", state.stars.invoices.len());
    state.stars.invoices.push(SimInvoice { link: Some(link.clone()), ..invoice });
    Ok(json!(link))
}

/// `answerPreCheckoutQuery`: a yes carries out the payment.
pub(super) fn answer(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let id = args.text("pre_checkout_query_id").unwrap_or_default();
    let is_yes = args.flag("ok");
    let why = args.text("error_message").unwrap_or_default();
    if !is_yes && why.is_empty() {
        return Err(ApiError::bad("ERROR_TEXT_EMPTY"));
    }
    let now = sim.now();
    let mut state = sim.state();
    let open = |life| {
        move |checkout: &&super::stars::Checkout| {
            checkout.id == id && checkout.answer.is_none() && now.since(checkout.at) <= life
        }
    };
    let found = state.stars.checkouts.iter().find(open(sim.options.checkout_life)).cloned();
    let checkout =
        found.ok_or_else(|| ApiError::bad("query is too old and response timeout expired or query ID is invalid"))?;
    let answer = if is_yes { payment::carry_out(sim, &mut state, &checkout).ok_or(String::new()) } else { Err(why) };
    if let Some(asked) = state.stars.checkouts.iter_mut().find(|asked| asked.id == checkout.id) {
        asked.answer = Some(answer);
    }
    drop(state);
    sim.notify_changed();
    Ok(json!(true))
}

/// `refundStarPayment`.
pub(super) fn refund(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let charge = args.text("telegram_payment_charge_id").unwrap_or_default();
    payment::refund(sim, args.int("user_id"), &charge)?;
    Ok(json!(true))
}

/// `editUserStarSubscription`.
pub(super) fn edit_subscription(sim: &TelegramSimulator, args: &Args) -> ApiResult {
    let charge = args.text("telegram_payment_charge_id").unwrap_or_default();
    let user = args.int("user_id");
    let mut state = sim.state();
    let is_theirs = state.stars.payments.iter().any(|paid| paid.charge == charge && Some(paid.user) == user);
    let found = state.stars.subscription_mut(&charge).filter(|_| is_theirs);
    let subscription = found.ok_or_else(|| ApiError::bad("CHARGE_NOT_FOUND"))?;
    // The other way, the person may switch it on again (MTProto, `payments.botCancelStarsSubscription`).
    subscription.is_canceled_by_bot = args.flag("is_canceled");
    subscription.is_canceled |= subscription.is_canceled_by_bot;
    Ok(json!(true))
}

/// `getMyStarBalance`.
pub(super) fn balance(sim: &TelegramSimulator) -> Value {
    let state = sim.state();
    let kept = state.stars.payments.iter().filter(|payment| !payment.refunded);
    json!({ "amount": kept.map(|payment| payment.amount).sum::<u32>() })
}
