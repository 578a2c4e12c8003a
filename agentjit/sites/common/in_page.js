// What the tools of every site do inside a page. Each tool is one evaluation, waiting included.
// A site's own scripts follow this file and use what is defined here.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const text = (element) => (element ? element.textContent.replace(/\s+/g, " ").trim() : "");
const same = (one, other) => fold(one) === fold(other);
const shown = (element) => element.getClientRects().length > 0;

function fold(words) {
  return words.normalize("NFKC").replace(/[’‘`]/g, "'").replace(/\s+/g, " ").trim().toLowerCase();
}

// The one number among words that say what it is, such as "25 min" or "(1,234)".
function number(words) {
  const found = words.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) || [];
  if (found.length !== 1) throw new Error(`"${words}" is not a number`);
  return Number(found[0].replaceAll(",", ""));
}

// What is paid is read strictly: an amount that is guessed would make something look cheap.
function money(words) {
  const found = /^\+?\$(\d+(?:,\d{3})*(?:\.\d{1,2})?)$/.exec(words);
  if (!found) throw new Error(`"${words}" is not an amount of money`);
  return Number(found[1].replaceAll(",", ""));
}

// The texts below an element, in the order of reading: one for each piece of text on its own.
function words(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const piece = walker.currentNode.data.replace(/\s+/g, " ").trim();
    if (piece) found.push(piece);
  }
  return found;
}

// The same without what stands on buttons.
function plain(root) {
  const buttons = all("button", root).map(text);
  return words(root).filter((piece) => !buttons.includes(piece));
}

// The elements whose own text this is, each with nothing inside; what is struck out does not count.
const marks = (root, fits) =>
  $$("*", root).filter((each) => !each.children.length && fits(text(each)) && !each.closest("s, del"));

// The smallest element around a mark that has a text that fits, too.
function around(mark, fits) {
  let box = mark.parentElement;
  while (box && !words(box).some(fits)) box = box.parentElement;
  return box;
}

// The entries of a list: for each mark in it the largest element that has no other one.
function entries(list, found) {
  return found.map((mark) => {
    let entry = mark;
    const alone = (element) => found.filter((each) => element.contains(each)).length === 1;
    while (entry.parentElement !== list && alone(entry.parentElement)) entry = entry.parentElement;
    return entry;
  });
}

// The elements of a role, said outright or by their tag; with a name, the one whose text it is.
const ROLES = {
  button: "button, [role='button'], input[type='submit']",
  dialog: "dialog[open], [role='dialog'], [role='alertdialog']",
  heading: "h1, h2, h3, h4, h5, h6, [role='heading']",
  link: "a[href], [role='link']",
  listitem: "li, [role='listitem']",
  row: "tr, [role='row']",
};
const all = (role, root = document) => $$(ROLES[role], root);
const named = (role, name, root = document) =>
  all(role, root).find((each) => same(each.getAttribute("aria-label") || text(each), name));

// The innermost elements below the root whose whole text this is: for what is clicked by its text.
function reading(name, root = document) {
  const fits = (element) => same(text(element), name);
  return $$("*", root).filter((each) => fits(each) && ![...each.children].some(fits));
}

// Resolves with what the condition finds, with the very change of the page that makes it hold.
function when(condition) {
  return new Promise((resolve, reject) => {
    const observer = new MutationObserver(look);
    function look() {
      try {
        const found = condition();
        if (!found) return;
        observer.disconnect();
        resolve(found);
      } catch (problem) {
        observer.disconnect();
        reject(problem);
      }
    }
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
}

// A box whose late content has arrived; where it did not load, it is asked for once more.
async function settled(selector) {
  const calm = () => $(`${selector}[aria-busy="false"]`);
  const failed = (box) => reading("Try again", box)[0];
  const retry = failed(await when(calm));
  if (retry) retry.click();
  const box = await when(calm);
  if (failed(box)) throw new Error("part of the page did not load");
  return box;
}

// Do what leaves the page, but only after this evaluation has answered: it would be lost with it.
const leave = (action) => setTimeout(action, 0);

// Say no to a dialog that asks for consent or for an opinion: until then nothing can be clicked.
function clearTheWay() {
  const noes = ["Only necessary ones", "Not now"];
  for (const dialog of all("dialog")) {
    const no = noes.map((name) => named("button", name, dialog)).find(Boolean);
    if (no) no.click();
  }
}
