// The conversations at the left: search, badges, and as many rows as one cares to scroll to.

import { get } from "./net.js";
import { avatar, chip, el, icon, keep, say } from "./dom.js";
import { brief, lasting, now } from "./times.js";

export function makeList(home, { me, show, begin }) {
  let rows = new Map();
  let more = false;
  let query = "";
  let selected = null;
  let loading = null;
  let heard = null; // the newest text that was announced

  const search = el("input", {
    type: "search",
    id: "search",
    placeholder: "Search names, numbers, words",
    "aria-label": "Search conversations",
    autocomplete: "off",
  });
  const items = el("ul", { class: "rows" });
  const empty = el("div", { class: "empty", hidden: true });
  const end = el("div", { class: "end", "aria-hidden": "true" });
  const scroller = el("div", { class: "scroller" }, items, empty, end);
  home.append(
    el(
      "div",
      { class: "list-head" },
      el("button", { type: "button", class: "primary wide", id: "new", onclick: () => begin("") }, icon("plus"), "New conversation"),
      el("div", { class: "search" }, icon("search"), search),
    ),
    scroller,
  );

  const sorted = () => Array.from(rows.values()).sort((a, b) => b.last_at - a.last_at);
  const ask = (before) => {
    const asked = new URLSearchParams({ q: query });
    if (before) asked.set("before", before);
    return get(`/api/threads?${asked}`);
  };

  async function refresh() {
    const asked = query;
    const page = await ask();
    if (asked !== query) return;
    const oldest = page.more ? page.rows.at(-1).last_at : -Infinity;
    for (const [thread, row] of rows) if (row.last_at >= oldest) rows.delete(thread);
    if (!page.more) rows.clear();
    if (rows.size === 0) more = page.more;
    for (const row of page.rows) rows.set(row.thread, row);
    announce();
    draw();
  }

  async function loadMore() {
    if (!more || loading) return;
    loading = ask(sorted().at(-1)?.last_at);
    try {
      const asked = query;
      const page = await loading;
      if (asked !== query) return;
      more = page.more;
      for (const row of page.rows) rows.set(row.thread, row);
      draw();
    } catch {
      // scrolling again asks again
    } finally {
      loading = null;
    }
  }

  function announce() {
    const newest = sorted().find((row) => row.unread);
    const mark = newest ? `${newest.thread} ${newest.last_at}` : "";
    if (heard !== null && mark && mark !== heard && newest.thread !== selected) say(`New message from ${newest.name}`);
    heard = mark;
  }

  function draw() {
    const several = me.lines.length > 1;
    const shown = sorted().map((row) => ({
      ...row,
      selected: row.thread === selected,
      when: brief(row.last_at),
      waits: row.waiting_since && now() - row.waiting_since > 60 ? lasting(now() - row.waiting_since) : "",
      long: row.waiting_since ? now() - row.waiting_since > 3600 : false,
      several,
    }));
    keep(items, shown, (row) => row.thread, drawRow);
    empty.hidden = shown.length > 0;
    if (!shown.length) drawEmpty();
  }

  function drawRow(row) {
    const chips = [
      row.opted_out && chip("Opted out", "bad"),
      row.state === "resolved" && chip("Resolved", "good"),
      row.waits && chip(`Waiting ${row.waits}`, row.long ? "warn" : ""),
      row.assigned_to && el("span", { class: "chip by" }, icon("person"), el("span", { class: "unseen" }, "Assigned to "), row.assigned_to),
      row.several && chip(row.line),
    ].filter(Boolean);
    const link = el(
      "a",
      { class: "row", href: `#/${encodeURIComponent(row.thread)}`, "aria-current": row.selected ? "true" : null },
      avatar(row.name),
      el("span", { class: "row-name", dir: "auto" }, row.name),
      el("span", { class: "row-when" }, row.when),
      el("span", { class: "row-text", dir: "auto" }, row.last_text.replace(/^\s*\/\/\s*/, "Note: ") || "No messages yet"),
      row.unread ? el("span", { class: "badge" }, String(row.unread), el("span", { class: "unseen" }, " unread")) : null,
      chips.length ? el("span", { class: "chips" }, chips) : null,
    );
    return el("li", { class: row.unread ? "unread" : "" }, link);
  }

  function drawEmpty() {
    if (query) {
      empty.replaceChildren(
        el("h2", {}, "Nothing found"),
        el("p", {}, "No name, number or last message holds these words."),
        el("button", { type: "button", onclick: () => begin(query) }, "Start a new conversation"),
      );
      return;
    }
    const how = me.simulated.length
      ? "Text the number from the phone on the left, and the conversation appears here."
      : `Texts to ${me.lines.map((line) => line.number).join(" or ") || "your number"} appear here by themselves.`;
    empty.replaceChildren(el("h2", {}, "No conversations yet"), el("p", {}, how));
  }

  function select(thread) {
    selected = thread;
    draw();
    items.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  // One row down (1) or up (-1); focus goes along when it was in the list.
  function move(step) {
    const threads = sorted().map((row) => row.thread);
    if (!threads.length) return;
    const at = threads.indexOf(selected);
    const next = threads[Math.min(Math.max(at + step, 0), threads.length - 1)];
    const inside = items.contains(document.activeElement);
    show(next);
    select(next);
    if (inside) items.querySelector("[aria-current]")?.focus();
  }

  let typing = 0;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      query = search.value.trim();
      rows = new Map();
      refresh().catch(() => {});
    }, 150);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    items.querySelector("a")?.[event.key === "Enter" ? "click" : "focus"]();
  });
  items.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const steps = event.key === "ArrowDown" ? 1 : -1;
      const links = Array.from(items.querySelectorAll("a"));
      links[links.indexOf(document.activeElement) + steps]?.focus();
    }
  });
  new IntersectionObserver((seen) => seen[0].isIntersecting && loadMore(), {
    root: scroller,
    rootMargin: "600px",
  }).observe(end);
  setInterval(draw, 30_000);

  return { refresh, select, move, search: () => search.select() || search.focus() };
}
