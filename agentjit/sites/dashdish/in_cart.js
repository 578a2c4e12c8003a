// What Dashdish's tools do inside the page with the cart, at checkout and with orders.
// It follows in_page.js, and uses what is defined there.

const isPieces = (piece) => /^\d+$/.test(piece);
const isTimes = (piece) => /^\d+×$/.test(piece);
const isOrder = (piece) => /^DD-[0-9A-F]+$/.test(piece);

// A line of a cart or an order: how many of what, with which options, for how much.
function readLine(line, isQuantity) {
  const pieces = plain(line);
  const [name, ...options] = pieces.filter((piece) => !isQuantity(piece) && !isPrice(piece));
  const [prices, quantities] = [pieces.filter(isPrice), pieces.filter(isQuantity)];
  // Of two prices one would be a guess: then the line's own is not where it should be.
  if (prices.length !== 1 || quantities.length !== 1) throw new Error(`"${name}" has no price`);
  return { name, quantity: number(quantities[0]), options, price: money(prices[0]) };
}

const readRows = (box) =>
  marks(box, isTimes).map((mark) => readLine(around(mark, isPrice), isTimes));

// The amount that follows a label of a bill; 0 for what is not charged.
function amount(bill, label) {
  const pieces = words(bill);
  return pieces.includes(label) ? money(pieces[pieces.indexOf(label) + 1]) : 0;
}

// What is to be paid in the end: a bill without it cannot be read.
function total(bill) {
  if (!words(bill).includes("Total")) throw new Error("there is no total on the bill");
  return amount(bill, "Total");
}

// ---- cart ----------------------------------------------------------------------------------------

const findCart = () =>
  $$("aside, [role='dialog']").find((each) => shown(each) && /Your cart (?:from|is empty)/.test(text(each)));

async function openCart() {
  press(cartButton());
  return until(findCart);
}

const closeCart = () => closer(findCart()).click();

const cartLines = () => marks(findCart(), isPieces).map((mark) => around(mark, isPrice));
const nameOf = (line) => readLine(line, isPieces).name;

async function getCart() {
  const cart = await openCart();
  const pieces = words(cart);
  const from = pieces.indexOf("Your cart from");
  const read = {
    store: from < 0 ? null : pieces[from + 1],
    items: cartLines().map((line) => readLine(line, isPieces)),
    subtotal: amount(cart, "Subtotal"),
  };
  closeCart();
  return read;
}

// Press a line's button for none, or else the first, for one fewer, until the line is gone.
async function takeOut(line) {
  const key = (each) => JSON.stringify([nameOf(each), readLine(each, isPieces).options]);
  const wanted = key(line);
  const find = () => cartLines().find((each) => key(each) === wanted);
  for (let now = find(); now; now = find()) {
    const old = now;
    press(named("button", "Remove", now) || all("button", now)[0]);
    await until(() => find() !== old);
  }
}

async function removeFromCart(name) {
  if (observe().page === "checkout") throw new Error("at checkout the cart cannot be changed");
  await openCart();
  const names = cartLines().map(nameOf);
  const lines = cartLines().filter((line) => name === null || same(nameOf(line), name));
  for (const line of lines) await takeOut(line);
  closeCart();
  return { removed: lines.length, names };
}

async function goToCheckout() {
  only("home", "store");
  const [link] = reading("Go to checkout", await openCart());
  if (link) leave(() => link.click());
  else closeCart();
  return Boolean(link);
}

// ---- checkout ------------------------------------------------------------------------------------

const BILL = "[data-late='/parts/bill']";
const orderForm = () => $("form[action='/checkout/place']");

async function checkoutDetails() {
  only("checkout");
  const bill = await settled(BILL);
  const form = orderForm();
  const chosen = (name) => form.elements[name].value;
  const pieces = words(form);
  return {
    store: pieces[pieces.indexOf("Your order from") + 1],
    items: readRows(form),
    subtotal: amount(bill, "Subtotal"),
    delivery_fee: amount(bill, "Delivery fee"),
    express_fee: amount(bill, "Express fee"),
    service_fee: amount(bill, "Service fee"),
    tax: amount(bill, "Estimated tax"),
    tip: amount(bill, "Courier tip"),
    total: total(bill),
    method: chosen("method"),
    delivery_option: chosen("delivery_option"),
    delivery_time: chosen("delivery_option") === "Schedule" ? chosen("slot") : null,
    address: chosen("address"),
    drop_off: chosen("drop_off"),
    instructions: chosen("instructions"),
    payment: chosen("payment"),
  };
}

// Make a choice of the checkout form; says what there is to choose where the value is not offered.
async function choose({ name, value }) {
  only("checkout");
  await settled(BILL);
  const field = orderForm().elements[name];
  const radios = field instanceof RadioNodeList ? [...field] : null;
  if (radios) {
    const radio = radios.find((each) => same(each.value, value) && !each.disabled);
    if (!radio) return { offered: radios.filter((each) => !each.disabled).map((each) => each.value) };
    if (radio.checked) return { offered: null };
    radio.click();
  } else {
    const offered = field.options ? [...field.options].filter((each) => !each.disabled) : null;
    const found = offered ? offered.map((each) => each.value).find((each) => same(each, value)) : value;
    if (found === undefined) return { offered: offered.map((each) => each.value) };
    if (field.value === found) return { offered: null };
    field.value = found;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  await settled(BILL);
  return { offered: null };
}

function placeOrder() {
  only("checkout");
  const form = orderForm();
  leave(() => form.requestSubmit(named("button", "Place order", form)));
}

// ---- orders --------------------------------------------------------------------------------------

const readOrders = (page) =>
  marks(page, isOrder).map((mark) => {
    const box = around(mark, (piece) => piece === "Total");
    const pieces = words(box);
    return {
      box,
      order: {
        order_id: text(mark),
        store: pieces[pieces.indexOf("Store") + 1],
        items: readRows(box),
        total: total(box),
      },
    };
  });

function placedOrder() {
  const pieces = words($("main") || document.body);
  const refused = pieces.indexOf("Your order was not placed");
  if (refused >= 0) return { refused: pieces[refused + 1] };
  const [placed] = readOrders(document);
  if (!placed) throw new Error("the site answered with neither an order nor a refusal");
  return { order: placed.order };
}

// The order history, read without leaving the page that the tab shows.
async function listOrders() {
  const answer = await fetch("/orders", { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(`the order history answered ${answer.status}`);
  const history = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!history.title.startsWith("Your orders")) throw new Error("the order history is not there");
  return readOrders(history).map(({ box, order }) => ({ ...order, placed_at: $("time", box).dateTime }));
}
