// Times as people say them. The server's clock counts; ours may be off.

let ahead = 0; // how far the server's clock is ahead, in seconds

export function setClock(now) {
  ahead = now - Date.now() / 1000;
}

export const now = () => Date.now() / 1000 + ahead;

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const DATE = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

const date = (at) => new Date(at * 1000);
const midnight = (at) => date(at).setHours(0, 0, 0, 0);
const daysAgo = (at) => Math.round((midnight(now()) - midnight(at)) / 86_400_000);

export const clock = (at) => CLOCK.format(date(at));
export const full = (at) => FULL.format(date(at));
export const iso = (at) => date(at).toISOString();

// For a list: "14:05", "Tue", "3 Mar".
export function brief(at) {
  const days = daysAgo(at);
  if (days <= 0) return clock(at);
  if (days < 7) return WEEKDAY.format(date(at));
  return DATE.format(date(at));
}

// For a separator: "Today", "Yesterday", "Monday, 3 March".
export function day(at) {
  const days = daysAgo(at);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  return DAY.format(date(at));
}

// How long somebody has waited: "4 min", "2 h", "3 days".
export function lasting(seconds) {
  if (seconds < 60) return "a moment";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? "a day" : `${days} days`;
}

export function bytes(size) {
  if (!size) return "";
  if (size < 1000) return `${size} bytes`;
  if (size < 1_000_000) return `${Math.round(size / 1000)} kB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}
