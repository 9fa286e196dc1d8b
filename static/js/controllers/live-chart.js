// <live-chart data-source="id" data-label data-currency data-height>: step lines over time (uPlot).
// Data: { series: [{ name, tone: "mine|lead|c1..c8", dash }], points: [[unix seconds, value or null, ...], ...] }.
// push([seconds, ...]) adds a point. The canvas is a picture; the same facts stand in a table or list beside it.
import { clockTime, lang, shortTime } from "../i18n.js";
import { colour, h, loadScript, loadSheet } from "../elements.js";

const HEIGHT = 152;
const SHORT_S = 600; // below ten minutes the seconds matter
const compact = new Intl.NumberFormat(lang, { notation: "compact", maximumSignificantDigits: 4 });

class LiveChart extends HTMLElement {
  #chart = null;
  #points = [];

  async connectedCallback() {
    const source = document.getElementById(this.dataset.source);
    const data = JSON.parse(source?.textContent || '{"series":[],"points":[]}');
    this.series = data.series;
    this.#points = data.points;
    this.setAttribute("role", "img");
    this.setAttribute("aria-label", this.dataset.label || "");
    loadSheet("uplot/uPlot.min.css");
    if (!window.uPlot) await loadScript("uplot/uPlot.iife.min.js");
    if (!this.isConnected) return;
    this.#draw();
    this.#resize = new ResizeObserver(() => this.#chart?.setSize({ width: this.clientWidth, height: this.height }));
    this.#resize.observe(this);
    this.#themes = new MutationObserver(() => this.#draw());
    this.#themes.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  #resize = null;
  #themes = null;

  disconnectedCallback() {
    this.#resize?.disconnect();
    this.#themes?.disconnect();
    this.#chart?.destroy();
  }

  get height() { return Number(this.dataset.height || HEIGHT); }

  // One point alone is drawn as a short line.
  #columns() {
    const points = this.#points.length === 1 ? [this.#points[0], [this.#points[0][0] + 30, ...this.#points[0].slice(1)]] : this.#points;
    return [0, ...this.series.keys()].map((_value, at) => points.map((point) => point[at] ?? null));
  }

  #draw() {
    this.#chart?.destroy();
    this.replaceChildren(h("div"));
    const axis = { stroke: colour("--srm-muted"), grid: { stroke: colour("--srm-line"), width: 1 }, ticks: { show: false }, font: "11px Inter, sans-serif" };
    const stepped = uPlot.paths.stepped({ align: 1 });
    this.#chart = new uPlot({
      width: this.clientWidth || 320, height: this.height, padding: [8, 4, 0, 0],
      cursor: { show: false }, legend: { show: false },
      axes: [
        { ...axis, size: 24, space: 64, values: (_chart, ticks) => ticks.map((tick) => (ticks.at(-1) - ticks[0] < SHORT_S ? clockTime : shortTime)(tick * 1000)) },
        { ...axis, size: 54, space: 30, values: (_chart, ticks) => ticks.map((tick) => compact.format(tick)) },
      ],
      series: [{}, ...this.series.map((one) => ({
        stroke: colour(`--srm-${one.tone}`), width: one.dash ? 2 : 2.5, dash: one.dash ? [5, 4] : undefined,
        paths: stepped, points: { show: false }, spanGaps: true,
      }))],
    }, this.#columns(), this.firstChild);
  }

  set(points) { this.#points = points; this.#chart?.setData(this.#columns()); }
  push(point) { this.#points.push(point); this.#chart?.setData(this.#columns()); }
}
customElements.define("live-chart", LiveChart);
