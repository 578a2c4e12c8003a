// Dashdish in the browser: parts that load late, the item dialog, the cart drawer, checkout choices.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const news = "BroadcastChannel" in window ? new BroadcastChannel("dashdish") : null;

async function load(url) {
  const answer = await fetch(url, { headers: { accept: "text/html", "x-layout": document.documentElement.dataset.layout } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, ...(await answer.json()) };
}

function say(text) {
  const toast = $("#toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (toast.hidden = true), 2600);
}

// Fill a box with a part of the page; while it loads the box says so to assistive technology.
async function fill(box, url, keep = false) {
  const turn = (box.turn = (box.turn || 0) + 1);
  box.setAttribute("aria-busy", "true");
  try {
    const html = await load(url);
    if (turn !== box.turn) return;
    if (!keep) box.replaceChildren();
    for (const more of box.querySelectorAll(":scope > .more")) more.remove();
    box.insertAdjacentHTML("beforeend", html);
  } catch (error) {
    if (turn !== box.turn) return;
    say("That did not load. Try again.");
    offerRetry(box, () => fill(box, url, keep));
  }
  box.setAttribute("aria-busy", "false");
}

function offerRetry(box, again) {
  const retry = document.createElement("div");
  retry.className = "retry";
  retry.innerHTML = "<div class='btn btn--line'>Try again</div>";
  retry.onclick = () => {
    retry.remove();
    again();
  };
  box.append(retry);
}

// ---- home ----------------------------------------------------------------------------------------

function listUrl(home, page = 0) {
  const { q, category } = home.dataset;
  return `/parts/stores?${new URLSearchParams({ q, category, page })}`;
}

function showList(home) {
  const { q, category } = home.dataset;
  $("#list-title").textContent = category || (q ? `Results for “${q}”` : "All stores");
  $(".clear").hidden = !(category || q);
  $("#front").hidden = Boolean(category || q);
  for (const chip of home.querySelectorAll(".chip")) {
    chip.classList.toggle("on", chip.dataset.category === category);
  }
  return fill($("#list"), listUrl(home));
}

function filterBy(home, category) {
  home.dataset.q = "";
  home.dataset.category = category;
  $(".find input").value = "";
  history.pushState({}, "", category ? `/?${new URLSearchParams({ category })}` : "/");
  window.scrollTo(0, 0);
  showList(home);
}

function startHome(home) {
  fill($("#rails"), "/parts/rails");
  showList(home);
  addEventListener("popstate", () => location.reload());
  home.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-category]:not(main)");
    if (chip) filterBy(home, chip.classList.contains("on") ? "" : chip.dataset.category);
    if (event.target.closest(".clear")) filterBy(home, "");
    const next = event.target.closest(".rail__next");
    if (next) {
      const row = $(".rail__row", next.closest(".rail"));
      row.scrollBy({ left: row.clientWidth * 0.8, behavior: "smooth" });
    }
  });
}

// ---- store ---------------------------------------------------------------------------------------

function startStore(store) {
  const base = `/store/${store.dataset.store}`;
  fill($("#menu"), `${base}/menu`).then(() => fill($("#reviews"), `${base}/reviews?page=0`));
  store.addEventListener("click", (event) => {
    const dish = event.target.closest("[data-item]");
    if (dish && !dish.classList.contains("dish--gone")) openSheet(`${base}/item/${dish.dataset.item}`);
    const tab = event.target.closest(".tabs span");
    if (tab) {
      const part = [...store.querySelectorAll(".part h3")].find((h) => h.textContent === tab.textContent);
      part?.scrollIntoView({ behavior: "smooth" });
    }
  });
}

async function openSheet(url) {
  const veil = $("#sheet");
  try {
    veil.innerHTML = await load(url);
    veil.hidden = false;
    priceSheet();
  } catch (error) {
    say("That did not load. Try again.");
  }
}

function closeSheet() {
  $("#sheet").hidden = true;
  $("#sheet").replaceChildren();
}

function money(cents) {
  return `$${(cents / 100).toFixed(2)}`;
}

function priceSheet() {
  const sheet = $("#sheet .sheet");
  const button = $(".sheet__add span", sheet);
  if (!button) return;
  let cents = Number(sheet.dataset.cents);
  for (const input of sheet.querySelectorAll("input:checked")) cents += Number(input.dataset.cents);
  button.textContent = money(cents * Number($(".step__n", sheet).textContent));
}

function readOptions(sheet) {
  return [...sheet.querySelectorAll("fieldset")].flatMap((group) =>
    [...group.querySelectorAll("input:checked")].map((input) => [$("legend", group).textContent, input.value]),
  );
}

async function addToCart(sheet, replace = false) {
  const sent = {
    store: $("#store").dataset.store,
    item: sheet.dataset.item,
    quantity: Number($(".step__n", sheet).textContent),
    options: readOptions(sheet),
    replace,
  };
  const answer = await send("/cart/add", sent).catch(() => ({ message: "That did not work. Try again." }));
  if (answer.other) return askForNewCart(sheet, answer.other);
  if (answer.status !== 200) return ($(".sheet__err", sheet).textContent = answer.message);
  closeSheet();
  showCart(answer);
  say("Added to your cart");
}

function askForNewCart(sheet, other) {
  const ask = document.createElement("div");
  ask.className = "ask";
  ask.innerHTML = "<h2>Start a new cart?</h2><p></p><div class='two'><div class='btn btn--line'>Keep it</div><div class='btn'>New cart</div></div>";
  $("p", ask).textContent = `Your cart holds items from ${other}. A new cart leaves those behind.`;
  const [keep, fresh] = ask.querySelectorAll(".btn");
  keep.onclick = closeSheet;
  fresh.onclick = () => addToCart(sheet, true);
  $("#sheet").replaceChildren(ask);
}

// ---- cart ----------------------------------------------------------------------------------------

function showCount(count) {
  $(".bag__n").textContent = count;
}

function showCart(answer) {
  showCount(answer.count);
  news?.postMessage(answer.count);
  if ($("#checkout")) return location.reload();
  if (!$("#drawer").hidden) $("#drawer").innerHTML = answer.drawer;
  const page = $("#cart");
  if (page) {
    page.innerHTML = answer.drawer;
    page.replaceChildren($(".cart", page));
  }
}

async function openDrawer() {
  try {
    $("#drawer").innerHTML = await load("/parts/drawer");
    $("#drawer").hidden = false;
  } catch (error) {
    say("That did not load. Try again.");
  }
}

function closeDrawer() {
  $("#drawer").hidden = true;
}

async function changeLine(button) {
  const line = button.closest("[data-line]");
  if (line.dataset.busy) return;
  line.dataset.busy = "yes";
  const answer = await send("/cart/line", { line: line.dataset.line, quantity: Number(button.dataset.to) }).catch(() => ({}));
  delete line.dataset.busy;
  if (answer.status === 200) showCart(answer);
  else say(answer.message || "That did not work. Try again.");
}

// ---- checkout ------------------------------------------------------------------------------------

function startCheckout(form) {
  const bill = () => fill($("#bill"), "/parts/bill");
  bill();
  form.addEventListener("change", async (event) => {
    const { name, value } = event.target;
    $("#bill").setAttribute("aria-busy", "true");
    const answer = await send("/checkout/choose", { [name]: value }).catch(() => ({}));
    if (answer.status !== 200) say(answer.message || "That did not work. Try again.");
    else if (name === "method") form.dataset.method = value;
    else if (name === "delivery_option") form.dataset.when = value;
    bill();
  });
}

// ---- every page ----------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const target = event.target;
  const heart = target.closest(".heart");
  if (heart) return heart.classList.toggle("on");
  const more = target.closest(".more .btn");
  if (more) {
    const box = more.closest("[aria-busy]");
    const page = more.closest(".more").dataset.page;
    if (box.getAttribute("aria-busy") === "true") return;
    return fill(box, box.id === "list" ? listUrl($("#home"), page) : `/store/${$("#store").dataset.store}/reviews?page=${page}`, true);
  }
  const step = target.closest("[data-step]");
  if (step) {
    const number = $(".step__n", step.parentElement);
    number.textContent = Math.min(20, Math.max(1, Number(number.textContent) + Number(step.dataset.step)));
    return priceSheet();
  }
  const to = target.closest("[data-to]");
  if (to) return changeLine(to);
  const add = target.closest(".sheet__add");
  if (add) return addToCart(add.closest(".sheet"));
  const go = target.closest("[data-go]");
  if (go) location.assign(go.dataset.go);
  if (target.id === "sheet") closeSheet();
  if (target.id === "drawer") closeDrawer();
});

$("#sheet").addEventListener("change", priceSheet);
if (news) {
  // Tabs of one customer tell each other what is in the cart.
  news.onmessage = (event) => {
    if ($(".bag__n").textContent === String(event.data)) return;
    showCount(event.data);
    if ($("#checkout") || $("#cart")) location.reload();
  };
  news.postMessage(Number($(".bag__n").textContent));
}
if ($("#home")) startHome($("#home"));
if ($("#store")) startStore($("#store"));
if ($("#checkout .pay")) startCheckout($("#checkout .pay"));
