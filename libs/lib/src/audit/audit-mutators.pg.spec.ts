import { LOCAL_API, runAs, Stratum, STRATUM_API, type Effect } from "@stratum-hq/lib";
import { caseOf, prepared } from "../../../../test/contract/cases";
import { inProcess } from "../../../../test/contract/in-process";
import type { Method } from "../../../../test/support/cases";
import { DECLARED } from "../../../../test/support/declared-tables";
import { tableContents } from "../../../../test/support/table-contents";
import { useStratum } from "../../../../test/support/use-stratum";

const METHODS = { ...STRATUM_API, ...LOCAL_API };

const ACTOR = {
  actor_id: "alice",
  actor_type: "jwt",
  source_ip: "203.0.113.7",
  scopes: ["admin", "platform:admin"],
} as const;

describe("each method of the facade", () => {
  // One connection: a method that asks for a second one while it holds it would wait for ever.
  const t = useStratum({ max: 1 }, { tenantTables: DECLARED });

  const target = inProcess(t);

  /** Prepares a valid call of a method, on a tree of its own. */
  async function prepare(name: Method): Promise<() => Promise<unknown>> {
    const g = await t.grow(["root", ["child"]]);
    const { call } = await prepared(t, name, { root: g.root!, child: g.child! }, async (args) =>
      target.call(name, args),
    );
    return call;
  }

  async function count(table: string): Promise<number> {
    const [row] = await t.rows<{ n: number }>(`select count(*)::int as n from stratum.${table}`);
    return row!.n;
  }

  const withEffect = (wanted: Effect) =>
    Object.entries(METHODS)
      .filter(([, { effect }]) => effect === wanted)
      .map(([name]) => name as Method);

  /** The last event's id, which begins with the time: purge and retention take older ones away. */
  async function newestEvent(): Promise<string> {
    const [row] = await t.rows<{ id: string }>(
      "select coalesce(max(id::text), '') as id from stratum.webhook_events",
    );
    return row!.id;
  }

  interface Row {
    readonly actor_id: string;
    readonly actor_type: string;
    readonly source_ip: string;
    readonly operation_id: string;
    readonly action: string;
    readonly states: string;
  }

  /** The audit rows that a request left. */
  async function rowsOf(requestId: string): Promise<Row[]> {
    return t.rows<Row>(
      `select actor_id, actor_type, source_ip, operation_id, action,
              case when before_state is null then '' else 'before ' end ||
              case when after_state is null then '' else 'after' end as states
       from stratum.audit_logs where request_id = $1`,
      [requestId],
    );
  }

  /** Makes every transaction fail that writes an audit row, and that only when it commits. */
  async function failAtCommit(requestId: string): Promise<void> {
    await t.pool.query(`
      create or replace function stratum.fail_at_commit() returns trigger language plpgsql as $$
        begin raise exception 'the test fails this at its commit'; end $$;
      create constraint trigger fail_at_commit after insert on stratum.audit_logs
        deferrable initially deferred for each row when (new.request_id = '${requestId}')
        execute function stratum.fail_at_commit()`);
  }

  describe.each(withEffect("mutator"))("that changes something: %s", (name) => {
    it("leaves rows of who did it, with the states before and after, and an event", async () => {
      const call = await prepare(name);
      const { states: allowed, event, steps = false } = caseOf(name).leaves!;
      const events = await newestEvent();
      const request_id = `left by ${name}`;
      await runAs({ ...ACTOR, request_id }, call);
      const rows = await rowsOf(request_id);
      expect(rows.length).toBeGreaterThan(0);
      for (const { actor_id, actor_type, source_ip, states } of rows) {
        if (name !== "recordAuditEvent") {
          expect([actor_id, actor_type, source_ip]).toEqual(["alice", "jwt", "203.0.113.7"]);
        }
        expect(allowed).toContain(states.trim() || "none");
      }
      if (!steps) {
        expect(new Set(rows.map(({ operation_id }) => operation_id)).size).toBe(1);
      }
      expect((await newestEvent()) > events).toBe(event);
    });

    it("leaves neither rows nor anything else where its transaction fails after the change", async () => {
      const call = await prepare(name);
      const request_id = `failed by ${name}`;
      await failAtCommit(request_id);
      const before = await tableContents(t);
      const inContext = async () => runAs({ ...ACTOR, request_id }, call);
      try {
        // One that makes up for its own failures answers its code.
        const outcome = await inContext().catch(({ code }: { code: string }) => code);
        expect(outcome).toBe("DATABASE_ERROR");
        expect(await tableContents(t)).toEqual(before);
      } finally {
        await t.pool.query("drop trigger fail_at_commit on stratum.audit_logs");
      }
      await inContext();
      expect((await rowsOf(request_id)).length).toBeGreaterThan(0);
    });
  });

  it.each(withEffect("recorder"))("has no row, and the feed no event, of %s", async (name) => {
    const call = await prepare(name);
    const table = caseOf(name).records!;
    const before = [await count(table), await count("audit_logs"), await count("webhook_events")];
    await runAs(ACTOR, call);
    const after = [await count(table), await count("audit_logs"), await count("webhook_events")];
    expect(after).toEqual([before[0]! + 1, before[1], before[2]]);
  });

  it("knows no method of the facade that is neither reader, mutator, recorder nor runner", () => {
    const methods = Object.getOwnPropertyNames(Stratum.prototype).filter(
      (name) =>
        !["constructor", "initialize", "close", "boot", "invoke", "bind", "host"].includes(name),
    );
    expect(methods.sort()).toEqual(Object.keys(METHODS).sort());
  });
});
