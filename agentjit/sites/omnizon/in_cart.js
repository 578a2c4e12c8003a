// What Omnizon's tools do in the cart and at checkout. It follows in_page.js.

const CART = "[data-late='/parts/cart']";
const ITEMS = "[data-late='/parts/items']";
const PAYMENT = "[data-late='/parts/payment']";
const SUMMARY = "[data-late='/parts/summary']";

const orderForm = () => $("form[action='/checkout/place']");

// The amount that follows a label of a bill, which has to be there.
function amount(bill, label) {
  const pieces = words(bill);
  if (!pieces.includes(label)) throw new Error(`there is no "${label}" on the bill`);
  return money(pieces[pieces.indexOf(label) + 1]);
}

// ---- lines of the cart, and of the checkout ------------------------------------------------------

const linesBox = () => part($(CART) ? CART : ITEMS);

// A line: where its number of pieces can be changed, and what the line says.
function readLines(box) {
  return $$("[name='pieces']", box).map((field) => {
    const entry = around(field, isPrice);
    const options = [...(field.options || [])].map(text);
    const pieces = plain(entry).filter((piece) => !options.includes(piece));
    const [prices, colors] = [pieces.filter(isPrice), pieces.filter(isColor)];
    const [name] = pieces.filter((piece) => !isPrice(piece) && !isColor(piece));
    if (prices.length !== 1 || colors.length !== 1) throw new Error(`"${name}" has no price`);
    const color = colors[0].replace("Color: ", "");
    return { field, entry, item: { name, color, quantity: Number(field.value), price: money(prices[0]) } };
  });
}

async function getCart() {
  const box = await part(CART);
  const items = readLines(box).map((line) => line.item);
  const pieces = words(box);
  const at = pieces.findIndex((piece) => piece.startsWith("Subtotal ("));
  return { items, subtotal: at < 0 ? 0 : money(pieces[at + 1]) };
}

// The one line of a product; where it is there in several colours the colour has to be said.
async function findLine({ name, color }) {
  const lines = readLines(await linesBox());
  const found = lines.filter(
    ({ item }) => same(item.name, name) && (color === null || same(item.color, color)),
  );
  if (found.length === 1) return { line: found[0] };
  return { names: lines.map(({ item }) => item.name), several: found.map(({ item }) => item.color) };
}

// After a change of a line all parts of the page that follow from it are asked for again.
async function changed() {
  await linesBox();
  if ($(SUMMARY)) await part(SUMMARY);
}

async function changeQuantity(wanted) {
  const { line, names, several } = await findLine(wanted);
  if (!line) return { names, several };
  if (line.item.quantity === wanted.quantity) return { item: line.item };
  const box = await linesBox();
  $("#toast").hidden = true;
  const offered = put(line.field, String(wanted.quantity));
  if (!offered) return { refused: "that many are not offered" };
  await until(() => box.getAttribute("aria-busy") === "true" || !line.field.isConnected);
  await changed();
  return { item: (await findLine(wanted)).line.item };
}

async function removeLine(wanted) {
  const { line, names, several } = await findLine(wanted);
  if (!line) return { names, several };
  press(named("button", "Delete", line.entry) || all("button", line.entry)[0]);
  await until(() => !line.field.isConnected);
  await linesBox();
  return { item: line.item };
}

async function emptyCart() {
  for (;;) {
    const [line] = readLines(await part(CART));
    if (!line) return;
    press(named("button", "Delete", line.entry) || all("button", line.entry)[0]);
    await until(() => !line.field.isConnected);
  }
}

async function goToCheckout() {
  const link = reading("Proceed to checkout", await part(CART))[0];
  if (link) follow(link.closest("[href], [data-go]"));
  return Boolean(link);
}

// ---- checkout ------------------------------------------------------------------------------------

async function formReady() {
  for (const each of [ITEMS, PAYMENT, SUMMARY]) await part(each);
  return orderForm();
}

// What is said beside each choice of a field: in its label, or in its line of a list.
function choices(form, name) {
  const field = form.elements[name];
  const options = field.options ? [...field.options] : field instanceof RadioNodeList ? [...field] : [field];
  return options.map((each) => ({
    value: each.value,
    selected: each.value === field.value,
    said: each.labels ? words(each.labels[0]) : text(each).split(" · "),
  }));
}

const deliveryOptions = (form) =>
  choices(form, "day").map(({ value, selected, said }) => ({
    date: value,
    label: said[0],
    shipping: said[1].startsWith("FREE") ? 0 : money(said[1].replace(" shipping", "")),
    selected,
  }));

async function listDeliveryOptions() {
  return deliveryOptions(await formReady());
}

async function listCards() {
  const form = await formReady();
  return choices(form, "card").map(({ value, selected }) => ({ last_digits: value, selected }));
}

async function listAddresses() {
  const form = await formReady();
  return choices(form, "address").map(({ value, selected }) => ({ address: value, selected }));
}

async function checkoutDetails() {
  const form = await formReady();
  const bill = $(SUMMARY);
  const delivery = deliveryOptions(form).find((each) => each.selected);
  return {
    items: readLines($(ITEMS)).map((line) => line.item),
    subtotal: amount(bill, "Items"),
    shipping: amount(bill, "Shipping"),
    tax: amount(bill, "Estimated tax"),
    total: amount(bill, "Order total"),
    delivery_date: delivery.date,
    delivery_label: delivery.label,
    address: form.elements.address.value,
    card: `Card ending in ${form.elements.card.value}`,
  };
}

// Make a choice by its value or by what stands beside it.
async function choose({ name, value }) {
  const form = await formReady();
  const offered = choices(form, name);
  const found = offered.find((each) => same(each.value, value) || same(each.said[0], value));
  if (!found) return { offered: offered.map((each) => each.value) };
  if (found.selected) return { offered: null };
  $("#toast").hidden = true;
  put(form.elements[name], found.value);
  await until(() => $(SUMMARY).getAttribute("aria-busy") === "false");
  await part(SUMMARY);
  return { offered: null };
}

async function addCard(card) {
  await formReady();
  named("button", "Add a credit or debit card").click();
  const sheet = await when(() => all("dialog").find(shown));
  const field = (name) => $(`[data-card='${name}']`, sheet);
  for (const [name, value] of Object.entries(card)) {
    if (!put(field(name), value)) return closeCard(sheet, `${name} ${value} is not offered`);
  }
  const wrong = $("[role='alert']", sheet);
  press(named("button", "Add your card", sheet));
  const said = await when(() => text(wrong) || (!shown(sheet) && "added"));
  if (said.startsWith("That did not")) throw new Error("whether the card was added is not known");
  if (said !== "added") return closeCard(sheet, said);
  const form = await formReady();
  return { last_digits: form.elements.card.value };
}

function closeCard(sheet, refused) {
  (named("button", "Close", sheet) || all("button", sheet)[0]).click();
  return { refused };
}

// The form carries lines and choices, which may still be on their way.
async function placeOrder() {
  const form = await formReady();
  leave(() => form.requestSubmit(named("button", "Place your order", form)));
}

function placedOrder() {
  const pieces = words($("main") || document.body);
  const refused = pieces.findIndex((piece) => /^Your order was not/.test(piece));
  if (refused >= 0) return { refused: pieces[refused + 1] };
  if (!pieces.includes("Order #")) throw new Error("the site answered with neither an order nor a refusal");
  return {
    order: {
      order_id: pieces[pieces.indexOf("Order #") + 1],
      items: readGoods($("main")),
      total: amount($("main"), "Order total"),
    },
  };
}
