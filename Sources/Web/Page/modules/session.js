import { busy, button, h, say } from "./dom.js";

/** Who is here: coming in, leaving, being a guest; and whether the server and the remote can be reached. */
export class Session {
  isOut = false;
  #app;
  #show;
  #remote = null;
  #isConnected = true;

  constructor(app, show) {
    [this.#app, this.#show] = [app, show];
    const { offbeat } = app;
    offbeat.on("left", () => this.#left());
    offbeat.on("connection", ({ isConnected }) => {
      this.#isConnected = isConnected;
      this.#draw();
    });
    offbeat.on("sync", ({ state }) => { if (state !== "running") this.#count(); });
    offbeat.on("moved", () => this.#count());
    // A page that the browser keeps for going back to must not keep a connection.
    addEventListener("pagehide", () => offbeat.events.stop());
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted && this.#app.session) this.begin();
    });
    document.getElementById("leave").addEventListener("click", (event) => busy(event.currentTarget, () => this.#leave()));
  }

  /** Finds out who asks, and begins to listen. */
  async begin() {
    try {
      this.#take(await this.#app.offbeat.session.get());
    } catch (problem) { if (problem.status !== 401) say(problem); }
  }

  #take(session) {
    this.isOut = false;
    this.#app.session = session;
    this.#app.offbeat.events.start();
    this.#draw();
    this.#count();
  }

  #left() {
    if (this.isOut) return;
    this.isOut = true;
    this.#app.session = null;
    this.#app.player.stop();
    this.#draw();
    this.#show();
  }

  async #leave() {
    await this.#app.offbeat.session.leave();
    this.#left();
  }

  /** What is to be noticed wherever one is: what waits, what is in conflict, whether the remote answers. */
  async #count() {
    const { offbeat } = this.#app;
    try {
      const status = await offbeat.status();
      badge("waiting-count", status.waiting);
      badge("conflict-count", status.conflicts);
      this.#remote = status.remote ?? null;
    } catch { /* Each page says itself what it cannot have. */ }
    this.#draw();
  }

  #draw() {
    const session = this.#app.session;
    const who = document.getElementById("who");
    who.hidden = document.getElementById("leave").hidden = !session;
    who.textContent = session?.name ?? session?.user ?? (session?.guest ? "Guest" : "");
    const offline = document.getElementById("offline");
    const error = this.#remote?.lastError;
    offline.hidden = !session || (this.#isConnected && !error);
    offline.textContent = this.#isConnected ? "offline" : "reconnecting";
    offline.title = this.#isConnected
      ? "The remote cannot be reached. Everything here works; it is synced later." : "The server does not answer. What is shown may be old.";
    const banner = document.getElementById("guest");
    banner.hidden = !session?.guest;
    if (session?.guest) banner.replaceChildren(
      h("b", {}, "You are a guest."), " What you do stays in a copy of your own, which is gone when you leave.");
  }

  /** Asks for a token. */
  ask(place) {
    document.title = "Log in – Offbeat";
    const token = h("input", { type: "password", name: "token", id: "token", required: true, autocomplete: "current-password", spellcheck: false });
    const wrong = h("p", { class: "explanation", role: "alert", hidden: true });
    const enter = async (run) => {
      try {
        this.#take(await run());
        this.#show();
      } catch (problem) {
        wrong.textContent = problem.text ?? "That did not work.";
        wrong.hidden = false;
        token.select();
      }
    };
    const form = h("form", { class: "login", onsubmit: (event) => {
      event.preventDefault();
      busy(form, () => enter(() => this.#app.offbeat.session.enter(token.value.trim())));
    } },
      h("h1", {}, "Log in"),
      h("p", {}, "The link that ", h("code", {}, "offbeat serve"), " prints lets you in by itself. Otherwise give a token: ", h("code", {}, "offbeat user token HANDLE"), " makes one."),
      h("label", { class: "field", htmlFor: "token" }, h("span", {}, "Token"), token), wrong,
      h("div", { class: "dialog-actions" },
        button("Look around as a guest", () => enter(() => this.#app.offbeat.session.enterAsGuest()), { kind: "plain" }),
        h("button", { type: "submit", class: "primary" }, "Log in")));
    place.replaceChildren(form);
    token.focus();
  }
}

function badge(id, count) {
  const element = document.getElementById(id);
  element.hidden = !count;
  element.textContent = count ?? "";
  element.setAttribute("aria-label", id.startsWith("waiting") ? `${count} waiting for you` : `${count} in conflict`);
}
