// Gomail's composer, in both layouts: recipients with proposals, drafts, sending now or later.
"use strict";

const composer = $("#compose");
const letter = () => $("[data-draft]", composer);

async function openComposer(query) {
  try {
    composer.innerHTML = await late.load(`/parts/compose?${query}`);
    composer.hidden = false;
    $("[data-people]", composer).focus();
  } catch (error) {
    say({ message: "That did not load. Try again." });
  }
}

function closeComposer() {
  composer.hidden = true;
  composer.replaceChildren();
}

// ---- recipients ----------------------------------------------------------------------------------

const pieces = (words) => words.split(/[,;]/).map((piece) => piece.trim()).filter(Boolean);

function recipients(name) {
  const field = $(`[data-field='${name}']`, composer);
  const chips = $$(".chip", field);
  return [...chips.map((chip) => chip.dataset.address), ...pieces($("[data-people]", field).value)];
}

// Where a field shows its people as chips, what was typed becomes some; elsewhere it stays text.
function settlePeople(input) {
  const chips = input.closest(".chips");
  closeNames(input);
  if (!chips) return;
  for (const piece of pieces(input.value)) {
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.dataset.address = piece;
    chip.textContent = piece;
    chip.insertAdjacentHTML("beforeend", "<i role='button' data-unchip>×</i>");
    input.before(chip);
  }
  input.value = "";
}

function closeNames(input) {
  const names = $("[data-names]", input.closest("[data-field]"));
  names.hidden = true;
  names.replaceChildren();
}

async function proposeNames(input) {
  const turn = (input.turn = (input.turn || 0) + 1);
  const typed = input.value.split(/[,;]/).at(-1).trim();
  if (!typed) return closeNames(input);
  try {
    const html = await late.load(`/parts/people?${new URLSearchParams({ q: typed })}`);
    if (turn !== input.turn || !input.value) return;
    const names = $("[data-names]", input.closest("[data-field]"));
    names.innerHTML = html;
    names.hidden = !$("[data-address]", names);
  } catch (error) {
    // Nothing is proposed; the address can be typed.
  }
}

function takeName(option) {
  const input = $("[data-people]", option.closest("[data-field]"));
  const before = input.value.split(/[,;]/).slice(0, -1).map((piece) => piece.trim());
  input.value = [...before, option.dataset.address].join(", ");
  settlePeople(input);
  input.focus();
}

// ---- sending -------------------------------------------------------------------------------------

function readLetter() {
  const form = letter();
  return {
    to: recipients("to"),
    cc: recipients("cc"),
    bcc: recipients("bcc"),
    subject: $("[name='subject']", form).value,
    text: $("[name='text']", form).value,
    draft: form.dataset.draft,
    reply_to: form.dataset.replyTo,
    forward_of: form.dataset.forwardOf,
    send_at: $("[name='send_at']", form).value,
  };
}

async function deliver(url) {
  const form = letter();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  $("[role='alert']", form).textContent = "";
  const answer = await send(url, readLetter());
  delete form.dataset.busy;
  if (!answer.ok) return ($("[role='alert']", form).textContent = answer.message);
  closeComposer();
  say(answer);
  await refresh();
}

function keep() {
  const { to, cc, bcc, subject, text, draft } = readLetter();
  const empty = ![...to, ...cc, ...bcc].length && !subject.trim() && !text.trim();
  if (empty && !draft) return closeComposer();
  return deliver("/do/draft");
}

async function discard() {
  const draft = letter().dataset.draft;
  if (draft) return deliver("/do/discard");
  closeComposer();
  say({ message: "Draft discarded" });
}

const PRESSES = {
  compose: (at) => openComposer(at.dataset.compose),
  close: keep,
  discard,
  later: () => deliver("/do/later"),
  when: () => ($(".letter__when", composer).hidden = false),
  "more-people": (at) => {
    at.hidden = true;
    for (const field of $$("[data-field]", composer)) field.hidden = false;
  },
  unchip: (at) => at.closest(".chip").remove(),
};

document.addEventListener("click", (event) => {
  const option = event.target.closest("[data-names] [data-address]");
  if (option) return takeName(option);
  for (const [name, act] of Object.entries(PRESSES)) {
    const at = event.target.closest(`[data-${name}]`);
    if (!at) continue;
    if (at.matches("a[href='#']")) event.preventDefault();
    return act(at);
  }
});

composer.addEventListener("input", (event) => {
  if (event.target.matches("[data-people]")) proposeNames(event.target);
});
composer.addEventListener("change", (event) => {
  // A name that is being clicked settles the field itself.
  if (event.target.matches("[data-people]") && !$("[data-names]:hover", composer)) settlePeople(event.target);
});
composer.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-people]") || !["Enter", ",", ";"].includes(event.key)) return;
  if (event.key === "Enter" || event.target.closest(".chips")) event.preventDefault();
  const proposed = $("[data-address]", $("[data-names]", event.target.closest("[data-field]")));
  if (event.key === "Enter" && proposed && !event.target.value.includes("@")) return takeName(proposed);
  settlePeople(event.target);
});
composer.addEventListener("submit", (event) => {
  event.preventDefault();
  deliver("/do/send");
});
