// What Dashdish's tools do inside the page with the cart, at checkout and with orders.
// It follows in_page.js, and uses what is defined there.

const readRow = (row) => ({
  name: text($(".row__nm", row)),
  quantity: number(text($("b", row))),
  options: $$("small span", row).map(text),
  price: money(text($(".row__pr", row))),
});

// The amount beside a label of a bill; 0 for what is not charged.
function amount(bill, label) {
  const line = $$(".sum", bill).find((each) => text($("span", each)) === label);
  return line ? money(text(line.lastElementChild)) : 0;
}

// What is to be paid in the end: a bill without it cannot be read.
function total(bill) {
  const sums = $$(".sum", bill).map((each) => text($("span", each)));
  if (!sums.includes("Total")) throw new Error("there is no total on the bill");
  return amount(bill, "Total");
}

// ---- cart ----------------------------------------------------------------------------------------

async function openCart() {
  press($(".bag"));
  return until(() => $("#drawer:not([hidden]) .cart"));
}

function closeCart() {
  $("#drawer .round").click();
}

function readCart() {
  const cart = $("#drawer .cart");
  return {
    store: text($(".cart__store", cart)) || null,
    items: $$(".ln", cart).map((line) => ({
      name: text($(".ln__nm", line)),
      quantity: number(text($(".step__n", line))),
      options: $$(".ln__op span", line).map(text),
      price: money(text($(".ln__pr", line))),
    })),
    subtotal: amount(cart, "Subtotal"),
  };
}

async function getCart() {
  await openCart();
  const cart = readCart();
  closeCart();
  return cart;
}

// Press a line's first button (fewer, or out) until the line is gone.
async function takeOut(line) {
  const id = line.dataset.line;
  const find = () => $(`#drawer [data-line="${id}"]`);
  for (let now = find(); now; now = find()) {
    const old = now;
    press($("[data-to]", now));
    await until(() => find() !== old);
  }
}

async function removeFromCart(name) {
  const wanted = (line) => name === null || same(text($(".ln__nm", line)), name);
  await openCart();
  const names = $$("#drawer .ln__nm").map(text);
  const lines = $$("#drawer .ln").filter(wanted);
  for (const line of lines) await takeOut(line);
  closeCart();
  return { removed: lines.length, names };
}

async function goToCheckout() {
  await openCart();
  const link = $("#drawer a[href='/checkout']");
  if (link) leave(() => link.click());
  else closeCart();
  return Boolean(link);
}

// ---- checkout ------------------------------------------------------------------------------------

async function checkoutDetails() {
  const bill = await settled("#bill");
  const form = $("form.pay");
  const chosen = (name) => form.elements[name].value;
  return {
    store: text($(".pay__store")),
    items: $$(".row", form).map(readRow),
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
  await settled("#bill");
  const field = $("form.pay").elements[name];
  const radios = field instanceof RadioNodeList ? [...field] : null;
  if (radios) {
    const radio = radios.find((each) => same(each.value, value) && !each.disabled);
    if (!radio) return { offered: radios.filter((each) => !each.disabled).map((each) => each.value) };
    if (radio.checked) return { offered: null };
    radio.click();
  } else {
    const options = field.options ? [...field.options].map((each) => each.value) : null;
    const found = options ? options.find((each) => same(each, value)) : value;
    if (found === undefined) return { offered: options };
    if (field.value === found) return { offered: null };
    field.value = found;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  await settled("#bill");
  return { offered: null };
}

function placeOrder() {
  const form = $("form.pay");
  leave(() => form.requestSubmit($("button[type='submit']", form)));
}

// ---- orders --------------------------------------------------------------------------------------

function readOrder(box) {
  return {
    order_id: text($(".placed__id", box)),
    store: text($(".placed__store", box)),
    items: $$(".row", box).map(readRow),
    total: total(box),
  };
}

function placedOrder() {
  const refused = $("#refused .refused__why");
  if (refused) return { refused: text(refused) };
  const placed = $("#placed .placed");
  if (!placed) throw new Error("the site answered with neither an order nor a refusal");
  return { order: readOrder(placed) };
}

// The order history, read without leaving the page that the tab shows.
async function listOrders() {
  const answer = await fetch("/orders", { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(`the order history answered ${answer.status}`);
  const history = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!$("main#orders", history)) throw new Error("the order history is not there");
  return $$(".placed", history).map((box) => ({
    ...readOrder(box),
    placed_at: $("time", box).dateTime,
  }));
}
