// Tells what a toolset's own code does in a page: clicks, texts, choices. It follows targets.js.
// What the site's scripts do in turn is not told: the caller of each of these functions is looked
// at, and scripts of the site have an address. So is what a real mouse or keyboard does.
if (!globalThis.recorderIsHere) {
  globalThis.recorderIsHere = true;

  const fromSite = () => /https?:\/\//.test((new Error().stack.split("\n")[3] || ""));
  const tell = (kind, element, value = null) =>
    globalThis.noteAction({
      kind,
      value,
      target: describe(element),
      path: location.pathname + location.search + location.hash,
      ...(element.type === "checkbox" && kind === "click" ? wholeOf(element) : {}),
    });

  // Of how many boxes of a list this is one, and which box before them stands for all.
  function wholeOf(box) {
    const boxes = [...document.querySelectorAll("input[type='checkbox']")].filter((each) => seen(instead(each)));
    const peers = boxes.filter((each) => each.name === box.name);
    const before = boxes.slice(0, boxes.indexOf(peers[0])).at(-1);
    return { peers: peers.length, all: peers.length > 1 && before ? describe(before) : null };
  }

  const nearest = (element) => element.closest(CLICKABLE) || element;

  // What is in a closed menu is reached by whoever can be seen and clicked just before the menu.
  function openerOf(element) {
    let box = element;
    while (box.parentElement && !seen(box.parentElement)) box = box.parentElement;
    const before = [...(box.parentElement || box).querySelectorAll(CLICKABLE)].filter(
      (each) => seen(each) && each.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    return before.at(-1);
  }

  function press(element) {
    const target = nearest(element);
    const opener = seen(instead(target)) ? null : openerOf(target);
    if (opener) tell("click", opener);
    tell("click", target);
  }

  // Replaces a method: `note` is called before it, where the toolset called it.
  function watch(prototype, method, note) {
    const original = prototype[method];
    prototype[method] = function (...given) {
      if (!fromSite()) note(this, ...given);
      return original.apply(this, given);
    };
  }

  function watchSetter(prototype, property, note) {
    const { get, set, ...rest } = Object.getOwnPropertyDescriptor(prototype, property);
    Object.defineProperty(prototype, property, {
      ...rest,
      get,
      set(value) {
        if (!fromSite() && String(get.call(this)) !== String(value)) note(this, value);
        set.call(this, value);
      },
    });
  }

  const submitterOf = (form) =>
    [...form.elements].find((each) => (each.type === "submit" || each.type === "image") && seen(each));

  function send(form, submitter) {
    const button = submitter || submitterOf(form);
    if (button) press(button);
    else tell("press", [...form.elements].find(seen) || form, "Enter");
  }

  watch(HTMLElement.prototype, "click", press);
  watch(HTMLFormElement.prototype, "requestSubmit", send);
  watch(HTMLFormElement.prototype, "submit", send);
  watchSetter(HTMLInputElement.prototype, "value", (field, value) => tell("fill", field, String(value)));
  watchSetter(HTMLTextAreaElement.prototype, "value", (field, value) => tell("fill", field, String(value)));
  watchSetter(HTMLInputElement.prototype, "checked", (field) => {
    if (field.type !== "radio" || !field.checked) press(field);
  });
  watchSetter(HTMLSelectElement.prototype, "value", (field, value) => {
    const option = [...field.options].find((each) => each.value === String(value));
    if (option) tell("select", field, squeeze(option.textContent));
  });
  watchSetter(RadioNodeList.prototype, "value", (radios, value) => {
    const radio = [...radios].find((each) => each.value === String(value));
    if (radio) press(radio);
  });

  addEventListener("click", (event) => event.isTrusted && press(event.target), true);
  addEventListener(
    "input",
    ({ isTrusted, target }) => {
      if (!isTrusted || !("value" in target) || ["checkbox", "radio"].includes(target.type)) return;
      if (target.localName !== "select") tell("fill", target, target.value);
      else tell("select", target, squeeze(target.selectedOptions[0]?.textContent));
    },
    true,
  );
}
