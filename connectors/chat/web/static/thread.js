// The conversation in the middle: its head, its messages by day, and the message box below.

import { ask, get, post, newId } from "./net.js";
import { avatar, chip, el, icon, keep, say, tell } from "./dom.js";
import { day, lasting, now, setClock } from "./times.js";
import { drawEntry, drawNotice } from "./bubble.js";
import { makeComposer } from "./composer.js";

const JOINED = 300; // seconds between messages of one author that stand together

export function makeThread(home, { me, press, leave, drawn, gone }) {
  let thread = null;
  let data = null;
  let older = []; // entries of earlier pages
  let more = false;
  let showHidden = false;
  let newest = null;

  const head = el("header", { class: "thread-head" });
  const log = el("ol", { class: "log", "aria-label": "Messages" });
  const earlier = el("button", { type: "button", class: "small earlier", hidden: true, onclick: loadEarlier }, "Show earlier messages");
  const scroller = el("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "Messages" }, earlier, log);
  const jump = el("button", { type: "button", class: "jump", hidden: true, onclick: () => toEnd(true) }, icon("down"), "New messages");
  const composer = makeComposer({ sent: () => toEnd() });
  const talk = el("div", { class: "talk", hidden: true }, head, el("div", { class: "log-frame" }, scroller, jump), composer.node);
  const blank = el("div", { class: "blank" });
  home.append(blank, talk);
  drawBlank();

  function drawBlank() {
    const number = me.lines.map((line) => line.number).join(" or ");
    const how = me.simulated.length
      ? `Text ${number} from the phone on the left, or pick a conversation from the list.`
      : "Pick one from the list, or start a new one.";
    blank.replaceChildren(el("h2", {}, "No conversation is open"), el("p", {}, how), el("p", { class: "keys" }, "Press ? for the keys."));
  }

  async function open(ref) {
    composer.leave();
    thread = ref;
    data = null;
    older = [];
    showHidden = false;
    newest = null;
    blank.hidden = Boolean(ref);
    talk.hidden = !ref;
    log.replaceChildren();
    head.replaceChildren();
    if (!ref) return;
    try {
      await refresh();
    } catch (trouble) {
      if (trouble.status !== 404) tell(trouble.message, { bad: true });
      return;
    }
    toEnd();
  }

  async function refresh() {
    if (!thread) return;
    const asked = thread;
    const fresh = await get(`/api/threads/${encodeURIComponent(asked)}`).catch((trouble) => {
      if (trouble.status === 404 && asked === thread) gone();
      throw trouble;
    });
    if (asked !== thread) return;
    const first = data === null;
    const oldest = fresh.entries[0]?.at ?? Infinity;
    const known = new Set(fresh.entries.map((entry) => entry.id));
    if (data) older = [...older, ...data.entries].filter((entry) => entry.at <= oldest && !known.has(entry.id));
    if (first) more = fresh.has_more;
    data = fresh;
    setClock(fresh.now);
    draw(first);
    drawn(data);
    announce(first);
    if (data.row.unread && document.visibilityState === "visible") markRead();
  }

  function announce(first) {
    const last = data.entries.findLast((entry) => entry.direction === "in" && !entry.hidden);
    if (!first && last && last.id !== newest) {
      say(`${data.row.name} says: ${last.text || "a picture or file"}`);
      if (!atEnd()) jump.hidden = false;
    }
    newest = last?.id ?? null;
  }

  function markRead() {
    post("/api/read", { thread, client_id: newId() }).catch(() => {});
  }

  async function loadEarlier() {
    const first = [...older, ...data.entries].reduce((a, b) => (a.at <= b.at ? a : b));
    const asked = thread;
    const page = await get(`/api/threads/${encodeURIComponent(thread)}?before=${first.at}`).catch((trouble) => {
      tell(trouble.message, { bad: true });
    });
    if (!page || asked !== thread) return;
    const height = scroller.scrollHeight - scroller.scrollTop;
    older = [...page.entries, ...older];
    more = page.has_more;
    draw();
    scroller.scrollTop = scroller.scrollHeight - height;
  }

  // ---- drawing ----

  function draw(first = false) {
    const stuck = first || atEnd();
    drawHead();
    keep(log, items(), (item) => item.key, drawItem);
    earlier.hidden = !more;
    composer.draw(data);
    tick();
    if (stuck) toEnd();
  }

  function items() {
    const asked = new Set(data.notes.flatMap((note) => note.buttons.map((button) => button.value)));
    const start = more ? Math.min(...[...older, ...data.entries].map((entry) => entry.at)) : -Infinity;
    const said = [...older, ...data.entries]
      .filter((entry) => showHidden || !entry.hidden || !data.hidden)
      .map((entry) => ({ ...entry, key: `e-${entry.id}`, asked: asked.has(entry.id) }));
    const notes = data.notes.filter((note) => note.at >= start).map((note) => ({ ...note, key: `n-${note.ref}`, notice: true }));
    const all = [...said, ...notes].sort((a, b) => a.at - b.at);
    const drawnItems = [];
    let before = null;
    for (const item of all) {
      const name = day(item.at);
      if (!before || day(before.at) !== name) drawnItems.push({ key: `d-${name}`, day: name });
      else item.joined = together(before, item);
      drawnItems.push(item);
      before = item;
    }
    return drawnItems;
  }

  const together = (a, b) =>
    !a.notice && !b.notice && a.direction === b.direction && a.author === b.author && b.at - a.at < JOINED;

  function drawItem(item) {
    if (item.day) return el("li", { class: "day" }, el("span", {}, item.day));
    return item.notice ? drawNotice(item, press) : drawEntry(item, does);
  }

  function drawHead() {
    const { row, hidden } = data;
    const waits = row.waiting_since ? now() - row.waiting_since : 0;
    const print = JSON.stringify([row, hidden, showHidden, lasting(waits)]);
    if (head.dataset.print === print && head.childElementCount) return;
    const focused = head.contains(document.activeElement) ? document.activeElement.id : null;
    head.dataset.print = print;
    head.replaceChildren(
      el("button", { type: "button", class: "quiet round back", id: "back", "aria-label": "Back to the list", onclick: leave }, icon("back")),
      avatar(row.name),
      el("div", { class: "thread-name" },
        el("h2", { dir: "auto" }, row.name),
        el("p", { class: "soft" },
          row.name === row.number ? null : el("span", {}, row.number),
          me.lines.length > 1 ? el("span", {}, `on ${row.line}`) : null,
          row.opted_out ? chip("Opted out", "bad") : null,
          row.state === "resolved" ? chip("Resolved", "good") : null,
          waits > 60 ? chip(`Waiting ${lasting(waits)}`, waits > 3600 ? "warn" : "") : null,
        ),
      ),
      hidden ? el("button", { type: "button", class: "small", id: "hidden", "aria-pressed": String(showHidden), onclick: turnHidden },
        showHidden ? "Hide them again" : `Show ${hidden} hidden ${hidden === 1 ? "message" : "messages"}`) : "",
      el("button", { type: "button", class: "quiet round about", id: "about", "aria-label": "Who this is", onclick: () => {
        document.body.dataset.person = "";
        document.querySelector("#person button")?.focus();
      } }, icon("person")),
    ); // prettier-ignore
    if (focused) document.getElementById(focused)?.focus();
  }

  // Those that the page has not got are posted into the thread, as on every other desk.
  function turnHidden() {
    if (![...older, ...data.entries].some((entry) => entry.hidden)) {
      press({ action: "show_hidden", value: "" }, thread);
      return;
    }
    showHidden = !showHidden;
    draw();
    if (showHidden) log.querySelector(".aside")?.scrollIntoView({ block: "center" });
    say(showHidden ? "Hidden messages are shown" : "Hidden messages are hidden again");
  }

  // ---- what one can do with a message ----

  const message = (entry) => `/api/threads/${encodeURIComponent(thread)}/messages/${encodeURIComponent(entry.ref)}`;
  const does = {
    loaded: () => atEnd(300) && toEnd(),
    // What is edited comes back into the box, so that it cannot leave meanwhile.
    take: async (entry) => (await does.cancel(entry)) && composer.take(entry),
    async cancel(entry) {
      try {
        if (entry.ref) await ask("DELETE", message(entry));
        else await press({ action: "cancel_send", value: entry.id }, thread);
        return true;
      } catch (trouble) {
        tell(trouble.message, { bad: true });
        return false;
      }
    },
    retry: (entry) => press({ action: "retry", value: entry.id }, thread, entry.ref),
    why: (entry) => press({ action: "panel", value: `message:${entry.id}` }, thread),
    send: (entry) => press({ action: "send", value: entry.id }, thread, entry.ref),
  };

  function tick() {
    for (const held of log.querySelectorAll("[data-until]")) {
      const left = Math.ceil(Number(held.dataset.until) - now());
      const words = left > 0 ? `Goes out in ${left} s` : "On its way";
      if (held.textContent !== words) held.textContent = words;
    }
  }

  // ---- where one looks ----

  const atEnd = (slack = 80) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < slack;

  function toEnd(smooth = false) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    jump.hidden = true;
  }

  // Who reads the end goes on reading the end, also when the message box grows.
  let atBottom = true;
  scroller.addEventListener("scroll", () => {
    atBottom = atEnd();
    if (atBottom) jump.hidden = true;
  });
  new ResizeObserver(() => atBottom && toEnd()).observe(scroller);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && data?.row.unread) markRead();
  });
  setInterval(tick, 250);
  setInterval(() => data && drawHead(), 30_000);

  return { open, refresh, focus: () => composer.focus(), current: () => thread };
}
