// What Dashdish's tools do inside the page, after the common in_page.js.
// They are written against what a reader of the page sees: names, prices, buttons, headings.

// Waits for what follows a click, which the site may answer with a complaint instead.
async function until(condition) {
  const toast = $("#toast");
  const complaint = () => (toast.hidden || !text(toast).startsWith("That did not") ? "" : text(toast));
  const found = await when(() => condition() || complaint());
  if (found === complaint()) throw new Error(`the site said: ${found}`);
  return found;
}

// To be called before the click: what was complained of earlier is not an answer to it.
function press(button) {
  $("#toast").hidden = true;
  button.click();
}

// Press the box's "more" button until there is none, or until enough has been seen.
async function unfold(selector, enough) {
  for (;;) {
    const box = await settled(selector);
    const more = $(".more .btn", box);
    if (!more || enough(box)) return box;
    const count = () => $$(":scope > :not(.more)", box).length;
    const before = count();
    more.click();
    await settled(selector);
    if (count() === before) throw new Error("the list did not go on");
  }
}

// ---- observe -------------------------------------------------------------------------------------

function observe() {
  const badge = $(".bag__n");
  const seen = { page: "other" };
  if (badge) seen.cart = text(badge) === "0" ? "empty" : "filled";
  const home = $("main#home");
  const store = $("main#store");
  if (home) {
    seen.page = "home";
    seen.selected_store = null;
    seen.filtered_by = home.dataset.category || home.dataset.q || null;
  } else if (store) {
    seen.page = "store";
    seen.selected_store = text($("h1", store));
    seen.filtered_by = null;
  } else if ($("main#checkout form")) seen.page = "checkout";
  else if ($("main#placed")) seen.page = "order_confirmation";
  else if ($("main#orders")) seen.page = "orders";
  return seen;
}

// ---- home ----------------------------------------------------------------------------------------

async function listStores() {
  const box = await unfold("#list", () => false);
  return $$(".card", box).map((card) => {
    const flag = text($(".flag", card));
    const [first, second] = $$(".card__ln", card);
    const [rating, count, cuisine, level] = $$("span", first).map(text);
    const [minutes, fee] = $$("span", second).map(text);
    return {
      name: text($(".card__nm", card)),
      cuisine,
      rating: number(rating),
      review_count: number(count),
      minutes: number(minutes),
      delivery_fee: fee ? money(fee.replace(/ delivery fee$/, "")) : null,
      price_level: level.length,
      offers_delivery: flag !== "Pickup only",
      offers_pickup: flag !== "Delivery only",
    };
  });
}

function listCategories() {
  return $$(".chip").map((chip) => ({ name: text(chip) }));
}

async function filterByCategory(name) {
  const chip = $$(".chip").find((each) => same(text(each), name));
  if (!chip) return { names: $$(".chip").map(text) };
  if (!chip.classList.contains("on")) chip.click();
  await settled("#list");
  return { names: [] };
}

function search(query) {
  $(".find input").value = query;
  leave(() => $(".find").requestSubmit());
}

// Open the store, if the list has it; otherwise say which ones it has.
async function openStore(name) {
  const shown = () => $$("#list .card, #front:not([hidden]) #rails .card");
  const find = () => shown().find((card) => same(text($(".card__nm", card)), name));
  if (!find()) await unfold("#list", find);
  const card = find();
  if (!card) return { names: shown().map((each) => text($(".card__nm", each))) };
  leave(() => card.click());
  return { path: card.dataset.go };
}

async function clearFilter() {
  $(".clear").click();
  await settled("#list");
}

// ---- store ---------------------------------------------------------------------------------------

function storeDetails() {
  const [delivery, fee, pickup] = $$(".facts dd").map(text);
  const minutes = (words) => (words === "Not offered" ? null : number(words));
  return {
    name: text($("h1")),
    cuisine: text($(".about .kind")),
    rating: number(text($(".about .star"))),
    review_count: number(text($(".about__n"))),
    price_level: text($(".about__level")).length,
    offers_delivery: minutes(delivery) !== null,
    delivery_minutes: minutes(delivery),
    delivery_fee: fee === "–" ? null : money(fee),
    offers_pickup: minutes(pickup) !== null,
    pickup_minutes: minutes(pickup),
    categories: $$(".about .tag").map(text),
  };
}

function readDish(dish) {
  return {
    name: text($(".dish__nm", dish)),
    price: money(text($(".dish__pr > span", dish))),
    section: text($("h3", dish.closest(".part"))),
    description: text($(".dish__ds", dish)),
    available: !$(".gone", dish),
  };
}

async function listMenu() {
  return $$(".part .dish", await settled("#menu")).map(readDish);
}

async function listReviews(limit) {
  const enough = (box) => limit !== null && $$(".say", box).length >= limit;
  const box = await unfold("#reviews", enough);
  const reviews = $$(".say", box).map((say) => ({
    reviewer: text($(".say__who", say)),
    rating: number($(".say__st", say).title.split(" ")[0]),
    text: text($("p", say)),
    date: text($("small", say)),
  }));
  return limit === null ? reviews : reviews.slice(0, limit);
}

async function openDish(name) {
  const dishes = $$(".part .dish", await settled("#menu"));
  const dish = dishes.find((each) => same(text($(".dish__nm", each)), name));
  if (!dish) return { names: dishes.map((each) => text($(".dish__nm", each))) };
  const seen = readDish(dish);
  if (!seen.available) return { seen };
  press(dish);
  return { seen, sheet: await until(() => $("#sheet:not([hidden]) .sheet")) };
}

function readOptions(sheet) {
  return $$("fieldset", sheet).flatMap((group) =>
    $$(".opt", group).map((option) => ({
      group: text($("legend", group)),
      name: text($(".opt__nm", option)),
      extra_price: money(text($(".opt__pr", option)) || "$0"),
      included: $("input", option).checked,
    })),
  );
}

async function itemDetails(name) {
  const { names, seen, sheet } = await openDish(name);
  if (names) return { names };
  if (!sheet) return { item: { ...seen, options: [] } };
  const options = readOptions(sheet);
  $(".sheet__x", sheet).click();
  return { item: { ...seen, options } };
}

// Tick the options; the first that cannot be ticked is returned, with those that there are.
function tickOptions(sheet, wanted) {
  const taken = new Set();
  for (const wish of wanted) {
    const found = $$(".opt", sheet).filter((option) => {
      const label = text($(".opt__nm", option));
      const group = text($("legend", option.closest("fieldset")));
      return same(wish, label) || same(wish, `${group}: ${label}`);
    });
    const single = found.length === 1 && $("input", found[0]).type === "radio";
    const clash = single && taken.has($("input", found[0]).name);
    if (found.length !== 1 || clash) return wish;
    if (single) taken.add($("input", found[0]).name);
    if (!$("input", found[0]).checked) $("input", found[0]).click();
  }
  return null;
}

async function addToCart({ name, quantity, wanted }) {
  const { names, seen, sheet } = await openDish(name);
  if (names) return { names };
  if (!sheet) return { refused: `${seen.name} is sold out` };
  const wrong = tickOptions(sheet, wanted);
  if (wrong !== null) {
    const labels = readOptions(sheet).map((option) => option.name);
    $(".sheet__x", sheet).click();
    return { wrong, labels };
  }
  for (let count = 1; count < quantity; count += 1) $("[data-step='1']", sheet).click();
  const chosen = $$(".opt", sheet).filter((option) => $("input", option).checked);
  const added = {
    name: seen.name,
    quantity: Number(text($(".step__n", sheet))),
    options: chosen.map((option) => text($(".opt__nm", option))),
    price: money(text($(".sheet__add span", sheet))),
  };
  press($(".sheet__add", sheet));
  const problem = await until(() => {
    if ($("#sheet").hidden) return "none";
    return text($("#sheet .ask p")) || text($("#sheet .sheet__err"));
  });
  if (problem === "none") return { added };
  if (problem.startsWith("That did not")) throw new Error("whether it was added is not known");
  ($("#sheet .ask .btn--line") || $("#sheet .sheet__x")).click();
  return { refused: problem };
}
