// Reading GitLab's lists: projects, issues, merge requests, commits, contributors, members, people.

const hrefOf = (link) => decodeURIComponent(link.getAttribute("href"));
const links = (root, fits) => $$("a[href]", root).filter((each) => fits.test(hrefOf(each)) && text(each));
const PROJECT = /^\/(?!(?:dashboard|groups|users|explore|search|-)\b)[^/?]+\/[^/?]+$/;
const PERSON = /^\/(?!(?:explore|search|dashboard)\b)[^/?]+$/;
const THREAD = /\/-\/(?:issues|merge_requests)\/\d+$/;
const STATES = { Open: "opened", Closed: "closed", Merged: "merged" };

const lateBox = (part) => `[data-late*="${part}"]`;

// A part of the page that arrives late; a page that has no such part will never have it.
async function arrived(selector) {
  if (!$(selector)) throw new Error("this page has no such list");
  return settled(selector);
}

// A list in which more loads when asked for, as a whole.
async function unfold(selector) {
  for (;;) {
    const box = await arrived(selector);
    const more = $("[data-more]", box);
    if (!more) return box;
    const before = words(box).length;
    const asked = more.dataset.more;
    if (box.getAttribute("aria-busy") === "false") more.click();
    await when(() => !$$("[data-more]", box).some((each) => each.dataset.more === asked) || reading("Try again", box)[0]);
    await settled(selector);
    if (words(box).length <= before) throw new Error("the list did not go on");
  }
}

async function fetchPart(url) {
  const headers = { accept: "text/html", "x-layout": document.documentElement.dataset.layout || "" };
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`part of the list did not load (${answer.status})`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// A list that has pages: what the tab shows, and what its other pages have.
async function everyPage(selector) {
  const box = await arrived(selector);
  const found = [box];
  const number = Number(new URLSearchParams(location.search).get("page")) || 1;
  const source = new URL(box.dataset.late, location.href);
  const at = async (page) => {
    source.searchParams.set("page", page);
    return (await fetchPart(source)).body;
  };
  for (let page = number - 1; page > 0; page -= 1) found.unshift(await at(page));
  for (let page = number + 1, last = box; $("a[rel='next']", last); page += 1) found.push((last = await at(page)));
  return found;
}

// ---- issues and merge requests -------------------------------------------------------------------

// A moment or day of an entry, by the word beside it.
function momentOf(entry, word) {
  const near = (time) => `${time.previousSibling ? time.previousSibling.textContent : ""} ${text(time)} ${text(time.parentElement).startsWith(word) && $$("time", time.parentElement).length === 1 ? word : ""}`;
  const found = $$("time", entry).find((time) => near(time).toLowerCase().includes(word));
  return found ? found.getAttribute("datetime") : null;
}

function readThread(link, entry) {
  const [, project, number] = /^\/(.+)\/-\/\w+\/(\d+)$/.exec(hrefOf(link));
  const people = $$("a[href]", entry).filter((each) => PERSON.test(hrefOf(each)));
  const assigned = people.filter((each) => (each.title || "").startsWith("Assigned to"));
  const author = people.find((each) => !assigned.includes(each));
  return {
    number: Number(number),
    title: text(link),
    project_path: project,
    state: STATES[words(entry).find((piece) => piece in STATES)],
    author: author ? hrefOf(author).slice(1) : "",
    assignees: assigned.map((each) => hrefOf(each).slice(1)),
    labels: links(entry, /label_name/).map(text),
    due_date: momentOf(entry, "due"),
    created_at: momentOf(entry, "created"),
    updated_at: momentOf(entry, "updated"),
  };
}

function readThreads(box) {
  const found = links(box, THREAD);
  const boxes = entries(box, found);
  return found.map((link, index) => readThread(link, boxes[index]));
}

const listThreads = async (word) => (await everyPage(lateBox(`/-/parts/${word}`))).flatMap(readThreads);

// Those of the whole site that a dashboard shows, read without leaving the page of the tab.
async function listDashboard(url) {
  const found = [];
  for (let page = 1, more = true; more; page += 1) {
    const body = (await fetchPart(`${url}&page=${page}`)).body;
    found.push(...readThreads($("main", body)));
    more = Boolean($("a[rel='next']", body));
  }
  return found;
}

async function listTodos() {
  const main = $("main", await fetchPart("/dashboard/todos"));
  const found = links(main, THREAD);
  return entries(main, found).map((entry, index) => ({
    reason: words(entry).find((piece) => piece !== text(found[index])),
    title: text(found[index]),
    project_path: /^\/(.+)\/-\//.exec(hrefOf(found[index]))[1],
    kind: hrefOf(found[index]).includes("/issues/") ? "issue" : "merge_request",
    number: Number(/\d+$/.exec(hrefOf(found[index]))[0]),
  }));
}

async function listActivity() {
  const main = $("main", await fetchPart("/dashboard/activity"));
  if (!same(text($("h1, h2", main)), "Your activity")) throw new Error("the activity is not there");
  const found = $$("time", main);
  return entries(main, found).map((entry, index) => {
    const link = $("a[href]", entry);
    const pieces = words(entry).filter((piece) => piece !== text(found[index]));
    const at = pieces.indexOf(text(link));
    return {
      action: pieces.slice(0, at).join(" "),
      project_path: text(link),
      target: pieces[at + 1] || "",
      text: pieces.slice(at + 2).join(" "),
      at: found[index].getAttribute("datetime"),
    };
  });
}

// ---- projects and people -------------------------------------------------------------------------

function readProject(link, entry) {
  const stars = $("[title='Stars']", entry);
  return {
    project_path: hrefOf(link).slice(1),
    name: words(link).at(-1).replace(/^.*\/ /, ""),
    description: text($("[aria-label='Description']", entry)),
    stars: stars ? number(text(stars)) : 0,
  };
}

function readProjects(box) {
  const found = links(box, PROJECT);
  return entries(box, found).map((entry, index) => readProject(found[index], entry));
}

const listProjects = async () => readProjects(await unfold(lateBox("/-/parts/projects")));

function readPeople(box) {
  const found = links(box, PERSON).filter((each) => !text(each).startsWith("@"));
  return entries(box, found).map((entry, index) => ({ link: found[index], entry }));
}

async function listFound() {
  const box = await unfold(lateBox("/-/parts/found"));
  const scope = new URL(box.dataset.late, location.href).searchParams.get("scope");
  if (scope === "users") {
    return readPeople(box).map(({ link }) => ({ kind: "user", title: text(link), path: hrefOf(link).slice(1), description: "" }));
  }
  if (scope === "projects") {
    return readProjects(box).map((each) => ({ kind: "project", title: each.name, path: each.project_path, description: each.description }));
  }
  return readThreads(box).map((each) => ({
    kind: scope.replace(/s$/, ""),
    title: each.title,
    path: `${each.project_path}${scope === "issues" ? "#" : "!"}${each.number}`,
    description: each.state,
  }));
}

const ROLE_NAMES = ["Guest", "Reporter", "Developer", "Maintainer", "Owner"];

async function listMembers() {
  const box = await unfold(lateBox("/-/parts/members"));
  return readPeople(box).map(({ link, entry }) => ({
    username: hrefOf(link).slice(1),
    name: text(link),
    role: words(entry).find((piece) => ROLE_NAMES.includes(piece)),
  }));
}

async function findUsers(query) {
  const answer = await fetch(`/api/v4/users?search=${encodeURIComponent(query)}&active=true`);
  if (!answer.ok) throw new Error(`people could not be searched (${answer.status})`);
  return (await answer.json()).map(({ username, name }) => ({ username, name }));
}

// ---- the repository ------------------------------------------------------------------------------

function readCommit(time, entry) {
  const sha = $("code", entry);
  const skip = [text(sha), text(time), "authored", "by", "·"];
  const [title, author] = words(entry).filter((piece) => !skip.includes(piece));
  const at = time.getAttribute("datetime");
  return { title, author, email: sha.title, date: at.slice(0, 10), at, sha: text(sha) };
}

async function listCommits() {
  const box = await unfold(lateBox("/-/parts/commits"));
  // The days' headings have a time, too: with them no commit takes its day for its own.
  const found = $$("time", box);
  const read = entries(box, found).map((entry, index) => [found[index], entry]);
  return read.filter(([time]) => time.getAttribute("datetime").includes("T")).map(([time, entry]) => readCommit(time, entry));
}

async function listContributors() {
  const box = await arrived(lateBox("/-/parts/contributors"));
  const pattern = /^([\d,]+) commits? \((.+)\)$/;
  const found = marks(box, (piece) => pattern.test(piece));
  return entries(box, found).map((entry, index) => {
    const [, commits, email] = pattern.exec(text(found[index]));
    return { name: words(entry)[0], email, commits: number(commits) };
  });
}

async function listFiles() {
  const box = await arrived(lateBox("/-/parts/tree"));
  return links(box, /\/-\/(?:blob|tree)\//).map((link) => ({
    name: text(link),
    kind: hrefOf(link).includes("/-/tree/") ? "folder" : "file",
  }));
}
