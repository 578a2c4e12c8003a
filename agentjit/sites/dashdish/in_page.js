// What Dashdish's tools do inside the page, after the common in_page.js.
// They are written against what a reader of the page sees: names, prices, buttons, headings; so
// they work in both layouts. Parts that load late are known by the address that they come from.

const isStars = (piece) => /^★ \d\.\d\d$/.test(piece);
const isCount = (piece) => /^\([\d,]+\)$|^[\d,]+ ratings$/.test(piece);
const isLevel = (piece) => /^\$+$/.test(piece);
const isMinutes = (piece) => /^\d+ min$/.test(piece);
const isPrice = (piece) => /^\$\d[\d,]*\.\d\d$/.test(piece);
const isAge = (piece) => /^(?:yesterday|\d+ days ago)$/.test(piece);

const LIST = "[data-late^='/parts/stores']";
const RAILS = "[data-late='/parts/rails']";
const MENU = "[data-late$='/menu']";
const REVIEWS = "[data-late$='/reviews']";

// Waits for what follows a click, which the site may answer with a complaint instead.
async function until(condition) {
  const toast = $("[role='status']");
  const complaint = () => (toast.hidden || !text(toast).startsWith("That did not") ? "" : text(toast));
  const found = await when(() => condition() || complaint());
  if (found === complaint()) throw new Error(`the site said: ${found}`);
  return found;
}

// To be called before the click: what was complained of earlier is not an answer to it.
function press(button) {
  $("[role='status']").hidden = true;
  button.click();
}

// The button that closes a box: by its name, or the first one where it has none.
const closer = (box) => named("button", "Close", box) || all("button", box)[0];

// Press the box's "more" button until there is none, or until enough has been seen.
async function unfold(selector, enough) {
  for (;;) {
    const box = await settled(selector);
    const more = $("[data-more]", box);
    if (!more || enough(box)) return box;
    const before = words(box).length;
    more.click();
    await settled(selector);
    if (words(box).length <= before) throw new Error("the list did not go on");
  }
}

// ---- observe -------------------------------------------------------------------------------------

const PAGES = { "Your orders": "orders", "Order placed": "order_confirmation", Dashdish: "home" };

// Where the number of pieces in the cart stands, which is on every page of the site.
const cartButton = () =>
  all("button", $("header, [role='banner']") || document.createElement("p")).find((each) =>
    /^(?:Cart )?\(?\d+\)?$/.test(text(each)),
  );

function observe() {
  const button = cartButton();
  if (!button) return { page: "other" };
  const seen = { page: "other", cart: number(text(button)) ? "filled" : "empty" };
  const name = document.title.replace(/ · Dashdish$/, "");
  const address = new URL(location.href);
  if (name in PAGES) seen.page = PAGES[name];
  else if (name === "Checkout" && reading("Place order").length) seen.page = "checkout";
  else if (name !== "Not found" && address.pathname.startsWith("/store/")) {
    seen.page = "store";
    seen.selected_store = name;
    seen.filtered_by = null;
  }
  if (seen.page === "home") {
    const asked = address.searchParams;
    seen.selected_store = null;
    seen.filtered_by = asked.get("category") || (asked.get("q") || "").trim() || null;
  }
  return seen;
}

// What a tool does it does on its own pages only: elsewhere it would wait for what never comes, or
// act on something else.
function only(...pages) {
  const { page } = observe();
  if (!pages.includes(page)) throw new Error(`this is the page "${page}", and not "${pages.join('" or "')}"`);
}

// ---- home ----------------------------------------------------------------------------------------

const cards = (box) => entries(box, marks(box, isStars));

function readCard(card) {
  const flags = ["Pickup only", "Delivery only"];
  const pieces = plain(card).filter((piece) => piece !== "·");
  const find = (fits) => pieces.find(fits) || "";
  const fee = find((piece) => piece.endsWith(" delivery fee"));
  const [name, cuisine] = pieces.filter((piece) => ![isStars, isCount, isLevel, isMinutes].some((is) => is(piece)))
    .filter((piece) => piece !== fee && !flags.includes(piece));
  return {
    name,
    cuisine,
    rating: number(find(isStars)),
    review_count: number(find(isCount)),
    minutes: number(find(isMinutes)),
    delivery_fee: fee ? money(fee.replace(/ delivery fee$/, "")) : null,
    price_level: find(isLevel).length,
    offers_delivery: !pieces.includes("Pickup only"),
    offers_pickup: !pieces.includes("Delivery only"),
  };
}

async function listStores() {
  only("home");
  return cards(await unfold(LIST, () => false)).map(readCard);
}

// A store's page has such a list, too, of the parts of its menu.
function categoryNames() {
  only("home");
  return words($("main nav"));
}

const listCategories = () => categoryNames().map((name) => ({ name }));

async function filterByCategory(wanted) {
  const name = categoryNames().find((each) => same(each, wanted));
  if (!name) return { names: categoryNames() };
  if (observe().filtered_by !== name) reading(name, $("main nav"))[0].click();
  await settled(LIST);
  return { names: [] };
}

function search(query) {
  only("home");
  const field = $("input[name='q']");
  field.value = query;
  leave(() => field.form.requestSubmit());
}

// Open the store, if the list has it; otherwise say which ones it has.
async function openStore(name) {
  only("home");
  const boxes = () => [$(LIST), $(RAILS)].filter((box) => box && shown(box));
  const nameOf = (card) => readCard(card).name;
  const visible = () => boxes().flatMap(cards);
  const find = () => visible().find((card) => same(nameOf(card), name));
  if (!find()) await unfold(LIST, find);
  const card = find();
  if (!card) return { names: visible().map(nameOf) };
  leave(() => reading(name, card)[0].click());
  return { found: true };
}

async function clearFilter() {
  reading("Clear", $("main"))[0].click();
  await settled(LIST);
}

// ---- store ---------------------------------------------------------------------------------------

function storeDetails() {
  only("store");
  const pieces = words($("main")).filter((piece) => piece !== "·");
  const [stars, count, level] = [isStars, isCount, isLevel].map((is) => pieces.findIndex(is));
  const facts = pieces.indexOf("Delivery", level);
  const after = (label) => pieces[pieces.indexOf(label, facts) + 1];
  const minutes = (words) => (words === "Not offered" ? null : number(words));
  return {
    name: document.title.replace(/ · Dashdish$/, ""),
    cuisine: pieces[count + 1],
    rating: number(pieces[stars]),
    review_count: number(pieces[count]),
    price_level: pieces[level].length,
    offers_delivery: minutes(after("Delivery")) !== null,
    delivery_minutes: minutes(after("Delivery")),
    delivery_fee: after("Delivery fee") === "–" ? null : money(after("Delivery fee")),
    offers_pickup: minutes(after("Pickup")) !== null,
    pickup_minutes: minutes(after("Pickup")),
    categories: pieces.slice(level + 1, facts),
  };
}

// A dish has a name, perhaps a description, and what it costs now, which must be an amount.
function readDish(element, part) {
  const notes = ["Deal", "Sold out"];
  const leaves = marks(element, (piece) => !notes.includes(piece));
  const told = leaves.filter((each) => !each.matches("img") && !each.closest(ROLES.button));
  const [name, ...rest] = told.map(text);
  return {
    name,
    price: money(rest.at(-1)),
    section: words(part)[0],
    description: rest.slice(0, -1).join(" "),
    available: !words(element).includes("Sold out"),
  };
}

// The dishes of the full menu, each with a picture, where it stands and as it is read.
async function readMenu() {
  only("store");
  const box = await settled(MENU);
  return $$("section, details", box).flatMap((part) =>
    entries(part, $$("img", part)).map((element) => ({ element, seen: readDish(element, part) })),
  );
}

async function listMenu() {
  return (await readMenu()).map((dish) => dish.seen);
}

const starred = (box) => $$("[title$=' of 5'], [aria-label$=' of 5']", box);

function readReview(mark, review) {
  const pieces = words(review).filter((piece) => !/^★+$/.test(piece));
  const said = pieces.filter((piece) => !isAge(piece));
  return {
    reviewer: said[0],
    rating: number((mark.title || mark.ariaLabel).split(" ")[0]),
    text: said[1],
    date: pieces.find(isAge),
  };
}

async function listReviews(limit) {
  only("store");
  const enough = (box) => limit !== null && starred(box).length >= limit;
  const found = starred(await unfold(REVIEWS, enough));
  const boxes = entries($(REVIEWS), found);
  const reviews = found.map((mark, index) => readReview(mark, boxes[index]));
  return limit === null ? reviews : reviews.slice(0, limit);
}

const dialog = () => all("dialog").find((each) => shown(each) && $("[role='alert']", each));
const question = () => all("dialog").find((each) => shown(each) && reading("Keep it", each).length);

async function openDish(name) {
  const menu = await readMenu();
  const dish = menu.find(({ seen }) => same(seen.name, name));
  if (!dish) return { names: menu.map(({ seen }) => seen.name) };
  if (!dish.seen.available) return { seen: dish.seen };
  press(reading(dish.seen.name, dish.element)[0]);
  return { seen: dish.seen, sheet: await until(dialog) };
}

// The options of a dialog: each a box to tick, and what stands beside it.
function optionsOf(sheet) {
  return $$("fieldset, [role='group']", sheet).flatMap((group) =>
    $$("input", group).map((input) => {
      const [name, extra] = words(input.labels[0]);
      return { input, name, extra, group: text($("legend", group)) || group.ariaLabel };
    }),
  );
}

const readOptions = (sheet) =>
  optionsOf(sheet).map(({ input, name, extra, group }) => ({
    group,
    name,
    extra_price: money(extra || "$0"),
    included: input.checked,
  }));

async function itemDetails(name) {
  const { names, seen, sheet } = await openDish(name);
  if (names) return { names };
  if (!sheet) return { item: { ...seen, options: [] } };
  const options = readOptions(sheet);
  closer(sheet).click();
  return { item: { ...seen, options } };
}

// Tick the options; the first that cannot be ticked is returned.
function tickOptions(sheet, wanted) {
  const taken = new Set();
  for (const wish of wanted) {
    const found = optionsOf(sheet).filter(
      ({ name, group }) => same(wish, name) || same(wish, `${group}: ${name}`),
    );
    const single = found.length === 1 && found[0].input.type === "radio";
    const clash = single && taken.has(found[0].input.name);
    if (found.length !== 1 || clash) return wish;
    if (single) taken.add(found[0].input.name);
    if (!found[0].input.checked) found[0].input.click();
  }
  return null;
}

// Ask for so many: from a list of numbers, or with the button after the number.
function setQuantity(sheet, quantity) {
  const list = $("select", sheet);
  if (list) {
    list.value = String(quantity);
    list.dispatchEvent(new Event("change", { bubbles: true }));
    return Number(list.value);
  }
  const [figure] = marks(sheet, (piece) => /^\d+$/.test(piece));
  const buttons = all("button", figure.parentElement);
  for (let count = 1; count < quantity; count += 1) buttons.at(-1).click();
  return Number(text(figure));
}

async function addToCart({ name, quantity, wanted }) {
  const { names, seen, sheet } = await openDish(name);
  if (names) return { names };
  if (!sheet) return { refused: `${seen.name} is sold out` };
  const wrong = tickOptions(sheet, wanted);
  if (wrong !== null) {
    const labels = readOptions(sheet).map((option) => option.name);
    closer(sheet).click();
    return { wrong, labels };
  }
  const asked = setQuantity(sheet, quantity);
  const add = all("button", sheet).find((each) => text(each).startsWith("Add to cart"));
  const chosen = readOptions(sheet).filter((option) => option.included);
  const added = {
    name: seen.name,
    quantity: asked,
    options: chosen.map((option) => option.name),
    price: money(words(add).at(-1)),
  };
  press(add);
  const problem = await until(() => {
    if (question()) return text($("p", question()));
    return dialog() ? text($("[role='alert']", dialog())) : "none";
  });
  if (problem === "none") return { added };
  if (problem.startsWith("That did not")) throw new Error("whether it was added is not known");
  if (question()) reading("Keep it", question())[0].click();
  else closer(sheet).click();
  return { refused: problem };
}
