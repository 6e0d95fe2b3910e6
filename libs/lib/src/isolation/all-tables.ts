import type { TenantTables } from "@stratum-hq/db-adapters";
import type { ClientBase } from "pg";

/** Several declarations of tables as one. */
export class AllTables implements TenantTables {
  constructor(private readonly parts: readonly TenantTables[]) {}

  get names(): readonly string[] {
    return this.parts.flatMap(({ names }) => names);
  }

  get references(): readonly string[] {
    return this.parts.flatMap(({ references }) => references);
  }

  async create(client: ClientBase, schema: string): Promise<void> {
    for (const part of this.parts) await part.create(client, schema, this.references);
  }
}
