// What a text costs, counted as the carriers do: the same answers as bridge.render gives.

const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
  "abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "^{}\\[~]|€\f";

const WEIGHTS = new Map([...Array.from(BASIC, (c) => [c, 1]), ...Array.from(DOUBLE, (c) => [c, 2])]);

const STRAIGHT = new Map([
  ["‘", "'"], ["’", "'"], ["‚", "'"], ["‛", "'"], ["`", "'"], ["´", "'"], ["′", "'"],
  ["“", '"'], ["”", '"'], ["„", '"'], ["‟", '"'], ["″", '"'], ["«", '"'], ["»", '"'],
  ["–", "-"], ["—", "-"], ["‐", "-"], ["‑", "-"], ["‒", "-"], ["−", "-"], ["•", "-"],
  ["…", "..."], ["\u00a0", " "], ["\u2009", " "], ["\u202f", " "], ["\t", " "],
  ["\u200b", ""], ["\ufeff", ""],
]); // prettier-ignore

// {encoding, units, segments, guilty}: guilty are the characters that GSM-7 does not have.
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
  return { encoding: gsm ? "gsm7" : "ucs2", units, segments, guilty, limit: segments > 1 ? joined * segments : alone };
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
