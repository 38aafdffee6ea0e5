// @ts-check
// Folds the parts of the contents behind the second, but for the one that the reader is in; opens and closes the menus in the bar above a page, which the theme leaves to a library ten times as long as the rest of it.
(() => {
  "use strict";
  const opener = "[data-bs-toggle='dropdown']";

  document.querySelectorAll(".bd-links .caption ~ .caption ~ .caption").forEach((caption) => {
    const list = caption.nextElementSibling;
    if (!list) return;
    const part = Object.assign(document.createElement("details"), { className: "livrev-part", open: list.querySelector(".current") !== null });
    const head = document.createElement("summary");
    caption.replaceWith(part);
    head.append(caption);
    part.append(head, list);
  });

  document.querySelectorAll(".bd-links li > details > summary").forEach((summary) => {
    summary.setAttribute("aria-label", `More on ${summary.parentElement?.previousElementSibling?.textContent}`);
  });

  /**
   * @param {Element} button
   * @param {boolean} open
   */
  function turn(button, open) {
    button.setAttribute("aria-expanded", String(open));
    button.nextElementSibling?.classList.toggle("show", open);
  }

  addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest(opener) : null;
    const open = button?.getAttribute("aria-expanded") !== "true";
    document.querySelectorAll(`${opener}[aria-expanded='true']`).forEach((other) => turn(other, false));
    if (button) turn(button, open);
  });
  addEventListener("keydown", (event) => {
    const button = document.querySelector(`${opener}[aria-expanded='true']`);
    if (event.key !== "Escape" || !(button instanceof HTMLElement)) return;
    turn(button, false);
    button.focus();
  });
})();
