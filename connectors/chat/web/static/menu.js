// The menu behind the three dots, with the keys that menus have.

import { el, icon } from "./dom.js";

export function makeMenu(buttons, press) {
  const items = buttons.map((button) =>
    el("button", { type: "button", role: "menuitem", class: button.danger ? "danger" : "", tabindex: "-1", onclick: () => (shut(), press(button)) }, button.label),
  );
  const list = el("div", { class: "menu", role: "menu", "aria-label": "More", hidden: true }, items);
  const opener = el("button", { type: "button", class: "quiet round dots", "aria-label": "More", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("dots"));
  const node = el("div", { class: "menu-frame" }, opener, list);

  function show() {
    list.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    items[0].focus();
    document.addEventListener("pointerdown", outside);
  }

  function shut() {
    list.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside);
  }

  const outside = (event) => !node.contains(event.target) && shut();

  opener.addEventListener("click", () => (list.hidden ? show() : shut()));
  node.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const at = items.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
    if (event.key in steps) items[steps[event.key] % items.length].focus();
    else if (event.key === "Escape") {
      shut();
      opener.focus();
    } else if (event.key === "Tab") return shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return node;
}
