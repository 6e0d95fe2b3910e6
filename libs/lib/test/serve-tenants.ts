import { setTimeout as sleep } from "node:timers/promises";
import type { Stratum, Tenant } from "@stratum-hq/lib";
import { times } from "../../../test/support/scale";

const INSERT = "insert into orders (note) values ($1) returning tenant_id";
const SELECT = "select tenant_id from orders limit 5";

/** Milliseconds that a client waits between requests: other suites run beside this one. */
const PAUSE_MS = times(4, 0);

/** What came of serving: how many requests, and what some of them failed with. */
export interface Served {
  readonly requests: number;
  readonly failures: readonly unknown[];
}

/** Serves tenants, three requests at a time, until it is told to stop; expects no foreign row. */
export async function serveTenants(
  stratum: Stratum,
  tenants: readonly Tenant[],
  state: { readonly ended: boolean },
): Promise<Served> {
  const pool = await stratum.tenantPool();
  const failures: unknown[] = [];
  let requests = 0;
  const request = (id: string) =>
    stratum.runInTenant(id, async () => {
      const rows = [...(await pool.query(SELECT)).rows, ...(await pool.query(INSERT, [id])).rows];
      await pool.transaction(async (tx) => {
        await tx.query(INSERT, [id]);
        rows.push(...(await tx.query(SELECT)).rows);
      });
      expect(rows.filter(({ tenant_id }) => tenant_id !== id)).toEqual([]);
    });
  const client = async (n: number): Promise<void> => {
    while (!state.ended) {
      const { id } = tenants[(requests + n) % tenants.length] as Tenant;
      requests += 1;
      await request(id).catch((error: unknown) => failures.push(error));
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all([1, 2, 3].map(client));
  return { requests, failures };
}
