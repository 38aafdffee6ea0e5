// @ts-check
// Lets the keyboard reach whatever can be moved sideways, and only while it can be moved.
(() => {
  "use strict";
  const boxes = ".livrev-scroll, .bd-article figure, .bd-article .math, .bd-article .highlight pre, .livrev-card";

  function mark() {
    document.querySelectorAll(boxes).forEach((box) => {
      const moves = box.scrollWidth > box.clientWidth + 1 || (box.scrollHeight > box.clientHeight + 1 && box.matches(".livrev-card"));
      if (moves) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
    });
  }

  /** @type {number | undefined} */
  let waiting;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(mark, 200);
  });
  addEventListener("load", mark);
})();
