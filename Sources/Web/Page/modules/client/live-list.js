/**
 * A list of tracks of any length. Only what is looked at is fetched, a page at a time; what was fetched stays true: each
 * move of the library asks again for the pages that are looked at, and a page that did not change does not travel.
 */
export class LiveList {
  static pageSize = 100;
  /** So many pages are held; those looked at longest ago go first. */
  static pageLimit = 60;

  total = null;
  problem = null;
  /** Is told that something of it is different. */
  onchange = () => {};

  #http;
  #edits;
  #query;
  #pages = new Map();
  #loading = new Map();
  #looked = [0, 0];
  #stop = new AbortController();
  #ends;

  constructor(http, events, edits, query) {
    this.#http = http;
    this.#edits = edits;
    this.#query = query;
    this.#ends = [
      events.on("moved", () => this.refresh()), events.on("reset", () => this.refresh()),
      events.on("track", (edit) => this.#replace(edit)),
    ];
  }

  /** Ends it: nothing more is fetched or told. */
  close() {
    this.#stop.abort();
    for (const end of this.#ends) end();
    this.onchange = () => {};
  }

  /** The track at a place; undefined while it is on its way. */
  at(index) {
    const page = this.#pages.get(Math.floor(index / LiveList.pageSize));
    const track = page?.tracks[index % LiveList.pageSize];
    return track && this.#edits.shown(track);
  }

  /** Says which places are looked at, so that they are fetched, and those around them. */
  look(from, to) {
    this.#looked = [from, to];
    for (const page of this.#wanted()) if (!this.#pages.has(page)) this.#load(page);
  }

  /** Asks again for what is looked at; the rest when it is looked at. */
  async refresh() {
    const wanted = new Set(this.#wanted());
    for (const number of this.#pages.keys()) if (!wanted.has(number)) this.#pages.delete(number);
    await Promise.all([...wanted].map((number) => this.#load(number, true)));
  }

  #wanted() {
    const [from, to] = this.#looked;
    const last = this.total === null ? 0 : Math.max(0, Math.ceil(this.total / LiveList.pageSize) - 1);
    const [first, end] = [Math.floor(from / LiveList.pageSize), Math.floor(to / LiveList.pageSize)];
    const pages = [];
    for (let page = Math.min(first, last); page <= Math.min(end, last); page++) pages.push(page);
    return pages;
  }

  /** Fetches a page. One that is on its way was asked for before what is known now, so it is asked for once more. */
  #load(number, again = false) {
    const running = this.#loading.get(number);
    if (running && !again) return running.promise;
    const turn = {};
    turn.promise = this.#fetch(number, turn);
    this.#loading.set(number, turn);
    return turn.promise;
  }

  async #fetch(number, turn) {
    const size = LiveList.pageSize;
    try {
      const page = await this.#http.get(
        "/api/tracks", { ...this.#query, limit: size, skip: number ? number * size : undefined },
        { signal: this.#stop.signal });
      if (this.#loading.get(number) !== turn) return;
      this.problem = null;
      const isSame = this.#pages.get(number) === page && this.total === page.total;
      this.total = page.total;
      this.#pages.delete(number);
      this.#pages.set(number, page);
      while (this.#pages.size > LiveList.pageLimit) this.#pages.delete(this.#pages.keys().next().value);
      if (!isSame) this.onchange();
    } catch (problem) {
      if (problem.name === "AbortError" || this.#loading.get(number) !== turn) return;
      this.problem = problem;
      this.onchange();
    } finally {
      if (this.#loading.get(number) === turn) this.#loading.delete(number);
    }
  }

  /** Puts what an edit has made of a track in its place, until the page is fetched again. */
  #replace({ track, state }) {
    for (const [number, page] of this.#pages) {
      const index = page.tracks.findIndex((other) => other.id === track.id);
      if (index < 0) continue;
      // The page itself stays as it came: it is what the server's tag stands for.
      if (state !== "pending") this.#pages.set(number, { ...page, tracks: page.tracks.with(index, track) });
      this.onchange();
    }
  }
}
