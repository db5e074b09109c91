// Text with entities becomes elements. Offsets are UTF-16 units, which is how JavaScript counts too.

import { element } from "./element.js";

const COMMAND = /(?<![\w/])\/[a-z0-9_]{1,32}(?![\w/])/g;
const SAFE_LINK = /^(https?:|tg:|mailto:)/i;

export function richText(text, entities = [], onCommand = null) {
  const all = onCommand ? [...entities, ...commandsIn(text, entities)] : entities;
  const within = all.filter((entity) => !isQuote(entity));
  const parts = [];
  let at = 0;
  for (const { offset, length } of all.filter(isQuote).sort((a, b) => a.offset - b.offset)) {
    parts.push(...pieces(text, at, offset, within, onCommand));
    parts.push(element("blockquote", {}, ...pieces(text, offset, offset + length, within, onCommand)));
    at = offset + length;
  }
  return [...parts, ...pieces(text, at, text.length, within, onCommand)];
}

// A quotation is one block, whatever stands in it; the platform allows none within another.
const isQuote = ({ type }) => type === "blockquote" || type === "expandable_blockquote";

function pieces(text, from, to, entities, onCommand) {
  const cuts = new Set([from, to]);
  for (const { offset, length } of entities) cuts.add(offset).add(offset + length);
  const points = [...cuts].filter((cut) => from <= cut && cut <= to).sort((a, b) => a - b);
  return points.slice(0, -1).map((start, index) => piece(text, start, points[index + 1], entities, onCommand));
}

function piece(text, start, end, entities, onCommand) {
  const content = text.slice(start, end);
  const around = entities.filter(({ offset, length }) => offset <= start && end <= offset + length);
  around.sort((a, b) => a.length - b.length);
  return around.reduce((inner, entity) => wrap(inner, entity, content, onCommand), document.createTextNode(content));
}

function commandsIn(text, entities) {
  const taken = (at) => entities.some(({ offset, length }) => offset <= at && at < offset + length);
  return [...text.matchAll(COMMAND)]
    .filter((found) => !taken(found.index))
    .map((found) => ({ type: "bot_command", offset: found.index, length: found[0].length }));
}

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
};

function wrap(inner, entity, content, onCommand) {
  if (TAGS[entity.type]) return element(TAGS[entity.type], {}, inner);
  if (entity.type === "spoiler") return spoiler(inner);
  if (entity.type === "url") return link(inner, /^[a-z]+:/i.test(content) ? content : `https://${content}`);
  if (entity.type === "text_link") return link(inner, entity.url);
  if (entity.type === "bot_command" && onCommand) return command(inner, content, onCommand);
  return inner;
}

function link(inner, href) {
  if (!SAFE_LINK.test(href ?? "")) return inner;
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, inner);
}

function command(inner, content, onCommand) {
  return element("button", { type: "button", className: "command", onclick: () => onCommand(content) }, inner);
}

function spoiler(inner) {
  const hidden = element("span", { className: "spoiler", role: "button", tabIndex: 0, "aria-expanded": "false",
    "aria-label": "Hidden text. Press to show it." }, inner);
  const show = () => {
    hidden.setAttribute("aria-expanded", "true");
    hidden.removeAttribute("aria-label");
  };
  hidden.onclick = show;
  hidden.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    show();
  };
  return hidden;
}
