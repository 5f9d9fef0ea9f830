// Which chat the page shows, and as whom; and what it asks of the server.

import { say } from "/page/words.js";

export const $ = (id) => document.getElementById(id);
export const seat = { group: false, friend: false };
export const people = { user: 0, friend: 0, bot: "", botName: "" };

export const query = () => `?group=${seat.group}&friend=${seat.friend}`;
export const isMine = (message) => !message.from_bot && message.sender === (seat.friend ? people.friend : people.user);
export function nameOf(message) {
  if (message.from_bot) return people.bot;
  return message.sender === people.friend ? say.friend : say.you;
}

let toastTimer = 0;
export function toast(text) {
  const node = $("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (node.hidden = true), 3500);
}

export async function post(path, body) {
  try {
    const form = body instanceof FormData;
    const reply = await fetch(path + query(), {
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
