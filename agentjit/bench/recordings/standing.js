// Which elements of a page may stand for a described one, itself first. It follows targets.js.
function standIns(target) {
  const element = find(target);
  if (!element) return [];
  const alike = (each) => squeeze(each.textContent) === squeeze(element.textContent);
  const around = [];
  for (let at = element.parentElement; at && around.length < 4; at = at.parentElement) around.push(at);
  const control = element.control ? [element.control] : [];
  const inside = [...element.querySelectorAll("*")].filter(alike);
  return [element, ...control, ...inside, ...around.filter((each) => alike(each) && centred(each, element))];
}

// Whether a click in the middle of a box falls on an element in it.
function centred(box, element) {
  const [outer, inner] = [box.getBoundingClientRect(), element.getBoundingClientRect()];
  const [x, y] = [outer.left + outer.width / 2, outer.top + outer.height / 2];
  return inner.left < x && x < inner.right && inner.top < y && y < inner.bottom;
}

// How far the middle of a described element is from the window, in its heights; null: not there.
function distance(target) {
  const element = find(target);
  if (!element) return null;
  const { top, bottom } = element.getBoundingClientRect();
  const middle = (top + bottom) / 2;
  return middle >= innerHeight || middle <= 0 ? (middle - innerHeight / 2) / innerHeight : 0;
}
