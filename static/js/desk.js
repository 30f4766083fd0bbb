/* The debtor page: selected installments, notes about them, their history. */
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const money = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL" });
  const bar = $("#selection");
  const chosen = () => $$(".installments [data-select]:checked");

  const refresh = () => {
    const boxes = chosen();
    const total = boxes.reduce((sum, box) => sum + Number(box.dataset.balance), 0) / 100;
    bar.hidden = !boxes.length || Boolean($("#calc-form"));
    $("[data-selected-count]").textContent = boxes.length === 1 ? "1 parcela selecionada" : `${boxes.length} parcelas selecionadas`;
    $("[data-selected-total]").textContent = money.format(total);
  };

  const described = () => {
    const byContract = new Map();
    for (const box of chosen()) {
      const numbers = byContract.get(box.dataset.contract) ?? [];
      byContract.set(box.dataset.contract, [...numbers, box.dataset.label]);
    }
    const parts = [...byContract].map(([contract, numbers]) => `Contrato ${contract}, parcela(s) ${numbers.join(", ")}`);
    return `${parts.join("; ")}. Saldo: ${$("[data-selected-total]").textContent}.`;
  };

  const openNote = (text, contract = "") => {
    const box = $("#note-box");
    box.hidden = false;
    const area = $("textarea", box);
    area.value = `${text} ${area.value}`.trimEnd() + (area.value ? "" : " ");
    if (contract) $("select[name=contract]", box).value = contract;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    box.scrollIntoView({ block: "nearest" });
  };

  /* The calculation opens below what is owed; a new tab, if that is what was asked for, has it
     as a page. */
  const openCalculation = (link, event) => {
    const keys = window.cobranca.ranges(chosen().map((box) => box.value));
    link.search = keys && `selection=${keys}`;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const values = keys ? { painel: 1, selection: keys } : { painel: 1 };
    htmx.ajax("GET", link.pathname, { target: "#calc-panel", swap: "innerHTML", values });
  };
  const closeCalculation = () => {
    const panel = $("#calc-panel");
    if (!panel.firstChild) return;
    panel.replaceChildren();
    document.dispatchEvent(new Event("calculation-closed"));
    refresh();
    $("#contracts [data-calculate]")?.focus({ preventScroll: true });
    $(".contracts-title")?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("close-calculation", closeCalculation);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "calc-panel" && event.target.id !== "calc-panel") return;
    refresh();
    $(".calc-panel")?.scrollIntoView({ block: "start" });
  });
  /* Saved: the panel goes, the contracts show what is negotiated now, the tab what was agreed. */
  document.addEventListener("agreement-saved", () => {
    closeCalculation();
    for (const box of chosen()) box.click();
    htmx.trigger(document.body, "debtor-synced");
    $("#tab-acordos")?.click();
    $("#tab-acordos")?.focus();
  });
  /* A wrong number is no longer among the phones that may be called. */
  document.addEventListener("contact-recorded", (event) => {
    if (event.detail.phones) $("#tab-telefones")?.click();
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches(".installments [data-select]")) return;
    event.target.closest("tr").classList.toggle("selected", event.target.checked);
    refresh();
  });

  document.addEventListener("click", async (event) => {
    const note = event.target.closest("[data-note]");
    if (note) return openNote(`${note.dataset.note}:`, note.dataset.noteContract);
    if (event.target.closest("[data-note-selection]")) return openNote(described());
    if (event.target.closest("[data-copy-selection]")) {
      await navigator.clipboard.writeText(described());
      window.cobranca.toast({ text: "Copiado." });
    }
    const calculate = event.target.closest("[data-calculate]");
    if (calculate) openCalculation(calculate, event);
    if (event.target.closest("[data-close-calculation], #calc-panel [data-cancel-link]")) {
      event.preventDefault();
      closeCalculation();
    }
    if (event.target.closest("[data-clear-selection]")) for (const box of chosen()) box.click();
  });

  /* A second press closes what the first one opened: history of an installment, form of a contact. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.elt;
    if (!button.matches("[data-open], [data-edit]")) return;
    const opened = button.closest("tr").nextElementSibling;
    button.setAttribute("aria-expanded", "true");
    if (!opened?.matches(".history, .editing")) return;
    event.preventDefault();
    opened.remove();
    button.setAttribute("aria-expanded", "false");
  });

  /* The contracts refresh themselves when the ERP told something new. What the collector had
     selected, opened or reached by the keyboard is put back; the page keeps its height meanwhile. */
  const parts = new Set();
  let kept = null;
  const opened = (row) => row.nextElementSibling?.matches(".history") && $("[data-open]", row)?.getAttribute("hx-get");
  const putBack = (box) => {
    for (const check of $$("[data-select]", box)) {
      if (!kept.chosen.delete(check.value)) continue;
      check.checked = true;
      check.closest("tr").classList.add("selected");
    }
    for (const button of $$("[data-open]", box)) {
      const path = button.getAttribute("hx-get");
      if (path === kept.current) {
        button.closest("tr").classList.add("current");
        if (kept.focused) button.focus({ preventScroll: true });
        kept.current = null;
      }
      if (kept.histories.delete(path)) htmx.trigger(button, "click");
    }
    refresh();
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const path = event.detail.elt.getAttribute("hx-get");
    if (event.detail.elt.matches("#contracts .part-button") && !path.includes("?")) parts.add(path);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const box = event.detail.target;
    if (box.id !== "contracts" || !event.detail.shouldSwap) return;
    const current = $("[data-row].current", box);
    kept = {
      chosen: new Set($$("[data-select]:checked", box).map((check) => check.value)),
      histories: new Set($$("[data-row]", box).map(opened).filter(Boolean)),
      current: current && $("[data-open]", current)?.getAttribute("hx-get"),
      focused: box.contains(document.activeElement),
      release: 0,
    };
    box.style.minHeight = `${box.offsetHeight}px`;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const box = $("#contracts");
    if (!kept || !box?.contains(event.target)) return;
    if (event.target === box) {
      for (const button of $$(".part-button", box)) if (parts.has(button.getAttribute("hx-get"))) htmx.trigger(button, "click");
    }
    putBack(box);
    clearTimeout(kept.release);
    kept.release = setTimeout(() => {
      box.style.minHeight = "";
      kept = null;
    }, 2000);
  });

  /* An undo may bring back another tab than the one in view. */
  const choose = (id) => {
    for (const tab of $$("[role=tab]")) {
      tab.setAttribute("aria-selected", String(tab.id === id));
      tab.tabIndex = tab.id === id ? 0 : -1;
    }
  };

  /* The note form comes back empty when it was saved: put it away. */
  document.addEventListener("htmx:afterSwap", (event) => {
    const box = event.detail.target;
    const kind = /\/(telefones|enderecos|emails)\//.exec(event.detail.pathInfo?.requestPath ?? "");
    if (box.id === "tab-panel" && kind) choose(`tab-${kind[1]}`);
    if (box.id !== "note-box") return;
    box.hidden = !$("[data-has-errors]", box);
    if (box.hidden) $("[data-toggle='#note-box']")?.focus();
  });
})();
