/* The command bar: debtors found while typing, and the sections by name. */
(() => {
  const input = document.getElementById("command");
  if (!input) return;
  const panel = document.getElementById("command-panel");
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

  const sections = [...document.querySelectorAll(".nav-toggle .menu-panel a")].map((link) => ({
    label: link.textContent.trim(), href: link.href, icon: link.querySelector("svg").outerHTML,
  }));
  const items = () => [...panel.querySelectorAll("[role=option]")];
  const active = () => panel.querySelector("[aria-selected=true]");

  // An answer that comes late must not open again what was closed meanwhile.
  let wanted = false;
  const show = (open) => {
    wanted = open;
    panel.hidden = !open || !panel.childElementCount;
    input.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden) input.removeAttribute("aria-activedescendant");
  };

  const select = (item) => {
    active()?.setAttribute("aria-selected", "false");
    if (!item) return input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  };

  const offerSections = () => {
    const typed = plain(input.value);
    const found = typed ? sections.filter((each) => plain(each.label).includes(typed)) : sections;
    panel.querySelector("[data-sections]")?.remove();
    if (!found.length) return;
    const group = document.createElement("div");
    group.dataset.sections = "";
    group.innerHTML = `<div class="command-title">Ir para</div>`;
    found.forEach((each, number) => {
      const link = document.createElement("a");
      Object.assign(link, { className: "command-item go", href: each.href, id: `go-${number}`, tabIndex: -1 });
      link.setAttribute("role", "option");
      link.innerHTML = each.icon;
      link.append(each.label);
      group.append(link);
    });
    panel.append(group);
  };

  input.addEventListener("focus", () => {
    input.select();
    if (!panel.childElementCount) offerSections();
    show(true);
  });
  input.addEventListener("input", () => {
    wanted = true;
    if (input.value.trim().length >= 2) return;
    panel.replaceChildren();
    offerSections();
    show(true);
  });
  panel.addEventListener("htmx:afterSwap", () => {
    offerSections();
    select(items()[0]);
    show(wanted);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would empty itself
      if (panel.hidden) input.blur();
      show(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      show(true);
      const all = items();
      const step = event.key === "ArrowDown" ? 1 : -1;
      select(all[(all.indexOf(active()) + step + all.length) % all.length]);
    } else if (event.key === "Enter" && active() && !panel.hidden) {
      event.preventDefault();
      location.assign(active().href);
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-command]")) show(false);
  });
  // A press on a result must not take the focus away before it is a click.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  input.addEventListener("blur", () => show(false));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      input.focus();
    }
  });
})();
