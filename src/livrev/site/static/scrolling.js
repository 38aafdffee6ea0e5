// @ts-check
// Lets the keyboard reach whatever can be moved sideways, and only while it can be moved; who listens is told of a table that it can.
// A chapter's table of three columns or more need not be moved on a phone: there each row is a card, each cell named by its column.
(() => {
  "use strict";
  const tables = ".livrev-scroll, .pst-scrollable-table-container, .output.text_html";
  const boxes = `${tables}, .bd-article figure, .bd-article .math, .bd-article .highlight pre, .livrev-card`;

  for (const table of /** @type {NodeListOf<HTMLTableElement>} */ (document.querySelectorAll(".pst-scrollable-table-container > table, table.livrev-results"))) {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.textContent?.trim() ?? "");
    if (heads.length < 3) continue;
    if (!table.matches(".livrev-results")) table.classList.add("livrev-cards");
    table.setAttribute("role", "table");
    for (const row of /** @type {NodeListOf<HTMLTableRowElement>} */ (table.querySelectorAll("tbody > tr"))) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, column) => (cell.setAttribute("role", cell.matches("td") ? "cell" : "rowheader"), (cell.dataset.head = heads[column] ?? "")));
    }
  }

  /** @param {Element} box */
  const titleOf = (box) =>
    (box.querySelector("caption") ?? box.closest("figure")?.querySelector("figcaption") ?? box.closest("section")?.querySelector("h1, h2, h3, h4"))
      ?.textContent?.replace(/#$/, "").trim() ?? "Table";

  function mark() {
    document.querySelectorAll(boxes).forEach((box, number) => {
      const moves = box.scrollWidth > box.clientWidth + 1 || (box.scrollHeight > box.clientHeight + 1 && box.matches(".livrev-card"));
      if (moves) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
      if (!box.matches(tables)) return;
      const said = { role: "region", "aria-label": `${titleOf(box)} (table ${number + 1}), can be moved sideways` };
      for (const [name, value] of Object.entries(said)) moves ? box.setAttribute(name, value) : box.removeAttribute(name);
    });
  }

  // Whenever a box or what it holds changes its size: a table far below is laid out when the reader comes near.
  addEventListener("load", () => {
    const watch = new ResizeObserver(mark);
    document.querySelectorAll(boxes).forEach((box) => [box, ...box.children].forEach((one) => watch.observe(one)));
  });
})();
