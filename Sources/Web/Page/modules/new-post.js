import { busy, button, dialog, h, say } from "./dom.js";
import { TrackPicker } from "./picker.js";

/** Writes a post in a dialog: a text, or one with a track. Answers the post, or null. */
export async function newPost(app, workspace) {
  const picker = new TrackPicker(app);
  const title = h("input", { name: "title", maxLength: 200 });
  const text = h("textarea", { name: "text", rows: 5, required: true });
  const platforms = h("input", { name: "platforms", placeholder: "bluesky, instagram" });
  const panel = h("div", { role: "tabpanel", id: "panel-audio", "aria-labelledby": "tab-audio", hidden: true }, picker.element);
  const tabs = ["Text", "Audio"].map((name, index) => h("button", {
    type: "button", role: "tab", id: `tab-${name.toLowerCase()}`, "aria-selected": index === 0, "aria-controls": index ? "panel-audio" : "panel-text",
    tabIndex: index ? -1 : 0, onclick: () => choose(index),
  }, name));
  const choose = (index) => {
    tabs.forEach((tab, other) => {
      tab.setAttribute("aria-selected", other === index);
      tab.tabIndex = other === index ? 0 : -1;
    });
    tabs[index].focus();
    panel.hidden = index === 0;
    if (index) picker.open();
  };
  const list = h("div", { class: "tabs", role: "tablist", "aria-label": "Kind of post", onkeydown: (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    choose(panel.hidden ? 1 : 0);
    event.preventDefault();
  } }, tabs);

  let made = null;
  const make = async (submit) => {
    if (!text.reportValidity()) return;
    const isAudio = !panel.hidden;
    if (isAudio && !picker.chosen) return say("Choose a track first: it is what an audio post is about.");
    const names = platforms.value.split(",").map((name) => name.trim()).filter(Boolean);
    made = await app.offbeat.posts.add(workspace.slug, {
      text: text.value, ...(title.value ? { title: title.value } : {}), ...(isAudio ? { track: picker.chosen.id } : {}),
      ...(names.length ? { platforms: names } : {}),
    });
    if (submit) {
      try { made = await app.offbeat.posts.step(workspace.slug, made.id, "submit"); } catch (problem) { say(problem); }
    }
    form.closest("dialog").close();
  };
  const submit = h("button", { type: "button", class: "primary", onclick: () => busy(submit, () => make(true)) }, workspace.approval === "none" ? "Make it ready" : "Submit for approval");
  const form = h("div", { class: "post" }, list, panel,
    h("div", { role: "tabpanel", id: "panel-text", "aria-labelledby": "tab-text", class: "post" },
      h("label", { class: "field" }, h("span", {}, "Title"), title), h("label", { class: "field" }, h("span", {}, "Text"), text),
      h("label", { class: "field" }, h("span", {}, "Platforms, with commas between"), platforms)),
    h("div", { class: "dialog-actions" }, button("Keep as a draft", () => make(false)), submit));
  await dialog("New post", form, { action: null, wide: true, onopen: () => text.focus() });
  picker.close();
  return made;
}
