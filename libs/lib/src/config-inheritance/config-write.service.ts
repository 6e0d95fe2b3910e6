import { Injectable } from "@nestjs/common";
import {
  batchSetConfigSchema,
  configKeySchema,
  ConfigNotFoundError,
  StratumError,
  tenantIdSchema,
  validate,
  VersionConflictError,
  versionedSchema,
  type AuditContext,
  type BatchConfigEntryInput,
  type BatchConfigResult,
  type BatchSetConfigResult,
  type ConfigEntry,
  type SetConfigInput,
  type VersionedInput,
  type ConfigApi,
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller, type Caller } from "../context/caller";
import { TransactionRestart } from "../persistence/transaction";
import type { Mutation } from "../tenancy/mutation";
import { Mutations, type MutationRequest } from "../tenancy/mutations";
import { keyOf, parseEntry, parseItem } from "./config-input";
import { ConfigEncryption } from "./config-encryption";
import { planWrites, writtenEntry, type ConfigInput, type WritePlan } from "./config-plan";
import { batchRecords, deletionRecords, entryRecords } from "./config-records";
import { reservation, secretAbove, writeRefusal } from "./config-refusals";
import { ConfigStore, type WritePreconditions } from "./config.store";

/** Sets and deletes tenants' own configuration entries. */
@Injectable()
export class ConfigWriteService implements Pick<
  ConfigApi,
  "setConfig" | "deleteConfig" | "batchSetConfig"
> {
  constructor(
    private readonly mutations: Mutations,
    private readonly store: ConfigStore,
    private readonly encryption: ConfigEncryption,
  ) {}

  async setConfig(
    id: string,
    key: string,
    input: SetConfigInput,
    audit?: AuditContext,
  ): Promise<ConfigEntry> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const entry = parseEntry(key, input);
    const outcomes = await this.write(tenantId, [entry], currentCaller(audit), entryRecords);
    const outcome = outcomes.get(entry.key) as ConfigEntry | StratumError;
    if (outcome instanceof StratumError) throw outcome;
    return outcome;
  }

  async batchSetConfig(
    id: string,
    entries: readonly BatchConfigEntryInput[],
    audit?: AuditContext,
  ): Promise<BatchSetConfigResult> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const items = validate(batchSetConfigSchema, entries, "entries");
    const seen = new Set<string>();
    const parsed = items.map((item, index) => parseItem(item, index, seen));
    const valid = parsed.filter((item): item is ConfigInput => !(item instanceof StratumError));
    const outcomes = await this.write(tenantId, valid, currentCaller(audit), batchRecords);
    const results = parsed.map((item, index): BatchConfigResult => {
      const outcome = item instanceof StratumError ? item : outcomes.get(item.key);
      return resultOf(keyOf(items[index]), outcome as ConfigEntry | StratumError);
    });
    const succeeded = results.filter(({ status }) => status === "ok").length;
    return { results, succeeded, failed: results.length - succeeded };
  }

  async deleteConfig(
    id: string,
    key: string,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const valid = validate(configKeySchema, key, "key");
    const call = readOptions(versionedSchema, options, audit);
    await this.mutations.run(this.change(tenantId, [valid], "shared", call.caller), async (m) => {
      const reserved = reservation(m.tenant, valid, call.caller);
      if (reserved !== null) throw reserved;
      const [entry] = m.tenant.own;
      if (entry === undefined) throw new ConfigNotFoundError(tenantId, valid);
      const { expected_version } = call.options;
      if (expected_version !== undefined && expected_version !== entry.version) {
        throw new VersionConflictError(`Config entry "${valid}"`, expected_version, entry.version);
      }
      await this.store.delete(m.tx, tenantId, valid);
      await m.record(...deletionRecords(entry));
    });
  }

  /** Writes what may be written; the outcome of each key. */
  private async write(
    tenantId: string,
    inputs: readonly ConfigInput[],
    caller: Caller,
    record: typeof entryRecords,
  ): Promise<Map<string, ConfigEntry | StratumError>> {
    const keys = inputs.map(({ key }) => key);
    const mode = inputs.some(({ locked }) => locked === true) ? "exclusive" : "shared";
    return this.mutations.run(this.change(tenantId, keys, mode, caller), async (m) => {
      const plan = planWrites(
        inputs,
        await this.encryption.openOwn(m.tenant),
        secretAbove(m.tenant),
        (input, entry) => writeRefusal(m.tenant, input, entry, caller),
      );
      return this.carryOut(m, plan, record);
    });
  }

  private async carryOut(
    m: Mutation<WritePreconditions>,
    plan: WritePlan,
    record: typeof entryRecords,
  ): Promise<Map<string, ConfigEntry | StratumError>> {
    const { id } = m.tenant;
    const { outcomes, writes, before } = plan;
    if (writes.size === 0) return outcomes;
    const sealed = await this.encryption.seal(m.tx, id, [...writes.values()]);
    const { at, count } = await this.store.write(m.tx, id, sealed);
    if (count < writes.size) {
      throw new TransactionRestart("an entry changed although the tenant's entries are locked");
    }
    const written = [...writes.values()].map((write) =>
      writtenEntry(id, write, before.get(write.key), at),
    );
    for (const entry of written) outcomes.set(entry.key, entry);
    await m.record(...record(written, before));
    return outcomes;
  }

  /** A change of some keys, with what decides whether they may be written. */
  private change(
    tenant: string,
    keys: readonly string[],
    mode: "shared" | "exclusive",
    caller: Caller,
  ): MutationRequest<string, WritePreconditions> {
    return {
      tenant,
      caller,
      operation: "configure",
      lock: { keys: { of: keys, mode }, entriesOf: tenant },
      read: (tx) => this.store.writePreconditions(tx, tenant, keys),
    };
  }
}

function resultOf(key: string, outcome: ConfigEntry | StratumError): BatchConfigResult {
  return outcome instanceof StratumError
    ? { key, status: "error", error: outcome.message, code: outcome.code }
    : { key, status: "ok", entry: outcome };
}
