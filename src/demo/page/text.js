// Formatted texts. Every text goes into the page as a text node, never as HTML.

export function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export function safeLink(url) {
  try {
    const parsed = new URL(url);
    return ["http:", "https:", "tg:", "mailto:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

function wrap(entity, text, actions) {
  const tag = TAGS[entity.type];
  if (tag) return make(tag);
  if (entity.type === "spoiler") {
    const node = make("span", "spoiler");
    node.addEventListener("click", () => node.classList.add("open"));
    return node;
  }
  if (entity.type === "bot_command") {
    const node = make("span", "command");
    node.addEventListener("click", () => actions.say(text));
    return node;
  }
  const url = entity.type === "text_link" ? entity.url : entity.type === "url" ? text : null;
  const href = url && safeLink(url);
  if (!href) return make("span");
  const link = make("a");
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

// Offsets count UTF-16 units, as JavaScript strings do. Entities come sorted, outer ones first.
export function format(parent, text, entities, actions) {
  const open = [{ node: parent, end: text.length }];
  let at = 0;
  const plain = (to) => {
    if (to > at) open[open.length - 1].node.append(text.slice(at, to));
    at = Math.max(at, to);
  };
  // A closing entity writes its own text before it is popped.
  const close = (place) => {
    while (open.length > 1 && open[open.length - 1].end <= place) {
      plain(open[open.length - 1].end);
      open.pop();
    }
  };
  for (const entity of entities) {
    close(entity.offset);
    plain(entity.offset);
    const end = Math.min(entity.offset + entity.length, open[open.length - 1].end);
    const node = wrap(entity, text.slice(entity.offset, end), actions);
    open[open.length - 1].node.append(node);
    open.push({ node, end });
  }
  close(text.length);
  plain(text.length);
}

// Plain links and commands in the bot's texts, as a client finds them by itself.
export function withLinks(message) {
  const taken = (from, to) => message.entities.some((e) => e.offset < to && e.offset + e.length > from);
  const found = [];
  for (const match of message.text.matchAll(/https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)]|(?<=^|\s)\/[a-z][a-z0-9_]*/g)) {
    const [from, to] = [match.index, match.index + match[0].length];
    const type = match[0].startsWith("/") ? "bot_command" : "url";
    if (!taken(from, to)) found.push({ type, offset: from, length: to - from });
  }
  return [...message.entities, ...found].sort((a, b) => a.offset - b.offset || b.length - a.length);
}
