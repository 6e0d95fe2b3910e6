import {
  ALLOWED_ISOLATION_KEY,
  IsolationNotAllowedError,
  type IsolationStrategy,
  type JsonValue,
} from "@stratum-hq/core";

/** What `stratum.allowed_isolation` says of a tenant and of those created below it. */
export interface IsolationRule {
  /** Undefined where nobody has set it. */
  readonly allowed: JsonValue | undefined;
  readonly locked: boolean;
}

/** An entry of the key, on the way from the root to a tenant. */
export interface IsolationEntry {
  readonly value: JsonValue;
  readonly locked: boolean;
}

/** The rule that follows from the entries from the root down: the first locked one, else the nearest. */
export function ruleOf(entries: readonly IsolationEntry[]): IsolationRule {
  const entry = entries.find(({ locked }) => locked) ?? entries.at(-1);
  return { allowed: entry?.value, locked: entry?.locked ?? false };
}

/** The rule of a tenant that is created with configuration of its own. */
export function ruleBelow(
  above: IsolationRule,
  config: Readonly<Record<string, JsonValue>>,
): IsolationRule {
  const isSet = Object.hasOwn(config, ALLOWED_ISOLATION_KEY) && !above.locked;
  return isSet ? { allowed: config[ALLOWED_ISOLATION_KEY], locked: false } : above;
}

/** Why a tenant may not have a strategy; null where it may. What cannot be read, a ciphertext, allows none. */
export function isolationProblem(
  strategy: IsolationStrategy,
  { allowed }: IsolationRule,
): IsolationNotAllowedError | null {
  if (allowed === undefined) return null;
  const list = Array.isArray(allowed) ? allowed.map(String) : [];
  return list.includes(strategy) ? null : new IsolationNotAllowedError(strategy, list);
}
