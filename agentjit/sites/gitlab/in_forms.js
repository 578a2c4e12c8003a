// Filling GitLab's forms: new projects, the editor, members' invitations, the status, the profile.

function type(element, value) {
  element.value = value;
  element.dispatchEvent(new Event("input", { bubbles: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
}

function need(name) {
  const found = shownField(name);
  if (!found) throw new Error(`the form has no field ${name}`);
  return found;
}

const submit = (form) => leave(() => form.requestSubmit($("[type='submit']", form)));

// A box that ticks: a radio or check box beside these words, or an entry of a list.
function tick(form, name, words) {
  const boxes = $$(`input[name="${CSS.escape(name)}"]:not([type='hidden'])`, form);
  const label = (box) => text(box.closest("label")) || text($(`label[for="${box.id}"]`));
  const found = boxes.find((box) => fold(label(box)).startsWith(fold(words)));
  if (found) {
    if (!found.checked) found.click();
    return true;
  }
  return pickOption(form.elements[name], words);
}

function pickOption(select, words) {
  const option = select && select.options && [...select.options].find((each) => same(text(each), words));
  if (!option) return false;
  type(select, option.value);
  return true;
}

// ---- new projects --------------------------------------------------------------------------------

async function openNewProject(kind) {
  const card = all("heading").find((each) => shown(each) && same(text(each), kind)) || reading(kind).find(shown);
  if (!card) throw new Error(`the page does not offer "${kind}"`);
  card.click();
  await when(() => shownField("project[name]"));
}

function fillProject({ name, visibility, readme, description, group }) {
  const form = need("project[name]").form;
  if (group && !pickOption(form.elements["project[namespace_id]"], group)) {
    return { missing: group, kind: "namespace", names: [...form.elements["project[namespace_id]"].options].map(text) };
  }
  type(need("project[name]"), name);
  type(need("project[description]"), description);
  if (!tick(form, "project[visibility_level]", visibility)) throw new Error(`visibility ${visibility} is not offered`);
  const box = $("input[type='checkbox'][name='project[initialize_with_readme]']", form);
  if (box && !box.disabled && box.checked !== readme) box.click();
  return {};
}

function pickTemplate(name) {
  const select = need("project[template_name]");
  if (pickOption(select, name)) return {};
  return { missing: name, kind: "template", names: [...select.options].map(text) };
}

const submitField = (name) => submit(need(name).form);

// ---- the editor ----------------------------------------------------------------------------------

// What chooses a licence template: a list that opens, or a list box, below "Apply a template".
function templateMenu() {
  const form = (field("content") || {}).form;
  if (!form) return null;
  const box = $$("[data-templates]", form).find(shown);
  return box ? { form, select: $("select", box), button: $("button", box), options: $$("[role='option']", box) } : null;
}

function templateChosen() {
  const menu = templateMenu();
  if (!menu) return null;
  const chosen = menu.select ? text(menu.select.selectedOptions[0]) : text(menu.button);
  return chosen.startsWith("Apply a template") ? null : chosen;
}

function licenseNames() {
  const menu = templateMenu();
  if (!menu) throw new Error("this editor offers no licence templates");
  return menu.select ? [...menu.select.options].slice(1).map(text) : menu.options.map(text);
}

async function chooseLicense(name) {
  const menu = templateMenu();
  const names = licenseNames();
  if (!names.some((each) => same(each, name))) return { missing: name, kind: "licence template", names };
  const toast = $("[role='status']");
  if (toast) toast.hidden = true;
  const before = field("content").value;
  if (menu.select) {
    menu.select.selectedIndex = 0;
    pickOption(menu.select, name);
  } else menu.options.find((each) => same(text(each), name)).click();
  await when(() => menu.form.getAttribute("aria-busy") === "false" && (field("content").value !== before || templateChosen()));
  if (toast && !toast.hidden) throw new Error(`the site said: ${text(toast)}`);
  return {};
}

// Open the editor for the licence: that of the file that is there, or of a new one.
async function licensePlace() {
  if (observe().page !== "project") throw new Error("this is not the overview of a project");
  const link = $$("main a[href]").find((each) => /\/-\/blob\/.*\/licen[sc]e(\.\w+)?$/i.test(hrefOf(each)));
  if (link) return { edit: hrefOf(link).replace("/-/blob/", "/-/edit/") };
  return followTo({ start: `/${observe().project_path}/-/new/`, name: "Add LICENSE" });
}

const draftFile = () => need("content") && ({ path: (field("file_path") || field("file_name")).value, content: field("content").value, branch: need("branch_name").value });

function fillFile({ content, path: name }) {
  if (content !== null) type(need("content"), content);
  if (name !== null) type(field("file_path") || need("file_name"), name);
}

function commitFile({ branch, message }) {
  if (branch !== null) type(need("branch_name"), branch);
  if (message !== null) type(need("commit_message"), message);
  submit(need("content").form);
}

// A file as the page shows it; a text area would change its lines.
function readFile() {
  if (observe().page !== "file") throw new Error("this page shows no file");
  return { path: path().replace(/^.*?\/-\/blob\//, ""), content: $("main pre").textContent };
}

// ---- members -------------------------------------------------------------------------------------

const openInvite = () => openDialog("Invite members", "Invite members");

async function openDialog(button, name) {
  const found = named("button", button);
  if (!found) throw new Error(`there is no button "${button}": you may not do that here`);
  found.click();
  await when(() => dialog(name));
}

// The people whom the dialog finds; a text where the search itself failed.
async function searchPeople(box, wanted) {
  const error = $("[role='alert']", box);
  const list = $("[role='listbox']", box);
  // A search changes nothing: one that fails is made again.
  for (let left = 3; left; left -= 1) {
    error.hidden = true;
    list.setAttribute("aria-busy", "true");
    type($("input[placeholder^='Select members']", box), wanted);
    await when(() => list.getAttribute("aria-busy") === "false" && (shown(list) || shown(error)));
    if (!shown(error)) return [...list.children].map((each) => ({ each, texts: words(each) }));
  }
  return text(error);
}

async function pickPerson(box, wanted) {
  const search = $("input[placeholder^='Select members']", box);
  const list = $("[role='listbox']", box);
  const people = await searchPeople(box, wanted);
  if (!Array.isArray(people)) return { unanswered: people };
  const found = people.filter(({ texts }) => texts.some((piece) => same(piece.replace(/^@/, ""), wanted)));
  if (found.length !== 1) {
    type(search, "");
    const names = people.flatMap(({ texts }) => texts.filter((piece) => piece.startsWith("@")).map((piece) => piece.slice(1)));
    return { missing: wanted, kind: "user", names };
  }
  const picked = () => $$("[title^='@']", box).length;
  const before = picked();
  found[0].each.click();
  await when(() => picked() > before || !shown(list));
  return null;
}

async function invite({ usernames, role }) {
  const box = dialog("Invite members");
  if (!box) throw new Error("the dialog for invitations is not open");
  const error = $("[role='alert']", box);
  error.hidden = true;
  for (const remove of $$("[title^='@'] button", box)) remove.click();
  for (const name of usernames) {
    const problem = await pickPerson(box, name);
    if (problem) return problem;
  }
  const form = $("form", box);
  if (!tick(form, "role", role)) throw new Error(`the role ${role} is not offered`);
  named("button", "Invite", box).click();
  await when(() => !shown(box) || (shown(error) && text(error)));
  if (shown(box)) return { complaint: text(error) };
  return { complaint: "" };
}

// ---- the visitor's own ---------------------------------------------------------------------------

async function openStatus() {
  // The first of the name is in the menu, the other one in the dialog.
  named("button", "Set status").click();
  await when(() => dialog("Set a status"));
}

function fillStatus({ message, emoji, busy }) {
  const box = dialog("Set a status");
  if (!box) throw new Error("the dialog for the status is not open");
  const form = $("form", box);
  const { elements } = form;
  const names = [...elements.emoji.options].map((each) => each.value).filter(Boolean);
  if (emoji !== null && emoji !== "" && !names.includes(emoji)) return { missing: emoji, kind: "emoji", names };
  elements.message.value = message;
  if (emoji !== null) elements.emoji.value = emoji;
  if (busy !== null) elements.busy.checked = busy;
  return {};
}

async function saveStatus() {
  const box = dialog("Set a status");
  const error = $("[role='alert']", box);
  error.hidden = true;
  named("button", "Set status", box).click();
  await when(() => !shown(box) || (shown(error) && text(error)));
  return shown(box) ? text(error) : "";
}

const getStatus = async () => {
  const body = (await fetchPart("/")).body;
  const { elements } = $$("form", body).find((each) => each.elements.emoji);
  return { message: elements.message.defaultValue, emoji: elements.emoji.value, busy: elements.busy.checked };
};

function fillWebsite(url) {
  type(need("user[website_url]"), url);
  submitField("user[website_url]");
}

// ---- milestones and groups -----------------------------------------------------------------------

function fillMilestone({ title, start_date, due_date }) {
  type(need("milestone[title]"), title);
  type(need("milestone[start_date]"), start_date || "");
  type(need("milestone[due_date]"), due_date || "");
  submitField("milestone[title]");
}

function listMilestones() {
  if (observe().page !== "milestones") throw new Error("this is not a list of milestones");
  return $$("b, td:first-child", $("main")).map(text);
}
