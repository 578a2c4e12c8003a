// Dashdish in the browser, in both layouts, after the common late.js: filters, the item dialog,
// the cart drawer, checkout choices.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const news = "BroadcastChannel" in window ? new BroadcastChannel("dashdish") : null;

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

// ---- home ----------------------------------------------------------------------------------------

function showList(home) {
  const { q, category } = home.dataset;
  $("#list-title").textContent = category || (q ? `Results for “${q}”` : "All stores");
  $("#clear").hidden = !(category || q);
  $("#front").hidden = Boolean(category || q);
  for (const chip of home.querySelectorAll("nav [data-category]")) {
    chip.classList.toggle("on", chip.dataset.category === category);
  }
}

function filterBy(home, category) {
  home.dataset.q = "";
  home.dataset.category = category;
  $("input[name='q']").value = "";
  history.pushState({}, "", category ? `/?${new URLSearchParams({ category })}` : "/");
  window.scrollTo(0, 0);
  showList(home);
  late.fill($("#list"), `/parts/stores?${new URLSearchParams({ category })}`);
}

function startHome(home) {
  showList(home);
  addEventListener("popstate", () => location.reload());
  home.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-category]:not(main)");
    if (chip) filterBy(home, chip.classList.contains("on") ? "" : chip.dataset.category);
    if (event.target.closest("#clear")) filterBy(home, "");
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
  store.addEventListener("click", (event) => {
    const dish = event.target.closest("[data-item]");
    if (dish) openSheet(`${base}/item/${dish.dataset.item}`);
    const tab = event.target.closest("[data-tab]");
    if (tab) document.getElementById(tab.dataset.tab).scrollIntoView({ behavior: "smooth" });
  });
}

async function openSheet(url) {
  const veil = $("#sheet");
  try {
    veil.innerHTML = await late.load(url);
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

// How many are wanted: a number between buttons, or a list to choose from.
function quantityOf(sheet) {
  const field = $("[data-quantity]", sheet);
  return Number(field.value ?? field.textContent);
}

function priceSheet() {
  const sheet = $("#sheet [data-cents]");
  const price = $("[data-price]", sheet);
  if (!price) return;
  let cents = Number(sheet.dataset.cents);
  for (const input of sheet.querySelectorAll("input:checked")) cents += Number(input.dataset.cents);
  price.textContent = money(cents * quantityOf(sheet));
}

function readOptions(sheet) {
  return [...sheet.querySelectorAll("[data-group]")].flatMap((group) =>
    [...group.querySelectorAll("input:checked")].map((input) => [group.dataset.group, input.value]),
  );
}

async function addToCart(sheet, replace = false) {
  const sent = {
    store: $("#store").dataset.store,
    item: sheet.dataset.item,
    quantity: quantityOf(sheet),
    options: readOptions(sheet),
    replace,
  };
  const answer = await send("/cart/add", sent).catch(() => ({ message: "That did not work. Try again." }));
  if (answer.other) return askForNewCart(sheet, answer.other);
  if (answer.status !== 200) return ($("[role='alert']", sheet).textContent = answer.message);
  closeSheet();
  showCart(answer);
  say("Added to your cart");
}

function askForNewCart(sheet, other) {
  const ask = document.createElement("div");
  ask.className = "ask";
  ask.setAttribute("role", "alertdialog");
  ask.innerHTML = "<h2>Start a new cart?</h2><p></p><div class='two'><div class='btn btn--line'>Keep it</div><div class='btn'>New cart</div></div>";
  $("p", ask).textContent = `Your cart holds items from ${other}. A new cart leaves those behind.`;
  const [keep, fresh] = ask.querySelectorAll(".btn");
  keep.onclick = closeSheet;
  fresh.onclick = () => addToCart(sheet, true);
  $("#sheet").replaceChildren(ask);
}

// ---- cart ----------------------------------------------------------------------------------------

function showCount(count) {
  $("[data-count]").textContent = count;
}

function showCart(answer) {
  showCount(answer.count);
  news?.postMessage(answer.count);
  if ($("#checkout")) return location.reload();
  if (!$("#drawer").hidden) $("#drawer").innerHTML = answer.drawer;
  const page = $("#cart");
  if (page) {
    page.innerHTML = answer.drawer;
    page.replaceChildren($("[data-cart]", page));
  }
}

async function openDrawer() {
  try {
    $("#drawer").innerHTML = await late.load("/parts/drawer");
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
  const bill = () => late.fill($("#bill"), "/parts/bill");
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
  const heart = target.closest("[data-heart]");
  if (heart) return heart.classList.toggle("on");
  const step = target.closest("[data-step]");
  if (step) {
    const number = $("[data-quantity]", step.parentElement);
    number.textContent = Math.min(20, Math.max(1, Number(number.textContent) + Number(step.dataset.step)));
    return priceSheet();
  }
  const to = target.closest("[data-to]");
  if (to) return changeLine(to);
  const add = target.closest("[data-add]");
  if (add) return addToCart(add.closest("[data-cents]"));
  const go = target.closest("[data-go]");
  if (go) location.assign(go.dataset.go);
  if (target.id === "sheet") closeSheet();
  if (target.id === "drawer") closeDrawer();
});

$("#sheet").addEventListener("change", priceSheet);
if (news) {
  // Tabs of one customer tell each other what is in the cart.
  news.onmessage = (event) => {
    if ($("[data-count]").textContent === String(event.data)) return;
    showCount(event.data);
    if ($("#checkout") || $("#cart")) location.reload();
  };
  news.postMessage(Number($("[data-count]").textContent));
}
if ($("#home")) startHome($("#home"));
if ($("#store")) startStore($("#store"));
if ($("#checkout form")) startCheckout($("#checkout form"));
