// The room of a moving price (Dutch, Japanese). The server names step and price; an acceptance names the step it saw.
import { _, clockTime, money } from "../i18n.js";
import { announce, h, icon } from "../elements.js";
import { refusalText } from "../refusals.js";
import { serverClock } from "../server-clock.js";
import { outbox } from "./outbox.js";

const EVENT = { join: "auction.join", view: "auction", tick: "tick", echo: "clock.echo", accept: "auction.accept", status: "auction.status", message: "auction.message", link: "auction.link" };
const ANSWER_MS = 8000;
const STALE_MS = 3000;
const CLOCK_AGAIN_MS = 60000;
const room = document.querySelector("[data-clock-room]");
const part = (name) => room.querySelector(`[data-part="${name}"]`);
const clock = room.querySelector("auction-clock");
const dock = part("dock");
const pending = outbox(room.dataset.auction);
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
  if (view.state) [state.auction, state.byPortal] = [view.state, view.paused_by === "portal"];
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
  else if (state.auction === "paused") words = state.byPortal ? _("The portal paused the auction after an interruption. You will be told when it goes on.") : _("The buyer has paused the auction. You will be told when it goes on.");
  else if (out) words = _("You have left this lot. Your last accepted price stands.");
  else if (accepted) words = japanese ? _("You are in at {p}. The next price comes when the time has run out.", { p: shown(lot.own) }) : _("You accepted {p}.", { p: shown(lot.own) });
  part("message").className = `banner banner-${lot.won ? "good" : out && !over ? "warn" : "info"}`;
  text("message-text", words);
  const may = now && !accepted && !out && state.online && !state.busy && !(lot.own && !japanese);
  part("submit").disabled = !may;
  text("submit-text", !now ? (over ? _("Closed") : _("Not open")) : accepted ? _("Accepted {p}", { p: shown(now.price) }) : out ? _("Out") : state.busy ? _("Checking…") : state.online ? _("Accept {p}", { p: shown(now.price) }) : _("Waiting for connection…"));
  part("submit").setAttribute("aria-busy", String(state.busy));
  if (now) dock.elements.tick.value = now.tick;
  log(lot);
}

function log(lot) {
  const words = { bid: (one) => (one.own ? _("You accepted") : _("Another bidder accepted")), pause: () => _("Paused"), resume: () => _("Resumed"), close: () => _("Closed"), open: () => _("Opened"), extension: () => _("Time extended"), removed: () => _("Your bid was removed") };
  part("log").replaceChildren(...(lot.log?.length ? lot.log.map((one) => h("li", { class: one.own ? "mine" : null }, h("time", null, clockTime(one.at_ms)), icon(one.own ? "check" : "info-circle", "sm"), h("span", null, words[one.kind]?.(one) ?? ""), h("span", { class: "num" }, one.amount ? shown(one.amount) : ""))) : [h("li", { class: "none" }, _("Nothing yet."))]));
}

function live(kind) {
  const box = part("live");
  if (box.dataset.state === kind) return;
  box.dataset.state = kind;
  box.textContent = kind === "on" ? _("Live") : kind === "wait" ? _("Checking…") : _("Offline");
}

function online(on) {
  state.online = on;
  live(on ? "on" : "lost");
  part("lost").hidden = on;
  paint();
}

async function measure() {
  await serverClock.measure(async () => (await ask(EVENT.echo)).server_ms);
  socket.emit(EVENT.link, { auction: room.dataset.auction, round_trip_ms: Math.min(60000, Math.round(serverClock.error * 2)) });
}

async function join() {
  try {
    const answer = await ask(EVENT.join, { auction: room.dataset.auction });
    if (!answer.ok) { socket.disconnect(); return online(false); }
    state.heardAt = Date.now();
    take(answer, true);
    online(true);
    await settleUnknown();
    await measure();
  } catch { online(false); }
}
async function resync() {
  const answer = await ask("auction.sync", { auction: room.dataset.auction }).catch(() => null);
  if (answer?.ok) take(answer, true);
}

// An acceptance names the step it saw; it stands in the outbox until the server has answered.
dock.addEventListener("submit", async (event) => {
  event.preventDefault();
  const now = state.lot?.clock;
  if (!now || part("submit").disabled) return;
  state.busy = true;
  paint();
  pending.keep({ lot: room.dataset.lot, tick: now.tick, amount: now.price, requestId: newKey() });
  const held = pending.held();
  try {
    settle(await ask(EVENT.accept, { auction: room.dataset.auction, lot: held.lot, tick: held.tick, request_id: held.requestId }), held);
  } catch {
    told(false, _("No answer yet. We ask the server whether your acceptance arrived."));
    if (socket.connected) await settleUnknown();
  }
  resync();
});

function settle(answer, held) {
  pending.drop(held.requestId);
  state.busy = false;
  if (answer.view) take(answer.view);
  told(answer.ok, answer.ok ? _("You accepted {p}. It is confirmed.", { p: shown(answer.amount) }) : refusalText(answer, ""));
  paint();
}

function told(good, words) {
  part("hint").toggleAttribute("data-bad", !good);
  text("hint-text", words);
  announce(words, true);
}

// After a break or a reload: the server says whether it has the acceptance. It is not sent again: the price has moved on.
async function settleUnknown() {
  const held = pending.held();
  if (!held) return;
  const answer = await ask(EVENT.status, { auction: room.dataset.auction, request_id: held.requestId }).catch(() => null);
  if (!answer?.ok) return; // the next connection asks again
  if (answer.receipt) return settle({ ok: true, amount: answer.receipt.amount }, held);
  pending.drop(held.requestId);
  state.busy = false;
  told(false, _("Your acceptance of {p} did not arrive.", { p: shown(held.amount) }));
  paint();
}

socket.on("connect", join);
socket.on("disconnect", (reason) => { online(false); if (reason === "io server disconnect") setTimeout(() => socket.connect(), 3000); });
socket.on("connect_error", () => online(false));
socket.on(EVENT.view, (view) => { state.heardAt = Date.now(); take(view); });
socket.on(EVENT.tick, (tick) => { state.heardAt = Date.now(); if (tick.version > state.version) resync(); });
socket.on(EVENT.message, (message) => { if (!message.from_buyer) return; text("told-text", message.text); part("told").hidden = false; announce(message.text, true); });
room.addEventListener("srm:zero", () => setTimeout(resync, 30)); // the next step
setInterval(() => {
  const silent = Date.now() - state.heardAt > STALE_MS;
  clock.querySelector(".clock").toggleAttribute("data-stale", !socket.connected || silent);
  if (socket.connected && part("lost").hidden) live(silent ? "wait" : "on");
}, 500);
setInterval(() => { if (socket.connected) measure().catch(() => {}); }, CLOCK_AGAIN_MS);
setInterval(() => { if (socket.connected && clock.dataset.state === "open" && clock.left() === 0) resync(); }, 1500);
take(JSON.parse(document.getElementById("room-view").textContent), true);
if (socket.connected) join();
