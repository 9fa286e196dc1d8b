// <line-sheet data-name="lines">: rows of inputs that can be pasted from a spreadsheet. Without script they are plain rows
// with an "add" and a "remove" submit button. Inputs: data-kind text|number|choice|date, data-required, data-label.
import { _, n_, number, parseNumber } from "../i18n.js";
import { announce } from "../elements.js";

const fields = (row) => [...row.querySelectorAll("[data-kind]")];
const fold = (text) => text.trim().toLowerCase();

class LineSheet extends HTMLElement {
  connectedCallback() {
    this.rows = this.querySelector("[data-part=rows]");
    this.pattern = this.rows.querySelector("[data-part=row]").cloneNode(true);
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("paste", (event) => this.#paste(event));
    this.addEventListener("change", (event) => { if (event.target.matches("[data-kind]")) this.#check(event.target); });
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  get all() { return [...this.rows.querySelectorAll("[data-part=row]")]; }

  #click(event) {
    if (event.target.closest("[data-part=add]")) {
      event.preventDefault();
      fields(this.add())[0].focus();
    }
    const remove = event.target.closest("[data-part=remove]");
    if (!remove) return;
    event.preventDefault();
    const row = remove.closest("[data-part=row]");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (this.all.length === 1) fields(row).forEach((field) => this.#fill(field, ""));
    else row.remove();
    this.#renumber();
    if (next) fields(next)[0].focus();
  }

  #key(event) {
    if (event.key !== "Enter" || !event.target.matches("input[data-kind]")) return;
    event.preventDefault();
    const row = event.target.closest("[data-part=row]");
    const at = fields(row).indexOf(event.target);
    const next = row.nextElementSibling ?? (event.target.value ? this.add() : null);
    if (next) fields(next)[at].focus();
  }

  add() {
    const row = this.pattern.cloneNode(true);
    fields(row).forEach((field) => this.#fill(field, ""));
    row.querySelectorAll("input[type=hidden]").forEach((hidden) => { hidden.value = ""; });
    this.rows.append(row);
    this.#renumber();
    return row;
  }

  // Names and labels carry the row: lines-0-quantity, "Quantity, row 1".
  #renumber() {
    this.all.forEach((row, at) => {
      const mark = row.querySelector(".rowno");
      if (mark) mark.textContent = at + 1;
      row.querySelectorAll("[name]").forEach((field) => { field.name = field.name.replace(/-\d+-/, `-${at}-`); if (field.id) field.id = field.id.replace(/-\d+-/, `-${at}-`); });
      fields(row).forEach((field) => field.setAttribute("aria-label", _("{f}, row {n}", { f: field.dataset.label, n: at + 1 })));
      const remove = row.querySelector("[data-part=remove]");
      if (remove) { remove.value = at; remove.setAttribute("aria-label", _("Remove row {n}", { n: at + 1 })); }
    });
  }

  #fill(field, text) {
    if (field.tagName === "SELECT") {
      const found = [...field.options].find((one) => fold(one.value) === fold(text) || fold(one.textContent) === fold(text));
      if (found) field.value = found.value;
      field.dataset.unknown = text && !found ? text : "";
    } else {
      const plain = field.dataset.kind === "number" && text.trim() ? parseNumber(text) : null;
      field.value = plain === null ? text.trim() : number(plain);
    }
    this.#mark(field, "");
  }

  #problem(field) {
    if (field.dataset.unknown) return _("“{v}” is not in the list", { v: field.dataset.unknown });
    const text = field.value.trim();
    if (!text) return "required" in field.dataset ? _("Missing") : "";
    if (field.dataset.kind === "number" && parseNumber(text) === null) return _("Not a number");
    if (field.dataset.kind === "date" && Number.isNaN(Date.parse(text))) return _("Not a date");
    return "";
  }

  #check(field) {
    if (field.tagName === "SELECT") field.dataset.unknown = "";
    this.#mark(field, this.#problem(field));
  }

  #mark(field, text) {
    const cell = field.closest("td");
    let note = cell.querySelector(".cell-error");
    if (!text) {
      note?.remove();
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
      return;
    }
    if (!note) { note = document.createElement("span"); note.className = "cell-error"; cell.append(note); }
    note.id = `${field.name}-error`;
    note.textContent = text;
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", note.id);
  }

  // A block from a spreadsheet fills cells from the one in hand to the right and down; rows are added as needed.
  #paste(event) {
    const start = event.target.closest("[data-kind]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!start || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const block = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const column = fields(start.closest("[data-part=row]")).indexOf(start);
    let row = start.closest("[data-part=row]");
    const touched = [];
    block.forEach((line, at) => {
      if (at) row = row.nextElementSibling ?? this.add();
      fields(row).slice(column, column + line.length).forEach((field, index) => { this.#fill(field, line[index]); touched.push(field); });
    });
    let wrong = 0;
    for (const field of touched) {
      const problem = this.#problem(field);
      this.#mark(field, problem);
      if (problem) wrong += 1;
    }
    const words = n_("{n} row pasted.", "{n} rows pasted.", block.length) + " "
      + (wrong ? n_("{n} value to correct.", "{n} values to correct.", wrong) : _("Nothing is saved until you save."));
    const state = this.querySelector("[data-part=state]");
    if (state) state.textContent = words;
    else announce(words);
    (touched.find((field) => field.hasAttribute("aria-invalid")) ?? start).focus();
  }
}
customElements.define("line-sheet", LineSheet);
