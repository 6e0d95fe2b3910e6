import { AsyncResource } from "node:async_hooks";
import { runAs, STRATUM_API, type Actor, type DryRunPlan, type JsonValue } from "@stratum-hq/lib";
import { Client } from "pg";
import { caseOf, prepared } from "./contract/cases";
import { inProcess } from "./contract/in-process";
import type { Method, Tree } from "./support/cases";
import { DECLARED } from "./support/declared-tables";
import { tableContents } from "./support/table-contents";
import { codeOf, useStratum } from "./support/use-stratum";

const MUTATORS = Object.entries(STRATUM_API)
  .filter(([, { effect }]) => effect === "mutator")
  .map(([name]) => name as Method);

const ACTOR: Actor = { actor_id: "alice", actor_type: "jwt", scopes: ["admin", "platform:admin"] };
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** An audit row, as a plan and as the log tell of it. */
interface Told {
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string | null;
  readonly tenant_id: string | null;
  readonly before: JsonValue;
}

describe("a dry run of", () => {
  // One connection: a method that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 }, { tenantTables: DECLARED });
  const target = inProcess(t);

  const grow = async (): Promise<Tree> => {
    const { root, child } = await t.grow(["root", ["child"]]);
    return { root: root!, child: child! };
  };

  beforeAll(async () => {
    // Makes what the deployment makes for itself when it is first asked for.
    const { child } = await grow();
    await t.stratum.createApiKey(child.id);
    await t.stratum.setConfig(child.id, "secret", { value: "s", sensitive: true });
  });

  /** What the real call leaves in the log: of one that works in steps, what the first of them does. */
  async function recordedFor(request_id: string): Promise<Told[]> {
    return t.rows<Told>(
      `select action, resource_type, resource_id, tenant_id, before_state as before
       from stratum.audit_logs as a
       where request_id = $1 and operation_id = (
         select operation_id from stratum.audit_logs where request_id = $1 order by id limit 1)
       order by id`,
      [request_id],
    );
  }

  /** Rows in which ids are hidden that were not there before, and what is counted back from now: each call has its own. */
  function comparable(rows: readonly Told[], there: string): unknown[] {
    return rows
      .map(({ action, resource_type, resource_id, tenant_id, before }) =>
        JSON.stringify({ action, resource_type, resource_id, tenant_id, before })
          .replace(UUID, (id) => (there.includes(id) ? id : "new"))
          .replace(/"older_than":"[^"]+"/, ""),
      )
      .sort();
  }

  it.each(MUTATORS)("%s changes nothing, and plans what the real call records", async (name) => {
    const tree = await grow();
    const { call } = await prepared(t, name, tree, (args) => target.call(name, args));
    const before = await tableContents(t);
    const plan = await runAs(ACTOR, () => t.stratum.dryRun(call));
    expect(await tableContents(t)).toEqual(before);
    expect(plan.refused).toBeUndefined();
    const request_id = `real ${name}`;
    await runAs({ ...ACTOR, request_id }, call);
    const recorded = await recordedFor(request_id);
    const there = JSON.stringify(before);
    expect(comparable(plan.changes, there)).toEqual(comparable(recorded, there));
    expect(plan.changes.length).toBeGreaterThan(0);
  });

  const refused = MUTATORS.filter((name) => caseOf(name).refusals.length > 0);

  it.each(refused)("%s is refused as the real call is, and changes nothing", async (name) => {
    for (const { code, arguments: prepare } of caseOf(name).refusals) {
      const args = await prepare(t, await grow());
      const before = await tableContents(t);
      const planned = t.stratum.dryRun(() => target.call(name, args));
      const answered = await planned.then(
        ({ refused: refusal }) => refusal?.code,
        (error: { code: string }) => error.code,
      );
      expect(answered).toBe(code);
      expect(await tableContents(t)).toEqual(before);
      expect(await codeOf(target.call(name, args))).toBe(code);
    }
  });
});

describe("a dry run", () => {
  const t = useStratum();
  const dryRun = (work: () => unknown): Promise<DryRunPlan> => t.stratum.dryRun(work);

  it("resolves the mutation inside to undefined, and lets reads answer", async () => {
    const { root } = await t.grow(["root"]);
    const seen: unknown[] = [];
    const plan = await dryRun(async () => {
      seen.push(await t.stratum.updateTenant(root!.id, { name: "other" }));
      seen.push((await t.stratum.getTenant(root!.id)).name);
    });
    expect(seen).toEqual([undefined, "root"]);
    expect(plan.changes).toHaveLength(1);
  });

  it("waits for a mutation that nobody awaited", async () => {
    const { root } = await t.grow(["root"]);
    const plan = await dryRun(() => void t.stratum.updateTenant(root!.id, { name: "other" }));
    expect(plan.changes).toHaveLength(1);
    expect((await t.stratum.getTenant(root!.id)).name).toBe("root");
  });

  it("has an empty plan for a call that would change nothing", async () => {
    const { root } = await t.grow(["root"]);
    const same = { name: root!.name };
    const plan = await dryRun(() => t.stratum.updateTenant(root!.id, same));
    const affected_tenants = { count: 0, sample: [] };
    expect(plan).toEqual({ changes: [], events: [], affected_tenants });
  });

  it("tells of a refusal in its plan, and of failures as the call itself does", async () => {
    const { root, child } = await t.grow(["root", ["child"]]);
    await t.stratum.setConfig(root!.id, "k", { value: 1, locked: true });
    const locked = await dryRun(() => t.stratum.setConfig(child!.id, "k", { value: 2 }));
    expect(locked).toMatchObject({
      changes: [],
      refused: { code: "CONFIG_LOCKED", details: { key: "k", source_tenant_id: root!.id } },
    });
    const taken = { name: "n", slug: child!.slug };
    const batch = await dryRun(() => t.stratum.batchCreateTenants([{ name: "n" }, taken]));
    expect(batch.refused).toMatchObject({ code: "TENANT_ALREADY_EXISTS", details: { index: 1 } });
    const own = new Error("of the program");
    await expect(dryRun(() => Promise.reject(own))).rejects.toBe(own);
  });

  it("is refused what only the commit would refuse", async () => {
    const { root } = await t.grow(["root"]);
    await t.rows(`create function stratum.fail_at_commit() returns trigger language plpgsql as $$
      begin raise exception 'the test fails this at its commit'; end $$`);
    await t.rows(`create constraint trigger fail_at_commit after insert on stratum.audit_logs
      deferrable initially deferred for each row execute function stratum.fail_at_commit()`);
    const code = await codeOf(dryRun(() => t.stratum.updateTenant(root!.id, { name: "other" })));
    await t.rows("drop trigger fail_at_commit on stratum.audit_logs");
    expect(code).toBe("DATABASE_ERROR");
  });

  it("waits two seconds for a lock", async () => {
    const { root } = await t.grow(["root"]);
    const holder = await t.pool.connect();
    await holder.query("begin");
    await holder.query("select from stratum.tenants where id = $1 for update", [root!.id]);
    const busy = dryRun(() => t.stratum.updateTenant(root!.id, { name: "other" }));
    await expect(busy).rejects.toMatchObject({
      code: "TENANT_TREE_BUSY",
      details: { waited_ms: 2000 },
    });
    await holder.query("rollback");
    holder.release();
  });

  it("has no cache forget anything, nor know what is not so", async () => {
    const { root, child } = await t.grow(["root", ["child"]]);
    await t.stratum.setConfig(root!.id, "k", { value: 1 });
    const value = async () => (await t.stratum.resolveConfig(child!.id))["k"]?.value;
    await value();
    await dryRun(() => t.stratum.setConfig(root!.id, "k", { value: 2 }));
    const query = jest.spyOn(Client.prototype, "query");
    expect(await value()).toBe(1);
    // A look at the change feed is no read of the configuration.
    expect(JSON.stringify(query.mock.calls.map(([statement]) => statement))).not.toContain(
      "config",
    );
    query.mockRestore();
    await dryRun(async () => {
      await t.stratum.setConfig(root!.id, "k", { value: 2 });
      expect(await value()).toBe(1);
    });
    expect(await value()).toBe(1);
  });

  it("makes neither schemas nor databases, and begins no operation", async () => {
    const { root } = await t.grow(["root"]);
    const places = async () =>
      t.rows(`select nspname as name from pg_namespace union all select datname from pg_database
        union all select id::text from stratum.operations order by 1`);
    const before = await places();
    for (const isolation_strategy of ["SCHEMA_PER_TENANT", "DB_PER_TENANT"] as const) {
      const input = { name: "n", parent_id: root!.id, isolation_strategy };
      const plan = await dryRun(() => t.stratum.createTenant(input));
      expect(plan.changes.map(({ action }) => action)).toContain("tenant.created");
    }
    await dryRun(() => t.stratum.purgeTenant(root!.id));
    expect(await places()).toEqual(before);
  });

  it("shows no secret: neither one that is given nor one that would be made", async () => {
    const { root } = await t.grow(["root"]);
    const sensitive = { value: "hunter2", sensitive: true };
    const given = await dryRun(() => t.stratum.setConfig(root!.id, "k", sensitive));
    expect(JSON.stringify(given)).toContain("[masked]");
    expect(JSON.stringify(given)).not.toContain("hunter2");
    const answered: unknown[] = [];
    const made = await dryRun(async () => {
      answered.push(await t.stratum.createApiKey(root!.id));
    });
    expect(answered).toEqual([undefined]);
    expect(JSON.stringify(made)).not.toMatch(/sk_live_\w{9}|key_hash|plaintext/);
  });

  it("asks for the mutation's scopes, and hides the tenants above", async () => {
    const { root, child } = await t.grow(["root", ["child"]]);
    const update = () => dryRun(() => t.stratum.updateTenant(child!.id, { name: "other" }));
    const alice = { actor_id: "alice", actor_type: "jwt", tenant_id: child!.id } as const;
    expect(await codeOf(runAs({ ...alice, scopes: ["tenants:read"] }, update))).toBe("FORBIDDEN");
    const plan = await runAs({ ...alice, scopes: ["tenants:write"] }, update);
    expect(plan.changes).toHaveLength(1);
    expect(JSON.stringify(plan)).not.toContain(root!.id);
    const informed = await runAs({ ...alice, scopes: ["tenants:write", "ancestors:read"] }, update);
    expect(JSON.stringify(informed)).toContain(root!.id);
  });

  it("counts the tenants and changes that it does not list", async () => {
    const { root } = await t.grow(["root"]);
    const items = Array.from({ length: 1000 }, (_, n) => ({ name: `t${n}`, parent_id: root!.id }));
    await t.stratum.batchCreateTenants(items);
    const plan = await dryRun(() => t.stratum.suspendTenant(root!.id, { subtree: true }));
    expect(plan.changes).toHaveLength(1000);
    expect(plan.omitted).toEqual({ changes: 1, events: 0 });
    expect(plan.affected_tenants.count).toBe(1001);
    expect(plan.affected_tenants.sample).toHaveLength(100);
    expect(plan.affected_tenants.sample[0]).toMatchObject({ id: root!.id, name: "root" });
  });

  describe("takes one mutation", () => {
    const rename = async (id: string) => t.stratum.updateTenant(id, { name: "other" });

    it.each<[string, (id: string) => unknown]>([
      ["none", () => undefined],
      ["none but a read", (id) => t.stratum.getTenant(id)],
      ["a second one", (id) => rename(id).then(() => rename(id))],
      ["two at once", (id) => Promise.all([rename(id), rename(id)])],
      ["a second one, its error caught", (id) => rename(id).then(() => codeOf(rename(id)))],
      ["a record", (id) => t.stratum.recordUsage(id, { metric: "m" })],
      ["work for a tenant", (id) => t.stratum.runInTenant(id, () => undefined)],
      ["a dry run", (id) => dryRun(() => rename(id))],
    ])("and refuses %s", async (_what, work) => {
      const { root } = await t.grow(["root"]);
      const before = await tableContents(t);
      await expect(dryRun(() => work(root!.id))).rejects.toMatchObject({
        code: "VALIDATION_ERROR",
        details: { argument: "dryRun" },
      });
      expect(await tableContents(t)).toEqual(before);
    });

    it("and refuses one that comes after its end", async () => {
      const { root } = await t.grow(["root"]);
      let late: (() => Promise<string>) | undefined;
      const none = dryRun(() => (late = AsyncResource.bind(() => codeOf(rename(root!.id)))));
      expect(await codeOf(none)).toBe("VALIDATION_ERROR");
      expect(await late?.()).toBe("VALIDATION_ERROR");
      expect((await t.stratum.getTenant(root!.id)).name).toBe("root");
    });
  });
});
