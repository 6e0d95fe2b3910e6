import { Injectable } from "@nestjs/common";
import { ContextKeySecrets } from "../context-keys/context-key-secrets";
import { ContextKeyStore } from "../context-keys/context-key.store";
import { ReplacedContextKeyStore } from "../context-keys/replaced-context-key.store";
import type { Transaction } from "../persistence/transaction";
import { DatabaseKeys } from "../tenant-databases/database-keys";
import { DatabaseWalk } from "./database-walk";
import type { Walk } from "./rotation-checkpoint";
import type { WalkOutcome } from "./walk-progress";

/** Has databases accept a key before it signs, and refuse it when it signs no more. */
@Injectable()
export class KeyRollout {
  constructor(
    private readonly secrets: ContextKeySecrets,
    private readonly shared: ContextKeyStore,
    private readonly replaced: ReplacedContextKeyStore,
    private readonly databases: DatabaseKeys,
    private readonly walk: DatabaseWalk,
  ) {}

  /** Makes the next key, which the shared database accepts then; the ids of the current one and of it. */
  async prepare(tx: Transaction): Promise<{ readonly from: string; readonly to: string }> {
    const current = await this.secrets.hold(tx);
    const next = await this.secrets.next(tx);
    await this.shared.install(tx, next.copy());
    return { from: current.id, to: next.id };
  }

  /**
   * Has tenants' databases accept the next key, some in each step; null where another rotation has replaced
   * `from` meanwhile.
   */
  async install(tx: Transaction, from: string, walk: Walk): Promise<WalkOutcome | null> {
    if ((await this.secrets.hold(tx)).id !== from) return null;
    const next = await this.secrets.next(tx);
    return this.walk.step(tx, walk, (tenant) => this.databases.set(tx, tenant, next, []));
  }

  /**
   * Has processes that look sign with the next key, from the commit on; whether it did: another rotation
   * may have replaced `from` already.
   */
  async switch(tx: Transaction, from: string): Promise<boolean> {
    if (!(await this.secrets.replace(tx, from))) return false;
    await this.replaced.add(tx, from);
    return true;
  }

  /** Has the shared database refuse the key, and those that were replaced before it. */
  async retire(tx: Transaction, keyId: string): Promise<void> {
    await this.replaced.retire(tx, keyId);
    await this.shared.retire(tx, await this.replaced.retired(tx));
  }

  /** Has tenants' databases refuse all that are retired, some in each step, and accept the current one. */
  async clean(tx: Transaction, walk: Walk): Promise<WalkOutcome> {
    const current = await this.secrets.hold(tx);
    const retired = await this.replaced.retired(tx);
    return this.walk.step(tx, walk, (tenant) => this.databases.set(tx, tenant, current, retired));
  }

  /** Tenants' databases that there are. */
  async count(tx: Transaction): Promise<number> {
    return this.walk.count(tx);
  }
}
