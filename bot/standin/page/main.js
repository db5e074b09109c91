// Brings the page to life: who hears what.

import { ask, listen, tell } from "./control.js";
import { avatarOf, kindOf, loadChats, markUnread, remember, setCurrent } from "./chats.js";
import { showKeyboard, startComposer } from "./composer.js";
import * as conversation from "./conversation.js";
import { startDeepLinks } from "./deeplinks.js";
import { byId, element } from "./element.js";
import { readFaults, startFaults } from "./faults.js";
import { alertBox, kindly, toast } from "./notice.js";
import { readClock, startTimeMachine } from "./timemachine.js";

const TYPING_MS = 5000;
let typing = 0;

async function choose(id) {
  showPanel("talk");
  setCurrent(id);
  await conversation.open(id);
}

async function openPrivately(payload) {
  await choose(conversation.speaker());
  if (payload) await conversation.say(`/start ${payload}`);
}

// The panel that a narrow screen shows; a wide one shows all three anyway.
function showPanel(name) {
  const before = document.body.dataset.view;
  document.body.dataset.view = name;
  if (name === "talk" && before !== "talk") document.querySelector(`[data-show="${before}"]`)?.focus();
  else if (name !== before) document.querySelector(`.${name} .close-panel`)?.focus();
}

async function drawChat(chat) {
  remember(chat);
  setCurrent(chat.id);
  stopTyping();
  Object.assign(byId("talk-avatar"), avatarOf(chat));
  byId("talk-name").textContent = chat.name;
  byId("talk-line").textContent = chat.kind === "private" ? "in a private chat with the bot" : kindOf(chat);
  showKeyboard(chat.keyboard);
  drawSpeakers(chat);
  await drawBeginning(chat);
}

function drawSpeakers(chat) {
  const people = chat.members.filter(({ status }) => status !== "left" && status !== "kicked");
  const chosen = byId("speaker").value;
  byId("speaker-field").hidden = chat.kind === "private";
  byId("speaker").replaceChildren(...people.map(({ id, name }) =>
    element("option", { value: id, textContent: name, selected: String(id) === chosen })));
  if (byId("speaker").value !== chosen) conversation.refresh();
}

async function drawBeginning(chat) {
  const isPrivate = chat.kind === "private";
  const empty = isPrivate && !chat.blocked && !chat.messages.length;
  const leaving = document.activeElement.closest("#start-box, #blocked-box");
  byId("start-box").hidden = !empty;
  document.querySelector(".talk").classList.toggle("empty", empty);
  byId("blocked-box").hidden = !chat.blocked;
  byId("composer").hidden = empty || chat.blocked;
  if (leaving?.hidden) byId("composer-text").focus();
  byId("blocked-text").textContent = `${chat.name} has blocked the bot.`;
  byId("block").checked = chat.blocked;
  byId("block").disabled = !isPrivate;
  byId("block-label").textContent = isPrivate ? `${chat.name} has blocked the bot` : "Only a person can block the bot";
  if (empty) byId("start-text").textContent = (await ask("bot")).description || "Press Start, and the bot may write to you.";
}

async function setBlocked(blocked) {
  await kindly(() => tell("block", { person: conversation.openChat().id, blocked }));
  await conversation.refresh();
}

function showTyping() {
  clearTimeout(typing);
  byId("typing").textContent = "Evenkeel is writing…";
  typing = setTimeout(stopTyping, TYPING_MS);
}

function stopTyping() {
  clearTimeout(typing);
  byId("typing").textContent = "";
}

async function hear(news) {
  const here = news.chat === conversation.openChat()?.id;
  if (news.kind === "chat" && here) await conversation.refresh();
  else if (news.kind === "chat") await catchUp(news.chat);
  else if (news.kind === "chats") await loadChats();
  else if (news.kind === "typing" && here) showTyping();
  else if (news.kind === "answer" && here && news.text) (news.show_alert ? alertBox : toast)(news.text);
  else if (news.kind === "faults") await readFaults();
  else if (news.kind === "clock") await readClock();
  else if (news.kind === "reset") location.reload();
}

async function catchUp(id) {
  markUnread(id);
  remember(await ask(`chats/${id}`));
}

async function begin() {
  conversation.onChange(drawChat);
  startComposer();
  for (const button of document.querySelectorAll("[data-show]")) {
    button.onclick = () => showPanel(button.dataset.show);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.dataset.view !== "talk") showPanel("talk");
  });
  byId("speaker").onchange = () => conversation.refresh();
  byId("block").onchange = () => setBlocked(byId("block").checked);
  byId("unblock").onclick = () => setBlocked(false);
  byId("reset").onclick = () => kindly(() => tell("reset"));
  const chats = await loadChats(choose);
  await Promise.all([startTimeMachine(conversation.showTimesAgain), startFaults(), startDeepLinks(openPrivately)]);
  await choose(chats[0].id);
  listen((news) => kindly(() => hear(news)), () => conversation.refresh());
}

begin();
