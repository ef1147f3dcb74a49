/** The browser's zone for a new account, and the other person's time while a date is being set. */
import { onContent } from "./content.js";

const HOUR = 3600000;

/** Offset of `zone` at an instant, in milliseconds east of UTC. */
function offset(instant, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(instant);
  const of = (type) => Number(parts.find((part) => part.type === type).value);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wall - Math.trunc(instant / 1000) * 1000;
}

/** The instant of a wall-clock time; the first of the two where the clocks go back, as on the server. */
export function instantOf(day, time, zone) {
  const wall = Date.parse(`${day}T${time}Z`);
  const candidates = [offset(wall - 12 * HOUR, zone), offset(wall + 12 * HOUR, zone)].map((east) => wall - east);
  const valid = candidates.filter((instant) => instant + offset(instant, zone) === wall);
  return valid.length ? Math.min(...valid) : candidates[0];
}

function words(instant, zone) {
  return new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, {
    timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23",
  }).format(instant);
}

function follow(output) {
  const { otherZone, otherName, day, time, zone } = output.dataset;
  const fields = [day, time, zone].map((selector) => document.querySelector(selector));
  const renew = () => {
    const [onDay, atTime, inZone] = fields.map((field) => field.value);
    output.textContent = "";
    if (!onDay || !atTime || !inZone || inZone === otherZone) return;
    try {
      const there = words(instantOf(onDay, atTime, inZone), otherZone);
      output.textContent = `${otherName ? `For ${otherName}` : "There"}: ${there} (${otherZone.replaceAll("_", " ")})`;
    } catch (trouble) {
      // A zone that this browser doesn't know, or half a date: the server will judge it.
      if (!(trouble instanceof RangeError)) throw trouble;
    }
  };
  for (const field of fields) field.addEventListener("input", renew);
  renew();
}

/** Fills the zone in where nobody has chosen one yet; the reader confirms it by going on. */
function guess(field) {
  if (field.form?.querySelector("[data-failed]")) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = !field.options || [...field.options].some((option) => option.value === zone);
  if (zone && known) field.value = zone;
}

/** Somebody on a journey may want their mornings there, or at home: asked, never just done. */
function offer(box) {
  const field = document.querySelector(box.dataset.zoneAsk);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || field.value === zone || ![...field.options].some((option) => option.value === zone)) return;
  box.querySelector("b").textContent = zone.replaceAll("_", " ");
  box.querySelector("button").addEventListener("click", () => {
    field.value = zone;
    box.hidden = true;
    field.focus();
  });
  box.hidden = false;
}

export function startZones() {
  onContent("[data-zone-guess]", guess);
  onContent("[data-zone-ask]", offer);
  onContent("[data-other-zone]", follow);
}
