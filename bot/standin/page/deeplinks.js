// A link into the private chat with this bot is followed on this page, as the app would do it.

import { ask } from "./control.js";
import { byId } from "./element.js";

export async function startDeepLinks(onFollow) {
  const { username } = await ask("bot");
  const own = new RegExp(`^https://t\\.me/${username}(?:\\?start=([\\w-]{1,64}))?$`);
  byId("messages").addEventListener("click", (event) => {
    const found = event.target.closest("a")?.href.match(own);
    if (!found) return;
    event.preventDefault();
    onFollow(found[1]);
  });
}
