import { button, h, say } from "./dom.js";
import { ago } from "./format.js";

/** Where two people wrote different things into one field: side by side, for a person to choose. */
export class Conflicts {
  #app;
  #isClosed = false;

  constructor(app) {
    this.#app = app;
    this.element = h("section", { class: "conflicts", "aria-label": "Conflicts", hidden: true });
  }

  close() { this.#isClosed = true; }

  async refresh() {
    const { offbeat } = this.#app;
    let found;
    try { found = (await offbeat.conflicts.list()).conflicts; } catch { return; }
    const names = await Promise.all(found.map(({ id, kind }) => !kind || kind.startsWith("track") ? offbeat.tracks.get(id).then(({ title }) => title, () => null) : null));
    if (this.#isClosed) return;
    // What somebody is writing is not taken away.
    if (this.element.contains(document.activeElement) && document.activeElement.matches("input") && found.length) return;
    this.element.hidden = !found.length;
    this.element.replaceChildren(h("h2", {}, found.length === 1 ? "One conflict" : `${found.length} conflicts`),
      ...found.map((conflict, index) => this.#card(conflict, names[index])));
  }

  #card({ id, field, current, others }, name) {
    const { offbeat } = this.#app;
    const resolve = (decision, what) => async () => {
      await offbeat.conflicts.resolve(id, field, decision);
      say(`Resolved: ${what}.`);
      await this.refresh();
    };
    const side = (label, value, detail, decision) => h("div", { class: "side" }, h("h4", {}, label), h("p", { class: "value" }, text(value)), h("p", { class: "soft" }, detail),
      button("Take this", resolve(decision, `${field} is “${text(value)}”`)));
    const own = h("input", { value: typeof current === "string" ? current : "", "aria-label": `Another value for ${field}` });
    return h("article", { class: "conflict" }, h("h3", {}, `${name ?? id.slice(0, 10)}: ${field}`),
      h("div", { class: "sides" }, side("Now", current, "what everybody sees", { take: "current" }),
        others.map(({ value, by, at, n }, index) => side(by ?? "Somebody", value, ago(at), { take: n ?? index + 1 }))),
      typeof current === "string" && h("div", { class: "own" }, own, button("Take what I write", () => resolve({ value: own.value }, `${field} is “${own.value}”`)())));
  }
}

function text(value) {
  if (value === null || value === undefined || value === "") return "nothing";
  return typeof value === "string" ? value : Array.isArray(value) ? value.map(text).join(", ") : JSON.stringify(value);
}
