import { setTimeout as sleep } from "node:timers/promises";
import { Stratum, withTenantContext, type StratumOptions, type Tenant } from "@stratum-hq/lib";
import { Pool } from "pg";
import { DECLARED } from "../../../../test/support/declared-tables";
import { withShortOverlaps } from "../../../../test/support/short-overlaps";
import { TestKms } from "../../../../test/support/test-kms";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { QuickStratum } from "../../test/quick-stratum";

const DB = { isolation_strategy: "DB_PER_TENANT" } as const;
const INSERT = "insert into orders (note) values ('x')";

describe("tenants' databases that a rotation of the signing key does not find as they were", () => {
  const kms = new TestKms();
  const options: Partial<StratumOptions> = { tenantTables: DECLARED, keyProvider: kms };
  const t = useStratum({}, options);
  const opened: Stratum[] = [];
  let stratum: Stratum;
  let a: Tenant;
  let b: Tenant;

  const open = (): Stratum => {
    opened.push(new QuickStratum({ ...options, pool: t.database.newPool({ max: 3 }) }));
    return opened.at(-1)!;
  };
  const nameOf = ({ id }: Tenant): string => `stratum_${id.replaceAll("-", "")}`;
  const rotate = () => withShortOverlaps(t, 500, () => stratum.rotateContextKey());
  const insert = async (by: Stratum, { id }: Tenant) =>
    withTenantContext(await by.tenantPool(), id, (client) => client.query(INSERT));

  beforeAll(async () => {
    stratum = open();
    a = await stratum.createTenant({ ...DB, name: "a" });
    b = await stratum.createTenant({ ...DB, name: "b" });
    for (const tenant of [a, b]) await insert(stratum, tenant);
  });
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  async function inDatabase<Row>(tenant: Tenant, work: (pool: Pool) => Promise<Row>): Promise<Row> {
    const url = new URL(t.database.url);
    url.pathname = `/${nameOf(tenant)}`;
    const pool = new Pool({ connectionString: url.toString(), max: 1 });
    try {
      return await work(pool);
    } finally {
      await pool.end();
    }
  }
  const keysOf = async (tenant: Tenant): Promise<string[]> => {
    const text = "select key_id from stratum.context_keys order by installed_at";
    const { rows } = await inDatabase(tenant, (pool) => pool.query<{ key_id: string }>(text));
    return rows.map(({ key_id }) => key_id);
  };

  /** Nobody can connect to it meanwhile, as if its server were gone. */
  async function shut(tenant: Tenant): Promise<void> {
    await t.rows(`alter database ${nameOf(tenant)} allow_connections false`);
    await t.rows("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
      nameOf(tenant),
    ]);
  }
  const reopen = (tenant: Tenant) =>
    t.rows(`alter database ${nameOf(tenant)} allow_connections true`);
  const running = (phase: string) =>
    t.rows<{ id: string }>(
      `select id from stratum.operations where state = 'running' and checkpoint->>'phase' = $1
         and type = 'context_key_rotation'`,
      [phase],
    );
  async function until(phase: string): Promise<string> {
    let found = await running(phase);
    while (found.length === 0) found = await running(phase);
    return found[0]!.id;
  }

  it("keep no other: the result names them, and the next rotation takes the old keys away", async () => {
    await shut(a);
    const first = await rotate();
    expect(first).toMatchObject({
      ...{ databases: 1, unreached_count: 1 },
      unreached: [{ tenant_id: a.id, code: "STORAGE_UNAVAILABLE" }],
    });
    expect(await keysOf(b)).toEqual([first.key_id]);
    await reopen(a);
    expect(await keysOf(a)).toEqual([first.retired_key_id]);
    const second = await rotate();
    expect(second).toMatchObject({ databases: 2, unreached_count: 0, unreached: [] });
    for (const tenant of [a, b]) expect(await keysOf(tenant)).toEqual([second.key_id]);
  });

  it("are tried again, and reached where they are back by then", async () => {
    await shut(a);
    const rotation = { ended: false };
    const rotating = rotate().finally(() => (rotation.ended = true));
    const missed = () =>
      t.rows(
        `select from stratum.operations where state = 'running' and checkpoint->>'phase' = 'clean'
           and ((checkpoint->'walk'->>'missed')::int > 0 or (checkpoint->'walk'->>'pass')::int > 1)`,
      );
    while ((await missed()).length === 0 && !rotation.ended) await sleep(5);
    await reopen(a);
    expect(await rotating).toMatchObject({ databases: 2, unreached_count: 0 });
  });

  it("that are back serve at once, also a client that was lent before, and lose the retired key", async () => {
    const pool = await stratum.tenantPool();
    await stratum.runInTenant(a.id, async () => {
      const kept = await pool.connect();
      await t.rows(`alter database ${nameOf(a)} allow_connections false`);
      const rotated = await rotate();
      expect(rotated.unreached_count).toBe(1);
      await reopen(a);
      // The process knows the new key by then, and the client's database does not.
      expect(await codeOf(insert(stratum, b))).toBe("ok");
      expect(await codeOf(kept.query(INSERT))).toBe("ok");
      kept.release();
      expect(await keysOf(a)).toEqual([rotated.key_id]);
    });
    expect(await codeOf(insert(open(), a))).toBe("ok");
  });

  it("get the current key alone when they come from a backup of before", async () => {
    const old = await keysOf(b);
    await shut(b);
    await reopen(b);
    await t.rows(`create database ${nameOf(b)}_backup template ${nameOf(b)}`);
    const { key_id } = await rotate();
    await t.rows(`drop database ${nameOf(b)} with (force)`);
    await t.rows(`alter database ${nameOf(b)}_backup rename to ${nameOf(b)}`);
    expect(await keysOf(b)).toEqual(old);
    expect(await codeOf(insert(open(), b))).toBe("ok");
    expect(await keysOf(b)).toEqual([key_id]);
  });

  it("are made under way: they end with the current key, and without the one that is retired", async () => {
    const rotating = stratum.rotateContextKey();
    await until("overlap");
    const made = await stratum.createTenant({ ...DB, name: "made" });
    // As one that was made by a process which had read the key before the switch.
    const [before] = await keysOf(b);
    await inDatabase(made, (pool) =>
      pool.query(
        "select stratum.install_context_key($1, decode(repeat('00', 64), 'hex'), decode(repeat('00', 64), 'hex'))",
        [before],
      ),
    );
    const { key_id } = await withShortOverlaps(t, 500, () => rotating);
    expect(await keysOf(made)).toEqual([key_id]);
    expect(await codeOf(insert(open(), made))).toBe("ok");
  });

  it("let a rotation be cancelled before the switch; the next one takes its key, however that was encrypted anew", async () => {
    await shut(a);
    const cancelled = codeOf(stratum.rotateContextKey());
    const id = await until("install");
    await stratum.cancelOperation(id);
    expect(await cancelled).toBe("OPERATION_CANCELLED");
    await reopen(a);
    const [{ to } = { to: "" }] = await t.rows<{ to: string }>(
      "select checkpoint->>'to' as to from stratum.operations where id = $1",
      [id],
    );
    await stratum.rotateDataKey(null);
    kms.rotate();
    await stratum.rotateEncryptionKey();
    expect(await rotate()).toMatchObject({ key_id: to });
    expect(await t.rows("select from stratum.platform_secrets where name like '%next'")).toEqual(
      [],
    );
    // Another rotation has replaced its key: it has nothing left to do, and does that.
    await withShortOverlaps(t, 500, () => stratum.resumeOperation(id));
    for (const tenant of [a, b]) expect(await keysOf(tenant)).toEqual([to]);
    for (const tenant of [a, b]) expect(await codeOf(insert(open(), tenant))).toBe("ok");
  });
});
