import type { StratumFixture } from "./use-stratum";

/** Records of a tenant, or of the platform, that were written so many days ago. */
export interface OldRecords {
  readonly table: "audit_logs" | "webhook_events";
  readonly tenantId: string | null;
  readonly days: number;
  readonly count?: number;
}

/** Writes them, their ids as old as they are. */
export async function grownOld(t: StratumFixture, old: OldRecords): Promise<void> {
  const { table, tenantId, days, count = 1 } = old;
  const own =
    table === "audit_logs"
      ? ["actor_id, actor_type, action, resource_type", "'a', 'system', 'grown.old', 'r'"]
      : ["type", "'grown.old'"];
  await t.rows(
    `insert into stratum.${table} (id, operation_id, tenant_id, created_at, ${own[0]})
     select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000' || '8'
              || lpad(to_hex(n), 3, '0') || right(replace(gen_random_uuid()::text, '-', ''), 12))::uuid,
            gen_random_uuid(), $1, at, ${own[1]}
     from (select now() - $2 * interval '1 day' as at) as clock, generate_series(1, $3::int) as n`,
    [tenantId, days, count],
  );
}
