import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { runAs, Stratum, type Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { withShortOverlaps } from "../../../../test/support/short-overlaps";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { QuickStratum } from "../../test/quick-stratum";

const KEYS = "select key_id from stratum.context_keys order by installed_at";
const CONTEXT = "select current_setting('stratum.context') as context";

describe("a rotation of the signing key", () => {
  const t = useStratum({}, { tenantTables: DECLARED });
  let stratum: Stratum;
  let own: Tenant;

  beforeAll(async () => {
    stratum = new QuickStratum({ pool: t.pool, tenantTables: DECLARED });
    const isolation_strategy = "DB_PER_TENANT" as const;
    own = await stratum.createTenant({ name: "own", isolation_strategy });
    await stratum.tenantPool();
  });
  afterAll(() => stratum.close());

  const rotate = (by = stratum) => withShortOverlaps(t, 500, () => by.rotateContextKey());
  const nameOf = ({ id }: Tenant): string => `stratum_${id.replaceAll("-", "")}`;

  async function inDatabase<Row>(tenant: Tenant, text: string): Promise<Row[]> {
    const url = new URL(t.database.url);
    url.pathname = `/${nameOf(tenant)}`;
    const pool = t.database.newPool({ connectionString: url.toString(), max: 1 });
    try {
      return (await pool.query(text)).rows as Row[];
    } finally {
      await pool.end();
    }
  }

  const keysOf = async (rows: Promise<{ key_id: string }[]>) =>
    (await rows).map(({ key_id }) => key_id);
  const keysEverywhere = async () => [
    await keysOf(t.rows(KEYS)),
    await keysOf(inDatabase<{ key_id: string }>(own, KEYS)),
  ];

  async function run(tenant: Tenant, text: string): Promise<Record<string, unknown>[]> {
    const pool = await stratum.tenantPool();
    return (await stratum.runInTenant(tenant.id, () => pool.query(text))).rows;
  }

  it("leaves one key in every database, which contexts are signed with, and refuses the one before", async () => {
    const [[before]] = (await keysEverywhere()) as [string[]];
    const [signed] = await run(own, CONTEXT);
    const result = await rotate();
    expect(result).toMatchObject({ retired_key_id: before, databases: 1, unreached_count: 0 });
    expect(result.key_id).not.toBe(before);
    expect(await keysEverywhere()).toEqual([[result.key_id], [result.key_id]]);
    expect((await run(own, CONTEXT))[0]!["context"]).toMatch(new RegExp(`^${result.key_id}\\.`));
    const replayed = `set role stratum_tenant; set stratum.context = '${String(signed!["context"])}';
      select stratum.current_tenant_id()`;
    expect(await codeOf(t.pool.query(`begin; ${replayed}`))).toBe("ST003");
    expect(await codeOf(inDatabase(own, `begin; ${replayed}`))).toBe("ST003");
  });

  it("lets both keys verify for the overlap that was asked for, counted from when the new one signs", async () => {
    const rotation = { ended: false };
    const rotating = stratum
      .rotateContextKey({ overlap_seconds: 300 })
      .finally(() => (rotation.ended = true));
    const left = async () =>
      t.rows<{ id: string; seconds: number }>(
        `select id, round((checkpoint->>'until')::numeric / 1000 - extract(epoch from clock_timestamp()))::int as seconds
         from stratum.operations where type = 'context_key_rotation' and state = 'running'
           and (checkpoint->>'until')::numeric > 0`,
      );
    let found = await left();
    while (found.length === 0 && !rotation.ended) found = await left();
    const keys = await keysEverywhere();
    const cancelled = await codeOf(stratum.cancelOperation(found[0]?.id ?? ""));
    const { retired_key_id, key_id } = await withShortOverlaps(t, 500, () => rotating);
    expect(found[0]?.seconds).toBeGreaterThan(240);
    expect(keys.map(({ length }) => length)).toEqual([2, 2]);
    expect(cancelled).toBe("INVALID_OPERATION_STATE");
    expect(await keysEverywhere()).toEqual([[key_id], [key_id]]);
    expect(
      await t.rows(
        "select key_id from stratum.replaced_context_keys where retired_at > replaced_at order by retired_at desc limit 1",
      ),
    ).toEqual([{ key_id: retired_key_id }]);
  });

  it("that was lost after the switch is made up for by the next one", async () => {
    const rotating = codeOf(stratum.rotateContextKey());
    const lost = () =>
      t.rows(
        `update stratum.operations set state = 'failed', finished_at = now()
         where state = 'running' and checkpoint->>'phase' = 'overlap' returning id`,
      );
    while ((await lost()).length === 0) await sleep(5);
    expect(await rotating).toBe("OPERATION_INTERRUPTED");
    for (const keys of await keysEverywhere()) expect(keys).toHaveLength(2);
    const { key_id } = await rotate();
    expect(await keysEverywhere()).toEqual([[key_id], [key_id]]);
  });

  it("is on record, without a key in it", async () => {
    const { operation_id, key_id, retired_key_id } = await rotate();
    const filter = { resource_type: "context_key", limit: 2 } as const;
    expect(await stratum.queryAuditLogs(filter)).toMatchObject([
      {
        ...{ action: "context_key.rotated", resource_id: key_id, tenant_id: null },
        before_state: { key_id: retired_key_id },
        after_state: { key_id },
        metadata: { operation: operation_id },
      },
      { action: "context_key.rotating", resource_id: retired_key_id },
    ]);
    const events = await t.rows(
      "select data from stratum.webhook_events where type = 'context_key.rotated' order by id desc limit 1",
    );
    expect(events).toEqual([{ data: { key_id, replaced_key_id: retired_key_id } }]);
    const { id, ...operation } = await stratum.getOperation(operation_id);
    expect(operation).toMatchObject({ state: "succeeded", progress: { done: 6, total: 6 } });
    const recorded = await t.rows<{ row: string }>(
      `select row_to_json(o)::text as row from stratum.operations as o where id = $1 union all
       select row_to_json(a)::text from stratum.audit_logs as a where resource_type = 'context_key' union all
       select row_to_json(e)::text from stratum.webhook_events as e where type like 'context_key%' union all
       select row_to_json(r)::text from stratum.replaced_context_keys as r`,
      [id],
    );
    const [pads] = await t.rows<{ hex: string; base64: string }>(
      "select encode(inner_pad, 'hex') as hex, encode(inner_pad, 'base64') as base64 from stratum.context_keys",
    );
    for (const { row } of recorded) {
      expect(row).not.toContain(pads!.hex.slice(0, 32));
      expect(row).not.toContain(pads!.base64.slice(0, 20));
    }
  });

  it("is the platform administrators' alone", async () => {
    const bound = { actor_id: "x", actor_type: "jwt", tenant_id: own.id } as const;
    const plain = { actor_id: "x", actor_type: "jwt", scopes: ["admin"] } as const;
    // The facade holds nobody to scopes that were not told.
    const untold = { actor_id: "x", actor_type: "jwt" } as const;
    for (const actor of [bound, plain, untold]) {
      expect(await codeOf(runAs(actor, () => rotate()))).toBe("FORBIDDEN");
    }
  });

  it("is refused with an overlap in which some process could sign still, and with none of its form", async () => {
    for (const overlap_seconds of [0, 44, 3601, 60.5, "60"]) {
      const rotating = stratum.rotateContextKey({ overlap_seconds } as { overlap_seconds: number });
      expect(await codeOf(rotating)).toBe("VALIDATION_ERROR");
    }
  });

  it("is refused where the key is an option, with what to do instead", async () => {
    const configured = new Stratum({ pool: t.pool, contextKey: randomBytes(32), worker: false });
    await configured.tenantPool();
    const before = await keysOf(t.rows(KEYS));
    await expect(configured.rotateContextKey()).rejects.toMatchObject({
      code: "CONTEXT_KEY_CONFIGURED",
      statusCode: 409,
      details: { key_id: before.at(-1) },
      message: expect.stringContaining(`retire_context_key('${before.at(-1)}')`) as string,
    });
    expect(await keysOf(t.rows(KEYS))).toEqual(before);
    await t.rows("select stratum.retire_context_key($1)", [before.at(-1)]);
    await configured.close();
  });

  it("is one at a time: of several at once, one goes on, and the others are told which", async () => {
    const others = [1, 2].map(
      () => new QuickStratum({ pool: t.database.newPool({ max: 2 }), tenantTables: DECLARED }),
    );
    const calls = [stratum, ...others];
    const codes = await withShortOverlaps(t, 500, () =>
      Promise.all(calls.map((each) => codeOf(each.rotateContextKey()))),
    );
    expect(codes.sort()).toEqual(["OPERATION_IN_PROGRESS", "OPERATION_IN_PROGRESS", "ok"]);
    const [{ key_id } = { key_id: "" }] = await t.rows<{ key_id: string }>(KEYS);
    expect(await keysEverywhere()).toEqual([[key_id], [key_id]]);
    await Promise.all(others.map((each) => each.close()));
  });
});
