// What a text costs, counted as the carriers do: the same answers as bridge.render gives.

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
  "abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "^{}\\[~]|€\f";

const WEIGHTS = new Map([...Array.from(BASIC, (c) => [c, 1]), ...Array.from(DOUBLE, (c) => [c, 2])]);

const STRAIGHT = new Map([
  ["…", "..."], ["‹", "<"], ["›", ">"], ["⁄", "/"], ["∕", "/"], ["×", "x"], ["÷", "/"],
  ["¼", "1/4"], ["½", "1/2"], ["¾", "3/4"], ["©", "(c)"], ["®", "(R)"], ["™", "TM"],
]); // prettier-ignore
for (const [plain, signs] of [
  ['"', "“”„‟«»″〝〞＂"],
  ["'", "‘’‚‛′ʼʻ´`ˈ＇"],
  ["-", "‐‑‒–—―−﹣－⁃•·●▪"],
  [" ", "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"],
  ["", "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0e\ufe0f"],
  ["\n", "\u2028\u2029\v"],
]) {
  for (const sign of signs) STRAIGHT.set(sign, plain);
}

// alone: what fits one SMS; limit: what fits as many as it takes; guilty: the characters that GSM-7 lacks.
export function measure(text) {
  const signs = Array.from(text);
  const guilty = [...new Set(signs.filter((sign) => !WEIGHTS.has(sign)))];
  const gsm = guilty.length === 0;
  const [alone, joined] = gsm ? [160, 153] : [70, 67];
  const weights = signs.map((sign) => (gsm ? WEIGHTS.get(sign) : sign.length));
  const units = weights.reduce((sum, weight) => sum + weight, 0);
  let segments = 1;
  if (units > alone) {
    let filled = 0;
    for (const weight of weights) {
      if (filled + weight > joined) {
        segments += 1;
        filled = 0;
      }
      filled += weight;
    }
  }
  return { encoding: gsm ? "gsm7" : "ucs2", units, segments, guilty, alone, limit: segments > 1 ? joined * segments : alone };
}

export function straighten(text) {
  return Array.from(text, (sign) => STRAIGHT.get(sign) ?? sign).join("");
}

// What sending it costs, where long texts go as one MMS ("mms") or in segments ("segments").
export function cost(text, { media = 0, longMessages = "mms" } = {}) {
  const { segments } = measure(text);
  if (media > 0 || (segments > 1 && longMessages === "mms")) return { credits: 3, as: "MMS" };
  return { credits: segments, as: "SMS" };
}

// The straightened text, where it costs less; else null.
export function cheaper(text, options) {
  const straight = straighten(text);
  return straight !== text && cost(straight, options).credits < cost(text, options).credits ? straight : null;
}

// A character by a name that helps to find it.
export function nameOf(sign) {
  const code = `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  const names = { "\u00a0": "a no-break space", "\t": "a tab", "\u200b": "an invisible space", "\u200d": "a joiner" };
  return names[sign] ?? (/\p{L}|\p{P}|\p{S}|\p{N}/u.test(sign) ? `“${sign}”` : code);
}
