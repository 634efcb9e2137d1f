import { VirtualList } from "./virtual-list.js";
import { fillRow, makeRow } from "./track-row.js";

/** A list of tracks as the library and the picker show it: live, with waveforms, and playing by Space. */
export class TrackList {
  #app;
  #ends;
  #timer = 0;
  tracks = null;

  constructor(app, { label, onopen, onactive, onchange = () => {} }) {
    this.#app = app;
    this.onchange = onchange;
    this.list = new VirtualList({
      label, rowHeight: 36, onopen, onactive,
      make: () => makeRow((track) => app.player.toggle(track)),
      fill: (row, track) => this.#fill(row, track),
      onkey: (event, track) => {
        if (event.key !== " ") return false;
        if (track) app.player.toggle(track);
        return true;
      },
    });
    const narrow = matchMedia("(max-width: 640px)");
    const fit = () => { this.list.rowHeight = narrow.matches ? 52 : 36; };
    narrow.addEventListener("change", fit);
    fit();
    const redraw = () => this.list.draw();
    this.#ends = [app.waveforms.listen(redraw), app.player.listen(redraw), () => narrow.removeEventListener("change", fit)];
  }

  get element() { return this.list.element; }

  /** Shows what matches a query; the list before stays in view until the first of it is there. */
  show(query) {
    const next = this.#app.offbeat.tracks.live(query);
    const before = this.tracks;
    this.tracks = next;
    before?.close();
    let isFirst = true;
    next.onchange = () => {
      if (isFirst && (next.total !== null || next.problem)) {
        isFirst = false;
        this.list.show(next);
      } else this.list.draw();
      this.onchange(next);
    };
    next.look(0, 60);
  }

  #fill(row, track) {
    fillRow(row, track, this.#app);
    if (!track || row.loud !== undefined) return;
    // Not while it scrolls by: what is still in view a moment later is asked for.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const element of this.element.querySelectorAll(".row.track:not([hidden])")) {
        if (element.track && element.parts.wave.parentElement.clientWidth && element.track.analyses.length) {
          this.#app.waveforms.want(element.track.id);
        }
      }
    }, 120);
  }

  close() {
    clearTimeout(this.#timer);
    this.tracks?.close();
    for (const end of this.#ends) end();
  }
}
