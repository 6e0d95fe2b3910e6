import { Injectable } from "@nestjs/common";
import type { Caller } from "../context/caller";
import { ContextKeySecrets } from "../context-keys/context-key-secrets";
import { ReplacedContextKeyStore } from "../context-keys/replaced-context-key.store";
import { MutationLog } from "../persistence/mutation-log";
import type { Transaction } from "../persistence/transaction";

/** The moment of a rotation: from its commit on, processes that look sign with the next key. */
@Injectable()
export class KeySwitch {
  constructor(
    private readonly secrets: ContextKeySecrets,
    private readonly replaced: ReplacedContextKeyStore,
    private readonly log: MutationLog,
  ) {}

  /** Replaces the key, on record; nothing where another rotation has replaced it already. */
  async make(
    tx: Transaction,
    caller: Caller,
    { from, to }: { readonly from: string; readonly to: string },
    operation: string,
  ): Promise<void> {
    if (!(await this.secrets.replace(tx, from))) return;
    await this.replaced.add(tx, from);
    const change = {
      ...{ action: "context_key.rotated", resource_type: "context_key", resource_id: to },
      ...{ tenant_id: null, before: { key_id: from }, after: { key_id: to } },
      metadata: { operation },
    };
    const data = { key_id: to, replaced_key_id: from };
    const event = { type: "context_key.rotated", tenant_id: null, data };
    await this.log.record(tx, caller, [change], [event]);
  }
}
