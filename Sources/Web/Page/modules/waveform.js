import { h } from "./dom.js";

/** Lowest and highest values of a sound, from -1 to 1, in turn, as they come from an analysis in audiowaveform's form. */
function values(result) {
  if (result.document) {
    const { bits, data } = result.document;
    return Float32Array.from(data, (value) => value / (bits === 16 ? 32768 : 128));
  }
  const view = new DataView(result.bytes);
  const headerSize = view.getInt32(0, true) === 1 ? 20 : 24;
  const bytes = view.getUint32(4, true) & 1 ? 1 : 2;
  const found = new Float32Array((view.byteLength - headerSize) / bytes);
  for (let index = 0; index < found.length; index++) {
    found[index] = bytes === 1
      ? view.getInt8(headerSize + index) / 128 : view.getInt16(headerSize + index * 2, true) / 32768;
  }
  return found;
}

/** How loud it is in so many equal parts. */
function reduce(values, parts) {
  const loud = new Float32Array(parts);
  const pairs = values.length / 2;
  for (let part = 0; part < parts; part++) {
    const end = Math.max(Math.floor(((part + 1) * pairs) / parts), Math.floor((part * pairs) / parts) + 1);
    for (let pair = Math.floor((part * pairs) / parts); pair < end && pair < pairs; pair++) {
      loud[part] = Math.max(loud[part], -values[pair * 2], values[pair * 2 + 1]);
    }
  }
  return loud;
}

/**
 * The waveforms of tracks, fetched a few at a time, the last that was asked for first: what has scrolled by is not waited
 * for. `states` says of each track what is known of its analysis: computing, cached, remote, computed, failed, none.
 */
export class Waveforms {
  static limit = 600;
  static parts = 1024;

  states = new Map();
  #offbeat;
  #kept = new Map();
  #waiting = [];
  #running = 0;
  #listeners = new Set();

  constructor(offbeat) {
    this.#offbeat = offbeat;
    offbeat.on("analysis", ({ id, stem, state }) => {
      if ((stem ?? "master") !== "master") return;
      if (state === "cached") this.forget(id);
      this.states.set(id, state);
      this.#tell(id);
    });
    offbeat.on("moved", ({ changes = [] }) => {
      for (const { kind, id } of changes) if (/^(track|analys)/.test(kind ?? "")) this.forget(id);
    });
    offbeat.on("left", () => this.#kept.clear());
  }

  /** Tells of each track whose waveform or state is different; answers what ends that. */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(id) {
    for (const key of [...this.#kept.keys()]) if (key.startsWith(id)) this.#kept.delete(key);
    this.states.delete(id);
  }

  /** What is known now: an array, null where there is nothing, undefined where nobody has asked. */
  known(id, stem = "master") { return this.#kept.get(`${id}/${stem}`); }

  /** Asks for one. With `compute` it is made where it is not there; otherwise only what is there is fetched. */
  want(id, { stem = "master", compute = false } = {}) {
    const key = `${id}/${stem}`;
    const known = this.#kept.get(key);
    if (known || (known === null && !compute)) return;
    if (this.#waiting.some((other) => other.key === key && other.compute === compute)) return;
    this.#waiting.push({ key, id, stem, compute });
    if (this.#waiting.length > 40) this.#waiting.shift();
    this.#next();
  }

  async #next() {
    if (this.#running >= 3 || !this.#waiting.length) return;
    const { key, id, stem, compute } = this.#waiting.pop();
    const isTrack = stem === "master";
    this.#running += 1;
    if (compute && isTrack && !this.states.has(id)) this.#state(id, "computing");
    try {
      const result = await this.#offbeat.analysis.get(id, { stem, format: "audiowaveform", cached: !compute });
      this.#keep(key, result && reduce(values(result), Waveforms.parts));
      if (isTrack) this.#state(id, result ? result.cache : "none");
    } catch (problem) {
      this.#keep(key, null);
      if (isTrack && problem.status) this.#state(id, "failed");
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  #keep(key, loud) {
    this.#kept.set(key, loud);
    if (this.#kept.size > Waveforms.limit) this.#kept.delete(this.#kept.keys().next().value);
  }

  #state(id, state) {
    this.states.set(id, state);
    this.#tell(id);
  }

  #tell(id) { for (const listener of [...this.#listeners]) listener(id); }
}

const names = {
  cached: ["cached", "Its analysis is here"], computed: ["cached", "Its analysis was computed now"],
  hit: ["cached", "Its analysis is here"], fetched: ["remote", "Its analysis came from the remote"],
  remote: ["remote", "Its analysis came from the remote"], computing: ["computing", "It is being analysed"],
  failed: ["failed", "It cannot be analysed"], none: ["none", "It is not analysed yet"],
};

/** What is known of a track's analysis, as a badge. */
export function analysisBadge(state) {
  const [name, title] = names[state] ?? names.none;
  return h("span", { class: `badge ${name}`, title }, name === "none" ? "not analysed" : name);
}

/** Draws a waveform in bars, the part that was played in the accent. */
export function draw(canvas, loud, { played = 0, bar = 2, gap = 1 } = {}) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return;
  const [pixels, lines] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixels) canvas.width = pixels;
  if (canvas.height !== lines) canvas.height = lines;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  const style = getComputedStyle(canvas);
  const [rest, accent] = [style.getPropertyValue("--wave"), style.getPropertyValue("--accent")];
  const count = Math.max(1, Math.floor(width / (bar + gap)));
  for (let index = 0; index < count; index++) {
    let level = 0;
    if (loud) {
      const end = Math.max(Math.floor(((index + 1) * loud.length) / count), Math.floor((index * loud.length) / count) + 1);
      for (let part = Math.floor((index * loud.length) / count); part < end; part++) level = Math.max(level, loud[part]);
    }
    const tall = Math.max(1, Math.min(1, level) * (height - 2));
    context.fillStyle = (index + 0.5) / count < played ? accent : rest;
    context.fillRect(index * (bar + gap), (height - tall) / 2, bar, tall);
  }
}
