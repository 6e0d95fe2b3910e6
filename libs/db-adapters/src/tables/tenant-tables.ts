import type { ClientBase } from "pg";

/** Tables of tenants' rows, declared once: every placement has the same. */
export interface TenantTables {
  /** Their names, each after those that it refers to. */
  readonly names: readonly string[];
  /** Those of {@link names} that have no tenant_id: the same rows for all tenants, which tenants only read. */
  readonly references: readonly string[];
  /**
   * Creates those that a schema does not have, in the client's transaction or one of its own, and has
   * `enableRls` make each of them hold tenants' rows. The client's login owns the schema.
   *
   * @param references tables of the schema without tenant_id that others have declared, to be referred to as
   *   its own
   * @returns whether the schema lacked any
   * @throws TenantTableInvalidError
   */
  create(client: ClientBase, schema: string, references?: readonly string[]): Promise<boolean>;
}
