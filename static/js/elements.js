// Making elements: h("li", { class: "mine" }, "text"), icon("check"), and what every page shares.
const SVG = "http://www.w3.org/2000/svg";

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
export const h = (name, attributes, ...children) => build(document.createElement(name), attributes, children);
export const svg = (name, attributes, ...children) => build(document.createElementNS(SVG, name), attributes, children);

export const icon = (name, size = "") =>
  svg("svg", { class: `icon${size ? ` icon-${size}` : ""}`, "aria-hidden": "true" }, svg("use", { href: `${document.documentElement.dataset.icons}#${name}` }));

// Spoken by screen readers; `now` interrupts.
export function announce(text, now = false) {
  const region = document.getElementById(now ? "announce-now" : "announce");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);
}

// A colour token as the browser computed it, for canvases.
export function colour(token) {
  const probe = h("i", { hidden: true });
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

export const csrf = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

// POST as JSON with the token; throws on refusals with the server's words in `message`.
export async function post(url, data) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf() },
    body: JSON.stringify(data),
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(body.text || String(answer.status)), { status: answer.status, body });
  return body;
}

const scripts = new Map();
// A vendored classic script, once.
export function loadScript(path) {
  const url = new URL(`../vendor/${path}`, import.meta.url).href;
  if (!scripts.has(url)) {
    scripts.set(url, new Promise((done, failed) => {
      const tag = h("script", { src: url });
      tag.addEventListener("load", done);
      tag.addEventListener("error", failed);
      document.head.append(tag);
    }));
  }
  return scripts.get(url);
}
export function loadSheet(path) {
  const url = new URL(`../vendor/${path}`, import.meta.url).href;
  const name = path.split("/").at(-1);
  if ([...document.styleSheets].some((sheet) => sheet.href?.includes(name))) return;
  document.head.append(h("link", { rel: "stylesheet", href: url }));
}
