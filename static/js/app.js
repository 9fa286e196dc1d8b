// What every page does: token for htmx, theme, dialogs, search, double submits, focus; custom elements load when they appear.
import { _ } from "./i18n.js";
import { announce, csrf, h, icon, loadScript, loadSheet } from "./elements.js";

const ELEMENTS = ["auction-clock", "bid-form", "live-chart", "dash-chart", "score-grid", "weight-sliders", "file-drop", "job-progress", "line-sheet", "copy-button", "conditional-questions", "opener-key", "opener-act"];
const root = document.documentElement;

/* ---- behaviour that a page asks for by its markup ---- */
const asked = new Set();
function start(part) {
  for (const name of ELEMENTS) {
    if (!asked.has(name) && (part.matches?.(name) || part.querySelector(name))) {
      asked.add(name);
      import(`./controllers/${name}.js`);
    }
  }
  part.querySelectorAll("select[data-search]").forEach(makeSearchable);
  part.querySelector("[data-focus-now]")?.focus();
}

async function makeSearchable(select) {
  if (select.tomselect || select.dataset.ready) return;
  select.dataset.ready = "1";
  loadSheet("tom-select/tom-select.bootstrap5.min.css");
  await loadScript("tom-select/tom-select.complete.min.js");
  select.setAttribute("aria-hidden", "true"); // the list that replaces it carries the label
  new TomSelect(select, { maxOptions: 500, plugins: select.multiple ? { remove_button: { title: _("Remove") } } : {} });
}

/* ---- htmx ---- */
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
document.addEventListener("htmx:responseError", () => fail(_("That did not work. Nothing was changed; please try again.")));
document.addEventListener("htmx:sendError", () => fail(_("No connection. Nothing was changed.")));
function fail(text) {
  const old = document.querySelector(".notice[data-failure]");
  old?.remove();
  const note = h("div", { class: "notice notice-bad", role: "alert", "data-failure": true }, icon("alert-circle"), h("div", null, text));
  document.getElementById("main")?.prepend(note);
}

/* ---- theme ---- */
const NEXT = { auto: "light", light: "dark", dark: "auto" };
const NAMES = { auto: _("Theme: as the system"), light: _("Theme: light"), dark: _("Theme: dark") };
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  root.dataset.theme = NEXT[root.dataset.theme] ?? "auto";
  document.cookie = `srm_theme=${root.dataset.theme};path=/;max-age=31536000;SameSite=Lax`;
  dispatchEvent(new Event("srm:theme"));
  announce(NAMES[root.dataset.theme]);
});

/* ---- dialogs: the browser's own commands, done by hand where it has none ---- */
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[commandfor]");
    const target = button && document.getElementById(button.getAttribute("commandfor"));
    if (!target) return;
    if (button.getAttribute("command") === "show-modal") target.showModal();
    if (button.getAttribute("command") === "close") target.close();
  });
}

/* ---- search ---- */
const search = document.getElementById("search-dialog");
function openSearch(event) {
  event.preventDefault();
  search.showModal();
  search.querySelector("input").select();
}
document.addEventListener("keydown", (event) => {
  if (search && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") openSearch(event);
});
document.addEventListener("click", (event) => {
  if (search && event.target.closest("[data-open-search]")) openSearch(event);
});
search?.addEventListener("keydown", (event) => {
  const stops = [search.querySelector("input"), ...search.querySelectorAll(".hits a")];
  const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  stops.at((stops.indexOf(document.activeElement) + move) % stops.length).focus();
});

/* ---- forms ---- */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (!form || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
const release = (part) => part.querySelectorAll("form[data-sent]").forEach((form) => {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});
addEventListener("pageshow", () => release(document));
document.addEventListener("htmx:afterRequest", () => release(document));
document.addEventListener("click", (event) => {
  const link = event.target.closest(".errsum a[href^='#']");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  (field.matches("input,select,textarea") ? field : field.querySelector("input,select,textarea") ?? field).focus();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

/* ---- lists with J and K ---- */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,textarea,select,[contenteditable]")) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  const items = step ? [...document.querySelectorAll("[data-keys] a.item")] : [];
  if (!items.length) return;
  items[Math.min(items.length - 1, Math.max(0, items.indexOf(document.activeElement) + step))].focus();
});

start(document);
