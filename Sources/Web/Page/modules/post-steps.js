import { dialog, h } from "./dom.js";

/** Asks for a note to go with a decision. */
async function note(title, action, { required = false, kind } = {}) {
  const answer = await dialog(title, h("label", { class: "field" }, h("span", {}, required ? "What has to change" : "Note"),
    h("textarea", { name: "note", rows: 3, required, maxLength: 2000 })), { action, kind });
  return answer && (answer.note ? { note: answer.note } : {});
}

/** Asks for a time in the workspace's zone. */
async function time(post, workspace) {
  const zone = post.schedule?.zone ?? workspace.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const answer = await dialog("Schedule", [
    h("label", { class: "field" }, h("span", {}, `Local time in ${zone}`), h("input", { type: "datetime-local", name: "at", required: true, value: post.schedule?.local?.slice(0, 16) ?? "" })),
  ], { action: "Schedule" });
  return answer && { at: answer.at, zone };
}

async function outcome() {
  const answer = await dialog("What happened to it?", [
    h("p", {}, "It was handed over and no answer came, so only a look at the service can tell."),
    h("label", { class: "field" }, h("span", {}, "Where it stands, if it went out; empty if it did not"), h("input", { type: "url", name: "sent" })),
  ], { action: "Settle" });
  return answer && { sent: answer.sent || null };
}

const all = [
  { name: "submit", label: "Submit for approval", kind: "primary", states: ["draft", "changes-requested"], roles: ["editor", "approver", "owner"], ask: async () => ({}) },
  { name: "approve", label: "Approve", kind: "primary", states: ["pending"], roles: ["approver", "owner"], ask: async () => ({}) },
  { name: "request-changes", label: "Request changes", states: ["pending", "approved"], roles: ["approver", "owner"], ask: () => note("Request changes", "Request", { required: true }) },
  { name: "reject", label: "Reject", kind: "danger", states: ["pending", "approved"], roles: ["approver", "owner"], ask: () => note("Reject", "Reject", { kind: "danger" }) },
  { name: "schedule", label: "Schedule", states: ["draft", "pending", "approved", "scheduled"], roles: ["approver", "owner"], ask: time },
  { name: "unschedule", label: "Take off the schedule", states: ["scheduled"], roles: ["approver", "owner"], ask: async () => ({}) },
  { name: "publish", label: "Publish now", kind: "primary", states: ["approved"], roles: ["approver", "owner"], ask: async () => ({}) },
  { name: "settle", label: "Settle", kind: "primary", states: ["needs-attention"], roles: ["approver", "owner"], ask: outcome },
];

/** What may be done with a post now, as far as can be told here: the server decides. */
export function steps(post, workspace) {
  return all.filter(({ states, roles }) => states.includes(post.state) && (!workspace?.role || roles.includes(workspace.role)));
}
