// Words, numbers and times for scripts. The catalogue comes from the same .po files as the templates.
//   _("Bid {p}", { p })           n_("{n} minute left", "{n} minutes left", n)
const root = document.documentElement;
export const lang = root.lang || "en";
const formatLang = lang === "en" ? "en-GB" : lang;

async function load() {
  if (!root.dataset.i18n) return {};
  try {
    const answer = await fetch(root.dataset.i18n);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {}; // English stays readable when the catalogue cannot be had
  }
}
const catalogue = await load();

const CATEGORIES = {
  en: ["one", "other"], fr: ["one", "other"], es: ["one", "other"],
  pl: ["one", "few", "many"], ro: ["one", "few", "other"], ru: ["one", "few", "many"],
};
const rules = new Intl.PluralRules(lang);
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (whole, name) => (facts && name in facts ? facts[name] : whole));

export const _ = (text, facts) => fill(typeof catalogue[text] === "string" ? catalogue[text] : text, facts);

export function n_(one, many, n, facts) {
  const order = CATEGORIES[lang] ?? CATEGORIES.en;
  const at = order.indexOf(rules.select(n));
  const form = catalogue[one]?.[at < 0 ? order.length - 1 : at]; // "many" in fr and es, fractions in pl and ru: the last form
  const text = Array.isArray(catalogue[one]) && form ? form : n === 1 ? one : many;
  return fill(text, { n: number(n), ...facts });
}

// Amounts travel as plain decimal text ("184000.50"); Intl formats such text exactly.
const kept = new Map();
function formatter(options) {
  const key = JSON.stringify(options);
  if (!kept.has(key)) kept.set(key, new Intl.NumberFormat(formatLang, { useGrouping: "always", ...options }));
  return kept.get(key);
}
const minus = (text) => text.replace(/-/g, "−");
const decimals = (text) => (String(text).split(".")[1] ?? "").length;

export const number = (value, digits) =>
  minus(formatter(digits === undefined ? { maximumFractionDigits: 6 } : { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value));

export function money(value, currency, digits) {
  const options = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  const coins = formatter(options).resolvedOptions().maximumFractionDigits;
  const shown = digits ?? (decimals(value) ? Math.max(decimals(value), coins) : 0); // whole amounts short, others with all their coins
  return minus(formatter({ ...options, minimumFractionDigits: shown, maximumFractionDigits: shown }).format(value));
}
export const percent = (share, digits = 1) =>
  minus(formatter({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(share));

export function currencySign(currency) {
  const parts = formatter({ style: "currency", currency, currencyDisplay: "narrowSymbol" }).formatToParts(1);
  const at = parts.findIndex((part) => part.type === "currency");
  return { sign: parts[at].value, side: at > 0 ? "end" : "start" };
}

const zone = root.dataset.zone || "UTC";
const timeOf = (options) => new Intl.DateTimeFormat(formatLang, { timeZone: zone, hourCycle: "h23", ...options });
const seconds = timeOf({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const minutes = timeOf({ hour: "2-digit", minute: "2-digit" });
export const clockTime = (ms) => seconds.format(ms);
export const shortTime = (ms) => minutes.format(ms);

const sample = formatter({}).formatToParts("12345678.9");
const GROUP = sample.find((part) => part.type === "group")?.value ?? ",";
const POINT = sample.find((part) => part.type === "decimal")?.value ?? ".";
const escape = (mark) => mark.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// What a person typed as plain decimal text, or null: the rules of formats.parse_number on the server.
export function parseNumber(typed) {
  const spaced = typed.trim().replace(/[\u00a0\u202f\u2009]/g, " ").replace("−", "-");
  const negative = spaced.startsWith("-");
  const [whole, ...rest] = (negative ? spaced.slice(1).trim() : spaced).split(POINT);
  if (rest.length > 1 || (rest.length && !/^\d+$/.test(rest[0]))) return null;
  const group = /\s/.test(GROUP) ? " " : GROUP;
  const marks = [group, " ", "'", ...(rest.length ? [POINT === "," ? "." : ","] : [])];
  const mark = marks.find((m) => new RegExp(`^\\d{1,3}(${escape(m)}\\d{3})+$`).test(whole));
  const digits = mark ? whole.split(mark).join("") : whole;
  if (!/^\d+$/.test(digits) && !(digits === "" && rest.length)) return null;
  return (negative ? "-" : "") + (digits || "0") + (rest.length ? `.${rest[0]}` : "");
}
