// Speaks with the control API. A refusal becomes an Error whose message can be shown as it is.

export async function ask(path) {
  return read(await fetch(`/control/${path}`));
}

export async function tell(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  return read(await fetch(`/control/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function read(response) {
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? "That did not work.");
  return answer;
}

export function listen(hear, connected) {
  const source = new EventSource("/control/events");
  source.onopen = connected;
  source.onmessage = (event) => hear(JSON.parse(event.data));
}
