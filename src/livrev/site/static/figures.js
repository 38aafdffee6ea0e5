// @ts-check
// Says what a mark of a figure stands for: the nearest to the pointer or the finger, or the next by arrow key.
(() => {
  "use strict";
  /** @type {Record<string, number>} how far, in pixels, a mark may be from where one points */
  const NEAR = { mouse: 24, pen: 24, touch: 44 };
  const EDGE = 8;
  /** @type {WeakMap<Element, string>} what is said of each mark */
  const said = new WeakMap();
  /** @type {HTMLElement | null} */
  let drawing = null;
  /** @type {Element | null} */
  let mark = null;

  const label = document.createElement("div");
  label.className = "livrev-told";
  label.setAttribute("role", "status");

  /** @param {HTMLElement} of @returns {Element[]} the marks of the picture that fits the page */
  const marksOf = (of) => [...of.querySelectorAll(".datum")].filter((one) => one.getClientRects().length);

  /** Take over what the marks say, so that the browser's own label does not come as well. @param {HTMLElement} of */
  function take(of) {
    of.querySelectorAll(".datum > title").forEach((title) => {
      said.set(/** @type {Element} */ (title.parentNode), title.textContent ?? "");
      title.remove();
    });
  }

  /** @param {HTMLElement} of @param {Element} one @param {number} [x] */
  function tell(of, one, x) {
    if (one === mark) return;
    forget();
    drawing = of;
    mark = one;
    of.classList.add("told");
    one.classList.add("on");
    label.textContent = said.get(one) ?? "";
    const box = one.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = label;
    const left = (x ?? box.left + box.width / 2) - width / 2;
    const above = box.top - height - EDGE;
    const top = above < EDGE ? box.bottom + EDGE : above;
    label.style.left = `${Math.max(EDGE, Math.min(left, document.documentElement.clientWidth - width - EDGE))}px`;
    label.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
  }

  function forget() {
    drawing?.classList.remove("told");
    mark?.classList.remove("on");
    drawing = mark = null;
    label.textContent = "";
  }

  /** @param {PointerEvent} event */
  function point(event) {
    const of = /** @type {HTMLElement} */ (event.currentTarget);
    let best = null, least = Infinity;
    for (const one of marksOf(of)) {
      const box = one.getBoundingClientRect();
      const across = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
      const down = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
      const off = Math.hypot(across, down);
      if (off > (NEAR[event.pointerType] ?? 24)) continue;
      const middle = Math.hypot(event.clientX - (box.left + box.right) / 2, event.clientY - (box.top + box.bottom) / 2);
      const score = off * 1e4 + middle;
      if (score < least) [best, least] = [one, score];
    }
    if (best) tell(of, best, event.clientX);
    else forget();
  }

  /** @param {KeyboardEvent} event */
  function step(event) {
    const of = /** @type {HTMLElement} */ (event.currentTarget);
    const marks = marksOf(of);
    const at = mark ? marks.indexOf(mark) : -1;
    /** @type {Record<string, number>} */
    const places = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: marks.length - 1 };
    if (event.key === "Escape") return forget();
    if (!(event.key in places) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const next = marks[Math.max(0, Math.min(places[event.key], marks.length - 1))];
    next.scrollIntoView({ block: "nearest" });
    mark = null;
    of.querySelector(".on")?.classList.remove("on");
    tell(of, next);
  }

  document.querySelectorAll(".livrev-drawing").forEach((element) => {
    const of = /** @type {HTMLElement} */ (element);
    if (!of.querySelector(".datum")) return;
    of.tabIndex = 0;
    of.setAttribute("role", "group");
    of.setAttribute("aria-label", "Figure; the arrow keys go from mark to mark");
    for (const first of ["pointerenter", "focus"]) of.addEventListener(first, () => take(of), { once: true });
    of.addEventListener("pointermove", point);
    of.addEventListener("pointerdown", point);
    of.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") forget(); });
    of.addEventListener("keydown", step);
    of.addEventListener("focus", () => { if (of.matches(":focus-visible") && !mark) tell(of, marksOf(of)[0]); });
    of.addEventListener("blur", forget);
  });
  document.body.append(label);
  document.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(".livrev-drawing")) forget();
  });
  addEventListener("scroll", () => { if (!drawing?.matches(":focus-visible")) forget(); }, { passive: true });

  /** Draw a picture as PNG, twice as large, on white, and hand it over. @param {SVGSVGElement} svg @param {string} name */
  async function savePng(svg, name) {
    const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true)), { width, height } = svg.viewBox.baseVal;
    for (const [key, value] of Object.entries({ xmlns: "http://www.w3.org/2000/svg", width, height })) copy.setAttribute(key, String(value));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
    const paper = canvas.getContext("2d");
    if (!paper) return;
    paper.fillStyle = "#fff";
    paper.fillRect(0, 0, canvas.width, canvas.height);
    paper.drawImage(image, 0, 0, canvas.width, canvas.height);
    Object.assign(document.createElement("a"), { href: canvas.toDataURL("image/png"), download: name }).click();
  }

  document.querySelectorAll("figure a[download$='.svg']").forEach((link) => {
    const svg = /** @type {SVGSVGElement | null} */ (link.closest("figure")?.querySelector("svg.wide"));
    if (!svg) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "livrev-png", textContent: "PNG" });
    button.addEventListener("click", () => savePng(svg, (link.getAttribute("download") ?? "").replace(/svg$/, "png")));
    link.after(" · ", button);
  });
})();
