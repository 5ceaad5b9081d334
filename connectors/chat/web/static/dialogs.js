// Questions before something happens.

import { el } from "./dom.js";

export function openDialog(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.showModal();
  return dialog;
}

// Ask whether a button was meant: resolves to true or false.
export function confirmed(button) {
  return new Promise((done) => {
    const form = el(
      "form",
      { method: "dialog" },
      el("h2", { id: "dialog-title" }, `${button.label}?`),
      el("p", {}, button.confirm),
      el("div", { class: "dialog-buttons" },
        el("button", { value: "" }, "Leave it"),
        el("button", { value: "yes", class: button.danger ? "primary danger" : "primary" }, button.label),
      ),
    ); // prettier-ignore
    const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, form);
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"));
    openDialog(dialog);
  });
}
