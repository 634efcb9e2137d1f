import { button, dialog, empty, h, say } from "./dom.js";
import { ago, words } from "./format.js";
import { Calendar } from "./calendar.js";
import { newPost } from "./new-post.js";
import { steps } from "./post-steps.js";
import { draw } from "./waveform.js";

/** How posts are put together: what somebody has to do comes first. */
const groups = [
  ["Draft", ["draft", "changes-requested", "rejected"]], ["Waiting for approval", ["pending"]],
  ["Ready", ["approved", "scheduled", "publishing"]], ["Needs attention", ["failed", "needs-attention"]], ["Published", ["published"]],
];

/** The posts of a workspace by state, what waits for me in all of them, and the week to come. */
export class DashboardPage {
  title = "Dashboard";
  #app;
  #ends;
  #slug = null;
  #workspaces = [];
  #posts = [];
  #turn = 0;

  constructor(app) {
    this.#app = app;
    this.picker = h("select", { "aria-label": "Workspace", onchange: () => this.#choose(this.picker.value) });
    this.waiting = h("section", { class: "waiting", "aria-label": "Waits for me", hidden: true });
    this.board = h("div", { class: "board" });
    this.calendar = new Calendar((post) => this.#open(post));
    this.create = button("New post", () => this.#new(), { kind: "primary", opens: true });
    this.element = h("div", { class: "page" },
      h("div", { class: "page-head" }, h("h1", {}, "Dashboard"), this.picker, button("New workspace", () => this.#addWorkspace(), { kind: "plain", opens: true }), this.create),
      this.waiting, this.board, this.calendar.element);
    this.#ends = [
      app.offbeat.on("moved", () => this.#refresh()), app.offbeat.on("reset", () => this.#refresh()),
      app.waveforms.listen((id) => { for (const canvas of this.board.querySelectorAll("canvas")) if (canvas.dataset.id === id) this.#drawWave(canvas); }),
    ];
    this.#begin();
  }

  close() { for (const end of this.#ends) end(); }

  key(event) {
    if (event.key !== "n" || this.create.disabled) return false;
    this.create.click();
    return true;
  }

  async #begin() {
    try {
      this.#workspaces = (await this.#app.offbeat.workspaces.list()).workspaces;
    } catch (problem) { return this.board.replaceChildren(empty("The workspaces cannot be shown", h("p", {}, problem.text ?? ""))); }
    this.picker.hidden = !this.#workspaces.length;
    this.create.disabled = !this.#workspaces.length;
    this.picker.replaceChildren(...this.#workspaces.map(({ slug, name }) => h("option", { value: slug }, name ?? slug)));
    if (!this.#workspaces.length) {
      this.calendar.element.hidden = true;
      return this.board.replaceChildren(empty("No workspace yet", h("p", {}, "A workspace is where a team writes, approves and schedules posts.")));
    }
    let kept = null;
    try { kept = localStorage.getItem("offbeat-workspace"); } catch { /* Then it is the first. */ }
    const slug = this.#workspaces.some((other) => other.slug === kept) ? kept : this.#workspaces[0].slug;
    this.picker.value = slug;
    await this.#choose(slug);
  }

  async #choose(slug) {
    this.#slug = slug;
    try { localStorage.setItem("offbeat-workspace", slug); } catch { /* It is asked for again next time. */ }
    await this.#refresh();
  }

  async #refresh() {
    if (!this.#slug) return this.#begin();
    const turn = ++this.#turn;
    const { posts } = this.#app.offbeat;
    try {
      const [all, waiting, workspace] = await Promise.all([
        posts.list(this.#slug, { limit: 200 }), posts.waiting().catch(() => ({ posts: [] })), this.#app.offbeat.workspaces.get(this.#slug),
      ]);
      if (turn !== this.#turn) return;
      this.#posts = all.posts;
      this.workspace = workspace;
      this.#draw(waiting.posts);
    } catch (problem) { if (turn === this.#turn) this.board.replaceChildren(empty("The posts cannot be shown", h("p", {}, problem.text ?? ""))); }
  }

  #draw(waiting) {
    this.calendar.element.hidden = false;
    this.calendar.show(this.#posts, this.workspace.zone);
    this.waiting.hidden = !waiting.length;
    this.waiting.replaceChildren(h("h2", {}, "Waits for you"), h("ul", {}, waiting.map((post) => h("li", {},
      h("button", { type: "button", class: "plain", onclick: () => this.#open(post) }, post.title || post.text.slice(0, 60)),
      h("span", { class: `badge ${post.state}` }, words(post.state)), h("span", {}, post.workspace), h("span", {}, post.author ?? "")))));
    // Where somebody stands with the keyboard is kept: the cards are made anew.
    const focused = document.activeElement?.dataset?.card;
    this.board.replaceChildren(...groups.map(([name, states]) => {
      const posts = this.#posts.filter((post) => states.includes(post.state));
      return h("section", { class: "lane", "aria-label": name }, h("h2", {}, name, h("span", {}, String(posts.length))),
        posts.length ? h("ul", {}, posts.map((post) => h("li", {}, this.#card(post)))) : h("p", { class: "none" }, "Nothing here."));
    }));
    if (focused) this.board.querySelector(`[data-card="${CSS.escape(focused)}"]`)?.focus();
    for (const canvas of this.board.querySelectorAll("canvas")) {
      this.#drawWave(canvas);
      this.#app.waveforms.want(canvas.dataset.id);
    }
  }

  #drawWave(canvas) { draw(canvas, this.#app.waveforms.known(canvas.dataset.id), { bar: 2, gap: 1 }); }

  #card(post) {
    const when = post.state === "scheduled" && post.schedule ? `${post.schedule.local.replace("T", " ").slice(0, 16)} ${post.schedule.zone ?? ""}` : `${post.author ?? ""}, ${ago(post.modified)}`;
    const asked = post.state === "changes-requested" && post.decisions.findLast(({ kind, note }) => kind === "changes-requested" && note);
    return h("button", { type: "button", class: "card", data: { card: post.id }, onclick: () => this.#open(post) },
      h("b", {}, post.title || "Untitled"), h("span", { class: "card-text" }, post.text),
      post.track && h("canvas", { class: "wave", data: { id: post.track }, role: "img", "aria-label": "Waveform of its track" }),
      asked && h("span", { class: "asked" }, `“${asked.note}”`),
      h("span", { class: "card-foot" }, h("span", { class: `badge ${post.state}` }, words(post.state)), h("span", {}, when)));
  }

  async #new() {
    const post = await newPost(this.#app, this.workspace);
    if (post) say(`“${post.title || "The post"}” is ${post.state === "pending" ? "waiting for approval" : words(post.state)}.`);
    await this.#refresh();
  }

  async #addWorkspace() {
    const answer = await dialog("New workspace", [
      h("label", { class: "field" }, h("span", {}, "Short name, for links and commands"), h("input", { name: "slug", required: true, pattern: "[a-z0-9][a-z0-9\\-]*", maxLength: 32 })),
      h("label", { class: "field" }, h("span", {}, "Name"), h("input", { name: "name", maxLength: 100 })),
    ], { action: "Make it" });
    if (!answer) return;
    await this.#app.offbeat.workspaces.add({ slug: answer.slug, ...(answer.name ? { name: answer.name } : {}) });
    this.#slug = null;
    await this.#begin();
    this.picker.value = answer.slug;
    await this.#choose(answer.slug);
  }

  /** A post with its history, and what can be done with it now. */
  async #open({ workspace, id }) {
    const { offbeat } = this.#app;
    let post;
    try { post = await offbeat.posts.get(workspace, id); } catch (problem) { return say(problem); }
    const title = h("input", { name: "title", value: post.title ?? "", maxLength: 200 });
    const text = h("textarea", { name: "text", rows: 5, value: post.text });
    const close = () => content.closest("dialog").close();
    const act = (step) => button(step.label, async () => {
      const document = await step.ask(post, this.workspace);
      if (!document) return;
      await offbeat.posts.step(workspace, id, step.name, document);
      close();
      await this.#refresh();
    }, { kind: step.kind });
    const keep = button("Keep the text", async () => {
      await offbeat.posts.edit(workspace, id, { title: title.value || null, text: text.value });
      close();
      await this.#refresh();
    });
    const note = ["pending", "approved", "scheduled"].includes(post.state) && h("p", { class: "soft" }, "A change of the text makes it wait for approval again.");
    const wave = post.track && h("canvas", { class: "wave big", role: "img", "aria-label": "Waveform of its track" });
    const content = h("div", { class: "post" },
      h("div", { class: "post-line" }, h("span", { class: `badge ${post.state}` }, words(post.state)), h("span", {}, `${workspace}, by ${post.author ?? "somebody"}`)),
      h("label", { class: "field" }, h("span", {}, "Title"), title), h("label", { class: "field" }, h("span", {}, "Text"), text),
      wave, post.track && button("Play its track", async () => this.#app.player.toggle(await offbeat.tracks.get(post.track))), note,
      h("div", { class: "dialog-actions start" }, post.state !== "published" && keep, steps(post, this.workspace).map(act),
        button("Delete", async () => {
          await offbeat.posts.remove(workspace, id);
          close();
          this.#app.offerUndo("Deleted the post.");
          await this.#refresh();
        }, { kind: "danger" })),
      h("h3", {}, "History"),
      h("ol", { class: "history" }, [...post.decisions].reverse().map(({ by, at, kind, note, valid }) => h("li", { class: valid ? "" : "void" },
        h("span", { class: `badge ${kind}` }, words(kind)), h("span", {}, `${by}, ${ago(at)}${valid ? "" : ", about an earlier text"}`), note && h("q", {}, note))),
      !post.decisions.length && h("li", {}, "Nothing was decided yet.")),
      Object.entries(post.links ?? {}).map(([name, url]) => h("p", {}, `${name}: `, String(url))));
    dialog(post.title || "Post", content, { action: null, wide: true, onopen: () => {
      if (!wave) return;
      const known = () => draw(wave, this.#app.waveforms.known(post.track));
      const end = this.#app.waveforms.listen((id) => { if (id === post.track) known(); });
      wave.closest("dialog").addEventListener("close", end);
      known();
      this.#app.waveforms.want(post.track);
    } });
  }
}
