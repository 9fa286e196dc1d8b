// <auction-clock data-ends="ms" data-starts="ms" data-now="ms" data-state="open|waiting|paused|closed" data-spoken>
// Parts: time, bar (progress), ends. Says srm:zero when the time has run out; the server decides what that means.
import { _, clockTime, n_ } from "../i18n.js";
import { announce } from "../elements.js";
import { serverClock } from "../server-clock.js";

const SPOKEN_S = [600, 300, 120, 60, 30, 10];
const two = (value) => String(value).padStart(2, "0");

class AuctionClock extends HTMLElement {
  #timer = 0;
  #said = null;

  connectedCallback() {
    if (this.dataset.now) serverClock.seed(Number(this.dataset.now));
    this.#timer = setInterval(() => this.paint(), 200);
    this.paint();
  }

  disconnectedCallback() { clearInterval(this.#timer); }

  part(name) { return this.querySelector(`[data-part=${name}]`); }

  // { ends, starts, state } as they come from the server; a later end flashes.
  update({ ends, starts, state }) {
    const moved = ends && Number(this.dataset.ends) && ends > Number(this.dataset.ends);
    if (ends) this.dataset.ends = ends;
    if (starts) this.dataset.starts = starts;
    if (state) this.dataset.state = state;
    if (moved) {
      this.toggleAttribute("data-flash", true);
      setTimeout(() => this.removeAttribute("data-flash"), 4000);
      this.#said = null;
    }
    this.paint();
  }

  left() { return Math.max(0, Number(this.dataset.ends) - serverClock.now()); }

  paint() {
    const time = this.part("time");
    if (!time) return;
    if (this.dataset.state === "closed") return this.#show(time, _("Closed"), "");
    if (this.dataset.state === "paused") return this.#show(time, _("Paused"), "");
    const ms = this.left();
    const total = Math.ceil(ms / 1000);
    const hours = Math.floor(total / 3600);
    const days = Math.floor(hours / 24);
    const text = days > 1
      ? n_("{n} day", "{n} days", days)
      : (hours ? `${two(hours)}:` : "") + `${two(Math.floor(total / 60) % 60)}:${two(total % 60)}`;
    this.toggleAttribute("data-hours", hours > 0);
    this.#show(time, text, total <= 15 ? "now" : total <= 60 ? "soon" : "");
    const bar = this.part("bar");
    if (bar && this.dataset.starts) {
      bar.max = Math.max(1, Number(this.dataset.ends) - Number(this.dataset.starts));
      bar.value = ms;
    }
    const ends = this.part("ends");
    if (ends) this.#text(ends, clockTime(Number(this.dataset.ends)));
    this.#speak(total);
    if (ms === 0 && !this.hasAttribute("data-zero")) {
      this.toggleAttribute("data-zero", true);
      this.dispatchEvent(new CustomEvent("srm:zero", { bubbles: true }));
    }
    if (ms > 0) this.removeAttribute("data-zero");
  }

  #show(time, text, urgency) {
    this.#text(time, text);
    if (this.dataset.urgency !== urgency) this.dataset.urgency = urgency;
  }

  #text(node, text) { if (node.textContent !== text) node.textContent = text; }

  #speak(total) {
    if (!this.hasAttribute("data-spoken") || !SPOKEN_S.includes(total) || this.#said === total) return;
    this.#said = total;
    const minutes = total / 60;
    announce(total >= 60 ? n_("{n} minute left", "{n} minutes left", minutes) : n_("{n} second left", "{n} seconds left", total), total <= 30);
  }
}
customElements.define("auction-clock", AuctionClock);
