import { button, h, icon } from "./dom.js";
import { number, time } from "./format.js";
import { TrackList } from "./track-list.js";
import { draw } from "./waveform.js";

/** Picks a track: searched as one types, live, with the waveform of what is chosen. */
export class TrackPicker {
  chosen = null;
  #app;
  #timer = 0;
  #end;
  #isOpen = false;

  constructor(app) {
    this.#app = app;
    this.search = h("input", { type: "search", placeholder: "Search tracks", "aria-label": "Search tracks to pick from", spellcheck: false, oninput: () => this.#typed() });
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === "ArrowDown") {
        event.preventDefault();
        this.tracks.element.focus();
      }
    });
    this.count = h("span", { class: "soft", role: "status" });
    this.tracks = new TrackList(app, {
      label: "Tracks to pick from", onopen: (track) => this.#choose(track), onactive: (track) => this.#choose(track),
      onchange: ({ total, problem }) => { this.count.textContent = problem ? problem.text : `${number(total)} ${total === 1 ? "track" : "tracks"}`; },
    });
    this.canvas = h("canvas", { class: "wave big", role: "img", "aria-label": "Waveform of the chosen track" });
    this.name = h("span", {}, "Nothing is chosen yet.");
    this.refresh = button("Refresh", () => this.#refresh(), { symbol: "refresh", kind: "icon refresh" });
    this.element = h("div", { class: "picker" },
      h("div", { class: "picker-bar" }, h("label", { class: "search" }, icon("search"), this.search), this.count, this.refresh),
      h("div", { class: "table" }, this.tracks.element), h("div", { class: "chosen", role: "status" }, this.name, this.canvas));
    this.canvas.addEventListener("click", (event) => {
      if (!this.chosen) return;
      if (app.player.track?.id !== this.chosen.id) app.player.toggle(this.chosen);
      app.player.seek(event.offsetX / this.canvas.clientWidth);
    });
    const redraw = () => this.#draw();
    const ends = [app.waveforms.listen(redraw), app.player.listen(redraw)];
    this.#end = () => ends.forEach((end) => end());
  }

  /** Fetches what there is, once it is seen. */
  open() {
    if (!this.#isOpen) this.tracks.show({});
    this.#isOpen = true;
    this.tracks.list.draw();
    this.#draw();
  }

  close() {
    clearTimeout(this.#timer);
    this.tracks.close();
    this.#end();
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.tracks.show({ q: this.search.value.trim() || undefined }), 60);
  }

  /** Syncs with the remote, if there is one, and reads anew. */
  async #refresh() {
    const { offbeat } = this.#app;
    try { await offbeat.sync.start(); } catch { /* Without a remote, or without its answer, what is here is read. */ }
    await this.tracks.tracks?.refresh();
  }

  #choose(track) {
    if (!track) return;
    this.chosen = track;
    this.#app.waveforms.want(track.id, { compute: true });
    this.name.replaceChildren(h("b", {}, track.title || "Untitled"), ` ${track.artist ?? ""} ${time(track.audio?.durationMs)}`);
    this.#draw();
  }

  #draw() {
    if (!this.chosen) return draw(this.canvas, null);
    const { player, waveforms } = this.#app;
    draw(this.canvas, waveforms.known(this.chosen.id), { played: player.track?.id === this.chosen.id ? player.position : 0 });
  }
}
