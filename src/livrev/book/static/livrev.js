// @ts-check
// Makes the tables of the book sortable and filterable. Without this script they are plain tables, whole.
(() => {
  "use strict";
  const DataTable = /** @type {any} */ (window)["DataTable"];
  if (!DataTable) return;

  /** @param {string} value */
  const exact = (value) => "^" + value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "$";

  /**
   * Put one choice a filtered column above the table.
   * @param {HTMLTableElement} table
   * @param {any} api
   */
  function addFilters(table, api) {
    const bar = document.createElement("div");
    bar.className = "livrev-filters";
    table.querySelectorAll("thead th").forEach((head, index) => {
      if (!head.hasAttribute("data-filter")) return;
      const name = head.textContent?.trim() ?? "";
      const label = document.createElement("label");
      const select = document.createElement("select");
      select.add(new Option("all", ""));
      const values = new Set(/** @type {string[]} */ (api.column(index).data().toArray()).map(plain));
      [...values].filter(Boolean).sort().forEach((value) => select.add(new Option(value, value)));
      select.addEventListener("change", () => {
        api.column(index).search(select.value ? exact(select.value) : "", true, false).draw();
      });
      label.append(name + " ", select);
      bar.append(label);
    });
    if (bar.childElementCount) table.closest(".livrev-table")?.prepend(bar);
  }

  /** @param {string} html */
  function plain(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.textContent?.trim() ?? "";
  }

  document.querySelectorAll("table.livrev-data").forEach((element) => {
    const table = /** @type {HTMLTableElement} */ (element);
    const many = table.tBodies[0].rows.length > 15;
    const api = new DataTable(table, {
      paging: many,
      pageLength: 15,
      lengthMenu: [15, 50, { label: "All", value: -1 }],
      info: many,
      searching: many,
      order: [],
      autoWidth: false,
      layout: { topStart: many ? "search" : null, topEnd: many ? "pageLength" : null },
      language: { search: "Search", lengthMenu: "_MENU_ rows", info: "_START_ to _END_ of _TOTAL_", infoFiltered: "(of _MAX_)" },
    });
    if (many) addFilters(table, api);
    // On paper a table is whole.
    addEventListener("beforeprint", () => { if (many) api.page.len(-1).draw(); });
    addEventListener("afterprint", () => { if (many) api.page.len(15).draw(); });
  });
})();
