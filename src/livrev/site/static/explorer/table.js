// @ts-check
// The rows of a view as a table that sorts and turns pages (DataTables); every text from the records is escaped.
const livrevTable = (() => {
  "use strict";
  const LENGTH = 20;

  /** @param {unknown} words */
  const safe = (words) => String(words ?? "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  /** @param {string} address @param {string} words */
  const link = (address, words) => (address ? `<a href="${safe(address)}">${safe(words)}</a>` : safe(words));

  /**
   * @param {Evidence} evidence @param {HTMLElement} place what will hold the table
   * @param {(order: string, page: string) => void} changed told when the reader sorts or turns a page
   */
  function make(evidence, place, changed) {
    const DataTable = /** @type {any} */ (window)["DataTable"];
    /** @type {Set<string>} */
    let out = new Set();
    let quiet = true;
    /** @param {string} title @param {(row: Row) => string} html @param {((row: Row) => unknown)} [sort] */
    const column = (title, html, sort) => ({
      title, data: null, orderable: true,
      render: (/** @type {null} */ _, /** @type {string} */ type, /** @type {Row} */ row) =>
        type === "display" ? html(row) : sort ? sort(row) : html(row).replace(/<[^>]*>/g, "").toLowerCase(),
    });
    const table = livrevAnswer.html("table", { class: "ex-rows" });
    place.replaceChildren(table);
    const api = new DataTable(table, {
      data: [], deferRender: true, pageLength: LENGTH, autoWidth: false, order: [], searching: false, processing: false,
      layout: { topStart: null, topEnd: null, bottomStart: "info", bottomEnd: "paging" },
      language: { info: "_START_ to _END_ of _TOTAL_", infoEmpty: "", emptyTable: "Nothing fits these filters. Take one of them back.", zeroRecords: "Nothing fits these filters. Take one of them back." },
      columns: [
        column("Study", studyCell),
        column("As reported", reportedCell, (row) => (row.value === null ? Infinity : row.value)),
        column("Endpoint", (row) => safe(evidence.label("endpoint", row.endpoint))),
        column("Groups and patients", (row) => `${safe(row.groups)}<br><span class="ex-small">${safe(row.stratum)}</span>`),
        column("Read in", (row) => [link(row.address, evidence.label("basis", row.basis)), link(row.reference[1], row.reference[0])].filter(Boolean).join("<br>")),
        column("Certainty", (row) => `${safe(row.certainties.join(", "))}${row.certainties.length ? `<br><span class="ex-small">${row.pools.length ? "of the pool" : "of the strategy"}</span>` : ""}`, (row) => evidence.certainties.indexOf(row.certainties[0])),
        column("Year", (row) => safe(row.study.year), (row) => row.study.year ?? 0),
      ],
      headerCallback: (/** @type {HTMLElement} */ head) => head.querySelectorAll("th").forEach((cell) => cell.setAttribute("scope", "col")),
      createdRow: (/** @type {HTMLElement} */ tr, /** @type {Row} */ row) => {
        tr.classList.toggle("ex-out", out.has(row.study.id));
        tr.dataset["key"] = row.id || row.study.id;
      },
    });
    api.on("order.dt page.dt", () => {
      if (quiet) return;
      const [first] = api.order();
      changed(first?.[1] ? `${first[0]}.${first[1]}` : "", api.page() ? String(api.page() + 1) : "");
    });

    /** @param {Row} row */
    function studyCell(row) {
      const { study } = row;
      const mark = study.retraction ? ` <strong class="ex-flag">[${safe(study.retraction)}]</strong>` : "";
      return `${link(row.page, study.name)}${mark}<br><span class="ex-small">${safe(evidence.label("design", study.design))}; ${safe(study.conditions.map((id) => evidence.label("condition", id)).join(", "))}</span>`;
    }

    /** @param {Row} row */
    function reportedCell(row) {
      const notes = [
        row.contrast === "prognostic" ? "prognosis, not benefit" : row.contrast === "pooled" ? "pooled by another review" : "",
        row.older ? "a later report exists" : "", out.has(row.study.id) ? "left out of the pool" : "",
      ].filter(Boolean).map((note) => `<br><span class="ex-small">${note}</span>`);
      if (row.retracted) notes.unshift('<br><strong class="ex-flag">retracted: never pooled</strong>');
      const flag = row.flag ? `<br><span class="ex-flag">⚑ flagged ${safe(row.flag)}</span>` : "";
      return `${safe(row.said)}${notes.join("")}${flag}`;
    }

    /** @param {Row[]} rows @param {View} view */
    function show(rows, view) {
      quiet = true;
      out = new Set(view.out);
      const [at, way] = view.order.split(".");
      api.clear().rows.add(rows).order(view.order ? [[Number(at), way]] : []).draw();
      const page = Math.min(Number(view.page || 1), Math.max(1, Math.ceil(rows.length / LENGTH)));
      if (page > 1) api.page(page - 1).draw("page");
      quiet = false;
    }

    return { show };
  }

  return { make, safe, LENGTH };
})();
