import { button, dialog, empty, h, say } from "./dom.js";
import { ago, number, percent, size, words } from "./format.js";

const causes = { change: "edits here", sync: "what a sync brought", undo: "undoing", request: "somebody asking", rebuild: "building anew" };

/** What the cache holds, how often it helps, and what made it forget. */
export class CachePage {
  title = "Cache";
  #app;
  #ends;
  #timer;

  constructor(app) {
    this.#app = app;
    this.content = h("div", { class: "stack" });
    this.element = h("div", { class: "page" },
      h("div", { class: "page-head" }, h("h1", {}, "Cache"),
        button("Warm", () => this.#act("warm", {}, (answer) => `Warm: ${number(answer?.fetched ?? answer?.tracks ?? 0)} analyses made ready.`)),
        button("Clean", () => this.#act("clean", undefined, () => "Cleaned: what was old or too much is gone.")),
        button("Clear…", () => this.#clear(), { kind: "danger", opens: true })),
      h("p", { class: "soft" }, "Everything here can be made again: nothing that a person made is lost by cleaning."), this.content);
    this.#ends = [app.offbeat.on("moved", () => this.#refresh()), app.offbeat.on("analysis", () => this.#refresh())];
    this.#timer = setInterval(() => { if (!document.hidden) this.#refresh(); }, 5000);
    this.#refresh();
  }

  close() {
    clearInterval(this.#timer);
    for (const end of this.#ends) end();
  }

  async #act(what, document, tell) {
    say(tell(await this.#app.offbeat.cache.act(what, document)));
    await this.#refresh();
  }

  async #clear() {
    const answer = await dialog("Clear the cache?", h("p", {}, "Lists and waveforms take longer until they are made again."), { action: "Clear", kind: "danger" });
    if (answer) await this.#act("clear", { all: true }, () => "Cleared.");
  }

  async #refresh() {
    const { cache } = this.#app.offbeat;
    try {
      const [statistics, { entries }] = await Promise.all([cache.statistics(), cache.entries().catch(() => ({ entries: [] }))]);
      this.#draw(statistics, entries);
    } catch (problem) { this.content.replaceChildren(empty("The cache cannot be shown", h("p", {}, problem.text ?? ""))); }
  }

  #draw(all, entries) {
    const figure = (value, name, more) => h("div", { class: "figure" }, h("b", {}, value), h("span", {}, name), more && h("small", {}, more));
    const focus = document.activeElement?.dataset?.forget;
    this.content.replaceChildren(
      h("div", { class: "figures" },
        figure(percent(all.hitRate), "were at hand", `${number(all.hits)} of ${number(all.hits + all.misses)}`),
        figure(number(all.entries), "analyses"), figure(size(all.bytes), "on this disk", `${size(all.rawBytes)} unpacked, ${percent(all.ratio)}`),
        figure(ago(all.lastCleanup), "last cleaned")),
      h("section", {}, h("h2", {}, "By view"), table(["View", "At hand", "Hits", "Misses", "Rows", "Size"], Object.entries(all.views ?? {}).map(([name, view]) => [
        name, meter(view.hitRate), number(view.hits), number(view.misses), number(view.rows), size(view.bytes)]))),
      h("div", { class: "pair" },
        h("section", {}, h("h2", {}, "Made anew because of"), counts(all.invalidations, (name) => causes[name] ?? words(name))),
        h("section", {}, h("h2", {}, "Left this disk because of"), counts(all.evictions, (name) => ({ expired: "age", size: "space", version: "a new analyzer" })[name] ?? words(name)))),
      h("section", {}, h("h2", {}, "Used last"), entries.length ? table(["What", "Part", "Size", "Used", "State", ""], entries.slice(0, 100).map((entry) => [
        h("code", {}, entry.view ?? (entry.id ?? "").slice(0, 10)), entry.stem ?? "", size(entry.size), ago(entry.lastAccessed),
        entry.valid ? h("span", { class: "badge good" }, "valid") : h("span", { class: "badge pending" }, entry.reason ?? "out of date"),
        h("button", { type: "button", class: "plain", data: { forget: entry.view ?? `${entry.id}/${entry.stem}` }, onclick: () => this.#act("invalidate", { of: entry.view ?? entry.id }, () => "Forgotten; it is made again when it is asked for.") }, "Forget")])) : h("p", { class: "none" }, "Nothing is kept yet.")));
    if (focus) this.content.querySelector(`[data-forget="${CSS.escape(focus)}"]`)?.focus();
  }
}

/** A table of so many columns; the first names the row. */
export function table(heads, rows) {
  return h("div", { class: "scroller", tabIndex: 0, role: "region", "aria-label": heads[0] }, h("table", {},
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head || h("span", { class: "hidden" }, "Actions"))))),
    h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell)))))));
}

function meter(rate) {
  return h("span", { class: "meter" }, h("progress", { max: 1, value: rate ?? 0, "aria-label": percent(rate) }), percent(rate));
}

function counts(document, name) {
  const most = Math.max(1, ...Object.values(document ?? {}));
  return h("dl", { class: "counts" }, Object.entries(document ?? {}).map(([key, value]) => h("div", {}, h("dt", {}, name(key)),
    h("dd", {}, h("progress", { max: most, value, "aria-label": name(key) }), h("span", {}, number(value))))));
}
