// @ts-check
// The evidence gap map in SVG: strategies against conditions or designs; a number of studies in each cell, an area for the patients.

/** @typedef {{ row: string, column: string, studies: number, patients: number, tip: string }} Cell */

const livrevGapMap = (() => {
  "use strict";
  const { el, text, line, picture, ON_PAGE } = livrevDrawing;
  const CELL = 33;

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

  const NARROW = 600, ROW = 34, LEAST = 11.5, MOST = 16;

  /**
   * @param {Evidence} evidence @param {Study[]} studies @param {string} by @param {number} width @param {Palette} palette
   * @returns {SVGElement}
   */
  function draw(evidence, studies, by, width, palette) {
    const { cells, rows, columns } = count(evidence, studies, by);
    const held = (/** @type {string} */ row, /** @type {string} */ column) => cells.get(row)?.get(column) ?? [];
    const patients = (/** @type {Study[]} */ some) => some.reduce((total, study) => total + (study.n ?? 0), 0);
    const most = Math.max(1, ...rows.flatMap((row) => columns.map((column) => patients(held(row, column)))));
    const empty = rows.length * columns.length - rows.reduce((total, row) => total + (cells.get(row)?.size ?? 0), 0);
    const named = (/** @type {string} */ column) => evidence.label(by, column);
    const said = rows.map((row) => `${evidence.label("strategy", row)}: ${columns.map((column) => [named(column), held(row, column).length]).filter(([, n]) => n).map(([name, n]) => `${name} ${n}`).join(", ")}`).join("; ");
    const name = `Evidence gap map: ${livrevWords.many(rows.length, "strategy", "strategies")} by ${by === "condition" ? livrevWords.many(columns.length, evidence.condition.name, evidence.condition.plural) : livrevWords.many(columns.length, by)}, ${livrevWords.many(empty, "cell")} empty`;
    return (width < NARROW ? list : grid)();

    /** A cell, its bubble at x and y, which is pointed at within a box. @param {string} row @param {string} column @param {number} x @param {number} y @param {number} wide */
    function cell(row, column, x, y, wide) {
      const some = held(row, column), people = patients(some);
      const tip = `${evidence.label("strategy", row)}, ${named(column)}: ${livrevWords.many(some.length, "study", "studies")}, ${people ? livrevWords.many(people, "patient") : "patients not counted"}`;
      const holder = el("g", { class: "ex-line", "data-tip": tip });
      if (palette === ON_PAGE) {
        for (const [key, value] of Object.entries({ role: "button", "data-row": row, "data-column": column, tabindex: "-1", "aria-label": tip })) holder.setAttribute(key, value);
        holder.classList.add("ex-point");
      }
      holder.append(el("rect", { class: "ex-hit", x: x - ROW / 2, y: y - ROW / 2, width: wide, height: ROW, fill: "transparent", rx: 4 }));
      holder.append(el("circle", { cx: x, cy: y, r: LEAST + (MOST - LEAST) * Math.sqrt(Math.sqrt(people / most)), fill: palette.study, "fill-opacity": 0.26 }));
      holder.append(text(x, y + 4.5, String(some.length), { "text-anchor": "middle", "font-weight": 600 }));
      return holder;
    }

    /** On a phone: each strategy, and below it its bubbles with their names, as many a line as fit. */
    function list() {
      let y = 4;
      /** @type {SVGElement[]} */
      const parts = [];
      for (const row of rows) {
        for (const line of livrevWords.wrap(evidence.label("strategy", row), width / 8)) parts.push(text(0, y += 18, line, { "font-weight": 600 }));
        y += 4;
        let x = 0;
        for (const column of columns.filter((one) => held(row, one).length)) {
          const wide = ROW + 16 + named(column).length * 7.1;
          if (x && x + wide > width) [x, y] = [0, y + ROW];
          const holder = cell(row, column, x + ROW / 2, y + ROW / 2, Math.min(wide, width - x));
          holder.append(text(x + ROW + 4, y + ROW / 2 + 4.5, named(column)));
          parts.push(holder);
          x += wide;
        }
        y += ROW + 4;
      }
      const svg = picture(width, y + 4, name, said, palette);
      svg.append(...parts);
      return svg;
    }

    function grid() {
      const left = Math.min(330, width * 0.34), longest = Math.max(0, ...columns.map((column) => named(column).length)) * 6.3;
      // How far the slanted names of so many columns reach beyond the last of them; as many are drawn as leave room for that.
      const tail = (/** @type {number} */ drawn) => Math.max(0, ...columns.slice(0, drawn).map((column, i) => 3 + named(column).length * 3.4 - (drawn - i - 0.5) * CELL));
      let fit = columns.length;
      while (fit > 1 && left + fit * CELL + tail(fit) + 4 > width) fit -= 1;
      const step = Math.min(64, Math.max(CELL, (width - left - tail(fit) - 4) / fit)), shown = columns.slice(0, fit);
      const top = 18 + longest * 0.87, lines = rows.map((row) => livrevWords.wrap(evidence.label("strategy", row), left / 7.2));
      const heights = lines.map((some) => Math.max(ROW, 15 * some.length + 4));
      const rest = columns.slice(fit), note = rest.length ? livrevWords.wrap(`Not drawn here: ${rest.map(named).join(", ")}.`, width / 7) : [];
      const bottom = top + heights.reduce((sum, height) => sum + height, 0);
      const svg = picture(width, bottom + 8 + 17 * note.length, name, said, palette);
      const x = (/** @type {number} */ i) => left + (i + 0.5) * step;
      shown.forEach((column, i) => svg.append(text(0, 0, named(column), { transform: `translate(${x(i) + 3} ${top - 8}) rotate(-60)`, "font-size": 12.5 })));
      let y = top;
      rows.forEach((row, j) => {
        const middle = y + heights[j] / 2;
        svg.append(line(left, middle, left + shown.length * step, middle, palette.line, { "stroke-width": 0.7 }));
        lines[j].forEach((words, i) => svg.append(text(left - 10, middle + 4.5 + 15 * (i - (lines[j].length - 1) / 2), words, { "text-anchor": "end" })));
        shown.forEach((column, i) => { if (held(row, column).length) svg.append(cell(row, column, x(i), middle, CELL)); });
        y += heights[j];
      });
      note.forEach((words, i) => svg.append(text(4, bottom + 16 + 17 * i, words, { fill: palette.muted, "font-size": 12.5 })));
      return svg;
    }
  }

  return { draw, count };
})();
