/** Makes an element: `h("button", { class: "primary", onclick: go }, "Go")`. Text is never read as HTML. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null) continue;
    // Here "false" says something else than nothing does.
    if (key.startsWith("aria-")) {
      element.setAttribute(key, String(value));
      continue;
    }
    if (value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(element.dataset, value);
    else if (key in element && key !== "list" && key !== "form") {
      element[key === "class" ? "className" : key] = value;
    } else element.setAttribute(key === "className" ? "class" : key, value === true ? "" : value);
  }
  return children.length ? put(element, ...children) : element;
}

/** Puts children into an element in the place of those that it has; what is missing is left out. */
export function put(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const drawings = {
  play: "M8 5v14l11-7z", pause: "M7 5h4v14H7zM13 5h4v14h-4z", close: "M6 6l12 12M18 6L6 18", plus: "M12 5v14M5 12h14",
  refresh: "M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6", search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5",
  back: "M14 6l-6 6 6 6", next: "M10 6l6 6-6 6", upload: "M12 16V5M7 10l5-5 5 5M5 20h14", note: "M9 18V6l10-2v12",
};
const filled = new Set(["play", "pause"]);

/** A small drawing, which says nothing to a screen reader: the button around it has a label. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", drawings[name]);
  if (filled.has(name)) path.setAttribute("class", "fill");
  svg.append(path);
  return svg;
}

/** A button. What it does may take time: it is busy until then, unless it opens a dialog; what went wrong is said. */
export function button(label, run, { kind = "", symbol, opens = false, ...more } = {}) {
  const element = h("button", {
    type: "button", class: kind, "aria-label": symbol && !more.text ? label : null, title: symbol ? label : null,
    onclick: async () => opens ? attempt(run) : busy(element, run), ...more,
  }, symbol ? icon(symbol) : null, symbol ? null : label);
  return element;
}

/** Runs something that takes time, with the element showing it. */
export async function busy(element, run) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  try { await attempt(run); } finally { element.removeAttribute("aria-busy"); }
}

async function attempt(run) { try { await run(); } catch (problem) { say(problem); } }

/** Tells the person something in a line that goes by itself; a problem stays a little longer. */
export function say(message) {
  const isProblem = message instanceof Error;
  if (isProblem && message.name === "AbortError") return;
  const note = h("div", { class: isProblem ? "note problem" : "note" }, isProblem ? message.text ?? "That did not work." : message);
  if (isProblem && !message.text) console.error(message);
  const place = document.getElementById("notes");
  place.append(note);
  while (place.children.length > 3) place.firstChild.remove();
  setTimeout(() => note.remove(), isProblem ? 9000 : 4500);
}

/** Asks in a dialog; answers what its form says, or null. The form's fields are named. */
export function dialog(title, content, { action = "OK", kind = "primary", wide = false, onopen } = {}) {
  return new Promise((resolve) => {
    const form = h("form", { method: "dialog", class: "dialog-body" }, content,
      action && h("div", { class: "dialog-actions" },
        h("button", { type: "button", onclick: () => element.close() }, "Cancel"),
        h("button", { type: "submit", class: kind, value: "yes" }, action)));
    const element = h("dialog", { class: wide ? "wide" : "", "aria-label": title },
      h("div", { class: "dialog-head" }, h("h2", {}, title),
        button("Close", () => element.close(), { symbol: "close", kind: "icon" })), form);
    element.addEventListener("close", () => {
      const answer = element.returnValue === "yes" ? Object.fromEntries(new FormData(form)) : null;
      element.remove();
      resolve(answer);
    });
    document.body.append(element);
    element.showModal();
    form.querySelector("input, select, textarea, button")?.focus();
    onopen?.(element);
  });
}

/** A message where there is nothing else to see. */
export function empty(title, ...rest) { return h("div", { class: "empty" }, h("h2", {}, title), ...rest); }
