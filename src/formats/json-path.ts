/** Places in a JSON document, for messages. */

/** Names and positions from the top of a document. */
export type JsonPath = readonly PropertyKey[];

/** Most characters of a foreign name in a message. */
const MOST = 80;
/** Most names of a path in a message: the last ones. */
const MOST_STEPS = 10;

/** ` at layers.0.size`, or nothing for the top of the document. */
export function atPath(path: JsonPath): string {
  if (path.length === 0) return '';
  const steps = path.slice(-MOST_STEPS).map(step).join('.');
  return ` at ${path.length > MOST_STEPS ? '….' : ''}${steps}`;
}

/** A foreign name in quotes, with escapes for all but ASCII: names that only look alike differ here. */
export function quoteName(name: string): string {
  const short = name.length > MOST ? `${name.slice(0, MOST)}…` : name;
  return JSON.stringify(short).replaceAll(/[^ -~…]/g, escapeUnit);
}

function step(key: PropertyKey): string {
  const text = String(key);
  return /^[\w./+-]{0,80}$/.test(text) ? text : quoteName(text);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
