// The person at the right: what is known, what can be done, and what is behind the three dots.

import { avatar, el, icon } from "./dom.js";
import { drawButton } from "./bubble.js";
import { makeMenu } from "./menu.js";

export function makePerson(home, { press, close }) {
  const print = { last: "" };

  function draw(data) {
    home.hidden = !data;
    if (!data) {
      print.last = "";
      home.replaceChildren();
      return;
    }
    const { card, row } = data;
    const fresh = JSON.stringify([card, row.name, row.opted_out]);
    if (fresh === print.last) return;
    print.last = fresh;
    const focused = home.contains(document.activeElement) ? document.activeElement.textContent : null;
    home.replaceChildren(
      el("button", { type: "button", class: "quiet round shut", "aria-label": "Close", onclick: shut }, icon("close")),
      card.menu.length ? makeMenu(card.menu, press) : "",
      el("div", { class: "person-head" }, avatar(row.name), el("h2", { dir: "auto" }, card.title)),
      card.notice ? el("p", { class: `person-notice ${row.opted_out ? "bad" : ""}` }, card.notice) : "",
      el("div", { class: "person-buttons" }, card.buttons.map((button) => drawButton(button, press))),
      el("dl", {}, card.facts.map((fact) => el("div", {}, el("dt", {}, fact.label), el("dd", { dir: "auto" }, fact.value)))),
    );
    if (focused) Array.from(home.querySelectorAll("button")).find((button) => button.textContent === focused)?.focus();
  }

  function shut() {
    delete document.body.dataset.person;
    close();
  }

  return { draw };
}
