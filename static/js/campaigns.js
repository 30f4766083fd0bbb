/* A campaign's form: rows that come and go, filters that follow the creditor, and the rules of
   saving asked while people type. The server answers; nothing is judged here. */
document.addEventListener("DOMContentLoaded", () => {
  const about = document.querySelector("[data-campaign-form]");
  if (!about) return;
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const form = about.closest("form");
  const tables = $$("[data-brackets]", form);
  const rowsOf = (table) => $$("[data-row]", table).filter((row) => !row.hidden);
  /* A page that came back with errors shows all of them. */
  const touched = new Set(form.querySelector(".errorlist") ? [...form.elements].map((each) => each.name) : []);

  /* What is wrong: below each field of the campaign, below each row of a table. */
  const mark = (control, isWrong, describedBy) => {
    if (isWrong) {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", describedBy);
    } else {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    }
  };
  const sentences = (list, told) => {
    const same = [...list.children].map((item) => item.textContent).join("\n") === told.join("\n");
    if (same) return;
    list.replaceChildren(...told.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  };
  const showField = (control, told) => {
    const id = `${control.id}_live`;
    let line = document.getElementById(id);
    if (!line && told.length) {
      line = Object.assign(document.createElement("p"), { id, className: "c-live" });
      line.setAttribute("role", "status");
      (control.closest(".related-widget-wrapper") ?? control).after(line);
    }
    if (line) line.textContent = told.join(" ");
    mark(control, told.length > 0, id);
  };
  const showRow = (row, told, errors) => {
    const list = document.getElementById(`${row.dataset.row}-problems`);
    sentences(list, told);
    list.closest("tr").hidden = told.length === 0;
    for (const control of $$("input[name]", row)) mark(control, control.name in errors, list.id);
  };
  const show = ({ errors, rows, notes }) => {
    for (const old of $$(".errorlist", form)) old.closest(".mt-2")?.remove();
    /* Of the form as a whole, as when somebody else saved meanwhile; a page sent back says it itself. */
    const whole = form.querySelector("[data-whole]");
    const told = form.querySelector(".errornote") ? "" : (errors.__all__ ?? []).join(" ");
    whole.hidden = !told;
    if (whole.textContent !== told) whole.textContent = told;
    for (const control of form.elements) {
      if (!control.name || control.type === "hidden" || control.closest("[data-row], [data-filter]")) continue;
      const isTold = touched.has(control.name) || control.value;
      showField(control, (isTold && errors[control.name]) || []);
    }
    for (const row of $$("[data-row]", form)) showRow(row, rows[row.dataset.row] ?? [], errors);
    for (const table of tables) {
      const note = table.querySelector("[data-note]");
      const wrong = rowsOf(table).filter((row) => rows[row.dataset.row]?.length).length;
      const text = wrong ? `${wrong === 1 ? "Uma faixa" : `${wrong} faixas`} com problema.` : (notes[table.dataset.brackets] ?? "");
      if (note.textContent !== text) note.textContent = text;
      note.classList.toggle("c-wrong", wrong > 0);
    }
  };

  /* Asking: a moment after the last key; an answer that comes late is not shown. */
  let timer, asking;
  const ask = async () => {
    if (!about.dataset.checkUrl) return; // who only reads
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(about.dataset.checkUrl, {
        method: "POST", body: new FormData(form), signal: asking.signal,
      });
      if (answer.ok) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  const askSoon = (event) => {
    if (event?.target?.name) touched.add(event.target.name);
    clearTimeout(timer);
    timer = setTimeout(ask, 350);
  };
  form.addEventListener("input", askSoon);
  form.addEventListener("change", askSoon);

  /* Rows. A new one goes on where the last one ends, with the same figures. */
  const named = (row, name) => row.querySelector(`[name="${row.dataset.row}-${name}"]`);
  const goOn = (row, last) => {
    for (const control of $$("input[name]", last)) {
      const name = control.name.slice(last.dataset.row.length + 1);
      const own = /^(id|campaign|DELETE|contract_type_ids|branch_ids)$/.test(name) ? null : named(row, name);
      if (own) [own.value, own.checked] = [control.value, control.checked];
    }
    const end = Number.parseInt(named(last, "delay_to").value, 10);
    if (Number.isFinite(end) && end < 9999) {
      named(row, "delay_from").value = end + 1;
      named(row, "delay_to").value = 9999;
    }
  };
  const addRow = (table) => {
    const total = table.querySelector("[name$=-TOTAL_FORMS]");
    const holder = document.createElement("table");
    holder.innerHTML = table.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
    const [row, last] = [holder.querySelector("[data-row]"), rowsOf(table).at(-1)];
    if (last) goOn(row, last);
    total.value = Number(total.value) + 1;
    table.querySelector(".c-empty").before(row);
    named(row, "delay_from").focus();
    askSoon();
  };
  const removeRow = (row) => {
    const table = row.closest("[data-brackets]");
    named(row, "DELETE").checked = true;
    row.hidden = true;
    (rowsOf(table).at(-1)?.querySelector("input") ?? table.querySelector("[data-add-row]"))?.focus();
    askSoon();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-add-row]")) addRow(button.closest("[data-brackets]"));
    if (button.matches("[data-remove-row]")) removeRow(button.closest("[data-row]"));
    if (!button.matches("[data-open-filters]")) return;
    const more = document.getElementById(button.getAttribute("aria-controls"));
    more.hidden = !more.hidden;
    button.setAttribute("aria-expanded", String(!more.hidden));
  });

  /* Filters: said in a few words on their button; another creditor has others. */
  const counted = (number, one, many) => (number ? [`${number} ${number > 1 ? many : one}`] : []);
  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-filter]")?.closest("[data-row]");
    if (!row) return;
    const chosen = (name) => $$(`[data-filter=${name}] :checked`, row).length;
    const words = [...counted(chosen("contract_type_ids"), "tipo", "tipos"), ...counted(chosen("branch_ids"), "filial", "filiais")];
    row.querySelector("[data-open-filters]").textContent = words.join(", ") || "Todos";
  });
  const offer = (root, choices) => {
    for (const filter of $$("[data-filter]", root)) {
      const labels = choices[filter.dataset.filter].map(([value, text]) => {
        const label = document.createElement("label");
        const box = Object.assign(document.createElement("input"), { type: "checkbox", name: filter.dataset.name, value });
        label.append(box, ` ${text}`);
        return label;
      });
      const none = Object.assign(document.createElement("p"), { className: "c-none", textContent: "Nada cadastrado." });
      filter.querySelector(".c-options").replaceChildren(...(labels.length ? labels : [none]));
    }
    for (const button of $$("[data-open-filters]", root)) button.textContent = "Todos";
  };
  form.elements.creditor?.addEventListener("change", async (event) => {
    const answer = await fetch(`${about.dataset.filtersUrl}?creditor=${encodeURIComponent(event.target.value)}`);
    if (!answer.ok) return;
    const choices = await answer.json();
    offer(form, choices);
    for (const table of tables) offer(table.querySelector("template").content, choices);
  });

  ask();
});
