import { h, icon } from "./dom.js";
import { number } from "./format.js";
import { TrackDetail } from "./track-detail.js";
import { TrackList } from "./track-list.js";
import { columns } from "./track-row.js";
import { Uploads } from "./uploads.js";

/** The library: everything there is, to find, hear and describe. */
export class LibraryPage {
  title = "Library";
  #app;
  #query = { q: new URLSearchParams(location.search).get("q") ?? "", sort: new URLSearchParams(location.search).get("sort") ?? "added" };
  #timer = 0;

  constructor(app) {
    this.#app = app;
    this.uploads = new Uploads(app);
    this.search = h("input", {
      type: "search", id: "search", placeholder: "Search: night, artist:mira, bpm:118..124, tag:master", value: this.#query.q,
      "aria-label": "Search tracks", spellcheck: false, oninput: () => this.#typed(),
    });
    this.search.addEventListener("keydown", (event) => this.#searchKey(event));
    this.count = h("span", { class: "count-line", role: "status" });
    const file = h("input", { type: "file", multiple: true, accept: "audio/*,.flac,.aiff", hidden: true, "aria-hidden": "true", tabIndex: -1 });
    file.addEventListener("change", () => {
      this.uploads.add([...file.files]);
      file.value = "";
    });
    this.tracks = new TrackList(app, {
      label: "Tracks", onchange: (list) => this.#changed(list),
      onactive: (track) => this.#active(track), onopen: (track, index, how) => this.#open(track, how),
    });
    this.detail = new TrackDetail(app, () => this.tracks.element.focus());
    this.heads = h("div", { class: "row heads" });
    this.nothing = h("div", { class: "nothing", hidden: true });
    this.element = h("div", { class: "library" },
      h("h1", { class: "hidden" }, "Library"),
      h("div", { class: "bar" }, h("label", { class: "search" }, icon("search"), this.search), this.count,
        h("button", { type: "button", class: "primary", onclick: () => file.click() }, "Upload"), file),
      this.uploads.element,
      h("div", { class: "split" }, h("div", { class: "table" }, this.heads, this.tracks.element, this.nothing), this.detail.element),
      h("div", { class: "drop", "aria-hidden": "true" }, h("b", {}, "Drop to upload")));
    this.#drop();
    this.#drawHeads();
    this.#show();
  }

  close() {
    clearTimeout(this.#timer);
    this.tracks.close();
    this.detail.close();
    this.uploads.close();
  }

  /** Keys of the whole page; answers whether it knew the key. */
  key(event) {
    if (event.key === "/") this.search.focus();
    else if (event.key === "Escape" && this.detail.track) this.detail.show(null);
    else if (event.key === " " && this.detail.track && !event.target.closest?.("button, a")) this.#app.player.toggle(this.detail.track);
    else if (event.key === "ArrowDown" && document.activeElement === document.body) this.tracks.element.focus();
    else return false;
    return true;
  }

  focus() { this.tracks.element.focus({ preventScroll: true }); }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#query.q = this.search.value.trim();
      this.#show();
    }, 60);
  }

  #searchKey(event) {
    if (event.key === "ArrowDown" || event.key === "Enter") {
      this.tracks.element.focus();
      if (this.tracks.list.active < 0) this.tracks.list.go(0);
    } else if (event.key === "Escape" && this.search.value) {
      this.search.value = "";
      this.#typed();
    } else if (event.key === "Escape") this.tracks.element.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #show() {
    const address = new URL(location.href);
    address.search = new URLSearchParams(Object.entries(this.#query).filter(([name, value]) => value && !(name === "sort" && value === "added"))).toString();
    history.replaceState(history.state, "", address);
    this.tracks.show({ q: this.#query.q || undefined, sort: this.#query.sort });
  }

  #drawHeads() {
    this.heads.replaceChildren(h("span"), ...columns.map(({ name, label, sort }) => h("span", { class: `c-${name}` },
      sort ? h("button", {
        type: "button", class: "head", "aria-pressed": this.#query.sort === sort,
        onclick: () => {
          this.#query.sort = sort;
          this.#drawHeads();
          this.#show();
        },
      }, label) : label)));
  }

  #changed(list) {
    const { problem, total } = list;
    this.count.textContent = problem ? "" : `${number(total)} ${total === 1 ? "track" : "tracks"}`;
    this.nothing.hidden = !problem && total !== 0;
    this.search.setAttribute("aria-invalid", Boolean(problem?.status));
    if (problem) this.nothing.replaceChildren(h("b", {}, problem.text));
    else if (!total) {
      this.nothing.replaceChildren(...(this.#query.q
        ? [h("b", {}, "Nothing matches"), h("p", {}, "Fewer words find more; ", h("code", {}, "-word"), " leaves out.")]
        : [h("b", {}, "No tracks yet"), h("p", {}, "Drop audio files anywhere on this page, or run ", h("code", {}, "offbeat add FOLDER"), ".")]));
    }
    this.detail.refresh();
  }

  #active(track) { if (track && this.detail.track && track.id !== this.detail.track.id) this.detail.show(track); }

  #open(track, { isDouble }) {
    if (!track) return;
    this.detail.show(track);
    if (isDouble) this.#app.player.toggle(track);
  }

  #drop() {
    let depth = 0;
    const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    const mark = (change) => (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = Math.max(0, depth + change);
      this.element.classList.toggle("dropping", depth > 0);
    };
    this.element.addEventListener("dragenter", mark(1));
    this.element.addEventListener("dragover", mark(0));
    this.element.addEventListener("dragleave", mark(-1));
    this.element.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      this.element.classList.remove("dropping");
      this.uploads.add([...event.dataTransfer.files]);
    });
  }
}
