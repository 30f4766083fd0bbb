/* Runs before the first paint, so that no page flashes in the wrong theme.
   The choice is kept where Unfold keeps its own: desk and admin change together. */
(() => {
  const KEY = "adminTheme";
  const dark = matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      return ["light", "dark"].includes(kept) ? kept : "auto";
    } catch {
      return "auto";
    }
  };

  const apply = () => {
    const theme = chosen() === "auto" ? (dark.matches ? "dark" : "light") : chosen();
    document.documentElement.dataset.bsTheme = theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen()));
    }
  };

  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    localStorage.setItem(KEY, JSON.stringify(button.dataset.themeChoice));
    apply();
  });
  apply();
})();
