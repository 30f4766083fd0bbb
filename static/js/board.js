/* The live board: refreshed every 15 s while somebody looks at it, and it says when it is not. */
(() => {
  const EVERY = 15000;
  const board = () => document.getElementById("quadro");
  const open = () => document.querySelector("dialog[open]");
  const tick = () => {
    if (board() && !document.hidden && !open()) htmx.trigger(board(), "board-tick");
  };
  setInterval(tick, EVERY);
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-board-refresh]")) tick();

    const button = event.target.closest("[data-take]");
    if (!button) return;
    const dialog = document.getElementById("retomar");
    dialog.querySelector("[data-take-form]").action = button.dataset.take;
    dialog.querySelector("[data-take-debtor]").textContent = button.dataset.debtor;
    dialog.querySelector("[data-take-holder]").textContent = button.dataset.holder;
    dialog.showModal();
  });

  /* A refresh that fails says so where the time stands, not in a toast every 15 s. */
  const failed = (event) => {
    if (event.detail.elt?.id !== "quadro") return;
    event.stopPropagation();
    const said = document.querySelector("[data-board-said]");
    document.querySelector("[data-board-dot]")?.classList.replace("ok", "warn");
    if (!said.dataset.kept) said.dataset.kept = said.textContent.split(";")[0];
    said.textContent = `Sem resposta do servidor. ${said.dataset.kept}; tenta de novo sozinho.`;
  };
  for (const kind of ["htmx:responseError", "htmx:sendError"]) {
    document.body.addEventListener(kind, failed);
  }
})();
