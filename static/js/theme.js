// Runs before the first paint. "auto" follows the system, print is always light.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => {
    try { return localStorage.getItem("srm-theme"); } catch { return null; }
  };
  const preference = () => kept() || root.dataset.theme || "auto";
  const apply = () => {
    const wanted = preference();
    root.dataset.bsTheme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
  };
  dark.addEventListener("change", apply);
  addEventListener("srm:theme", apply);
  addEventListener("beforeprint", () => { root.dataset.bsTheme = "light"; });
  addEventListener("afterprint", apply);
  apply();
})();
