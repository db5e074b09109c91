// Times in the zone that was chosen, and the zones to choose from.

const ZONES = ["UTC", "Europe/London", "Europe/Rome", "Europe/Berlin", "Africa/Cairo", "Asia/Kolkata", "Asia/Tokyo",
  "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Auckland", "America/Sao_Paulo", "America/New_York",
  "America/Los_Angeles"];

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

export const chosenZone = () => zone;

export function chooseZone(name) {
  zone = name;
}

export function zonesToOffer() {
  return ZONES.includes(zone) ? ZONES : [zone, ...ZONES];
}

const format = (date, options, timeZone = zone) =>
  new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(new Date(date));

export const clockTime = (date) => format(date, { hour: "2-digit", minute: "2-digit" });
export const dayOf = (date) => format(date, { weekday: "long", day: "numeric", month: "long" });
export const dayAndTime = (date) =>
  format(date, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
export const fullUtc = (date) =>
  `${format(date, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    second: "2-digit" }, "UTC")} UTC`;
