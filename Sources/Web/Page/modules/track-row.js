import { h, icon } from "./dom.js";
import { ago, tempo, time } from "./format.js";
import { analysisBadge, draw } from "./waveform.js";

/** The columns of a list of tracks; `sort` is what the server sorts by. */
export const columns = [
  { name: "title", label: "Title", sort: "title" }, { name: "wave", label: "" }, { name: "tags", label: "Tags" },
  { name: "bpm", label: "Tempo", sort: "bpm" }, { name: "key", label: "Key", sort: "key" },
  { name: "length", label: "Length", sort: "duration" }, { name: "analysis", label: "Analysis" },
  { name: "added", label: "Added", sort: "added" },
];

/** Makes a row for tracks, to be used again and again. */
export function makeRow(onplay) {
  const play = h("button", { type: "button", class: "play", tabIndex: -1 }, icon("play"));
  const parts = { play, title: h("b"), artist: h("span", { class: "artist" }), wave: h("canvas", { class: "wave" }) };
  for (const name of ["tags", "bpm", "key", "length", "analysis", "added"]) parts[name] = h("span", { class: `c-${name}` });
  const row = h("div", { class: "row track" }, play, h("span", { class: "c-title" }, parts.title, parts.artist),
    h("span", { class: "c-wave" }, parts.wave), parts.tags, parts.bpm, parts.key, parts.length, parts.analysis, parts.added);
  row.parts = parts;
  play.addEventListener("click", () => row.track && onplay(row.track));
  return row;
}

/** Puts a track into a row; only what is different is touched. */
export function fillRow(row, track, { waveforms, player }) {
  const isPlaying = track && player.isPlaying && player.track?.id === track.id;
  const loud = track && waveforms.known(track.id);
  const state = track && (waveforms.states.get(track.id) ?? (track.analyses.length ? "cached" : "none"));
  if (row.track === track && row.loud === loud && row.state === state && row.isPlaying === isPlaying) return;
  const isOther = row.track !== track;
  Object.assign(row, { track, loud, state, isPlaying });
  const { parts } = row;
  row.classList.toggle("pending", !track);
  if (!track) {
    for (const part of Object.values(parts)) if (part !== parts.wave && part !== parts.play) part.textContent = "";
    parts.wave.hidden = true;
    return;
  }
  if (isOther) {
    row.dataset.id = track.id;
    parts.title.textContent = track.title || "Untitled";
    parts.artist.textContent = track.artist ?? "";
    parts.tags.replaceChildren(...track.tags.map((tag) => h("span", { class: "tag" }, tag)));
    if (track.conflicts) parts.tags.prepend(h("span", { class: "badge failed" }, "conflict"));
    parts.bpm.textContent = tempo(track.bpm);
    parts.key.textContent = track.key ?? "";
    parts.length.textContent = time(track.audio?.durationMs);
    parts.added.textContent = ago(track.created);
    row.classList.toggle("away", !track.here);
  }
  parts.play.replaceChildren(icon(isPlaying ? "pause" : "play"));
  parts.play.setAttribute("aria-label", `${isPlaying ? "Pause" : "Play"} ${track.title}`);
  row.classList.toggle("playing", Boolean(isPlaying));
  parts.analysis.replaceChildren(analysisBadge(state));
  parts.wave.hidden = !loud;
  if (loud) draw(parts.wave, loud, { bar: 1, gap: 1 });
}
