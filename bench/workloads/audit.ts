import { maskSecrets } from "@stratum-hq/core";
import type { Tenant } from "@stratum-hq/lib";
import type { Pool } from "pg";
import type { Workload } from "../harness";
import { chain } from "../seed";

const ROWS = 1_000_000;
const PAGE = 100;

/** Fills a tenant's log by SQL, ten rows of each time; the ids of its oldest rows, the last page's end. */
async function fillLog(pool: Pool, { id }: Tenant): Promise<string> {
  await pool.query(
    `insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type,
       resource_id, tenant_id, request_id, after_state)
     select (lpad(to_hex(1700000000000 + n / 10), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid,
            gen_random_uuid(), 'a' || n % 100, 'jwt', 'x' || n % 20, 'config', 'k' || n % 1000, $1,
            'r' || n, jsonb_build_object('value', n)
     from generate_series(1, $2::int) as n`,
    [id, ROWS],
  );
  await pool.query("vacuum analyze stratum.audit_logs");
  const { rows } = await pool.query<{ id: string }>(
    "select id from stratum.audit_logs where tenant_id = $1 order by id offset $2 limit 1",
    [id, PAGE],
  );
  return rows[0]?.id ?? "";
}

const lastPage: Workload = {
  name: "audit-last-page",
  title: `queryAuditLogs, page of ${PAGE} at the end of ${ROWS} rows | the first page`,
  kind: "time",
  bound: 1.3,
  prepare: async ({ stratum, pool }) => {
    const [tenant] = (await chain(stratum, 1)) as [Tenant];
    const cursor = await fillLog(pool, tenant);
    const tenant_id = tenant.id;
    return {
      ours: () => stratum.queryAuditLogs({ tenant_id, limit: PAGE, cursor }),
      baseline: () => stratum.queryAuditLogs({ tenant_id, limit: PAGE }),
      batch: 10,
      pairs: 40,
    };
  },
};

/** Texts that look like the beginning of a secret over and over: a value of configuration may be one. */
const BEGINNINGS = ["eyJ", "eyJaaaaaaaaa.", "a://b:", "bearer ", "sk_live_", "?a='"];
const LONG = 63 * 1024;
const PARTS = 16;

const maskGrowth: Workload = {
  name: "mask-growth",
  title: `the mask over texts of ${LONG} characters | over ${PARTS} texts of a ${PARTS}th of that`,
  kind: "time",
  bound: 1.5,
  prepare: () => {
    const long = BEGINNINGS.map((part) => part.repeat(LONG / part.length));
    const short = long.map((text) => text.slice(0, LONG / PARTS));
    return Promise.resolve({
      ours: () => Promise.resolve(long.map((text) => maskSecrets(text))),
      baseline: () =>
        Promise.resolve(
          short.flatMap((text) => Array.from({ length: PARTS }, () => maskSecrets(text))),
        ),
      pairs: 40,
    });
  },
};

export const AUDIT_WORKLOADS = [lastPage, maskGrowth];
