// The replay's slider: moving it shows that moment, "Play" runs through them; without script the button does.
import { _ } from "../i18n.js";

const BEAT_MS = 900;
const form = document.querySelector("[data-replay]");
const slider = form.elements.seq;
const play = form.querySelector("[data-part=play]");
let wait = 0;
let running = 0;

async function show() {
  const address = new URL(location.pathname, location.href);
  new FormData(form).forEach((value, name) => address.searchParams.set(name, value));
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return stop();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("moment").replaceWith(page.getElementById("moment"));
  form.querySelector("label[for=seq]").replaceWith(page.querySelector("label[for=seq]"));
  history.replaceState(null, "", address);
}

function stop() {
  clearInterval(running);
  running = 0;
  play.setAttribute("aria-pressed", "false");
  play.querySelector("span").textContent = _("Play");
}

function start() {
  if (Number(slider.value) >= Number(slider.max)) slider.value = 1;
  play.setAttribute("aria-pressed", "true");
  play.querySelector("span").textContent = _("Stop");
  running = setInterval(async () => {
    if (Number(slider.value) >= Number(slider.max)) return stop();
    slider.value = Number(slider.value) + 1;
    await show();
  }, BEAT_MS);
}

form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 120); });
play.hidden = false;
play.addEventListener("click", () => (running ? stop() : start()));
