import { connect } from "../offbeat.js";
import { button, dialog, h, say } from "./dom.js";
import { LibraryPage } from "./library.js";
import { Player } from "./player.js";
import { Session } from "./session.js";
import { Waveforms } from "./waveform.js";

/** What all pages share. */
const offbeat = connect();
const waveforms = new Waveforms(offbeat);
const player = new Player(document.getElementById("player"), offbeat, waveforms);
const main = document.getElementById("main");
const app = { offbeat, waveforms, player, session: null, go, offerUndo };
const session = new Session(app, show);

const pages = {
  "/": () => LibraryPage,
  "/dashboard": async () => (await import("./dashboard.js")).DashboardPage,
  "/cache": async () => (await import("./cache.js")).CachePage,
  "/sync": async () => (await import("./sync.js")).SyncPage,
};
let page = null;
let turn = 0;

/** Goes to a page without leaving what plays. */
function go(path) {
  history.pushState(null, "", path);
  show();
}

async function show() {
  const mine = ++turn;
  const make = await (pages[location.pathname] ?? pages["/"])();
  if (mine !== turn) return;
  page?.close();
  page = null;
  if (session.isOut) return session.ask(main);
  page = new make(app);
  main.replaceChildren(page.element);
  document.title = `${page.title} – Offbeat`;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  page.focus?.();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (link.origin !== location.origin || !(link.pathname in pages) || link.target) return;
  event.preventDefault();
  if (link.pathname !== location.pathname) go(link.pathname);
});
addEventListener("popstate", show);

// Keys

const keys = [
  ["/", "Search"], ["↑ ↓, j k", "Move in a list"], ["Page ↑ ↓, Home, End", "Move further"], ["Enter", "Open; in the track, keep"],
  ["Space", "Play and pause"], ["Esc", "Close, or take back"], ["g then l, d, c, s", "Library, dashboard, cache, sync"], ["n", "New post (dashboard)"],
  ["?", "These keys"],
];
let isGoing = false;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
  const isTyping = event.target.matches?.("input, textarea, select");
  if (isTyping || session.isOut) return;
  if (isGoing) {
    isGoing = false;
    const path = { l: "/", d: "/dashboard", c: "/cache", s: "/sync" }[event.key];
    if (path) {
      event.preventDefault();
      return go(path);
    }
  }
  if (event.key === "g") isGoing = true;
  else if (event.key === "?") showKeys();
  else if (page?.key?.(event)) { /* It knew what to do. */ }
  else if (event.key === " " && player.track && !event.target.closest?.("button, a")) player.toggle();
  else return;
  event.preventDefault();
});

function showKeys() {
  dialog("Keys", h("dl", { class: "keys" }, keys.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)))), { action: null });
}
document.getElementById("help").addEventListener("click", showKeys);

// Light and dark

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  try { localStorage.setItem("offbeat-theme", root.dataset.theme); } catch { /* It holds until the page is left. */ }
  dispatchEvent(new Event("resize"));
});

/** Says what was done, with a way back. */
function offerUndo(text) {
  say(h("span", {}, text, " ", button("Undo", async () => {
    await offbeat.undo();
    say("Undone.");
  }, { kind: "plain" })));
}

// Asked at once, beside what the page itself asks for: nobody waits for who they are to see what is there.
session.begin();
show();
