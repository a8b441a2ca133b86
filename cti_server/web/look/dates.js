// Days and moments as our fields have them: 25.11.2026 and 25.11.2026 14:30, whatever the browser's language.

const two = (/** @type {number} */ number) => String(number).padStart(2, "0");

/** @param {string} text */
export function readMoment(text) {
  const found = text.trim().match(/^(\d{1,2})[., ] *(\d{1,2})[., ] *(\d{4})(?:,? +(\d{1,2})[:.](\d{2}))?$/);
  if (!found) return null;
  const [day, month, year, hour, minute] = found.slice(1).map((one) => Number(one ?? 0));
  const at = new Date(year, month - 1, day, hour, minute);
  return at.getDate() === day && at.getMonth() === month - 1 ? at : null;
}

/** @param {Date} at */
export function dayText(at) {
  return `${two(at.getDate())}.${two(at.getMonth() + 1)}.${at.getFullYear()}`;
}

/** @param {Date} at */
export function momentText(at) {
  return `${dayText(at)} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
