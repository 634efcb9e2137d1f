/** Why something was not done: the server's `application/problem+json`, or that there is no server. */
export class Problem extends Error {
  constructor({ status = 0, code = "offline", detail = "the server cannot be reached", hint = null } = {}) {
    super(detail);
    this.name = "Problem";
    Object.assign(this, { status, code, detail, hint });
  }

  /** What a person is told: what, and what to do about it. */
  get text() {
    const sentence = this.detail.charAt(0).toUpperCase() + this.detail.slice(1);
    return this.hint ? `${sentence} — ${this.hint}` : sentence;
  }
}

/** Requests, and what came back of earlier ones. */
export class Connection {
  #base;
  #token;
  /** Documents by address with their tags, the one used last at the end. */
  #kept = new Map();
  /** So many documents are kept. */
  static limit = 300;
  /** Is told that nobody knows any more who asks. */
  onLeft = () => {};

  constructor(base, token) {
    this.#base = base.replace(/\/$/, "");
    this.#token = token;
  }

  address(path, query = {}) {
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null && value !== "") words.set(name, value);
    }
    const text = words.toString();
    return this.#base + path + (text ? `?${text}` : "");
  }

  /** Whether all tabs of a browser ask as the same person. */
  get isShared() { return !this.#token; }

  headers(more = {}) {
    return this.#token ? { Authorization: `Bearer ${this.#token}`, ...more } : more;
  }

  /** Asks, and answers the response of a request that was granted. */
  async ask(method, address, { headers = {}, body, signal } = {}) {
    let response;
    try {
      response = await fetch(address, {
        method, body, signal, headers: this.headers(headers), credentials: "same-origin",
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem();
    }
    if (response.ok || response.status === 304) return response;
    throw await this.problem(response.status, () => response.json());
  }

  /** The problem that an answer tells of. */
  async problem(status, read) {
    let document = {};
    try { document = await read(); } catch { /* Not every server in between says why. */ }
    if (status === 401) this.onLeft();
    return new Problem({
      status, code: document.code ?? "io", hint: document.hint ?? null,
      detail: document.detail ?? `the server answers ${status}`,
    });
  }

  /** A document; the same object as before where it did not change. */
  async get(path, query = {}, { signal, fresh = false } = {}) {
    const address = this.address(path, query);
    const kept = fresh ? undefined : this.#kept.get(address);
    const response = await this.ask("GET", address, {
      signal, headers: kept ? { "If-None-Match": kept.tag } : {},
    });
    if (response.status === 304 && kept) {
      this.#keep(address, kept);
      return kept.document;
    }
    const document = await response.json();
    const tag = response.headers.get("ETag");
    if (tag) this.#keep(address, { tag, document });
    return document;
  }

  /** The tag that a document came with. */
  tag(path) { return this.#kept.get(this.address(path))?.tag; }

  /** Sends a document, and answers what came of it: null where that is nothing. */
  async send(method, path, document, { query, headers = {}, signal } = {}) {
    const body = document === undefined ? undefined : JSON.stringify(document);
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const response = await this.ask(method, this.address(path, query), {
      body, signal, headers: { ...type, ...headers },
    });
    const text = await response.text();
    const answer = text ? JSON.parse(text) : null;
    const tag = response.headers.get("ETag");
    if (tag && answer) this.#keep(this.address(path, query), { tag, document: answer });
    return answer;
  }

  /** An analysis: a document, or bytes in another program's form. */
  async result(path, query, { signal, orNull = false, method = "GET" } = {}) {
    try {
      const response = await this.ask(method, this.address(path, query), { signal });
      const type = (response.headers.get("Content-Type") ?? "").split(";")[0];
      const cache = response.headers.get("Offbeat-Cache") ?? "computed";
      if (method === "HEAD") return { cache, type };
      if (type.endsWith("json")) return { cache, type, document: await response.json() };
      return { cache, type, bytes: await response.arrayBuffer() };
    } catch (problem) {
      if (orNull && problem.status === 404) return null;
      throw problem;
    }
  }

  /** Forgets what came from a path; without one, everything. */
  forget(path) {
    if (path === undefined) this.#kept.clear();
    else this.#kept.delete(this.address(path));
  }

  #keep(address, entry) {
    this.#kept.delete(address);
    this.#kept.set(address, entry);
    if (this.#kept.size > Connection.limit) this.#kept.delete(this.#kept.keys().next().value);
  }
}
