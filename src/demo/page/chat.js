// The chat page: draws what the simulated Telegram tells in its event stream and sends what the person does.

import { draw } from "/page/message.js";
import { make } from "/page/text.js";
import { LANGUAGE, PAGE_LANGUAGE, say } from "/page/words.js";

const PATIENCE = 20000;

const $ = (id) => document.getElementById(id);
const list = $("messages");
const shown = new Map(); // message id -> { node, data }
const presses = new Map(); // press id -> { key, timer }
const answered = new Map(); // press id -> answer that came before the press's own reply
let files = [];
let asDocument = false;
let commands = Object.entries(say.commands).map(([command, description]) => ({ command, description }));
let typing = null;
const actions = {
  say: sendText,
  press,
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
    if (!last || last.classList.contains("mine") === message.from_bot) node.classList.add("first");
    if (animate) node.classList.add("new");
    list.insertBefore(node, typing);
  }
  shown.set(message.id, { node, data: message });
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
  const word = !action ? say.bot : action === "typing" ? say.typing : action.startsWith("record") ? say.records : say.sends;
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
  if (first) atEnd = true;
  stick();
}

function listen() {
  const stream = new EventSource("/page/events");
  stream.onmessage = (event) => hear(JSON.parse(event.data));
  stream.onopen = () => setAction(null);
  stream.onerror = () => {
    $("status").textContent = say.offline;
  };
}

// ---- what the person does -----------------------------------------------------------------------------------------

let toastTimer = 0;
function toast(text) {
  const node = $("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (node.hidden = true), 3500);
}

async function post(path, body) {
  try {
    const form = body instanceof FormData;
    const reply = await fetch(path, {
      method: "POST",
      headers: form ? {} : { "content-type": "application/json" },
      body: form ? body : JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply;
  } catch {
    toast(say.lost);
    return null;
  }
}

function sendText(text) {
  atEnd = true;
  return post("/page/text", { text });
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

const text = $("text");
function fit() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 178)}px`;
}
text.addEventListener("input", fit);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
text.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) {
    event.preventDefault();
    choose([...event.clipboardData.files], false);
  }
});

$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (files.length) {
    const form = new FormData();
    for (const file of files) form.append("file", file);
    form.append("caption", words);
    form.append("document", asDocument ? "1" : "0");
    atEnd = true;
    if (await post("/page/upload", form)) {
      choose([], false);
      text.value = "";
    }
  } else if (words) {
    if (await sendText(words)) text.value = "";
  }
  fit();
  text.focus();
});

function choose(chosen, document) {
  files = chosen.slice(0, 10);
  asDocument = document;
  const box = $("pending");
  box.replaceChildren(
    ...files.map((file) => {
      const chip = make("div", "chip");
      const drop = make("button", "", "✕");
      drop.type = "button";
      drop.addEventListener("click", () => choose(files.filter((other) => other !== file), asDocument));
      chip.append(make("span", "", `${asDocument ? "📄 " : ""}${file.name}`), drop);
      return chip;
    }),
  );
  box.hidden = files.length === 0;
  if (files.length) text.focus();
}

for (const kind of ["media", "document"]) {
  const input = $(`files-${kind}`);
  $(`attach-${kind}`).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    choose([...input.files], kind === "document");
    input.value = "";
  });
}
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragging");
});
addEventListener("dragleave", () => document.body.classList.remove("dragging"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragging");
  if (event.dataTransfer.files.length) choose([...event.dataTransfer.files], false);
});

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
addEventListener("keydown", (event) => event.key === "Escape" && closeMenus());
$("begin").addEventListener("click", () => sendText("/start"));
$("alert-close").addEventListener("click", () => $("alert").close());
$("viewer").addEventListener("click", () => $("viewer").close());

function drawCommands() {
  $("menu").replaceChildren(
    ...commands.map(({ command, description }) => {
      const item = make("button");
      item.type = "button";
      item.setAttribute("role", "menuitem");
      item.append(make("b", "", `/${command}`), make("span", "", description));
      item.addEventListener("click", () => sendText(`/${command}`));
      return item;
    }),
  );
}

async function refresh() {
  const reply = await post("/page/hello", { language: LANGUAGE });
  if (!reply) return;
  const hello = await reply.json();
  $("name").textContent = hello.name;
  $("avatar").textContent = [...hello.name][0] || "K";
  document.title = `${hello.name} · demo`;
  if (hello.commands.length) commands = hello.commands;
  drawCommands();
}

document.documentElement.lang = PAGE_LANGUAGE;
$("menu-word").textContent = say.menu;
$("begin").textContent = say.begin;
$("hint").textContent = say.hint;
$("attach-media").textContent = say.media;
$("attach-document").textContent = say.document;
text.placeholder = say.message;
for (const [id, word] of [["send", say.send], ["attach", say.attach], ["commands", say.menu], ["text", say.message]]) {
  $(id).setAttribute("aria-label", word);
}
setAction(null);
drawCommands();
refresh().then(listen);
