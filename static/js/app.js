/* What every page needs: menus, dialogs, toasts, copying, and words when a request fails. */
(() => {
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const icon = (name) => {
    const sprite = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
    return `<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
  };

  /* Menus: one open at a time; Esc and a click elsewhere close; arrows move inside. */
  const closeMenus = (except) => {
    for (const menu of $$("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (!menu) return;
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const items = $$(".menu-panel a, .menu-panel button", menu).filter((item) => item.offsetParent);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const here = items.indexOf(document.activeElement);
    items[(here + step + items.length) % items.length]?.focus();
  });

  /* Dialogs */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) {
      closeMenus();
      const dialog = document.getElementById(opener.dataset.openDialog);
      dialog?.querySelector("[data-fill]")?.replaceChildren(); // what comes is for this press
      dialog?.showModal();
    }
    if (event.target.closest("[data-close-dialog]") || event.target.matches("dialog.sheet")) {
      event.target.closest("dialog")?.close();
    }
  });

  /* Toasts: {text, kind: "ok" | "warn" | "danger", undo: {url, values}}. Errors stay. */
  const toast = ({ text, kind = "ok", undo = null }) => {
    const box = document.getElementById("toasts");
    const item = document.createElement("div");
    item.className = `toast-item ${kind}`;
    item.setAttribute("role", kind === "danger" ? "alert" : "status");
    item.innerHTML = `<p></p>`;
    item.firstChild.textContent = text;
    if (undo) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary btn-sm";
      button.textContent = "Desfazer";
      button.addEventListener("click", () => {
        item.remove();
        htmx.ajax("POST", undo.url, { values: undo.values, target: "#tab-panel", swap: "innerHTML" });
      });
      item.append(button);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.setAttribute("aria-label", "Fechar");
    close.innerHTML = icon("x");
    close.addEventListener("click", () => item.remove());
    item.append(close);
    box.append(item);
    while (box.children.length > 3) box.firstChild.remove();
    if (kind !== "danger") setTimeout(() => item.remove(), undo ? 10000 : 5000);
  };
  document.addEventListener("toast", (event) => toast(event.detail));

  /* Keys of rows as ranges, "101-140,152": a selection of hundreds fits into an address. */
  const ranges = (keys) => {
    const runs = [];
    for (const key of keys.map(Number).sort((a, b) => a - b)) {
      const last = runs.at(-1);
      if (last && last[1] === key - 1) last[1] = key;
      else runs.push([key, key]);
    }
    return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
  };
  window.cobranca = { toast, ranges };

  /* Requests that fail: what happened, what was kept, what to do. */
  document.addEventListener("htmx:responseError", (event) => {
    const { status, responseText } = event.detail.xhr;
    const isSentence = event.detail.xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
    const text = {
      409: isSentence ? responseText : undefined,
      403: "Seu usuário não tem permissão para isto. Nada foi alterado.",
      404: "Não existe mais: atualize a página para ver como está agora.",
      429: "Muitos pedidos em pouco tempo. Espere um minuto e tente de novo.",
    }[status] ?? "O servidor não conseguiu responder. O que você digitou continua aqui; tente de novo.";
    toast({ text, kind: "danger" });
  });
  document.addEventListener("htmx:sendError", () =>
    toast({ text: "Sem conexão com o servidor. O que você digitou continua aqui; tente de novo.", kind: "danger" }));

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* Copying: the text of data-copy, or of the element it names with #. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const told = button.dataset.copy;
    const text = told.startsWith("#") ? document.querySelector(told).textContent : told;
    await navigator.clipboard.writeText(text);
    const words = button.closest("dialog") && button.lastChild;
    if (!words || words.nodeType !== Node.TEXT_NODE || button.dataset.copied) return toast({ text: "Copiado." });
    // A window covers the toasts: the button itself says it.
    button.dataset.copied = words.data;
    words.data = "Copiado";
    setTimeout(() => {
      words.data = button.dataset.copied;
      delete button.dataset.copied;
    }, 2000);
  });

  /* Showing and hiding a part: data-toggle="#id"; focus goes to its first field. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggle]");
    if (!button) return;
    const part = document.querySelector(button.dataset.toggle);
    part.hidden = !part.hidden;
    if (!part.hidden) part.querySelector("textarea, input:not([type=hidden]), select")?.focus();
  });

  /* A form that opens, a summary of errors: the keyboard is already there. Once: what stays on the
     page while answers come does not take it back from where somebody types. */
  const focusedOnce = new WeakSet();
  const focusMarked = (root) => {
    const marked = root.querySelector?.("[data-focus], [autofocus]");
    if (!marked || focusedOnce.has(marked) || marked.closest("[hidden], [data-specimen]")) return;
    focusedOnce.add(marked);
    marked.focus({ preventScroll: false });
  };
  document.addEventListener("DOMContentLoaded", () => focusMarked(document));
  document.addEventListener("htmx:afterSettle", (event) => focusMarked(event.detail.elt));

  /* Tabs: the chosen one is said and shown; arrows move between them. */
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab) return;
    for (const other of $$("[role=tab]", tab.parentElement)) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    }
    document.getElementById(tab.getAttribute("aria-controls"))?.setAttribute("aria-labelledby", tab.id);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.("[role=tab]") || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const tabs = $$("[role=tab]", event.target.parentElement);
    const step = event.key === "ArrowRight" ? 1 : -1;
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    next.focus();
    next.click();
  });
})();
