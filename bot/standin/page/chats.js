// The list of chats, with the latest words of each and a mark where something is new.

import { ask } from "./control.js";
import { byId, element } from "./element.js";

const KINDS = { private: "Private chat", group: "Group", supergroup: "Supergroup", channel: "Channel" };
const latest = new Map();
const unread = new Set();
let chats = [];
let current = null;
let choose = () => {};

export async function loadChats(onChoose) {
  choose = onChoose ?? choose;
  chats = await ask("chats");
  draw();
  return chats;
}

export function setCurrent(id) {
  current = id;
  unread.delete(id);
  draw();
}

export function remember(chat) {
  const last = chat.messages.at(-1);
  latest.set(chat.id, last ? describe(last) : "");
  draw();
}

export function markUnread(id) {
  if (id === current) return;
  unread.add(id);
  draw();
}

export function avatarOf(chat) {
  const look = chat.kind !== "private" ? "group" : chat.name.includes("caregiver") ? "caregiver" : "person";
  return { className: `avatar ${look}`, textContent: chat.name.trim().charAt(0).toUpperCase() };
}

export const kindOf = (chat) => KINDS[chat.kind] ?? chat.kind;

function describe(message) {
  if (message.service) return message.service;
  const words = message.text || message.caption || (message.document ? message.document.filename : "Picture");
  return message.from.is_bot ? words : `${message.from.first_name}: ${words}`;
}

function draw() {
  byId("chat-list").replaceChildren(...chats.map(line));
}

function line(chat) {
  const words = element("span", { className: "words" }, element("strong", { textContent: chat.name }),
    element("small", { textContent: latest.get(chat.id) || kindOf(chat) }));
  const made = element("button", { type: "button", className: "chat-line", onclick: () => choose(chat.id),
    "aria-current": String(chat.id === current) }, element("span", { ...avatarOf(chat), "aria-hidden": "true" }), words);
  if (unread.has(chat.id)) {
    made.append(element("span", { className: "news", role: "img", "aria-label": "new messages" }));
  }
  return element("li", {}, made);
}
