// <dash-chart data-source="id" data-label>: a Chart.js canvas for dashboards; the numbers also stand in a table.
// Data: { type: "line|bar|radar", labels: [...], series: [{ name, values, tone: 1..8 }], stacked }.
import { lang } from "../i18n.js";
import { colour, h, loadScript } from "../elements.js";

class DashChart extends HTMLElement {
  #chart = null;
  #themes = null;

  async connectedCallback() {
    this.classList.add("canvas-chart");
    this.data = JSON.parse(document.getElementById(this.dataset.source).textContent);
    if (!window.Chart) await loadScript("chart.js/chart.umd.min.js");
    if (!this.isConnected) return;
    this.#draw();
    this.#themes = new MutationObserver(() => this.#draw());
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  disconnectedCallback() {
    this.#themes?.disconnect();
    this.#chart?.destroy();
  }

  #draw() {
    this.#chart?.destroy();
    const canvas = h("canvas", { role: "img", "aria-label": this.dataset.label || "" });
    this.replaceChildren(canvas);
    const { type, labels, series, stacked } = this.data;
    const text = colour("--srm-muted");
    const line = colour("--srm-line");
    const axis = { stacked: Boolean(stacked), ticks: { color: text }, grid: { color: line } };
    this.#chart = new Chart(canvas, {
      type,
      data: {
        labels,
        datasets: series.map((one, at) => {
          const tone = colour(`--srm-c${one.tone || at + 1}`);
          return { label: one.name, data: one.values, borderColor: tone, backgroundColor: type === "bar" ? tone : "transparent", tension: 0.2 };
        }),
      },
      options: {
        animation: false, locale: lang, responsive: true, maintainAspectRatio: false,
        plugins: { legend: { display: series.length > 1, labels: { color: text, boxWidth: 12 } } },
        scales: type === "radar" ? { r: { grid: { color: line }, angleLines: { color: line }, pointLabels: { color: text }, ticks: { display: false } } } : { x: axis, y: axis },
      },
    });
  }
}
customElements.define("dash-chart", DashChart);
