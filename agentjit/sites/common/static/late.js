// Parts of a page that arrive after it, in every site: <div data-late="/parts/list"></div>.
// While a part loads its box has aria-busy="true". A box with data-late-on="sight" waits until it is
// scrolled to; inside a box, an element [data-more="/parts/list?page=2"] loads more when clicked, or,
// with data-more-on="sight", when it is scrolled to. Where a part does not load, the box offers that.
"use strict";

const late = (() => {
  const headers = { accept: "text/html", "x-layout": document.documentElement.dataset.layout || "" };
  const sight = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      sight.unobserve(target);
      if (target.dataset.more) more(target);
      else fill(target, target.dataset.late);
    }
  });

  async function load(url) {
    const answer = await fetch(url, { headers });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.text();
  }

  // Fill a box; what asked for more of it goes when more has come. A later call overtakes.
  async function fill(box, url, asking = null) {
    const turn = (box.turn = (box.turn || 0) + 1);
    box.setAttribute("aria-busy", "true");
    try {
      const html = await load(url);
      if (turn !== box.turn) return;
      if (asking) asking.remove();
      else box.replaceChildren();
      box.insertAdjacentHTML("beforeend", html);
      start(box);
    } catch (error) {
      if (turn !== box.turn) return;
      offerRetry(box, () => fill(box, url, asking));
    }
    box.setAttribute("aria-busy", "false");
    box.dispatchEvent(new CustomEvent("filled", { bubbles: true }));
  }

  function offerRetry(box, again) {
    const retry = document.createElement("div");
    retry.className = "late-retry";
    retry.innerHTML = "<p>That did not load.</p><button type='button'>Try again</button>";
    retry.querySelector("button").onclick = () => {
      retry.remove();
      again();
    };
    box.append(retry);
  }

  function more(asking) {
    const box = asking.closest("[aria-busy]");
    if (box.getAttribute("aria-busy") === "false") fill(box, asking.dataset.more, asking);
  }

  function start(root) {
    for (const box of root.querySelectorAll("[data-late]")) {
      if (box.turn) continue;
      box.setAttribute("aria-busy", "true");
      if (box.dataset.lateOn === "sight") sight.observe(box);
      else fill(box, box.dataset.late);
    }
    for (const asking of root.querySelectorAll("[data-more-on='sight']")) sight.observe(asking);
  }

  document.addEventListener("click", (event) => {
    const asking = event.target.closest("[data-more]");
    if (asking) more(asking);
  });
  start(document);
  return { fill, load };
})();
