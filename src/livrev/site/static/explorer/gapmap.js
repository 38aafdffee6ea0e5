// @ts-check
// The evidence gap map in SVG: strategies against conditions or designs; a number of studies in each cell, an area for the patients.

/** @typedef {{ row: string, column: string, studies: number, patients: number, tip: string }} Cell */

const livrevGapMap = (() => {
  "use strict";
  const { el, text, line, picture, ON_PAGE } = livrevDrawing;
  const CELL = 34, REST = "…";

  /**
   * Count studies and patients of each strategy by condition or design; a study with two of either counts in each.
   * @param {Evidence} evidence @param {Study[]} studies @param {string} by `condition` or `design`
   */
  function count(evidence, studies, by) {
    /** @type {Map<string, Map<string, Study[]>>} */
    const cells = new Map();
    for (const study of studies.filter((one) => one.counted)) {
      for (const strategy of study.strategies) {
        const row = cells.get(strategy) ?? new Map();
        cells.set(strategy, row);
        for (const column of by === "condition" ? study.conditions : [study.design]) row.set(column, [...(row.get(column) ?? []), study]);
      }
    }
    /** @param {(string)[][]} pairs */
    const ordered = (pairs) => {
      /** @type {Map<string, Set<string>>} */
      const held = new Map();
      for (const [id, study] of pairs) held.set(id, (held.get(id) ?? new Set()).add(study));
      return [...held].sort((a, b) => b[1].size - a[1].size).map(([id]) => id);
    };
    const all = [...cells].flatMap(([row, columns]) => [...columns].flatMap(([column, held]) => held.map((study) => [row, column, study.id])));
    return {
      cells, rows: ordered(all.map(([row, , study]) => [row, study])), columns: ordered(all.map(([, column, study]) => [column, study])),
    };
  }

  /**
   * @param {Evidence} evidence @param {Study[]} studies @param {string} by @param {number} width @param {Palette} palette
   * @returns {SVGElement}
   */
  function draw(evidence, studies, by, width, palette) {
    const { cells, rows, columns } = count(evidence, studies, by);
    const left = Math.min(330, width * 0.42), right = width < 600 ? 44 : 84, room = width - left - right;
    const fit = Math.max(1, Math.floor(room / CELL));
    const shown = columns.length > fit ? [...columns.slice(0, fit - 1), REST] : columns;
    const cell = Math.min(64, Math.max(CELL, room / Math.max(1, shown.length)));
    const named = (/** @type {string} */ column) => column === REST ? `${columns.length - shown.length + 1} others` : evidence.label(by, column);
    const letters = width < 600 ? 20 : 28, top = 18 + Math.max(...shown.map((column) => Math.min(letters, named(column).length)), 0) * 5.9;
    /** @param {string} row @param {string} column */
    const held = (row, column) => {
      const found = column === REST ? columns.slice(shown.length - 1).flatMap((other) => cells.get(row)?.get(other) ?? []) : cells.get(row)?.get(column) ?? [];
      return [...new Set(found)];
    };
    const patients = (/** @type {Study[]} */ some) => some.reduce((total, study) => total + (study.n ?? 0), 0);
    const most = Math.max(1, ...rows.flatMap((row) => shown.map((column) => patients(held(row, column)))));
    const empty = rows.length * columns.length - rows.reduce((total, row) => total + (cells.get(row)?.size ?? 0), 0);
    const said = rows.map((row) => `${evidence.label("strategy", row)}: ${shown.map((column) => [named(column), held(row, column).length]).filter(([, n]) => n).map(([name, n]) => `${name} ${n}`).join(", ")}`).join("; ");
    const name = `Evidence gap map: ${livrevWords.many(rows.length, "strategy", "strategies")} by ${by === "condition" ? livrevWords.many(columns.length, evidence.condition.name, evidence.condition.plural) : livrevWords.many(columns.length, by)}, ${livrevWords.many(empty, "cell")} empty`;
    const height = top + rows.length * 34 + 8;
    const svg = picture(width, height, name, said, palette);
    const x = (/** @type {number} */ i) => left + (i + 0.5) * cell;
    shown.forEach((column, i) => {
      const words = livrevWords.cut(named(column), letters);
      svg.append(text(0, 0, words, { transform: `translate(${x(i) + 3} ${top - 8}) rotate(-60)`, "font-size": 12.5 }));
    });
    rows.forEach((row, j) => {
      const y = top + (j + 0.5) * 34;
      svg.append(line(left, y, left + shown.length * cell, y, palette.line, { "stroke-width": 0.7 }));
      const words = livrevWords.wrap(evidence.label("strategy", row), left / 7.4);
      const two = words.length > 2 ? [words[0], livrevWords.cut(words.slice(1).join(" "), left / 7)] : words;
      two.forEach((said, i) => svg.append(text(left - 8, y + 4.5 + 14 * (i - (two.length - 1) / 2), said, { "text-anchor": "end", "font-size": two.length > 1 ? 12 : 13 })));
      shown.forEach((column, i) => {
        const some = held(row, column);
        if (!some.length) return;
        const people = patients(some);
        const tip = `${evidence.label("strategy", row)}, ${named(column)}: ${livrevWords.many(some.length, "study", "studies")}, ${people ? livrevWords.many(people, "patient") : "patients not counted"}`;
        const holder = el("g", { class: "ex-line", "data-tip": tip });
        if (palette === ON_PAGE) {
          const go = column === REST ? { role: "img" } : { role: "button", "data-row": row, "data-column": column };
          for (const [key, value] of Object.entries({ ...go, tabindex: "-1", "aria-label": tip })) holder.setAttribute(key, value);
          holder.classList.add("ex-point");
        }
        holder.append(el("rect", { class: "ex-hit", x: x(i) - cell / 2, y: y - 17, width: cell, height: 34, fill: "transparent", rx: 4 }));
        holder.append(el("circle", { cx: x(i), cy: y, r: 4 + 12.5 * Math.sqrt(Math.sqrt(people / most)), fill: palette.study, "fill-opacity": 0.26 }));
        holder.append(text(x(i), y + 4.5, String(some.length), { "text-anchor": "middle", "font-weight": 600 }));
        svg.append(holder);
      });
    });
    return svg;
  }

  return { draw, count };
})();
