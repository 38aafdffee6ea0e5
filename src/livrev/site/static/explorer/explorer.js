// @ts-check
// The evidence explorer: reads the address, shows what it asks for, and writes back what the reader does.
(() => {
  "use strict";
  const root = document.getElementById("explorer"), raw = /** @type {any} */ (window)["livrevEvidence"];
  if (!root || !raw) return;
  const evidence = livrevData.unpack(raw, /** @type {any} */ (window)["livrevRecords"]);
  const { many } = livrevWords, { html } = livrevAnswer;
  /** @template {HTMLElement} T @param {string} name @returns {T} */
  const part = (name) => /** @type {T} */ (root.querySelector(`[data-part="${name}"]`));
  const controls = /** @type {NodeListOf<HTMLSelectElement | HTMLInputElement>} */ (root.querySelectorAll("[data-filter]"));
  const plotPlace = part("plot"), mapPlace = part("map"), status = part("status"), tip = part("tip");

  let view = livrevState.empty();
  /** @type {Shown} */
  let shown = livrevSelection.select(evidence, view);
  /** @type {((width: number, palette: Palette) => SVGElement) | null} */
  let drawPlot = null;
  // The map and the table lie below the plot: they are drawn when the reader comes near, or does anything.
  /** @param {string} name @param {() => void | Promise<void>} show */
  const makeCard = (name, show) => ({ show, stale: true, place: /** @type {Element} */ (root.querySelector(`[data-card="${name}"]`)) });
  const mapCard = makeCard("map", showMap), networkCard = makeCard("network", showNetwork), cards = [mapCard, networkCard, makeCard("table", showTable)];
  /** @type {Set<Element>} */
  const near = new Set();
  let awake = false, busy = false;
  /** @type {ReturnType<typeof livrevTable.make> | null} */
  let table = null;

  // The address is the only memory: everything that changes the view goes through it.
  /** @param {Partial<View>} changes @param {boolean} [quietly] without a step for the back button */
  function go(changes, quietly = false) {
    const next = { ...view, ...changes };
    if (!("page" in changes) && !("map" in changes) && !("plot" in changes)) next.page = "";
    const hash = livrevState.toHash(next);
    if (hash === livrevState.toHash(view)) return;
    if (quietly) history.replaceState(null, "", hash);
    else history.pushState(null, "", hash);
    read();
  }

  /** Keep a choice in the address without drawing anything anew. @param {Partial<View>} changes */
  function remember(changes) {
    Object.assign(view, changes);
    history.replaceState(null, "", livrevState.toHash(view));
  }

  function read() {
    const found = livrevState.fromHash(location.hash, evidence);
    const before = view;
    view = found.view;
    shown = livrevSelection.select(evidence, view);
    for (const control of controls) {
      const name = /** @type {keyof View} */ (control.dataset["filter"]);
      if (control.value !== view[name]) control.value = String(view[name]);
    }
    showPlot();
    for (const card of cards) card.stale = true;
    showCards();
    if (location.search) found.notes.push(`What stands after the question mark (${location.search.slice(1, 60)}) is not read: filters stand after #.`);
    const pages = Math.max(1, Math.ceil(shown.rows.length / livrevTable.LENGTH));
    if (Number(view.page) > pages) found.notes.push(`page=${view.page}: the table has ${many(pages, "page")}.`);
    showStatus([...found.notes, ...evidence.understand(view.text).slips], before);
    root?.querySelectorAll(".ex-examples a").forEach((link) => {
      if (link.getAttribute("href") === livrevState.toHash(view)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    part("clear").toggleAttribute("disabled", !livrevState.narrowed(view) && !view.pool && !view.network && !view.by && !view.gone.length);
  }

  /** Draw what is wanted and out of date, one card a task, so that the page answers in between. */
  async function showCards() {
    if (busy) return;
    busy = true;
    delete root?.dataset["whole"];
    try {
      for (let next; (next = cards.find(({ stale, place }) => stale && (awake || near.has(place)))); ) {
        await new Promise((resolve) => setTimeout(resolve));
        next.stale = false;
        await next.show();
      }
    } finally {
      busy = false;
    }
    if (root && !cards.some(({ stale }) => stale)) root.dataset["whole"] = "";
  }

  document.querySelector(".ex-filters")?.addEventListener("submit", (event) => event.preventDefault());

  async function showTable() {
    if (!table && !(await loadLibrary("table"))) {
      part("table").replaceChildren(html("p", { class: "ex-nothing" }, "The table could not be loaded. Load the page again; the CSV below holds the same results."));
      return;
    }
    table ??= livrevTable.make(evidence, part("table"), (order, page) => go({ order, page }, true));
    table.show(shown.rows, view);
  }

  /** @param {string} which @returns {Promise<boolean>} whether a script that the page names for later is there */
  const loadLibrary = (which) => new Promise((resolve) => {
    const { src = "" } = /** @type {HTMLScriptElement | null} */ (document.querySelector(`script[data-later="${which}"]`)) ?? {};
    document.body.append(Object.assign(document.createElement("script"), { src, onload: () => resolve(true), onerror: () => resolve(false) }));
  });

  /** @param {string[]} notes @param {View} before */
  function showStatus(notes, before) {
    const results = shown.rows.filter((row) => row.id).length, studies = shown.studies.filter((study) => study.counted).length;
    const others = shown.studies.length - studies, waiting = shown.rows.length - results;
    const said = `${many(results, "result")} of ${many(studies, "study", "studies")}${others ? ` and ${many(others, "other record")} (part of a study, a synthesis, a trial that only registered, or the like)` : ""}`
      + (waiting ? `; ${many(waiting, "of them has", "of them have")} no result yet` : "");
    const lost = notes.map((note) => ` ${note}`).join("");
    const changed = shown.pool && view.pool === before.pool && view.out.join() !== before.out.join();
    const answer = changed ? ` ${livrevAnswer.sentence(shown)}` : "";
    status.replaceChildren(`${said}.`, html("span", { class: "visually-hidden" }, answer), lost);
    part("table-title").textContent = shown.pool ? "The results in this pool" : "All results in this view";
  }

  function showPlot() {
    const { pool } = shown;
    part("tabs").hidden = Boolean(pool);
    part("restore").hidden = !view.out.length;
    if (pool) {
      part("plot-title").textContent = pool.title;
      part("answer").replaceChildren(...livrevAnswer.build(shown, view, remember));
      part("why").textContent = "Take the tick off a study to leave it out: the pool is computed again.";
      const forest = livrevPlots.ofPool(evidence, shown);
      drawPlot = (width, palette) => livrevForest.draw(forest, width, palette);
    } else {
      const pools = view.family ? evidence.pools.filter((one) => one.family === view.family) : livrevState.narrowed(view) ? evidence.pools.filter((one) => one.members.some((member) => shown.rows.includes(member.rows[0]))) : evidence.pools;
      const plot = livrevPlots.choose(view, shown.rows, pools);
      root?.querySelectorAll('[name="ex-plot"]').forEach((input) => { /** @type {HTMLInputElement} */ (input).checked = /** @type {HTMLInputElement} */ (input).value === plot; });
      part("plot-title").textContent = plot === "pools" ? "What we pooled" : "What single studies found";
      part("answer").replaceChildren();
      part("why").textContent = plot === "pools"
        ? "Each diamond is a pooled answer with its interval. Open one to see its studies, and to leave some out."
        : "These results are shown, not pooled: a pool needs three studies or more that asked the same question in the same way, one result each, read twice. Prognosis is not benefit, and one group alone has no comparison.";
      const forest = plot === "pools" ? livrevPlots.ofPools(evidence, pools) : livrevPlots.ofResults(evidence, shown.rows, plot);
      const nothing = plot === "pools" ? "No pool holds a result within these filters. Look at single results." : "No result of this kind is within these filters.";
      drawPlot = forest.blocks.length ? (width, palette) => livrevForest.draw(forest, width, palette) : null;
      if (!drawPlot) plotPlace.replaceChildren(html("p", { class: "ex-nothing" }, nothing));
    }
    part("plot-svg").toggleAttribute("disabled", !drawPlot);
    if (drawPlot) redraw(plotPlace, drawPlot);
  }

  function showMap() {
    const by = view.map || "condition";
    root?.querySelectorAll('[name="ex-map"]').forEach((input) => { /** @type {HTMLInputElement} */ (input).checked = /** @type {HTMLInputElement} */ (input).value === by; });
    part("map-svg").toggleAttribute("disabled", !shown.studies.length);
    if (shown.studies.length) redraw(mapPlace, (width, palette) => livrevGapMap.draw(evidence, shown.studies, by, width, palette));
    else mapPlace.replaceChildren(html("p", { class: "ex-nothing" }, "No study is within these filters."));
  }

  function showNetwork() {
    const network = livrevNetworkCard.choose(evidence, view), place = part("network-plot");
    networkCard.place.toggleAttribute("hidden", !network);
    if (!network) return;
    const { plan, by, studies, treatments, fitted, why } = network, forest = livrevNetworkCard.forest(network);
    const toggle = (/** @type {string} */ name) => go({ network: plan.id, by, gone: view.gone.includes(name) ? view.gone.filter((one) => one !== name) : [...view.gone, name] });
    const which = /** @type {HTMLSelectElement} */ (part("network")), reading = /** @type {HTMLSelectElement} */ (part("network-by"));
    which.replaceChildren(...evidence.networks.map(({ id, title }) => html("option", { value: id }, title)));
    reading.replaceChildren(...Object.keys(plan.readings).map((name) => html("option", { value: name }, evidence.readings[name] ?? name)));
    which.value = plan.id;
    reading.value = by;
    part("network-answer").textContent = livrevNetworkCard.sentence(network);
    part("network-caution").textContent = plan.caution;
    const named = (/** @type {string} */ id) => /** @type {[string, string]} */ ([id, evidence.studies.find((study) => study.id === id)?.name.split(" (")[0] ?? id]);
    livrevNetworkCard.boxes(part("network-studies"), studies.map(named), view.gone, toggle);
    livrevNetworkCard.boxes(part("network-treatments"), treatments.map((name) => [name, name]), view.gone, toggle);
    if (fitted && forest) redraw(place, (width, palette) => livrevForest.draw(forest, width, palette));
    else place.replaceChildren(html("p", { class: "ex-nothing" }, why));
  }

  /** Draw at the width that there is; who was in focus stays so. @param {HTMLElement} place @param {(width: number, palette: Palette) => SVGElement} draw */
  function redraw(place, draw) {
    const focused = place.contains(document.activeElement) ? /** @type {Element} */ (document.activeElement) : null;
    const study = focused?.getAttribute("data-study"), mark = focused?.getAttribute("aria-label");
    hideTip();
    place.replaceChildren(draw(Math.max(300, Math.floor(place.clientWidth)), livrevDrawing.ON_PAGE));
    const points = [...place.querySelectorAll(".ex-point")];
    points[0]?.setAttribute("tabindex", "0");
    const again = study ? place.querySelector(`[data-study="${study}"]`) : mark ? points.find((point) => point.getAttribute("aria-label") === mark) : null;
    if (again instanceof SVGElement) again.focus({ preventScroll: true });
  }

  /** @param {Element | null | undefined} from */
  function showTip(from) {
    const holder = from?.closest("[data-tip]");
    if (!holder || !root) return hideTip();
    tip.textContent = holder.getAttribute("data-tip");
    tip.hidden = false;
    const box = holder.getBoundingClientRect(), frame = root.getBoundingClientRect();
    const left = Math.min(Math.max(0, box.left - frame.left + Math.min(box.width, 400) / 2 - tip.offsetWidth / 2), frame.width - tip.offsetWidth);
    tip.style.left = `${left}px`;
    tip.style.top = `${box.bottom - frame.top + 4}px`;
    root.querySelectorAll(".ex-on").forEach((other) => other.classList.remove("ex-on"));
    holder.classList.add("ex-on");
  }

  function hideTip() {
    tip.hidden = true;
    root?.querySelectorAll(".ex-on").forEach((other) => other.classList.remove("ex-on"));
  }

  /** @param {string} study */
  const toggle = (study) => go({ out: view.out.includes(study) ? view.out.filter((id) => id !== study) : [...view.out, study] });

  /** @param {Element} point a cell of the map */
  function press(point) {
    const [row, column] = [point.getAttribute("data-row"), point.getAttribute("data-column")];
    if (row && column) go({ strategy: row, [view.map || "condition"]: column });
  }

  for (const place of [plotPlace, mapPlace, part("network-plot")]) {
    place.addEventListener("pointerover", (event) => showTip(/** @type {Element} */ (event.target)));
    place.addEventListener("pointerleave", hideTip);
    place.addEventListener("focusin", (event) => showTip(/** @type {Element} */ (event.target)));
    place.addEventListener("focusout", hideTip);
    place.addEventListener("click", (event) => {
      const target = /** @type {Element} */ (event.target), study = target.closest("[data-study]")?.getAttribute("data-study");
      const cell = target.closest("[data-row]");
      if (study) toggle(study);
      else if (cell) press(cell);
      else showTip(target);
    });
    place.addEventListener("keydown", (event) => {
      const target = /** @type {Element} */ (event.target), study = target.getAttribute("data-study");
      if (event.key === "Escape" && !tip.hidden) {
        event.stopPropagation();
        hideTip();
      } else if (study && (event.key === " " || event.key === "Enter")) {
        event.preventDefault();
        toggle(study);
      } else if (target.getAttribute("data-row") && (event.key === " " || event.key === "Enter")) {
        event.preventDefault();
        press(target);
      } else if (target.classList.contains("ex-point") && /^(Arrow|Home|End)/.test(event.key)) {
        event.preventDefault();
        step(place, target, event.key);
      }
    });
  }

  /** Arrow keys go from one point of a plot to the next; one of them is in the order of the Tab key. @param {Element} place @param {Element} from @param {string} key */
  function step(place, from, key) {
    const points = [...place.querySelectorAll(".ex-point")], at = points.indexOf(from);
    const next = points[key === "Home" ? 0 : key === "End" ? points.length - 1 : at + (/Left|Up/.test(key) ? -1 : 1)];
    if (!(next instanceof SVGElement)) return;
    from.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  /** @param {HTMLElement} select @param {string[][]} options @param {string} [group] */
  function fill(select, options, group) {
    const into = group ? html("optgroup", { label: group }) : select;
    into.append(...options.map(([value, words]) => html("option", { value }, words)));
    if (into !== select) select.append(into);
  }

  function fillControls() {
    const years = evidence.studies.map((study) => study.year).filter((year) => year !== null);
    const span = [...new Set(years)].sort((a, b) => b - a).map((year) => [String(year), String(year)]);
    for (const control of controls) {
      const name = control.dataset["filter"] ?? "";
      if (name === "pool") for (const [question, words] of evidence.terms["question"]) {
        const some = evidence.pools.filter((pool) => pool.question === question);
        if (some.length) fill(control, some.map((pool) => [pool.id, pool.title]), words);
      }
      else if (name === "from" || name === "to") fill(control, span);
      else if (name === "certainty") fill(control, evidence.certainties.map((word) => [word, word]));
      else if (evidence.terms[name]) fill(control, evidence.terms[name]);
      const wait = control instanceof HTMLInputElement;
      control.addEventListener(wait ? "input" : "change", () => {
        if (name === "pool") go({ ...livrevState.empty(), map: view.map, pool: control.value });
        else go({ [name]: wait ? control.value.slice(0, 200) : control.value }, wait);
      });
    }
  }

  /** @param {string} name */
  const file = (name) => ["evidence", view.pool || "", name].filter(Boolean).join("-");
  fillControls();
  root.addEventListener("change", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (input.name === "ex-plot") go({ plot: input.value });
    if (input.name === "ex-map") go({ map: input.value });
  });
  part("network").addEventListener("change", () => go({ network: /** @type {HTMLSelectElement} */ (part("network")).value, by: "", gone: [] }));
  part("network-by").addEventListener("change", () => go({ network: livrevNetworkCard.choose(evidence, view)?.plan.id ?? "", by: /** @type {HTMLSelectElement} */ (part("network-by")).value, gone: [] }));
  part("network-restore").addEventListener("click", () => go({ gone: [] }));
  part("more").addEventListener("click", () => {
    const open = part("more").getAttribute("aria-expanded") !== "true";
    part("more").setAttribute("aria-expanded", String(open));
    part("more").textContent = open ? "Fewer filters" : "More filters";
  });
  part("clear").addEventListener("click", () => go(livrevState.empty()));
  part("restore").addEventListener("click", () => { go({ out: [] }); /** @type {HTMLElement | null} */ (plotPlace.querySelector(".ex-check"))?.focus(); });
  part("csv").addEventListener("click", () => livrevSaving.save(`${file("results")}.csv`, "text/csv", livrevSaving.toCsv(evidence, shown.rows, new Set(view.out))));
  part("ris").addEventListener("click", async () => livrevSaving.save(`${file("references")}.ris`, "application/x-research-info-systems", livrevSaving.toRis(shown.rows, (await loadLibrary("references")) ? /** @type {any} */ (window)["livrevReferences"] : null)));
  part("plot-svg").addEventListener("click", () => drawPlot && livrevSaving.save(`${file("plot")}.svg`, "image/svg+xml", livrevSaving.toSvg(drawPlot(860, livrevDrawing.ON_PAPER))));
  part("map-svg").addEventListener("click", () => livrevSaving.save(`${file("map")}.svg`, "image/svg+xml", livrevSaving.toSvg(livrevGapMap.draw(evidence, shown.studies, view.map || "condition", 1100, livrevDrawing.ON_PAPER))));
  part("copy").addEventListener("click", async () => {
    const done = await livrevSaving.copy(location.href), address = part("address");
    part("copied").textContent = done ? "The link to this view is copied." : "The browser does not let this page copy; the link stands here:";
    address.hidden = done;
    /** @type {HTMLInputElement} */ (address).value = location.href;
    if (!done) /** @type {HTMLInputElement} */ (address).select();
  });
  addEventListener("popstate", read);
  addEventListener("hashchange", () => { if (livrevState.toHash(view) !== location.hash) read(); });
  let width = plotPlace.clientWidth;
  new ResizeObserver(() => {
    if (plotPlace.clientWidth === width) return;
    width = plotPlace.clientWidth;
    if (drawPlot) redraw(plotPlace, drawPlot);
    mapCard.stale = true;
    showCards();
  }).observe(plotPlace);
  const watcher = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) near[isIntersecting ? "add" : "delete"](target);
    showCards();
  }, { rootMargin: "300px" });
  for (const { place } of cards) watcher.observe(place);
  for (const act of ["pointerdown", "keydown", "focusin"]) addEventListener(act, () => { awake = true; showCards(); }, { once: true });
  addEventListener("beforeprint", () => { if (mapCard.stale) showMap(); });
  setTimeout(() => {
    read();
    root.dataset["ready"] = "";
  });
})();
