// GitLab in the browser: menus, dialogs, status, stars, comments, forms that fill themselves.
// Templates of both layouts say with data attributes what is what; this file knows no classes.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

async function send(url, method, body) {
  const answer = await fetch(url, {
    method,
    headers: { "content-type": "application/json", "x-csrf-token": $("meta[name='csrf-token']").content },
    body: JSON.stringify(body),
  });
  let sent = {};
  if ((answer.headers.get("content-type") || "").includes("json")) sent = await answer.json();
  if (!answer.ok) throw new Error(sent.message || "Something went wrong. Please try again.");
  return sent;
}

// What fails without an answer may have been done, and the page says no more than it knows.
const reason = (error) => (error instanceof TypeError ? "There was no answer. Please try again." : error.message);

function say(words) {
  const toast = $("[role='status']");
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => (toast.hidden = true), 4000);
}

function complain(form, words) {
  const error = $("[role='alert']", form);
  error.textContent = words;
  error.hidden = !words;
}

// Do something once, with the button off meanwhile; what goes wrong is said in the form.
async function once(form, work) {
  const button = $("[type='submit']", form);
  if (button.disabled) return;
  button.disabled = true;
  complain(form, "");
  try {
    await work();
  } catch (error) {
    complain(form, reason(error));
  }
  button.disabled = false;
}

// ---- menus and dialogs ---------------------------------------------------------------------------

function showDialog(name) {
  const dialog = $(`[data-dialog='${name}']`);
  if (dialog.showModal) dialog.showModal();
  else dialog.hidden = false;
}

function hideDialog(dialog) {
  if (dialog.close) dialog.close();
  else dialog.hidden = true;
}

function toggleDrop(name) {
  for (const drop of $$("[data-for]")) drop.hidden = drop.dataset.for !== name || !drop.hidden;
}

document.addEventListener("click", ({ target }) => {
  const on = (selector) => target.closest(selector);
  if (on("[data-drop]")) toggleDrop(on("[data-drop]").dataset.drop);
  else if (!on("[data-for]")) toggleDrop(null);
  if (on("[data-open]")) {
    toggleDrop(null);
    showDialog(on("[data-open]").dataset.open);
  }
  if (on("[data-shut]")) hideDialog(on("[data-dialog]"));
  if (on("[data-clear-status]")) saveStatus(on("form"), true);
  if (on("[data-star]")) star(on("[data-star]"));
  if (on("[data-toggle]")) toggleState(on("[data-toggle]"));
  if (on("[data-panel]")) location.hash = on("[data-panel]").dataset.panel;
  if (on("[data-key]")) applyTemplate(on("[data-templates]"), on("[data-key]").dataset.key);
});

document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") for (const dialog of $$("[data-dialog]")) hideDialog(dialog);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-status-form], [data-comment], [data-invite]")) event.preventDefault();
  if (form.matches("[data-status-form]")) saveStatus(form, false);
  if (form.matches("[data-comment]")) writeComment(form);
  if (form.matches("[data-invite]")) sendInvitation(form);
});

// ---- status and stars ----------------------------------------------------------------------------

function saveStatus(form, clear) {
  const { emoji, message, busy } = form.elements;
  const body = clear
    ? { emoji: "", message: "", availability: "not_set" }
    : {
        emoji: emoji.value,
        message: message.value.trim(),
        availability: busy.checked ? "busy" : "not_set",
        clear_status_after: null,
      };
  return once(form, async () => {
    const status = await send("/api/v4/user/status", "PUT", body);
    const sign = emoji.value && emoji.selectedOptions[0] ? emoji.selectedOptions[0].textContent.split(" ")[0] : "";
    for (const place of $$("[data-status]")) {
      place.textContent = `${clear ? "" : sign} ${status.message}${status.availability === "busy" ? " (Busy)" : ""}`.trim();
    }
    if (clear) form.reset();
    hideDialog(form.closest("[data-dialog]"));
    say("Your status was set.");
  });
}

async function star(button) {
  try {
    const { star_count } = await send(button.dataset.star, "POST", {});
    const word = $("[data-word]", button);
    $("[data-count]", button).textContent = star_count;
    word.textContent = word.textContent.trim() === "Star" ? "Unstar" : "Star";
  } catch (error) {
    say(reason(error));
  }
}

// ---- issues and merge requests -------------------------------------------------------------------

function writeComment(form) {
  const text = form.elements.note.value;
  return once(form, async () => {
    const { noteable, id } = form.dataset;
    const note = { noteable_type: noteable, noteable_id: Number(id), note: text };
    await send(form.dataset.comment, "POST", { note });
    form.elements.note.value = "";
    const notes = $("#notes");
    await late.fill(notes, notes.dataset.late);
  });
}

async function toggleState(button) {
  const thread = button.closest("[data-address]");
  const close = button.textContent.trim().startsWith("Close");
  button.disabled = true;
  try {
    const body = { [thread.dataset.kind]: { state_event: close ? "close" : "reopen" } };
    await send(thread.dataset.address, "PUT", body);
    $("[data-state]", thread).textContent = close ? "Closed" : "Open";
    $("[data-state]", thread).className = `state state--${close ? "closed" : "opened"}`;
    button.textContent = `${close ? "Reopen" : "Close"} ${button.dataset.toggle}`;
  } catch (error) {
    say(reason(error));
  }
  button.disabled = false;
}

// ---- new projects and groups ---------------------------------------------------------------------

const slug = (name) => name.trim().replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "");

function followName(form, kind) {
  const name = form.elements[`${kind}[name]`];
  const path = form.elements[`${kind}[path]`];
  name.addEventListener("input", () => {
    if (!path.touched) path.value = slug(name.value);
  });
  path.addEventListener("input", () => (path.touched = true));
}

function showPanel() {
  const form = $("[data-new-project]");
  // What was refused is shown again, and then the address says nothing.
  const kind = location.hash.slice(1) || form.dataset.newProject;
  const card = $(`[data-panel='${CSS.escape(kind)}']`);
  form.hidden = !card;
  $("[data-cards]").hidden = Boolean(card);
  if (!card) return;
  $("[data-kind]", form).textContent = $("h3, strong", card).textContent;
  for (const part of $$("[data-only]", form)) {
    part.hidden = part.dataset.only !== kind;
    for (const field of $$("input, select", part)) field.disabled = part.hidden;
  }
}

if ($("[data-new-project]")) {
  followName($("[data-new-project]"), "project");
  addEventListener("hashchange", showPanel);
  showPanel();
}
if ($("[data-new-group]")) followName($("[data-new-group]"), "group");

// ---- editor --------------------------------------------------------------------------------------

async function applyTemplate(box, key) {
  const form = box.closest("form");
  toggleDrop(null);
  if (!key) return;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(box.dataset.from + key, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error("The template did not load.");
    const { name, content } = await answer.json();
    form.elements.content.value = content;
    // As the site does: whoever chooses a licence wants the file to be called that.
    (form.elements.file_name || form.elements.file_path).value = "LICENSE";
    const button = $("[data-drop='template']", box);
    if (button) button.textContent = name;
  } catch (error) {
    say(reason(error));
  }
  form.setAttribute("aria-busy", "false");
}

if ($("[data-editor]")) {
  const form = $("[data-editor]");
  const name = form.elements.file_name || form.elements.file_path;
  const offer = () => {
    const templates = $("[data-templates]", form);
    templates.hidden = !/^licen[sc]e(\.\w+)?$/i.test(name.value);
  };
  name.addEventListener("input", offer);
  form.addEventListener("change", ({ target }) => {
    const templates = target.closest("select") && target.closest("[data-templates]");
    if (templates) applyTemplate(templates, target.value);
  });
  offer();
}
