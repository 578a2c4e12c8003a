// What GitLab's tools do inside the page, after the common in_page.js: observing, and going places.
// Addresses and the names of form fields are the site's own, and the same in both layouts; all else
// is found by roles and by texts.

const path = () => decodeURIComponent(location.pathname).replace(/\/$/, "");
const field = (name) => $(`[name="${CSS.escape(name)}"]:not([type='hidden']):not(:disabled)`);
const dialog = (name) =>
  $$("dialog[open], [role='dialog']").find((each) => shown(each) && all("heading", each).some((head) => same(text(head), name)));

// ---- observe -------------------------------------------------------------------------------------

const WHOLE = { "": "home", "/dashboard/projects": "home", "/explore": "explore", "/search": "search_results", "/-/profile": "edit_profile", "/groups/new": "new_group" };
const PARTS = {
  project_members: "project_members",
  issues: "project_issues",
  merge_requests: "merge_requests",
  new: "editor",
  edit: "editor",
  blob: "file",
  tree: "files",
  commits: "commits",
  graphs: "contributors",
  milestones: "milestones",
};

// A form that was refused comes again at the address that it was sent to.
const FORMS = { "project[name]": "create_project", "group[name]": "new_group", "issue[title]": "new_issue", "merge_request[title]": "new_merge_request", "milestone[title]": "new_milestone", commit_message: "editor" };

function pageOf(here) {
  if (here in WHOLE) return { page: WHOLE[here] };
  const [, project, part, rest] = /^\/([^/]+\/[^/]+)(?:\/-\/([^/]+)(?:\/(.+))?)?$/.exec(here) || [];
  if (!project || /^(?:dashboard|groups|projects|users|api)\//.test(project)) {
    const person = /^\/[^/]+$/.test(here) && words(document.body).some((each) => each.includes("User ID:"));
    return person ? { page: "user_profile", profile: here.slice(1) } : { page: "other" };
  }
  if (!part) return { page: "project", project_path: project };
  const seen = { page: PARTS[part] || "other", project_path: project };
  const number = /^\d+$/.test(rest || "") ? Number(rest) : null;
  if (part === "issues" && rest) seen.page = rest === "new" ? "new_issue" : number ? "issue_detail" : "other";
  if (part === "merge_requests" && rest) seen.page = number ? "merge_request" : "new_merge_request";
  if (part === "milestones" && rest) seen.page = rest === "new" ? "new_milestone" : "other";
  if (number && seen.page !== "other") seen.number = number;
  return seen;
}

const shownField = (name) => {
  const found = field(name);
  return found && shown(found) ? found : null;
};

// Whether this is one of the site's own pages: an error page has no search field.
const onSite = () => Boolean($("input[name='search']")) && !document.title.startsWith("Not Found");

function observe() {
  const nothing = { project_path: null, number: null, profile: null, draft: null, license_template: null };
  if (!onSite()) return { ...nothing, page: "other" };
  const seen = { ...nothing, ...pageOf(path()) };
  const form = Object.keys(FORMS).find(shownField);
  if (form) seen.page = FORMS[form];
  const typed = seen.page === "new_issue" ? field("issue[title]") : seen.page === "create_project" ? field("project[name]") : null;
  if (typed) seen.draft = typed.value.trim() || null;
  if (seen.page === "editor") seen.license_template = templateChosen();
  if (dialog("Invite members")) seen.page = "invite_modal";
  if (dialog("Set a status")) seen.page = "status_modal";
  return seen;
}

// ---- going places --------------------------------------------------------------------------------

// Remember what leaves the page for when the tool is ready to wait for the next one.
function then(action) {
  window.agentjitNext = action;
  return {};
}

function goOn() {
  const action = window.agentjitNext;
  window.agentjitNext = null;
  leave(action);
}

// Follow a link of the page by its address: the beginning of it, or all.
function followTo({ start, name }) {
  const link = $$("a[href]").find((each) => each.getAttribute("href").startsWith(start) && (!name || text(each).startsWith(name)));
  if (!link) throw new Error(`there is no link to ${start} on the page`);
  return then(() => link.click());
}

function inProject(rest) {
  const project = observe().project_path;
  if (!project) throw new Error("this page belongs to no project");
  return followTo({ start: `/${project}/-/${rest}` });
}

function outcome() {
  const alert = $$("[role='alert']").find((each) => shown(each) && text(each) && each.closest("main"));
  const typing = [...Object.keys(FORMS), "user[website_url]"].some(shownField);
  return { site: onSite(), complaint: alert && typing && !/success/.test(text(alert)) ? text(alert) : "" };
}

const exists = async (address) => (await fetch(address)).ok;

// Which project a path or a name means: exactly one of that path or name, or one of one's own.
async function findProjects(wanted) {
  const words = wanted.split("/").at(-1);
  const answer = await fetch(`/api/v4/projects?search=${encodeURIComponent(words)}`);
  if (!answer.ok) throw new Error(`projects could not be searched (${answer.status})`);
  const found = await answer.json();
  const near = found.map((each) => each.path_with_namespace);
  const exact = near.filter((each, index) => [each, each.split("/")[1], found[index].name].some((name) => same(name, wanted)));
  const own = exact.filter((each) => each.startsWith("byteblaze/"));
  const names = own.length === 1 ? own : exact;
  return { path: names.length === 1 ? names[0] : null, names, near };
}

function projectDetails() {
  if (observe().page !== "project") throw new Error("this is not the overview of a project");
  const main = $("main");
  const facts = words(main);
  const before = (word) => facts[facts.findIndex((piece) => piece === word) - 1];
  const inputs = $$("input[readonly]", main).map((each) => each.value);
  const file = $$("a[href]", main).find((each) => /\/-\/blob\/.*\/licen[sc]e(\.\w+)?$/i.test(hrefOf(each)));
  return {
    id: number(facts.find((piece) => piece.startsWith("Project ID"))),
    project_path: observe().project_path,
    name: text($("h1", main)),
    description: text($("[aria-label='Description']", main)),
    visibility: facts.find((piece) => ["Private", "Internal", "Public"].includes(piece)).toLowerCase(),
    stars: number(text(starButton())),
    commits: number(before("Commits")),
    default_branch: defaultBranch(),
    license: file ? hrefOf(file).split("/").at(-1) : null,
    clone_ssh: inputs.find((each) => each.startsWith("git@")),
    clone_http: inputs.find((each) => each.startsWith("http")),
  };
}

const starButton = () => all("button", $("main")).find((each) => /^(?:Uns|S)tar \d+$/.test(text(each)));

async function star(wanted) {
  const toast = $("[role='status']");
  const button = starButton();
  if (!button) throw new Error("there is nothing to star on this page");
  const word = () => text(button).split(" ")[0];
  if ((word() === "Unstar") === wanted) return;
  toast.hidden = true;
  const before = word();
  button.click();
  await when(() => word() !== before || !toast.hidden);
  if (word() === before) throw new Error(`the site said: ${text(toast)}`);
}

// The branch that the project's own links lead to.
function defaultBranch() {
  if (!observe().project_path) throw new Error("this page belongs to no project");
  const link = $$("nav a[href], [role='navigation'] a[href]").find((each) => hrefOf(each).includes("/-/commits/"));
  return hrefOf(link).split("/-/commits/")[1];
}

// The names in the folder that a file is in.
async function fileNames({ branch, path: file }) {
  const folder = file.split("/").slice(0, -1).join("/");
  const asked = new URLSearchParams({ ref: branch, path: folder });
  const { body } = await fetchPart(`/${observe().project_path}/-/parts/tree?${asked}`);
  return links(body, /\/-\/blob\//).map(text);
}

function personDetails() {
  if (observe().page !== "user_profile") throw new Error("this is nobody's profile");
  const facts = words($("main"));
  const id = facts.findIndex((piece) => piece.includes("User ID:"));
  const below = facts.slice(id + 1);
  const followers = facts[facts.indexOf("followers") - 1];
  const labelled = (name) => text($(`[aria-label='${name}']`, $("main"))) || null;
  return {
    id: number(/User ID: \d+/.exec(facts[id])[0]),
    username: path().slice(1),
    name: text($("h1", $("main"))),
    location: labelled("Location"),
    website: labelled("Website"),
    followers: number(followers || below[0]),
  };
}

const follows = () => Boolean(named("button", "Unfollow", $("main")));

function follow() {
  const button = named("button", "Follow", $("main"));
  if (!button) throw new Error("this person cannot be followed");
  return then(() => button.click());
}

const labelNames = () => [...need("label_name[]").options].slice(1).map(text);
const fill = ({ name, value }) => type(need(name), value);
