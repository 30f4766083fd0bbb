/* The command bar, a combobox: debtors found while typing, pages and actions by name.
   One request at a time; what was typed last is what is shown; Enter waits for its answer. */
(() => {
  const box = document.querySelector("[data-command]");
  const input = document.getElementById("command");
  if (!box || !input) return;
  const [panel, list, told, count] = ["command-panel", "command-list", "command-told", "command-count"].map((id) => document.getElementById(id));
  const slow = panel.querySelector(".command-slow");
  const places = JSON.parse(document.getElementById("command-places").textContent);
  const { icons, source } = box.dataset;
  const LEAST = 2, PAUSE = 120, SLOW = 300, PATIENCE = 8000;
  const FAILED = "A pesquisa não respondeu. O que você digitou continua aqui: pressione Enter para tentar na página de pesquisa.";

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const typed = () => input.value.trim();
  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  const show = (open) => {
    panel.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) select(null);
  };
  const select = (item) => {
    active()?.setAttribute("aria-selected", "false");
    if (!item) return input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  };

  /* Pages and actions: known beforehand, found by their name or their section's. */
  const placed = (query) => {
    const words = plain(query).split(/\s+/).filter(Boolean);
    const found = places.filter((place) => {
      const name = plain(`${place.label} ${place.of}`);
      return words.every((word) => name.split(/[^a-z0-9]+/).some((part) => part.startsWith(word)));
    });
    if (!found.length) return [];
    const group = Object.assign(document.createElement("div"), { innerHTML: `<div class="command-title" id="command-go" role="presentation">Ir para</div>` });
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", "command-go");
    for (const place of query ? found.slice(0, 8) : found) {
      const link = Object.assign(document.createElement("a"), { className: "command-item go", href: place.url, id: `go-${places.indexOf(place)}`, tabIndex: -1 });
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", "false");
      link.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${icons}#${place.icon}"></use></svg>`;
      link.append(place.label);
      if (place.of && place.of !== place.label) link.append(Object.assign(document.createElement("span"), { className: "sub", textContent: place.of }));
      group.append(link);
    }
    return [group];
  };

  /* What is shown belongs to `shown`; an answer to anything but what is typed is thrown away. */
  let shown = null, request = null, pause = 0, late = 0, enter = null;
  const answers = new Map(); // of this opening of the bar only: money grows old
  const isPending = () => shown !== typed();

  const render = (query, html) => {
    const kept = active()?.id;
    list.innerHTML = html;
    list.append(...placed(query));
    shown = query;
    settle();
    const found = options();
    told.hidden = Boolean(found.length);
    told.textContent = found.length ? "" : `Nada com “${query}”: confira a grafia ou pesquise por outro dado.`;
    count.textContent = query ? (found.length === 1 ? "1 resultado" : `${found.length} resultados`) : "";
    select((kept && document.getElementById(kept)) || (query ? found[0] : null));
    if (enter) go(enter);
  };
  const fail = (query) => {
    render(query, "");
    told.hidden = false;
    told.textContent = count.textContent = FAILED;
    shown = query;
  };
  const settle = () => {
    clearTimeout(late);
    slow.hidden = true;
    list.removeAttribute("aria-busy");
  };

  const ask = async (query) => {
    request?.abort();
    const mine = (request = new AbortController());
    const patience = setTimeout(() => mine.abort("slow"), PATIENCE);
    try {
      const answer = await fetch(`${source}?q=${encodeURIComponent(query)}`, { signal: mine.signal, headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
      if (answer.headers.get("HX-Redirect")) return location.assign(answer.headers.get("HX-Redirect"));
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      answers.set(query, html);
      if (mine === request && query === typed()) render(query, html);
    } catch {
      if (mine === request && query === typed()) fail(query);
    } finally {
      clearTimeout(patience);
      if (mine === request) request = null;
    }
  };

  const look = (now = false) => {
    const query = typed();
    clearTimeout(pause);
    if (answers.has(query)) {
      request?.abort();
      request = null;
      return render(query, answers.get(query));
    }
    if (query.length && query.length < LEAST) {
      request?.abort();
      request = null;
      return render(query, "");
    }
    list.setAttribute("aria-busy", "true");
    clearTimeout(late);
    late = setTimeout(() => (slow.hidden = false), SLOW);
    if (!list.childElementCount) list.append(...placed(query));
    if (now || !query) ask(query);
    else pause = setTimeout(ask, PAUSE, query);
  };

  const go = (how) => {
    enter = null;
    const item = active();
    if (!item) return typed() && box.querySelector("form").submit();
    // Taking the next debtor changes something: its button does it, which the bar already has.
    const does = [...document.querySelectorAll("form")].find((form) => form.method === "post" && form.action === item.href);
    if (does) return does.requestSubmit();
    if (how.newTab) window.open(item.href, "_blank", "noopener");
    else location.assign(item.href);
  };

  let before = null;
  input.addEventListener("focus", (event) => {
    before = event.relatedTarget;
    input.select();
    if (panel.hidden) {
      answers.clear();
      shown = null;
    }
    show(true);
    look();
  });
  input.addEventListener("input", () => {
    enter = null;
    show(true);
    if (active() && isPending()) select(null); // what was chosen may not be there any more
    look();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would empty itself
      if (!panel.hidden) return show(false);
      input.blur();
      before?.isConnected && before.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      show(true);
      const all = options();
      const here = all.indexOf(active());
      const next = event.key === "ArrowDown" ? here + 1 : (here < 0 ? 0 : here) - 1;
      select(all[(next + all.length) % all.length]);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const how = { newTab: event.ctrlKey || event.metaKey };
      if (!isPending() || panel.hidden) return go(how);
      enter = how;
      if (active()) go(how); // chosen with the arrows: nothing to wait for
      else if (!request) look(true);
    }
  });
  // A press on a result must not take the focus away before it is a click.
  panel.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    select(item);
    go({ newTab: false });
  });
  list.addEventListener("mousemove", (event) => {
    const item = event.target.closest("[role=option]");
    if (item && item !== active()) select(item);
  });
  input.addEventListener("blur", () => show(false));
  box.querySelector("form").addEventListener("submit", (event) => {
    if (!typed()) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) input.focus(); // a window in front keeps the keyboard
  });

  /* Contact is permitted until some instant: then the bar asks again, and not before. */
  let turn = 0;
  document.addEventListener("htmx:afterSettle", (event) => {
    const until = event.target.querySelector?.(".standing[data-until]")?.dataset.until;
    if (!event.target.matches?.(".topbar-now") || !until) return;
    clearTimeout(turn);
    const wait = Date.parse(until) - Date.now() + 1000;
    if (wait < 2 ** 31) turn = setTimeout(() => htmx.trigger(event.target, "bar-stale"), Math.max(wait, 60000));
  });
})();
