// <opener-act data-box data-purpose data-form>: opens a test value or a share with the key file, and sends the answer.
import { answer, attempt, KeyProblem } from "../sodium.js";
import { _ } from "../i18n.js";

class OpenerAct extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-part=open]");
    const file = this.querySelector("[data-part=file]");
    const phrase = this.querySelector("[data-part=phrase]");
    button.addEventListener("click", () => attempt(this, button, async () => {
      if (!file.files.length) throw new KeyProblem(_("Please choose your key file."));
      const said = await answer(this.dataset.purpose, this.dataset.box, await file.files[0].text(), phrase.value);
      phrase.value = "";
      const form = document.getElementById(this.dataset.form);
      form.querySelector("[name=answer]").value = said;
      form.requestSubmit();
    }));
  }
}
customElements.define("opener-act", OpenerAct);
