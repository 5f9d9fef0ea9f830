// The input line: texts, files, what the next text replies to or replaces.

import { summary } from "/page/message.js";
import { $, nameOf, people, post, seat } from "/page/seat.js";
import { make } from "/page/text.js";
import { say } from "/page/words.js";

const text = $("text");
let files = [];
let asDocument = false;
let target = null; // { message, edit }
text.placeholder = say.message;

export async function sendText(text) {
  const aimed = target;
  if (aimed?.edit) {
    const done = await post("/page/edit", { message: aimed.message.id, text });
    if (done) aim(null);
    return done;
  }
  const sent = await post("/page/text", { text, reply_to: aimed?.message.id ?? null });
  if (sent && target === aimed) aim(null);
  return sent;
}

export function aim(next) {
  const wasEdit = target?.edit;
  target = next;
  $("target").hidden = !target;
  text.placeholder = target?.message.force_reply?.placeholder || say.message;
  if (!target) {
    if (wasEdit) text.value = "";
    fit();
    return;
  }
  const { message, edit } = target;
  $("target-who").textContent = edit ? say.editing : nameOf(message);
  $("target-text").textContent = summary(message);
  if (edit) text.value = message.text;
  fit();
  text.focus();
}

// What is gone can be neither answered nor edited.
export function drop(message) {
  if (target?.message.id === message) aim(null);
}

// In a group a client names the bot in the commands of its menu.
export function sendCommand(command) {
  aim(null);
  return sendText(seat.group && people.botName ? `/${command}@${people.botName}` : `/${command}`);
}

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
    if (target && !target.edit) form.append("reply_to", String(target.message.id));
    if (await post("/page/upload", form)) {
      choose([], false);
      aim(null);
      text.value = "";
    }
  } else if (words) {
    if (await sendText(words)) text.value = "";
  }
  fit();
  text.focus();
});

export function choose(chosen, document) {
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
