// @ts-check
// Opens and closes the menus in the bar above a page, which the theme leaves to a library ten times as long as the rest of it.
(() => {
  "use strict";
  const opener = "[data-bs-toggle='dropdown']";

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
