import { button, busy, dialog, h, icon, say } from "./dom.js";
import { day, size, tempo, time } from "./format.js";
import { analysisBadge, draw } from "./waveform.js";

const fields = [
  ["title", "Title", "text"], ["artist", "Artist", "text"], ["album", "Album", "text"], ["genre", "Genre", "text"],
  ["year", "Year", "number"], ["bpm", "Tempo", "number"], ["key", "Key", "text"], ["tags", "Tags", "text"], ["comment", "Comment", "area"],
];
const stemTypes = ["vocals", "drums", "bass", "other"];

/** One track beside the list: its waveform, what is written of it (edited in place), stems, markers, analysis. */
export class TrackDetail {
  track = null;
  #app;
  #onclose;
  #ends;
  #turn = 0;

  constructor(app, onclose) {
    [this.#app, this.#onclose] = [app, onclose];
    this.element = h("aside", { class: "detail", "aria-label": "The track", hidden: true });
    this.#ends = [
      app.offbeat.on("track", ({ track, state, problem }) => {
        if (track.id !== this.track?.id) return;
        this.#take(track);
        if (state === "refused") this.#explain(problem);
      }),
      app.waveforms.listen((id) => { if (id === this.track?.id) this.#drawSound(); }),
      app.player.listen(() => this.#drawSound()),
    ];
  }

  close() { for (const end of this.#ends) end(); }

  /** Shows a track; null shows nothing. */
  async show(track) {
    const isOther = track?.id !== this.track?.id;
    this.track = track;
    this.element.hidden = !track;
    this.element.parentElement?.classList.toggle("open", Boolean(track));
    if (!track) return this.#onclose();
    if (isOther) this.#make();
    await this.refresh();
  }

  /** Asks what it is now. */
  async refresh() {
    if (!this.track) return;
    const turn = ++this.#turn;
    try {
      const track = await this.#app.offbeat.tracks.get(this.track.id);
      if (turn === this.#turn) this.#take(track);
    } catch (problem) {
      if (turn !== this.#turn || problem.status !== 404) return;
      say(`“${this.track.title}” is gone.`);
      this.show(null);
    }
  }

  #take(track) {
    this.track = track;
    if (!this.parts) return;
    for (const [name] of fields) {
      const input = this.parts.inputs[name];
      // Nobody's typing is overwritten; it is compared with what is there when it is kept.
      if (document.activeElement !== input) input.value = this.#text(name);
    }
    this.parts.title.textContent = track.title || "Untitled";
    this.parts.facts.replaceChildren(...this.#facts().map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    this.#drawStems();
    this.#drawMarkers();
    this.#drawSound();
  }

  #text(name) {
    const value = this.track[name];
    if (name === "tags") return (value ?? []).join(", ");
    return name === "bpm" ? tempo(value) : value === null || value === undefined ? "" : String(value);
  }

  #facts() {
    const { audio, owner, created, modified, here } = this.track;
    const channels = (count) => ["", "mono", "stereo"][count] ?? `${count} channels`;
    return [
      ["Length", time(audio?.durationMs)], ["File", audio ? `${audio.format ?? "?"}, ${size(audio.size)}` : "none"],
      ["Sound", audio?.sampleRate ? `${(audio.sampleRate / 1000).toFixed(1)} kHz, ${channels(audio.channels)}` : "–"],
      ["Owner", owner ?? "–"], ["Added", day(created)], ["Changed", day(modified)], ["On this computer", here ? "yes" : "no, fetched when it is played"],
    ];
  }

  #make() {
    const track = this.track;
    const inputs = Object.fromEntries(fields.map(([name, label, kind]) => {
      const input = h(kind === "area" ? "textarea" : "input", { id: `field-${name}`, name, rows: kind === "area" ? 3 : undefined, type: kind === "area" ? undefined : "text", inputmode: kind === "number" ? "decimal" : undefined, autocomplete: "off" });
      input.addEventListener("change", () => this.#keep(name, input));
      input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          input.value = this.#text(name);
          input.blur();
          this.#onclose();
          event.stopPropagation();
        } else if (event.key === "Enter" && kind !== "area") {
          input.blur();
          this.#onclose();
        }
      });
      return [name, input];
    }));
    const canvas = h("canvas", { class: "wave big", role: "img", "aria-label": "Waveform" });
    canvas.addEventListener("click", (event) => {
      if (this.#app.player.track?.id !== this.track.id || this.#app.player.stem !== "master") this.#app.player.toggle(this.track);
      this.#app.player.seek(event.offsetX / canvas.clientWidth);
    });
    this.parts = {
      inputs, canvas, title: h("h2", {}, track.title), facts: h("dl", { class: "facts" }), badge: h("span"),
      stems: h("ul", { class: "stems" }), markers: h("ul", { class: "markers" }), explanation: h("p", { class: "explanation", role: "alert", hidden: true }),
      play: h("button", { type: "button", class: "round", onclick: () => this.#app.player.toggle(this.track) }),
    };
    const { parts } = this;
    this.element.replaceChildren(
      h("div", { class: "detail-head" }, parts.play, parts.title, button("Close", () => this.show(null), { symbol: "close", kind: "icon" })),
      canvas, h("div", { class: "detail-line" }, parts.badge, button("Analyse again", () => this.#analyse(true), { kind: "plain" })),
      parts.explanation,
      h("div", { class: "fields" }, fields.map(([name, label]) => h("label", { class: `field f-${name}`, htmlFor: `field-${name}` }, h("span", {}, label), inputs[name]))),
      h("section", { "aria-label": "Stems" }, h("div", { class: "section-head" }, h("h3", {}, "Stems"), button("Add", () => this.#addStem(), { kind: "plain", opens: true })), parts.stems),
      h("section", { "aria-label": "Markers" }, h("div", { class: "section-head" }, h("h3", {}, "Markers"), button("Add here", () => this.#addMarker(), { kind: "plain", opens: true })), parts.markers),
      parts.facts,
      h("div", { class: "detail-foot" }, button("Replace the audio…", () => this.#replace(), { opens: true }), button("Remove…", () => this.#remove(), { kind: "danger", opens: true })));
    this.#take(track);
    this.#app.waveforms.want(track.id, { compute: true });
  }

  #drawSound() {
    if (!this.track || !this.parts) return;
    const { player, waveforms } = this.#app;
    const isIt = player.track?.id === this.track.id && player.stem === "master";
    const name = isIt && player.isPlaying ? "pause" : "play";
    this.parts.play.replaceChildren(icon(name));
    this.parts.play.setAttribute("aria-label", name === "pause" ? "Pause" : "Play");
    this.parts.badge.replaceChildren(analysisBadge(waveforms.states.get(this.track.id)));
    draw(this.parts.canvas, waveforms.known(this.track.id), { played: isIt ? player.position : 0 });
  }

  async #keep(name, input) {
    const text = input.value.trim();
    if (text === this.#text(name)) return;
    let value = text === "" ? null : text;
    if (name === "tags") value = [...new Set(text.split(",").map((tag) => tag.trim()).filter(Boolean))];
    if (name === "title") value = text;
    if (name === "bpm" || name === "year") {
      value = text === "" ? null : Number(text.replace(",", "."));
      if (Number.isNaN(value)) {
        input.value = this.#text(name);
        return this.#explain({ text: `${name === "bpm" ? "A tempo" : "A year"} is a number.` });
      }
    }
    this.parts.explanation.hidden = true;
    try { await this.#app.offbeat.tracks.edit(this.track.id, { [name]: value }); } catch (problem) {
      if (!problem.status) this.#explain(problem);
    }
  }

  #explain(problem) {
    this.parts.explanation.textContent = `Taken back: ${problem?.text ?? "it did not work"}`;
    this.parts.explanation.hidden = false;
  }

  async #analyse(again) {
    const id = this.track.id;
    if (again) await this.#app.offbeat.analysis.clear(id);
    this.#app.waveforms.forget(id);
    this.#app.waveforms.want(id, { compute: true });
    this.#drawSound();
  }

  // Stems

  #drawStems() {
    const { player } = this.#app;
    const stems = this.track.stems ?? [];
    const rows = stems.map((stem) => {
      const type = stem.type ?? stem;
      const play = h("button", { type: "button", class: "play", "aria-label": `Play the stem ${type}`, onclick: () => player.toggle(this.track, type) }, icon("play"));
      return h("li", {}, play, h("b", {}, type), h("span", {}, [stem.format, time(stem.durationMs ?? stem.audio?.durationMs)].filter((text) => text && text !== "–").join(", ")),
        button(`Remove the stem ${type}`, () => this.#app.offbeat.tracks.removeStem(this.track.id, type), { symbol: "close", kind: "icon" }));
    });
    this.parts.stems.replaceChildren(...(rows.length ? rows : [h("li", { class: "none" }, "None yet.")]));
  }

  async #addStem() {
    const answer = await dialog("Add a stem", [
      h("label", { class: "field" }, h("span", {}, "Part"), h("select", { name: "type" }, stemTypes.map((type) => h("option", {}, type)))),
      h("label", { class: "field" }, h("span", {}, "Audio file"), h("input", { type: "file", name: "file", required: true, accept: "audio/*,.flac" })),
    ], { action: "Add" });
    if (answer) await this.#app.offbeat.tracks.addStem(this.track.id, answer.type, answer.file);
    await this.refresh();
  }

  // Markers

  #drawMarkers() {
    const markers = this.track.markers ?? [];
    const rows = markers.map((marker) => {
      const at = (marker.frame / (this.track.audio?.sampleRate ?? 1)) * 1000;
      return h("li", {}, h("button", { type: "button", class: "plain", onclick: () => this.#go(at) }, time(at)), h("span", {}, marker.text ?? ""),
        button(`Remove the marker at ${time(at)}`, () => this.#app.offbeat.tracks.removeMarker(this.track.id, marker.id), { symbol: "close", kind: "icon" }));
    });
    this.parts.markers.replaceChildren(...(rows.length ? rows : [h("li", { class: "none" }, "None yet.")]));
  }

  #go(ms) {
    if (this.#app.player.track?.id !== this.track.id) this.#app.player.toggle(this.track);
    this.#app.player.seek(ms / (this.track.audio?.durationMs ?? 1));
  }

  async #addMarker() {
    const { player } = this.#app;
    const at = player.track?.id === this.track.id ? Math.round(player.position * (this.track.audio?.durationMs ?? 0)) : 0;
    const answer = await dialog(`Marker at ${time(at)}`, h("label", { class: "field" }, h("span", {}, "Text"), h("input", { name: "text", required: true, maxLength: 200 })), { action: "Add" });
    if (answer) await this.#app.offbeat.tracks.addMarker(this.track.id, { seconds: at / 1000, text: answer.text });
    await this.refresh();
  }

  // The file

  async #replace() {
    const answer = await dialog("Replace the audio", [
      h("p", {}, "What is written of the track stays; its analysis is made anew."),
      h("label", { class: "field" }, h("span", {}, "Audio file"), h("input", { type: "file", name: "file", required: true, accept: "audio/*,.flac" })),
    ], { action: "Replace" });
    if (!answer) return;
    await busy(this.element, () => this.#app.offbeat.tracks.replaceAudio(this.track.id, answer.file));
    await this.#analyse(false);
  }

  async #remove() {
    const { id, title } = this.track;
    const answer = await dialog(`Remove “${title}”?`, h("p", {}, "It can be had back: Undo, or the log, restores it."), { action: "Remove", kind: "danger" });
    if (!answer) return;
    await this.#app.offbeat.tracks.remove(id);
    if (this.track?.id === id) this.show(null);
    this.#app.offerUndo(`Removed “${title}”.`);
  }
}
