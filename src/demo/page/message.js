// One message: its bubble, file and keyboard.

import { isInvoice, moneyNode, payLabel } from "/page/pay.js";
import { format, make, safeLink, withLinks } from "/page/text.js";
import { say } from "/page/words.js";

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

// Reserves the right place before the file has come, at most 480 wide and 420 high.
function fitMedia(node, media) {
  if (!media.width || !media.height) return;
  const ratio = media.width / media.height;
  const most = media.kind === "photo" ? Math.max(media.width, 120) : 480;
  node.style.width = `${Math.round(Math.min(480, most, 420 * ratio))}px`;
  node.style.aspectRatio = `${media.width} / ${media.height}`;
}

function mediaNode(media, actions) {
  const url = `/page/file/${encodeURIComponent(media.file_id)}`;
  if (media.kind === "photo" || (media.kind === "animation" && media.mime.startsWith("image/"))) {
    const image = make("img");
    image.src = url;
    image.alt = media.kind;
    fitMedia(image, media);
    image.addEventListener("click", () => actions.view(url));
    return image;
  }
  if (media.kind === "video" || media.kind === "animation") {
    const video = make("video");
    video.src = url;
    video.controls = true;
    video.playsInline = true;
    video.preload = "metadata";
    if (media.kind === "animation") video.autoplay = video.loop = video.muted = true;
    fitMedia(video, media);
    return video;
  }
  if (media.kind === "audio" || media.kind === "voice") {
    const box = document.createDocumentFragment();
    if (media.name) box.append(make("div", "audio-name", media.name));
    const audio = make("audio");
    audio.src = url;
    audio.controls = true;
    audio.preload = "metadata";
    box.append(audio);
    return box;
  }
  const link = make("a", "file");
  link.href = `${url}?save=1`;
  link.download = media.name || "file";
  const sign = make("span", "sign", "↓");
  const words = make("span");
  words.append(make("b", "", media.name || "file"), make("small", "", size(media.bytes)));
  link.append(sign, words);
  return link;
}

function keyNode(message, button, actions) {
  if (button.pay || (button.url && isInvoice(button.url))) {
    const key = make("button", "key", payLabel(message, button));
    key.type = "button";
    key.addEventListener("click", () => actions.pay(button.pay ? { message: message.id } : { link: button.url }));
    return key;
  }
  if (button.url) {
    const link = make("a", "key link", button.text);
    const href = safeLink(button.url);
    if (href) Object.assign(link, { href, target: "_blank", rel: "noopener noreferrer" });
    return link;
  }
  const key = make("button", "key", button.text);
  key.type = "button";
  if (["danger", "success", "primary"].includes(button.style)) key.classList.add(button.style);
  key.disabled = button.disabled;
  if (button.copy_text !== null) {
    key.classList.add("copy");
    key.addEventListener("click", () => actions.copy(button.copy_text));
  }
  if (button.data !== null) key.addEventListener("click", () => actions.press(key, message.id, button.data));
  return key;
}

function tool(sign, word, act) {
  const button = make("button", "", sign);
  button.type = "button";
  button.title = word;
  button.setAttribute("aria-label", word);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    act();
  });
  return button;
}

export function summary(message) {
  return message.text.slice(0, 90) || message.media?.kind || "…";
}

// `actions` = { say, press, copy, pay, view, find, name, isMine, reply, edit }: what a click does, the message with a number,
// and who has written a message: a name is shown where several people write.
export function draw(message, actions) {
  const mine = actions.isMine(message);
  const node = make("article", mine ? "message mine" : "message");
  node.dataset.id = message.id;
  if (message.edits > 0) node.classList.add("edited");
  const bubble = make("div", "bubble");
  const name = mine ? "" : actions.name(message);
  if (name) bubble.append(make("div", "name", name));
  const quoted = message.reply_to && actions.find(message.reply_to);
  if (quoted) bubble.append(make("div", "quote", message.quote || summary(quoted)));
  if (message.media) bubble.append(mediaNode(message.media, actions));
  bubble.classList.toggle("framed", ["photo", "video", "animation"].includes(message.media?.kind));
  if (message.text) {
    const body = make("div", "body");
    format(body, message.text, withLinks(message), actions);
    bubble.append(body);
  }
  const money = moneyNode(message);
  if (money) bubble.append(money);
  if (message.ephemeral) bubble.append(make("div", "note", say.only));
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const overPicture = !message.text && message.media && ["photo", "animation"].includes(message.media.kind);
  const below = !message.text && message.media && !overPicture;
  const kind = overPicture ? "stamp over" : below ? "stamp below" : "stamp";
  const stamp = make("time", kind, message.edits > 0 ? `${say.edited} ${time}` : time);
  bubble.append(stamp);
  const tools = make("div", "tools");
  if (!message.ephemeral) tools.append(tool("↩", say.reply, () => actions.reply(message)));
  if (mine && message.text) tools.append(tool("✎", say.edit, () => actions.edit(message)));
  bubble.append(tools);
  // Without a pointer that hovers, a tap shows the tools.
  bubble.addEventListener("click", () => bubble.classList.toggle("chosen"));
  node.append(bubble);
  if (message.buttons.length) {
    node.classList.add("keys-below");
    const keys = make("div", "keys");
    for (const row of message.buttons) {
      const line = make("div", "line");
      for (const button of row) line.append(keyNode(message, button, actions));
      keys.append(line);
    }
    node.append(keys);
  }
  return node;
}
