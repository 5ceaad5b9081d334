// A phone at the left, where the carrier is simulated: be the person who texts, and see what reaches them.

import { ask, get, post } from "./net.js";
import { el, icon, keep, tell } from "./dom.js";
import { clock, day } from "./times.js";
import { drawMedia } from "./bubble.js";

const NUMBERS = ["+1 555 010 0199", "+1 555 010 0118", "+1 555 010 0142", "+1 555 010 0177"];
const MOODS = [
  ["well", "works"],
  ["refuse", "refuses messages"],
  ["slow", "is slow"],
  ["off", "is switched off"],
];
const KEPT = "phone:number";

export function makePhone(home, { me }) {
  const lines = me.lines.filter((line) => me.simulated.includes(line.name));
  let attached = [];

  const number = el("input", { id: "my-number", type: "tel", list: "my-numbers", value: localStorage.getItem(KEPT) ?? NUMBERS[0], autocomplete: "off" });
  const line = el("select", { id: "their-line", "aria-label": "The number to text" }, lines.map((one) => el("option", { value: one.name }, one.number)));
  const mood = el("select", { id: "mood" }, MOODS.map(([value, words]) => el("option", { value }, words)));
  const log = el("ol", { class: "phone-log", "aria-label": "Messages on the phone" });
  const hello = el("p", { class: "phone-hello", hidden: true });
  const screen = el("div", { class: "phone-screen", tabindex: "0", role: "group", "aria-label": "Messages on the phone" }, hello, log);
  const words = el("textarea", { id: "phone-words", rows: "1", dir: "auto", placeholder: "Text message", "aria-label": "Text from the phone" });
  const file = el("input", { type: "file", id: "phone-file", class: "unseen", accept: "image/*,audio/*,video/*", multiple: true });
  const files = el("p", { class: "phone-files", role: "status" });
  const send = el("button", { type: "submit", class: "primary round", "aria-label": "Send from the phone" }, icon("send"));
  const form = el("form", { class: "phone-form" }, files,
    el("label", { class: "tool", for: "phone-file", title: "Attach a picture" }, icon("plus"), el("span", { class: "unseen" }, "Attach a picture"), file),
    words, send); // prettier-ignore

  home.append(
    el("div", { class: "phone-body" },
      el("header", { class: "phone-top" },
        el("span", { class: "phone-speaker", "aria-hidden": "true" }),
        el("strong", {}, me.organisation),
        lines.length > 1 ? line : el("span", { class: "soft" }, lines[0].number),
      ),
      screen,
      form,
    ),
    el("div", { class: "phone-settings" },
      el("div", { class: "field" }, el("label", { for: "my-number" }, "My number"), number),
      el("datalist", { id: "my-numbers" }, NUMBERS.map((one) => el("option", { value: one }))),
      el("div", { class: "field" }, el("label", { for: "mood" }, "This phone"), mood),
    ),
  ); // prettier-ignore

  const address = () => `/api/phone/${encodeURIComponent(line.value || lines[0].name)}/${encodeURIComponent(number.value)}`;

  async function refresh() {
    const asked = address();
    let seen;
    try {
      seen = await get(asked);
    } catch (trouble) {
      if (trouble.status === 400) hello.textContent = trouble.message;
      return;
    }
    if (asked !== address()) return;
    if (document.activeElement !== mood) mood.value = seen.mood;
    const stuck = screen.scrollHeight - screen.scrollTop - screen.clientHeight < 80 || !log.childElementCount;
    const days = new Set();
    const items = seen.entries.flatMap((entry) => {
      const name = day(entry.at);
      const head = days.has(name) ? [] : [{ key: `d-${name}`, day: name }];
      days.add(name);
      return [...head, { key: entry.id, text: entry.text, media: entry.media, at: entry.at, mine: entry.direction === "in" }];
    });
    keep(log, items, (item) => item.key, drawItem);
    hello.hidden = items.length > 0;
    hello.textContent = `This phone is ${seen.shown}. Text “Hello” and watch it arrive in the inbox.`;
    if (stuck) toEnd();
  }

  const toEnd = () => screen.scrollTo({ top: screen.scrollHeight });

  function drawItem(item) {
    if (item.day) return el("li", { class: "day" }, item.day);
    return el("li", { class: item.mine ? "mine" : "theirs" },
      el("span", { class: "unseen" }, item.mine ? "You: " : "They: "),
      item.text ? el("p", { class: "words", dir: "auto" }, item.text) : null,
      item.media.map((media) => drawMedia(media, toEnd)),
      el("time", { class: "unseen" }, clock(item.at)),
    ); // prettier-ignore
  }

  function drawFiles() {
    files.textContent = attached.length ? `${attached.map((one) => one.name).join(", ")} attached` : "";
  }

  async function text() {
    if (!words.value.trim() && !attached.length) return;
    const body = new FormData();
    body.append("text", words.value);
    for (const one of attached) body.append("file", one, one.name);
    send.disabled = true;
    try {
      await ask("POST", `${address()}/text`, body);
      words.value = "";
      attached = [];
      drawFiles();
      await refresh();
      toEnd();
    } catch (trouble) {
      tell(trouble.message, { bad: true });
    } finally {
      send.disabled = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    text();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      text();
    }
  });
  file.addEventListener("change", () => {
    attached = Array.from(file.files);
    file.value = "";
    drawFiles();
  });
  number.addEventListener("change", () => {
    localStorage.setItem(KEPT, number.value);
    log.replaceChildren();
    refresh();
  });
  number.addEventListener("focus", () => number.select());
  line.addEventListener("change", () => {
    log.replaceChildren();
    refresh();
  });
  mood.addEventListener("change", () => post(`${address()}/mood`, { mood: mood.value }).catch((trouble) => tell(trouble.message, { bad: true })));
  setInterval(() => document.visibilityState === "visible" && refresh(), 4_000);
  new ResizeObserver(toEnd).observe(screen); // also when the phone comes into view
  refresh();

  return { refresh };
}
