import { LocalTenantScope, TenantPool } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import type { Workload } from "../harness";
import { signerFor, underPolicies } from "../items";
import { fill, label } from "../seed";

/** A million at full size: STRATUM_BENCH_ROWS=1000000. */
const ROWS = Number(process.env["STRATUM_BENCH_ROWS"] ?? 200_000);
const DESCENDANTS = 20_000;
const PAGE = 100;
const COLUMNS =
  "id uuid primary key default gen_random_uuid(), tenant_id uuid not null, at bigint not null";

/** The same rows of the same tenants twice: under row-level security, and without. */
async function seed(pool: Pool): Promise<TenantPool> {
  for (const table of ["public.notes", "public.plain_notes"]) {
    await pool.query(`create table ${table} (${COLUMNS})`);
    await pool.query(
      `insert into ${table} (tenant_id, at)
       select ids[1 + (g * 7919) % cardinality(ids)], g
       from (select array_agg(id) as ids from stratum.tenants) as every, generate_series(1, $1::bigint) as g`,
      [ROWS],
    );
    await pool.query(`create index on ${table} (at, id)`);
    await pool.query(`create index on ${table} (tenant_id, at)`);
  }
  await underPolicies(pool, "notes");
  await pool.query("vacuum analyze public.notes, public.plain_notes");
  const local = new LocalTenantScope();
  const scope = {
    current: () => local.current(),
    run: local.run.bind(local),
    reach: () => "subtree" as const,
  };
  return new TenantPool({ pool, signer: await signerFor(pool), scope });
}

export const ROLL_UP_WORKLOADS: readonly Workload[] = [
  {
    name: "roll-up",
    title: `a page of ${PAGE} over ${DESCENDANTS} descendants, ${ROWS} rows, scope subtree | a join on the path by hand, no RLS`,
    kind: "time",
    bound: 1.3,
    prepare: async ({ pool, stratum }) => {
      const root = await stratum.createTenant({ name: "MSP" });
      await fill(pool, root, DESCENDANTS);
      const tenantPool = await seed(pool);
      const page = `select id, at from notes where at > $1 order by at, id limit ${PAGE}`;
      const byHand = `select n.id, n.at from public.plain_notes n join stratum.tenants t on t.id = n.tenant_id
        where t.path <@ $2::text::ltree and n.at > $1 order by n.at, n.id limit ${PAGE}`;
      const path = label(root);
      return {
        ours: () => tenantPool.scope.run(root.id, () => tenantPool.query(page, [1000])),
        baseline: () => pool.query({ name: "by_hand", text: byHand, values: [1000, path] }),
        pairs: 200,
      };
    },
  },
];
