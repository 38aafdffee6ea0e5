// @ts-check
// Makes the tables of the book sortable, and long ones searchable, filterable and paged. Without it they are plain and whole.
(() => {
  "use strict";
  const LONG = 15;
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  /**
   * @template {keyof HTMLElementTagNameMap} Name
   * @param {Name} name
   * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
   * @param {(Node | string)[]} [inside]
   * @returns {HTMLElementTagNameMap[Name]}
   */
  function make(name, properties = {}, inside = []) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  }

  /**
   * @param {HTMLTableRowElement} row
   * @param {number} column
   */
  const said = (row, column) => row.cells[column]?.textContent?.trim() ?? "";

  /** @param {string} text */
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");

  /** @param {HTMLTableElement} table */
  function enliven(table) {
    const body = table.tBodies[0];
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    const rows = [...body.rows];
    const long = rows.length > LONG && !table.closest(".livrev-tabled"); // a chapter shows its table whole
    const state = { words: /** @type {string[]} */ ([]), filters: new Map(), size: long ? LONG : Infinity, page: 0 };
    /** @type {Map<HTMLTableRowElement, string> | undefined} */
    let texts;
    let sorted = rows;
    const place = table.closest(".livrev-table");
    let fresh = true; // the style sheet shows the first page of a table that nobody has touched

    /** @param {HTMLTableRowElement} row */
    function fits(row) {
      for (const [column, value] of state.filters) if (said(row, column) !== value) return false;
      if (!state.words.length) return true;
      texts ??= new Map(rows.map((one) => [one, plain([...one.cells].map((cell) => cell.textContent).join(" "))]));
      const text = texts.get(row) ?? "";
      return state.words.every((word) => text.includes(word));
    }

    const info = make("p", { className: "livrev-info" });
    info.setAttribute("role", "status");
    const back = make("button", { type: "button", textContent: "Previous" });
    const on = make("button", { type: "button", textContent: "Next" });

    function show() {
      const found = state.words.length || state.filters.size ? sorted.filter(fits) : sorted;
      const pages = Math.max(1, Math.ceil(found.length / state.size));
      state.page = Math.min(state.page, pages - 1);
      const first = pages > 1 ? state.page * state.size : 0;
      const shown = new Set(found.slice(first, pages > 1 ? first + state.size : undefined));
      if (!fresh) {
        for (const row of rows) if (row.hidden === shown.has(row)) row.hidden = !shown.has(row);
        place?.classList.add("livrev-turned");
      }
      fresh = false;
      const all = found.length < rows.length ? ` (of ${rows.length})` : "";
      info.textContent = found.length ? `Rows ${first + 1} to ${first + shown.size} of ${found.length}${all}` : `No row fits${all}`;
      back.disabled = state.page === 0;
      on.disabled = state.page === pages - 1;
    }

    /** @param {number} column */
    function sortBy(column) {
      const before = heads[column].getAttribute("aria-sort");
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      if (before === "descending") sorted = rows;
      else {
        const turn = before === "ascending" ? -1 : 1;
        heads[column].setAttribute("aria-sort", turn > 0 ? "ascending" : "descending");
        const keyed = rows.map((row) => ({ row, key: said(row, column) }));
        // What is empty stands last, whichever way the rest goes.
        keyed.sort((a, b) => (a.key && b.key ? turn * order.compare(a.key, b.key) : Number(!a.key) - Number(!b.key)));
        sorted = keyed.map(({ row }) => row);
      }
      body.append(...sorted);
      state.page = 0;
      show();
    }

    // Where each row is a card, the browser no longer says that it is one of a table.
    if (getComputedStyle(body).display === "block") {
      for (const [role, parts] of /** @type {[string, Iterable<Element>][]} */ ([["table", [table]], ["rowgroup", [body]], ["row", rows], ["cell", body.querySelectorAll("td")]])) {
        for (const part of parts) part.setAttribute("role", role);
      }
    }
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", className: "livrev-sort" }, [...head.childNodes]);
      button.addEventListener("click", () => sortBy(column));
      head.append(button);
    });
    if (!long) return;

    const search = make("input", { type: "search", autocomplete: "off" });
    search.addEventListener("input", () => {
      state.words = plain(search.value).split(/\s+/).filter(Boolean);
      state.page = 0;
      show();
    });
    const bar = make("div", { className: "livrev-filters" }, [make("label", {}, ["Search ", search])]);
    heads.forEach((head, column) => {
      if (!head.hasAttribute("data-filter")) return;
      const values = [...new Set(rows.map((row) => said(row, column)))].filter(Boolean).sort(order.compare);
      const select = make("select", {}, [new Option("all", ""), ...values.map((value) => new Option(value, value))]);
      select.addEventListener("change", () => {
        if (select.value) state.filters.set(column, select.value);
        else state.filters.delete(column);
        state.page = 0;
        show();
      });
      bar.append(make("label", {}, [`${head.textContent?.trim()} `, select]));
    });
    const size = make("select", {}, [new Option("15", "15"), new Option("50", "50"), new Option("all", "Infinity")]);
    size.addEventListener("change", () => {
      state.size = Number(size.value);
      state.page = 0;
      show();
    });
    back.addEventListener("click", () => ((state.page -= 1), show()));
    on.addEventListener("click", () => ((state.page += 1), show()));
    const foot = make("div", { className: "livrev-pages" }, [info, make("label", {}, ["Rows a page ", size]), back, on]);
    const scroller = table.parentElement?.classList.contains("livrev-scroll") ? table.parentElement : table;
    scroller.before(bar);
    scroller.after(foot);
    show();
    // On paper a table is whole.
    addEventListener("beforeprint", () => ((state.size = Infinity), show()));
    addEventListener("afterprint", () => ((state.size = Number(size.value)), show()));
    place?.classList.add("livrev-ready");
  }

  // One at a time, so that the page answers in between.
  const tables = /** @type {HTMLTableElement[]} */ ([...document.querySelectorAll("table.livrev-data")]);
  function next() {
    const table = tables.shift();
    if (!table) return;
    enliven(table);
    later(next);
  }
  const later = window.requestIdleCallback ?? setTimeout;
  later(next);
})();
