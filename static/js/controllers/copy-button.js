// <copy-button data-text="..."><button>...</button></copy-button>: copies, and says so in the button for two seconds.
import { _ } from "../i18n.js";
import { announce } from "../elements.js";

class CopyButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const words = button.querySelector("span") ?? button;
    button.addEventListener("click", async () => {
      const before = words.textContent;
      try {
        await navigator.clipboard.writeText(this.dataset.text);
        words.textContent = _("Copied");
      } catch {
        words.textContent = this.dataset.text; // no clipboard without https: show it, so that it can be marked by hand
      }
      announce(words.textContent);
      setTimeout(() => { words.textContent = before; }, 2000);
    });
  }
}
customElements.define("copy-button", CopyButton);
