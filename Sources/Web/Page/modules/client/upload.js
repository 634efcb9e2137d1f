import { Problem } from "./connection.js";

/** Sends a file as it is. `fetch` does not tell how far an upload is, so this is the older way where there is one. */
export function upload(http, method, path, query, file, { progress, signal } = {}) {
  const address = http.address(path, query);
  const type = "application/octet-stream";
  if (typeof XMLHttpRequest === "undefined") {
    return http.ask(method, address, { body: file, signal, headers: { "Content-Type": type } })
      .then((response) => response.json());
  }
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled());
    const request = new XMLHttpRequest();
    request.open(method, address);
    for (const [name, value] of Object.entries(http.headers({ "Content-Type": type }))) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => progress?.({ sent: loaded, total });
    request.onerror = () => reject(new Problem());
    request.onabort = () => reject(cancelled());
    request.onload = async () => {
      const read = () => JSON.parse(request.responseText);
      if (request.status >= 400) return reject(await http.problem(request.status, read));
      try { resolve(request.responseText ? read() : null); } catch { reject(new Problem({ detail: "the answer is cut off" })); }
    };
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function cancelled() { return new DOMException("The upload was cancelled.", "AbortError"); }
