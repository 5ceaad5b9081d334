// The inbox: who is here, what is open, and what happens when something changes.

import { follow, get, post, newId } from "./net.js";
import { say, tell } from "./dom.js";
import { setClock } from "./times.js";
import { makeList } from "./list.js";
import { makeThread } from "./thread.js";
import { makePerson } from "./person.js";
import { makePhone } from "./phone.js";
import { startTalk } from "./newtalk.js";
import { confirmed } from "./dialogs.js";
import { makePanels } from "./panels.js";
import { listenToKeys } from "./keys.js";

const body = document.body;
const me = await get("/api/me");
setClock(me.now);

// ---- what staff do ----

async function press(button, thread = open(), ref = null) {
  if (button.action === "panel") return panels.panel(button.value);
  if (button.confirm && !(await confirmed(button))) return;
  try {
    await post("/api/press", { action: button.action, value: button.value, thread, ref, client_id: newId() });
    if (button.action === "remove") {
      show(null);
      tell("Conversation removed. Their next text opens a fresh one.");
    }
  } catch (trouble) {
    tell(trouble.message, { bad: true });
  }
}

// ---- what is open: the address says it ----

const open = () => (location.hash.startsWith("#/") ? decodeURIComponent(location.hash.slice(2)) : null);

function show(thread) {
  const address = thread ? `#/${encodeURIComponent(thread)}` : "#/";
  if (location.hash === address) turn();
  else location.hash = address;
}

function turn() {
  const thread = open();
  body.dataset.view = thread ? "thread" : "list";
  delete body.dataset.person;
  list.select(thread);
  person.draw(null);
  view.open(thread);
}

function turnSide(side) {
  body.dataset.side = side;
  if (body.dataset.view === "thread" && matchMedia("(max-width: 760px)").matches) show(null);
  for (const button of document.querySelectorAll(".sides button")) {
    button.setAttribute("aria-pressed", String(button.dataset.side === side));
  }
}

const panels = makePanels({ show, open });
const list = makeList(document.getElementById("list"), { me, show, begin: (number) => startTalk(me, show, number) });
const person = makePerson(document.getElementById("person"), { press, close: () => view.focus() });
const view = makeThread(document.getElementById("thread"), {
  me,
  press,
  leave: () => show(null),
  drawn: (data) => person.draw(data),
  gone: () => show(null),
});
const phoneHome = document.getElementById("phone");
const phone = phoneHome && me.simulated.length ? makePhone(phoneHome, { me }) : null;

// ---- what changes by itself ----

function count(unread) {
  const title = `Inbox · ${me.organisation}`;
  document.title = unread ? `(${unread > 999 ? "999+" : unread}) ${title}` : title;
}

let busy = false;
let again = false;

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    await Promise.all([list.refresh(), view.refresh(), phone?.refresh()]);
  } catch {
    // the stream of changes says when the connection is back
  } finally {
    setTimeout(() => {
      busy = false;
      if (again) {
        again = false;
        refresh();
      }
    }, 150);
  }
}

function news({ unread, whispers }) {
  count(unread);
  for (const whisper of whispers) {
    tell([whisper.head, whisper.body].filter(Boolean).join(": "), {
      buttons: whisper.buttons.map((button) => ({
        label: button.label,
        press: () => press(button, whisper.thread, whisper.ref),
      })),
    });
  }
  refresh();
}

function online(here) {
  const place = document.getElementById("connection");
  const words = here ? "" : "Not connected. Trying again…";
  if (place.textContent !== words) place.textContent = words;
}

for (const button of document.querySelectorAll(".sides button")) {
  button.addEventListener("click", () => turnSide(button.dataset.side));
}
for (const button of document.querySelectorAll("[data-panel]")) {
  button.addEventListener("click", () => panels.panel(button.dataset.panel));
}
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("thread").focus();
});
document.getElementById("show-keys").addEventListener("click", () => keys.show());
const keys = listenToKeys({ list, view, show, open });
addEventListener("hashchange", turn);

count(me.unread);
await list.refresh();
turn();
say(`Inbox of ${me.organisation}`);
follow(me, news, online);
