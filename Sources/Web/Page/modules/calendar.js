import { button, h } from "./dom.js";

const dayLength = 86400000;

/** What is scheduled, a week at a time, by the clock of the workspace's zone. */
export class Calendar {
  #onopen;
  #week = 0;
  #posts = [];
  #zone = null;

  constructor(onopen) {
    this.#onopen = onopen;
    this.days = h("ol", { class: "days" });
    this.name = h("span", { class: "soft", role: "status" });
    this.element = h("section", { class: "calendar", "aria-label": "Scheduled this week", hidden: true },
      h("div", { class: "page-head" }, h("h2", {}, "Calendar"), this.name,
        button("The week before", () => this.#go(-1), { symbol: "back", kind: "icon" }), button("This week", () => this.#go(0)),
        button("The week after", () => this.#go(1), { symbol: "next", kind: "icon" })), this.days);
  }

  show(posts, zone) {
    [this.#posts, this.#zone] = [posts.filter((post) => post.scheduledAt), zone];
    this.#draw();
  }

  #go(step) {
    this.#week = step ? this.#week + step : 0;
    this.#draw();
  }

  /** The date and the time of a moment in the zone, as `2026-12-01` and `18:00`. */
  #local(moment) {
    const parts = Object.fromEntries(new Intl.DateTimeFormat("en", {
      timeZone: this.#zone ?? undefined, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }).formatToParts(moment).map(({ type, value }) => [type, value]));
    return { date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
  }

  #draw() {
    const today = this.#local(new Date()).date;
    // Dates are counted as if they were in UTC, where every day is as long as the others.
    const now = Date.parse(`${today}T00:00:00Z`);
    const monday = now - ((new Date(now).getUTCDay() + 6) % 7) * dayLength + this.#week * 7 * dayLength;
    const name = (day, options) => new Intl.DateTimeFormat("en", { timeZone: "UTC", ...options }).format(day);
    this.name.textContent = `${name(monday, { day: "numeric", month: "short" })} – ${name(monday + 6 * dayLength, { day: "numeric", month: "short", year: "numeric" })}, ${this.#zone ?? "this computer’s zone"}`;
    const posts = this.#posts.map((post) => ({ post, ...this.#local(new Date(post.scheduledAt)) })).sort((one, other) => one.time.localeCompare(other.time));
    this.days.replaceChildren(...Array.from({ length: 7 }, (_, index) => {
      const day = monday + index * dayLength;
      const date = new Date(day).toISOString().slice(0, 10);
      return h("li", { class: date === today ? "today" : "", "aria-label": name(day, { weekday: "long", day: "numeric", month: "long" }) },
        h("div", { class: "day" }, h("span", {}, name(day, { weekday: "short" })), h("b", {}, name(day, { day: "numeric" }))),
        posts.filter((entry) => entry.date === date).map(({ post, time }) => h("button", { type: "button", class: `slot ${post.state}`, onclick: () => this.#onopen(post) },
          h("b", {}, time), h("span", {}, post.title || "Untitled"))));
    }));
  }
}
