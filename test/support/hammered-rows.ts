import type { Tenant } from "@stratum-hq/lib";
import type { Order } from "./hammered-order";
import type { TestDatabase } from "./test-database";

/** Rows as a superuser sees them, from whom no policy hides anything. */
export class HammeredRows {
  constructor(private readonly database: TestDatabase) {}

  /** All rows where a tenant's are kept; beside others', those that bear its id or its note. */
  async of({ id, isolation_strategy }: Tenant): Promise<Order[]> {
    const hex = id.replaceAll("-", "");
    const select = "select tenant_id, note from";
    switch (isolation_strategy) {
      case "SHARED_RLS":
        return this.read(`${select} public.orders where tenant_id = $1 or note = $1::text`, [id]);
      case "SCHEMA_PER_TENANT":
        return this.read(`${select} tenant_${hex}.orders`);
      case "DB_PER_TENANT":
        return this.readIn(`stratum_${hex}`, `${select} public.orders`);
    }
  }

  /** Rows in the shared tables of tenants that should have none there. */
  strangers(tenants: readonly Tenant[]): Promise<Order[]> {
    const shared = tenants.filter((tenant) => tenant.isolation_strategy === "SHARED_RLS");
    const ids = shared.map(({ id }) => id);
    return this.read("select * from public.orders where tenant_id <> all($1)", [ids]);
  }

  private async read(text: string, values: unknown[] = []): Promise<Order[]> {
    return (await this.database.pool.query<Order>(text, values)).rows;
  }

  private async readIn(name: string, text: string): Promise<Order[]> {
    const url = new URL(this.database.url);
    url.pathname = `/${name}`;
    const pool = this.database.newPool({ connectionString: url.toString(), max: 1 });
    const { rows } = await pool.query<Order>(text);
    await pool.end();
    return rows;
  }
}
