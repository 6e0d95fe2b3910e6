import {
  ConfigLockedError,
  jsonEqual,
  VersionConflictError,
  type ConfigEntry,
  type JsonValue,
  type StratumError,
} from "@stratum-hq/core";
import type { Caller } from "../context/caller";
import { knownTo } from "../tenancy/disclosure";
import type { EntryWrite, WritePremises } from "./config.store";

/** A key's requested state; flags left out keep their value. */
export interface ConfigInput {
  readonly key: string;
  readonly value: JsonValue;
  readonly locked?: boolean | undefined;
  readonly expected_version?: number | undefined;
}

/** What to write, and the outcome of what is not written. */
export interface WritePlan {
  readonly writes: ReadonlyMap<string, EntryWrite>;
  /** The entries as they were, by key. */
  readonly before: ReadonlyMap<string, ConfigEntry>;
  /** Refusals, and entries that already are as requested. */
  readonly outcomes: Map<string, ConfigEntry | StratumError>;
}

/** Decides each key on its own, from what was read under the locks. */
export function planWrites(
  inputs: readonly ConfigInput[],
  own: readonly ConfigEntry[],
  refusalOf: (key: string) => StratumError | null,
): WritePlan {
  const before = new Map(own.map((entry) => [entry.key, entry]));
  const outcomes: WritePlan["outcomes"] = new Map();
  const writes = new Map<string, EntryWrite>();
  for (const input of inputs) {
    const entry = before.get(input.key);
    const refusal = refusalOf(input.key) ?? staleness(input, entry);
    if (refusal !== null) outcomes.set(input.key, refusal);
    else if (entry !== undefined && isAsRequested(entry, input)) outcomes.set(input.key, entry);
    else writes.set(input.key, writeOf(input, entry));
  }
  return { writes, before, outcomes };
}

/** The error for a key that a tenant above locks; null for none. */
export function lockRefusal(
  { locks, path }: WritePremises,
  key: string,
  caller: Caller,
): ConfigLockedError | null {
  const lock = locks.find((candidate) => candidate.key === key);
  return lock === undefined
    ? null
    : new ConfigLockedError(key, knownTo(caller, path, lock.tenant_id));
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

function isAsRequested(entry: ConfigEntry, { value, locked }: ConfigInput): boolean {
  return jsonEqual(entry.value, value) && (locked === undefined || locked === entry.locked);
}

function writeOf({ key, value, locked }: ConfigInput, entry: ConfigEntry | undefined): EntryWrite {
  return {
    key,
    value,
    locked: locked ?? entry?.locked ?? false,
    version: entry?.version ?? null,
  };
}

/** The entry that a write leaves behind. */
export function writtenEntry(
  tenantId: string,
  { key, value, locked }: EntryWrite,
  before: ConfigEntry | undefined,
  at: string,
): ConfigEntry {
  return {
    tenant_id: tenantId,
    key,
    value,
    locked,
    sensitive: before?.sensitive ?? false,
    version: (before?.version ?? 0) + 1,
    created_at: before?.created_at ?? at,
    updated_at: at,
  };
}
