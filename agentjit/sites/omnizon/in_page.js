// What Omnizon's tools do inside the page, after the common in_page.js: looking around and products.
// They are written against what a reader of the page sees: names, prices, labels, headings; so they
// work in both layouts. Parts that load late are known by the address that they come from.

const isStars = (piece) => /^\d\.\d out of 5$/.test(piece);
const isCount = (piece) => /^\([\d,]+\)$/.test(piece);
const isPrice = (piece) => /^\$\d[\d,]*\.\d\d$/.test(piece);
const isPieces = (piece) => /^Qty: \d+$/.test(piece);
const isColor = (piece) => piece.startsWith("Color: ");

const RESULTS = "[data-late^='/parts/results']";
const REVIEWS = "[data-late$='/reviews']";

// Where an element leads to: links say it in one attribute, what is merely clicked in another.
const leads = (element) => element.getAttribute("href") || element.dataset.go;
const leading = (root, path) =>
  $$("[href], [data-go]", root).filter((each) => leads(each).startsWith(path));

// Go where an element leads to. One of a page that was only read cannot be clicked.
function follow(element) {
  leave(() => (element.isConnected && shown(element) ? element.click() : location.assign(leads(element))));
}

// Waits for what follows a click, which the site may answer with a complaint instead.
async function until(condition) {
  const toast = $("#toast");
  const complaint = () => (toast.hidden || !text(toast).startsWith("That did not") ? "" : text(toast));
  const found = await when(() => condition() || complaint());
  if (found === complaint()) throw new Error(`the site said: ${found}`);
  return found;
}

// To be called before the click: what was said earlier is not an answer to it.
function press(button) {
  $("#toast").hidden = true;
  $("#toast").textContent = "";
  button.click();
}

// A late part of this page, when it has come. Its box is there from the beginning, or never.
function part(selector) {
  if (!$(selector)) throw new Error(`this page has no ${selector.match(/'[^\w]*(.*)'/)[1]}`);
  return settled(selector);
}

async function load(path) {
  const headers = { accept: "text/html", "x-layout": document.documentElement.dataset.layout || "" };
  const answer = await fetch(path, { headers });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html").body;
}

// All pages of a list, one after another, whichever this tab shows. Those that it links to by number
// are loaded at the same time, once the first is not enough.
async function* pagesOf(selector) {
  let box = await part(selector);
  const path = selector.match(/'(.*)'/)[1];
  const asked = new URL(location.href).searchParams;
  if (Number(asked.get("page")) > 1) {
    asked.delete("page");
    box = await load(`${path}?${asked}`);
  }
  const coming = new Map();
  const ask = (link) => {
    const { search } = new URL(leads(link), location.href);
    if (!coming.has(search)) coming.set(search, load(path + search));
    return coming.get(search);
  };
  for (;;) {
    yield box;
    const links = $$("nav *", box).filter(leads);
    const next = links.find((each) => same(text(each), "Next"));
    if (!next) return;
    // Who goes no further does not hear of a page that does not load.
    for (const each of links.filter((link) => Number(text(link)) > 1)) ask(each).catch(() => {});
    box = await ask(next);
  }
}

// ---- form fields ---------------------------------------------------------------------------------

// What a field offers: the values of its options or buttons; null for one that takes any text.
function offers(field) {
  if (field instanceof RadioNodeList) return [...field].map((each) => each.value);
  if (field.type === "radio") return [field.value];
  return field.options ? [...field.options].map((each) => each.value) : null;
}

// Set a field as a person does; false where the value is not offered.
function put(field, value) {
  const offered = offers(field);
  const found = offered ? offered.find((each) => same(each, value)) : value;
  if (found === undefined) return false;
  const radios = field instanceof RadioNodeList ? [...field] : [field];
  if (radios[0].type === "radio") {
    const radio = radios.find((each) => each.value === found);
    if (!radio.checked) radio.click();
    return true;
  }
  if (field.value === found) return true;
  field.value = found;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// ---- observe -------------------------------------------------------------------------------------

const TITLES = {
  Omnizon: "home",
  Cart: "cart",
  Checkout: "checkout",
  "Order placed": "order_confirmation",
  "Cancel order": "cancellation",
  "Write a review": "review",
  "Your orders": "orders",
};
const TABS = { "buy-again": "orders_buy_again", "not-yet-shipped": "orders_not_shipped", cancelled: "orders_cancelled" };

const inCart = () => $("header [data-count], [role='banner'] [data-count]");
const buyForm = () => $("form[action='/buy']");
const reviewForm = () => $$("form").find((form) => form.elements.rating && form.elements.content);
const orderOf = () => decodeURIComponent(location.pathname.split("/")[2] || "");

function observeProduct(seen) {
  seen.selected_product = document.title.replace(/ · Omnizon$/, "");
  const form = buyForm();
  seen.quantity = form ? Number(form.elements.quantity.value) : null;
  seen.color = form ? form.elements.color.value : null;
}

function observeReview(seen) {
  const { rating, title, content } = reviewForm().elements;
  seen.review_rating = Number(rating.value) || null;
  seen.review_text = title.value.trim() && content.value.trim() ? "filled" : "empty";
}

function observe() {
  const count = inCart();
  if (!count) return { page: "other" };
  const seen = { page: "other", cart: number(text(count)) ? "filled" : "empty" };
  const name = document.title.replace(/ · Omnizon$/, "");
  const { pathname, searchParams } = new URL(location.href);
  if (pathname === "/search") {
    seen.page = "results";
    seen.listed = (searchParams.get("q") || "").replace(/\s+/g, " ").trim() || searchParams.get("category") || null;
    seen.sorted_by = text($("[data-sort]").selectedOptions[0]);
    const form = $("[data-narrow]");
    seen.narrowed = ["min", "max", "stars"].some((each) => form.elements[each].value !== "");
  } else if (pathname.startsWith("/product/") && name !== "Not found") {
    seen.page = "product";
    observeProduct(seen);
  } else if (TITLES[name]) {
    seen.page = TITLES[name];
  }
  if (seen.page === "orders") seen.page = TABS[searchParams.get("tab")] || "orders";
  if (seen.page === "checkout" && !orderForm()) seen.page = "other";
  if (seen.page === "cancellation") seen.selected_order = orderOf();
  if (seen.page === "review") {
    seen.selected_order = orderOf();
    observeReview(seen);
  }
  if (["home", "cart", "orders"].includes(seen.page)) {
    Object.assign(seen, { selected_product: null, selected_order: null, listed: null });
  }
  return seen;
}

// ---- home and results ----------------------------------------------------------------------------

const categories = () => leading($("[data-categories]"), "/search?category=");
const categoryName = (element) => new URL(leads(element), location.href).searchParams.get("category");

const listCategories = () => categories().map((each) => ({ name: categoryName(each) }));

function openCategory(name) {
  const found = categories().find((each) => same(categoryName(each), name));
  if (found) follow(found);
  return found ? { found: true } : { names: categories().map(categoryName) };
}

function search(query) {
  const field = $("input[name='q']");
  field.value = query;
  leave(() => field.form.requestSubmit());
}

function readCard(card) {
  const pieces = plain(card);
  const [name] = marks(card, (piece) => piece && !isStars(piece) && !isCount(piece) && !isPrice(piece))
    .filter((each) => !each.matches("img, svg, svg *") && each.closest("h1, h2, h3, h4, h5, a"))
    .map(text);
  const [price, ...others] = marks(card, isPrice).map(text);
  if (!name || !price || others.length) throw new Error(`a product of the list has no name or no price: "${pieces}"`);
  return {
    name,
    price: money(price),
    rating: number(pieces.find(isStars).replace(" out of 5", "")),
    review_count: number(pieces.find(isCount)),
    available: !pieces.includes("Currently unavailable"),
  };
}

const cards = (box) => entries(box, marks(box, isStars));

async function listResults() {
  const found = [];
  for await (const box of pagesOf(RESULTS)) found.push(...cards(box).map(readCard));
  return found;
}

async function openProduct(name) {
  const names = [];
  for await (const box of pagesOf(RESULTS)) {
    for (const card of cards(box)) {
      const seen = readCard(card).name;
      if (same(seen, name)) {
        follow(leading(card, "/product/")[0]);
        return { found: true };
      }
      names.push(seen);
    }
  }
  return { names };
}

// Both change the address: the caller waits for the page that comes, where one comes.
function sortResults(title) {
  const field = $("[data-sort]");
  const found = [...field.options].find((each) => same(text(each), title));
  if (!found) return { offered: [...field.options].map(text) };
  if (found.selected) return { moved: null };
  leave(() => put(field, found.value));
  return { moved: found.value };
}

function narrowResults({ least, most, stars }) {
  const form = $("[data-narrow]");
  const wanted = { min: least, max: most, stars };
  for (const [name, value] of Object.entries(wanted)) {
    const field = form.elements[name];
    if (name !== "stars") field.value = value;
    else if (!offers(field).includes(value)) return { offered: offers(field).filter(Boolean) };
    else if (field instanceof RadioNodeList) for (const each of field) each.checked = each.value === value;
    else field.value = value;
  }
  leave(() => form.requestSubmit());
  return { moved: true };
}

// ---- product -------------------------------------------------------------------------------------

// What stands below a heading, within the part of the page that the heading is for.
function below(title) {
  const heading = all("heading", $("main")).find((each) => same(text(each), title));
  return heading ? words(heading.parentElement).slice(1) : [];
}

function mostOf(field) {
  const offered = offers(field);
  return offered ? Math.max(...offered.map(Number)) : Number(field.max);
}

function productDetails() {
  const main = $("main");
  const name = document.title.replace(/ · Omnizon$/, "");
  const form = buyForm();
  const heading = all("heading", main).find((each) => same(text(each), name));
  const part = around(heading, isPrice);
  const facts = below("Product details");
  return {
    name,
    price: money(text(marks(part, isPrice)[0])),
    rating: number(words(part).find(isStars).replace(" out of 5", "")),
    review_count: number(words(part).find(isCount)),
    color: form ? form.elements.color.value : facts[facts.indexOf("Color") + 1],
    colors: form ? offers(form.elements.color) : [],
    description: below("About this item").join(" "),
    available: Boolean(form),
    max_quantity: form ? mostOf(form.elements.quantity) : 0,
    attributes: facts.filter((_, place) => place % 2 === 0).map((each, place) => ({ name: each, value: facts[place * 2 + 1] })),
  };
}

function chooseColor(color) {
  const form = buyForm();
  if (!form) return { refused: "it is unavailable" };
  const field = form.elements.color;
  return put(field, color) ? { chosen: field.value } : { offered: offers(field) };
}

function chooseQuantity(quantity) {
  const form = buyForm();
  if (!form) return { refused: "it is unavailable" };
  const field = form.elements.quantity;
  if (quantity < 1 || quantity > mostOf(field)) return { most: mostOf(field) };
  put(field, String(quantity));
  return { chosen: Number(field.value) };
}

const chosen = (form) => ({
  name: document.title.replace(/ · Omnizon$/, ""),
  color: form.elements.color.value,
  quantity: Number(form.elements.quantity.value),
  price: productDetails().price,
});

async function addToCart() {
  const form = buyForm();
  if (!form) return { refused: "it is unavailable" };
  const wrong = $("[role='alert']", form);
  wrong.textContent = "";
  const added = chosen(form);
  press(named("button", "Add to cart", form));
  const said = await until(() => text(wrong) || (text($("#toast")) === "Added to cart" && "added"));
  if (said === "added") return { added };
  if (said.startsWith("That did not")) throw new Error("whether it was added is not known");
  return { refused: said };
}

function buyNow() {
  const form = buyForm();
  if (!form) return { refused: "it is unavailable" };
  const bought = chosen(form);
  leave(() => form.requestSubmit(named("button", "Buy now", form)));
  return { bought };
}

async function listReviews(limit) {
  const isGiven = (piece) => /^\d of 5 stars$/.test(piece);
  const said = () => entries($(REVIEWS), marks($(REVIEWS), isGiven));
  $(REVIEWS).scrollIntoView();
  for (;;) {
    const box = await part(REVIEWS);
    const more = $("[data-more]", box);
    if (!more || (limit !== null && said().length >= limit)) break;
    const before = said().length;
    more.click();
    await part(REVIEWS);
    if (said().length <= before) throw new Error("the list did not go on");
  }
  const reviews = said().map((entry) => {
    const pieces = words(entry);
    const given = pieces.findIndex(isGiven);
    const [reviewer] = pieces;
    const [title, content, date] = pieces.slice(given + 1);
    return { reviewer, rating: number(pieces[given].replace(" of 5 stars", "")), title, text: content, date };
  });
  return limit === null ? reviews : reviews.slice(0, limit);
}
