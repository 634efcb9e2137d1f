/** Milliseconds as minutes and seconds. */
export function time(ms) {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return "–";
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Bytes in the largest unit that leaves a whole number. */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < 4) [value, unit] = [value / 1000, unit + 1];
  return `${value < 10 && unit ? value.toFixed(1) : Math.round(value)} ${["B", "kB", "MB", "GB", "TB"][unit]}`;
}

const numbers = new Intl.NumberFormat("en");
export function number(value) { return value === null || value === undefined ? "–" : numbers.format(value); }
export function percent(value) { return value === null || value === undefined ? "–" : `${(value * 100).toFixed(value > 0.99 && value < 1 ? 2 : 1)} %`; }
export function tempo(bpm) { return bpm === null || bpm === undefined ? "" : String(Math.round(bpm * 10) / 10); }

const dates = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });
const moments = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });

/** A day. */
export function day(text) { return text ? dates.format(new Date(text)) : "–"; }

/** How long ago, or the moment where that says more. */
export function ago(text) {
  if (!text) return "never";
  const seconds = (Date.parse(text) - Date.now()) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (Math.abs(seconds) < 86400) return relative.format(Math.round(seconds / 3600), "hour");
  return moments.format(new Date(text));
}

/** The state of a post in words. */
export function words(state) { return state.replaceAll("-", " "); }
