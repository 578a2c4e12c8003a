// Omnizon in the browser, in both layouts, after the common late.js: suggestions, filters, the
// product page's form, cart lines, choices at checkout, a new card.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const news = "BroadcastChannel" in window ? new BroadcastChannel("omnizon") : null;
const FAILED = "That did not work. Try again.";

async function send(url, body) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: answer.status, ...(await answer.json()) };
  } catch (error) {
    return { message: FAILED };
  }
}

function say(text) {
  const toast = $("#toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (toast.hidden = true), 2600);
}

function showCount(count) {
  $("[data-count]").textContent = count;
}

function tellCount(count) {
  showCount(count);
  news?.postMessage(count);
}

// Parts of this page are asked for again, those whose address begins so.
function again(...paths) {
  for (const path of paths) {
    for (const box of $$(`[data-late^='${path}']`)) late.fill(box, box.dataset.late);
  }
}

// ---- search --------------------------------------------------------------------------------------

function startSearch(form) {
  const field = $("input[name='q']", form);
  const box = $("[data-hints]", form);
  let turn = 0;
  field.addEventListener("input", async () => {
    const mine = ++turn;
    const typed = field.value.trim();
    if (typed.length < 2) return (box.hidden = true);
    const answer = await fetch(`/parts/suggest?${new URLSearchParams({ q: typed })}`).then(
      (found) => (found.ok ? found.json() : { names: [] }),
      () => ({ names: [] }),
    );
    if (mine !== turn) return;
    box.replaceChildren(
      ...answer.names.map((name) => {
        const line = document.createElement("div");
        line.textContent = name;
        line.onmousedown = () => {
          field.value = name;
          form.requestSubmit();
        };
        return line;
      }),
    );
    box.hidden = !answer.names.length;
  });
  field.addEventListener("blur", () => (box.hidden = true));
}

function startResults(results) {
  const form = $("[data-narrow]", results);
  const submit = () => {
    // What is left blank is not asked for.
    for (const field of $$("input", form)) if (!field.value) field.disabled = true;
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "stars") submit();
  });
  form.addEventListener("click", (event) => {
    const at = event.target.closest("[data-min]");
    if (!at) return;
    form.elements.min.value = at.dataset.min;
    form.elements.max.value = at.dataset.max;
    submit();
  });
  $("[data-sort]", results).addEventListener("change", (event) => {
    const address = new URL(location.href);
    address.searchParams.delete("page");
    address.searchParams.set("sort", event.target.value);
    location.assign(address);
  });
}

// ---- product -------------------------------------------------------------------------------------

function startBuying(form) {
  form.addEventListener("change", () => {
    const color = form.elements.color.value;
    const picture = $("[data-picture]");
    picture.src = `/art/${picture.dataset.kind}/${encodeURIComponent(color)}.svg`;
    const label = $("[data-color]", form);
    if (label) label.textContent = color;
  });
  $("[data-add]", form).addEventListener("click", async () => {
    const { product, color, quantity } = form.elements;
    const wrong = $("[role='alert']", form);
    wrong.textContent = "";
    const sent = { product: product.value, color: color.value, quantity: Number(quantity.value) };
    const answer = await send("/cart/add", sent);
    if (answer.status !== 200) return (wrong.textContent = answer.message || FAILED);
    tellCount(answer.count);
    say("Added to cart");
  });
}

// ---- cart and checkout ---------------------------------------------------------------------------

async function changeLine(inside, quantity) {
  const line = inside.closest("[data-line]");
  if (line.dataset.busy) return;
  line.dataset.busy = "yes";
  const answer = await send("/cart/line", { line: line.dataset.line, quantity });
  if (answer.status === 200) tellCount(answer.count);
  else say(answer.message || FAILED);
  if (answer.count === 0 && $("#checkout")) return location.reload();
  again("/parts/cart", "/parts/items", "/parts/summary");
}

function startCheckout(form) {
  form.addEventListener("change", async (event) => {
    const { name, value } = event.target;
    if (!["day", "card", "address"].includes(name)) return;
    for (const box of $$("[data-late='/parts/summary']")) box.setAttribute("aria-busy", "true");
    const answer = await send("/checkout/choose", { [name]: value });
    if (answer.status !== 200) say(answer.message || FAILED);
    again("/parts/summary");
  });
}

async function saveCard(veil) {
  const wrong = $("[role='alert']", veil);
  wrong.textContent = "";
  const sent = Object.fromEntries($$("[data-card]", veil).map((each) => [each.dataset.card, each.value]));
  const answer = await send("/checkout/card", sent);
  if (answer.status !== 200) return (wrong.textContent = answer.message || FAILED);
  veil.hidden = true;
  again("/parts/payment");
}

// ---- every page ----------------------------------------------------------------------------------

document.addEventListener("change", (event) => {
  if (event.target.name === "pieces") changeLine(event.target, Number(event.target.value));
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const heart = target.closest("[data-heart]");
  if (heart) return heart.classList.toggle("on");
  const remove = target.closest("[data-remove]");
  if (remove) return changeLine(remove, 0);
  const open = target.closest("[data-open]");
  if (open) return (document.getElementById(open.dataset.open).hidden = false);
  if (target.closest("[data-close]")) return (target.closest(".veil, .cover").hidden = true);
  if (target.closest("[data-save-card]")) return saveCard(target.closest(".veil, .cover"));
  const go = target.closest("[data-go]");
  if (go && !target.closest("a")) location.assign(go.dataset.go);
});

// A form that was sent is not sent again by a second click.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && event.target.method === "post") setTimeout(() => (button.disabled = true), 0);
});
addEventListener("pageshow", () => $$("button[type='submit']").forEach((each) => (each.disabled = false)));

if (news) {
  // Tabs of one customer tell each other what is in the cart.
  news.onmessage = (event) => {
    if ($("[data-count]").textContent === String(event.data)) return;
    showCount(event.data);
    again("/parts/cart", "/parts/items", "/parts/summary");
  };
  news.postMessage(Number($("[data-count]").textContent));
}
for (const form of $$("[data-find]")) startSearch(form);
if ($("#results")) startResults($("#results"));
if ($("[data-buy]")) startBuying($("[data-buy]"));
if ($("#checkout form")) startCheckout($("#checkout form"));
