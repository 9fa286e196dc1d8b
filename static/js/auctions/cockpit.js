// The buyer's cockpit: a push says that something happened; the board is read anew and morphed in.
import { _ } from "../i18n.js";
import { announce } from "../elements.js";

const EVENT = { join: "auction.join", view: "auction", tick: "tick", message: "auction.message" };
const AGAIN_MS = 5000; // who is online changes without a push
const ANSWER_MS = 8000;

const root = document.querySelector("[data-cockpit]");
const live = document.querySelector("[data-part=live]");
const chart = root.querySelector("live-chart");
const socket = io({ transports: ["websocket", "polling"], reconnectionDelay: 500, reconnectionDelayMax: 3000 });
const state = { version: -1, asking: false, again: false, names: "" };

async function refresh() {
  if (state.asking) { state.again = true; return; }
  state.asking = true;
  try {
    const answer = await fetch(root.dataset.boardUrl, { headers: { "HX-Request": "true" } });
    if (answer.ok) show(await answer.text());
  } catch { /* the next push or the next round asks again */ }
  state.asking = false;
  if (state.again) { state.again = false; refresh(); }
}

function show(html) {
  const page = new DOMParser().parseFromString(`<div id="board">${html}</div>`, "text/html");
  const log = page.getElementById("board-log");
  if (log) document.getElementById("board-log").replaceWith(log);
  const number = page.getElementById("board-seq");
  if (number) document.getElementById("board-seq").replaceWith(number);
  const phase = page.querySelector("[data-phase]")?.dataset.phase;
  Idiomorph.morph(document.getElementById("board"), page.getElementById("board").innerHTML, { morphStyle: "innerHTML" });
  const facts = JSON.parse(document.getElementById("board-chart-now").textContent);
  const names = facts.series.map((one) => one.name).join("|");
  if (names !== state.names) { state.names = names; chart.dataset.source = "board-chart-now"; chart.replaceWith(chart); legend(facts.series); }
  else chart.set?.(facts.points);
  if (phase && phase !== root.dataset.state) { root.dataset.state = phase; location.reload(); } // other controls belong to another state
}

// The log shows everything, bids only, or acts only; new entries follow the choice.
const kind = document.querySelector("[data-part=log-kind]");
const filter = () => { document.getElementById("log-box").dataset.only = kind.value; };
kind.addEventListener("change", filter);

function legend(series) {
  const box = document.getElementById("chart-names");
  box.replaceChildren(...series.flatMap((one) => [Object.assign(document.createElement("span"), { className: `series s-${one.tone}`, textContent: one.name }), " "]));
}

function online(on) {
  live.dataset.state = on ? "on" : "lost";
  live.textContent = on ? _("Live") : _("Offline");
}

socket.on("connect", async () => {
  try {
    const answer = await socket.timeout(ANSWER_MS).emitWithAck(EVENT.join, { auction: root.dataset.auction });
    online(answer.ok);
    if (answer.ok) { state.version = answer.version; refresh(); }
  } catch { online(false); }
});
socket.on("disconnect", (reason) => { online(false); if (reason === "io server disconnect") setTimeout(() => socket.connect(), 3000); });
socket.on("connect_error", () => online(false));
socket.on(EVENT.view, (view) => { if (view.version > state.version) { state.version = view.version; refresh(); } });
socket.on(EVENT.message, (message) => { if (!message.from_buyer) { announce(message.text, true); location.hash = "messages"; refresh(); } });
setInterval(refresh, AGAIN_MS);
root.addEventListener("srm:zero", () => setTimeout(refresh, 150));

document.querySelector("[data-part=meeting]").addEventListener("click", (event) => {
  const on = document.body.classList.toggle("meeting");
  event.currentTarget.setAttribute("aria-pressed", String(on));
});
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[1-9]$/.test(event.key)) document.querySelector(`[data-lot-key="${event.key}"]`)?.click();
  if (event.key === "p") document.getElementById("pause")?.showModal();
});
state.names = JSON.parse(document.getElementById("board-chart-now").textContent).series.map((one) => one.name).join("|");
