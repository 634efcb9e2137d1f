import { button, h } from "./dom.js";
import { size } from "./format.js";

/** Files on their way to the server: two at a time, each with how far it is and a way to stop it. */
export class Uploads {
  #app;
  #waiting = [];
  #running = new Set();

  constructor(app) {
    this.#app = app;
    this.element = h("ul", { class: "uploads", "aria-label": "Uploads", hidden: true });
  }

  add(files) {
    for (const file of files) this.#waiting.push(this.#line(file));
    this.#next();
  }

  /** Leaving the page does not stop them: only what has not begun is given up. */
  close() { this.#waiting = []; }

  #line(file) {
    const upload = { file, stop: new AbortController() };
    upload.bar = h("progress", { max: Math.max(1, file.size), value: 0, "aria-label": `Upload of ${file.name}` });
    upload.text = h("span", { class: "upload-text", role: "status" }, size(file.size));
    upload.element = h("li", {}, h("b", {}, file.name), upload.bar, upload.text,
      button("Cancel", () => this.#cancel(upload), { symbol: "close", kind: "icon" }));
    this.element.append(upload.element);
    this.element.hidden = false;
    return upload;
  }

  #cancel(upload) {
    upload.stop.abort();
    this.#waiting = this.#waiting.filter((other) => other !== upload);
    this.#remove(upload);
  }

  #remove(upload) {
    upload.element.remove();
    this.element.hidden = !this.element.children.length;
  }

  async #next() {
    if (this.#running.size >= 2 || !this.#waiting.length) return;
    const upload = this.#waiting.shift();
    this.#running.add(upload);
    this.#next();
    try {
      const answer = await this.#app.offbeat.tracks.upload(upload.file, {
        signal: upload.stop.signal,
        progress: ({ sent, total }) => {
          upload.bar.value = sent;
          upload.text.textContent = sent < total ? `${Math.floor((sent / total) * 100)} %` : "being checked";
        },
      });
      upload.bar.value = upload.bar.max;
      const words = { added: "added", replaced: "replaced", present: "was there already" };
      upload.text.textContent = words[answer?.result] ?? "added";
      if (answer?.track) this.#app.waveforms.want(answer.track.id, { compute: true });
      setTimeout(() => this.#remove(upload), 4000);
    } catch (problem) {
      if (problem.name !== "AbortError") {
        upload.element.classList.add("problem");
        upload.text.textContent = problem.text ?? "it did not work";
        upload.bar.remove();
      }
    } finally {
      this.#running.delete(upload);
      this.#next();
    }
  }
}
