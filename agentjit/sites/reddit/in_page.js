// What Reddit's tools read and do inside the page, after the common in_page.js.
// Entries are known by what both layouts must have: the form that votes on them, the links to their
// authors and pages, the moment they were posted. All else is read as a visitor reads it.

const ORDERS = ["hot", "new", "active", "top", "controversial", "most_commented"];
const SCOPES = ["featured", "subscribed", "all"];

const main = (root = document) => $("main, [role='main']", root);
const linkTo = (start, root) => $$("a[href]", root).find((each) => each.getAttribute("href").startsWith(start));
const header = () => $("header, [role='banner']");
const me = () => text(linkTo("/user/", header())) && linkTo("/user/", header()).getAttribute("href").split("/")[2];

// A button's name: as it is announced, or as its tooltip says, or as it reads.
const nameOf = (button) => button.getAttribute("aria-label") || button.title || text(button);

// A score, which may be below zero.
function signed(words) {
  const found = /^([-−–]?)(\d[\d,]*)(?: points?)?$/.exec(words);
  if (!found) throw new Error(`"${words}" is not a score`);
  return Number(found[2].replaceAll(",", "")) * (found[1] ? -1 : 1);
}

// ---- observe -------------------------------------------------------------------------------------

function whichPage() {
  const parts = location.pathname.split("/").filter(Boolean);
  const [first, second, third, fourth, fifth] = parts;
  const isOrder = (name) => name === undefined || ORDERS.includes(name);
  const nothing = ["Not found", "That did not work"].includes(text($("h1"))) && !ownVotes();
  if (!header() || nothing) return { page: "other" };
  if (isOrder(first) && parts.length < 2) return { page: "home", order: first || "hot" };
  if (SCOPES.includes(first) && isOrder(second)) return { page: "home", order: second || "hot" };
  if (first === "f" && parts.length < 4 && isOrder(third)) return { page: "forum", order: third || "hot" };
  if (first === "f" && /^\d+$/.test(third) && fourth !== "-" && parts.length < 5) return { page: "submission" };
  if (first === "f" && fourth === "-" && fifth === "edit" && parts.length === 5) return { page: "edit_submission" };
  if (first === "user" && third === "edit_biography") return { page: "edit_biography" };
  if (first === "user" && parts.length < 4) return { page: "user" };
  const pages = { forums: "forums", create_forum: "create_forum", submit: "create_submission", search: "search" };
  return { page: (parts.length < 3 && pages[first]) || "other" };
}

// What a tool does it does on its own page only: elsewhere it would act on something else.
function only(...pages) {
  const { page } = whichPage();
  if (!pages.includes(page)) throw new Error(`this is the page "${page}", and not "${pages.join('" or "')}"`);
}

function observe() {
  const { page, order } = whichPage();
  if (!header()) return { page };
  const seen = { page, forum: null, user: null, submission: null };
  if (order) seen.order = order.replace("_", " ");
  if (page === "forum") seen.forum = text($("h1"));
  if (page === "user") seen.user = text($("h1"));
  if (page === "submission") {
    seen.submission = decodeURIComponent(location.pathname);
    seen.vote = voteOf(ownVotes());
  }
  if (page === "create_forum" || page === "create_submission") seen.form = isFilled() ? "filled" : "empty";
  return seen;
}

// ---- pages of lists ------------------------------------------------------------------------------

async function load(path) {
  const ask = () =>
    fetch(path, { headers: { accept: "text/html", "x-layout": document.documentElement.dataset.layout } });
  let answer = await ask().catch(() => null);
  if (!answer || !answer.ok) answer = await ask().catch(() => null);
  if (!answer || !answer.ok) throw new Error(`a page of the list did not load: ${path}`);
  if (new URL(answer.url).pathname !== new URL(path, location.href).pathname) throw new Error("the session has expired");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Read a list from a document and all its further pages, until there is none or there are enough.
// A list may have moved on between two of its pages: what came before does not come again.
async function gather(doc, path, read, limit) {
  const found = new Map();
  for (;;) {
    for (const each of read(doc)) if (!found.has(each.id)) found.set(each.id, each);
    const more = named("link", "More", main(doc));
    if (!more || (limit !== null && found.size >= limit)) break;
    path = new URL(more.getAttribute("href"), new URL(path, location.href)).href;
    doc = await load(path);
  }
  const all = [...found.values()];
  return limit === null ? all : all.slice(0, limit);
}

// ---- submissions ---------------------------------------------------------------------------------

const votingOn = (kind, root) => $$(`form[action^='/${kind}/']`, root);
const ownVotes = () => votingOn("sv", main())[0];
const idOf = (form) => Number(form.getAttribute("action").split("/")[2]);
const scoreOf = (form) => signed(plain(form).join(" "));

function voteOf(form) {
  const names = all("button", form).map(nameOf);
  if (names.includes("Retract upvote")) return "up";
  return names.includes("Retract downvote") ? "down" : "none";
}

function commentCount(words) {
  return /^no comments$/i.test(words) ? 0 : number(words);
}

function pageOf(id, links) {
  const own = links.find((each) => new RegExp(`^/f/[^/]+/${id}/[^/]+$`).test(each.getAttribute("href")));
  return own.getAttribute("href");
}

function readSubmission(form, box, page = null) {
  const id = idOf(form);
  const links = $$("a[href]", box);
  const title = all("link", all("heading", box)[0])[0];
  const url = page || pageOf(id, links);
  const talk = links.find((each) => /^(?:no comments|[\d,]+ comments?)$/i.test(text(each)));
  const host = words(box).map((piece) => /^\(([^()\s]+\.[^()\s]+)\)$/.exec(piece)).find(Boolean);
  const picture = $("img[src^='/submission_images/']", box);
  return {
    id,
    title: text(title),
    url: decodeURIComponent(url),
    forum: decodeURIComponent(url.split("/")[2]),
    author: text(linkTo("/user/", box)),
    score: scoreOf(form),
    comments: talk ? commentCount(text(talk)) : 0,
    my_vote: voteOf(form),
    posted: $("time", box).getAttribute("datetime"),
    link: host ? host[1] : null,
    picture_url: picture ? new URL(picture.getAttribute("src"), location.href).href : null,
  };
}

function readSubmissions(doc) {
  const forms = votingOn("sv", main(doc));
  const boxes = entries(main(doc), forms);
  return forms.map((form, index) => readSubmission(form, boxes[index]));
}

async function listSubmissions({ limit, person }) {
  only("home", "forum", "user", "search");
  if (person === null) return gather(document, location.href, readSubmissions, limit);
  const path = `/user/${encodeURIComponent(person)}/submissions`;
  return gather(await load(path), path, readSubmissions, limit);
}

// The submission whose page it is, with its text.
function getSubmission() {
  only("submission");
  const form = ownVotes();
  const late = $("[data-late$='/-/comments']");
  let box = form;
  while (!all("heading", box).length || !$("time", box)) box = box.parentElement;
  const body = $("[itemprop='articleBody']", main());
  const talk = all("heading", main()).map(text).find((each) => /^[\d,]+ comments?$/i.test(each));
  const path = late.dataset.late.replace(/-\/comments$/, "");
  return {
    ...readSubmission(form, box, location.pathname),
    forum: decodeURIComponent(path.split("/")[2]),
    comments: talk ? number(talk) : 0,
    body: body ? paragraphs(body) : "",
  };
}

// What is written in several lines and paragraphs, as it was typed.
function paragraphs(element) {
  const copy = element.cloneNode(true);
  for (const end of $$("br", copy)) end.replaceWith("\n");
  const lines = (part) => part.textContent.split("\n").map((line) => line.replace(/\s+/g, " ").trim());
  return $$("p", copy).map((part) => lines(part).join("\n")).join("\n\n") || text(element);
}

// ---- comments ------------------------------------------------------------------------------------

// What says what a comment says, without the answers to it.
function readComment(form, box) {
  const mine = (selector) => $$(selector, box).find((each) => each.closest("[id^='comment_']") === box || !box.id);
  const parent = box.parentElement.closest("[id^='comment_']");
  return {
    id: idOf(form),
    author: text(mine("a[href^='/user/']")),
    text: paragraphs(mine("[itemprop='text']")),
    score: scoreOf(form),
    my_vote: voteOf(form),
    posted: mine("time").getAttribute("datetime"),
    answers_to: parent ? Number(parent.id.split("_")[1]) : null,
  };
}

const thread = () => settled("[data-late$='/-/comments']");

async function threadComments(limit) {
  const found = votingOn("cv", await thread()).map((form) => {
    const seen = readComment(form, form.closest("[id^='comment_']"));
    return { ...seen, submission_title: text($("h1")), submission_url: decodeURIComponent(location.pathname) };
  });
  return limit === null ? found : found.slice(0, limit);
}

function readFlatComments(doc) {
  const forms = votingOn("cv", main(doc));
  const boxes = entries(main(doc), forms);
  return forms.map((form, index) => {
    const on = $$("a[href*='#comment_']", boxes[index])[0];
    return {
      ...readComment(form, boxes[index]),
      submission_title: text(on),
      submission_url: decodeURIComponent(on.getAttribute("href").split("#")[0]),
    };
  });
}

async function listComments({ limit, path }) {
  only("home", "forum", "user", "submission");
  if (path === null) return threadComments(limit);
  return gather(await load(path), path, readFlatComments, limit);
}

// ---- forums and people ---------------------------------------------------------------------------

function readForums(doc) {
  const links = $$("a[href]", main(doc)).filter((each) => /^\/f\/[^/]+$/.test(each.getAttribute("href")));
  const boxes = entries(main(doc), links);
  return links.map((link, index) => {
    const box = boxes[index];
    // Its name, its title and what it is about, then the two numbers.
    const cells = words(box).filter((piece) => !["✓", "Subscribed"].includes(piece));
    const counts = cells.slice(-2);
    const told = cells.slice(1, -2);
    return {
      id: text(link),
      name: text(link),
      title: told[0],
      description: told[1],
      submissions: number(counts[0]),
      subscribers: number(counts[1]),
      subscribed: Boolean($("[title='Subscribed'], [aria-label='Subscribed']", box)) || words(box).includes("Subscribed"),
    };
  });
}

async function listForums() {
  const path = "/forums/by_name";
  const found = await gather(await load(path), path, readForums, null);
  return found.map(({ id, ...rest }) => rest);
}

async function listMine(what) {
  const path = `/user/${me()}/${what}`;
  const read = what === "comments" ? readFlatComments : readSubmissions;
  return gather(await load(path), path, read, null);
}

function getProfile() {
  only("user");
  const about = $("[itemprop='description']");
  return { username: text($("h1")), biography: about ? paragraphs(about) : null, is_me: text($("h1")) === me() };
}

function orderPath(order) {
  only("home", "forum");
  const found = $$("a[href]", main()).find((each) => each.getAttribute("href").endsWith(`/${order}`));
  if (!found) throw new Error("the list cannot be ordered");
  return found.getAttribute("href");
}
