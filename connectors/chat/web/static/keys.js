// The keys. Single letters can be switched off (WCAG 2.1.4), since speech input may say them by accident.

import { el } from "./dom.js";
import { openDialog } from "./dialogs.js";

const KEYS = [
  ["j or ↓", "next conversation"],
  ["k or ↑", "previous conversation"],
  ["r or Enter", "write a reply"],
  ["n", "new conversation"],
  ["/", "search"],
  ["Enter", "send; Shift and Enter starts a new line"],
  ["Esc", "out of the message box, then back to the list"],
  ["?", "these keys"],
];
const OFF = "letters-off";

export function listenToKeys({ list, view, show: open, open: current }) {
  const letters = () => localStorage.getItem(OFF) === null;

  function show() {
    if (document.querySelector("dialog[open]")) return;
    const box = el("input", { type: "checkbox", id: "letters" });
    box.checked = letters();
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
    const rows = KEYS.map(([key, what]) => el("div", {}, el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)));
    openDialog(
      el("dialog", { "aria-labelledby": "keys-title" },
        el("form", { method: "dialog" },
          el("h2", { id: "keys-title" }, "Keys"),
          el("dl", { class: "key-list" }, rows),
          el("label", { class: "check" }, box, " Single letters work as keys"),
          el("div", { class: "dialog-buttons" }, el("button", { class: "primary" }, "Close")),
        ),
      ), // prettier-ignore
    );
  }

  const does = {
    j: () => list.move(1),
    k: () => list.move(-1),
    r: () => view.focus(),
    n: () => document.getElementById("new").click(),
    "/": () => list.search(),
    "?": show,
  };
  const always = { ArrowDown: () => list.move(1), ArrowUp: () => list.move(-1), Enter: () => view.focus() };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const at = event.target;
    if (event.key === "Escape") return escape(at);
    if (at.closest("input, textarea, select, .phone-pane")) return;
    const idle = at === document.body || at.id === "thread";
    const act = (letters() && does[event.key]) || (idle && always[event.key]);
    if (!act) return;
    event.preventDefault();
    act();
  });

  function escape(at) {
    if (document.body.dataset.person !== undefined) {
      delete document.body.dataset.person;
      document.getElementById("about")?.focus();
    } else if (at.matches("textarea, input")) {
      at.blur();
    } else if (current()) {
      const here = document.querySelector('.rows [aria-current="true"]');
      open(null);
      here?.focus();
    }
  }

  return { show };
}
