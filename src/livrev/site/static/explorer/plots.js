// @ts-check
// What stands in the plot: the studies of one pool, all pools side by side, or single results that are shown and not pooled.
const livrevPlots = (() => {
  "use strict";
  const { fixed, one, span, full, many, mark, legend, short, kindOf } = livrevWords;
  // How many results are drawn, in all and in one group, so that a wide view stays one that can be read.
  const MOST = 60, MOST_TOGETHER = 20;
  const ORDER = ["treatment", "prognostic", "arm", "pooled"];
  const KINDS = /** @type {Record<string, string>} */ ({ ratio: "ratios", difference: "differences", share: "shares of patients", months: "medians in months" });

  /** @param {Evidence} evidence @param {Row[]} rows */
  const readIn = (evidence, rows) => `read in ${[...new Set(rows.map((row) => evidence.label("basis", row.basis)))].join(" and ")}`;

  /**
   * @param {Evidence} evidence @param {Shown} shown
   * @returns {Forest}
   */
  function ofPool(evidence, shown) {
    const pool = /** @type {Pool} */ (shown.pool), { pooled, choices } = shown;
    const all = pool.whole, inside = choices.filter((choice) => choice.fits), kept = inside.filter((choice) => choice.kept);
    /** @type {Line[]} */
    const lines = inside.map((choice) => {
      const { member } = choice, weight = pooled && choice.kept ? pooled.weights[kept.indexOf(choice)] : undefined;
      const count = member.count ? `, ${member.count[0]} of ${member.count[1]}` : "";
      const tip = [
        `${member.study}: ${pool.unit} ${member.said}${count}`, member.rows[0].groups,
        weight === undefined ? (choice.kept ? "" : "left out") : `weight ${weight.toFixed(0)} %`, readIn(evidence, member.rows),
      ].filter(Boolean).join("; ");
      return {
        label: `${member.study} ${mark(member.rows)}`.trim(), value: member.value, low: member.low, high: member.high, numbers: member.numbers, weight, tip,
        study: member.rows[0].study.id, kept: choice.kept, faint: !choice.kept,
      };
    });
    lines.sort((a, b) => /** @type {number} */ (a.value) - /** @type {number} */ (b.value));
    const notes = [];
    if (pooled) lines.push({ ...diamond(pool, pooled), label: `Pooled, ${pooled.k} of ${choices.length}`, bold: true });
    if (kept.length < choices.length) lines.push({ ...diamond(pool, all), label: `All ${choices.length}, as in the book`, faint: true, prediction: null });
    if (pooled?.prediction && pooled.k > 3) notes.push("The pale bar is the 95 % prediction interval, where the next study may lie.");
    const outside = choices.length - inside.length;
    if (outside) notes.push(`${many(outside, "study lies", "studies lie")} outside the filters and ${outside === 1 ? "is" : "are"} left out of the pool.`);
    if (inside.some(({ member }) => member.reported)) notes.push("Intervals of studies as printed; weighted by the symmetric interval of the same width.");
    if (inside.some(({ member }) => member.numbers.endsWith("*"))) notes.push("* As printed, at another level than 95 %; the line is drawn at 95 %.");
    const marks = legend(inside.map(({ member }) => mark(member.rows)));
    if (marks) notes.push(marks);
    const answer = pooled ? `Pooled ${pool.unit} ${full(pool, pooled.value, pooled.hk_modified_ci)}.` : shown.why;
    return {
      kind: kindOf(pool), name: `Forest plot: ${pool.title}`,
      said: `${lines.filter((row) => row.study).map((row) => row.tip).join(". ")}. ${answer}`, blocks: [{ title: "", lines }],
      favours: pool.favours, scale: kindOf(pool) === "ratio" ? `${pool.unit}, log scale` : pool.unit, notes,
    };
  }

  /** @param {Pool} pool @param {Pooled} pooled @returns {Line} */
  function diamond(pool, pooled) {
    const times = pool.measure === "proportion" ? 100 : 1, [low, high] = pooled.hk_modified_ci;
    const ahead = pooled.k > 3 ? pooled.prediction : null; // with three studies one degree of freedom makes it as good as endless
    const next = ahead ? `; prediction interval ${span(pool, ahead)}` : "";
    return {
      label: "", diamond: true, value: times * pooled.value, low: times * low, high: times * high,
      prediction: ahead ? [times * ahead[0], times * ahead[1]] : null,
      numbers: `${one(pool, pooled.value)} (${span(pool, pooled.hk_modified_ci)})`,
      tip: `Pooled ${pool.unit} ${full(pool, pooled.value, pooled.hk_modified_ci)}, ${many(pooled.k, "study", "studies")}${next}`,
    };
  }

  /**
   * The pools that hold a result within the filters, side by side, each whole.
   * @param {Evidence} evidence @param {Pool[]} pools
   * @returns {Forest}
   */
  function ofPools(evidence, pools) {
    /** @type {Map<string, Block>} */
    const blocks = new Map();
    const heads = Object.fromEntries(evidence.headings.map((head) => [`${head.contrast} ${head.measure}`, [head.title, head.reading]]));
    // All stand on one axis: of ratios, or of differences where every pool is of that one measure. Of others the numbers are said.
    const measures = new Set(pools.map((pool) => pool.measure)), kind = measures.size === 1 && kindOf(pools[0]) === "difference" ? "difference" : "ratio";
    for (const pool of pools) {
      const pooled = pool.whole;
      const key = `${pool.contrast} ${pool.measure}`, share = pool.measure === "proportion", drawn = kindOf(pool) === kind;
      const unit = pool.unit[0].toUpperCase() + pool.unit.slice(1);
      const [title, under] = heads[key] ?? [evidence.label("contrast", pool.contrast), share ? `${unit}: no control, so no benefit` : unit];
      const block = blocks.get(key) ?? { title, under, lines: [] };
      blocks.set(key, block);
      const line = diamond(pool, pooled);
      block.lines.push({
        ...line, value: drawn ? line.value : null, prediction: null, label: pool.title, numbers: share ? line.numbers.replace(" (", " % (") : line.numbers,
        under: `${many(pooled.k, "study", "studies")}, certainty ${pool.certainty}`, go: `#pool=${pool.id}`,
        tip: `${pool.title}. ${line.tip}; certainty ${pool.certainty}. Open this pool`,
      });
    }
    const order = Object.keys(heads), place = (/** @type {string} */ key) => (order.indexOf(key) + order.length + 1) % (order.length + 1);
    const all = [...blocks].sort(([a], [b]) => place(a) - place(b)).map(([, block]) => block);
    return {
      kind, name: "The pooled answers of this review", said: all.flatMap((block) => block.lines.map((line) => line.tip.replace(". Open this pool", ""))).join(". "),
      blocks: all, favours: ["", ""], scale: kind === "ratio" ? "ratio, log scale" : pools[0].unit, notes: [],
    };
  }

  /**
   * Single results of one kind, grouped by endpoint and comparison so that unlike ones do not stand in one row.
   * @param {Evidence} evidence @param {Row[]} rows @param {string} kind
   * @returns {Forest}
   */
  function ofResults(evidence, rows, kind) {
    const drawable = rows.filter((row) => isDrawn(row, kind));
    /** @type {Map<string, Row[]>} */
    const groups = new Map();
    for (const row of drawable) {
      const measure = kind === "ratio" || kind === "difference" ? row.said.split(" ")[0] : "";
      const key = [row.endpoint, row.contrast, measure].join("|");
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    let room = MOST;
    /** @type {Block[]} */
    const blocks = [];
    const rank = (/** @type {[string, Row[]]} */ [, some]) => 1e6 * ORDER.indexOf(some[0].contrast) - some.length;
    const together = groups.size > 1 ? MOST_TOGETHER : MOST;
    for (const [key, some] of [...groups].sort((a, b) => rank(a) - rank(b))) {
      if (!room) break;
      const [endpoint, contrast, measure] = key.split("|");
      const sorted = [...some].sort((a, b) => /** @type {number} */ (a.value) - /** @type {number} */ (b.value)).slice(0, Math.min(room, together));
      room -= sorted.length;
      const said = kind === "ratio" ? `${measure} of the first-named group to the second` : kind === "difference" ? `${measure}: the first-named group less the second` : kind === "share" ? "percent" : "months";
      blocks.push({
        title: evidence.label("endpoint", endpoint), under: `${evidence.label("contrast", contrast)}; ${said}`,
        lines: sorted.map((row) => ofRow(evidence, row)),
      });
    }
    const drawn = MOST - room;
    const notes = [];
    if (drawn < drawable.length) notes.push(`${drawn} of ${drawable.length.toLocaleString("en")} ${KINDS[kind]} are drawn; narrow the filters to see the others.`);
    if (blocks.some((block) => block.lines.some((row) => row.low === null))) notes.push("A hollow square has no interval that could be drawn at 95 %.");
    if (blocks.some((block) => block.lines.some((row) => row.numbers.endsWith("*")))) notes.push("* As printed, at another level than 95 %; the line is drawn at 95 %.");
    const marks = legend(drawable.map((row) => mark([row])));
    if (marks) notes.push(marks);
    return {
      kind, name: `${many(drawn, "result")}, shown and not pooled`, said: blocks.map((block) => `${block.title}: ${block.lines.map((row) => row.tip).join(". ")}`).join(". "),
      blocks, favours: ["", ""], scale: ({ ratio: "ratio, log scale", difference: "difference", share: "percent of patients" })[kind] ?? "months", notes,
    };
  }

  /** One report of each result; what is retracted is in the table only. @param {Row} row @param {string} kind */
  const isDrawn = (row, kind) => row.kind === kind && row.value !== null && !row.older && !row.retracted;

  /** @param {Evidence} evidence @param {Row} row @returns {Line} */
  function ofRow(evidence, row) {
    const patients = row.stratum === evidence.everyone ? "" : row.stratum;
    return {
      label: [short(row.study), mark([row]), row.flag ? "⚑" : ""].filter(Boolean).join(" "), under: [row.groups, patients].filter(Boolean).join("; "),
      value: row.value, low: row.low, high: row.high, numbers: row.numbers,
      tip: [
        `${row.study.name}: ${evidence.label("endpoint", row.endpoint)}, ${row.said}`, row.groups, row.stratum, readIn(evidence, [row]),
        row.flag ? `flagged ${row.flag}` : "",
      ].filter(Boolean).join("; "),
      key: row.id,
    };
  }

  /**
   * Which plot a view gets where it names none: the pools, or the kind with the most results.
   * @param {View} view @param {Row[]} rows @param {Pool[]} pools
   */
  function choose(view, rows, pools) {
    if (view.plot) return view.plot;
    if (pools.length) return "pools";
    const numbers = Object.keys(KINDS).map((kind) => ({ kind, n: rows.filter((row) => isDrawn(row, kind)).length }));
    return numbers.reduce((best, other) => (other.n > best.n ? other : best)).kind;
  }

  return { ofPool, ofPools, ofResults, choose, isDrawn };
})();
