// <conditional-questions>: a question with data-show-if appears when that question has the answer data-show-value.
// The server judges by the same rule; without this script every question is shown and hidden ones are dropped there.
class ConditionalQuestions extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.show());
    this.show();
  }

  show() {
    const shown = new Set();
    for (const block of this.querySelectorAll("[data-question]")) {
      const asked = block.dataset.showIf;
      const given = asked ? [...this.querySelectorAll(`[name="${CSS.escape(asked)}"]:checked`)].map((one) => one.value) : [];
      const visible = !asked || (shown.has(asked) && given.includes(block.dataset.showValue));
      block.hidden = !visible;
      if (visible) shown.add(`q_${block.dataset.question}`);
    }
  }
}
customElements.define("conditional-questions", ConditionalQuestions);
