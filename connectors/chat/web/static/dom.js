// Small tools to draw with. Whatever people wrote goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  attach: "M20 11.500 12.300 19.200a5 5 0 0 1-7.100-7.100l8-8a3.300 3.300 0 0 1 4.700 4.700l-7.700 7.700a1.700 1.700 0 0 1-2.400-2.400l7-7",
  back: "M14.500 5 8 12l6.500 7",
  close: "M6 6l12 12M18 6 6 18",
  delivered: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.300l2.800 2.800L16 9.500",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  down: "M12 5v14M6 13l6 6 6-6",
  failed: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 9l6 6M15 9l-6 6",
  file: "M13 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V9zM13 3v6h6",
  hourglass: "M7 3h10M7 21h10M8 3v3.500c0 2.500 4 3.500 4 5.500s-4 3-4 5.500V21M16 3v3.500c0 2.500-4 3.500-4 5.500s4 3 4 5.500V21",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5M12 8h.01",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20a7.500 7.500 0 0 1 15 0",
  plus: "M12 5v14M5 12h14",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.500 4.500",
  send: "M12 19V5M6 11l6-6 6 6",
  sent: "M5 12.500l4.500 4.500L19 7.500",
  stop: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.700 5.700l12.600 12.600",
  unsure: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .8-1 1.700M12 16.500h.01",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// el("button", {class: "quiet", type: "button", onclick: f, "aria-label": "…"}, "words", node, null, …)
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Make parent show items, reusing what is drawn already: nodes keep their focus, and nothing flickers.
export function keep(parent, items, key, make) {
  const drawn = new Map(Array.from(parent.children, (node) => [node.dataset.key, node]));
  let focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    const print = JSON.stringify(item);
    let node = drawn.get(name);
    drawn.delete(name);
    if (!node || node.dataset.print !== print) {
      const fresh = make(item);
      fresh.dataset.key = name;
      fresh.dataset.print = print;
      if (node === place) place = node?.nextElementSibling ?? null;
      if (node?.contains(focused)) focused = fresh.querySelector("a, button");
      node?.remove();
      node = fresh;
    }
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of drawn.values()) node.remove();
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

export function initials(name) {
  if (!/\p{L}/u.test(name)) return "#";
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => Array.from(word)[0]).join("").toUpperCase();
}

export function avatar(name) {
  let hue = 0;
  for (const letter of name) hue = (hue * 31 + letter.codePointAt(0)) % 8;
  return el("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, initials(name));
}

export function chip(words, kind = "") {
  return el("span", { class: `chip ${kind}` }, words);
}

// A word to a screen reader.
export function say(words) {
  const live = document.getElementById("live");
  live.textContent = "";
  setTimeout(() => (live.textContent = words), 50);
}

// A word to the eye and the ear, at the message box where there is one. buttons: [{label, press}]
export function tell(words, { bad = false, buttons = [], seconds = 12 } = {}) {
  const place = document.getElementById("whispers") ?? document.getElementById("toasts");
  const gone = () => toast.remove();
  const toast = el(
    "div",
    { class: `toast ${bad ? "bad" : ""}`, role: bad ? "alert" : null },
    el("p", { dir: "auto" }, words),
    buttons.map(({ label, press }) => el("button", { type: "button", class: "small", onclick: () => (press(), gone()) }, label)),
    el("button", { type: "button", class: "quiet round", "aria-label": "Close this word", onclick: gone }, icon("close")),
  );
  while (place.childElementCount > 2) place.firstElementChild.remove();
  place.append(toast);
  if (!buttons.length) setTimeout(gone, seconds * 1000);
}
