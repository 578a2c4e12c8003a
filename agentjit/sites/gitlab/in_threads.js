// GitLab's tools for one issue or merge request, and for the form of a new issue.

const DATE = /^\d{4}-\d{2}-\d{2}$/;

// What stands beside or below a heading such as "Labels" at the side of an issue.
function fact(name) {
  let mark = marks($("main"), (piece) => same(piece, name)).at(-1);
  const beside = (each) => each.nextElementSibling && !each.nextElementSibling.matches("button") && each.nextElementSibling;
  while (mark && !beside(mark)) mark = mark.parentElement;
  if (!mark) throw new Error(`the page says nothing of "${name}"`);
  return beside(mark);
}

const peopleIn = (box) => links(box, PERSON).map((each) => hrefOf(each).slice(1));

function threadDetails() {
  const seen = observe();
  if (!seen.number) throw new Error("this is neither an issue nor a merge request");
  const main = $("main");
  const due = $("time", fact("Due date"));
  const author = $$("a[href]", main).find((each) => PERSON.test(hrefOf(each)) && text(each.parentElement).includes(" by "));
  const issue = {
    number: seen.number,
    project_path: seen.project_path,
    title: text($("h1", main)),
    description: text($("[aria-label='Description']", main)),
    state: STATES[words(main).find((piece) => piece in STATES)],
    author: hrefOf(author).slice(1),
    assignees: peopleIn(fact("Assignee")),
    labels: links(fact("Labels"), /label_name/).map(text),
    due_date: due ? due.getAttribute("datetime") : null,
  };
  if (seen.page === "issue_detail") return issue;
  const { due_date, ...request } = issue;
  const [source_branch, target_branch] = $$("code", main).map(text);
  return { ...request, reviewers: peopleIn(fact("Reviewer")), source_branch, target_branch };
}

async function listComments() {
  const box = await arrived("[data-late$='/notes']");
  const found = links(box, PERSON).filter((each) => text(each).startsWith("@"));
  return entries(box, found).map((entry, index) => ({
    author: hrefOf(found[index]).slice(1),
    text: $("p, blockquote", entry).textContent.trim(),
    at: $("time", entry).getAttribute("datetime"),
  }));
}

async function addComment(words) {
  await arrived("[data-late$='/notes']");
  const note = need("note");
  const error = $("[role='alert']", note.form);
  error.hidden = true;
  type(note, words);
  const button = named("button", "Comment", note.form);
  button.click();
  await when(() => (shown(error) && text(error)) || (!button.disabled && !note.value));
  if (shown(error) && text(error)) return text(error);
  await settled("[data-late$='/notes']");
  return "";
}

async function setState(word) {
  const button = all("button", $("main")).find((each) => new RegExp(`^${word} (?:issue|merge request)$`).test(text(each)));
  if (!button) {
    const other = words($("main")).find((piece) => piece in STATES) || "not on this page";
    throw new Error(`there is no button to ${word.toLowerCase()} it: it is ${other.toLowerCase()}, or you may not`);
  }
  const toast = $("[role='status']");
  toast.hidden = true;
  const before = text(button);
  button.click();
  await when(() => text(button) !== before || !toast.hidden);
  if (text(button) === before) throw new Error(`the site said: ${text(toast)}`);
}

async function assignThread(wanted) {
  const edit = all("button", $("main")).find((each) => each.title === "Change assignee");
  if (!edit) throw new Error("you may not assign it: there is no button for that");
  const list = $$("[role='listbox']", $("main")).find((each) => words(each).includes("Unassigned"));
  const people = [...list.children];
  const option = people.find((each) => words(each).some((piece) => same(piece.replace(/^@/, ""), wanted)));
  if (!option) {
    const names = people.flatMap((each) => words(each).filter((piece) => piece.startsWith("@")));
    return { missing: wanted, kind: "member of the project", names: names.map((each) => each.slice(1)) };
  }
  const toast = $("[role='status']");
  toast.hidden = true;
  edit.click();
  option.click();
  await when(() => list.getAttribute("aria-busy") === "false" && !shown(list));
  if (!toast.hidden) throw new Error(`the site said: ${text(toast)}`);
  return {};
}

// ---- a new issue ---------------------------------------------------------------------------------

async function setAssignee(wanted) {
  const form = need("issue[title]").form;
  const list = $("[role='listbox']", form);
  const opener = $("[data-drop='assignee']", form);
  if (!shown(list)) opener.click();
  await when(() => list.getAttribute("aria-busy") === "false" && text(list));
  const people = [...list.children];
  const texts = (each) => words(each).map((piece) => piece.replace(/^@/, ""));
  const option = people.find((each) => texts(each).some((piece) => same(piece, wanted)));
  if (!option) {
    opener.click();
    if (!people.length) throw new Error(`the site said: ${text(list)}`);
    const names = people.map((each) => texts(each).at(-1)).filter((each) => each !== "Unassigned");
    return { missing: wanted, kind: "member of the project", names };
  }
  option.click();
  return {};
}

function setLabels(wanted) {
  const form = need("issue[title]").form;
  const boxes = $$("[name='issue[label_ids][]']", form);
  const names = boxes.map((each) => each.value);
  for (const label of wanted) {
    if (!names.some((each) => same(each, label))) return { missing: label, kind: "label", names };
  }
  for (const box of boxes) {
    if (box.checked !== wanted.some((each) => same(each, box.value))) box.click();
  }
  return {};
}

function issueDraft() {
  const form = need("issue[title]").form;
  const assignee = form.elements["issue[assignee_ids][]"];
  return {
    project_path: observe().project_path,
    title: form.elements["issue[title]"].value.trim(),
    description: form.elements["issue[description]"].value.trim(),
    assignee: assignee.value === "0" ? null : text($("[data-drop='assignee']", form)),
    labels: $$("[name='issue[label_ids][]']:checked", form).map((each) => each.value),
    due_date: form.elements["issue[due_date]"].value.trim() || null,
  };
}

// ---- a new merge request -------------------------------------------------------------------------

function pickBranches({ source, target }) {
  const form = need("merge_request[source_branch]").form;
  for (const [name, branch] of [["source", source], ["target", target]]) {
    const select = form.elements[`merge_request[${name}_branch]`];
    if (!pickOption(select, branch)) return { missing: branch, kind: "branch", names: [...select.options].map(text).slice(name === "source" ? 1 : 0) };
  }
  return then(() => form.requestSubmit());
}

function fillRequest({ title, description, assignee, reviewer }) {
  const form = need("merge_request[title]").form;
  if (title) type(need("merge_request[title]"), title);
  type(need("merge_request[description]"), description);
  for (const [name, wanted] of [["assignee", assignee], ["reviewer", reviewer]]) {
    if (wanted === null) continue;
    const select = form.elements[`merge_request[${name}_ids][]`];
    const parts = (option) => (/^(.*) \(@(.*)\)$/.exec(text(option)) || []).slice(1);
    const option = [...select.options].find((each) => parts(each).some((part) => same(part, wanted)));
    if (!option) return { missing: wanted, kind: "member of the project", names: [...select.options].slice(1).map((each) => parts(each)[1]) };
    type(select, option.value);
  }
  return {};
}
