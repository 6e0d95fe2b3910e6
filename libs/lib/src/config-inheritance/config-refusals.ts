import {
  ConfigKeyReservedError,
  ConfigLockedError,
  ForbiddenError,
  isBelow,
  isReservedKey,
  ValidationError,
  type ConfigEntry,
  type StratumError,
} from "@stratum-hq/core";
import { scopesLackedBy, type Caller } from "../context/caller";
import { knownTo } from "../tenancy/disclosure";
import type { ConfigInput } from "./config-plan";
import type { WritePreconditions } from "./config.store";

/** Lifts the secrecy of a value, and shows it where values are masked. */
const REVEAL = "config:reveal";

/** Why the caller may not write a key; null where it may. */
export function writeRefusal(
  preconditions: WritePreconditions,
  input: ConfigInput,
  entry: ConfigEntry | undefined,
  caller: Caller,
): StratumError | null {
  return (
    reservation(preconditions, input.key, caller) ??
    lockRefusal(preconditions, input.key, caller) ??
    declassification(preconditions, input, entry, caller)
  );
}

/** Reserved keys are written from strictly above the tenant: nobody raises their own limits. */
export function reservation(
  { id, path }: WritePreconditions,
  key: string,
  { bound_to }: Caller,
): ConfigKeyReservedError | null {
  const allowed = !isReservedKey(key) || bound_to === null || isBelow(path, bound_to);
  return allowed ? null : new ConfigKeyReservedError(id, key);
}

/** Keys that are sensitive at a tenant above, and so at this one. */
export function secretAbove({ above }: WritePreconditions): ReadonlySet<string> {
  return new Set(above.filter(({ sensitive }) => sensitive).map(({ key }) => key));
}

function lockRefusal(
  { above, path }: WritePreconditions,
  key: string,
  caller: Caller,
): ConfigLockedError | null {
  const lock = above.find((candidate) => candidate.locked && candidate.key === key);
  return lock === undefined
    ? null
    : new ConfigLockedError(key, knownTo(caller, path, lock.tenant_id));
}

/** Secrecy is cleared where it begins, and by who may see the value. */
function declassification(
  preconditions: WritePreconditions,
  { key, sensitive }: ConfigInput,
  entry: ConfigEntry | undefined,
  caller: Caller,
): StratumError | null {
  if (sensitive !== false) return null;
  if (secretAbove(preconditions).has(key)) {
    const message = `"${key}" is sensitive at a tenant above: clear it there, or leave \`sensitive\` out`;
    return new ValidationError("input", [{ path: "sensitive", message }]);
  }
  const clears = entry?.sensitive === true && scopesLackedBy(caller, [REVEAL]).length > 0;
  return clears
    ? new ForbiddenError(`Clearing \`sensitive\` of "${key}" takes the scope ${REVEAL}.`, {
        tenant_id: preconditions.id,
      })
    : null;
}
