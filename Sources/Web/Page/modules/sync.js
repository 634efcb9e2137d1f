import { button, empty, h, put, say } from "./dom.js";
import { ago, number, size, words } from "./format.js";
import { table } from "./cache.js";
import { Conflicts } from "./conflicts.js";

/** How this computer stands to the others: ahead, behind, what is going on, and what people have to decide. */
export class SyncPage {
  title = "Sync";
  #app;
  #ends;
  #turn = 0;

  constructor(app) {
    this.#app = app;
    this.content = h("div", { class: "stack" });
    this.progress = h("div", { class: "sync-progress", role: "status", hidden: true });
    this.conflicts = new Conflicts(app);
    this.guests = h("section", { hidden: true });
    this.log = h("section", {});
    this.run = button("Sync now", () => this.#start(), { kind: "primary" });
    this.element = h("div", { class: "page" }, h("div", { class: "page-head" }, h("h1", {}, "Sync"), this.run),
      this.progress, this.content, this.conflicts.element, this.guests, this.log);
    this.#ends = [
      app.offbeat.on("sync", (event) => this.#going(event)), app.offbeat.on("moved", () => this.#refresh()), app.offbeat.on("reset", () => this.#refresh()),
    ];
    this.#refresh();
  }

  close() {
    for (const end of this.#ends) end();
    this.conflicts.close();
  }

  async #start() {
    await this.#app.offbeat.sync.start();
    await this.#refresh();
  }

  #going({ state, what, done, total, message, result }) {
    const isRunning = state === "running";
    this.run.disabled = isRunning;
    this.progress.hidden = !isRunning;
    if (isRunning) {
      this.progress.replaceChildren(h("span", {}, what ? words(what) : "Syncing"),
        h("progress", { max: total || 1, value: total ? done : null, "aria-label": "Progress" }), h("span", {}, total ? `${number(done)} of ${number(total)}` : ""));
      return;
    }
    if (state === "offline") say("The remote cannot be reached. It is tried again by itself.");
    else if (state === "failed") say(Object.assign(new Error(), { text: message ?? "The sync did not work." }));
    else say(`Synced: ${words(result ?? "done")}.`);
    this.#refresh();
  }

  async #refresh() {
    const turn = ++this.#turn;
    const { offbeat } = this.#app;
    this.conflicts.refresh();
    this.#others();
    try {
      const sync = await offbeat.sync.get();
      if (turn === this.#turn) this.#draw(sync);
    } catch (problem) { if (turn === this.#turn) this.content.replaceChildren(empty("The sync cannot be shown", h("p", {}, problem.text ?? ""))); }
  }

  #draw(sync) {
    const remote = sync.remote;
    this.run.disabled = !remote || Boolean(sync.running);
    if (!remote) {
      return this.content.replaceChildren(empty("This library is only here", h("p", {}, "Any git server keeps a copy for the others: ", h("code", {}, "offbeat remote add origin URL"))));
    }
    const figure = (value, name, more) => h("div", { class: "figure" }, h("b", {}, value), h("span", {}, name), more && h("small", {}, more));
    const isEven = !sync.ahead && !sync.behind;
    put(this.content,
      h("div", { class: "figures" }, figure(number(sync.ahead), "to send"), figure(number(sync.behind), "to fetch"),
        figure(ago(sync.lastSync), "last sync", isEven ? "all is the same" : null),
        figure(remote.name ?? String(remote), "remote", remote.url)),
      sync.lastError && h("p", { class: "quiet-line" }, h("span", { class: "badge quiet" }, "offline"), ` ${sync.lastError}. Everything here works; it is synced later.`),
      h("section", {}, h("h2", {}, "Last rounds"), sync.rounds?.length ? table(["When", "Result", "Took", ""], sync.rounds.map((round) => [
        ago(round.at), words(round.result ?? round.state), `${number(round.tookMs)} ms`, round.message ?? ""])) : h("p", { class: "none" }, "None since the server was started.")));
  }

  /** Guests whose work waits, and the log; a person who may not see them sees neither. */
  async #others() {
    const { offbeat } = this.#app;
    const [guests, log] = await Promise.all([offbeat.guests.list().catch(() => null), offbeat.log({ limit: 12 }).catch(() => null)]);
    this.guests.hidden = !guests?.guests?.length;
    if (!this.guests.hidden) {
      this.guests.replaceChildren(h("h2", {}, "Guests"), table(["Guest", "Until", "Changes", "Size", ""], guests.guests.map((guest) => {
        const id = guest.id ?? guest.guest;
        return [h("code", {}, id.slice(0, 8)), ago(guest.expires), number(guest.records ?? guest.changes), size(guest.bytes), h("span", { class: "row-actions" },
          button("Keep", async () => {
            await offbeat.guests.keep(id);
            say("The guest’s work is part of the library now.");
          }, { kind: "plain" }),
          button("Discard", () => offbeat.guests.discard(id).then(() => this.#others()), { kind: "danger plain" }))];
      })));
    }
    this.log.replaceChildren(...(log?.entries?.length ? [h("div", { class: "section-head" }, h("h2", {}, "Log"), button("Undo the last change of yours", async () => {
      const { undone } = await offbeat.undo();
      say(`Undone: ${undone?.subject ?? "the last change"}.`);
    }, { kind: "plain" })), table(["What", "Who", "When", "Version"], log.entries.map(({ subject, by, at, version }) => [subject, by, ago(at), h("code", {}, version.slice(0, 8))]))] : []));
  }
}
