// <weight-sliders data-source="id" data-ranking="id">: what if the weights were others? Ranks in the page, stores nothing.
// Data: { criteria: [...], weights: [...], offers: [...], scores: [criterion][offer] 0..100, eligible: [true, ...] }.
import { _, number, percent } from "../i18n.js";
import { h, svg } from "../elements.js";

const COLOURS = 8;

class WeightSliders extends HTMLElement {
  connectedCallback() {
    this.data = JSON.parse(document.getElementById(this.dataset.source).textContent);
    this.sliders = [...this.querySelectorAll("input[data-weight]")];
    const whole = this.data.weights.reduce((sum, weight) => sum + Number(weight), 0) || 1;
    this.published = this.data.weights.map((weight) => (Number(weight) / whole) * 100);
    this.weights = [...this.published];
    this.first = this.#order(this.published);
    this.sliders.forEach((slider) => slider.addEventListener("input", () => this.#slide(Number(slider.dataset.weight), Number(slider.value))));
    this.querySelector("[data-part=reset]")?.addEventListener("click", () => { this.weights = [...this.published]; this.paint(); });
    this.paint();
  }

  // One weight takes its place, the others share the rest in their present proportion.
  #slide(at, value) {
    const others = this.weights.reduce((sum, weight, index) => (index === at ? sum : sum + weight), 0);
    const rest = 100 - value;
    this.weights = this.weights.map((weight, index) => {
      if (index === at) return value;
      return others > 0 ? (weight * rest) / others : rest / (this.weights.length - 1 || 1);
    });
    this.paint();
  }

  #total(offer, weights) {
    return weights.reduce((sum, weight, criterion) => sum + (weight * this.data.scores[criterion][offer]) / 100, 0);
  }

  #order(weights) {
    const all = this.data.offers.map((_name, offer) => [this.#total(offer, weights), offer]);
    const may = ([, offer]) => this.data.eligible?.[offer] !== false;
    return all.filter(may).sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, offer]) => offer);
  }

  paint() {
    const changed = this.weights.some((weight, at) => Math.abs(weight - this.published[at]) > 0.05);
    this.sliders.forEach((slider) => {
      const at = Number(slider.dataset.weight);
      if (document.activeElement !== slider) slider.value = this.weights[at];
      slider.setAttribute("aria-valuetext", percent(this.weights[at] / 100, 0));
      const out = this.querySelector(`[data-out="${at}"]`);
      if (out) out.textContent = percent(this.weights[at] / 100, 0);
    });
    const mode = this.querySelector("[data-part=mode]");
    if (mode) {
      mode.className = `pill ${changed ? "pill-warn" : "pill-mute"}`;
      mode.textContent = changed ? _("What-if weights") : _("Published weights");
    }
    this.#rank();
    this.dispatchEvent(new CustomEvent("srm:weights", { bubbles: true, detail: { weights: [...this.weights], changed } }));
  }

  // Rows are made once and then only changed and moved: quick enough for 50 offers and 20 criteria under a finger.
  #rank() {
    const list = document.getElementById(this.dataset.ranking);
    if (!list) return;
    this.rows ??= this.data.offers.map((name) => makeRow(name, this.weights.length));
    const order = this.#order(this.weights);
    order.forEach((offer, place) => this.#show(this.rows[offer], offer, place));
    const now = order.map((offer) => this.rows[offer].item);
    if (list.children.length !== now.length) list.replaceChildren(...now);
    now.forEach((item, at) => { if (list.children[at] !== item) list.insertBefore(item, list.children[at]); });
  }

  // Criteria of one colour share a path: a third of the changes that a rectangle for each would cost.
  #show(row, offer, place) {
    let x = 0;
    const drawn = row.paths.map(() => "");
    this.weights.forEach((weight, criterion) => {
      const width = (weight * this.data.scores[criterion][offer]) / 100;
      if (width > 0.4) drawn[criterion % COLOURS] += `M${x.toFixed(2)} 0h${(width - 0.4).toFixed(2)}v10H${x.toFixed(2)}z`;
      x += width;
    });
    row.paths.forEach((path, at) => path.setAttribute("d", drawn[at]));
    const moved = this.first.indexOf(offer) - place;
    row.place.className = `place place-${place + 1}`;
    row.place.textContent = place + 1;
    row.move.className = `mv ${moved > 0 ? "up" : "dn"}`;
    row.move.textContent = moved ? `${moved > 0 ? "▲" : "▼"} ${Math.abs(moved)}` : "";
    row.total.textContent = number(x, 1);
  }
}

function makeRow(name, criteria) {
  const paths = Array.from({ length: Math.min(criteria, COLOURS) }, (_value, at) => svg("path", { class: `f${at}` }));
  const bar = svg("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, ...paths);
  const [place, move, total] = [h("span"), h("span"), h("span", { class: "tot" })];
  const item = h("li", null, place, h("div", null, h("div", { class: "nm" }, h("span", null, name), move), bar), total);
  return { item, paths, place, move, total };
}
customElements.define("weight-sliders", WeightSliders);
