// <bid-form data-currency data-digits data-step data-limit data-own data-lead data-max-change data-live> around the dock's form.
// Proposes amounts, checks them, asks before large drops, and says srm:bid { amount, requestId, confirmed }.
// Nobody prevents srm:bid: the form is posted. The server judges; settle() shows its answer.
import { _, currencySign, money, number, parseNumber, percent } from "../i18n.js";
import { announce } from "../elements.js";
import { plain, share, units } from "../exact.js";

const requestId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

class BidForm extends HTMLElement {
  #pending = null;
  #offline = false;
  #touched = false;
  #checking = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.input = this.part("amount");
    this.input.addEventListener("input", () => { this.#touched = true; this.check(); });
    this.input.addEventListener("blur", () => this.#format());
    this.part("lower")?.addEventListener("click", () => this.#stepBy(-1n));
    this.part("raise")?.addEventListener("click", () => this.#stepBy(1n));
    this.querySelectorAll("[data-quick]").forEach((button) => button.addEventListener("click", () => this.#take(button.dataset.value)));
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.part("sheet-change")?.addEventListener("click", () => { this.sheet.close(); this.input.focus(); });
    this.part("sheet-confirm")?.addEventListener("click", () => { this.sheet.close(); this.#send(true); });
    const sign = currencySign(this.dataset.currency);
    const label = this.input.closest("label");
    if (label) label.dataset.side = sign.side;
    const shown = this.part("sign");
    if (shown) shown.textContent = sign.sign;
    this.refresh();
  }

  part(name) { return this.querySelector(`[data-part=${name}]`); }
  get sheet() { return this.querySelector("dialog"); }
  get scale() { return Number(this.dataset.digits || 2); }
  get down() { return this.dataset.direction !== "up"; }
  amount(name) { return this.dataset[name] ? units(this.dataset[name], this.scale) : null; }
  show(value) { return money(plain(value, this.scale), this.dataset.currency); }
  figure(text) { return number(text, text.includes(".") ? this.scale : 0); } // whole amounts short, others with all their coins
  typed() {
    const text = parseNumber(this.input.value);
    return text === null ? null : units(text, this.scale);
  }

  // New facts from the server as data attributes (own, limit, lead, step ...); an untouched amount follows them.
  update(facts) {
    for (const [name, value] of Object.entries(facts)) {
      if (value === null || value === undefined) delete this.dataset[name];
      else this.dataset[name] = value;
    }
    this.refresh();
  }

  refresh() {
    this.#quick();
    const start = this.amount("lead") ?? this.amount("limit");
    if (!this.#touched && start !== null) this.input.value = this.figure(plain(start, this.scale));
    this.check();
  }

  offline(state) { this.#offline = state; this.check(); }
  close(text) { this.dataset.closed = text; this.check(); }

  #quick() {
    const limit = this.amount("limit");
    const own = this.amount("own");
    const step = this.amount("step") ?? 1n;
    const sign = this.down ? -1n : 1n;
    const cut = (thousandths) => (own === null ? null : own + (sign * (own * BigInt(thousandths)) / 1000n / step) * step);
    const lead = this.amount("lead");
    const best = lead !== null && lead !== limit ? lead : null;
    const values = { step: limit, half: cut(5), one: cut(10), lead: best };
    const words = { step: _("min. step"), half: (this.down ? "−" : "+") + percent(0.005), one: (this.down ? "−" : "+") + percent(0.01), lead: _("takes the lead") };
    const offered = new Set();
    this.querySelectorAll("[data-quick]").forEach((button) => {
      const value = values[button.dataset.quick];
      const valid = value !== null && value > 0n && (limit === null || (this.down ? value <= limit : value >= limit)) && !offered.has(value);
      button.hidden = !valid;
      if (!valid) return;
      offered.add(value);
      button.dataset.value = plain(value, this.scale);
      button.replaceChildren(this.figure(plain(value, this.scale)), Object.assign(document.createElement("small"), { textContent: words[button.dataset.quick] }));
    });
  }

  #take(text) { this.#touched = true; this.input.value = this.figure(text); this.check(); }

  #stepBy(direction) {
    const from = this.typed() ?? this.amount("limit") ?? 0n;
    this.#take(plain(from + direction * (this.amount("step") ?? 1n), this.scale));
  }

  #format() {
    const value = this.typed();
    if (value !== null) this.input.value = this.figure(plain(value, this.scale));
  }

  #problem(value) {
    if (value === null || value <= 0n) return _("Enter an amount");
    const limit = this.amount("limit");
    if (limit !== null && (this.down ? value > limit : value < limit)) {
      const facts = { p: this.show(limit), s: this.show(this.amount("step") ?? 1n) };
      return this.down ? _("Bid {p} or lower (step {s})", facts) : _("Bid {p} or higher (step {s})", facts);
    }
    return "";
  }

  check() {
    const value = this.typed();
    const problem = this.#problem(value);
    const own = this.amount("own");
    const hint = this.part("hint");
    const empty = this.input.value.trim() === "" && !this.#touched;
    hint.toggleAttribute("data-bad", Boolean(problem) && !empty);
    this.input.setAttribute("aria-invalid", problem && !empty ? "true" : "false");
    const gap = !problem && own !== null ? percent(Math.abs(share(own - value, own)), 2) : "";
    this.part("hint-text").textContent = problem || (gap ? (this.down ? _("{p} below your bid", { p: gap }) : _("{p} above your bid", { p: gap })) : "");
    const button = this.part("submit");
    const busy = this.#pending !== null;
    button.disabled = Boolean(problem) || this.#offline || busy || Boolean(this.dataset.closed);
    button.setAttribute("aria-busy", busy ? "true" : "false");
    const words = this.dataset.closed || (this.#checking ? _("Checking {p}…", { p: this.show(units(this.#pending.amount, this.scale)) }) : this.#offline ? _("Waiting for connection…") : busy ? _("Sending {p}", { p: this.show(units(this.#pending.amount, this.scale)) })
      : problem ? _("Bid") : _("Bid {p}", { p: this.show(value) }));
    this.part("submit-text").textContent = words;
  }

  #submit(event) {
    event.preventDefault();
    if (this.part("submit").disabled) return;
    const value = this.typed();
    const own = this.amount("own");
    const large = Number(this.dataset.maxChange || 0);
    if (own !== null && large && Math.abs(share(own - value, own)) >= large) return this.ask(value, own);
    this.#send(false);
  }

  // Old and new side by side; the focus stands on changing the amount.
  ask(value = this.typed(), own = this.amount("own")) {
    this.part("sheet-old").textContent = this.show(own);
    this.part("sheet-new").textContent = this.show(value);
    const gap = { p: percent(Math.abs(share(own - value, own))), a: this.show(own > value ? own - value : value - own) };
    this.part("sheet-text").textContent = this.down
      ? _("That is {p} ({a}) below your current bid. A bid cannot be withdrawn.", gap)
      : _("That is {p} ({a}) above your current bid. A bid cannot be withdrawn.", gap);
    this.part("sheet-confirm").textContent = _("Yes, bid {p}", { p: this.show(value) });
    this.sheet.showModal();
    this.part("sheet-change").focus();
  }

  #send(confirmed) {
    const value = this.typed();
    if (this.#problem(value) || this.#offline) return this.check();
    this.#pending = { amount: plain(value, this.scale), requestId: requestId(), confirmed };
    const free = this.dispatchEvent(new CustomEvent("srm:bid", { bubbles: true, cancelable: true, detail: this.#pending }));
    if (free) {
      this.form.elements.request_id.value = this.#pending.requestId;
      this.form.elements.amount.value = this.#pending.amount;
      if (this.form.elements.confirmed) this.form.elements.confirmed.value = confirmed ? "1" : "";
      this.form.submit();
    }
    this.check();
  }

  // Sent, but the answer is unknown: the amount stays frozen until the server has said whether it has it.
  checking(amount) {
    this.#pending = { ...this.#pending, amount };
    this.#checking = true;
    this.check();
  }

  // The server's answer: { ok, amount, text, nextValid, confirm }.
  settle(answer) {
    this.#pending = null;
    this.#checking = false;
    if (answer.ok) {
      this.#touched = false;
      announce(_("Your bid of {p} is confirmed", { p: money(answer.amount, this.dataset.currency) }), true);
      this.refresh();
      return;
    }
    if (answer.confirm) { this.check(); return this.ask(); }
    if (answer.nextValid) this.dataset.limit = answer.nextValid;
    this.#quick();
    this.check();
    const words = answer.text || _("No answer yet. Your last confirmed bid stands.");
    this.part("hint").toggleAttribute("data-bad", true);
    this.part("hint-text").textContent = words;
    announce(words, true);
  }
}
customElements.define("bid-form", BidForm);
