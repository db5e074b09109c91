// Shows what time it is for the bot, and moves it.

import { ask, tell } from "./control.js";
import { byId, element } from "./element.js";
import { chooseZone, chosenZone, clockTime, dayAndTime, fullUtc, zonesToOffer } from "./when.js";

let ahead = 0;
let movable = false;

export async function startTimeMachine(onZone) {
  byId("zone").append(...zonesToOffer().map((name) =>
    element("option", { value: name, textContent: name.replaceAll("_", " "), selected: name === chosenZone() })));
  byId("zone").onchange = () => {
    chooseZone(byId("zone").value);
    tick();
    onZone();
  };
  for (const button of byId("time-buttons").children) button.onclick = () => move(button);
  await readClock();
  setInterval(tick, 1000);
}

export async function readClock() {
  const clock = await ask("clock");
  ahead = new Date(clock.now) - Date.now();
  movable = clock.movable;
  if (!movable) say("Here the machine's own clock runs, and time cannot be moved.");
  enable(movable);
  tick();
}

function tick() {
  const now = Date.now() + ahead;
  byId("clock-local").textContent = dayAndTime(now);
  byId("clock-utc").textContent = fullUtc(now);
  byId("top-clock").textContent = dayAndTime(now);
  byId("top-clock").hidden = false;
}

async function move(button) {
  const wanted = button.dataset.advance
    ? { advance_s: Number(button.dataset.advance) }
    : { to: button.dataset.to, zone: chosenZone() };
  enable(false);
  byId("time-buttons").setAttribute("aria-busy", "true");
  say("working…");
  try {
    const { happened, moved, now } = await tell("clock", wanted);
    const words = happened === 1 ? "1 message came" : `${happened || "no"} messages came`;
    say(moved ? `It is ${clockTime(now)}; ${words}.` : "Nothing is planned.");
  } catch (error) {
    say(error.message);
  }
  byId("time-buttons").setAttribute("aria-busy", "false");
  await readClock();
  button.focus();
}

function enable(on) {
  for (const button of byId("time-buttons").children) button.disabled = !on;
}

function say(words) {
  byId("time-state").textContent = words;
}
