// The chat page: draws what the simulated Telegram tells in its event stream and sends what the person does.

import { aim, choose, drop, sendCommand, sendText } from "/page/composer.js";
import { draw } from "/page/message.js";
import { openInvoice } from "/page/pay.js";
import { $, isMine, nameOf, people, post, query, seat, toast } from "/page/seat.js";
import { make } from "/page/text.js";
import { offerVendor } from "/page/vendor.js";
import { LANGUAGE, PAGE_LANGUAGE, say } from "/page/words.js";

const PATIENCE = 20000;

const list = $("messages");
const shown = new Map(); // message id -> { node, data }
const presses = new Map(); // press id -> { key, timer }
const answered = new Map(); // press id -> answer that came before the press's own reply
let commands = Object.entries(say.commands).map(([command, description]) => ({ command, description }));
let typing = null;
let stream = null;
const actions = {
  say: sendText,
  press,
  copy: async (copied) => {
    try {
      await navigator.clipboard.writeText(copied);
      toast(say.copied);
    } catch {
      toast(copied);
    }
  },
  pay: openInvoice,
  isMine,
  name: (message) => (seat.group ? nameOf(message) : ""),
  reply: (message) => aim({ message, edit: false }),
  edit: (message) => aim({ message, edit: true }),
  find: (id) => shown.get(id)?.data,
  view: (url) => {
    $("viewer-image").src = url;
    $("viewer").showModal();
  },
};

function put(message, animate) {
  const old = shown.get(message.id);
  if (message.deleted) {
    old?.node.remove();
    shown.delete(message.id);
    drop(message.id);
    return;
  }
  // A film that plays must not start again because the caption changed.
  const node = draw(message, actions);
  if (old) {
    const playing = old.node.querySelector("video, audio");
    const fresh = node.querySelector("video, audio");
    if (playing && fresh && playing.src === fresh.src) fresh.replaceWith(playing);
    old.node.replaceWith(node);
  } else {
    const last = list.querySelector(".message:last-of-type");
    if (!last || last.classList.contains("mine") !== node.classList.contains("mine")) node.classList.add("first");
    if (animate) node.classList.add("new");
    list.insertBefore(node, typing);
  }
  shown.set(message.id, { node, data: message });
  if (message.ephemeral?.replaces) shown.get(message.ephemeral.replaces)?.node.remove();
  if (!old && animate) openLine(message);
}

// A message of the bot may open the reply line; a selective one only for the person whom it answers.
function openLine(message) {
  if (!message?.force_reply) return;
  const answered = actions.find(message.reply_to);
  if (!seat.group || !message.force_reply.selective || (answered && isMine(answered))) aim({ message, edit: false });
}

// ---- scrolling --------------------------------------------------------------------------------------------------

let atEnd = true;
list.addEventListener("scroll", () => {
  atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  $("down").hidden = atEnd;
});
function stick() {
  if (atEnd) list.scrollTop = list.scrollHeight;
}
$("down").addEventListener("click", () => list.scrollTo({ top: list.scrollHeight, behavior: "smooth" }));
new ResizeObserver(stick).observe(list);

// ---- news from the server -----------------------------------------------------------------------------------------

function setAction(action) {
  const status = $("status");
  const word = !action ? (seat.group ? say.people : say.bot) : action === "typing" ? say.typing : action.startsWith("record") ? say.records : say.sends;
  status.textContent = word;
  status.classList.toggle("busy", Boolean(action));
  if (action && !typing) {
    typing = make("div", "typing");
    typing.append(make("i"), make("i"), make("i"));
    list.append(typing);
  } else if (!action && typing) {
    typing.remove();
    typing = null;
  }
}

function settle(query) {
  const waiting = presses.get(query.id);
  if (!waiting) {
    answered.set(query.id, query);
    return;
  }
  clearTimeout(waiting.timer);
  waiting.key.classList.remove("waiting");
  presses.delete(query.id);
  const { text, alert } = query.answer;
  if (!text) return;
  if (alert) {
    $("alert-text").textContent = text;
    $("alert").showModal();
  } else {
    toast(text);
  }
}

function hear(news) {
  const first = news.fresh;
  if (first) {
    for (const { node } of shown.values()) node.remove();
    shown.clear();
  }
  for (const message of news.messages) put(message, !first);
  if (!first) for (const query of news.callbacks) if (query.answer) settle(query);
  setAction(news.action);
  $("start").hidden = shown.size > 0;
  if (first) {
    atEnd = true;
    openLine(news.messages.at(-1));
  } else if (news.messages.some((message) => isMine(message))) {
    atEnd = true;
  }
  stick();
}

function listen() {
  stream?.close();
  stream = new EventSource(`/page/events${query()}`);
  stream.onmessage = (event) => hear(JSON.parse(event.data));
  stream.onopen = () => setAction(null);
  stream.onerror = () => {
    $("status").textContent = say.offline;
  };
}

// ---- what the person does -----------------------------------------------------------------------------------------

function sit(next) {
  if (next.group === seat.group && next.friend === seat.friend) return;
  Object.assign(seat, next);
  aim(null);
  choose([], false);
  showSeat();
  listen();
}

function showSeat() {
  for (const [id, on] of [
    ["to-private", !seat.group], ["to-group", seat.group], ["as-you", !seat.friend], ["as-friend", seat.friend],
  ]) $(id).setAttribute("aria-pressed", String(on));
  $("writer").hidden = !seat.group;
  $("name").textContent = seat.group ? say.title : people.bot || "KIE bot";
  $("avatar").textContent = [...$("name").textContent][0];
  setAction(null);
}

async function press(key, message, data) {
  if (key.classList.contains("waiting")) return;
  key.classList.add("waiting");
  const reply = await post("/page/press", { message, data });
  if (!reply) {
    key.classList.remove("waiting");
    return;
  }
  const { id } = await reply.json();
  const timer = setTimeout(() => {
    presses.delete(id);
    key.classList.remove("waiting");
    toast(say.late);
  }, PATIENCE);
  presses.set(id, { key, timer });
  const early = answered.get(id);
  answered.delete(id);
  if (early) settle(early);
}

function toggle(button, menu) {
  const open = menu.hidden;
  closeMenus();
  menu.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
}
function closeMenus() {
  for (const [button, menu] of [["commands", "menu"], ["attach", "attach-menu"]]) {
    $(menu).hidden = true;
    $(button).setAttribute("aria-expanded", "false");
  }
}
$("commands").addEventListener("click", (event) => {
  event.stopPropagation();
  refresh();
  toggle($("commands"), $("menu"));
});
$("attach").addEventListener("click", (event) => {
  event.stopPropagation();
  toggle($("attach"), $("attach-menu"));
});
addEventListener("click", closeMenus);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  closeMenus();
  aim(null);
});
$("target-stop").addEventListener("click", () => aim(null));
$("to-private").addEventListener("click", () => sit({ group: false, friend: false }));
$("to-group").addEventListener("click", () => sit({ group: true, friend: false }));
$("as-you").addEventListener("click", () => sit({ ...seat, friend: false }));
$("as-friend").addEventListener("click", () => sit({ ...seat, friend: true }));
$("begin").addEventListener("click", () => sendCommand("start"));
$("alert-close").addEventListener("click", () => $("alert").close());
$("viewer").addEventListener("click", () => $("viewer").close());

function drawCommands() {
  $("menu").replaceChildren(
    ...commands.map(({ command, description }) => {
      const item = make("button");
      item.type = "button";
      item.setAttribute("role", "menuitem");
      item.append(make("b", "", `/${command}`), make("span", "", description));
      item.addEventListener("click", () => sendCommand(command));
      return item;
    }),
  );
}

async function refresh() {
  const reply = await post("/page/hello", { language: LANGUAGE, friend: say.friend, group: say.title });
  if (!reply) return;
  const hello = await reply.json();
  Object.assign(people, { user: hello.user, friend: hello.friend, bot: hello.name, botName: hello.username });
  showSeat();
  document.title = `${hello.name} · demo`;
  if (hello.vendor !== null) offerVendor(!hello.vendor);
  if (hello.commands.length) commands = hello.commands;
  drawCommands();
}

document.documentElement.lang = PAGE_LANGUAGE;
$("menu-word").textContent = say.menu;
$("begin").textContent = say.begin;
$("hint").textContent = say.hint;
$("attach-media").textContent = say.media;
$("attach-document").textContent = say.document;
$("to-private").textContent = say.chat;
$("to-group").textContent = say.group;
$("writer-word").textContent = say.as;
$("as-you").textContent = say.you;
$("as-friend").textContent = say.friend;
for (const [id, word] of [["send", say.send], ["attach", say.attach], ["commands", say.menu], ["text", say.message], ["target-stop", say.stop]]) {
  $(id).setAttribute("aria-label", word);
}
// Chromium gives the focus back without a caret: what is typed then would be lost.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => {
    const text = $("text");
    if (document.activeElement !== text) return;
    text.blur();
    text.focus();
  });
}
setAction(null);
drawCommands();
refresh().then(listen);
