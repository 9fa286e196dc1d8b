// The bidder's room. The server is the only clock and the only judge: this page shows, proposes, and waits for the answer.
// On joining one snapshot, then views with a growing version; an older one is ignored. Nothing is queued while offline.
import { _, clockTime, money, n_, percent, shortTime } from "./i18n.js";
import { announce, h, icon } from "./elements.js";
import { refusalText } from "./refusals.js";
import { outbox } from "./auctions/outbox.js";
import { serverClock } from "./server-clock.js";

// What the socket says and hears; the only place that names it.
const EVENT = { join: "auction.join", view: "auction", tick: "tick", echo: "clock.echo", bid: "auction.bid", status: "auction.status", message: "auction.message", link: "auction.link" };
const STALE_MS = 3000;
const ANSWER_MS = 8000;
const CLOCK_AGAIN_MS = 60000;
const LOG_MAX = 50;
const CLOSED = ["closed", "review", "cancelled"];

const room = document.querySelector("[data-room]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const form = room.querySelector("bid-form");
const clock = room.querySelector("auction-clock");
const chart = room.querySelector("live-chart");
const lotId = room.dataset.lot;
const pending = outbox(room.dataset.auction);
await Promise.all(["auction-clock", "bid-form"].map((name) => customElements.whenDefined(name)));

const state = { version: -1, lots: new Map(), auction: "running", heardAt: Date.now(), checking: false };
const text = (name, words) => { const node = part(name); if (node && node.textContent !== words) node.textContent = words; };

/* ---- what the server sends: { version, state, server_ms, lots: [{ id, ... }], mine: { id: {...} } } ---- */
function take(view, snapshot = false) {
  if (!snapshot && view.version <= state.version) return;
  state.version = view.version;
  if (view.state) [state.auction, state.byPortal] = [view.state, view.paused_by === "portal"];
  if (view.packages) together(view.packages);
  const before = state.lots.get(lotId);
  for (const lot of view.lots ?? []) {
    const mine = { ...view.mine?.[lot.id] };
    const older = state.lots.get(lot.id)?.log;
    if (!snapshot && mine.log && older) mine.log = joined(mine.log, older);
    state.lots.set(lot.id, snapshot ? { ...lot, ...mine } : { ...state.lots.get(lot.id), history: undefined, ...lot, ...mine });
  }
  paint(before);
}

// A push carries the newest lines only; those known already stay below them.
function joined(newest, older) {
  const known = new Set(newest.map((line) => `${line.seq} ${line.kind}`));
  return [...newest, ...older.filter((line) => !known.has(`${line.seq} ${line.kind}`))].slice(0, LOG_MAX);
}

// The sum over all lots, where it is ranked as one more line.
function together(packages) {
  const line = packages[0];
  const lot = state.lots.get(lotId);
  if (!line || !lot) return;
  text("together-sum", line.amount ? shown(lot, line.amount) : "–");
  text("together-rank", line.rank ? _("Rank {r}", { r: line.rank }) : "");
}

const shown = (lot, amount) => money(amount, lot.currency, undefined);

function paint(before) {
  const lot = state.lots.get(lotId);
  if (!lot) return;
  const over = CLOSED.includes(lot.state);
  times(lot, over);
  rank(lot);
  text("own", lot.own ? shown(lot, lot.own) : "–");
  part("own").classList.toggle("long", (lot.own ?? "").length > 7);
  part("own-confirmed").hidden = !lot.own;
  if (lot.own_at_ms) text("own-at", clockTime(lot.own_at_ms));
  part("extensions").hidden = !lot.extended;
  if (lot.extended) text("extensions-text", n_("Extended {n} time", "Extended {n} times", lot.extended));
  part("legend-best").hidden = lot.best === undefined;
  message(lot, over);
  state.lots.forEach(pill);
  form.update({ own: lot.own, limit: lot.limit, lead: lot.lead, step: lot.step, maxChange: lot.max_change });
  form.close(shut(lot, over));
  form.toggleAttribute("data-over", over);
  if (before && lot.ends_ms > before.ends_ms) extended(lot, before);
  if (before && before.leading && lot.leading === false) announce(_("You were overtaken."), true);
  if (before && lot.turn?.yours && before.turn && !before.turn.yours) announce(_("It is your turn."), true);
  if (lot.log) log(lot);
  if (lot.history) chart?.set?.(lot.history);
  else if (before && (before.own !== lot.own || before.best !== lot.best)) chart?.push?.([serverClock.now() / 1000, lot.own ? Number(lot.own) : null, lot.best ? Number(lot.best) : null]);
}

// Turns and waiting lots count to their own next edge; everything else to the lot's end.
function times(lot, over) {
  const shown = over ? "closed" : state.auction === "paused" ? "paused" : "open";
  const early = lot.state === "waiting";
  const turn = lot.turn?.ends_ms;
  clock.update({ ends: early ? lot.opens_ms : turn ?? lot.ends_ms, starts: early || turn ? undefined : lot.opens_ms, state: shown });
  text("time-head", early ? _("Opens in") : !lot.turn ? _("Time left") : lot.turn.yours ? _("Your turn, round {n}", { n: lot.turn.round }) : lot.turn.round ? _("Round {n}", { n: lot.turn.round }) : _("Pause"));
}

// Why the dock takes no bid now, in words; empty where it does.
function shut(lot, over) {
  if (over) return _("Bidding is over");
  if (state.auction === "paused") return _("The auction is paused");
  if (lot.state === "waiting") return _("Not open yet");
  if (lot.outside) return _("The live stage goes on without you");
  if (lot.turn && !lot.turn.yours) return _("Not your turn");
  return "";
}

function rank(lot) {
  const tile = part("rank-tile");
  tile.toggleAttribute("data-lead", Boolean(lot.leading));
  tile.toggleAttribute("data-none", !lot.rank && !lot.leading);
  text("rank", lot.rank ? String(lot.rank) : lot.leading ? "1" : "–");
  text("rank-words", !lot.rank ? "" : lot.of ? _("Rank {r} of {n}", { r: lot.rank, n: lot.of }) : _("Rank {r}", { r: lot.rank }));
  text("rank-of", lot.rank && lot.of ? _("of {n}", { n: lot.of }) : "");
  const gap = lot.gap === undefined || lot.gap === null ? "" : _("{p} to best", { p: `+${percent(lot.gap, 2)}` });
  if (lot.sealed) return text("gap", lot.own ? _("Sealed") : _("No bid yet"));
  text("gap", lot.leading ? _("You are leading") : lot.own ? gap || (lot.leading === false ? _("You are not leading") : "") : _("No bid yet"));
}

function message(lot, over) {
  const box = part("message");
  let tone = "info", sign = "info-circle", words = _("Your rank appears as soon as your bid is confirmed.");
  if (over && lot.won) { tone = "good"; sign = "trophy"; words = _("You won this lot at {p}.", { p: shown(lot, lot.own) }); }
  else if (over) { words = lot.own ? _("Bidding is over. Your last confirmed bid stands at {p}.", { p: shown(lot, lot.own) }) : _("Bidding is over."); sign = "clock"; }
  else if (state.auction === "paused") { words = state.byPortal ? _("The portal paused the auction after an interruption. You will be told when it goes on.") : _("The buyer has paused the auction. You will be told when it goes on."); sign = "player-pause"; }
  else if (lot.state === "waiting") { words = _("This lot opens by itself. You can bid as soon as it does."); sign = "clock"; }
  else if (lot.sealed) { words = _("Sealed: nobody sees amounts before the opening. You may change or withdraw your bid until the close."); sign = "lock"; }
  else if (lot.outside) { words = _("The live stage goes on without you. Your sealed bid stands as it is."); sign = "hand-stop"; }
  else if (lot.turn?.yours) { tone = "warn"; sign = "gavel"; words = _("It is your turn. Bid now, or keep your bid by doing nothing."); }
  else if (lot.turn) { sign = "hourglass"; words = lot.turn.round ? _("Round {n}: another bidder acts.", { n: lot.turn.round }) : _("Pause between the rounds."); }
  else if (lot.leading) { tone = "good"; sign = "trophy"; words = _("You hold the best bid. You will be told at once if that changes."); }
  else if (lot.own && lot.lead) { tone = "warn"; sign = "trending-down"; words = _("You were overtaken. A bid of {p} takes the lead.", { p: shown(lot, lot.lead) }); }
  else if (lot.own && lot.limit) { sign = "gavel"; words = _("You are not leading. Your next valid bid: {p}.", { p: shown(lot, lot.limit) }); if (lot.leading === undefined) words = _("Your next valid bid: {p}.", { p: shown(lot, lot.limit) }); }
  else if (!lot.own && lot.limit) words = _("You have not bid yet. Your first valid bid: {p}.", { p: shown(lot, lot.limit) });
  if (lot.turn && !over && lot.turn.opening_bids.length) words += " " + _("Opening bids: {list}", { list: lot.turn.opening_bids.map((one) => shown(lot, one)).join(" · ") });
  box.className = `banner banner-${tone}`;
  box.querySelector("svg").replaceWith(icon(sign));
  text("message-text", words);
}

function pill(lot) {
  const node = document.querySelector(`[data-lot-pill="${CSS.escape(lot.id)}"] [data-part=pill]`);
  if (!node) return;
  const waiting = lot.state === "waiting";
  const words = waiting ? shortTime(lot.opens_ms) : lot.rank ? `${lot.rank}${lot.of ? `/${lot.of}` : ""}` : CLOSED.includes(lot.state) ? "✓" : "–";
  node.textContent = words;
  node.toggleAttribute("data-lead", Boolean(lot.leading));
  node.toggleAttribute("data-wait", waiting || (!lot.rank && !CLOSED.includes(lot.state)));
  node.toggleAttribute("data-done", CLOSED.includes(lot.state));
}

let hideExtended = 0;
function extended(lot, before) {
  const minutes = Math.max(1, Math.round((lot.ends_ms - before.ends_ms) / 60000));
  text("extended-title", n_("Time extended by {n} minute", "Time extended by {n} minutes", minutes));
  text("extended-text", _("New end: {t}", { t: clockTime(lot.ends_ms) }));
  part("extended").hidden = false;
  clearTimeout(hideExtended);
  hideExtended = setTimeout(() => { part("extended").hidden = true; }, 12000);
}

const LOG_TEXT = { bid: (entry) => (entry.own ? _("Your bid") : entry.who || _("Another bidder")), extension: () => _("Time extended"), pause: () => _("Paused"), resume: () => _("Resumed"), close: () => _("Closed"), open: () => _("Opened"), removed: () => _("Your bid was removed"), withdrawn: () => _("Your bid was withdrawn") };
const LOG_ICON = { bid: "trending-down", extension: "history", pause: "player-pause", resume: "player-play", close: "lock", open: "lock-open", removed: "trash" };
function log(lot) {
  const entries = lot.log.slice(0, LOG_MAX).map((entry) => h("li", { class: entry.own ? "mine" : null },
    h("time", null, clockTime(entry.at_ms)), icon(entry.own ? "check" : LOG_ICON[entry.kind] ?? "info-circle", "sm"),
    h("span", null, entry.text || LOG_TEXT[entry.kind]?.(entry) || ""), h("span", { class: "num" }, entry.amount ? shown(lot, entry.amount) : "")));
  part("log").replaceChildren(...(entries.length ? entries : [h("li", { class: "none" }, _("No bids yet."))]));
}

/* ---- the line to the server ---- */
const socket = io({ transports: ["websocket", "polling"], reconnectionDelay: 500, reconnectionDelayMax: 3000 });
const ask = (event, data = {}, ms = ANSWER_MS) => socket.timeout(ms).emitWithAck(event, data);
const echo = async () => (await ask(EVENT.echo)).server_ms;

function live(kind) {
  const box = part("live");
  if (box.dataset.state === kind) return;
  box.dataset.state = kind;
  box.textContent = kind === "on" ? _("Live") : kind === "wait" ? _("Checking…") : _("Offline");
}

function online(on) {
  live(on ? "on" : "lost");
  part("lost").hidden = on;
  clock.querySelector(".clock").toggleAttribute("data-stale", !on);
  form.offline(!on);
}

// The clock is measured against the server's; the buyer sees the round trip beside the company's name.
async function measure() {
  await serverClock.measure(echo);
  socket.emit(EVENT.link, { auction: room.dataset.auction, round_trip_ms: Math.min(60000, Math.round(serverClock.error * 2)) });
  text("clock-note", _("Your clock differs from the server's by {a} s, known to {b} s.", { a: (Math.round(serverClock.offset / 100) / 10 + 0).toFixed(1), b: (serverClock.error / 1000).toFixed(2) }));
}

async function join() {
  try {
    const answer = await ask(EVENT.join, { auction: room.dataset.auction });
    if (!answer.ok) return stop(answer);
    state.heardAt = Date.now();
    take(answer, true);
    online(true);
    await settleUnknown();
    await measure();
  } catch {
    online(false); // the socket tries again by itself; the next connect joins anew
  }
}

// Signed out, or no longer invited: say it, stop trying.
function stop(answer) {
  socket.disconnect();
  online(false);
  part("lost").hidden = false;
  part("lost").querySelector("strong").textContent = answer.code === "not_found" || answer.code === "forbidden" ? _("This room is no longer open to you.") : _("The room cannot be entered. Please reload the page.");
}

socket.on("connect", join);
socket.on("disconnect", (reason) => {
  online(false);
  if (reason === "io server disconnect") setTimeout(() => socket.connect(), 3000); // after a kick the client must ask again
});
socket.on("connect_error", (problem) => {
  online(false);
  if (problem.data?.code === "signed_out") stop({ code: "forbidden" });
});
socket.on(EVENT.view, (view) => { state.heardAt = Date.now(); take(view); });
socket.on(EVENT.tick, (tick) => {
  state.heardAt = Date.now();
  const ends = tick.ends?.[lotId];
  const lot = state.lots.get(lotId);
  if (ends && lot && ends !== lot.ends_ms) { const before = { ...lot }; lot.ends_ms = ends; paint(before); }
  if (tick.version !== undefined && tick.version > state.version) resync();
});
// What the buyer tells everybody, or this company alone.
function tell(words) {
  const box = part("told");
  if (!box) return;
  text("told-text", words);
  box.hidden = false;
  announce(_("The buyer says: {t}", { t: words }), true);
}
socket.on(EVENT.message, (message) => { if (message.from_buyer) tell(message.text); });
async function resync() {
  const answer = await ask(EVENT.join, { auction: room.dataset.auction }).catch(() => null);
  if (answer?.ok) take(answer, true);
}
setInterval(() => {
  const silent = Date.now() - state.heardAt > STALE_MS;
  clock.querySelector(".clock").toggleAttribute("data-stale", !socket.connected || silent);
  if (socket.connected && part("lost").hidden) live(silent ? "wait" : "on");
}, 500);
setInterval(() => { if (socket.connected) measure().catch(() => {}); }, CLOCK_AGAIN_MS);
// At zero the server says what comes next: the close, the opening, the next turn. A few milliseconds early it is asked again.
room.addEventListener("srm:zero", () => setTimeout(() => { if (socket.connected) resync(); }, 60));
setInterval(() => { if (socket.connected && clock.dataset.state === "open" && clock.left() === 0) resync(); }, 1500);

/* ---- a bid: one key, one answer; it stands in the outbox until the server has answered ---- */
room.addEventListener("srm:bid", (event) => {
  event.preventDefault();
  const { amount, requestId, confirmed } = event.detail;
  pending.keep({ lot: lotId, amount, requestId, confirmed });
  send(pending.held());
});

const bidding = (held) => ask(EVENT.bid, { auction: room.dataset.auction, lot: held.lot, amount: held.amount, request_id: held.requestId, confirmed: held.confirmed });

async function send(held) {
  try {
    settle(await bidding(held), held);
  } catch {
    form.checking(held.amount);
    announce(_("No answer yet. We ask the server whether your bid arrived."), true);
    if (socket.connected) await settleUnknown();
  }
}

function settle(answer, held) {
  pending.drop(held.requestId);
  const lot = state.lots.get(held.lot);
  if (answer.ok) {
    if (answer.view) take(answer.view);
    else if (lot && answer.amount) { const before = { ...lot }; Object.assign(lot, { own: answer.amount, own_at_ms: answer.at_ms ?? lot.own_at_ms }); paint(before); }
    return form.settle({ ok: true, amount: held.amount });
  }
  const next = answer.next_valid ?? answer.facts?.next_valid;
  return form.settle({ confirm: answer.code === "needs_confirmation", nextValid: next, text: refusalText(answer, next && lot ? shown(lot, next) : "", lot?.direction === "up") });
}

// A bid whose answer was lost, perhaps before a reload: the server says whether it has it. A fresh one is sent once more
// under the same key, which cannot count twice; an old one is not sent behind the person's back.
async function settleUnknown() {
  const held = pending.held();
  if (!held || state.checking) return;
  state.checking = true;
  form.checking(held.amount);
  try {
    const answer = await ask(EVENT.status, { auction: room.dataset.auction, request_id: held.requestId });
    if (answer.ok && answer.receipt) {
      pending.drop(held.requestId);
      await resync();
      form.settle({ ok: true, amount: held.amount });
    } else if (pending.isFresh(held)) settle(await bidding(held), held);
    else {
      pending.drop(held.requestId);
      form.settle({ text: _("Your bid of {p} did not arrive. Your last confirmed bid stands.", { p: shown(state.lots.get(held.lot), held.amount) }) });
    }
  } catch {
    // still no answer: it stays in the outbox, the next connection asks again
  } finally {
    state.checking = false;
  }
}

take(JSON.parse(document.getElementById("room-view").textContent), true);
online(socket.connected);
if (!socket.connected) { part("lost").hidden = true; part("live").dataset.state = "wait"; text("live", _("Connecting…")); }
