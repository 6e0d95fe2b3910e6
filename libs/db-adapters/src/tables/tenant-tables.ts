import type { ClientBase } from "pg";

/** Tables of tenants' rows, declared once: every placement has the same. */
export interface TenantTables {
  /** Their names, each after those that it refers to. */
  readonly names: readonly string[];
  /**
   * Creates those that a schema does not have, in the client's transaction, and has `enableRls` make each of
   * them hold tenants' rows. The client's login owns the schema.
   *
   * @throws TenantTableInvalidError
   */
  create(client: ClientBase, schema: string): Promise<void>;
}
