// The account at the simulated vendor: a button empties it and tops it up.

import { $, post, toast } from "/page/seat.js";
import { say } from "/page/words.js";

const button = $("vendor");

export function offerVendor(isEmpty) {
  button.textContent = `💳 ${say.empty}`;
  button.setAttribute("aria-pressed", String(isEmpty));
  button.hidden = false;
}

button.addEventListener("click", async () => {
  const empty = button.getAttribute("aria-pressed") !== "true";
  if (!(await post("/page/vendor", { empty }))) return;
  button.setAttribute("aria-pressed", String(empty));
  toast(empty ? say.emptied : say.filled);
});
