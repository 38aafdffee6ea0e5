// @ts-check
// The few strokes that both plots share. Colours are those of src/livrev/show/figures/sheet.py: on a page they follow its theme
// through CSS variables, in a saved picture they are fixed.

/** @typedef {{ ink: string, muted: string, line: string, study: string, pool: string, ground: string }} Palette */

const livrevDrawing = (() => {
  "use strict";
  const NAMES = /** @type {const} */ (["ink", "muted", "line", "study", "pool", "ground"]);
  /** @type {Palette} */
  const ON_PAGE = /** @type {any} */ (Object.fromEntries(NAMES.map((name) => [name, `var(--ex-${name})`])));
  /** @type {Palette} */
  const ON_PAPER = { ink: "#333333", muted: "#6b6b6b", line: "#d0d0d0", study: "#0072B2", pool: "#D55E00", ground: "#ffffff" };
  const RATIOS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50, 100];

  /**
   * @param {string} name @param {Record<string, string | number | null>} [attributes] @param {(Node | string)[]} children
   * @returns {SVGElement}
   */
  function el(name, attributes = {}, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, String(value));
    made.append(...children);
    return made;
  }

  /** @param {number} x @param {number} y @param {string} words @param {Record<string, string | number | null>} [attributes] */
  const text = (x, y, words, attributes = {}) => el("text", { x, y, "font-size": 13, ...attributes }, words);

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} stroke @param {Record<string, string | number>} [more] */
  const line = (x1, y1, x2, y2, stroke, more = {}) => el("line", { x1, y1, x2, y2, stroke, ...more });

  /** @param {string} d @param {string} fill @param {Record<string, string | number>} [more] */
  const shape = (d, fill, more = {}) => el("path", { d, fill, ...more });

  /**
   * An axis: the way from numbers to dots, and the numbers at which it is labelled, no closer than 34 dots.
   * @param {string} kind @param {number} low @param {number} high @param {number} left @param {number} right
   */
  function axis(kind, low, high, left, right) {
    const turn = kind === "ratio" ? Math.log : (/** @type {number} */ x) => x;
    const place = (/** @type {number} */ number) => left + ((turn(number) - turn(low)) / (turn(high) - turn(low))) * (right - left);
    const clip = (/** @type {number} */ number) => Math.min(right, Math.max(left, place(Math.max(number, kind === "ratio" ? 1e-12 : -1e12))));
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 6, 10, 12, 20, 24, 25, 50, 100, 200].find((size) => (size / (high - low)) * (right - left) >= 40) ?? 500;
    const first = Math.ceil(low / step), count = Math.max(0, Math.floor(high / step) - first + 1);
    const linear = Array.from({ length: count }, (_, i) => Number(((first + i) * step).toFixed(6)));
    const wanted = (kind === "ratio" ? RATIOS : linear).filter((tick) => low <= tick && tick <= high);
    /** @type {number[]} */
    const ticks = kind === "ratio" && low < 1 && high > 1 ? [1] : [];
    for (const tick of wanted) if (ticks.every((other) => Math.abs(place(other) - place(tick)) >= 34)) ticks.push(tick);
    return { place, clip, ticks: ticks.sort((a, b) => a - b) };
  }

  /**
   * The empty picture; on the page its name is `aria-label`, in a file it has a title and a description of its own.
   * @param {number} width @param {number} height @param {string} name @param {string} said @param {Palette} palette
   */
  function picture(width, height, name, said, palette) {
    const svg = el("svg", { viewBox: `0 0 ${width} ${height}`, width, height, fill: palette.ink });
    if (palette === ON_PAPER) {
      svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
      svg.setAttribute("role", "img");
      svg.setAttribute("font-family", "Noto Sans, Segoe UI, Roboto, Helvetica, Arial, sans-serif");
      svg.setAttribute("viewBox", `0 -34 ${width} ${height + 34}`);
      svg.setAttribute("height", String(height + 34));
      svg.append(el("title", {}, name), el("desc", {}, said), el("rect", { y: -34, width, height: height + 34, fill: palette.ground }));
      svg.append(text(4, -12, livrevWords.cut(name.replace("Forest plot: ", ""), width / 7.8), { "font-weight": 600 }));
    } else {
      svg.setAttribute("role", "group");
      svg.setAttribute("aria-label", `${name}. ${said}`);
    }
    return svg;
  }

  return { el, text, line, shape, axis, picture, ON_PAGE, ON_PAPER };
})();
