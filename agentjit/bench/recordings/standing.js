// What of a page may stand for a described element, the element itself first. It follows targets.js.
function standIns(target) {
  const element = find(target);
  if (!element) return [];
  const alike = (each) => each && squeeze(each.textContent) === squeeze(element.textContent);
  const around = [];
  for (let at = element.parentElement; at && around.length < 4; at = at.parentElement) around.push(at);
  const control = element.control ? [element.control] : [];
  return [element, ...control, ...around.filter(alike), ...[...element.querySelectorAll("*")].filter(alike)];
}

// How far a described element is from what is shown, in heights of the window; null: not there.
function distance(target) {
  const element = find(target);
  if (!element) return null;
  const { top, bottom } = element.getBoundingClientRect();
  return top > innerHeight ? (top - innerHeight / 2) / innerHeight : bottom < 0 ? (bottom - innerHeight / 2) / innerHeight : 0;
}
