// The lobby: is this device ready, and into the room when it opens.
import { _ } from "../i18n.js";
import { serverClock } from "../server-clock.js";

const root = document.querySelector("[data-lobby]");
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const socket = io({ transports: ["websocket", "polling"], reconnectionDelayMax: 3000 });
const echo = async () => (await socket.timeout(5000).emitWithAck("clock.echo", {})).server_ms;

function ready(on) {
  part("live").dataset.state = on ? "on" : "lost";
  part("live").textContent = on ? _("Ready") : _("Offline");
  part("check-line").textContent = on ? _("works") : _("lost");
}

socket.on("connect", async () => {
  ready(true);
  try {
    await serverClock.measure(echo);
    part("check-clock").textContent = _("{a} s, known to {b} s", { a: (Math.round(serverClock.offset / 100) / 10 + 0).toFixed(1), b: (serverClock.error / 1000).toFixed(2) });
  } catch { ready(false); }
});
socket.on("disconnect", () => ready(false));
socket.on("connect_error", () => ready(false));
root.addEventListener("srm:zero", () => { if (root.dataset.ready === "1") setTimeout(() => location.reload(), 300); });
