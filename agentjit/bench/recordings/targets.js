// How an element is told to somebody who is not in the page, and how it is found again from that.
// Used by the recorder, and by whoever acts on what it recorded.

const squeeze = (words) => (words || "").replace(/\s+/g, " ").trim();
const CLICKABLE =
  "a[href], button, input, select, textarea, summary, label, option, [role='button'], [role='link']," +
  "[role='tab'], [role='option'], [role='menuitem'], [role='checkbox'], [role='radio'], [tabindex]";
const LONGEST = 80;

function seen(element) {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return box.width > 1 && box.height > 1 && style.visibility !== "hidden" && style.opacity !== "0";
}

const BY_TYPE = { button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox",
  radio: "radio", search: "searchbox", number: "spinbutton", range: "slider" };
const BY_TAG = { button: "button", textarea: "textbox", option: "option", li: "listitem", tr: "row", img: "img" };

function roleOf(element) {
  const said = element.getAttribute("role");
  const tag = element.localName;
  if (said) return said;
  if (tag === "a") return element.hasAttribute("href") ? "link" : "generic";
  if (tag === "input") return BY_TYPE[element.type] || "textbox";
  if (tag === "select") return element.multiple || element.size > 1 ? "listbox" : "combobox";
  return /^h[1-6]$/.test(tag) ? "heading" : BY_TAG[tag] || "generic";
}

function nameOf(element) {
  const labels = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean)
    .map((id) => document.getElementById(id)).filter(Boolean);
  const said = element.getAttribute("aria-label") || labels.map((each) => each.textContent).join(" ");
  if (squeeze(said)) return squeeze(said);
  if (element.labels && element.labels.length) return squeeze(element.labels[0].textContent);
  const isField = ["input", "select", "textarea"].includes(element.localName);
  const own = isField ? (BY_TYPE[element.type] === "button" ? element.value : "") : element.textContent;
  return squeeze(own) || squeeze(element.title || element.placeholder || element.alt || "");
}

// From the root down, by tag and number: it leads to one element as long as nothing comes before it.
function pathOf(element) {
  const steps = [];
  for (let at = element; at && at.parentElement; at = at.parentElement) {
    const twins = [...at.parentElement.children].filter((each) => each.localName === at.localName);
    steps.unshift(twins.length > 1 ? `${at.localName}:nth-of-type(${twins.indexOf(at) + 1})` : at.localName);
  }
  return ["html", ...steps].join(" > ");
}

const TOLD = ["id", "name", "type", "href", "for", "title", "placeholder", "aria-label", "value", "class"];

function attributesOf(element) {
  const told = [...element.attributes].filter(({ name }) => TOLD.includes(name) || name.startsWith("data-"));
  const sends = element.form && element.type === "submit" ? { type: "submit" } : {};
  return { ...Object.fromEntries(told.map(({ name, value }) => [name, value.slice(0, LONGEST)])), ...sends };
}

const visibleTwins = (role, name) =>
  [...document.querySelectorAll("*")].filter((each) => roleOf(each) === role && nameOf(each) === name && seen(each));

function describe(element) {
  const [role, name] = [roleOf(element), nameOf(element).slice(0, 2 * LONGEST)];
  const label = (element.labels && element.labels[0]) || element.closest("label");
  return {
    role,
    name,
    nth: Math.max(0, visibleTwins(role, nameOf(element)).indexOf(element)),
    tag: element.localName,
    text: squeeze(element.textContent).slice(0, LONGEST),
    attributes: attributesOf(element),
    css: pathOf(element),
    label: label && label !== element && !seen(element) ? pathOf(label) : null,
  };
}

// What stays as it is whatever state the page is in; and of it what tells an element from its like.
const LASTING = ["id", "name", "href", "for", "title", "placeholder", "aria-label"];
const TELLING = ["id", "href", "for"];
const isTick = (target) => ["checkbox", "radio"].includes(target.attributes.type);

function isMeant(element, target) {
  if (!element || element.localName !== target.tag) return false;
  const now = attributesOf(element);
  const names = Object.keys(target.attributes);
  const lasting = names.filter(
    (name) => LASTING.includes(name) || name.startsWith("data-") || (name === "value" && isTick(target)),
  );
  if (!lasting.every((name) => now[name] === target.attributes[name])) return false;
  const telling = lasting.some((name) => TELLING.includes(name) || (name.startsWith("data-") && now[name]));
  return telling || nameOf(element).slice(0, 2 * LONGEST) === target.name;
}

// The element that a description is of, as the page is now; null where it is not there.
function find(target) {
  const marked = document.querySelector(target.css);
  if (isMeant(marked, target)) return instead(marked);
  const others = [...document.querySelectorAll(target.tag)].filter(
    (each) => isMeant(each, target) && seen(instead(each)),
  );
  return others.length ? instead(others[Math.min(target.nth, others.length - 1)]) : null;
}

// A box that cannot be seen is ticked by its label.
function instead(element) {
  const label = (element.labels && element.labels[0]) || element.closest("label");
  return !seen(element) && label && seen(label) ? label : element;
}
