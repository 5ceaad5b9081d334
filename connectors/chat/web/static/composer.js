// The message box: what it costs is seen before it leaves; a note stays inside; a draft stays where it was.

import { ask, newId, post } from "./net.js";
import { el, icon, tell } from "./dom.js";
import { bytes } from "./times.js";
import { cheaper, cost, measure, nameOf } from "./segments.js";

const MAX_FILE = 20_000_000;

export function makeComposer({ sent }) {
  let data = null;
  let attached = []; // media that the server keeps
  let sending = null; // the id of what is on its way to the server

  const words = el("textarea", { id: "words", rows: "1", dir: "auto", placeholder: "Write a text message", "aria-describedby": "cost" });
  const noteBox = el("input", { type: "checkbox", id: "as-note" });
  const file = el("input", { type: "file", id: "attach", class: "unseen", multiple: true });
  const files = el("ul", { class: "attached", "aria-label": "Attached files" });
  const count = el("span", { class: "count", id: "cost" });
  const hint = el("p", { class: "hint", role: "status" });
  const button = el("button", { type: "submit", class: "primary send" }, icon("send"), el("span", {}, "Send"));
  const closed = el("p", { class: "closed", hidden: true });
  const form = el(
    "form",
    { class: "composer", id: "composer" },
    el("div", { id: "whispers", class: "whispers", role: "status" }),
    closed,
    el("div", { class: "box" },
      el("label", { class: "unseen", for: "words" }, "Message"),
      words,
      files,
      el("div", { class: "tools" },
        el("label", { class: "tool", for: "attach", title: "Attach a file" }, icon("attach"), el("span", { class: "unseen" }, "Attach a file"), file),
        el("label", { class: "tool toggle", for: "as-note" }, noteBox, icon("lock"), el("span", {}, "Internal note")),
        button,
      ),
    ),
    el("div", { class: "below" }, hint, count),
  ); // prettier-ignore

  const isNote = () => noteBox.checked || /^\s*(\/\/|note:|@[\p{L}\p{N}_])/iu.test(words.value);
  const options = () => ({ media: attached.length, longMessages: data?.long_messages });
  const nothing = () => !words.value.trim() && !attached.length;

  // ---- drawing ----

  function draw(fresh) {
    const other = data?.row.thread !== fresh.row.thread;
    data = fresh;
    if (other) recall();
    const { row, card } = data;
    words.setAttribute("aria-label", `Message to ${row.name}`);
    const why = card.closed ? "This conversation is closed: nothing written here goes anywhere." : row.opted_out ? card.notice || "Opted out: nothing can be sent." : "";
    closed.textContent = row.opted_out && !card.closed ? `${why}${/[.!]$/.test(why) ? "" : "."} You can still write an internal note.` : why;
    closed.hidden = !why;
    noteBox.disabled = row.opted_out;
    if (row.opted_out) noteBox.checked = true;
    words.disabled = file.disabled = card.closed;
    weigh();
  }

  function weigh() {
    if (!data) return;
    const note = isNote();
    const text = words.value;
    const { units, segments, limit, alone, guilty, encoding } = measure(text);
    const price = cost(text, options());
    form.classList.toggle("is-note", note);
    words.placeholder = note ? "Write a note; only staff see it" : "Write a text message";
    button.lastChild.textContent = note ? "Keep note" : "Send";
    button.disabled = nothing() || Boolean(sending) || data.card.closed || (data.row.opted_out && !note);
    if (note) count.textContent = text.trim() ? "Stays inside" : "";
    else if (nothing()) count.textContent = "";
    else count.textContent = `${units}/${price.as === "MMS" ? alone : limit} · ${said(segments, price)}`;
    count.classList.toggle("costly", !note && price.credits > 1);
    drawHint(note, text, guilty, encoding, price, segments);
    words.style.height = "auto";
    words.style.height = `${Math.min(words.scrollHeight, 220)}px`;
  }

  function said(segments, { credits, as }) {
    if (as === "MMS") return `MMS, ${credits} credits`;
    return segments > 1 ? `${segments} segments, ${credits} credits` : "1 credit";
  }

  function drawHint(note, text, guilty, encoding, price, segments) {
    const parts = [];
    if (!note && text.length > data.max_chars) {
      parts.push(`Too long: at most ${data.max_chars} characters can be sent.`);
      button.disabled = true;
    } else if (!note && encoding === "ucs2" && (segments > 1 || text.length > 50)) {
      const names = guilty.slice(0, 3).map(nameOf).join(", ");
      const others = guilty.length > 3 ? ` and ${guilty.length - 3} more` : "";
      parts.push(`${names}${others} ${guilty.length > 1 ? "shorten" : "shortens"} the limit from 160 to 70 characters.`);
      const straight = cheaper(text, options());
      if (straight) {
        const saved = price.credits - cost(straight, options()).credits;
        const swap = () => {
          words.value = straight;
          changed();
          words.focus();
        };
        parts.push(el("button", { type: "button", class: "link", onclick: swap }, `Straighten it, save ${saved} ${saved === 1 ? "credit" : "credits"}`));
      }
    }
    const print = parts.map((part) => part.textContent ?? part).join(" ");
    if (hint.textContent !== print) hint.replaceChildren(...parts.flatMap((part) => [part, " "]).slice(0, -1));
  }

  function drawFiles() {
    files.replaceChildren(
      ...attached.map((media) =>
        el("li", {}, icon("file"), el("span", { dir: "auto" }, media.name || "file"), el("span", { class: "soft" }, bytes(media.size)),
          el("button", { type: "button", class: "quiet round", "aria-label": `Remove ${media.name || "file"}`, onclick: () => {
            attached = attached.filter((other) => other !== media);
            drawFiles();
            changed();
          } }, icon("close")),
        ),
      ), // prettier-ignore
    );
  }

  // ---- drafts: kept for each thread while the tab is open ----

  const drawer = (thread) => `draft:${thread}`;

  function changed() {
    if (data) {
      const draft = { text: words.value, note: noteBox.checked, attached };
      if (nothing()) sessionStorage.removeItem(drawer(data.row.thread));
      else sessionStorage.setItem(drawer(data.row.thread), JSON.stringify(draft));
    }
    weigh();
  }

  function recall() {
    const draft = JSON.parse(sessionStorage.getItem(drawer(data.row.thread)) ?? "{}");
    words.value = draft.text ?? "";
    noteBox.checked = draft.note ?? false;
    attached = draft.attached ?? [];
    drawFiles();
  }

  function leave() {
    data = null;
    words.value = "";
    noteBox.checked = false;
    attached = [];
    drawFiles();
  }

  // Take a held message back into the box.
  function take(entry) {
    words.value = words.value.trim() ? `${entry.text}\n${words.value}` : entry.text;
    attached = [...attached, ...entry.media];
    drawFiles();
    changed();
    words.focus();
  }

  // ---- sending ----

  async function send() {
    weigh();
    if (button.disabled) return;
    const prefix = noteBox.checked && !/^\s*(\/\/|note:)/i.test(words.value) ? "// " : "";
    const id = (sending ??= newId());
    button.disabled = true;
    const { thread } = data.row;
    try {
      const text = prefix + words.value;
      const media = attached.map((kept) => kept.id);
      await post(`/api/threads/${encodeURIComponent(thread)}/messages`, { text, media, client_id: id });
      sessionStorage.removeItem(drawer(thread));
      if (data?.row.thread === thread) {
        words.value = "";
        attached = [];
        noteBox.checked = data.row.opted_out;
        drawFiles();
        sent();
      }
    } catch (trouble) {
      tell(trouble.message, { bad: true });
    } finally {
      sending = null;
      weigh();
    }
  }

  async function attach(chosen) {
    for (const one of chosen) {
      if (one.size > MAX_FILE) {
        tell(`${one.name} is too large: ${bytes(one.size)}, and at most 20 MB go.`, { bad: true });
        continue;
      }
      const body = new FormData();
      body.append("file", one, one.name || "picture.png");
      count.textContent = `Attaching ${one.name}…`;
      try {
        const thread = data?.row.thread;
        const kept = await ask("POST", "/api/files", body);
        if (thread === data?.row.thread) attached = [...attached, ...kept.media];
      } catch (trouble) {
        tell(trouble.message, { bad: true });
      }
    }
    drawFiles();
    changed();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  words.addEventListener("input", changed);
  noteBox.addEventListener("change", changed);
  file.addEventListener("change", () => {
    attach(Array.from(file.files));
    file.value = "";
  });
  words.addEventListener("paste", (event) => {
    const pasted = Array.from(event.clipboardData?.files ?? []);
    if (pasted.length) {
      event.preventDefault();
      attach(pasted);
    }
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });

  return { node: form, draw, leave, take, focus: () => words.focus() };
}
