// Setting an auction up: only what the chosen profile uses is shown; empty fields say what the profile fills in.
const form = document.querySelector("[data-setup]");
const profiles = JSON.parse(document.getElementById("profiles").textContent);

function show() {
  const chosen = form.querySelector("[name=profile]:checked")?.value;
  const facts = profiles[chosen];
  if (!facts) return;
  form.querySelectorAll("[data-for]").forEach((node) => { node.hidden = !facts.uses.includes(node.dataset.for); });
  for (const [name, value] of Object.entries(facts.values)) {
    const field = form.elements[name];
    if (field && "placeholder" in field) field.placeholder = value;
  }
  if (!facts.uses.includes("sells")) form.elements.direction.value = "reverse";
  if (!facts.uses.includes("package")) form.elements.package.checked = false;
  const own = form.elements.own_view.checked;
  form.querySelector("[data-own-view]").hidden = !own;
  if (!own) form.querySelectorAll("[name=shown]").forEach((box) => { box.checked = facts.shown.includes(box.value); });
}

form.addEventListener("change", show);
show();
