import { button, h, icon, say } from "./dom.js";
import { time } from "./format.js";
import { draw } from "./waveform.js";

/** Plays one track or stem at a time, at the foot of every page. */
export class Player {
  track = null;
  stem = "master";
  #offbeat;
  #waveforms;
  #audio = new Audio();
  #listeners = new Set();
  #parts;

  constructor(element, offbeat, waveforms) {
    [this.#offbeat, this.#waveforms] = [offbeat, waveforms];
    this.element = element;
    this.#audio.preload = "metadata";
    for (const kind of ["play", "pause", "ended", "timeupdate", "durationchange"]) {
      this.#audio.addEventListener(kind, () => this.#show());
    }
    this.#audio.addEventListener("error", () => {
      if (this.track) say(Object.assign(new Error(), { text: `“${this.track.title}” cannot be played here.` }));
      this.#show();
    });
    waveforms.listen((id) => { if (id === this.track?.id) this.#show(); });
    new ResizeObserver(() => this.#show()).observe(element);
  }

  get isPlaying() { return this.track !== null && !this.#audio.paused && !this.#audio.ended; }
  get position() { return this.#length ? this.#audio.currentTime / this.#length : 0; }
  get #length() { return Number.isFinite(this.#audio.duration) ? this.#audio.duration : (this.track?.audio?.durationMs ?? 0) / 1000; }

  /** Is told whenever something else plays, or goes on, or stops, and a few times a second where it is; answers what ends that. */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Plays a track, or stops it where it is the one that plays. */
  toggle(track = this.track, stem = "master") {
    if (!track) return;
    if (track.id !== this.track?.id || stem !== this.stem) {
      [this.track, this.stem] = [track, stem];
      this.#audio.src = this.#offbeat.tracks.audio(track.id, stem);
      this.#waveforms.want(track.id, { stem });
      this.#make();
      this.#audio.play().catch(() => this.#show());
    } else if (this.#audio.paused) this.#audio.play().catch(() => this.#show());
    else this.#audio.pause();
  }

  /** Goes to a place, from 0 to 1. */
  seek(place) {
    if (!this.#length) return;
    this.#audio.currentTime = Math.max(0, Math.min(1, place)) * this.#length;
    this.#show();
  }

  stop() {
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.track = null;
    this.element.hidden = true;
    this.#tell();
  }

  #make() {
    const canvas = h("canvas", { class: "wave" });
    const slider = h("div", { class: "seek", role: "slider", tabIndex: 0, "aria-label": "Position", "aria-valuemin": 0, "aria-valuemax": 100 }, canvas);
    slider.addEventListener("pointerdown", (event) => {
      slider.setPointerCapture(event.pointerId);
      this.#point(slider, event);
    });
    slider.addEventListener("pointermove", (event) => { if (event.buttons) this.#point(slider, event); });
    slider.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 30, PageDown: -30 };
      if (event.key in steps) this.seek(this.position + steps[event.key] / this.#length);
      else if (event.key === "Home") this.seek(0);
      else if (event.key === " ") this.toggle();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    const play = h("button", { type: "button", class: "round", onclick: () => this.toggle() });
    const clock = h("span", { class: "clock" });
    const title = h("div", { class: "now" }, h("b", {}, this.track.title),
      h("span", {}, this.stem === "master" ? this.track.artist ?? "" : this.stem));
    this.element.replaceChildren(play, title, slider, clock, button("Stop and close", () => this.stop(), { symbol: "close", kind: "icon" }));
    this.element.hidden = false;
    this.#parts = { canvas, slider, play, clock };
    this.#tell();
  }

  #point(slider, event) {
    const box = slider.getBoundingClientRect();
    this.seek((event.clientX - box.left) / box.width);
  }

  #show() {
    if (!this.track || !this.#parts) return;
    const { canvas, slider, play, clock } = this.#parts;
    const name = this.isPlaying ? "pause" : "play";
    if (play.dataset.shows !== name) {
      play.dataset.shows = name;
      play.replaceChildren(icon(name));
      play.setAttribute("aria-label", this.isPlaying ? "Pause" : "Play");
    }
    const now = time(this.#audio.currentTime * 1000);
    clock.textContent = `${now} / ${time(this.#length * 1000)}`;
    slider.setAttribute("aria-valuenow", Math.round(this.position * 100));
    slider.setAttribute("aria-valuetext", now);
    draw(canvas, this.#waveforms.known(this.track.id, this.stem), { played: this.position });
    this.#tell();
  }

  #tell() { for (const listener of [...this.#listeners]) listener(); }
}
