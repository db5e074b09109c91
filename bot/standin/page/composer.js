// Where one writes: the text, the commands, the reply keyboard, a place to share.

import { ask } from "./control.js";
import { openChat, say } from "./conversation.js";
import { byId, element } from "./element.js";

const PLACES = [
  ["Rome", 41.9, 12.5], ["London", 51.51, -0.13], ["New York", 40.71, -74.01], ["Los Angeles", 34.05, -118.24],
  ["São Paulo", -23.55, -46.63], ["Cairo", 30.04, 31.24], ["Delhi", 28.61, 77.21], ["Tokyo", 35.68, 139.69],
  ["Sydney", -33.87, 151.21], ["Lord Howe Island", -31.55, 159.08],
];

export function startComposer() {
  const text = byId("composer-text");
  byId("composer").onsubmit = (event) => {
    event.preventDefault();
    send();
  };
  text.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  text.oninput = grow;
  byId("start").onclick = () => say("/start");
  byId("commands-button").onclick = () => (byId("commands").hidden ? openCommands() : closeCommands());
  byId("commands").onkeydown = walk;
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".menu-anchor")) closeCommands();
  });
  byId("place-list").append(...PLACES.map(placeButton));
}

async function send() {
  const text = byId("composer-text");
  const written = text.value;
  if (!written.trim()) return;
  text.value = "";
  grow();
  if (!(await say(written)) && !text.value) text.value = written;
}

function grow() {
  const text = byId("composer-text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

// Commands

async function openCommands() {
  const { commands } = await ask(`bot?kind=${openChat().kind}`);
  const rows = commands.map(({ command, description, is_ephemeral: ephemeral = false }) =>
    element("button", { type: "button", role: "menuitem", tabIndex: -1, onclick: () => run(command, ephemeral) },
      element("b", { textContent: `/${command}` }), element("span", { textContent: description })));
  if (!rows.length) rows.push(element("p", { className: "quiet", textContent: "The bot has named no commands yet." }));
  byId("commands").replaceChildren(...rows);
  byId("commands").hidden = false;
  byId("commands-button").setAttribute("aria-expanded", "true");
  rows[0].focus();
}

function closeCommands() {
  byId("commands").hidden = true;
  byId("commands-button").setAttribute("aria-expanded", "false");
}

function run(command, ephemeral) {
  closeCommands();
  byId("composer-text").focus();
  say({ text: `/${command}`, ephemeral });
}

function walk(event) {
  const rows = [...byId("commands").querySelectorAll("button")];
  const at = rows.indexOf(document.activeElement);
  const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
  if (event.key === "Escape" || event.key === "Tab") {
    closeCommands();
    if (event.key === "Escape") byId("commands-button").focus();
  } else if (event.key in steps && rows.length) {
    event.preventDefault();
    rows[(steps[event.key] + rows.length) % rows.length].focus();
  }
}

// The reply keyboard

export function showKeyboard(keyboard) {
  const rows = keyboard?.keyboard ?? [];
  byId("keyboard").hidden = !rows.length;
  byId("keyboard").replaceChildren(...rows.map((row) =>
    element("div", { className: "button-row" }, ...row.map(replyButton))));
}

function replyButton(button) {
  const press = button.request_location ? () => byId("places").showModal() : () => say(button.text);
  return element("button", { type: "button", className: button.style ?? "", textContent: button.text, onclick: press });
}

function placeButton([name, latitude, longitude]) {
  const share = () => {
    byId("places").close();
    say({ location: { latitude, longitude } });
  };
  return element("button", { type: "button", textContent: name, onclick: share });
}
