/* Painéis: the tables of the charts, one by one or all at once (key T); the choice is kept. */
(() => {
  const KEY = "reportTables";
  const tables = () => [...document.querySelectorAll(".chart-table")];

  const show = (table, shown) => {
    table.classList.toggle("is-shown", shown);
    document.querySelector(`[data-table][aria-controls="${table.id}"]`)?.setAttribute("aria-expanded", String(shown));
  };

  const showAll = (shown) => {
    tables().forEach((table) => show(table, shown));
    document.querySelector("[data-tables]")?.setAttribute("aria-pressed", String(shown));
    localStorage.setItem(KEY, shown ? "1" : "");
  };

  document.addEventListener("click", (event) => {
    const one = event.target.closest("[data-table]");
    if (one) {
      const table = document.getElementById(one.getAttribute("aria-controls"));
      show(table, !table.classList.contains("is-shown"));
    }
    const all = event.target.closest("[data-tables]");
    if (all) showAll(all.getAttribute("aria-pressed") !== "true");
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (localStorage.getItem(KEY)) showAll(true);
  });
})();
