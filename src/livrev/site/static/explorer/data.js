// @ts-check
// Unpacks what src/livrev/show/views/explorer.py wrote into rows: one a reported result, and one a study without any.

/**
 * @typedef {{ place: number, id: string, name: string, year: number | null, n: number | null, question: string, design: string,
 *   conditions: string[], strategies: string[], nct: string, retraction: string, counted: boolean, reference: string, page: string }} Study with `counted` as src/livrev/review/counted.py says
 * @typedef {{ place: number, study: Study, id: string, endpoint: string, contrast: string, stratum: string, groups: string,
 *   said: string, numbers: string, kind: string, value: number | null, low: number | null, high: number | null, basis: string,
 *   reference: [string, string, string], address: string, flag: string, older: boolean, retracted: boolean, pools: Pool[],
 *   certainties: string[], risky: boolean, page: string }} Row with `risky` where a pool holds it at high risk of bias
 * @typedef {{ study: string, results: number[], rows: Row[], estimate: number, se: number, numbers: string,
 *   said: string, reported: boolean, value: number, low: number, high: number, count: [number, number] | null, high_risk: boolean }} Member
 * @typedef {{ id: string, title: string, measure: string, unit: string, endpoint: string, contrast: string, question: string,
 *   rule: string, caution: string, favours: [string, string], certainty: string, because: string, threshold: number | null, place: string, scale: string,
 *   family: string, baselines: Baseline[], members: Member[], whole: Pooled, without?: (Pooled | null)[] }} Pool
 * @typedef {{ risk: number, months: number | null, source: string }} Baseline of 1000, in the second group
 * @typedef {{ contrast: string, measure: string, title: string, reading: string }} Heading
 * @typedef {{ terms: Record<string, string[][]>, certainties: string[], studies: Study[], rows: Row[], pools: Pool[],
 *   label: (group: string, id: string) => string, withNarrower: (condition: string) => Set<string>,
 *   condition: { column: string, name: string, plural: string }, headings: Heading[], everyone: string,
 *   networks: Plan[], treatments: Set<string>, readings: Record<string, string>,
 *   studiesCalled: (word: string) => Set<number>, wordsOf: (row: Row) => string,
 *   understand: (text: string) => { asked: string, slips: string[] } }} Evidence with `wordsOf` what a row is searched by
 */

const livrevData = (() => {
  "use strict";

  /** Text as it is searched: small letters, no accents, no signs. @param {string} text */
  const plain = (text) => text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, " ").trim();

  /**
   * @param {any} raw what the data file holds
   * @param {any} records the index of the book's search, with every name of such terms; may be missing
   * @returns {Evidence}
   */
  function unpack(raw, records) {
    /** @type {Record<string, Map<string, string>>} */
    const labels = {};
    for (const [group, terms] of Object.entries(raw.terms)) labels[group] = new Map(terms.map((/** @type {any[]} */ [id, text]) => [id, text]));
    const label = (/** @type {string} */ group, /** @type {string} */ id) => labels[group]?.get(id) ?? id;
    const rated = new Map(raw.terms.strategy.map((/** @type {string[]} */ [id, , certainty]) => [id, certainty]));

    /** @type {Study[]} */
    const studies = raw.studies.map((/** @type {any[]} */ row, /** @type {number} */ place) => {
      const [id, name, year, n, question, design, conditions, strategies, nct, retraction, counted, reference] = row;
      return { place, id, name, year, n, question, design, conditions, strategies, nct, retraction, counted: Boolean(counted), reference, page: `../studies/${id}.html` };
    });
    const withResults = new Set(raw.results.study);
    const retracted = new Set(raw.retracted);
    /** @type {Row[]} */
    const rows = raw.results.study.map((/** @type {number} */ at, /** @type {number} */ place) => {
      /** @param {string} column */
      const cell = (column) => raw.results[column][place];
      const study = studies[at], id = cell("id").startsWith("/") ? cell("id").slice(1) : `${study.id}--${cell("id")}`;
      return {
        place, study, id, endpoint: cell("endpoint"), contrast: cell("contrast"), stratum: raw.words[cell("stratum")],
        groups: raw.words[cell("groups")], said: cell("said"), numbers: cell("numbers"), kind: cell("kind"), value: cell("value"), low: cell("low"),
        high: cell("high"), basis: cell("basis"), reference: raw.references[cell("reference")],
        address: raw.addresses[cell("address")], flag: raw.words[cell("flag")], older: Boolean(cell("older")),
        retracted: retracted.has(place), pools: [], certainties: [], risky: false, page: `${study.page}#${id}`,
      };
    });
    /** @type {Pool[]} */
    const pools = raw.pools;
    for (const pool of pools) {
      for (const member of pool.members) {
        member.rows = member.results.map((place) => rows[place]);
        for (const row of member.rows) {
          if (!row.pools.includes(pool)) row.pools.push(pool);
          row.risky ||= member.high_risk;
        }
      }
    }
    for (const study of studies) {
      if (withResults.has(study.place)) continue;
      rows.push({
        place: rows.length, study, id: "", endpoint: "", contrast: "", stratum: "", groups: "", said: "no result yet", numbers: "", kind: "",
        value: null, low: null, high: null, basis: "", reference: ["", "", ""], address: "", flag: "", older: false,
        retracted: false, pools: [], certainties: [], risky: false, page: study.page,
      });
    }
    for (const row of rows) {
      const { study } = row;
      const found = row.pools.length ? row.pools.map((pool) => pool.certainty) : study.strategies.map((id) => String(rated.get(id)));
      row.certainties = raw.certainties.filter((/** @type {string} */ word) => found.includes(word));
    }

    /** @type {Plan[]} */
    const networks = raw.networks.map((/** @type {any} */ plan) => ({
      ...plan, readings: Object.fromEntries(Object.entries(plan.readings).map(([by, some]) => [by, some.map((/** @type {any[]} */ [study, a, b, estimate, se, cov]) => ({ study, a, b, estimate, se, cov }))])),
    }));
    const treatments = new Set(networks.flatMap((plan) => Object.values(plan.readings).flat().flatMap((row) => [row.a, row.b])));
    /** @type {Map<Row, string>} */
    const found = new Map();
    /** @param {Row} row */
    function wordsOf(row) {
      const { study } = row;
      const words = found.get(row) ?? ` ${plain([
        study.name, study.id, study.nct, ...(records?.studies[study.place]?.[2] ?? []), row.groups, row.stratum, row.reference[0], label("endpoint", row.endpoint),
        label("design", study.design), ...study.conditions.map((id) => label("condition", id)),
        ...study.strategies.map((id) => label("strategy", id)),
      ].join(" "))}`;
      found.set(row, words);
      return words;
    }

    /** @type {Map<string, Set<number>>} every name of a term that is searched for, and the studies that name it */
    const called = new Map();
    for (const [term, names, places] of records?.terms ?? []) {
      for (const name of [term, ...names]) called.set(plain(name), new Set([...(called.get(plain(name)) ?? []), ...places]));
    }
    /** @type {string[]} */
    let known = [];
    /**
     * What a reader means: a word that stands nowhere becomes the one that is nearest to it, two letters off at most.
     * @param {string} text
     */
    function understand(text) {
      /** @type {string[]} */
      const slips = [], whole = plain(text), joined = whole.replaceAll(" ", "");
      if (joined !== whole && joined.length > 4 && rows.some((row) => wordsOf(row).includes(` ${joined}`))) return { asked: joined, slips };
      const words = called.has(whole) ? [whole] : whole.split(" ").filter(Boolean).map((word) => {
        if (called.has(word) || rows.some((row) => wordsOf(row).includes(` ${word}`))) return word;
        if (!known.length) known = [...new Set([...called.keys(), ...rows.map(wordsOf)].flatMap((some) => some.split(" ")))];
        const near = livrevWords.nearest(word, known);
        if (near) slips.push(`Nothing is called “${word}”: shown is “${near}”.`);
        return near || word;
      });
      return { asked: words.join(" "), slips };
    }

    const broader = new Map(raw.terms.condition.map((/** @type {any[]} */ [id, , above]) => [id, above]));
    /** @param {string} condition */
    const withNarrower = (condition) => new Set([condition, ...[...broader].filter(([, above]) => above === condition).map(([id]) => id)]);
    return {
      terms: raw.terms, certainties: raw.certainties, condition: raw.condition, headings: raw.headings, everyone: raw.everyone, studies, rows, pools, label, withNarrower,
      networks, treatments, readings: raw.readings,
      studiesCalled: (word) => called.get(word) ?? new Set(), wordsOf, understand,
    };
  }

  return { unpack, plain };
})();
