// The replay's slider: moving it shows that moment; without script the button does.
const form = document.querySelector("[data-replay]");
let wait = 0;
form.addEventListener("change", () => { clearTimeout(wait); wait = setTimeout(() => form.requestSubmit(), 150); });
