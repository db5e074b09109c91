// Short notices at the bottom, and alerts that wait for an OK.

import { byId, element } from "./element.js";

const SHOWN_MS = 4500;

export function toast(text) {
  const shown = element("p", { className: "toast", textContent: text });
  byId("toasts").append(shown);
  setTimeout(() => shown.remove(), SHOWN_MS);
}

export function alertBox(text) {
  byId("alert-text").textContent = text;
  if (!byId("alert").open) byId("alert").showModal();
}

// Runs something that may be refused, and shows the refusal.
export async function kindly(action) {
  try {
    return await action();
  } catch (error) {
    toast(error.message);
    return null;
  }
}
