// Panels: lists and forms in one dialog; a button may lead from one to another.

import { ask, get, newId } from "./net.js";
import { el, icon, tell } from "./dom.js";
import { confirmed, openDialog } from "./dialogs.js";
import { cost } from "./segments.js";

const OPENS = "panel";
const AGAIN_AFTER = 700; // ms until what a button did can be read

// show(thread): go to a conversation. thread: the one that is open.
export function makePanels({ show, open }) {
  async function panel(value) {
    const thread = open();
    const title = el("h2", { id: "panel-title" }, "…");
    const content = el("div", { class: "panel-content" });
    const close = el("button", { type: "button", class: "quiet round shut", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
    const dialog = openDialog(el("dialog", { class: "panel", "aria-labelledby": "panel-title" }, el("div", { class: "panel-frame" }, close, title, content)));
    await turn(value);

    async function turn(wanted) {
      const [name, ...rest] = wanted.split(":");
      const query = new URLSearchParams({ value: rest.join(":"), ...(thread ? { thread } : {}) });
      try {
        draw(await get(`/api/panels/${encodeURIComponent(name)}?${query}`), wanted);
      } catch (trouble) {
        title.textContent = "Nothing here";
        content.replaceChildren(el("p", { class: "wrong", role: "alert" }, trouble.message));
      }
    }

    function draw(data, wanted) {
      title.textContent = data.title;
      const button = (one) => drawButton(one, wanted);
      content.replaceChildren(
        ...(data.text ? [el("p", { class: "panel-text", dir: "auto" }, data.text)] : []),
        ...(data.submit ? [drawForm(data)] : []),
        ...(data.rows.length ? [el("ul", { class: "panel-rows" }, data.rows.map((row) => drawRow(row, button)))] : []),
        ...(data.buttons.length ? [el("div", { class: "panel-buttons" }, data.buttons.map(button))] : []),
      );
      (content.querySelector("input, textarea, select, .panel-rows button, .panel-buttons button") ?? close).focus();
    }

    function drawRow(row, button) {
      const words = el("div", {}, el("p", { dir: "auto" }, row.text), row.detail ? el("p", { class: "soft", dir: "auto" }, row.detail) : null);
      const go = row.thread ? el("button", { type: "button", class: "small", onclick: () => (dialog.close(), show(row.thread)) }, "Go there") : null;
      return el("li", {}, words, el("div", { class: "row-buttons" }, go, row.buttons.map(button)));
    }

    function drawButton(one, wanted) {
      const press = async () => {
        if (one.action === OPENS) return turn(one.value);
        if (one.confirm && !(await confirmed(one))) return;
        try {
          await ask("POST", "/api/press", { action: one.action, value: one.value, thread, client_id: newId() });
          setTimeout(() => dialog.open && turn(wanted), AGAIN_AFTER);
        } catch (trouble) {
          tell(trouble.message, { bad: true });
        }
      };
      return el("button", { type: "button", class: one.danger ? "small danger" : "small", onclick: press }, one.label);
    }

    function drawForm(data) {
      const id = newId();
      const inputs = data.fields.map(drawField);
      const send = el("button", { type: "submit", class: "primary" }, data.submit.label);
      const form = el("form", { class: "panel-form", novalidate: true }, inputs.map((one) => one.node), el("div", { class: "dialog-buttons" }, send));
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        for (const one of inputs) one.wrong("");
        send.disabled = true;
        const entered = Object.fromEntries(inputs.map((one) => [one.name, one.value()]));
        const { action, value } = data.submit;
        try {
          await ask("POST", "/api/press", { action, value, thread, client_id: id, form: { ...data.kept, ...entered } });
          dialog.close();
        } catch (trouble) {
          const found = Object.entries(trouble.problems ?? {});
          if (!found.length) (inputs[0] ?? { wrong: (words) => tell(words, { bad: true }) }).wrong(trouble.message);
          for (const [name, words] of found) (inputs.find((one) => one.name === name) ?? inputs[0])?.wrong(words);
          form.querySelector("[aria-invalid=true]")?.focus();
        } finally {
          send.disabled = false;
        }
      });
      return form;
    }

    return dialog;
  }

  return { panel };
}

let count = 0;

function drawField(field) {
  const id = `field-${(count += 1)}`;
  const wrong = el("p", { class: "wrong", id: `${id}-wrong` });
  const price = field.kind === "text" ? el("p", { class: "soft", role: "status" }) : null;
  const common = { id, name: field.name, "aria-describedby": `${id}-wrong`, maxlength: field.max_length, placeholder: field.hint || null };
  let input;
  let list = null;
  let chosen = ""; // the address behind a name
  if (field.kind === "choice") {
    input = el("select", { id, name: field.name, "aria-describedby": `${id}-wrong` }, field.options.map((one) => el("option", { value: one.value, selected: one.value === field.value }, one.label)));
  } else if (field.kind === "choices") {
    const ticked = new Set(field.value.split("\n"));
    input = el("fieldset", { id, class: "choices", "aria-describedby": `${id}-wrong` }, el("legend", {}, field.label), field.options.map((one) => el("label", {}, el("input", { type: "checkbox", value: one.value, checked: ticked.has(one.value) }), " ", one.label)));
  } else if (field.kind === "text") {
    input = el("textarea", { ...common, rows: "5", dir: "auto" });
    input.value = field.value;
  } else {
    input = el("input", { ...common, type: "text", autocomplete: "off", dir: "auto", value: field.options[0]?.label ?? field.value });
  }
  if (field.kind === "person") {
    chosen = field.value;
    const offered = new Map();
    list = el("datalist", { id: `${id}-people` });
    input.setAttribute("list", list.id);
    input.addEventListener("input", async () => {
      const typed = input.value.trim();
      chosen = offered.get(typed) ?? "";
      if (chosen || typed.length < 2) return;
      const found = await get(`/api/people?q=${encodeURIComponent(typed)}`).catch(() => ({ people: [] }));
      for (const one of found.people) offered.set(one.shown, one.address);
      list.replaceChildren(...found.people.map((one) => el("option", { value: one.shown })));
    });
  }
  const weigh = () => {
    const { credits, as } = cost(input.value);
    price.textContent = input.value ? `${as}, ${credits} ${credits === 1 ? "credit" : "credits"}` : "";
  };
  if (price) {
    input.addEventListener("input", weigh);
    weigh();
  }
  const optional = field.optional ? el("span", { class: "soft" }, " (may be empty)") : null;
  return {
    name: field.name,
    node: el("div", { class: "field" }, field.kind === "choices" ? null : el("label", { for: id }, field.label, optional), input, list, price, wrong),
    value: () => {
      if (field.kind === "choices") return [...input.querySelectorAll("input:checked")].map((one) => one.value).join("\n");
      return field.kind === "person" && chosen ? chosen : input.value;
    },
    wrong: (words) => {
      wrong.textContent = words;
      if (words) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    },
  };
}
