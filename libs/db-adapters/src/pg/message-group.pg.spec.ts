import { PREPARED_STATEMENTS_MAX } from "@stratum-hq/core";
import type { TenantPool } from "@stratum-hq/db-adapters";
import type { Pool } from "pg";
import { codeOf } from "../../../../test/support/use-stratum";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";
import { speaksMessageGroups } from "./pg-internals";

/** What of pg a client and its connection say. */
interface Insides {
  readonly connection: {
    parsedStatements: Record<string, string>;
    stream: { write: unknown };
    describe(message: object): void;
    parse(message: object): void;
  };
}

describe("a statement and its context, as one message group", () => {
  const t = useTenantTables();
  let pool: Pool;
  let tenants: TenantPool;

  beforeEach(() => {
    pool = t.pool("member", { max: 1 });
    tenants = t.tenantPool("member", { pool });
  });
  afterEach(() => pool.end());

  const asA = <T>(work: () => Promise<T>): Promise<T> => tenants.scope.run(t.a, work);

  /** The one connection's insides, and how often it wrote to the server while work ran. */
  async function writesOf(work: () => Promise<unknown>): Promise<number> {
    const client = await pool.connect();
    const { stream } = (client as unknown as Insides).connection;
    const write = stream.write as (...args: unknown[]) => unknown;
    let turns = 0;
    let counting = false;
    stream.write = (...args: unknown[]) => {
      // What is written within one turn of the loop leaves as one: pg corks it.
      if (!counting) {
        turns += 1;
        counting = true;
        setImmediate(() => (counting = false));
      }
      return write.apply(stream, args);
    };
    client.release();
    try {
      await work();
    } finally {
      stream.write = write;
    }
    return turns;
  }

  it("leans on insides of pg that are there", async () => {
    const client = await pool.connect();
    expect(speaksMessageGroups(client)).toBe(true);
    expect(client.getTransactionStatus()).toBe("I");
    client.release();
    expect(speaksMessageGroups({})).toBe(false);
  });

  it("is one round trip, a transaction's begin too", async () => {
    await asA(() => tenants.query("select 1"));
    expect(await writesOf(() => asA(() => tenants.query("select 1")))).toBe(1);
    const begin = asA(() => tenants.connect());
    const client = await begin;
    client.release();
    const transaction = () => asA(() => tenants.transaction((c) => c.query("select 1")));
    expect(await writesOf(transaction)).toBe(3);
  });

  it("leaves no context, role or transaction behind", async () => {
    await asA(() => tenants.query("select * from orders"));
    const { rows } = await pool.query(
      `select current_user = session_user as own_role, current_setting('stratum.context', true) as context,
              now() = statement_timestamp() as no_transaction`,
    );
    expect(rows).toEqual([{ own_role: true, context: "", no_transaction: true }]);
  });

  it("does not poison the name of a statement that does not parse", async () => {
    const text = "select made_later.n from made_later";
    await asA(async () => {
      await expect(tenants.query(text)).rejects.toMatchObject({ code: "42P01" });
      const owner = await t.pool("owner").connect();
      await owner.query(
        "create table made_later as select 1 as n; grant select on made_later to stratum_tenant",
      );
      expect((await tenants.query(text)).rows).toEqual([{ n: 1 }]);
      expect((await tenants.query(text)).rows).toEqual([{ n: 1 }]);
      await owner.query("drop table made_later");
      owner.release();
    });
  });

  it("does not believe that a statement was parsed which the refused context kept from it", async () => {
    const text = "select count(*)::int as n from orders";
    const forged = t.tenantPool("member", {
      pool,
      scope: tenants.scope,
      signer: { sign: () => "\0" } as unknown as typeof t.signer,
    });
    await asA(async () => {
      await expect(forged.query(text)).rejects.toMatchObject({ code: "22021" });
      expect((await tenants.query(text)).rows).toEqual([{ n: 5 }]);
    });
  });

  describe("that was prepared before a migration", () => {
    const text = "select * from migrated";
    const migrate = async (...statements: string[]) => {
      const owner = await t.pool("owner").connect();
      for (const statement of statements) await owner.query(statement);
      owner.release();
    };

    beforeEach(() =>
      migrate(
        "create table migrated as select 1 as n",
        "grant select, insert on migrated to stratum_tenant",
      ),
    );
    afterEach(() => migrate("drop table migrated"));

    it.each(["auto", "off"] as const)(
      "is run with its columns of now (messageGroups %s)",
      async (messageGroups) => {
        const { scope } = tenants;
        const mixed = t.tenantPool("member", { pool, scope, messageGroups });
        await asA(async () => {
          await mixed.query(text);
          await mixed.query(text);
          await migrate("alter table migrated add column added text default 'x'");
          expect((await mixed.query(text)).rows).toEqual([{ n: 1, added: "x" }]);
          expect((await mixed.query(text)).rows).toEqual([{ n: 1, added: "x" }]);
          await migrate("alter table migrated alter column n type text");
          const changed = await mixed.query(text);
          expect(changed.rows).toEqual([{ n: "1", added: "x" }]);
          expect(changed.fields.map(({ name }) => name)).toEqual(["n", "added"]);
        });
      },
    );

    it("fails the transaction that it is in, which can be tried again", async () => {
      await asA(async () => {
        await tenants.query(text);
        await migrate("alter table migrated add column added text default 'x'");
        const client = await tenants.connect();
        await client.begin();
        await expect(client.query(text)).rejects.toMatchObject({ code: "0A000" });
        await client.rollback();
        const { rows } = await client.transaction((again) => again.query(text));
        expect(rows).toEqual([{ n: 1, added: "x" }]);
        client.release();
        expect(pool.idleCount).toBe(1);
      });
    });

    it("answers the same without asking for its columns again", async () => {
      const insert = "insert into migrated values ($1)";
      const returning = `${insert} returning n as m, $2::jsonb as j`;
      const values = (n: number) => [n, { n }];
      const client = await pool.connect();
      client.release();
      const describe = jest.spyOn((client as unknown as Insides).connection, "describe");
      await asA(async () => {
        for (const n of [2, 3, 4]) {
          const told = await tenants.query(returning, values(n));
          expect([told.rowCount, told.rows]).toEqual([1, [{ m: n, j: { n } }]]);
          const { rowCount, rows } = await tenants.query(insert, [n]);
          expect([rowCount, rows]).toEqual([1, []]);
          told.fields.length = 0;
        }
        const arrays = await tenants.query({
          text: returning,
          values: [4, null],
          rowMode: "array",
        });
        expect(arrays.rows).toEqual([[4, null]]);
      });
      expect(describe).toHaveBeenCalledTimes(2);
    });
  });

  it("prepares its context once, under a name that differs from connection to connection", async () => {
    const names = async () => {
      await asA(() => tenants.query("select 1 as once"));
      await asA(() => tenants.query("select 1 as once"));
      const { rows } = await pool.query<{ name: string; statement: string }>(
        "select name, statement from pg_prepared_statements where statement like '%stratum.context%' and name <> ''",
      );
      expect(rows).toHaveLength(1);
      return rows[0]!.name;
    };
    const first = await names();
    const client = await pool.connect();
    client.release(true);
    expect(await names()).not.toBe(first);
  });

  it("has its columns as bytes where the pool asks for that, each time", async () => {
    // An option of pg's that its types do not have.
    const config = { max: 1, binary: true };
    const bytes = t.tenantPool("member", { scope: tenants.scope }, config);
    await asA(async () => {
      for (const n of [258, 259, 260]) {
        expect((await bytes.query("select $1::int as n", [n])).rows).toEqual([{ n }]);
      }
    });
  });

  it("keeps so many prepared, those that were used last", async () => {
    const client = await pool.connect();
    client.release();
    const parse = jest.spyOn((client as unknown as Insides).connection, "parse");
    const texts = Array.from({ length: PREPARED_STATEMENTS_MAX }, (_, n) => `select ${n} as n`);
    await asA(async () => {
      await tenants.query("select 'often' as n");
      for (const [n, text] of texts.entries()) {
        await tenants.query(text);
        if (n % 100 === 0) await tenants.query("select 'often' as n");
      }
      parse.mockClear();
      for (const text of ["select 'often' as n", texts.at(-1)!, texts[1]!])
        await tenants.query(text);
      expect(parse).not.toHaveBeenCalled();
      expect((await tenants.query(texts[0]!)).rows).toEqual([{ n: 0 }]);
      expect(parse).toHaveBeenCalledTimes(1);
    });
    const { rows } = await pool.query(
      "select count(*)::int as n from pg_prepared_statements where name like 'stratum_t_%'",
    );
    expect(rows).toEqual([{ n: PREPARED_STATEMENTS_MAX }]);
  });

  it("keeps none that fail each time beyond that number either", async () => {
    await asA(async () => {
      for (let n = 0; n < PREPARED_STATEMENTS_MAX + 20; n += 1) {
        await expect(tenants.query(`select ${n} / ($1::int)`, [0])).rejects.toMatchObject({
          code: "22012",
        });
      }
    });
    const { rows } = await pool.query<{ n: number }>(
      "select count(*)::int as n from pg_prepared_statements where name like 'stratum_t_%'",
    );
    expect(rows[0]!.n).toBeLessThanOrEqual(PREPARED_STATEMENTS_MAX);
  });

  it("prepares nothing with preparedStatements off", async () => {
    const off = t.tenantPool("member", { pool, scope: tenants.scope, preparedStatements: "off" });
    await asA(() => off.query("select $1::int", [1]));
    const { rows } = await pool.query(
      "select name from pg_prepared_statements where name like 'stratum%'",
    );
    expect(rows).toEqual([]);
  });

  it("says so when the names were dropped in between, and goes on", async () => {
    const text = "select 2 as two";
    await asA(async () => {
      await tenants.query(text);
      await pool.query("deallocate all");
      expect(await codeOf(tenants.query(text))).toBe("POOLER_UNSUPPORTED");
      expect((await tenants.query(text)).rows).toEqual([{ two: 2 }]);
    });
  });

  it("goes before statements on an idle connection only, and closes one that is left otherwise", async () => {
    const client = await pool.connect();
    await client.query("begin");
    const { rows: before } = await client.query("select pg_backend_pid() as pid");
    client.release();
    const after = await asA(() =>
      tenants.query("select pg_backend_pid() as pid, current_user as role"),
    );
    expect(after.rows).toMatchObject([{ role: "stratum_tenant" }]);
    expect(after.rows[0]!["pid"]).not.toBe((before as { pid: number }[])[0]!.pid);
  });

  it("closes a connection that is released in a transaction", async () => {
    const pid = await asA(async () => {
      const client = await tenants.connect();
      await client.begin();
      const { rows } = await client.query("select pg_backend_pid() as pid");
      client.release();
      expect(pool.idleCount).toBe(0);
      return rows[0]!["pid"];
    });
    const { rows } = await asA(() => tenants.query("select pg_backend_pid() as pid"));
    expect(rows[0]!["pid"]).not.toBe(pid);
  });

  it("rolls back an aborted transaction, so that the connection is idle for the next", async () => {
    await asA(async () => {
      const client = await tenants.connect();
      await client.begin({ isolation: "serializable", readOnly: true });
      expect(
        (
          await client.query(
            "select current_setting('transaction_isolation') as transaction_isolation",
          )
        ).rows,
      ).toEqual([{ transaction_isolation: "serializable" }]);
      await expect(client.query("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
      await expect(client.query("select 1")).rejects.toMatchObject({ code: "25P02" });
      await client.rollback();
      expect((await client.query("select current_user as role")).rows).toEqual([
        { role: "stratum_tenant" },
      ]);
      client.release();
      expect(pool.idleCount).toBe(1);
    });
  });

  it("runs a procedure that would commit in the middle, and so lose the context, not at all", async () => {
    const owner = t.pool("owner");
    await owner.query("create procedure commits() language plpgsql as $$ begin commit; end $$");
    await owner.query(
      "create function calls() returns void language plpgsql as $$ begin call commits(); end $$",
    );
    await expect(asA(() => tenants.query("call commits()"))).rejects.toMatchObject({
      code: "STATEMENT_FORBIDDEN",
    });
    await expect(asA(() => tenants.query("select calls()"))).rejects.toMatchObject({
      code: "2D000",
    });
    await owner.query("drop function calls(); drop procedure commits()");
  });

  it("closes a connection whose statement pg could not send, however often it did before", async () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const text = "select $1::jsonb as j";
    await asA(async () => {
      await expect(tenants.query(text, [circular])).rejects.toThrow(/circular/i);
      expect((await tenants.query(text, [{ a: 1 }])).rows).toEqual([{ j: { a: 1 } }]);
      await expect(tenants.query(text, [circular])).rejects.toThrow(/circular/i);
      expect(pool.idleCount).toBe(0);
      await tenants.query(text, [{ a: 1 }]);
      const client = await tenants.connect();
      await client.begin();
      await expect(client.query(text, [circular])).rejects.toThrow(/circular/i);
      await client.rollback();
      client.release();
      expect((await tenants.query(text, [{ a: 2 }])).rows).toEqual([{ j: { a: 2 } }]);
    });
  });
});
