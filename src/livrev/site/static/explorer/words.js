// @ts-check
// Numbers as people read them.
const livrevWords = (() => {
  "use strict";
  /** A number with a true minus, and no minus before a zero. @param {number} number @param {number} digits */
  const fixed = (number, digits) => number.toFixed(digits).replace(/^-(?=0(\.0*)?$)/, "").replace("-", "−");

  /** A computed number: percent for shares, two decimals for all else. What was reported comes with its own text. @param {Pool} pool @param {number} number */
  function one(pool, number) {
    if (!Number.isFinite(number) || Math.abs(number) >= 1e4) return "beyond 10,000";
    return pool.measure === "proportion" ? (100 * number).toFixed(0) : fixed(number, 2);
  }

  /** @param {Pool} pool @param {[number, number]} interval */
  const span = (pool, interval) => interval.map((bound) => one(pool, bound)).join(" to ");

  /** What stands for no effect: 1 for ratios, 0 for differences, nothing for shares. @param {string} kind @returns {number | null} */
  const noEffect = (kind) => kind === "ratio" ? 1 : kind === "difference" ? 0 : null;

  /** How a pool is drawn. @param {Pool} pool */
  const kindOf = (pool) => pool.measure === "proportion" ? "share" : pool.scale === "identity" ? "difference" : "ratio";

  /** @param {Pool} pool @param {number} value @param {[number, number]} interval @param {string} [level] */
  function full(pool, value, interval, level = "95 % CI ") {
    const percent = pool.measure === "proportion" ? " %" : "";
    return `${one(pool, value)}${percent} (${level}${span(pool, interval)})`;
  }

  /** @param {number} count @param {string} noun @param {string} [plural] */
  const many = (count, noun, plural = `${noun}s`) => `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;

  /** How a number was read, as a mark in a plot. @param {Row[]} rows */
  const mark = (rows) => rows.some((row) => row.basis === "secondary") ? "‡" : rows.some((row) => row.basis === "conference-abstract") ? "†" : "";

  /** @param {Iterable<string>} marks */
  function legend(marks) {
    const used = new Set(marks);
    return [used.has("‡") ? "‡ read second-hand" : "", used.has("†") ? "† meeting abstract" : ""].filter(Boolean).join("; ");
  }

  /** A text cut between words. @param {string} text @param {number} length */
  const cut = (text, length) => text.length <= length ? text : `${text.slice(0, length - 1).replace(/\s+\S*$/, "")}…`;

  /** Text in lines that are broken between words. @param {string} words @param {number} length @returns {string[]} */
  function wrap(words, length) {
    /** @type {string[]} */
    const lines = [];
    for (const word of words.split(" ")) {
      const last = lines[lines.length - 1];
      if (last !== undefined && last.length + word.length < length) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    return lines;
  }

  /** How many letters to add, drop or change between two words. @param {string} a @param {string} b */
  function distance(a, b) {
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i += 1) {
      const above = row;
      row = [i];
      for (let j = 1; j <= b.length; j += 1) row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + Number(a[i - 1] !== b[j - 1]));
    }
    return row[b.length];
  }

  /** The word that is nearest to one of five letters or more, two letters off at most. @param {string} word @param {string[]} known */
  function nearest(word, known) {
    if (word.length < 5) return "";
    const near = known.filter((other) => Math.abs(other.length - word.length) < 3 && other.length > 3).map((other) => ({ other, far: distance(word, other) }));
    const best = near.reduce((a, b) => (b.far < a.far ? b : a), { other: "", far: 3 });
    return best.far < 3 ? best.other : "";
  }

  /** The name of a study without what stands in brackets. @param {Study} study */
  const short = (study) => study.name.split(" (")[0];

  return { nearest, fixed, one, span, noEffect, kindOf, full, many, mark, legend, cut, wrap, short };
})();
