// @ts-check
// A forest plot in SVG: rows of results, each with its interval, and pools as diamonds. It draws what it is told and decides nothing.

/**
 * A row. `tip` says all of it in words. `study` makes it a check box to leave that study out, `go` a link within the page.
 * @typedef {{ label: string, under?: string, value: number | null, low: number | null, high: number | null, numbers: string,
 *   weight?: number, tip: string, study?: string, kept?: boolean, go?: string, diamond?: boolean, faint?: boolean,
 *   prediction?: [number, number] | null, bold?: boolean, key?: string }} Line
 * @typedef {{ title: string, under?: string, lines: Line[] }} Block
 * @typedef {{ kind: string, name: string, said: string, blocks: Block[], favours: [string, string], scale: string, notes: string[] }} Forest
 */

const livrevForest = (() => {
  "use strict";
  const { el, text, line, shape, axis, picture, ON_PAGE } = livrevDrawing;
  const { wrap, noEffect } = livrevWords;
  const NARROW = 620;

  /** From where to where the axis goes: all studies and pools; a wide interval is cut, with an arrow. @param {Forest} forest @returns {[number, number]} */
  function reach(forest) {
    const ratio = forest.kind === "ratio";
    const lines = forest.blocks.flatMap((block) => block.lines);
    const bounds = lines.flatMap(({ value, low, high }) => [value, low, high]).filter((x) => x !== null && Number.isFinite(x) && (!ratio || x > 0));
    const numbers = /** @type {number[]} */ (bounds);
    if (forest.kind === "share") return [0, 100];
    if (forest.kind === "difference") {
      const first = Math.min(0, ...numbers), last = Math.max(0, ...numbers), edge = 0.06 * (last - first || 1);
      return [first - edge, last + edge];
    }
    if (!ratio) return [0, Math.max(12, ...numbers) * 1.04];
    return [Math.max(0.02, Math.min(0.8, ...numbers) * 0.92), Math.min(50, Math.max(1.25, ...numbers) * 1.08)];
  }

  /**
   * @param {Forest} forest @param {number} width @param {Palette} palette
   * @returns {SVGElement}
   */
  function draw(forest, width, palette) {
    const narrow = width < NARROW, lines = forest.blocks.flatMap((block) => block.lines);
    const boxes = lines.some((row) => row.study), weights = lines.some((row) => row.weight !== undefined);
    const start = boxes ? 34 : 4, numbersWide = 24 + 6.8 * Math.max(17, ...lines.map((row) => row.numbers.length)) + (weights ? 48 : 0);
    const labelWide = Math.min(430, width * 0.48), labelRoom = narrow ? width - start : labelWide;
    const left = narrow ? 16 : start + labelWide + 14, right = narrow ? width - 16 : width - numbersWide;
    const namesOf = (/** @type {Line} */ row) => wrap(row.label, labelRoom / 7), undersOf = (/** @type {Line} */ row) => row.under ? wrap(row.under, labelRoom / 6.4) : [];
    const wordsTall = (/** @type {Line} */ row) => 16 * namesOf(row).length + 15 * undersOf(row).length;
    // On a phone the numbers stand beside the last line of the label where there is room, else below it.
    const below = (/** @type {Line} */ row) => narrow && row.under && 6.4 * (undersOf(row).at(-1) ?? "").length + 7.2 * row.numbers.length > labelRoom - 12 ? 16 : 0;
    const tallOf = (/** @type {Line} */ row) => wordsTall(row) + below(row) + (narrow ? (row.under ? 31 : 46) : 14);
    const heads = new Map(forest.blocks.filter((block) => block.title).map((block) => [block, {
      title: wrap(block.title, width / 8), under: wrap(block.under ?? "", width / 6.6),
    }]));
    const headTall = (/** @type {Block} */ block) => { const head = heads.get(block); return head ? 10 + 18 * head.title.length + 16 * head.under.length : 0; };
    const [low, high] = reach(forest);
    const { place, clip, ticks } = axis(forest.kind, low, high, left, right);
    const notes = forest.notes.flatMap((note) => wrap(note, (width - 8) / 6.4));
    const bottom = 8 + lines.reduce((sum, row) => sum + tallOf(row), 0) + forest.blocks.reduce((sum, block) => sum + headTall(block), 0);
    const favours = forest.favours.some(Boolean), stacked = favours && (forest.favours.join("").length + 8) * 6.6 > right - left;
    const height = bottom + 44 + (favours ? (stacked ? 40 : 22) : 0) + notes.length * 18 + 6;
    const svg = picture(width, height, forest.name, forest.said, palette);
    let y = 8;
    for (const block of forest.blocks) {
      const head = heads.get(block);
      head?.title.forEach((words, i) => svg.append(text(4, y + 18 + 18 * i, words, { "font-weight": 600 })));
      head?.under.forEach((words, i) => svg.append(text(4, y + 17 + 18 * head.title.length + 16 * i, words, { "font-size": 12, fill: palette.muted })));
      y += headTall(block);
      if (!narrow) rules(y, y + block.lines.reduce((sum, row) => sum + tallOf(row), 0));
      for (const row of block.lines) {
        svg.append(drawLine(row, y));
        y += tallOf(row);
      }
    }
    svg.append(...foot());
    return svg;

    /** @param {number} from @param {number} to */
    function rules(from, to) {
      for (const tick of ticks) svg.append(line(place(tick), from, place(tick), to, palette.line, { "stroke-width": 0.6 }));
      const none = noEffect(forest.kind);
      if (none !== null) svg.append(line(place(none), from, place(none), to, palette.ink, { "stroke-width": 1 }));
    }

    /** @param {Line} row @param {number} y */
    function drawLine(row, y) {
      const tall = tallOf(row), middle = narrow ? y + tall - 12 : y + tall / 2, fill = row.faint ? palette.muted : palette.ink;
      if (narrow) rules(middle - 11, middle + 11);
      const holder = el(row.go && palette === ON_PAGE ? "a" : "g", { class: "ex-line", "data-tip": row.tip, "data-key": row.key ?? null });
      if (palette === ON_PAGE) {
        if (row.go) {
          holder.setAttribute("href", row.go);
          holder.setAttribute("aria-label", row.tip);
        } else if (!row.study) label(holder, row.tip);
      }
      holder.append(el("rect", { class: "ex-hit", x: 0, y, width, height: tall, fill: "transparent", rx: 4 }));
      const named = namesOf(row), unders = undersOf(row), name = el("g", {});
      const nameY = narrow ? y + 16 : y + tall / 2 - wordsTall(row) / 2 + 12.5, underY = nameY + 16 * named.length;
      if (row.study) {
        name.append(el("rect", { class: "ex-hit", x: 0, y, width: narrow ? width - 120 : start + labelWide, height: narrow ? 28 : tall, fill: "transparent" }));
        name.append(el("rect", { class: "ex-box", x: 7, y: nameY - 13, width: 16, height: 16, rx: 3, fill: row.kept ? palette.study : palette.ground, stroke: row.kept ? palette.study : palette.muted, "stroke-width": 1.5 }));
        if (row.kept) name.append(shape(`M11 ${nameY - 5}l3.2 3.4 5-6.4`, "none", { stroke: palette.ground, "stroke-width": 2 }));
        if (palette === ON_PAGE) {
          for (const [key, value] of Object.entries({ role: "checkbox", tabindex: 0, class: "ex-check", "aria-checked": row.kept ? "true" : "false", "aria-label": row.tip, "data-study": row.study })) name.setAttribute(key, String(value));
        }
      }
      const weight = { "font-weight": row.bold ? 600 : 400, fill };
      named.forEach((words, i) => name.append(text(start, nameY + 16 * i, words, { ...weight, "text-decoration": row.study && !row.kept ? "line-through" : null })));
      unders.forEach((words, i) => name.append(text(start, underY + 15 * i, words, { "font-size": 12, fill: palette.muted })));
      holder.append(name);
      const numbers = { ...weight, class: "ex-numbers" };
      if (narrow) holder.append(text(width - 4, underY + 15 * Math.max(0, unders.length - 1) + below(row), row.numbers, { ...numbers, "text-anchor": "end" }));
      else holder.append(text(right + 14, y + tall / 2 + 4.5, row.numbers, numbers));
      if (row.weight !== undefined && !narrow) holder.append(text(width - 4, y + tall / 2 + 4.5, `${row.weight.toFixed(0)} %`, { "text-anchor": "end", fill: palette.muted }));
      if (row.value !== null) {
        const marks = el("g", { opacity: row.faint ? 0.5 : null });
        mark(marks, row, middle);
        holder.append(marks);
      }
      return holder;
    }

    /** @param {SVGElement} holder @param {string} tip */
    function label(holder, tip) {
      holder.setAttribute("role", "img");
      holder.setAttribute("aria-label", tip);
      holder.classList.add("ex-point");
      holder.setAttribute("tabindex", "-1");
    }

    /** @param {SVGElement} holder @param {Line} row @param {number} y */
    function mark(holder, row, y) {
      const value = /** @type {number} */ (row.value), x = clip(value), hollow = row.low === null || row.high === null;
      const from = row.low === null ? x : clip(row.low), to = row.high === null ? x : clip(row.high);
      if (row.prediction) {
        const [first, last] = row.prediction.map(clip);
        holder.append(line(first, y, last, y, palette.pool, { "stroke-width": 3, "stroke-opacity": 0.45 }));
        arrows(holder, row.prediction, y, palette.pool);
      }
      if (row.diamond) {
        const [first, last] = from === to ? [x - 3, x + 3] : [from, to];
        holder.append(shape(`M${first} ${y}L${x} ${y - 7}L${last} ${y}L${x} ${y + 7}Z`, row.faint ? "none" : palette.pool, { stroke: palette.pool, "stroke-width": row.faint ? 1.5 : 0.5 }));
        return;
      }
      holder.append(line(from, y, to, y, palette.ink, { "stroke-width": 1.4 }));
      if (row.low !== null && row.high !== null) arrows(holder, [row.low, row.high], y, palette.ink);
      if (place(value) < left - 1 || place(value) > right + 1) return;
      const size = 4 + (row.weight === undefined ? 4 : 9 * Math.sqrt(row.weight / 100));
      holder.append(el("rect", { x: x - size / 2, y: y - size / 2, width: size, height: size, fill: hollow ? palette.ground : palette.study, stroke: palette.study, "stroke-width": 1.4 }));
    }

    /** Heads where an interval runs out of the plot. @param {SVGElement} holder @param {[number, number]} interval @param {number} y @param {string} colour */
    function arrows(holder, [first, last], y, colour) {
      if (first < low) holder.append(shape(`M${left} ${y}l7 -4v8z`, colour));
      if (last > high) holder.append(shape(`M${right} ${y}l-7 -4v8z`, colour));
    }

    function foot() {
      const parts = [line(left, bottom, right, bottom, palette.muted, { "stroke-width": 1 })];
      for (const tick of ticks) {
        parts.push(line(place(tick), bottom, place(tick), bottom + 5, palette.muted, { "stroke-width": 1 }));
        parts.push(text(place(tick), bottom + 19, String(tick).replace("-", "−"), { "text-anchor": "middle", "font-size": 12.5 }));
      }
      let at = bottom + 37;
      parts.push(text((left + right) / 2, at, forest.scale, { "text-anchor": "middle", fill: palette.muted, "font-size": 12.5 }));
      if (favours) {
        parts.push(text(left, at += 20, `← ${forest.favours[0]}`, { fill: palette.ink }));
        parts.push(text(right, stacked ? (at += 18) : at, `${forest.favours[1]} →`, { "text-anchor": "end", fill: palette.ink }));
      }
      for (const note of notes) parts.push(text(4, at += 18, note, { fill: palette.muted, "font-size": 12 }));
      return parts;
    }
  }

  return { draw };
})();
