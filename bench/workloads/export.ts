import type { Stratum, Tenant } from "@stratum-hq/lib";
import type { Pool } from "pg";
import { copyOut } from "../copy-out";
import type { Workload } from "../harness";

const ROWS = 100_000;
const FEW = 25_000;
const MEGABYTE = 1_048_576;

/** A tenant with so many rows, in the proportions of one that is used. */
async function furnish(pool: Pool, stratum: Stratum, name: string, rows: number): Promise<Tenant> {
  const tenant = await stratum.createTenant({ name });
  await pool.query(
    `insert into stratum.usage_events (id, tenant_id, metric, quantity, metadata)
     select gen_random_uuid(), $1, 'metric ' || n % 20, n, jsonb_build_object('route', '/v1/' || n)
     from generate_series(1, $2::int) as n`,
    [tenant.id, Math.floor(rows * 0.5)],
  );
  await pool.query(
    `insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type,
       resource_id, tenant_id, before_state, after_state)
     select gen_random_uuid(), gen_random_uuid(), 'user ' || n % 50, 'jwt', 'config.updated', 'config',
       'key ' || n, $1, jsonb_build_object('key', 'key ' || n, 'value', n, 'version', 1),
       jsonb_build_object('key', 'key ' || n, 'value', n + 1, 'version', 2)
     from generate_series(1, $2::int) as n`,
    [tenant.id, Math.floor(rows * 0.4)],
  );
  await pool.query(
    `insert into stratum.consent_records (id, tenant_id, subject_id, purpose, metadata)
     select gen_random_uuid(), $1, 'subject ' || n, 'newsletter', '{"form": "sign-up"}'
     from generate_series(1, $2::int) as n`,
    [tenant.id, Math.floor(rows * 0.1)],
  );
  return tenant;
}

async function read(stratum: Stratum, tenant: Tenant, onChunk?: () => void): Promise<void> {
  const stream = await stratum.exportTenantStream(tenant.id);
  for await (const chunk of stream as AsyncIterable<Buffer>) if (chunk.length > 0) onChunk?.();
}

/** Megabytes that are alive while a tenant is exported, above what was before, at most. */
async function liveMegabytes(stratum: Stratum, tenant: Tenant): Promise<number> {
  const alive = (): number => {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = alive();
  let peak = 0;
  let chunks = 0;
  await read(stratum, tenant, () => {
    if ((chunks += 1) % 5 === 0) peak = Math.max(peak, alive() - before);
  });
  return peak / MEGABYTE;
}

const exportStream: Workload = {
  name: "export",
  title: `exportTenantStream of ${ROWS} rows | COPY (...) TO STDOUT of the same rows through pg`,
  kind: "time",
  bound: 5,
  prepare: async ({ pool, stratum }) => {
    const tenant = await furnish(pool, stratum, "Many", ROWS);
    const few = await furnish(pool, stratum, "Few", FEW);
    await pool.query("vacuum analyze");
    const tables = ["usage_events", "audit_logs", "consent_records"];
    const [small, large] = [
      await liveMegabytes(stratum, few),
      await liveMegabytes(stratum, tenant),
    ];
    return {
      ours: () => read(stratum, tenant),
      baseline: async () => {
        for (const table of tables) {
          const rows = `select * from stratum.${table} where tenant_id = '${tenant.id}'`;
          await copyOut(pool, `copy (${rows}) to stdout`);
        }
      },
      pairs: 7,
      note:
        `live memory while exporting: ${small.toFixed(1)} MB for ${FEW} rows, ` +
        `${large.toFixed(1)} MB for ${ROWS}`,
    };
  },
};

export const EXPORT_WORKLOADS = [exportStream];
