// <opener-key>: makes an opener's key in this browser, saves its file, and fills the public half into the form beside it.
import { attempt, newKey } from "../sodium.js";
import { h } from "../elements.js";

class OpenerKey extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-part=make]");
    const phrase = this.querySelector("[data-part=phrase]");
    button.addEventListener("click", () => attempt(this, button, async () => {
      const made = await newKey(phrase.value);
      const url = URL.createObjectURL(new Blob([made.file], { type: "application/json" }));
      const link = h("a", { href: url, download: "opener-key.json", hidden: true });
      this.append(link);
      link.click();
      setTimeout(() => { URL.revokeObjectURL(url); link.remove(); }, 10000);
      phrase.value = "";
      const field = document.querySelector("#register-key [name=public]");
      field.value = made.public;
      field.focus();
    }));
  }
}
customElements.define("opener-key", OpenerKey);
