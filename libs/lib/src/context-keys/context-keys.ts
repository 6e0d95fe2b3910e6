import { Inject, Injectable } from "@nestjs/common";
import { ContextKey } from "@stratum-hq/db-adapters";
import type { Sql } from "../persistence/sql";
import type { Transaction } from "../persistence/transaction";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { ContextKeySecrets, type KeptKey } from "./context-key-secrets";

/** The key that this process signs contexts with: that of its options, else the deployment's own. */
@Injectable()
export class ContextKeys {
  constructor(
    @Inject(STRATUM_OPTIONS) private readonly options: StratumOptions,
    private readonly secrets: ContextKeySecrets,
  ) {}

  /** The key of the options, which nothing replaces; null without one. @throws ValidationError */
  get configured(): ContextKey | null {
    const { contextKey } = this.options;
    return contextKey === undefined ? null : new ContextKey(Buffer.from(contextKey));
  }

  /** Takes connections of its own. @throws ValidationError, DecryptionFailedError */
  async current(): Promise<ContextKey> {
    return this.configured ?? (await this.secrets.findOrCreate()).key;
  }

  /** The key as it is now. @param known what it was before; null where that is not known */
  async look(sql: Sql, known: KeptKey | null): Promise<KeptKey> {
    const { configured } = this;
    if (configured !== null) return { key: configured, sealed: undefined };
    return known === null ? this.secrets.findOrCreate() : this.secrets.newer(sql, known);
  }

  /** The key, which stays the current one until the transaction ends, so that whoever installs it may. */
  async hold(tx: Transaction): Promise<ContextKey> {
    return this.configured ?? this.secrets.hold(tx);
  }
}
