// Switches for things that go wrong, the kill button, and the log of requests.

import { ask, tell } from "./control.js";
import { byId, element } from "./element.js";
import { kindly } from "./notice.js";

const SWITCHES = [
  { label: "Slow network", hint: "every answer takes 2 s longer", rule: { kind: "latency", method: "*", ms: 2000 } },
  { label: "Too many requests", hint: "429 to everything that is sent", rule: { kind: "retry_after", method: "send*", seconds: 5 } },
  { label: "Server errors", hint: "502 to every request", rule: { kind: "status", method: "*", code: 502, body: "html" } },
  { label: "Lost answers", hint: "sent, but the bot never hears of it", rule: { kind: "accept_then_drop", method: "send*" } },
];
const LOG_EVERY_MS = 1500;
const LOG_LINES = 200;
let last = 0;
let changing = Promise.resolve();

export async function startFaults() {
  byId("fault-switches").append(...SWITCHES.map(switchOf));
  byId("kill").onclick = kill;
  byId("log").ontoggle = readLog;
  setInterval(readLog, LOG_EVERY_MS);
  await readFaults();
}

export async function readFaults() {
  const { rules } = await ask("faults");
  byId("fault-switches").querySelectorAll("input").forEach((input, index) => {
    if (!input.hasAttribute("aria-busy")) input.checked = rules.some((rule) => same(rule, SWITCHES[index].rule));
  });
}

const same = (rule, wanted) => Object.entries(wanted).every(([key, value]) => rule[key] === value);

function switchOf({ label, hint, rule }) {
  const input = element("input", { type: "checkbox", role: "switch" });
  input.onchange = () => turn(input, rule);
  const words = element("span", {}, label, element("small", { textContent: hint }));
  return element("label", { className: "switch" }, input, words);
}

// One after the other, since each change is told with all that is on already; until the stand-in
// has heard of it, the switch is busy.
function turn(input, rule) {
  const on = input.checked;
  input.setAttribute("aria-busy", "true");
  changing = changing.then(() => kindly(() => change(rule, on))).then(() => {
    input.removeAttribute("aria-busy");
    return kindly(readFaults);
  });
}

async function change(rule, on) {
  const { rules } = await ask("faults");
  const others = rules.filter((known) => !same(known, rule));
  await tell("faults", { rules: on ? [...others, rule] : others });
}

async function kill() {
  byId("kill").disabled = true;
  byId("fault-state").textContent = "working…";
  const killed = await kindly(() => tell("kill"));
  byId("fault-state").textContent = killed ? "The bot was killed and has started anew." : "";
  byId("kill").disabled = false;
}

async function readLog() {
  if (!byId("log").open) return;
  const { requests } = await ask(`requests?since=${last}`).catch(() => ({ requests: [] }));
  if (!requests.length) return;
  last = requests.at(-1).index;
  byId("log-list").prepend(...requests.filter(({ method }) => method !== "getUpdates").reverse().map(logLine));
  while (byId("log-list").children.length > LOG_LINES) byId("log-list").lastChild.remove();
}

function logLine({ method, status, ms, fault }) {
  const outcome = `${fault ? `${fault} · ` : ""}${status || "no answer"}${ms >= 10 ? ` · ${Math.round(ms)} ms` : ""}`;
  return element("li", {}, element("span", { textContent: method }),
    element("span", { className: status === 200 ? "" : "trouble", textContent: outcome }));
}
