// @ts-check
// From a view to what is shown: the rows that fit, the members of a pool, and the pool of those that are left in.

/**
 * @typedef {{ member: Member, fits: boolean, kept: boolean }} Choice a member of a pool: within the filters, and left in
 * @typedef {{ rows: Row[], studies: Study[], pool: Pool | null, choices: Choice[], pooled: Pooled | null, why: string }} Shown
 */

const livrevSelection = (() => {
  "use strict";
  const FEWEST = 3;

  /**
   * Whether a row is within the filters of a view.
   * @param {Evidence} evidence @param {View} view @returns {(row: Row) => boolean}
   */
  function filterOf(evidence, view) {
    const conditions = view.condition ? evidence.withNarrower(view.condition) : null;
    const { asked } = evidence.understand(view.text), whole = evidence.studiesCalled(asked);
    const words = asked.split(" ").filter(Boolean).map((word) => ({ word: ` ${word}`, called: evidence.studiesCalled(word) }));
    const turned = view.from && view.to && view.from > view.to; // which the page says
    const from = view.from && !turned ? Number(view.from) : -Infinity, to = view.to && !turned ? Number(view.to) : Infinity;
    return (row) => {
      const { study } = row;
      return (!view.question || study.question === view.question)
        && (!conditions || study.conditions.some((id) => conditions.has(id)))
        && (!view.strategy || study.strategies.includes(view.strategy))
        && (!view.design || study.design === view.design)
        && (!view.endpoint || row.endpoint === view.endpoint)
        && (!view.contrast || row.contrast === view.contrast)
        && (!view.risk || !row.risky)
        && (!view.certainty || row.certainties.includes(view.certainty))
        && (!view.family || row.pools.some((pool) => pool.family === view.family))
        && ((from === -Infinity && to === Infinity) || (study.year !== null && from <= study.year && study.year <= to))
        && (!words.length || whole.has(study.place)
          || words.every(({ word, called }) => evidence.wordsOf(row).includes(word) || called.has(study.place)));
    };
  }

  /** @param {Evidence} evidence @param {View} view @returns {Shown} */
  function select(evidence, view) {
    const fits = filterOf(evidence, view);
    const pool = evidence.pools.find((one) => one.id === view.pool) ?? null;
    const choices = (pool?.members ?? []).map((member) => {
      const inside = fits(member.rows[0]);
      return { member, fits: inside, kept: inside && !view.out.includes(member.rows[0].study.id) };
    });
    const rows = pool ? choices.filter((choice) => choice.fits).flatMap((choice) => choice.member.rows) : evidence.rows.filter(fits);
    const studies = [...new Set(rows.map((row) => row.study))];
    return { rows, studies, pool, choices, ...(pool ? poolChoices(pool, choices) : { pooled: null, why: "" }) };
  }

  /**
   * Pool the members that are left in, or say in words why there is no pool.
   * @param {Pool} pool @param {Choice[]} choices @returns {{ pooled: Pooled | null, why: string }}
   */
  function poolChoices(pool, choices) {
    const kept = choices.filter((choice) => choice.kept);
    if (kept.length < FEWEST) {
      return { pooled: null, why: `${kept.length ? `Only ${kept.length}` : "No"} ${kept.length === 1 ? "study is" : "studies are"} left: below three we show the studies and pool nothing.` };
    }
    if (pool.without) {
      const missing = choices.findIndex((choice) => !choice.kept), left = choices.length - kept.length;
      const found = left === 0 ? pool.whole : left === 1 ? pool.without[missing] : null;
      const why = "Shares are pooled by another model, which this page does not compute. The book computed the whole and the pool without each single study: leave out one at most.";
      return found ? { pooled: found, why: "" } : { pooled: null, why };
    }
    try {
      return { pooled: livrevPooling.pool(kept.map((choice) => choice.member), pool.scale), why: "" };
    } catch (error) {
      return { pooled: null, why: `These studies cannot be pooled: ${error instanceof RangeError ? error.message : "an unknown reason"}.` };
    }
  }

  return { select, filterOf };
})();
