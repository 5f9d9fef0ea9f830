// Telegram Stars: an invoice in a message, and the pretend dialog that pays it.

import { $, post, toast } from "/page/seat.js";
import { make } from "/page/text.js";
import { say } from "/page/words.js";

const dialog = $("pay");
let opened = null; // { message } or { link }: the invoice in the dialog

const stars = (amount) => `⭐ ${amount.toLocaleString()}`;

// The links of invoices, as the simulated Telegram writes them.
export const isInvoice = (url) => url.startsWith("https://t.me/$");

// What a message about money shows; null for any other.
export function moneyNode(message) {
  const { invoice, successful_payment: paid, refunded_payment: back } = message.service ?? {};
  if (!invoice && !paid && !back) return null;
  const box = make("div", "body");
  if (invoice) box.append(make("b", "invoice-title", invoice.title), make("div", "", invoice.description));
  if (paid) box.append(`${say.paid} ${stars(paid.total_amount)}`);
  if (back) box.append(`${say.refunded} ${stars(back.total_amount)}`);
  return box;
}

// A client writes the label that Telegram gives a pay button in the language of its owner.
export function payLabel(message, button) {
  const amount = message.service?.invoice?.total_amount;
  return button.text === `Pay ⭐${amount}` ? `${say.pay} ${stars(amount)}` : button.text;
}

export async function openInvoice(which) {
  const reply = await post("/page/invoice", which);
  if (!reply) return;
  const { invoice, balance, subscription } = await reply.json();
  opened = { which, charge: subscription?.charge };
  $("pay-title").textContent = invoice.title;
  $("pay-description").textContent = invoice.description;
  $("pay-balance").textContent = `${say.have} ${stars(balance)}`;
  const until = subscription && new Date(subscription.until * 1000).toLocaleDateString();
  $("pay-until").textContent = !subscription ? "" : `${subscription.canceled ? say.ends : say.renews} ${until}`;
  $("pay-yes").textContent = `${say.pay} ${stars(invoice.amount)}${invoice.is_subscription ? ` ${say.monthly}` : ""}`;
  $("pay-yes").hidden = Boolean(subscription);
  $("pay-renew").hidden = $("pay-end").hidden = !subscription || subscription.canceled;
  $("pay-resume").hidden = !subscription?.canceled || !subscription.resumable;
  $("pay-yes").disabled = false;
  if (!dialog.open) dialog.showModal();
}

$("pay-yes").addEventListener("click", async () => {
  $("pay-yes").disabled = true;
  const reply = await post("/page/pay", opened.which);
  dialog.close();
  if (!reply) return;
  const { outcome, text } = await reply.json();
  toast({ paid: say.thanks, few: say.few, late: say.unanswered, refused: text }[outcome]);
});
$("pay-renew").addEventListener("click", async () => {
  if (await post("/page/renew", { charge: opened.charge })) await openInvoice(opened.which);
});
$("pay-end").addEventListener("click", async () => {
  if (await post("/page/unsubscribe", { charge: opened.charge })) await openInvoice(opened.which);
});
$("pay-resume").addEventListener("click", async () => {
  if (await post("/page/resume", { charge: opened.charge })) await openInvoice(opened.which);
});
$("pay-no").addEventListener("click", () => dialog.close());

$("pay-pretend").textContent = say.pretend;
$("pay-no").textContent = say.close;
$("pay-renew").textContent = say.renewNow;
$("pay-end").textContent = say.endIt;
$("pay-resume").textContent = say.resumeIt;
