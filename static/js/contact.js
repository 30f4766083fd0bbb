/* Contacts: choosing by digits, the fields that a result asks for, days and hours as typed. */
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const box = () => $("#contact-box");
  const typing = (target) => target.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog[open]");

  /* What a result asks for appears; the keyboard goes to its first field. */
  const ask = (form, moves) => {
    const chosen = $("input[name=result]:checked", form);
    for (const part of $$("[data-asks]", form)) {
      const wanted = Boolean(chosen && part.dataset.asks in chosen.dataset);
      const isFilled = part.dataset.asks === "callback" && $$("input", part).some((field) => field.value);
      part.hidden = !wanted && !isFilled;
    }
    if (!moves || !chosen) return;
    const first = $("[data-asks]:not([hidden]) input, [data-asks]:not([hidden]) select", form);
    if (first && ("promise" in chosen.dataset || "callback" in chosen.dataset)) first.focus();
  };

  const close = () => {
    const here = box();
    if (!here) return;
    here.replaceChildren();
    here.hidden = true;
    $("[data-key=r]")?.focus({ preventScroll: true });
  };

  document.addEventListener("change", (event) => {
    if (event.target.name === "result") ask(event.target.form, false);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-contact]")) close();
    const row = event.target.closest("[data-close-row]");
    if (row) row.closest("tr").remove();
    const later = event.target.closest("[data-ask-callback]");
    if (later) {
      const part = $("[data-asks=callback]", later.form);
      part.hidden = false;
      $("input", part).focus();
    }
  });

  /* On the agenda a second press closes what the first one opened; the debtor page has its own. */
  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.elt;
    if (!button.matches("#agenda [data-edit]")) return;
    const opened = button.closest("tr").nextElementSibling;
    if (!opened?.matches(".editing")) return;
    event.preventDefault();
    opened.remove();
  });

  /* The digits choose; Escape leaves the field first, then the box. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = box();
    if (!here || here.hidden || $("dialog[open], .command-panel:not([hidden])")) return;
    if (event.key === "Escape") {
      if (typing(event.target) && here.contains(event.target)) event.target.blur();
      else close();
      return;
    }
    if (typing(event.target) || !/^[0-9]$/.test(event.key)) return;
    const choice = $(`[data-digit="${event.key}"]`, here);
    if (!choice) return;
    event.preventDefault();
    if (choice.type !== "radio") return choice.click();
    choice.checked = true;
    choice.focus();
    ask(choice.form, true);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "contact-box") return;
    const here = box();
    here.hidden = false;
    const form = $("[data-contact-form]", here);
    if (form) {
      ask(form, false);
      $("[aria-invalid=true]", form)?.focus();
    }
    here.scrollIntoView({ block: "nearest" });
  });

  /* What stands in a day or an hour is replaced by what is typed. */
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-day], [data-hour]") && !event.target.closest("#calc-form")) event.target.select();
  });

  /* Digits are enough: the slashes of a day and the colon of an hour come by themselves. */
  const parts = { day: [2, 4, 8, "/"], hour: [2, 4, 4, ":"] };
  const put = (field, event, [first, second, most, mark]) => {
    if (event.inputType?.startsWith("delete") || field.selectionEnd < field.value.length) return;
    const digits = field.value.replace(/\D/g, "").slice(0, most);
    field.value = [digits.slice(0, first), digits.slice(first, second), digits.slice(second)].filter(Boolean).join(mark);
  };
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.closest("#calc-form")) return; // the calculation has its own
    if (field.matches("[data-day]")) put(field, event, parts.day);
    if (field.matches("[data-hour]")) put(field, event, parts.hour);
  });
})();
