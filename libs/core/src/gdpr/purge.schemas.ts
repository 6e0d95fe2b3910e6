import { z } from "zod";
import type { ActorType } from "../audit/audit.schemas";

/** `subtree` takes the tenants below along. */
export const purgeTenantSchema = z.strictObject({ subtree: z.boolean().optional() });
export type PurgeTenantInput = z.input<typeof purgeTenantSchema>;

/** What a purge destroyed: all that stays of its tenants. Times are ISO 8601 in UTC. */
export interface PurgeCertificate {
  /** Also the id of the operation that did it. */
  readonly id: string;
  /** The tenant that was purged, with everything below it where `subtree` is true. */
  readonly tenant_id: string;
  readonly subtree: boolean;
  /** How many tenants went. */
  readonly tenants: number;
  /** Rows deleted, by table. */
  readonly deleted: Readonly<Record<string, number>>;
  /** The data keys destroyed: what was encrypted under them is unreadable, in backups too. */
  readonly key_ids: readonly string[];
  readonly actor_id: string;
  readonly actor_type: ActorType;
  readonly request_id: string | null;
  readonly requested_at: string;
  readonly completed_at: string;
}
