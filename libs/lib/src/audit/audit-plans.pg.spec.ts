import type { QueryAuditLogsInput } from "@stratum-hq/lib";
import { Client, type QueryConfig } from "pg";
import { useStratum } from "../../../../test/support/use-stratum";

const ROWS = 100_000;

interface Plan {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

/** Every node of a plan. */
function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** Among a hundred thousand rows, of which each filter finds a few. */
describe("each filter of the audit log", () => {
  const t = useStratum();
  let tenants: string[] = [];

  beforeAll(async () => {
    const g = await t.grow(["root", ["rare", ["below"]], ["busy"]]);
    tenants = [g.rare!.id, g.below!.id, g.busy!.id];
    await t.rows(
      `insert into stratum.audit_logs (id, operation_id, actor_id, actor_type, action, resource_type,
         resource_id, tenant_id, request_id, source_ip)
       select (lpad(to_hex(1764028800000 + n), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid,
              gen_random_uuid(), case when n % 10000 = 7 then 'rare' else 'a' || n % 100 end, 'system',
              case when n % 10000 = 7 then 'rare' else 'x' || n % 20 end, 'r' || n % 20,
              case when n % 10000 = 7 then 'rare' else n::text end,
              case when n % 10000 = 7 then ($1::uuid[])[1 + n / 10000 % 2] else ($1::uuid[])[3] end,
              case when n % 10000 = 7 then 'rare' else 'q' || n end,
              case when n % 10000 = 7 then '203.0.113.9' else '10.0.0.' || n % 250 end
       from generate_series(1, $2::int) as n`,
      [tenants, ROWS],
    );
    await t.rows("vacuum analyze stratum.audit_logs");
    await t.rows("vacuum analyze stratum.tenants");
  });

  async function statementOf(query: QueryAuditLogsInput): Promise<QueryConfig> {
    const spy = jest.spyOn(Client.prototype, "query");
    try {
      await t.stratum.queryAuditLogs(query);
      const sent = spy.mock.calls.map(([first]) => first as unknown as QueryConfig | string);
      return sent
        .map((one) =>
          typeof one === "string" ? { text: one, values: spy.mock.calls[0]![1] } : one,
        )
        .findLast(({ text }) => text.includes("audit_logs")) as QueryConfig;
    } finally {
      spy.mockRestore();
    }
  }

  it.each<[string, () => QueryAuditLogsInput]>([
    ["tenant", () => ({ tenant_id: tenants[0]! })],
    ["tenant with descendants", () => ({ tenant_id: tenants[0]!, include_descendants: true })],
    ["action", () => ({ action: "rare" })],
    ["resource", () => ({ resource_type: "r7", resource_id: "rare" })],
    ["actor", () => ({ actor_id: "rare" })],
    ["request", () => ({ request_id: "rare" })],
    ["address", () => ({ source_ip: "203.0.113.9" })],
    ["beginning", () => ({ from: new Date(1764028800000 + ROWS - 5) })],
    ["end", () => ({ to: new Date(1764028800000 + 5) })],
    ["actor of a tenant", () => ({ tenant_id: tenants[2]!, actor_id: "a7" })],
    ["action that is frequent", () => ({ action: "x3" })],
  ])("finds its rows without reading the others: %s", async (_, queryOf) => {
    const { text, values } = await statementOf({ ...queryOf(), limit: 50 });
    const { rows } = await t.pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
      `explain (analyze, format json) ${text}`,
      values as unknown[],
    );
    const nodes = nodesOf(rows[0]!["QUERY PLAN"][0].Plan);
    expect(nodes.filter((node) => node["Node Type"] === "Seq Scan")).toEqual([]);
    for (const node of nodes) {
      const read = node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0);
      expect(read * node["Actual Loops"]).toBeLessThan(8000);
    }
  });
});
