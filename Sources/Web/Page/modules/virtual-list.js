import { h } from "./dom.js";

/**
 * A list of any length that has elements only for the rows in view, which are used again as it scrolls. One row is active:
 * the arrow keys move it, and it is what a screen reader is told of.
 */
export class VirtualList {
  active = -1;
  #items;
  #make;
  #fill;
  #rowHeight;
  #rows = [];
  #space;
  #frame = 0;
  #activeID = null;

  /**
   * - items: has `total`, `at(index)` and `look(from, to)`.
   * - make: makes an empty row; fill: `(row, item, index)` puts an item into it; item is undefined while it is on its way.
   */
  constructor({ label, rowHeight, make, fill, onopen, onactive, onkey }) {
    this.#make = make;
    this.#fill = fill;
    this.#rowHeight = rowHeight;
    this.onopen = onopen ?? (() => {});
    this.onactive = onactive ?? (() => {});
    this.onkey = onkey ?? (() => false);
    this.#space = h("div", { class: "rows-space", role: "presentation" });
    this.element = h("div", { class: "rows", role: "listbox", tabIndex: 0, "aria-label": label }, this.#space);
    this.element.addEventListener("focus", () => this.draw());
    this.element.addEventListener("scroll", () => this.#schedule(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.#space.addEventListener("click", (event) => this.#click(event, false));
    this.#space.addEventListener("dblclick", (event) => this.#click(event, true));
    new ResizeObserver(() => this.#schedule()).observe(this.element);
  }

  /** Shows other items, from the beginning. */
  show(items) {
    this.#items = items;
    this.active = -1;
    this.#activeID = null;
    this.element.scrollTop = 0;
    this.draw();
  }

  get rowHeight() { return this.#rowHeight; }
  set rowHeight(height) {
    if (height === this.#rowHeight) return;
    const first = this.element.scrollTop / this.#rowHeight;
    this.#rowHeight = height;
    this.draw();
    this.element.scrollTop = first * height;
  }

  #schedule() {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.draw();
    });
  }

  /** Puts what is in view into the rows. */
  draw() {
    if (!this.#items) return;
    const total = this.#items.total ?? 0;
    const height = this.#rowHeight;
    this.#space.style.height = `${total * height}px`;
    if (this.active >= total) this.active = total - 1;
    // Whoever comes by the keyboard has to see where they are.
    if (this.active < 0 && total && document.activeElement === this.element) this.active = 0;
    const first = Math.max(0, Math.floor(this.element.scrollTop / height) - 4);
    const count = Math.ceil((this.element.clientHeight || 600) / height) + 8;
    const last = Math.min(total, first + count);
    this.#items.look(first, Math.max(first, last - 1));
    this.#follow(first, last);
    while (this.#rows.length < Math.min(count, last - first)) {
      const row = this.#make();
      row.setAttribute("role", "option");
      this.#space.append(row);
      this.#rows.push({ element: row, index: -1, item: null });
    }
    // A row keeps its place in the ring of rows, so that scrolling by one fills one.
    const ring = this.#rows.length;
    const used = new Set();
    for (let index = first; index < last; index++) {
      const row = this.#rows[index % ring];
      used.add(row);
      this.#put(row, index, total);
    }
    for (const row of this.#rows) {
      row.element.hidden = !used.has(row);
      if (row.element.hidden) row.index = -1;
    }
    const active = this.#rows.find((row) => row.index === this.active && this.active >= 0);
    if (active) this.element.setAttribute("aria-activedescendant", active.element.id ||= `row-${Math.random().toString(36).slice(2)}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  /** The active row stays the same item where others came or went before it. */
  #follow(first, last) {
    const id = this.#items.at(this.active)?.id;
    if (id === undefined || id === this.#activeID) return;
    for (let index = first; index < last && this.#activeID !== null; index++) {
      if (this.#items.at(index)?.id !== this.#activeID) continue;
      this.active = index;
      return;
    }
    this.#activeID = id;
  }

  #put(row, index, total) {
    const item = this.#items.at(index);
    if (row.index !== index) {
      row.index = index;
      row.element.style.transform = `translateY(${index * this.#rowHeight}px)`;
      row.element.setAttribute("aria-posinset", index + 1);
    }
    row.element.setAttribute("aria-setsize", total);
    row.element.setAttribute("aria-selected", index === this.active);
    this.#fill(row.element, item, index);
  }

  #click(event, isDouble) {
    const row = this.#rows.find((row) => row.element.contains(event.target));
    if (!row || row.index < 0 || event.target.closest("button, a")) return;
    if (isDouble) this.onopen(this.#items.at(row.index), row.index, { isDouble });
    else this.go(row.index);
  }

  /** Makes a row the active one, and brings it into view. */
  go(index) {
    const total = this.#items?.total ?? 0;
    if (!total) return;
    this.active = Math.max(0, Math.min(total - 1, index));
    this.#activeID = this.#items.at(this.active)?.id ?? null;
    const [top, height] = [this.active * this.#rowHeight, this.#rowHeight];
    const view = this.element;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (top + height > view.scrollTop + view.clientHeight) view.scrollTop = top + height - view.clientHeight;
    this.draw();
    this.onactive(this.#items.at(this.active), this.active);
  }

  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== this.element) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page };
    if (event.key in steps) this.go(this.active + steps[event.key]);
    else if (event.key === "Home") this.go(0);
    else if (event.key === "End") this.go(Infinity);
    else if (event.key === "Enter" && this.active >= 0) this.onopen(this.#items.at(this.active), this.active, {});
    else if (!this.onkey(event, this.active >= 0 ? this.#items.at(this.active) : undefined)) return;
    event.preventDefault();
  }
}
