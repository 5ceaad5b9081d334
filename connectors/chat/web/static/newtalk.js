// A new conversation: a name that is known, or a number as people write it.

import { get, newId, post } from "./net.js";
import { avatar, el, tell } from "./dom.js";
import { cost, measure } from "./segments.js";
import { openDialog } from "./dialogs.js";

export function startTalk(me, show, begin) {
  const id = newId();
  let found = [];
  let chosen = -1;
  let meant = null; // the person who was picked: their address stands behind their name

  const to = el("input", {
    id: "to", type: "text", required: true, autocomplete: "off", value: begin,
    role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list",
    placeholder: "(555) 010-0199, or a name",
  }); // prettier-ignore
  const options = el("ul", { id: "found", class: "found", role: "listbox", "aria-label": "Conversations and people", hidden: true });
  const lines = me.lines.filter((one) => one.here);
  const line = el("select", { id: "line" }, lines.map((one) => el("option", { value: one.name }, `${one.name}, ${one.number}`)));
  const name = el("input", { id: "their-name", type: "text", autocomplete: "off" });
  const words = el("textarea", { id: "first", rows: "3", dir: "auto" });
  const price = el("p", { class: "soft", role: "status" });
  const wrong = el("p", { class: "wrong", role: "alert" });
  const go = el("button", { type: "submit", class: "primary" }, "Start conversation");
  const form = el(
    "form",
    { class: "new-talk" },
    el("h2", { id: "new-title" }, "New conversation"),
    el("div", { class: "field" }, el("label", { for: "to" }, "Name or number"), to, options),
    el("div", { class: "field" }, el("label", { for: "their-name" }, "Their name ", el("span", { class: "soft" }, "(if you know it)")), name),
    lines.length > 1 ? el("div", { class: "field" }, el("label", { for: "line" }, "From our number"), line) : null,
    el("div", { class: "field" }, el("label", { for: "first" }, "First message ", el("span", { class: "soft" }, "(may be empty)")), words, price),
    wrong,
    el("div", { class: "dialog-buttons" }, el("button", { type: "button", onclick: () => dialog.close() }, "Close"), go),
  );
  const dialog = openDialog(el("dialog", { "aria-labelledby": "new-title" }, form));
  to.focus();

  function drawOptions() {
    options.replaceChildren(
      ...found.map((row, at) =>
        el("li", { role: "option", id: `found-${at}`, "aria-selected": String(at === chosen), onclick: () => pick(row) },
          avatar(row.name), el("span", { dir: "auto" }, row.name), el("span", { class: "soft" }, row.name === row.number ? "" : row.number),
        ),
      ), // prettier-ignore
    );
    options.hidden = !found.length;
    to.setAttribute("aria-expanded", String(found.length > 0));
    if (chosen >= 0) to.setAttribute("aria-activedescendant", `found-${chosen}`);
    else to.removeAttribute("aria-activedescendant");
  }

  // Somebody with a conversation here is shown it; anybody else is filled in.
  function pick(row) {
    if (row.thread) {
      dialog.close();
      show(row.thread);
      return;
    }
    meant = row;
    to.value = row.name;
    found = [];
    chosen = -1;
    drawOptions();
    words.focus();
  }

  async function suggest() {
    const asked = to.value.trim();
    const query = encodeURIComponent(asked);
    const looks = asked.length > 1 ? [`/api/threads?q=${query}`, `/api/people?q=${query}`] : [];
    const [page, known] = await Promise.all(looks.map((address) => get(address).catch(() => null)));
    if (asked !== to.value.trim()) return;
    const rows = (page?.rows ?? []).slice(0, 5);
    const others = (known?.people ?? []).filter((one) => !rows.some((row) => one.shown.includes(row.number)));
    found = [...rows, ...others.slice(0, 5).map((one) => ({ name: one.shown, number: one.shown, address: one.address }))];
    chosen = -1;
    drawOptions();
  }

  let typing = 0;
  to.addEventListener("input", () => {
    wrong.textContent = "";
    clearTimeout(typing);
    typing = setTimeout(suggest, 120);
  });
  to.addEventListener("keydown", (event) => {
    if (!found.length) return;
    if (event.key === "ArrowDown") chosen = Math.min(chosen + 1, found.length - 1);
    else if (event.key === "ArrowUp") chosen = Math.max(chosen - 1, -1);
    else if (event.key === "Enter" && chosen >= 0) pick(found[chosen]);
    else return;
    event.preventDefault();
    drawOptions();
  });
  words.addEventListener("input", () => {
    const { credits, as } = cost(words.value);
    const { units } = measure(words.value);
    price.textContent = words.value ? `${units} characters · ${as}, ${credits} ${credits === 1 ? "credit" : "credits"}` : "";
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      const number = meant && to.value === meant.name ? meant.address : to.value;
      const asked = { number, line: line.value, text: words.value, name: name.value, client_id: id };
      const { thread } = await post("/api/threads", asked);
      dialog.close();
      if (thread) show(thread);
      else tell("The conversation is being made. It appears in the list in a moment.");
    } catch (trouble) {
      wrong.textContent = trouble.message;
      to.focus();
    } finally {
      go.disabled = false;
    }
  });
  if (begin) suggest();
}
