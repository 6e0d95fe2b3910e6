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

  async create(client: ClientBase, schema: string): Promise<boolean> {
    const { references } = this;
    let isLacking = false;
    for (const part of this.parts) {
      isLacking = (await part.create(client, schema, references)) || isLacking;
    }
    return isLacking;
  }
}
