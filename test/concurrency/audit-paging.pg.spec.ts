import { Stratum, type AuditEntry, type Tenant } from "@stratum-hq/lib";
import { useStratum } from "../support/use-stratum";

const TREES = 20;
const CHILDREN = 24;
const ROUNDS = 10;

describe("pages of the audit log, written by many connections at once", () => {
  const t = useStratum();
  const others: Stratum[] = [];
  const roots: Tenant[] = [];

  /** Suspends and resumes a whole tree: a row of each tenant, all of one time. */
  async function churn(tree: number, rounds: number): Promise<void> {
    const stratum = others[tree % others.length]!;
    for (let round = 0; round < rounds; round += 1) {
      await stratum.suspendTenant(roots[tree]!.id, { subtree: true });
      await stratum.resumeTenant(roots[tree]!.id, { subtree: true });
    }
  }

  const everyTree = async (rounds: number) =>
    Promise.all(roots.map((_, tree) => churn(tree, rounds)));

  beforeAll(async () => {
    for (let n = 0; n < 4; n += 1) {
      others.push(new Stratum({ pool: t.database.newPool({ max: 5 }) }));
    }
    for (let tree = 0; tree < TREES; tree += 1) {
      const children = Array.from({ length: CHILDREN }, (_, n) => ({
        name: `c${n}`,
        parent_index: 0,
      }));
      const { created } = await t.stratum.batchCreateTenants([{ name: "r" }, ...children]);
      roots.push(created[0]!);
    }
    await everyTree(ROUNDS);
  });
  afterAll(() => Promise.all(others.map((stratum) => stratum.close())));

  async function pages(query: object, limit: number): Promise<AuditEntry[]> {
    const seen: AuditEntry[] = [];
    for (;;) {
      const cursor = seen.at(-1)?.id ?? null;
      const page = await t.stratum.queryAuditLogs({ ...query, limit, cursor });
      seen.push(...page);
      if (page.length < limit) return seen;
    }
  }

  it.each([
    ["everybody's", 97, () => ({})],
    ["everybody's, of the largest size", 1000, () => ({})],
    ["a subtree's", 7, () => ({ tenant_id: roots[3]!.id, include_descendants: true })],
    ["those of one action", 100, () => ({ action: "tenant.suspended" })],
  ])("have every row exactly once, while more are written: %s", async (_, limit, queryOf) => {
    const query = queryOf();
    const ofTree = "tenant_id" in query;
    const there = await t.rows<{ id: string; created_at: Date }>(
      `select a.id, a.created_at from stratum.audit_logs as a
         where ($1::uuid is null or a.tenant_id in (
             select id from stratum.tenants where root_id = $1))
           and ($2::text is null or a.action = $2) order by a.id desc`,
      [ofTree ? query.tenant_id : null, "action" in query ? query.action : null],
    );
    expect(there.length).toBeGreaterThanOrEqual(ofTree ? 500 : 5000);
    // Many are of the same time, to the microsecond.
    const times = new Set(there.map(({ created_at }) => created_at.getTime()));
    expect(times.size).toBeLessThan(there.length / 10);
    const [seen] = await Promise.all([pages(query, limit), everyTree(1)]);
    const ids = seen.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids].sort().reverse()).toEqual(ids);
    const found = new Set(ids);
    expect(there.filter(({ id }) => !found.has(id))).toEqual([]);
  });

  it("count ten thousand rows at least", async () => {
    const [row] = await t.rows<{ n: number }>(
      "select count(*)::int as n from stratum.audit_logs where action ~ '^tenant.(suspended|resumed)$'",
    );
    expect(row!.n).toBeGreaterThanOrEqual(10_000);
  });
});
