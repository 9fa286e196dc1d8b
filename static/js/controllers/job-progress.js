// <job-progress data-url>: asks once a second for { state, done, total, text, next_url } until state is "done" or "failed".
import { _, number } from "../i18n.js";
import { announce } from "../elements.js";

const EVERY_MS = 1000;

class JobProgress extends HTMLElement {
  #timer = 0;

  connectedCallback() { this.#ask(); }
  disconnectedCallback() { clearTimeout(this.#timer); }

  async #ask() {
    try {
      const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } });
      if (answer.ok) return this.#show(await answer.json());
    } catch {
      this.#say(_("No connection; still trying."));
    }
    this.#timer = setTimeout(() => this.#ask(), EVERY_MS * 3);
  }

  #say(text) {
    const line = this.querySelector("[data-part=text]");
    if (line && line.textContent !== text) line.textContent = text;
  }

  #show(job) {
    const bar = this.querySelector("progress");
    if (bar && job.total) { bar.max = job.total; bar.value = job.done; }
    this.#say(job.text || (job.total ? _("{a} of {b}", { a: number(job.done), b: number(job.total) }) : ""));
    if (job.state === "done" || job.state === "failed") {
      announce(job.text || (job.state === "done" ? _("Finished") : _("This could not be finished.")), job.state === "failed");
      this.dispatchEvent(new CustomEvent("srm:job", { bubbles: true, detail: job }));
      if (job.next_url && job.state === "done") location.assign(job.next_url);
      return;
    }
    this.#timer = setTimeout(() => this.#ask(), EVERY_MS);
  }
}
customElements.define("job-progress", JobProgress);
