// One message as a bubble with its buttons.

import { element } from "./element.js";
import { alertBox, toast } from "./notice.js";
import { richText } from "./richtext.js";

const DOWN_ARROW = "M12 5v11m-4.5-4.5L12 16l4.5-4.5M6 19.5h12";

export function bubble(message, { group, clock, onPress, onCommand }) {
  if (message.service) return element("p", { className: "service", textContent: message.service });
  const mine = !message.from.is_bot;
  const body = element("div", { className: message.photo ? "bubble with-picture" : "bubble" });
  body.append(...introduction(message, group), ...content(message, mine ? null : onCommand));
  body.append(element("span", { className: "stamp", textContent: stamp(message, clock) }));
  const shown = element("article", { className: mine ? "message mine" : "message",
    "aria-label": `${message.from.first_name}, ${clock(message.date)}` }, body);
  if (message.buttons.length) shown.append(inlineKeyboard(message, onPress));
  return shown;
}

function stamp(message, clock) {
  return `${message.edited ? "edited · " : ""}${clock(message.date)}`;
}

function introduction(message, group) {
  const lines = [];
  if (group) lines.push(element("p", { className: "who", textContent: message.from.first_name }));
  if (message.ephemeral) lines.push(element("p", { className: "aside", textContent: "Only you see this" }));
  if (message.forwarded) lines.push(element("p", { className: "aside", textContent: "Forwarded from someone" }));
  if (message.reply_to) {
    lines.push(element("p", { className: "quote", textContent: message.reply_to.text || "an earlier message" }));
  }
  return lines;
}

function content(message, onCommand) {
  const parts = [];
  if (message.photo) parts.push(picture(message));
  if (message.document) parts.push(download(message.document));
  if (message.location) parts.push(element("p", { className: "aside", textContent: place(message.location) }));
  if (message.voice) parts.push(element("p", { className: "aside", textContent: "Voice message, 3 seconds" }));
  if (message.sticker) parts.push(element("p", { className: "aside", textContent: "Sticker" }));
  const text = message.text || message.caption || "";
  const entities = message.entities ?? message.caption_entities ?? [];
  if (text) parts.push(element("div", { className: "words", dir: "auto" }, ...richText(text, entities, onCommand)));
  if (message.reaction) parts.push(element("span", { className: "reaction", textContent: message.reaction }));
  return parts;
}

function picture(message) {
  const alt = message.caption || "Picture without a caption";
  const image = element("img", { src: message.photo, alt, ...message.photo_size });
  return element("a", { className: "picture", href: message.photo, target: "_blank", rel: "noopener" }, image);
}

function download({ url, filename, size }) {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", DOWN_ARROW);
  icon.append(path);
  const words = element("span", {}, filename, element("small", { textContent: `${Math.ceil(size / 1024)} kB` }));
  return element("a", { className: "document", href: url, download: filename }, icon, words);
}

function place({ latitude, longitude }) {
  return `Place: ${latitude.toFixed(2)}°, ${longitude.toFixed(2)}°`;
}

function inlineKeyboard(message, onPress) {
  const rows = message.buttons.map((row) => element("div", { className: "button-row" },
    ...row.map((button) => inlineButton(message, button, onPress))));
  return element("div", { className: "buttons", role: "group", "aria-label": "Answers" }, ...rows);
}

function inlineButton(message, button, onPress) {
  const className = button.style ?? "";
  if (button.url) {
    return element("a", { className, href: button.url, target: "_blank", rel: "noopener noreferrer",
      textContent: button.text });
  }
  const shown = element("button", { type: "button", className, textContent: button.text });
  if (button.copy) {
    shown.onclick = () => copy(button.copy);
    return shown;
  }
  shown.onclick = async () => {
    shown.setAttribute("aria-busy", "true");
    await onPress(message.id, button);
    shown.removeAttribute("aria-busy");
  };
  return shown;
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast("Copied.");
  } catch {
    alertBox(words); // a page without leave for the clipboard shows what it would hold
  }
}
