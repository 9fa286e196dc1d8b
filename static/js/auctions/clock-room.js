// The room of a moving price (Dutch, Japanese). The server names step and price; an acceptance names the step it saw.
import { _, clockTime, money } from "../i18n.js";
import { announce, h, icon } from "../elements.js";
import { refusalText } from "../refusals.js";
import { serverClock } from "../server-clock.js";

const EVENT = { join: "auction.join", view: "auction", tick: "tick", echo: "clock.echo", accept: "auction.accept", status: "auction.status", message: "auction.message" };
const ANSWER_MS = 8000;
const STALE_MS = 3000;
const room = document.querySelector("[data-clock-room]");
const part = (name) => room.querySelector(`[data-part="${name}"]`);
const clock = room.querySelector("auction-clock");
const dock = part("dock");
const japanese = room.dataset.format === "japanese";
const state = { version: -1, auction: "running", lot: null, busy: false, online: false, heardAt: Date.now(), key: "" };
const socket = io({ transports: ["websocket", "polling"], reconnectionDelay: 500, reconnectionDelayMax: 3000 });
const ask = (event, data = {}) => socket.timeout(ANSWER_MS).emitWithAck(event, data);
const shown = (amount) => money(amount, room.dataset.currency);
const text = (name, words) => { const node = part(name); if (node && node.textContent !== words) node.textContent = words; };
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
await customElements.whenDefined("auction-clock");

function take(view, snapshot = false) {
  if (!snapshot && view.version < state.version) return;
  state.version = view.version;
  if (view.state) state.auction = view.state;
  const lot = view.lots?.find((one) => one.id === room.dataset.lot);
  if (lot) state.lot = { ...(snapshot ? {} : state.lot), ...lot, ...view.mine?.[lot.id] };
  paint();
}

function paint() {
  const lot = state.lot;
  if (!lot) return;
  const over = ["closed", "cancelled", "review"].includes(lot.state);
  const now = lot.clock;
  text("price", now ? shown(now.price) : over ? (lot.own ? shown(lot.own) : "–") : state.auction === "paused" ? _("Paused") : "–");
  clock.update({ ends: now ? now.until_ms : lot.opens_ms, starts: now ? now.until_ms - now.tick_s * 1000 : undefined, state: over ? "closed" : state.auction === "paused" ? "paused" : "open" });
  text("own", lot.own ? shown(lot.own) : "–");
  const accepted = Boolean(now && lot.own && lot.own === now.price);
  const out = japanese && lot.active === false;
  text("standing", over ? (lot.won ? _("You won") : _("Over")) : out ? _("Out") : accepted ? _("Accepted") : japanese ? _("In") : "–");
  let words = japanese ? _("Accept each price while it is shown to stay in.") : _("Wait for your price, but not too long: the first to accept wins.");
  if (over) words = lot.won ? _("You won this lot at {p}.", { p: shown(lot.own) }) : _("The lot is closed.");
  else if (state.auction === "paused") words = _("The buyer has paused the auction. You will be told when it goes on.");
  else if (out) words = _("You have left this lot. Your last accepted price stands.");
  else if (accepted) words = japanese ? _("You are in at {p}. The next price comes when the time has run out.", { p: shown(lot.own) }) : _("You accepted {p}.", { p: shown(lot.own) });
  part("message").className = `banner banner-${lot.won ? "good" : out ? "warn" : "info"}`;
  text("message-text", words);
  const may = now && !accepted && !out && state.online && !state.busy && !(lot.own && !japanese);
  part("submit").disabled = !may;
  text("submit-text", !now ? (over ? _("Closed") : _("Not open")) : accepted ? _("Accepted {p}", { p: shown(now.price) }) : out ? _("Out") : state.online ? _("Accept {p}", { p: shown(now.price) }) : _("Waiting for connection…"));
  if (now) dock.elements.tick.value = now.tick;
  log(lot);
}

function log(lot) {
  const words = { bid: (one) => (one.own ? _("You accepted") : _("Another bidder accepted")), pause: () => _("Paused"), resume: () => _("Resumed"), close: () => _("Closed"), open: () => _("Opened"), extension: () => _("Time extended"), removed: () => _("Your bid was removed") };
  part("log").replaceChildren(...(lot.log?.length ? lot.log.map((one) => h("li", { class: one.own ? "mine" : null }, h("time", null, clockTime(one.at_ms)), icon(one.own ? "check" : "info-circle", "sm"), h("span", null, words[one.kind]?.(one) ?? ""), h("span", { class: "num" }, one.amount ? shown(one.amount) : ""))) : [h("li", { class: "none" }, _("Nothing yet."))]));
}

function online(on) {
  state.online = on;
  part("live").dataset.state = on ? "on" : "lost";
  part("live").textContent = on ? _("Live") : _("Offline");
  part("lost").hidden = on;
  paint();
}

async function join() {
  try {
    const answer = await ask(EVENT.join, { auction: room.dataset.auction });
    if (!answer.ok) { socket.disconnect(); return online(false); }
    state.heardAt = Date.now();
    take(answer, true);
    online(true);
    await serverClock.measure(async () => (await ask(EVENT.echo)).server_ms);
  } catch { online(false); }
}
async function resync() {
  const answer = await ask("auction.sync", { auction: room.dataset.auction }).catch(() => null);
  if (answer?.ok) take(answer, true);
}

dock.addEventListener("submit", async (event) => {
  event.preventDefault();
  const now = state.lot?.clock;
  if (!now || part("submit").disabled) return;
  state.busy = true;
  paint();
  const key = newKey();
  try { settle(await ask(EVENT.accept, { auction: room.dataset.auction, lot: room.dataset.lot, tick: now.tick, request_id: key })); }
  catch {
    const answer = await ask(EVENT.status, { auction: room.dataset.auction, request_id: key }).catch(() => null);
    settle(answer?.receipt ? { ok: true, amount: answer.receipt.amount } : { ok: false, text: _("Your acceptance did not arrive.") });
  }
  state.busy = false;
  resync();
});
function settle(answer) {
  if (answer.view) take(answer.view);
  const words = answer.ok ? _("You accepted {p}. It is confirmed.", { p: shown(answer.amount) }) : refusalText(answer, "");
  part("hint").toggleAttribute("data-bad", !answer.ok);
  text("hint-text", words);
  announce(words, true);
}

socket.on("connect", join);
socket.on("disconnect", (reason) => { online(false); if (reason === "io server disconnect") setTimeout(() => socket.connect(), 3000); });
socket.on("connect_error", () => online(false));
socket.on(EVENT.view, (view) => { state.heardAt = Date.now(); take(view); });
socket.on(EVENT.tick, (tick) => { state.heardAt = Date.now(); if (tick.version > state.version) resync(); });
socket.on(EVENT.message, (message) => { if (!message.from_buyer) return; text("told-text", message.text); part("told").hidden = false; announce(message.text, true); });
room.addEventListener("srm:zero", () => setTimeout(resync, 30)); // the next step
setInterval(() => clock.querySelector(".clock").toggleAttribute("data-stale", !socket.connected || Date.now() - state.heardAt > STALE_MS), 500);
take(JSON.parse(document.getElementById("room-view").textContent), true);
if (socket.connected) join();
