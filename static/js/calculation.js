/* The calculation screen, a page of its own or a panel of the debtor's. Nothing is calculated here:
   every change asks the server, and each part of its answer is put in its place without touching
   what is being typed or selected. */
(() => {
  const start = (form, signal) => {
    const isPage = !("inPlace" in form.dataset);
    const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
    const table = document.getElementById("calc-table");
    const dialog = document.getElementById("explained");
    const FIGURES = 6;
    const UNSAID = ["csrfmiddlewaretoken", "description", "seen_total", "erp_asked", "contract", "in_place"];

    /* Selection */
    const boxes = () => $$("[data-select]", table).filter((box) => !box.closest("tr").hidden);
    const selection = () => window.cobranca.ranges($$("[data-select]:checked", table).map((box) => box.value));
    const recalculate = () => form.dispatchEvent(new Event("recalculate"));
    let anchor = null;

    const mark = (box, checked) => {
      box.checked = checked;
      box.closest("tr").classList.toggle("selected", checked);
    };
    const selectOnly = (wanted) => {
      for (const box of boxes()) mark(box, wanted(box));
      recalculate();
    };
    const late = (box) => "late" in box.dataset;
    const selectTo = (box) => {
      const all = boxes();
      const ends = [all.indexOf(anchor ?? box), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(ends[0], ends[1] + 1)) mark(each, true);
      anchor = box;
      recalculate();
    };

    /* One contract: the rows of the others are put away, unselected. */
    const showContract = (key) => {
      for (const row of $$("[data-row]", table)) {
        row.hidden = key !== "" && row.dataset.contract !== key;
        const box = row.querySelector("[data-select]");
        if (row.hidden && box) mark(box, false);
      }
      if (!boxes().some((box) => box.checked)) for (const box of boxes()) mark(box, late(box));
    };

    /* A day: digits are enough, the slashes come by themselves. Half typed it is no day yet. */
    const DAY = 10;
    const isHalfTyped = (field) => field.matches("[data-day]") && field.value !== "" && field.value.length < DAY;
    const slash = (field, event) => {
      if (event.inputType?.startsWith("delete") || field.selectionEnd < field.value.length) return;
      const digits = field.value.replace(/\D/g, "").slice(0, 8);
      const parts = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean);
      field.value = parts.join("/");
    };

    /* What is typed. A final value and discounts exclude each other. */
    form.addEventListener("input", (event) => {
      const field = event.target;
      isWarned = false;
      if (field.matches("[data-day]")) slash(field, event);
      if (field.matches("[data-quiet]") || isHalfTyped(field)) return;
      if (field.matches("[data-select]")) {
        mark(field, field.checked);
        anchor = field;
      }
      if (field.name === "plan") form.classList.toggle("in-parcels", field.value === "instalments");
      if (field.name === "contract") showContract(field.value);
      if (field.matches("[data-discount]") && field.value) form.elements.final_value.value = "";
      if (field.name === "final_value" && field.value) for (const other of $$("[data-discount]", form)) other.value = "";
      recalculate();
    });
    form.addEventListener("change", (event) => {
      if (isHalfTyped(event.target)) recalculate();
    });
    form.addEventListener("click", (event) => {
      if (event.target.closest("[data-select-late]")) selectOnly(late);
      if (event.target.closest("[data-select-all]")) selectOnly(() => true);
      if (event.target.closest("[data-select-none]")) selectOnly(() => false);
      const box = event.target.closest("[data-select]");
      if (box && event.shiftKey && anchor) selectTo(box);
    });

    /* Hundreds of boxes travel as ranges. */
    document.addEventListener("htmx:configRequest", (event) => {
      if (event.detail.path.includes("/calculo/") && event.detail.verb === "post") event.detail.parameters.selection = selection();
    }, { signal });

    /* The address keeps what is asked: reloading, going back and the memória know it. */
    const state = () => {
      const told = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (value && !UNSAID.includes(name)) told.set(name, value);
      told.set("selection", selection());
      return `?${told}`;
    };
    const keepState = (replace) => {
      if (replace && isPage) history.replaceState(history.state, "", state());
      for (const link of $$("[data-with-state]", isPage ? document : form.parentElement)) link.search = state();
    };

    /* The answer */
    const placed = new Map();
    const FOCUSABLE = "a[href], button, summary, input:not([type=hidden]), select, textarea";
    const put = (part) => {
      const here = document.getElementById(part.id);
      const html = part.innerHTML;
      if (part.dataset.field) tellField(document.getElementById(part.dataset.field), html !== "");
      if (!here || placed.get(part.id) === html) return;
      placed.set(part.id, html);
      const focused = $$(FOCUSABLE, here).indexOf(document.activeElement);
      here.innerHTML = html;
      htmx.process(here);
      if (focused >= 0) $$(FOCUSABLE, here)[focused]?.focus({ preventScroll: true });
    };
    const tellField = (field, isWrong) => {
      if (!field) return;
      field.closest(".field")?.classList.toggle("invalid", isWrong);
      if (isWrong) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    };
    const putFigures = (row) => {
      const here = document.getElementById(row.id);
      if (!here) return false;
      here.querySelector("[data-select]")?.toggleAttribute("data-late", "late" in row.dataset);
      const fresh = [...row.cells].slice(-FIGURES);
      [...here.cells].slice(-FIGURES).forEach((cell, place) => {
        if (cell.textContent !== fresh[place].textContent) cell.textContent = fresh[place].textContent;
        if (cell.title !== fresh[place].title) cell.title = fresh[place].title;
      });
      return true;
    };
    const place = (answer) => {
      const isOk = answer.dataset.ok === "1";
      form.classList.toggle("is-old", !isOk);
      for (const part of answer.querySelectorAll("[data-part]")) put(part);
      if (!isOk) return;
      const told = answer.querySelector("table#calc-table");
      table.classList.toggle("no-correction", told.classList.contains("no-correction"));
      const known = $$("tbody tr", told).map(putFigures);
      if (known.includes(false)) window.cobranca.toast({ text: "A carteira mudou: atualize a página para ver as parcelas novas.", kind: "warn" });
      keepState(true);
    };
    document.addEventListener("htmx:afterRequest", (event) => {
      const { xhr, successful } = event.detail;
      if (!successful || !xhr.responseText.includes('id="calc-answer"')) return;
      place(new DOMParser().parseFromString(xhr.responseText, "text/html").getElementById("calc-answer"));
    }, { signal });

    /* Every figure opens its part of the memória de cálculo. */
    document.addEventListener("click", async (event) => {
      const figure = event.target.closest("[data-figure]");
      if (!figure) return;
      const values = Object.fromEntries(new FormData(form));
      Object.assign(values, { row: figure.closest("tr[data-row]")?.id.slice(1) ?? "", figure: figure.dataset.figure });
      await htmx.ajax("POST", form.dataset.explain, { target: "#explained-body", swap: "innerHTML", values });
      if (!dialog.open) dialog.showModal();
      dialog.querySelector(".asked")?.scrollIntoView({ block: "center" });
    }, { signal });

    /* Which campaign, and why not another. */
    document.addEventListener("click", async (event) => {
      if (!event.target.closest("[data-why-campaign]")) return;
      await htmx.ajax("POST", form.dataset.why, { target: "#explained-body", swap: "innerHTML", values: Object.fromEntries(new FormData(form)) });
      if (!dialog.open) dialog.showModal();
    }, { signal });

    /* Keys. Escape leaves the field for the table first, then the screen; what was typed and is not
       saved is told before it is lost. */
    const told = () => $$("input:not([type=hidden]):not([type=checkbox]), select, textarea", form)
      .filter((field) => field.type !== "radio" || field.checked).map((field) => field.value).join("\n");
    const toldAtFirst = told();
    let isWarned = false;
    const toTable = () => {
      const row = table.querySelector("tr.current [data-open]");
      (row ?? table.closest(".calc-scroll")).focus({ preventScroll: true });
    };
    const leave = () => {
      if (told() !== toldAtFirst && !isWarned) {
        isWarned = true;
        window.cobranca.toast({ text: "O que foi digitado no cálculo não foi salvo. Esc outra vez descarta; S leva a Salvar Acordo.", kind: "warn" });
      } else if (isPage) location.assign(form.dataset.cancel);
      else form.dispatchEvent(new Event("close-calculation", { bubbles: true }));
    };
    const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select");
    const floating = () => document.querySelector("dialog[open], details.menu[open], .command-panel:not([hidden]), #contact-box:not([hidden])");
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || floating()) return;
      if (event.key === "Escape") {
        if (typing(event.target)) toTable();
        else leave();
      } else if (typing(event.target)) {
        return;
      } else if (event.key === " " && event.shiftKey) {
        const box = table.querySelector("tr.current [data-select]");
        if (!box) return;
        selectTo(box);
        event.preventDefault();
        event.stopImmediatePropagation();
      } else if (event.key === "a") {
        selectOnly(late);
      } else if (event.key === "s") {
        form.querySelector("[data-save]")?.focus();
        event.preventDefault();
      }
    }, { capture: true, signal });

    for (const part of $$("[data-field]", form)) tellField(document.getElementById(part.dataset.field), part.innerHTML !== "");
    if (form.elements.contract.value) showContract(form.elements.contract.value);
    keepState(false);
  };

  /* One at a time: what another one listened to is no longer heard. */
  let running = null;
  const begin = () => {
    running?.abort();
    const form = document.getElementById("calc-form");
    if (!form) return;
    running = new AbortController();
    start(form, running.signal);
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "calc-panel") begin();
  });
  document.addEventListener("calculation-closed", begin);
  begin();
})();
