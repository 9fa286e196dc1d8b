// <weight-sliders data-source="id" data-ranking="id">: what if the weights were others? Ranks in the page, stores nothing.
// Data: { criteria: [...], weights: [...], offers: [...], scores: [criterion][offer] 0..100, eligible: [true, ...] }.
import { _, number, percent } from "../i18n.js";
import { h, svg } from "../elements.js";

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
    const list = document.getElementById(this.dataset.ranking);
    list?.replaceChildren(...this.#order(this.weights).map((offer, place) => this.#row(offer, place)));
    this.dispatchEvent(new CustomEvent("srm:weights", { bubbles: true, detail: { weights: [...this.weights], changed } }));
  }

  #row(offer, place) {
    const moved = this.first.indexOf(offer) - place;
    const bar = svg("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
    let x = 0;
    this.weights.forEach((weight, criterion) => {
      const width = (weight * this.data.scores[criterion][offer]) / 100;
      bar.append(svg("rect", { class: `f${criterion % 8}`, x, y: 0, width: Math.max(0, width - 0.4), height: 10 }));
      x += width;
    });
    const mark = moved ? h("span", { class: `mv ${moved > 0 ? "up" : "dn"}` }, `${moved > 0 ? "▲" : "▼"} ${Math.abs(moved)}`) : null;
    return h("li", null, h("span", { class: `place place-${place + 1}` }, String(place + 1)),
      h("div", null, h("div", { class: "nm" }, h("span", null, this.data.offers[offer]), mark), bar),
      h("span", { class: "tot" }, number(x, 1)));
  }
}
customElements.define("weight-sliders", WeightSliders);
