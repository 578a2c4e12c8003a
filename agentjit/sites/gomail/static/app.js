// Gomail in the browser, in both layouts, after the common late.js: lists, selections, actions on
// mails, labels, the toast with its Undo. The composer is in composer.js.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const FAILED = { message: "That did not work. Try again." };

async function send(url, body) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { ok: answer.ok, ...(await answer.json()) };
  } catch (error) {
    return { ok: false, ...FAILED };
  }
}

function say({ message, undo = false }) {
  const toast = $("#toast");
  $("span", toast).textContent = message;
  $("[data-undo]", toast).hidden = !undo;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (toast.hidden = true), 8000);
}

// What is to be said on the page that comes next.
function sayThere(answer, address) {
  sessionStorage.setItem("said", JSON.stringify(answer));
  location.assign(address);
}

// ---- list ----------------------------------------------------------------------------------------

const list = $("#mails");
const mail = $("#mail");
const boxes = () => $$("input[name='mail']", list || document);
const selection = () => (mail ? [mail.dataset.id] : boxes().filter((b) => b.checked).map((b) => b.value));

function showSelection() {
  if (!list) return;
  const count = selection().length;
  $("#tools").hidden = !count;
  $("#chosen").textContent = count ? `${count} selected` : "";
  $("#all").checked = count > 0 && count === boxes().length;
  for (const box of boxes()) {
    box.closest("[data-row], .row").classList.toggle("row--on", box.checked);
  }
}

async function refresh() {
  const thread = $("#thread");
  const side = late.load(`/parts/side${location.search}`).then(
    (html) => ($("#side").innerHTML = html),
    () => {},
  );
  if (list) await late.fill(list, list.dataset.late);
  if (thread) await late.fill(thread, thread.dataset.late);
  await side;
}

function turnPage(path) {
  list.dataset.late = path;
  history.pushState({}, "", `/?${path.split("?")[1]}`);
  late.fill(list, path);
  scrollTo(0, 0);
}

// ---- actions -------------------------------------------------------------------------------------

//: After these a mail is no longer where it was, so its page is left.
const LEAVING = ["archive", "spam", "trash", "delete", "snooze", "inbox"];

async function doMails(action, ids, value = "") {
  if (!ids.length) return say({ message: "No conversations selected" });
  const answer = await send("/do/mails", { action, ids, value });
  if (answer.ok && mail && LEAVING.includes(action)) return sayThere(answer, "/");
  say(answer);
  if (answer.ok) await refresh();
  return answer;
}

async function takeBack() {
  const answer = await send("/do/undo", {});
  say(answer);
  if (answer.ok) await refresh();
}

function ask(name) {
  const sheet = $(`#ask-${name}`);
  $("[role='alert']", sheet).textContent = "";
  if ($("form", sheet)) $("form", sheet).reset();
  if (name === "tag") listTags(sheet);
  sheet.hidden = false;
  const field = $("input", sheet);
  if (field) field.focus();
}

function listTags(sheet) {
  const tags = $$("[data-tag]", $("#side")).map((each) => each.dataset.tag);
  $(".ask__list", sheet).replaceChildren(
    ...tags.map((tag) => {
      const choice = document.createElement("div");
      choice.textContent = tag;
      choice.setAttribute("role", "menuitem");
      choice.onclick = () => {
        sheet.hidden = true;
        doMails("label", selection(), tag);
      };
      return choice;
    }),
  );
}

async function createLabel(form) {
  const answer = await send("/do/label", { name: form.elements.name.value });
  if (!answer.ok) return ($("[role='alert']", form).textContent = answer.message);
  $("#ask-label").hidden = true;
  say(answer);
  await refresh();
}

async function removeLabel(name) {
  const answer = await send("/do/unlabel", { name });
  if (answer.ok && new URLSearchParams(location.search).get("in") === name) return sayThere(answer, "/");
  say(answer);
  if (answer.ok) await refresh();
}

// A day some days after that of the site, which need not be the browser's.
function dayAfter(days) {
  const day = new Date(`${$("#ask-snooze input").min}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

async function snooze(form) {
  const day = form.elements.day.value;
  if (!day) return ($("[role='alert']", form).textContent = "Choose a day");
  $("#ask-snooze").hidden = true;
  await doMails("snooze", selection(), day);
}

// ---- every page ----------------------------------------------------------------------------------

const CLICKS = {
  star: (at) => doMails(at.dataset.star, [at.dataset.id]),
  do: (at) => doMails(at.dataset.do, selection()),
  ask: (at) => ask(at.dataset.ask),
  page: (at) => turnPage(at.dataset.page),
  dismiss: (at) => (at.closest("[role='dialog'], dialog").hidden = true),
  days: (at) => ($("#ask-snooze input").value = dayAfter(Number(at.dataset.days))),
  undo: () => takeBack(),
  hide: () => ($("#toast").hidden = true),
  untag: (at) => removeLabel(at.dataset.untag),
  toggle: (at) => $(`#${at.dataset.toggle}`).classList.toggle("open"),
  go: (at) => location.assign(at.dataset.go),
};

document.addEventListener("click", (event) => {
  for (const [name, act] of Object.entries(CLICKS)) {
    const at = event.target.closest(`[data-${name}]`);
    if (!at) continue;
    if (at.matches("a[href='#']")) event.preventDefault();
    return act(at);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choices]")) {
    const action = event.target.value;
    event.target.value = "";
    return doMails(action, selection());
  }
  if (event.target.id === "all") for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.id === "all" || event.target.name === "mail") showSelection();
});

for (const [id, act] of [["ask-label", createLabel], ["ask-snooze", snooze]]) {
  $(`#${id} form`).addEventListener("submit", (event) => {
    event.preventDefault();
    act(event.target);
  });
}

if (list) {
  list.addEventListener("filled", () => {
    // The last page is another one once its mails are gone.
    list.dataset.late = $("[data-here]", list)?.dataset.here || list.dataset.late;
    showSelection();
  });
  addEventListener("popstate", () => location.reload());
}

const said = sessionStorage.getItem("said");
if (said) {
  sessionStorage.removeItem("said");
  say(JSON.parse(said));
}
