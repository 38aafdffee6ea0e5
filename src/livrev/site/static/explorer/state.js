// @ts-check
// What the reader asked for, as a record and as the part of the address after #, so that a view can be shared.

/**
 * @typedef {{ pool: string, question: string, condition: string, strategy: string, design: string, endpoint: string,
 *   contrast: string, certainty: string, risk: string, from: string, to: string, text: string, plot: string, map: string, order: string,
 *   page: string, out: string[], network: string, by: string, gone: string[], family: string, baseline: string, threshold: string }} View
 */

const livrevState = (() => {
  "use strict";
  const FILTERS = /** @type {const} */ (["question", "condition", "strategy", "design", "endpoint", "contrast", "certainty", "risk", "from", "to", "text", "family"]);
  const PLOTS = ["pools", "ratio", "difference", "share", "months"], MAPS = ["condition", "design"];
  /** @returns {View} */
  const empty = () => ({
    pool: "", question: "", condition: "", strategy: "", design: "", endpoint: "", contrast: "", certainty: "", risk: "", from: "", to: "",
    text: "", plot: "", map: "", order: "", page: "", out: [], network: "", by: "", gone: [], family: "", baseline: "", threshold: "",
  });

  /** Whether anything narrows what is shown. @param {View} view */
  const narrowed = (view) => FILTERS.some((name) => view[name]);

  /** @param {View} view */
  function toHash(view) {
    const parts = Object.entries(view)
      .filter(([, value]) => value.length)
      .map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(",") : value).replace(/%2C/g, ",")}`);
    return parts.length ? `#${parts.join("&")}` : "#";
  }

  /**
   * Read a view, leaving out what this edition does not hold; `notes` say what was left out, and what asks for nothing.
   * @param {string} hash @param {Evidence} evidence @returns {{ view: View, notes: string[] }}
   */
  function fromHash(hash, evidence) {
    const view = empty();
    /** @type {string[]} */
    const unknown = [], notes = [], seen = new Set();
    // An address may name the condition as the records do.
    const own = (/** @type {string} */ word) => word === evidence.condition.column ? "condition" : word;
    for (const [asked, said] of new URLSearchParams(hash.replace(/^#/, "").replace(/\+/g, "%2B"))) {
      const name = own(asked), value = asked === "map" ? own(said) : said;
      if (seen.has(name)) notes.push(`${name} is named more than once: the last one counts.`);
      seen.add(name);
      if (name === "out" || name === "gone") {
        const known = (/** @type {string} */ id) => evidence.studies.some((study) => study.id === id) || (name === "gone" && evidence.treatments.has(id));
        const ids = [...new Set(value.split(","))];
        view[name] = ids.filter(known);
        unknown.push(...ids.filter((id) => !known(id)).map((id) => `${name}=${id}`));
      } else if (fits(name, value, evidence)) /** @type {any} */ (view)[name] = value;
      else unknown.push(`${asked}=${value}`);
    }
    if (unknown.length) notes.unshift(`Left out, because this edition does not hold it: ${unknown.map((one) => one.slice(0, 80)).join(", ")}.`);
    const pool = evidence.pools.find((one) => one.id === view.pool), here = view.out.filter((id) => pool?.members.some((member) => member.rows[0].study.id === id));
    if (here.length < view.out.length) notes.push(`${pool ? "Not in this pool" : "Without a pool nothing can be left out"}: out=${view.out.filter((id) => !here.includes(id)).join(",")}.`);
    view.out = here;
    if (pool && view.plot) notes.push(`plot=${view.plot} waits until no pool is open.`);
    if (view.from && view.to && view.from > view.to) notes.push(`No study can be from ${view.from} on and from ${view.to} at the latest: the first year lies after the last, and neither is looked at.`);
    return { view, notes };
  }

  /** @param {string} name @param {string} value @param {Evidence} evidence */
  function fits(name, value, evidence) {
    if (name === "pool") return evidence.pools.some((pool) => pool.id === value);
    if (name === "network") return evidence.networks.some((network) => network.id === value);
    if (name === "by") return evidence.networks.some((network) => Object.hasOwn(network.readings, value));
    if (name === "certainty") return evidence.certainties.includes(value);
    if (name === "from" || name === "to") return /^(19|20)\d\d$/.test(value);
    if (name === "family") return evidence.pools.some((pool) => pool.family === value);
    if (name === "baseline") return Number(value) > 0 && Number(value) < 1000;
    if (name === "threshold") return value !== "" && Number.isFinite(Number(value));
    if (name === "page") return /^\d{1,4}$/.test(value);
    if (name === "order") return /^[0-6]\.(asc|desc)$/.test(value);
    if (name === "text") return value !== "" && value.length <= 200;
    if (name === "plot") return PLOTS.includes(value);
    if (name === "map") return MAPS.includes(value);
    return Boolean(evidence.terms[name]?.some(([id]) => id === value)) && FILTERS.includes(/** @type {any} */ (name));
  }

  return { empty, narrowed, toHash, fromHash, FILTERS };
})();
