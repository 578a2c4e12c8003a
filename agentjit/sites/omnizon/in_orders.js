// What Omnizon's tools do with orders, with cancelling and with reviews. It follows in_cart.js.

const ORDERS = "[data-late^='/parts/orders']";
const STATUSES = ["Not yet shipped", "Shipped", "Delivered", "Cancelled"];
const isNumber = (piece) => /^\d{3}-\d{7}-\d{7}$/.test(piece);
const isDay = (piece) => /^[A-Z][a-z]+ \d{1,2}, \d{4}$/.test(piece);
const MONTHS = "January February March April May June July August September October November December".split(" ");

// July 21, 2025 -> 2025-07-21
function isoDay(piece) {
  const [month, day, year] = piece.replace(",", "").split(" ");
  const place = MONTHS.indexOf(month) + 1;
  if (!place) throw new Error(`"${piece}" is not a day`);
  return `${year}-${String(place).padStart(2, "0")}-${day.padStart(2, "0")}`;
}

// What was bought: each of it has its own number of pieces.
function readGoods(box) {
  return marks(box, isPieces).map((mark) => {
    const pieces = plain(around(mark, isPrice));
    const [name] = pieces.filter((piece) => !isPieces(piece) && !isColor(piece) && !isPrice(piece));
    const prices = pieces.filter(isPrice);
    if (prices.length !== 1) throw new Error(`"${name}" has no price`);
    return {
      name,
      color: pieces.find(isColor).replace("Color: ", ""),
      quantity: number(text(mark).replace("Qty: ", "")),
      price: money(prices[0]),
    };
  });
}

function readOrder(mark) {
  const box = around(mark, (piece) => STATUSES.includes(piece));
  const pieces = words(box);
  const after = (label) => pieces[pieces.indexOf(label) + 1];
  const status = pieces.find((piece) => STATUSES.includes(piece));
  const expected = pieces.map((piece) => piece.replace(/^(?:Expected|Arrived) /, "")).filter(isDay)[1];
  return {
    box,
    order: {
      order_id: text(mark),
      placed_on: isoDay(after("Order placed")),
      status,
      total: money(after("Total")),
      items: readGoods(box),
      arrives_on: status === "Cancelled" ? null : isoDay(expected),
      can_cancel: leading(box, `/orders/${text(mark)}/cancel`).length > 0,
    },
  };
}

const readOrders = (box) => marks(box, isNumber).map(readOrder);

async function listOrders() {
  const found = [];
  for await (const box of pagesOf(ORDERS)) found.push(...readOrders(box).map(({ order }) => order));
  return found;
}

// All orders of a tab, read without leaving the page that this tab shows.
async function listTab(tab) {
  const found = [];
  for (let page = 1; ; page += 1) {
    const box = await load(`/parts/orders?${new URLSearchParams({ tab, page })}`);
    found.push(...readOrders(box).map(({ order }) => order));
    if (!$$("nav *", box).some((each) => same(text(each), "Next"))) return found;
  }
}

async function listBuyAgain() {
  const box = await part(ORDERS);
  return entries(box, marks(box, isPrice)).map((entry) => {
    const pieces = plain(entry);
    return { name: pieces.find((piece) => !isPrice(piece)), price: money(pieces.find(isPrice)) };
  });
}

function openTab(title) {
  const tab = reading(title, $("[data-tabs]"))[0].closest("[href], [data-go]");
  if (tab.getAttribute("aria-current") !== "page") follow(tab);
}

async function findOrders(fits) {
  const ids = [];
  for await (const box of pagesOf(ORDERS)) {
    for (const { box: entry, order } of readOrders(box)) {
      const found = fits(entry, order);
      if (found) return { found };
      ids.push(order.order_id);
    }
  }
  return { ids };
}

async function openCancel(id) {
  const { found, ids } = await findOrders((entry, order) => order.order_id === id && { entry, order });
  if (!found) return { ids };
  const [link] = leading(found.entry, `/orders/${id}/cancel`);
  if (!link) return { refused: found.order.status };
  follow(link);
  return { found: true };
}

// ---- cancelling ----------------------------------------------------------------------------------

const cancelForm = () => $$("form").find((form) => form.action.endsWith("/cancel"));

function cancellationDetails() {
  const form = cancelForm();
  const pieces = words(form);
  const after = (label) => pieces[pieces.indexOf(label) + 1];
  return {
    order_id: after("Order #"),
    placed_on: isoDay(after("Order placed")),
    items: readGoods(form),
    total: money(after("Total")),
  };
}

function chooseReason(reason) {
  const field = cancelForm().elements.reason;
  return { offered: put(field, reason) ? null : offers(field).slice(1) };
}

function cancelOrder() {
  const form = cancelForm();
  leave(() => form.requestSubmit(named("button", "Cancel order", form)));
  return cancellationDetails();
}

// What the page that came says: a notice that something was done, or why it was not.
function outcome(done) {
  const notices = $$("[role='status']").map(text).filter(Boolean);
  const found = notices.find((each) => each.endsWith(done));
  if (found) return { done: found };
  const pieces = words($("main") || document.body);
  const refused = pieces.findIndex((piece) => /^Your order was not/.test(piece));
  if (refused >= 0) return { refused: pieces[refused + 1] };
  const wrong = text($("main [role='alert']"));
  if (wrong) return { refused: wrong };
  throw new Error("the site said neither that it was done nor that it was not");
}

// ---- reviews -------------------------------------------------------------------------------------

async function openReview({ name, order }) {
  const names = [];
  const { found } = await findOrders((entry, seen) => {
    if (order !== null && seen.order_id !== order) return null;
    names.push(...seen.items.map((item) => item.name));
    if (!seen.items.some((item) => same(item.name, name))) return null;
    const mark = marks(entry, isPieces).find((each) => plain(around(each, isPrice)).some((piece) => same(piece, name)));
    const [link] = leading(around(mark, (piece) => piece === "Write a review"), `/orders/${seen.order_id}/review/`);
    return { link, id: seen.order_id };
  });
  if (!found) return { names };
  follow(found.link);
  return { order_id: found.id };
}

function rateProduct(rating) {
  return put(reviewForm().elements.rating, String(rating));
}

function writeReview({ title, content }) {
  put(reviewForm().elements.title, title);
  put(reviewForm().elements.content, content);
}

function reviewDraft() {
  const form = reviewForm();
  const { rating, title, content } = form.elements;
  return {
    product: text($("[data-reviewed]", form)),
    order_id: orderOf(),
    rating: Number(rating.value),
    title: title.value,
    content: content.value,
  };
}

function submitReview() {
  const form = reviewForm();
  const draft = reviewDraft();
  leave(() => form.requestSubmit(named("button", "Submit", form)));
  return draft;
}

// The reviews that were written, read without leaving the page that this tab shows.
async function listMyReviews() {
  const box = await load("/parts/my-reviews");
  const isGiven = (piece) => /^\d of 5 stars$/.test(piece);
  return marks(box, isGiven).map((mark) => {
    const pieces = words(mark.closest("[data-mine]"));
    const given = pieces.findIndex(isGiven);
    return {
      product: pieces[0],
      rating: number(pieces[given].replace(" of 5 stars", "")),
      title: pieces[given + 1],
      content: pieces.slice(given + 2).join("\n"),
    };
  });
}
