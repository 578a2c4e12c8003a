// What the pages do: votes and subscriptions without leaving the page, forms that open, dialogs that ask.
"use strict";

const toast = document.querySelector("[role='alert'][hidden]");

function complain(words) {
  toast.textContent = words;
  toast.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (toast.hidden = true), 6000);
}

async function post(form, fields) {
  const answer = await fetch(`${form.getAttribute("action")}.json`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(fields),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

const tokenOf = (form) => ({ token: form.elements.token.value });

// ---- votes ----------------------------------------------------------------------------------------

function showVote(form, choice, score) {
  const [up, down] = form.querySelectorAll("button");
  form.classList.toggle("is-up", choice === 1);
  form.classList.toggle("is-down", choice === -1);
  for (const [button, own, name] of [[up, 1, "upvote"], [down, -1, "downvote"]]) {
    const on = choice === own;
    const says = on ? `Retract ${name}` : name[0].toUpperCase() + name.slice(1);
    button.value = on ? 0 : own;
    if (button.title) button.title = says;
    else button.setAttribute("aria-label", says);
  }
  form.querySelector("[data-score]").textContent = score;
}

async function castVote(form, button) {
  if (form.getAttribute("aria-busy") === "true") return;
  const choice = Number(button.value);
  form.setAttribute("aria-busy", "true");
  try {
    const { netScore } = await post(form, { choice, ...tokenOf(form) });
    showVote(form, choice, netScore);
  } catch {
    complain("Your vote was not counted. Please try again.");
  }
  form.setAttribute("aria-busy", "false");
}

// ---- subscriptions --------------------------------------------------------------------------------

async function toggleSubscription(form) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const { subscribed } = await post(form, tokenOf(form));
    const count = form.querySelector("small");
    form.classList.toggle("is-on", subscribed);
    form.action = form.getAttribute("action").replace(/(un)?subscribe$/, subscribed ? "unsubscribe" : "subscribe");
    form.querySelector("[data-says]").textContent = subscribed ? "Unsubscribe" : "Subscribe";
    count.textContent = Number(count.textContent) + (subscribed ? 1 : -1);
  } catch {
    complain("That did not work. Please try again.");
  }
  form.setAttribute("aria-busy", "false");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("vote" in form.dataset) {
    event.preventDefault();
    castVote(form, event.submitter);
  } else if ("subscribe" in form.dataset) {
    event.preventDefault();
    toggleSubscription(form);
  } else if (form.method === "post") {
    // A form that was sent is not sent again by a second click.
    for (const button of form.querySelectorAll("button[type='submit']")) setTimeout(() => (button.disabled = true));
  }
});

// ---- what opens -----------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const asker = event.target.closest("[data-ask]");
  const closer = event.target.closest("[data-close]");
  if (opener) {
    const form = document.getElementById(opener.dataset.open);
    form.hidden = !form.hidden;
    if (!form.hidden) form.querySelector("textarea").focus();
  }
  if (asker) document.getElementById(asker.dataset.ask).showModal();
  if (closer) closer.closest("dialog").close();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// ---- the form for a submission --------------------------------------------------------------------

function showKind() {
  const chosen = document.querySelector("[name='submission[mediaType]']:checked");
  for (const part of document.querySelectorAll("[data-kind]")) {
    const on = part.dataset.kind === chosen.value;
    part.hidden = !on;
    for (const field of part.querySelectorAll("input")) field.disabled = !on;
  }
  chosen.form.enctype = chosen.value === "image" ? "multipart/form-data" : "application/x-www-form-urlencoded";
}

for (const kind of document.querySelectorAll("[name='submission[mediaType]']")) {
  kind.addEventListener("change", showKind);
  showKind();
}

// A field that suggests forums while one types, and keeps the id of the one that is chosen.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const [field, kept] = [box.querySelector("input[type='text']"), box.querySelector("input[type='hidden']")];
  const options = [...box.querySelectorAll("[role='option']")];
  const look = () => {
    const words = field.value.trim().toLowerCase();
    for (const each of options) each.hidden = !each.textContent.toLowerCase().includes(words);
    const exact = options.find((each) => each.textContent.trim().toLowerCase() === words);
    kept.value = exact ? exact.dataset.id : "";
  };
  field.addEventListener("input", look);
  field.addEventListener("focus", () => box.classList.add("is-open"));
  field.addEventListener("blur", () => setTimeout(() => box.classList.remove("is-open"), 150));
  for (const each of options) {
    each.addEventListener("click", () => {
      field.value = each.textContent.trim();
      look();
      box.classList.remove("is-open");
    });
  }
}
