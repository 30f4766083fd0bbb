/* The keyboard in lists: j k move, space selects, Enter opens; / ? and letters where they apply.
   A list is [data-list]; its rows are [data-row]; a row opens its [data-open]. */
(() => {
  // What was opened over the page's list has the keyboard: data-list="front".
  const list = () => document.querySelector("[data-list=front]") ?? document;
  const rows = () => [...list().querySelectorAll("[data-row]")].filter((row) => row.offsetParent && row.closest("[data-list]"));
  const current = () => document.querySelector("[data-row].current");
  const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog[open], [contenteditable]");

  const select = (row) => {
    current()?.classList.remove("current");
    if (!row) return;
    row.classList.add("current");
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("[data-open]")?.focus({ preventScroll: true });
  };

  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(current());
    select(all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)]);
  };

  const press = (selector, root = document) => {
    // The page's own key comes before the frame's.
    const part = root?.querySelector(`main ${selector}`) ?? root?.querySelector(selector);
    if (!part) return false;
    if (part.matches("input, textarea")) {
      part.focus();
      part.select();
    } else part.click();
    return true;
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => press("[data-key=search]") || press("#command"),
    "?": () => document.getElementById("shortcuts")?.showModal(),
    " ": () => {
      const box = current()?.querySelector("[data-select]");
      box?.click();
      return Boolean(box);
    },
  };

  // Any other letter presses what says it is its: data-row-key="f" in the current row, then
  // data-key="e" anywhere.
  const pressedBy = (key) => (/^[a-z]$/.test(key) ? () => press(`[data-row-key=${key}]`, current()) || press(`[data-key=${key}]`) : null);
  // A button outside of the list is pressed by the space bar as everywhere.
  const isButton = (target) => target.matches?.("button, summary, a") && !target.closest("[data-row]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === " " && isButton(event.target)) return;
    const act = keys[event.key] ?? pressedBy(event.key);
    if (act && act() !== false) event.preventDefault();
  });
  // Firefox presses a focused button when the space bar comes up.
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && !typing(event.target) && !isButton(event.target) && current()?.querySelector("[data-select]")) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && row !== current()) {
      current()?.classList.remove("current");
      row.classList.add("current");
    }
  });
})();
