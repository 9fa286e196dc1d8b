// <score-grid data-min data-max data-comment-at="0 0.5 1 5" data-save-url> around a table of input.cell[data-row][data-col].
// A cell may have its own data-max. Instead of data-comment-at, data-comments="ends|all|none" says which marks owe a comment.
// Digits score and move down (then to the next column), arrows move, "." adds half a point, C comments, Ctrl+Z undoes. Saves each change if a URL is given.
import { _, clockTime } from "../i18n.js";
import { h, icon, post } from "../elements.js";

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };
const ONE_STOP_FROM = 60;

class ScoreGrid extends HTMLElement {
  #undo = [];

  connectedCallback() {
    this.min = Number(this.dataset.min || 0);
    this.max = Number(this.dataset.max || 5);
    this.asks = new Set((this.dataset.commentAt || "").split(" ").filter(Boolean).map(Number));
    this.cells = [...this.querySelectorAll("input.cell")];
    this.byPlace = new Map(this.cells.map((cell) => [`${cell.dataset.row}:${cell.dataset.col}`, cell]));
    this.rows = [...new Set(this.cells.map((cell) => Number(cell.dataset.row)))].sort((a, b) => a - b);
    this.cells.forEach((cell) => this.#paint(cell));
    if (this.cells.length > ONE_STOP_FROM) this.cells.forEach((cell, at) => { cell.tabIndex = at ? -1 : 0; });
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("change", (event) => { if (event.target.matches("input.cell")) this.#typed(event.target); });
    this.addEventListener("focusin", (event) => { if (event.target.matches("input.cell")) this.#enter(event.target); });
  }

  value(cell) {
    const text = cell.value.trim().replace(",", ".");
    return text === "" ? null : Number(text);
  }

  #most(cell) {
    return Number(cell.dataset.max || this.max);
  }

  #owes(cell, value) {
    if (!this.dataset.comments) return this.asks.has(value);
    return this.dataset.comments === "all" || (this.dataset.comments === "ends" && (value === this.min || value === this.#most(cell)));
  }

  #enter(cell) {
    cell.dataset.before = cell.value;
    cell.select();
    if (this.cells.length > ONE_STOP_FROM) this.cells.forEach((one) => { one.tabIndex = one === cell ? 0 : -1; });
  }

  #move(cell, [down, right]) {
    const row = this.rows[this.rows.indexOf(Number(cell.dataset.row)) + down];
    this.byPlace.get(`${row}:${Number(cell.dataset.col) + right}`)?.focus();
  }

  /** Down, and from the last row on to the top of the next column. */
  #next(cell) {
    if (Number(cell.dataset.row) !== this.rows.at(-1)) return this.#move(cell, [1, 0]);
    this.byPlace.get(`${this.rows[0]}:${Number(cell.dataset.col) + 1}`)?.focus();
  }

  #key(event) {
    const cell = event.target;
    if (!cell.matches("input.cell") || cell.readOnly) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "z") { event.preventDefault(); return this.#takeBack(); }
    if (control || event.altKey) return;
    if (STEPS[event.key]) { event.preventDefault(); return this.#move(cell, STEPS[event.key]); }
    if (/^\d$/.test(event.key) && this.#most(cell) <= 9) {
      event.preventDefault();
      if (Number(event.key) > this.#most(cell) || Number(event.key) < this.min) return;
      this.#set(cell, Number(event.key));
      return this.#next(cell);
    }
    if (event.key === "." || event.key === ",") {
      if (this.#most(cell) > 9) return;
      event.preventDefault();
      const now = this.value(cell) ?? this.min;
      return this.#set(cell, now % 1 ? Math.floor(now) : Math.min(this.#most(cell), now + 0.5));
    }
    if (event.key.toLowerCase() === "c") { event.preventDefault(); return this.#comment(cell); }
    if (event.key === "Delete") { event.preventDefault(); return this.#set(cell, null); }
    if (event.key.length === 1 && !/\d/.test(event.key)) event.preventDefault();
  }

  #typed(cell) {
    const value = this.value(cell);
    const bad = value !== null && !(value >= this.min && value <= this.#most(cell));
    cell.toggleAttribute("aria-invalid", false);
    if (bad) {
      cell.setAttribute("aria-invalid", "true");
      return this.#say(_("A score is between {a} and {b}", { a: this.min, b: this.#most(cell) }), "error");
    }
    this.#set(cell, value, cell.dataset.before);
  }

  #set(cell, value, before = cell.value) {
    this.#undo.push([cell, before]);
    cell.value = value ?? "";
    cell.dataset.before = cell.value;
    cell.removeAttribute("aria-invalid");
    this.#changed(cell);
    if (value !== null && this.#owes(cell, value) && !this.#note(cell).value) this.#say(_("A score of {n} needs a comment: press C", { n: value }), "error");
  }

  #takeBack() {
    const last = this.#undo.pop();
    if (!last) return;
    [last[0].value] = [last[1]];
    last[0].focus();
    this.#changed(last[0]);
  }

  #changed(cell) {
    this.#paint(cell);
    const detail = { name: cell.name, row: Number(cell.dataset.row), col: Number(cell.dataset.col), value: this.value(cell), note: this.#note(cell).value };
    this.dispatchEvent(new CustomEvent("srm:score", { bubbles: true, detail }));
    if (this.dataset.saveUrl) this.#save(cell, detail);
  }

  async #save(cell, detail) {
    try {
      await post(this.dataset.saveUrl, { name: detail.name, value: detail.value, note: detail.note });
      this.#say(_("Saved {t}", { t: clockTime(Date.now()) }), "saved");
    } catch (problem) {
      cell.setAttribute("aria-invalid", "true");
      this.#say(problem.body?.text || _("Not saved. Check your connection and type the score again."), "error");
    }
  }

  #paint(cell) {
    const value = this.value(cell);
    const most = this.#most(cell);
    if (value === null || most <= this.min) delete cell.dataset.h;
    else cell.dataset.h = Math.floor(((value - this.min) / (most - this.min)) * 5);
    cell.toggleAttribute("data-note", Boolean(this.#note(cell).value));
  }

  #note(cell) {
    const name = `${cell.name}-note`;
    let field = this.querySelector(`input[type=hidden][name="${name}"]`);
    if (!field) {
      field = h("input", { type: "hidden", name, value: "" });
      cell.after(field);
    }
    return field;
  }

  #comment(cell) {
    const field = this.#note(cell);
    const area = h("textarea", { class: "form-control", rows: 4, "aria-label": _("Comment") });
    area.value = field.value;
    const keep = h("button", { class: "btn btn-primary", type: "button" }, _("Keep the comment"));
    const title = h("h2", null, cell.getAttribute("aria-label"));
    const dialog = h("dialog", { class: "dlg", "aria-label": _("Comment") }, h("div", { class: "in" }, title, area, h("div", { class: "foot-row" }, keep)));
    keep.addEventListener("click", () => {
      field.value = area.value.trim();
      dialog.close();
      this.#changed(cell);
    });
    dialog.addEventListener("close", () => { dialog.remove(); cell.focus(); });
    document.body.append(dialog);
    dialog.showModal();
    area.focus();
  }

  #say(text, state) {
    const line = this.querySelector("[data-part=state]");
    if (!line) return;
    line.dataset.state = state;
    line.replaceChildren(icon(state === "error" ? "alert-circle" : "circle-check", "sm"), text);
  }
}
customElements.define("score-grid", ScoreGrid);
