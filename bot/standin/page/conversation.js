// The open chat: fetched whole after every change, and shown with as few changes as possible.

import { bubble } from "./bubble.js";
import { ask, tell } from "./control.js";
import { byId, element } from "./element.js";
import { kindly, toast } from "./notice.js";
import { clockTime, dayOf } from "./when.js";

const NEAR_THE_END = 120;
const shown = new Map();
let chat = null;
let following = true;
let wanted = null;
let fetching = false;
let stale = false;
let changed = () => {};

export const openChat = () => chat;

export function onChange(callback) {
  changed = callback;
}

export async function open(id) {
  wanted = id;
  shown.clear();
  byId("messages").replaceChildren();
  await refresh();
}

// Several changes at once need one fetch: while one is under way, the next is only remembered.
export async function refresh() {
  if (fetching) {
    stale = true;
    return;
  }
  fetching = true;
  do {
    stale = false;
    // In a group, whoever speaks also sees what nobody else there does.
    const fetched = await kindly(() => ask(`chats/${wanted}?reader=${byId("speaker").value}`));
    if (fetched && fetched.id === wanted) show(fetched);
    else if (fetched) stale = true;
  } while (stale);
  fetching = false;
}

export function showTimesAgain() {
  shown.clear();
  byId("messages").replaceChildren();
  if (chat) show(chat);
}

export function speaker() {
  return chat.kind === "private" ? chat.id : Number(byId("speaker").value);
}

export async function say(content) {
  const message = typeof content === "string" ? { text: content } : content;
  return kindly(() => tell("say", { chat: chat.id, from: speaker(), ...message }));
}

async function press(messageId, button) {
  const pressed = { chat: chat.id, from: speaker(), message_id: messageId, button: button.data ?? button.text };
  const told = await kindly(() => tell("press", pressed));
  if (told?.settled && !told.answer) toast("The bot has not answered this press.");
}

function show(fetched) {
  const first = chat?.id !== fetched.id || shown.size === 0;
  const log = byId("messages");
  following = first || isAtTheEnd(log);
  chat = fetched;
  placeAll(log, rowsOf(fetched), first);
  changed(fetched);
  follow();
}

const isAtTheEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END;

function follow() {
  const log = byId("messages");
  if (following) log.scrollTop = log.scrollHeight;
}

// Whatever grows after it was placed (a picture that arrives, a font) must not hide the newest message.
function keepTheEndInSight() {
  const log = byId("messages");
  log.addEventListener("scroll", () => (following = isAtTheEnd(log)), { passive: true });
  log.addEventListener("load", follow, true);
  addEventListener("resize", follow);
}

keepTheEndInSight();

// Days and messages in order, each with a key and what it looks like.
function rowsOf({ messages, kind }) {
  const rows = [];
  let day = "";
  for (const message of messages) {
    if (dayOf(message.date) !== day) {
      day = dayOf(message.date);
      rows.push({ key: `day ${day} ${message.id}`, look: day, make: ((words) => () => dayLine(words))(day) });
    }
    rows.push({ key: message.id, look: JSON.stringify(message), make: () => bubbleOf(message, kind) });
  }
  return rows;
}

const dayLine = (words) => element("p", { className: "day", textContent: words });

const bubbleOf = (message, kind) =>
  bubble(message, { group: kind !== "private", clock: clockTime, onPress: press, onCommand: say });

function placeAll(log, rows, first) {
  const keys = new Set(rows.map(({ key }) => key));
  for (const [key, { node }] of shown) {
    if (keys.has(key)) continue;
    node.remove();
    shown.delete(key);
  }
  rows.forEach((row, index) => place(log, row, log.children[index], first));
}

function place(log, { key, look, make }, next, first) {
  const known = shown.get(key);
  if (known?.look === look) return;
  const node = make();
  if (known) exchange(known.node, node);
  else {
    if (!first) node.classList.add("fresh");
    log.insertBefore(node, next ?? null);
  }
  shown.set(key, { look, node });
}

// An edit keeps the keyboard's focus where it was.
function exchange(before, after) {
  const buttons = (node) => [...node.querySelectorAll("button, a")];
  const focused = buttons(before).indexOf(document.activeElement);
  before.replaceWith(after);
  if (focused < 0) return;
  const left = buttons(after);
  (left[Math.min(focused, left.length - 1)] ?? byId("messages")).focus();
}
