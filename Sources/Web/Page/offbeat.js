/**
 * What a front end needs of an Offbeat server. It touches no page: import it from anywhere.
 *
 *     import { connect } from "./offbeat.js";
 *     const offbeat = connect({ url: "http://127.0.0.1:8414", token });
 *     const { tracks, total } = await offbeat.tracks.search("night bpm:118..124");
 *     const waveform = await offbeat.analysis.get(tracks[0].id);
 *     offbeat.on("moved", ({ changes }) => …);
 *
 * - Without a token the browser's cookie says who asks.
 * - What was fetched is kept with its `ETag`, and asked for again by `If-None-Match`: what did not change does not travel.
 * - An edit is told to whoever listens before the server has it (`track`, "pending"), then that it was kept, or that it
 *   was refused and why, with the track as it is.
 * - What a call cannot do it throws, as a `Problem`.
 */
import { Connection, Problem } from "./modules/client/connection.js";
import { Events } from "./modules/client/events.js";
import { LiveList } from "./modules/client/live-list.js";
import { upload } from "./modules/client/upload.js";
import { Edits } from "./modules/client/edits.js";

export { Problem };

const part = encodeURIComponent;
const changed = (answer) => answer?.post ?? answer;

/** Connects to a server. Nothing is asked before the first call; `events.start()` begins to listen. */
export function connect({ url = "", token = null } = {}) {
  const http = new Connection(url, token);
  const events = new Events(http);
  const edits = new Edits(http, events);
  const get = (path, query, options) => http.get(path, query, options);
  const send = (method, path, document, options) => http.send(method, path, document, options);

  const track = (id) => `/api/tracks/${part(id)}`;
  const results = (id, stem) => `${track(id)}/analysis/${part(stem)}`;
  const workspace = (slug) => `/api/workspaces/${part(slug)}`;
  const post = (slug, id) => `${workspace(slug)}/posts/${part(id)}`;

  return {
    /** Listens to one kind of event; answers what ends that. Kinds: `moved`, `analysis`, `sync`, `reset`, `track`, `connection`, `left`. */
    on: (kind, listener) => events.on(kind, listener),
    events,

    session: {
      get: () => get("/api/session", {}, { fresh: true }),
      enter: (given) => send("POST", "/api/session", { token: given }),
      enterAsGuest: () => send("POST", "/api/session", {}),
      /** Leaves, and forgets all that was fetched. */
      async leave() {
        await send("DELETE", "/api/session");
        http.forget();
      },
    },

    tracks: {
      /** `{version, total, tracks, next}`; takes `q`, `owner`, `tag`, `sort`, `limit`, `after`, `skip`. */
      list: (query = {}, options) => get("/api/tracks", query, options),
      search: (words, query = {}, options) => get("/api/tracks", { ...query, q: words }, options),
      /** A list of any length that is fetched where it is looked at, and stays true. */
      live: (query = {}) => new LiveList(http, events, edits, query),
      get: (id, options) => edits.get(id, options),
      edit: (id, changes) => edits.edit(id, changes),
      remove: async (id) => {
        const answer = await send("DELETE", track(id));
        http.forget(track(id));
        return answer;
      },
      /** Sends a file. `progress({sent, total})` is told how far it is; an `AbortSignal` cancels. */
      upload: (file, { name = file.name, progress, signal, ...fields } = {}) =>
        upload(http, "POST", "/api/tracks", { name, ...fields }, file, { progress, signal }),
      replaceAudio: (id, file, { progress, signal } = {}) =>
        upload(http, "PUT", `${track(id)}/audio`, { name: file.name }, file, { progress, signal }),
      /** Where a player finds the sound, or that of a stem. */
      audio: (id, stem = "master") =>
        http.address(stem === "master" ? `${track(id)}/audio` : `${track(id)}/stems/${part(stem)}/audio`),
      addMarker: (id, marker) => send("POST", `${track(id)}/markers`, marker),
      removeMarker: (id, number) => send("DELETE", `${track(id)}/markers/${number}`),
      stems: (id) => get(`${track(id)}/stems`),
      addStem: (id, type, file, options = {}) =>
        upload(http, "PUT", `${track(id)}/stems/${part(type)}`, { name: file.name }, file, options),
      removeStem: (id, type) => send("DELETE", `${track(id)}/stems/${part(type)}`),
    },

    analysis: {
      /**
       * What is known of how it sounds, computed if it has to be: `{cache, type, document | bytes}`, where `cache` is
       * "cached", "remote" or "computed". With `cached` nothing is computed: null where there is nothing.
       */
      get: (id, { stem = "master", format, cached, signal } = {}) =>
        http.result(results(id, stem), { format, cached: cached ? "true" : undefined }, { signal, orNull: cached }),
      isCached: async (id, stem = "master") =>
        (await http.result(results(id, stem), { cached: "true" }, { orNull: true, method: "HEAD" })) !== null,
      /** Keeps what another program has found out. */
      cache: (id, document, { stem = "master", analyzer, version } = {}) =>
        send("PUT", results(id, stem), document, { query: { analyzer, version } }),
      /** Forgets what is kept of a track; without an id, all of it. */
      clear: (id, stem = "master") =>
        id === undefined ? send("POST", "/api/cache/clear", {}) : send("DELETE", results(id, stem)),
      statistics: () => get("/api/cache"),
    },

    people: { list: () => get("/api/people") },
    workspaces: {
      list: () => get("/api/workspaces"),
      get: (slug) => get(workspace(slug)),
      add: (document) => send("POST", "/api/workspaces", document),
      share: (slug, id) => send("PUT", `${workspace(slug)}/tracks/${part(id)}`),
    },
    posts: {
      list: (slug, query = {}) => get(`${workspace(slug)}/posts`, query),
      waiting: () => get("/api/posts", { waiting: "true" }),
      get: (slug, id) => get(post(slug, id)),
      /** Each change answers with the post as it is then. */
      add: (slug, document) => send("POST", `${workspace(slug)}/posts`, document).then(changed),
      edit: (slug, id, changes) => send("PATCH", post(slug, id), changes).then(changed),
      remove: (slug, id) => send("DELETE", post(slug, id)),
      /** Steps: submit, approve, reject, request-changes, schedule, unschedule, publish, settle. */
      step: (slug, id, step, document = {}) => send("POST", `${post(slug, id)}/${part(step)}`, document).then(changed),
    },

    cache: {
      statistics: () => get("/api/cache"),
      entries: (query = {}) => get("/api/cache/entries", query),
      act: (what, document) => send("POST", `/api/cache/${part(what)}`, document),
    },
    sync: { get: () => get("/api/sync"), start: () => send("POST", "/api/sync", {}) },
    conflicts: {
      list: () => get("/api/conflicts"),
      resolve: (id, field, decision) => send("POST", `/api/conflicts/${part(id)}/${part(field)}`, decision),
    },
    guests: {
      list: () => get("/api/guests"),
      keep: (id, document = {}) => send("POST", `/api/guests/${part(id)}/keep`, document),
      discard: (id) => send("DELETE", `/api/guests/${part(id)}`),
    },
    log: (query = {}) => get("/api/log", query),
    status: () => get("/api/status"),
    undo: () => send("POST", "/api/undo", {}),
  };
}
