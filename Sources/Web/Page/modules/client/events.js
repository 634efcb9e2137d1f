/**
 * What happens, as it happens. Read by `fetch` rather than `EventSource`, which cannot say who asks by a token, nor go on
 * where an earlier one has ended.
 *
 * A browser opens six connections to a server and no more, so the tabs of one share a stream: the first listens and tells
 * the others; when it is closed, another takes its place and goes on where that one was.
 */
export class Events {
  #http;
  #listeners = new Map();
  #last = null;
  #stop = null;
  #isConnected = false;
  #others = null;

  constructor(http) {
    this.#http = http;
    http.onLeft = () => {
      this.stop();
      this.tell("left", {});
    };
  }

  /** Listens to a kind of event; answers what ends that. */
  on(kind, listener) {
    const listeners = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  tell(kind, data) {
    for (const listener of [...(this.#listeners.get(kind) ?? [])]) listener(data);
  }

  get isConnected() { return this.#isConnected; }

  /** Begins to listen, and begins again whenever the connection ends. */
  start() {
    if (this.#stop) return;
    const { signal } = (this.#stop = new AbortController());
    if (!this.#http.isShared || !globalThis.navigator?.locks || !globalThis.BroadcastChannel) return void this.#run(signal);
    const name = `offbeat-events ${this.#http.address("/")}`;
    this.#others = new BroadcastChannel(name);
    this.#others.onmessage = ({ data }) => this.#hear(data);
    navigator.locks.request(name, { signal }, () => this.#run(signal)).catch(() => {});
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
    this.#isConnected = false;
    this.#others?.close();
    this.#others = null;
  }

  /** Takes what the tab that listens has heard. */
  #hear({ kind, id, document, isConnected }) {
    if (isConnected !== undefined) return this.#note(isConnected, false);
    if (id) this.#last = id;
    this.tell(kind, document);
  }

  async #run(signal) {
    let wait = 250;
    while (!signal.aborted) {
      try {
        const headers = { Accept: "text/event-stream", ...(this.#last ? { "Last-Event-ID": this.#last } : {}) };
        const response = await this.#http.ask("GET", this.#http.address("/api/events"), { headers, signal });
        wait = 250;
        this.#note(true);
        // Without a number to go on from, what happened since the lists were read is not known: at the first time neither.
        if (!this.#last) {
          this.#others?.postMessage({ kind: "reset", document: {} });
          this.tell("reset", {});
        }
        await this.#read(response.body.getReader());
      } catch (problem) {
        if (signal.aborted || problem.status === 401) return;
      }
      if (signal.aborted) return;
      this.#note(false);
      // Not all at the same moment: many pages may have lost the same server.
      await new Promise((done) => setTimeout(done, wait * (0.75 + Math.random() / 2)));
      wait = Math.min(wait * 2, 8000);
    }
  }

  #note(isConnected, isOwn = true) {
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    if (isOwn) this.#others?.postMessage({ isConnected });
    this.tell("connection", { isConnected });
  }

  async #read(reader) {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true }).replaceAll("\r\n", "\n");
      let end;
      while ((end = text.indexOf("\n\n")) >= 0) {
        this.#take(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
  }

  #take(block) {
    let kind = "message";
    let number;
    const data = [];
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const [name, value] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
      if (name === "event") kind = value;
      if (name === "data") data.push(value);
      if (name === "id") this.#last = number = value;
    }
    if (!data.length) return;
    let document;
    try { document = JSON.parse(data.join("\n")); } catch { return; }
    this.#others?.postMessage({ kind, id: number, document });
    this.tell(kind, document);
  }
}
