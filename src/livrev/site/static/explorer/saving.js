// @ts-check
// What a reader takes away: the rows as CSV, a plot as SVG, the address of the view.
const livrevSaving = (() => {
  "use strict";
  const columns = (/** @type {Evidence} */ evidence) => [
    "study", "name", "year", "design", evidence.condition.column, "strategy", "result", "endpoint", "comparison", "patients", "groups", "as_reported",
    "measure_kind", "value", "low_95", "high_95", "read_in", "address", "reference", "flag", "superseded", "retracted", "certainty",
    "pools", "left_out",
  ];

  /** A cell that a spreadsheet would take for a formula gets an apostrophe, as in the book's other downloads. @param {unknown} value */
  function cell(value) {
    if (typeof value === "number") return String(value);
    const words = String(value ?? ""), armed = /^[=+\-@\t\r]/.test(words) ? `'${words}` : words;
    const line = armed.replace(/\r\n?/g, " ");
    return /[",\n]/.test(line) ? `"${line.replace(/"/g, '""')}"` : line;
  }

  /**
   * The rows as CSV in UTF-8 with a byte order mark, without which a spreadsheet that is opened by a double click misreads ≥ and é.
   * @param {Evidence} evidence @param {Row[]} rows @param {Set<string>} out studies that are left out of the pool
   */
  function toCsv(evidence, rows, out) {
    const lines = rows.map((row) => [
      row.study.id, row.study.name, row.study.year, evidence.label("design", row.study.design),
      row.study.conditions.map((id) => evidence.label("condition", id)).join("; "), row.study.strategies.map((id) => evidence.label("strategy", id)).join("; "),
      row.id, evidence.label("endpoint", row.endpoint), evidence.label("contrast", row.contrast), row.stratum, row.groups, row.said, row.kind,
      row.value, row.low, row.high, evidence.label("basis", row.basis), row.address, row.reference[0], row.flag, row.older ? "yes" : "no",
      row.retracted || row.study.retraction === "retracted" ? "yes" : "no", row.certainties.join("; "), row.pools.map((pool) => pool.id).join("; "),
      out.has(row.study.id) ? "yes" : "no",
    ]);
    return `\ufeff${[columns(evidence), ...lines].map((line) => line.map(cell).join(",")).join("\n")}\n`;
  }

  /**
   * The publications of the rows as RIS, each once, in the order of the rows.
   * @param {Row[]} rows @param {Record<string, string> | null} references their records by key, or nothing where they could not be loaded
   */
  function toRis(rows, references) {
    const keys = new Set(rows.flatMap((row) => [row.reference[2], row.study.reference]).filter(Boolean));
    const short = (/** @type {string} */ key) => `TY  - GEN\nID  - ${key}\nTI  - ${key}\nER  - \n\n`;
    return [...keys].map((key) => references?.[key] ?? short(key)).join("");
  }

  /** @param {SVGElement} svg */
  const toSvg = (svg) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`;

  /** @param {string} name @param {string} type @param {string} content */
  function save(name, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /** Copy text; where the browser does not let a page do so, return false. @param {string} words */
  async function copy(words) {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      return false;
    }
  }

  return { toCsv, toRis, toSvg, save, copy };
})();
