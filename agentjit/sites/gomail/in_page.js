// What Gomail's tools do inside the page with lists of mails, after the common in_page.js.
// They go by what a reader of the page sees: texts, names of controls, addresses in titles; so they
// work in both layouts. Lists are read from the site and not from the page, which may be older.

const LIST = "[data-late^='/parts/mails']";
const THREAD = "[data-late$='/thread']";

const named_as = (element) => element.getAttribute("aria-label") || element.title || text(element);

// A control by its name: a button, a link, a menu's item, or an option of a list of actions.
function control(name, root = document) {
  const kinds = "button, a[href], [role='button'], [role='menuitem'], option";
  return $$(kinds, root).find((each) => same(named_as(each), name));
}

const main = () => $("main, [role='main']");

// Use a control, by click or by choice.
function use(name, root = document) {
  const element = name instanceof Element ? name : control(name, root);
  if (!element) throw new Error(`there is no “${name}” on this page`);
  if (!element.matches("option")) return element.click();
  const choices = element.closest("select");
  choices.value = element.value;
  choices.dispatchEvent(new Event("change", { bubbles: true }));
}

const fieldNamed = (name, root) =>
  $$("input, textarea", root).find((each) => same(each.getAttribute("aria-label") || text(each.labels[0]), name));

function fill(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// What the site says in answer to something: to be forgotten before the next thing is done.
const toast = () => $("[role='status']");
const said = () => (toast().hidden ? "" : words(toast())[0] || "");
const hush = () => (toast().hidden = true);

// A part of a page as the site has it now; asked for twice where it does not come.
async function part(path) {
  const headers = { accept: "text/html", "x-layout": document.documentElement.dataset.layout };
  const ask = () => fetch(path, { headers }).catch(() => ({ ok: false, status: "nothing" }));
  let answer = await ask();
  if (!answer.ok) answer = await ask();
  if (!answer.ok) throw new Error(`part of the page did not load (${path}: ${answer.status})`);
  return new DOMParser().parseFromString(await answer.text(), "text/html").body;
}

// ---- observe -------------------------------------------------------------------------------------

const current = () => $("nav [aria-current='page']");

function observe() {
  const nowhere = { page: "other" };
  if (!document.title.endsWith("· Gomail") || !$("#side")) return nowhere;
  const address = new URL(location.href);
  const asked = (address.searchParams.get("q") || "").trim() || null;
  const folder = current() ? words(current())[0] : null;
  const seen = { folder: asked ? null : folder, searched_for: asked, selected_email: null };
  if ($(THREAD)) return { ...seen, page: "email_detail", selected_email: address.pathname.split("/")[2] };
  if (!$(LIST)) return nowhere;
  if (asked) return { ...seen, page: "search_results" };
  return { ...seen, page: folder === "Inbox" ? "inbox" : "folder" };
}

// ---- lists ---------------------------------------------------------------------------------------

const ticks = (list) => $$("input[type='checkbox'][value]", list).filter((each) => each.value !== "on");
const pathOf = (list, name) => $$("[data-page]", list).find((each) => same(named_as(each), name))?.dataset.page;

// The texts of a row that nothing else tells of: its subject, and how it begins.
function bare(row) {
  const aside = "[title], time, button, input, select";
  const walker = row.ownerDocument.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const piece = walker.currentNode.data.replace(/\s+/g, " ").trim();
    if (piece && !walker.currentNode.parentElement.closest(aside)) found.push(piece);
  }
  return found;
}

const tagsIn = (root) => $$("[title^='Label ']", root).map(text);
const isUnread = (root) => Boolean($("[title='Unread']", root));
const isStarred = (root) => $$("[role='button'], button", root).some((each) => same(named_as(each), "Starred"));

function readRow(row, tick) {
  const who = $("[title*='@']", row);
  const time = $$("time[datetime]", row).find((each) => !each.closest("[title]"));
  const [subject, snippet = ""] = bare(row);
  if (!who || !time || subject === undefined) throw new Error("a row of the list cannot be read");
  const [date, hour] = time.dateTime.split("T");
  const entry = {
    id: tick.value,
    sender: words(who).filter((piece) => piece !== "Draft").join(" "),
    address: who.title === "@" ? "" : who.title,
    subject: subject === "(no subject)" ? "" : subject,
    snippet,
    date,
    time: hour,
    unread: isUnread(row),
    starred: isStarred(row),
    labels: tagsIn(row),
    has_attachment: Boolean($("[title^='Attachment ']", row)),
  };
  const wake = $("[title^='Send scheduled for ']", row);
  return { entry, send_at: wake ? $("time", wake).dateTime : null, href: addressOf(row) };
}

const addressOf = (row) => $("a[href^='/mail/']", row)?.getAttribute("href") || $("[data-go]", row)?.dataset.go;

function rowsOf(list) {
  const found = ticks(list);
  const rows = entries(list, found);
  return found.map((tick, index) => readRow(tick.closest("tr") || rows[index], tick));
}

// The pages of a list, newest first, beginning with the one at this path: where each is, and its rows.
async function pagesFrom(path, all = true) {
  const pages = [];
  for (let next = path; next; ) {
    const list = await part(next);
    pages.push({ path: next, rows: rowsOf(list) });
    next = all ? pathOf(list, "Older") : null;
  }
  return pages;
}

const shownPath = () => {
  if (!$(LIST)) throw new Error("the page shows no list of emails");
  return $(LIST).dataset.late;
};

function shownThread() {
  if (!$(THREAD)) throw new Error("the page shows no email");
  return settled(THREAD);
}

// The same list from its first page on.
const firstPath = (path) => path.replace(/([?&])page=\d+/, "$1page=1");

async function listEmails({ unread, sender, visible }) {
  const pages = await pagesFrom(visible ? shownPath() : firstPath(shownPath()), !visible);
  return pages
    .flatMap((page) => page.rows.map((row) => row.entry))
    .filter((each) => unread === null || each.unread === unread)
    .filter((each) => sender === null || same(each.sender, sender) || same(each.address, sender));
}

async function openEmail(id) {
  const pages = await pagesFrom(firstPath(shownPath()));
  const row = pages.flatMap((page) => page.rows).find((each) => each.entry.id === id);
  if (!row) return { found: false };
  const here = ticks($(LIST)).find((tick) => tick.value === id);
  const at = here && $$(`[href='${row.href}'], [data-go='${row.href}']`, $(LIST))[0];
  leave(() => (at ? at.click() : location.assign(row.href)));
  return { found: true };
}

// ---- one mail ------------------------------------------------------------------------------------

const listOf = (root, prefix) => {
  const found = $(`[title^='${prefix} ']`, root);
  return found ? found.title.slice(prefix.length + 1).split(", ").filter(Boolean) : [];
};

function readMessage(time, thread) {
  const times = $$("time[datetime]", thread);
  const box = entries(thread, times)[times.indexOf(time)];
  const who = $$("[title*='@']", box).find((each) => !/^(?:To|Cc) /.test(each.title));
  const [date, hour] = time.dateTime.split("T");
  const body = $$("p", box).map((each) => each.textContent.trim()).join("\n\n");
  return { box, message: { sender: text(who), address: who.title, to: listOf(box, "To"), body, date, time: hour } };
}

async function emailDetails() {
  const shown = await shownThread();
  const thread = await part(shown.dataset.late);
  const found = $$("time[datetime]", thread).map((time) => readMessage(time, thread));
  const mine = found.find(({ box }) => box.matches("[aria-current='true']") || $("[aria-current='true']", box));
  const heading = text(all("heading", thread)[0]);
  const { to, sender, address, body, date, time } = mine.message;
  return {
    id: location.pathname.split("/")[2],
    subject: heading === "(no subject)" ? "" : heading,
    sender, address, to,
    cc: listOf(mine.box, "Cc"),
    body, date, time,
    unread: isUnread(thread),
    starred: isStarred(thread),
    labels: tagsIn(thread),
    attachments: $$("[title^='Attachment ']", mine.box).map((each) => each.title.slice("Attachment ".length)),
    thread: found.map(({ message }) => message),
  };
}

// ---- actions on mails ----------------------------------------------------------------------------

// What is pressed for each action, and how the site says that it was done.
const ACTIONS = {
  trash: ["Delete", /moved to Trash$/],
  archive: ["Archive", /archived$/],
  spam: ["Report spam", /marked as spam$/],
  inbox: ["Move to Inbox", /moved to Inbox$/],
  read: ["Mark as read", /marked as read$/],
  unread: ["Mark as unread", /marked as unread$/],
  star: ["Add star", /starred$/],
  unstar: ["Remove star", /removed from Starred$/],
  snooze: ["Snooze", /snoozed until /],
  label: ["Label as", /added to “/],
};

const dialogNamed = (name) => all("dialog").find((each) => shown(each) && same(each.getAttribute("aria-label"), name));

async function confirmIn(action, value) {
  const sheet = await when(() => dialogNamed(action === "snooze" ? "Snooze until" : "Label as"));
  if (action === "label") return use(await when(() => control(value, sheet)));
  const field = fieldNamed("Day", sheet);
  const day = new Date(`${field.min}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + value);
  fill(field, day.toISOString().slice(0, 10));
  use("Save", sheet);
}

async function turnTo(path) {
  const at = (where) => Number(/[?&]page=(\d+)/.exec(where)[1]);
  while (at(shownPath()) !== at(path)) {
    const list = await settled(LIST);
    const before = shownPath();
    use(at(before) < at(path) ? "Older" : "Newer", list);
    await when(() => shownPath() !== before);
  }
  return settled(LIST);
}

// Do something to the mails of the list with these ids, page by page from the last one: what goes
// from a page does not move those before it.
async function actOn({ ids, action, value }) {
  const pages = await pagesFrom(firstPath(shownPath()));
  const known = pages.flatMap((page) => page.rows.map((row) => row.entry.id));
  const missing = ids.filter((id) => !known.includes(id));
  if (missing.length) return { missing: missing[0] };
  for (const page of pages.toReversed()) {
    const wanted = page.rows.map((row) => row.entry.id).filter((id) => ids.includes(id));
    if (!wanted.length) continue;
    await turnTo(page.path);
    const refusal = await actHere(wanted, action, value);
    if (refusal) return { refused: refusal };
  }
  await turnTo(firstPath(shownPath()));
  return { done: ids.length };
}

async function actHere(wanted, action, value) {
  const [name, done] = ACTIONS[action];
  const find = () => ticks($(LIST)).filter((tick) => wanted.includes(tick.value));
  await when(() => find().length === wanted.length);
  for (const tick of ticks($(LIST))) if (tick.checked !== wanted.includes(tick.value)) tick.click();
  hush();
  use(control(name, main()) || $(`[data-do='${action}']`) || name);
  if (action === "snooze" || action === "label") await confirmIn(action, value);
  const answer = await when(said);
  await settled(LIST);
  if (answer.startsWith("That did not")) throw new Error("whether it was done is not known: the site did not answer");
  return done.test(answer) ? "" : answer;
}

// Leave the open mail by a button that moves it elsewhere.
async function leaveMail(name) {
  await shownThread();
  hush();
  const button = control(name, main());
  if (!button) throw new Error(`there is no “${name}” on this page`);
  leave(() => use(button));
}
