// One message, or one notice, as it stands in a thread.

import { chip, el, icon } from "./dom.js";
import { bytes, clock, full, iso } from "./times.js";

const STATES = {
  held: ["hourglass", "Waiting"],
  queued: ["hourglass", "Queued"],
  sent: ["sent", "Sent"],
  delivered: ["delivered", "Delivered"],
  undelivered: ["failed", "Not delivered"],
  failed: ["failed", "Failed"],
  cancelled: ["stop", "Cancelled, not sent"],
  unsure: ["unsure", "Unknown whether it went out"],
};

const KINDS = {
  opt_out: "Opt-out",
  opt_in: "Opt-in",
  help: "Asked for help",
  poll: "Poll",
  data: "Data collection",
  reaction: "Reaction",
  auto_reply: "Automatic reply",
  auto: "Automatic",
  campaign: "Campaign",
  confirmation: "Confirmation",
};

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

export function drawMedia(media, loaded) {
  const address = `/files/${encodeURIComponent(media.id)}`;
  const name = media.name || "file";
  if (PICTURES.includes(media.type)) {
    const image = el("img", { src: address, alt: `Picture: ${name}`, decoding: "async" });
    image.addEventListener("load", loaded);
    return el("a", { class: "picture", href: address, target: "_blank", rel: "noopener" }, image);
  }
  const size = bytes(media.size);
  return el(
    "a",
    { class: "file", href: address, download: media.name || true },
    icon("file"),
    el("span", {}, el("span", { class: "file-name", dir: "auto" }, name), size ? el("span", { class: "soft" }, size) : null),
  );
}

// does: {take(entry), cancel(entry), retry(entry), send(entry), why(entry), loaded()}
export function drawEntry(entry, does) {
  const mine = entry.direction === "out";
  const note = entry.direction === "internal";
  const side = note ? "note" : mine ? "out" : "in";
  const text = note ? entry.text.replace(/^\s*(\/\/|note:)\s*/i, "") : entry.text;
  const words = [
    text ? el("p", { class: "words", dir: "auto" }, text) : null,
    entry.media.map((media) => drawMedia(media, does.loaded)),
  ];
  return el(
    "li",
    { class: `msg ${side} ${entry.joined ? "joined" : ""} ${entry.hidden ? "aside" : ""} is-${entry.state}` },
    note ? el("p", { class: "note-head" }, icon("lock"), "Internal note") : null,
    el("div", { class: "bubble" }, words),
    drawFoot(entry, mine, note, does),
  );
}

function drawFoot(entry, mine, note, does) {
  const parts = [];
  if (entry.author) parts.push(el("span", { class: "author", dir: "auto" }, entry.author === "machine" ? "threadline" : entry.author));
  parts.push(el("time", { datetime: iso(entry.at), title: full(entry.at) }, clock(entry.at)));
  if (mine) parts.push(drawState(entry));
  if (mine && entry.credits > 1) parts.push(el("span", {}, `${entry.credits} credits`));
  if (KINDS[entry.kind]) parts.push(chip(KINDS[entry.kind]));
  const buttons = [];
  const small = (words, press, kind = "") =>
    buttons.push(el("button", { type: "button", class: `link ${kind}`, onclick: press }, words));
  if (entry.state === "held" && entry.desk === "web") {
    small("Edit", () => does.take(entry));
    small("Cancel", () => does.cancel(entry));
  }
  if (["failed", "undelivered"].includes(entry.state) && mine && !entry.asked) small("Try again", () => does.retry(entry));
  if (note && entry.kind === "reply") small("Send as SMS", () => does.send(entry));
  return el(
    "div",
    { class: "foot" },
    parts,
    buttons.length ? el("span", { class: "actions" }, buttons) : null,
    entry.reactions?.length ? drawReactions(entry) : null,
    entry.reason ? drawReason(entry, does) : null,
  );
}

function drawState(entry) {
  const [sign, words] = STATES[entry.state] ?? ["info", entry.state];
  const until = entry.state === "held" && entry.hold_until;
  const why = entry.error ? `: ${entry.error}` : "";
  return el(
    "span",
    { class: `state ${entry.state}` },
    icon(sign),
    el("span", { "data-until": until || null }, `${words}${why}`),
  );
}

function drawReactions(entry) {
  return el("span", { class: "reactions", role: "img", "aria-label": `They reacted with ${entry.reactions.join(" ")}` }, entry.reactions.join(" "));
}

function drawReason(entry, does) {
  const id = `why-${entry.id}`;
  return [
    el("button", { type: "button", class: "why", "aria-label": "Why is it here?", "aria-describedby": id, onclick: () => does.why(entry) }, icon("info")),
    el("span", { class: "reason", id }, entry.reason),
  ];
}

export function drawNotice(notice, press) {
  if (!notice.buttons.length && !notice.head) {
    const when = el("time", { datetime: iso(notice.at), title: full(notice.at) }, clock(notice.at));
    return el("li", { class: "msg remark" }, el("span", { class: "words", dir: "auto" }, notice.body), " ", when);
  }
  return el(
    "li",
    { class: "msg notice" },
    notice.head ? el("p", { class: "notice-head" }, notice.head) : null,
    notice.body ? el("p", { class: "words", dir: "auto" }, notice.body) : null,
    notice.buttons.length ? el("div", { class: "notice-buttons" }, notice.buttons.map((button) => drawButton(button, press, notice.ref))) : null,
    notice.foot ? el("p", { class: "soft" }, notice.foot) : null,
    el("time", { class: "soft", datetime: iso(notice.at), title: full(notice.at) }, clock(notice.at)),
  );
}

export function drawButton(button, press, ref = null, kind = "small") {
  const node = el("button", { type: "button", class: `${kind} ${button.danger ? "danger" : ""}` }, button.label);
  node.addEventListener("click", async () => {
    node.disabled = true;
    await press(button, undefined, ref);
    node.disabled = false;
  });
  return node;
}
