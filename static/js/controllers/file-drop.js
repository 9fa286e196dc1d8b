// <file-drop data-max-mb data-accept="pdf xlsx" data-upload-url> around a file input: drop, list, per-file errors.
// With an upload URL each file is sent at once with its progress; without one the form carries the files as ever.
import { _, number } from "../i18n.js";
import { csrf, h, icon } from "../elements.js";

class FileDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector("[data-part=list]");
    this.zone = this.querySelector(".drop-zone") ?? this;
    this.input.addEventListener("change", () => this.#take([...this.input.files]));
    for (const name of ["dragenter", "dragover"]) {
      this.zone.addEventListener(name, (event) => { event.preventDefault(); this.zone.toggleAttribute("data-over", true); });
    }
    this.zone.addEventListener("dragleave", () => this.zone.removeAttribute("data-over"));
    this.zone.addEventListener("drop", (event) => {
      event.preventDefault();
      this.zone.removeAttribute("data-over");
      const files = this.input.multiple ? [...event.dataTransfer.files] : [...event.dataTransfer.files].slice(0, 1);
      this.#take(files);
    });
  }

  #problem(file) {
    const max = Number(this.dataset.maxMb || 0);
    const kinds = (this.dataset.accept || "").split(" ").filter(Boolean);
    if (max && file.size > max * 1024 * 1024) return _("Larger than {n} MB", { n: max });
    if (kinds.length && !kinds.includes(file.name.split(".").at(-1).toLowerCase())) return _("Only these kinds: {k}", { k: kinds.join(", ") });
    if (file.size === 0) return _("The file is empty");
    return "";
  }

  #take(files) {
    const good = new DataTransfer();
    if (!this.dataset.uploadUrl) this.list?.replaceChildren();
    for (const file of files) {
      const problem = this.#problem(file);
      const state = h("span", { class: problem ? "fld-error" : "mt" }, problem || `${number(Math.max(1, Math.round(file.size / 1024)))} kB`);
      this.list?.append(h("li", null, icon(problem ? "alert-circle" : "paperclip"), h("span", { class: "nm" }, file.name), h("span"), state));
      if (problem) continue;
      if (this.dataset.uploadUrl) this.#send(file, state);
      else good.items.add(file);
    }
    if (this.dataset.uploadUrl) this.input.value = "";
    else this.input.files = good.files;
  }

  #send(file, state) {
    const bar = h("progress", { class: "line", max: 100, value: 0, "aria-label": file.name });
    state.replaceChildren(bar);
    const form = new FormData();
    form.append(this.input.name || "file", file);
    const request = new XMLHttpRequest();
    request.open("POST", this.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100; });
    request.addEventListener("loadend", () => {
      const ok = request.status >= 200 && request.status < 300;
      let body = {};
      try { body = JSON.parse(request.responseText); } catch { body = {}; }
      state.className = ok ? "mt" : "fld-error";
      state.textContent = ok ? _("Received") : body.text || _("Not received; please try again.");
      if (ok) this.dispatchEvent(new CustomEvent("srm:uploaded", { bubbles: true, detail: body }));
    });
    request.send(form);
  }
}
customElements.define("file-drop", FileDrop);
