// What Reddit's tools change: votes, subscriptions, and the forms that they fill and send.

const alertBox = () => $$("[role='alert']").find((each) => !main().contains(each));
const complaint = () => (alertBox() && !alertBox().hidden ? text(alertBox()) : "");

// Waits for what follows a click, which the site may answer with a complaint instead.
async function until(condition) {
  const found = await when(() => condition() || complaint());
  if (found === complaint()) throw new Error(`the site said: ${found}`);
}

function press(button) {
  if (alertBox()) alertBox().hidden = true;
  button.click();
}

// ---- votes and subscriptions -----------------------------------------------------------------------

async function castVote(form, wanted) {
  const now = voteOf(form);
  if (now === wanted) return;
  const names = { up: "Upvote", down: "Downvote", none: now === "up" ? "Retract upvote" : "Retract downvote" };
  press(all("button", form).find((each) => nameOf(each) === names[wanted]));
  await until(() => voteOf(form) === wanted);
}

function vote(wanted) {
  only("submission");
  return castVote(ownVotes(), wanted);
}

async function voteOnComment({ id, wanted }) {
  const box = await findComment(id);
  if (box.names) return box;
  await castVote(box.form, wanted);
  return { found: true };
}

async function setSubscription(on) {
  only("forum", "submission");
  const form = $("form[action$='subscribe']");
  if (!form) throw new Error("there is nothing to subscribe to here");
  const button = all("button", form)[0];
  const isOn = () => words(button).includes("Unsubscribe");
  if (isOn() === on) return;
  press(button);
  await until(() => isOn() === on);
}

// ---- comments --------------------------------------------------------------------------------------

async function findComment(id) {
  only("submission");
  const forms = votingOn("cv", await thread());
  const form = forms.find((each) => idOf(each) === id);
  return form ? { form, box: form.closest("[id^='comment_']") } : { names: forms.map((each) => String(idOf(each))) };
}

const sendForm = (form) => leave(() => form.requestSubmit());

function writeComment(words) {
  only("submission");
  const form = $("form[action$='/-/comment']", main());
  put($("textarea", form), words);
  sendForm(form);
}

// A form of a comment's own, opened as a visitor would: "Reply", "Edit".
async function sendCommentForm({ id, opener, kind, words }) {
  const { box } = await findComment(id);
  const form = $$("form", box).find((each) => each.getAttribute("action").endsWith(`/comment/${id}${kind}`));
  if (words === null) return sendForm(form);
  if (!shown(form)) reading(opener, box)[0].click();
  put($("textarea", form), words);
  sendForm(form);
}

async function commentState(id) {
  const { names, box } = await findComment(id);
  if (names) return { names };
  return { own: $$("form", box).some((each) => each.getAttribute("action").endsWith(`/comment/${id}/edit`)) };
}

function deleteSubmission() {
  only("submission");
  sendForm($("form[action$='/-/delete']", main()));
}

function canEdit() {
  only("submission");
  return Boolean(named("link", "Edit", main()));
}

// The id of the comment that was just written, to which the site leads.
function newComment() {
  const found = /^#comment_(\d+)$/.exec(location.hash);
  if (!found) throw new Error("the site does not say which comment it has taken");
  return Number(found[1]);
}

// ---- forms -----------------------------------------------------------------------------------------

const theForm = () => $$("form[method='post']", main()).find((each) => $("textarea", each));

function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

// A label's own words, without those of a field that stands in it.
function labelOf(field) {
  const label = field.labels && field.labels[0];
  if (!label) return "";
  return [...label.childNodes].filter((each) => each.nodeType === Node.TEXT_NODE).map((each) => each.data).join(" ").trim();
}

const fieldsOf = (form) =>
  $$("input, textarea, select", form).filter(
    (each) => labelOf(each) && !["hidden", "radio", "file"].includes(each.type),
  );

function isFilled() {
  return fieldsOf(theForm()).every((each) => !each.required || each.value.trim());
}

// Fill fields of a page's form by their labels; a value that is null leaves its field as it is.
function fillForm({ page, values }) {
  only(page);
  const fields = fieldsOf(theForm());
  for (const [label, value] of Object.entries(values)) {
    if (value === null) continue;
    const field = fields.find((each) => same(labelOf(each), label));
    if (!field) throw new Error(`the form has no field "${label}"`);
    if (field.tagName === "SELECT") {
      const option = [...field.options].find((each) => each.value && same(text(each), value));
      if (!option) return { names: [...field.options].filter((each) => each.value).map(text) };
      put(field, option.value);
      continue;
    }
    const offered = $$("[role='option']", field.closest("[data-suggest]") || document.createElement("p"));
    if (offered.length && !offered.some((each) => same(text(each), value))) return { names: offered.map(text) };
    put(field, value);
  }
  return { filled: true };
}

function readForm() {
  only("create_forum", "create_submission", "edit_submission", "edit_biography");
  return fieldsOf(theForm()).map((each) => ({
    label: labelOf(each),
    value: each.tagName === "SELECT" ? (each.value ? text(each.selectedOptions[0]) : "") : each.value,
  }));
}

function submitForm(page) {
  only(page);
  const blank = fieldsOf(theForm()).find((each) => each.required && !each.value.trim());
  if (blank) throw new Error(`${labelOf(blank)} is blank`);
  sendForm(theForm());
}

// What the site says where it refused a form, which it then shows again, or a page that says so.
function refusal() {
  const said = main() && $("[role='alert']", main());
  return said ? text(said) : null;
}

function clickLink({ page, name }) {
  only(page);
  const link = named("link", name, main());
  if (!link) return false;
  leave(() => link.click());
  return true;
}
