const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
};

/** Milliseconds of a text like `30s`, `1 minute` or `2 hours`; null for any other. */
export function milliseconds(text: string): number | null {
  const [, count = "", unit = ""] = /^(\d{1,9})\s?([a-z]{1,7})$/i.exec(text.trim()) ?? [];
  const name = unit.toLowerCase();
  const factor = Object.hasOwn(UNITS, name) ? UNITS[name] : UNITS[name.replace(/s$/, "")];
  return factor === undefined ? null : Number(count) * factor;
}
