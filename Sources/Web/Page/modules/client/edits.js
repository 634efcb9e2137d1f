import { Problem } from "./connection.js";

/** Edits of tracks: shown at once, and taken back with an explanation where they are refused. */
export class Edits {
  #http;
  #events;
  /** What was asked for and not yet answered, by track: the oldest first. */
  #pending = new Map();

  constructor(http, events) {
    this.#http = http;
    this.#events = events;
  }

  #path(id) { return `/api/tracks/${encodeURIComponent(id)}`; }

  /** A track, with what is still being asked for. */
  async get(id, options) { return this.shown(await this.#http.get(this.#path(id), {}, options)); }

  /** A track as it is to be shown. */
  shown(track) {
    const pending = this.#pending.get(track.id);
    return pending ? Object.assign({}, track, ...pending) : track;
  }

  /**
   * Changes fields of a track. Whoever listens to `track` is told `{track, state: "pending"}` now, and later "kept", or
   * "refused" with the problem and the track as it is. The edit holds for the track as it was seen: if somebody else has
   * changed it meanwhile, it is refused, and theirs is shown.
   */
  async edit(id, changes) {
    const path = this.#path(id);
    // The tag is that of what this browser has seen, so it has to have seen something.
    const before = await this.#http.get(path, {}, {});
    const tag = this.#http.tag(path);
    const pending = this.#pending.get(id) ?? [];
    this.#pending.set(id, [...pending, changes]);
    this.#events.tell("track", { track: this.shown(before), state: "pending" });
    try {
      const answer = await this.#http.send("PATCH", path, changes, { headers: tag ? { "If-Match": tag } : {} });
      this.#settle(id, changes);
      const track = this.shown(answer?.track ?? answer);
      this.#events.tell("track", { track, state: "kept" });
      return track;
    } catch (problem) {
      this.#settle(id, changes);
      let track = before;
      if (problem.status === 412) {
        problem = new Problem({ ...problem, detail: "somebody else has changed it meanwhile; this is theirs" });
      }
      try { track = await this.#http.get(path, {}, {}); } catch { /* It is shown as it was seen last. */ }
      this.#events.tell("track", { track: this.shown(track), state: "refused", problem });
      throw problem;
    }
  }

  #settle(id, changes) {
    const left = (this.#pending.get(id) ?? []).filter((other) => other !== changes);
    if (left.length) this.#pending.set(id, left);
    else this.#pending.delete(id);
  }
}
