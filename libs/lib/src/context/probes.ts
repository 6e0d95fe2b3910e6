/** An id that is there and that its caller may not see: it was answered as an unknown one. */
export interface Probe {
  readonly resource_type: "tenant" | "role" | "api_key" | "audit_log";
  readonly resource_id: string;
}

/** Probes of one caller that wait for the end of its call, at most. */
const MAX_WAITING = 100;

const waiting = new WeakMap<object, Probe[]>();
let count = 0;

/**
 * Takes note that a caller asked for what is not its own. The answer must not tell: so it is noted beside
 * the answer, and not in it.
 */
export function noteProbe(caller: object, probe: Probe): void {
  const probes = waiting.get(caller) ?? [];
  // A transaction that starts again asks again.
  const known = probes.some(({ resource_id }) => resource_id === probe.resource_id);
  if (known || probes.length >= MAX_WAITING) return;
  probes.push(probe);
  waiting.set(caller, probes);
  count += 1;
}

/** Lets a caller that was made of another one note its probes in the same place. */
export function shareProbes(from: object, to: object): void {
  const probes = waiting.get(from) ?? [];
  waiting.set(from, probes);
  waiting.set(to, probes);
}

/** Whether anybody's probes wait: what there is to ask after each call costs no more than that. */
export function hasProbes(): boolean {
  return count > 0;
}

/** The probes of a caller, which then wait no more. */
export function takeProbes(caller: object): Probe[] {
  const probes = waiting.get(caller)?.splice(0) ?? [];
  count -= probes.length;
  return probes;
}
