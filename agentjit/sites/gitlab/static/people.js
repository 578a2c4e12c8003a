// Choosing people: the invitation's autocomplete, and the lists of those who can be assigned.
"use strict";

// One entry of a list of people, as the layout draws it.
function drawPerson(person) {
  const option = $("#option").content.firstElementChild.cloneNode(true);
  $("[data-slot='name']", option).textContent = person.name;
  $("[data-slot='username']", option).textContent = person.username ? `@${person.username}` : "";
  option.person = person;
  return option;
}

async function fetchPeople(url) {
  const answer = await fetch(url, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error("People could not be loaded.");
  return answer.json();
}

// ---- invitations ---------------------------------------------------------------------------------

for (const box of $$("[data-people]")) {
  const field = $("[data-search]", box);
  let turn = 0;
  field.addEventListener("input", () => {
    const found = $("[data-found]", box);
    const mine = ++turn;
    found.setAttribute("aria-busy", "true");
    setTimeout(async () => {
      if (mine !== turn) return;
      let people = [];
      try {
        if (field.value.trim()) people = await fetchPeople(`/api/v4/users?search=${encodeURIComponent(field.value.trim())}&active=true`);
      } catch (error) {
        complain(field.form, reason(error));
      }
      if (mine !== turn) return;
      found.replaceChildren(...people.map(drawPerson));
      if (!people.length && field.value.trim()) found.append("No matches found");
      found.hidden = !field.value.trim();
      found.setAttribute("aria-busy", "false");
    }, 120);
  });
  box.addEventListener("click", ({ target }) => {
    const option = target.closest("[data-found] > *");
    if (option && option.person) pick(box, option.person);
    if (target.closest("[data-unpick]")) target.closest("[data-token]").remove();
  });
}

function pick(box, person) {
  const found = $("[data-found]", box);
  if (!$$("[data-token]", box).some((token) => token.dataset.token === String(person.id))) {
    const token = document.createElement("span");
    token.dataset.token = person.id;
    token.innerHTML = "<b></b> <button type='button' data-unpick>×</button>";
    token.firstChild.textContent = person.name;
    token.title = `@${person.username}`;
    $("[data-picked]", box).append(token);
  }
  $("[data-search]", box).value = "";
  found.hidden = true;
}

function sendInvitation(form) {
  const tokens = $$("[data-token]", form);
  if (!tokens.length) {
    complain(form, "Members should be filled in");
    return;
  }
  once(form, async () => {
    await send(form.dataset.invite, "POST", {
      email: "",
      user_id: tokens.map((token) => token.dataset.token).join(","),
      access_level: Number(form.elements.role.value),
      expires_at: form.elements.expires.value || null,
      invite_source: "members-page",
      format: "json",
    });
    for (const token of tokens) token.remove();
    hideDialog(form.closest("[data-dialog]"));
    say("Members were successfully added.");
    const members = $("#members");
    if (members.dataset.late) await late.fill(members, members.dataset.late);
    else location.reload();
  });
}

// ---- a new issue's assignee ----------------------------------------------------------------------

async function loadAssignable(list) {
  if (list.asked) return;
  list.asked = true;
  list.setAttribute("aria-busy", "true");
  try {
    const people = await fetchPeople(list.dataset.assignable);
    list.replaceChildren(...[{ id: 0, name: "Unassigned", username: "" }, ...people].map(drawPerson));
  } catch (error) {
    list.asked = false;
    list.textContent = reason(error);
  }
  list.setAttribute("aria-busy", "false");
}

function choosePerson(form, id, name) {
  form.elements["issue[assignee_ids][]"].value = id;
  $("[data-picked-person]", form).textContent = name;
  toggleDrop(null);
}

for (const form of $$("[data-new-issue]")) {
  const list = $("[data-assignable]", form);
  form.addEventListener("click", ({ target }) => {
    if (target.closest("[data-drop]")) loadAssignable(list);
    const option = target.closest("[data-assignable] > *");
    if (option && option.person) choosePerson(form, option.person.id, option.person.name);
    const me = target.closest("[data-me]");
    if (me) choosePerson(form, me.dataset.me, "Byte Blaze");
  });
  $("[data-narrow]", form).addEventListener("input", ({ target }) => {
    const words = target.value.trim().toLowerCase();
    for (const option of list.children) option.hidden = !option.textContent.toLowerCase().includes(words);
  });
}

// ---- the assignee of an issue that is there ------------------------------------------------------

for (const list of $$("[data-choose='assignee']")) {
  const thread = list.closest("[data-address]");
  const edit = $("[data-edit='assignee']", thread);
  if (edit) edit.addEventListener("click", () => (list.hidden = !list.hidden));
  list.addEventListener("click", async ({ target }) => {
    const option = target.closest("[data-id]");
    if (!option) return;
    const id = Number(option.dataset.id);
    list.setAttribute("aria-busy", "true");
    try {
      const body = { [thread.dataset.kind]: { assignee_ids: [id] } };
      await send(`${thread.dataset.address}?serializer=sidebar_extras`, "PUT", body);
      $("[data-assignees]", thread).textContent = id ? $("b, strong", option).textContent : "None";
    } catch (error) {
      say(reason(error));
    }
    list.hidden = true;
    list.setAttribute("aria-busy", "false");
  });
}
