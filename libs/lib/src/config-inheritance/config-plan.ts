import {
  jsonEqual,
  VersionConflictError,
  type ConfigEntry,
  type JsonValue,
  type StratumError,
} from "@stratum-hq/core";
import type { EntryWrite } from "./config.store";

/** A key's requested state; flags left out keep their value. */
export interface ConfigInput {
  readonly key: string;
  readonly value: JsonValue;
  readonly locked?: boolean | undefined;
  readonly sensitive?: boolean | undefined;
  readonly expected_version?: number | undefined;
}

/** A tenant's own entry, in clear. */
export interface OwnEntry extends ConfigEntry {
  /** Whether its value did not decrypt, and is null for that. */
  readonly unreadable?: true;
}

/** What to write, and the outcome of what is not written. */
export interface WritePlan {
  readonly writes: ReadonlyMap<string, EntryWrite>;
  /** The entries as they were, by key. */
  readonly before: ReadonlyMap<string, ConfigEntry>;
  /** Refusals, and entries that already are as requested. */
  readonly outcomes: Map<string, ConfigEntry | StratumError>;
}

/**
 * Decides each key on its own, from what was read under the locks.
 *
 * @param secret keys that are sensitive at a tenant above
 */
export function planWrites(
  inputs: readonly ConfigInput[],
  own: readonly OwnEntry[],
  secret: ReadonlySet<string>,
  refusalOf: (input: ConfigInput, entry: ConfigEntry | undefined) => StratumError | null,
): WritePlan {
  const before = new Map(own.map((entry) => [entry.key, entry]));
  const outcomes: WritePlan["outcomes"] = new Map();
  const writes = new Map<string, EntryWrite>();
  for (const input of inputs) {
    const entry = before.get(input.key);
    const write = writeOf(input, entry, secret);
    const refusal = refusalOf(input, entry) ?? staleness(input, entry);
    if (refusal !== null) outcomes.set(input.key, refusal);
    else if (entry !== undefined && isAsWritten(entry, write)) outcomes.set(input.key, entry);
    else writes.set(input.key, write);
  }
  return { writes, before, outcomes };
}

function staleness(
  { key, expected_version }: ConfigInput,
  entry: ConfigEntry | undefined,
): StratumError | null {
  const version = entry?.version ?? 0;
  return expected_version === undefined || expected_version === version
    ? null
    : new VersionConflictError(`Config entry "${key}"`, expected_version, version);
}

function isAsWritten(entry: OwnEntry, { value, locked, sensitive }: EntryWrite): boolean {
  return (
    entry.unreadable !== true &&
    jsonEqual(entry.value, value) &&
    locked === entry.locked &&
    sensitive === entry.sensitive
  );
}

function writeOf(
  { key, value, locked, sensitive }: ConfigInput,
  entry: ConfigEntry | undefined,
  secret: ReadonlySet<string>,
): EntryWrite {
  return {
    key,
    value,
    locked: locked ?? entry?.locked ?? false,
    sensitive: secret.has(key) || (sensitive ?? entry?.sensitive ?? false),
    version: entry?.version ?? null,
  };
}

/** The entry that a write leaves behind. */
export function writtenEntry(
  tenantId: string,
  { key, value, locked, sensitive }: EntryWrite,
  before: ConfigEntry | undefined,
  at: string,
): ConfigEntry {
  return {
    tenant_id: tenantId,
    key,
    value,
    locked,
    sensitive,
    version: (before?.version ?? 0) + 1,
    created_at: before?.created_at ?? at,
    updated_at: at,
  };
}
