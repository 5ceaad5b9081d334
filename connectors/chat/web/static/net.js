// Requests to our own server, and the stream of changes.

export class Trouble extends Error {
  constructor(sentence, status, problems = null) {
    super(sentence);
    this.status = status;
    this.problems = problems; // of a form: what is wrong, by field
  }
}

const AWAY = "The server cannot be reached. Nothing was sent; please try again.";

export async function ask(method, path, body) {
  const headers = { "X-Threadline": "1" };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined || form ? body : JSON.stringify(body),
    });
  } catch {
    throw new Trouble(AWAY, 0);
  }
  if (answer.status === 401) location.reload(); // the session ended: the server shows the way in
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Trouble(said.error ?? `The server answered ${answer.status}.`, answer.status, said.problems);
  return said;
}

export const get = (path) => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("");
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Follow the changes for ever. onNews({unread, whispers}) after each; onLine(true|false) as the connection goes.
export async function follow(me, onNews, onLine) {
  let { counter, heard } = me;
  let patience = 500;
  for (;;) {
    const asked = Date.now();
    try {
      const news = await get(`/api/changes?after=${counter}&heard=${heard}`);
      const changed = news.counter !== counter || news.whispers.length > 0;
      ({ counter, heard } = news);
      onLine(true);
      patience = 500;
      if (changed) onNews(news);
      else if (Date.now() - asked < 1000) await pause(1000);
    } catch {
      onLine(false);
      await pause(patience);
      patience = Math.min(patience * 2, 15_000);
      const again = await get("/api/me").catch(() => null);
      if (again) {
        ({ counter, heard } = again);
        onLine(true);
        onNews({ unread: again.unread, whispers: [] });
      }
    }
  }
}
