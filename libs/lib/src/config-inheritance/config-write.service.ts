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
} from "@stratum-hq/core";
import { readOptions } from "../context/call-options";
import { currentCaller, type Caller } from "../context/caller";
import { Database } from "../persistence/database";
import { MutationLog } from "../persistence/mutation-log";
import { TransactionRestart, type Transaction } from "../persistence/transaction";
import { requireActive, requireVisible } from "../tenancy/access";
import { requireSameTree, TreeLocksStore } from "../tenancy/tree-locks.store";
import { keyOf, parseEntry, parseItem } from "./config-input";
import { ConfigEncryption } from "./config-encryption";
import { planWrites, writtenEntry, type ConfigInput, type WritePlan } from "./config-plan";
import { batchRecords, deletionRecords, entryRecords } from "./config-records";
import { reservation, secretAbove, writeRefusal } from "./config-refusals";
import { ConfigStore, type WritePreconditions } from "./config.store";

/** Sets and deletes tenants' own configuration entries. */
@Injectable()
export class ConfigWriteService {
  constructor(
    private readonly database: Database,
    private readonly locks: TreeLocksStore,
    private readonly store: ConfigStore,
    private readonly encryption: ConfigEncryption,
    private readonly log: MutationLog,
  ) {}

  /**
   * Sets the tenant's own entry of a key. Flags left out keep their value. Setting what is already
   * there changes nothing. A value is encrypted at rest where `sensitive` is set, or was, or is at a tenant
   * above; what was written before it was set stays on record as it was.
   *
   * @throws ValidationError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ConfigLockedError when a tenant above locks the key, ConfigKeyReservedError, VersionConflictError,
   *   ForbiddenError for clearing `sensitive` without config:reveal, MasterKeyUnavailableError
   */
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

  /**
   * Sets up to 1,000 keys in a number of statements that does not grow with them. A bad one (locked,
   * invalid, too large, twice in the batch) fails alone; the others commit together. `results` has the
   * order of `entries`.
   *
   * @throws ValidationError when `entries` is no list of 1 to 1,000 items; TenantNotFoundError,
   *   TenantSuspendedError, TenantArchivedError
   */
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

  /**
   * Deletes the tenant's own entry; what it inherits for the key shows again. Allowed while a tenant
   * above locks the key.
   *
   * @throws ConfigNotFoundError, TenantNotFoundError, TenantSuspendedError, TenantArchivedError,
   *   ConfigKeyReservedError, VersionConflictError
   */
  async deleteConfig(
    id: string,
    key: string,
    options?: VersionedInput | AuditContext,
    audit?: AuditContext,
  ): Promise<void> {
    const tenantId = validate(tenantIdSchema, id, "id");
    const valid = validate(configKeySchema, key, "key");
    const call = readOptions(versionedSchema, options, audit);
    await this.database.transaction(async (tx) => {
      const preconditions = await this.lock(tx, tenantId, [valid], "shared", call.caller);
      const reserved = reservation(preconditions, valid, call.caller);
      if (reserved !== null) throw reserved;
      const [entry] = preconditions.own;
      if (entry === undefined) throw new ConfigNotFoundError(tenantId, valid);
      const { expected_version } = call.options;
      if (expected_version !== undefined && expected_version !== entry.version) {
        throw new VersionConflictError(`Config entry "${valid}"`, expected_version, entry.version);
      }
      await this.store.delete(tx, tenantId, valid);
      await this.log.record(tx, call.caller, ...deletionRecords(entry));
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
    return this.database.transaction(async (tx) => {
      const preconditions = await this.lock(tx, tenantId, keys, mode, caller);
      const plan = planWrites(
        inputs,
        await this.encryption.openOwn(preconditions),
        secretAbove(preconditions),
        (input, entry) => writeRefusal(preconditions, input, entry, caller),
      );
      return this.carryOut(tx, tenantId, plan, caller, record);
    });
  }

  private async carryOut(
    tx: Transaction,
    tenantId: string,
    plan: WritePlan,
    caller: Caller,
    record: typeof entryRecords,
  ): Promise<Map<string, ConfigEntry | StratumError>> {
    const { outcomes, writes, before } = plan;
    if (writes.size === 0) return outcomes;
    const sealed = await this.encryption.seal(tx, tenantId, [...writes.values()]);
    const { at, count } = await this.store.write(tx, tenantId, sealed);
    if (count < writes.size) {
      throw new TransactionRestart("an entry changed although the tenant's entries are locked");
    }
    const written = [...writes.values()].map((write) =>
      writtenEntry(tenantId, write, before.get(write.key), at),
    );
    for (const entry of written) outcomes.set(entry.key, entry);
    await this.log.record(tx, caller, ...record(written, before));
    return outcomes;
  }

  private async lock(
    tx: Transaction,
    tenantId: string,
    keys: readonly string[],
    mode: "shared" | "exclusive",
    caller: Caller,
  ): Promise<WritePreconditions> {
    const held = await this.locks.lock(tx, {
      tenants: [tenantId],
      tree: "shared",
      keys: { of: keys, mode },
      entriesOf: tenantId,
    });
    const preconditions = requireVisible(
      await this.store.writePreconditions(tx, tenantId, keys),
      caller,
      {
        tenant_id: tenantId,
      },
    );
    requireSameTree(held, preconditions);
    requireActive(preconditions, "configure");
    return preconditions;
  }
}

function resultOf(key: string, outcome: ConfigEntry | StratumError): BatchConfigResult {
  return outcome instanceof StratumError
    ? { key, status: "error", error: outcome.message, code: outcome.code }
    : { key, status: "ok", entry: outcome };
}
