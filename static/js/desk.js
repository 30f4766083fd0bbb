/* The debtor page: selected installments, notes about them, their history. */
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const money = new Intl.NumberFormat("pt-BR", { style: "currency", currency: "BRL" });
  const bar = $("#selection");
  const chosen = () => $$("[data-select]:checked");

  const refresh = () => {
    const boxes = chosen();
    const total = boxes.reduce((sum, box) => sum + Number(box.dataset.balance), 0) / 100;
    bar.hidden = !boxes.length;
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

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-select]")) return;
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
    if (calculate) {
      const keys = window.cobranca.ranges(chosen().map((box) => box.value));
      calculate.search = keys && `selection=${keys}`;
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
