import { EventEmitter, once } from "node:events";
import {
  ContextKey,
  ContextSigner,
  withTenantContext,
  type TenantClient,
  type TenantPool,
} from "@stratum-hq/db-adapters";
import { installKey, LOGINS, ROWS, useTenantTables } from "./support/use-tenant-tables";
import { codeOf } from "./support/use-stratum";

const ALL = "select tenant_id from orders";

describe("who attacks the isolation of tenants' rows", () => {
  const t = useTenantTables();
  const pools = new Map<string, TenantPool>();
  const poolOf = (login: (typeof LOGINS)[number]): TenantPool => {
    const pool = pools.get(login) ?? t.tenantPool(login, {}, { max: 2 });
    pools.set(login, pool);
    return pool;
  };

  describe.each(LOGINS)("by a mistake of the application, under a login that is %s", (login) => {
    it("is refused without a context", async () => {
      const pool = poolOf(login);
      expect(await codeOf(pool.query(ALL))).toBe("TENANT_CONTEXT_MISSING");
      expect(await codeOf(pool.connect())).toBe("TENANT_CONTEXT_MISSING");
      expect(await codeOf(pool.transaction((client) => client.query(ALL)))).toBe(
        "TENANT_CONTEXT_MISSING",
      );
    });

    it("is refused in a context that has ended: timer, listener, promise, client and stream", async () => {
      const pool = poolOf(login);
      const emitter = new EventEmitter();
      const late: Promise<string>[] = [];
      let kept: TenantClient | undefined;
      let stream: AsyncGenerator | undefined;
      let ended = false;
      await pool.scope.run(t.a, async () => {
        late.push(
          new Promise((told) => {
            const timer = setInterval(() => {
              if (!ended) return;
              clearInterval(timer);
              told(codeOf(pool.query(ALL)));
            }, 1);
          }),
        );
        late.push(once(emitter, "later").then(() => codeOf(pool.query(ALL))));
        kept = await pool.connect();
        await kept.begin();
        stream = kept.stream("select n from generate_series(1, 1000) as n", [], { batch: 1 });
        await stream.next();
      });
      ended = true;
      emitter.emit("later");
      expect(await Promise.all(late)).toEqual(["TENANT_CONTEXT_MISSING", "TENANT_CONTEXT_MISSING"]);
      expect(await codeOf(kept!.query(ALL))).toBe("TENANT_CONTEXT_MISSING");
      expect(await codeOf(stream!.next())).toBe("TENANT_CONTEXT_MISSING");
      kept!.release();
    });

    it("is refused with a client of one tenant in the context of another", async () => {
      const pool = poolOf(login);
      await pool.scope.run(t.a, async () => {
        const client = await pool.connect();
        expect(await codeOf(pool.scope.run(t.b, () => client.query(ALL)))).toBe(
          "TENANT_CONTEXT_MISSING",
        );
        client.release();
        expect(await codeOf(client.query(ALL))).toBe("TENANT_CONTEXT_MISSING");
      });
    });

    it("gets each tenant's own in a Promise.all over two, on two connections", async () => {
      const pool = poolOf(login);
      const each = Array.from({ length: 20 }, async (_, n) => {
        const tenant = n % 2 === 0 ? t.a : t.b;
        const { rows } = await withTenantContext(pool, tenant, (client) => client.query(ALL));
        expect(rows).toEqual(Array.from({ length: ROWS }, () => ({ tenant_id: tenant })));
      });
      await Promise.all(each);
    });

    it("gets nothing by a row security that the session has turned off", async () => {
      const pool = poolOf(login);
      const raw = t.pool(login, { max: 1, options: "-c row_security=off" });
      const off = t.tenantPool(login, { pool: raw, scope: pool.scope });
      expect((await pool.scope.run(t.a, () => off.query(ALL))).rows).toHaveLength(ROWS);
    });
  });

  describe("by SQL injected into a tenant's statement, under a hardened login", () => {
    const attack = async (text: string, values: unknown[] = []): Promise<unknown> =>
      poolOf("hardened").scope.run(
        t.a,
        async () => (await poolOf("hardened").query(text, values)).rows,
      );

    it.each([
      "begin",
      "/* a /* b */ c */ Commit",
      "-- x\n ;; rollback",
      "set role none",
      "SET search_path = pg_temp",
      "reset role",
      "prepare p as select 1",
      "deallocate all",
      "execute p",
      "discard all",
      "listen x",
      "do $$ begin end $$",
      "savepoint s",
      "start transaction",
      "abort",
      "end",
      "release s",
      "load 'x'",
      "unlisten *",
      "drop owned by stratum_tenant",
      "alter role stratum_tenant set row_security = off",
      "alter default privileges grant select on tables to public",
      "declare c cursor with hold for select * from orders",
      "create temporary table kept as select * from orders",
      "copy orders to stdout",
      "explain analyze create table kept as select * from orders",
    ])("is refused what outlives the context: %s", async (text) => {
      expect(await codeOf(attack(text))).toBe("STATEMENT_FORBIDDEN");
    });

    it("is refused a second statement in the same text", async () => {
      await expect(attack("select 1; set role none")).rejects.toMatchObject({ code: "42601" });
      const inside = withTenantContext(poolOf("hardened"), t.a, (client) =>
        client.query("select 1; commit; select 2"),
      );
      await expect(inside).rejects.toMatchObject({ code: "42601" });
    });

    /** What a transaction of tenant A's sees after it has run SQL of the attacker's. */
    const after = (text: string, values: unknown[] = []): Promise<unknown[]> =>
      withTenantContext(poolOf("hardened"), t.a, async (client) => {
        await client.query(text, values);
        return (await client.query(ALL)).rows;
      });

    it("cannot set the context to another tenant's id", async () => {
      const set = "select set_config('stratum.context', $1, true)";
      const own = t.signer.sign(t.a);
      expect(await codeOf(after(set, [t.b]))).toBe("TENANT_CONTEXT_FORGED");
      expect(await codeOf(after(set, [own.replace(t.a, t.b)]))).toBe("TENANT_CONTEXT_FORGED");
      expect(await codeOf(after(set, [""]))).toBe("TENANT_CONTEXT_MISSING");
      const scope = own.replace(".tenant.", ".subtree.");
      expect(await codeOf(after(set, [scope]))).toBe("TENANT_CONTEXT_FORGED");
      for (let at = 0; at < own.length; at += 1) {
        const altered = own.slice(0, at) + (own[at] === "0" ? "1" : "0") + own.slice(at + 1);
        expect(await codeOf(after(set, [altered]))).toBe("TENANT_CONTEXT_FORGED");
      }
      const foreignKey = new ContextSigner(new ContextKey(Buffer.alloc(32, 7))).sign(t.b);
      expect(await codeOf(after(set, [foreignKey]))).toBe("TENANT_CONTEXT_FORGED");
    });

    it("cannot replay a context that has expired, nor use one that would last", async () => {
      const set = "select set_config('stratum.context', $1, true)";
      const signedAt = (ms: number) => new ContextSigner(t.key, () => Date.now() + ms).sign(t.b);
      expect(await codeOf(after(set, [signedAt(-60_000)]))).toBe("TENANT_CONTEXT_EXPIRED");
      expect(await codeOf(after(set, [signedAt(60_000)]))).toBe("TENANT_CONTEXT_EXPIRED");
    });

    it("gains nothing by becoming the login itself", async () => {
      expect(await after("select set_config('role', 'none', true)")).toEqual(
        Array.from({ length: ROWS }, () => ({ tenant_id: t.a })),
      );
      for (const role of [
        "stratum_maintenance",
        "stratum_context",
        t.nameOf("owner"),
        "postgres",
      ]) {
        await expect(after("select set_config('role', $1, true)", [role])).rejects.toMatchObject({
          code: expect.stringMatching(/42501|22023/) as string,
        });
      }
    });

    it("cannot read what verifies, nor any other table of schema stratum", async () => {
      const { rows } = await t.database.pool.query<{ name: string }>(
        "select 'stratum.' || relname as name from pg_class where relnamespace = 'stratum'::regnamespace and relkind in ('r', 'p', 'v')",
      );
      expect(rows.length).toBeGreaterThan(10);
      for (const { name } of rows) {
        await expect(attack(`select * from ${name}`)).rejects.toMatchObject({ code: "42501" });
      }
      const calls = ["install_context_key('0', '', '')", "retire_context_key('0')"];
      for (const call of calls) {
        await expect(attack(`select stratum.${call}`)).rejects.toMatchObject({ code: "42501" });
      }
    });

    it("cannot shadow the verifier, an operator or a table", async () => {
      const shadows = [
        "create function public.current_tenant_id() returns uuid language sql as 'select null::uuid'",
        "create or replace function stratum.current_tenant_id() returns uuid language sql as 'select null::uuid'",
        "create operator public.= (leftarg = uuid, rightarg = uuid, function = pg_catalog.uuid_ne)",
        "create schema mine",
        "create table mine (id int)",
        "create temporary table orders (tenant_id uuid)",
        "create view mine as select 1",
        "alter table orders no force row level security",
        "alter function stratum.current_tenant_id() owner to session_user",
        "drop policy stratum_isolation on orders",
        "truncate orders",
      ];
      // The list of first words stops them before they are sent, and PostgreSQL where that list is passed by.
      const raw = t.pool("hardened", { max: 1 });
      for (const text of shadows) {
        expect([text, await codeOf(attack(text))]).toEqual([text, "STATEMENT_FORBIDDEN"]);
        for (const role of ["stratum_tenant", "none"]) {
          await raw.query(`set role ${role}`);
          expect([text, await codeOf(raw.query(text))]).toEqual([text, "42501"]);
        }
      }
      for (const made of ["public.mine", "temporary mine"]) {
        expect(await codeOf(attack(`select 1 as id into ${made}`))).toBe("42501");
      }
    });

    it("changes nothing by search_path and row_security, for itself or who comes next", async () => {
      const own = Array.from({ length: ROWS }, () => ({ tenant_id: t.a }));
      for (const local of ["true", "false"]) {
        expect(
          await after(`select set_config('search_path', 'public, pg_catalog', ${local})`),
        ).toEqual(own);
        await expect(
          after(`select set_config('row_security', 'off', ${local})`),
        ).rejects.toMatchObject({
          code: "42501",
        });
      }
      // As a session setting it stays on the connection, where the next context comes over it.
      const session =
        "select set_config('search_path', 'pg_temp', false), set_config('row_security', 'off', false)";
      const one = t.tenantPool("hardened", { scope: poolOf("hardened").scope }, { max: 1 });
      await one.scope.run(t.a, () => one.query(session));
      expect((await one.scope.run(t.b, () => one.query(ALL))).rows).toEqual(
        Array.from({ length: ROWS }, () => ({ tenant_id: t.b })),
      );
    });

    it("shows nobody a row by a lock and settings that it leaves on the connection", async () => {
      const one = t.tenantPool("hardened", { scope: poolOf("hardened").scope }, { max: 1 });
      const leave = `select pg_advisory_lock(4711), set_config('stratum.context', $1, false), set_config('role', 'none', false)`;
      await one.scope.run(t.a, () => one.query(leave, [t.signer.sign(t.a)]));
      const { rows } = await t.database.pool.query(
        "select from pg_locks where locktype = 'advisory' and objid = 4711",
      );
      expect(rows).toHaveLength(1);
      expect((await one.scope.run(t.b, () => one.query(ALL))).rows).toEqual(
        Array.from({ length: ROWS }, () => ({ tenant_id: t.b })),
      );
    });

    it("cannot turn what the verifier calls, by a search path on which its namesakes come first", async () => {
      const { pool: admin } = t.database;
      // Of the owner's making: a hardened login can create nothing.
      const { rows } = await admin.query<{ text: string }>(`
        select format('create function evil.%I(%s) returns %s language sql as $f$ select null::%s $f$', proname,
            pg_get_function_identity_arguments(oid), prorettype::regtype, prorettype::regtype) as text
        from pg_proc where pronamespace = 'pg_catalog'::regnamespace and prokind = 'f' and not proretset
          and proname in ('sha256', 'byteacat', 'convert_to', 'current_setting', 'left', 'right', 'encode', 'substr',
            'starts_with', 'date_part', 'now', 'textcat')
        union all
        select format('create operator evil.%s (leftarg = %s, rightarg = %s, function = pg_catalog.%I)', oprname,
            oprleft::regtype, oprright::regtype, oprcode::regproc::text)
        from pg_operator join pg_proc p on p.oid = oprcode
        where oprname in ('=', '<>', '<=', '>', '+', '||') and oprleft = oprright
          and oprleft in ('text'::regtype, 'bytea'::regtype, 'float8'::regtype)`);
      await admin.query(`create schema evil; grant usage on schema evil to public`);
      for (const { text } of rows) await admin.query(text);
      expect(rows.length).toBeGreaterThan(20);
      const path = "select set_config('search_path', 'evil, pg_catalog, public', true)";
      expect(await after(path)).toEqual(Array.from({ length: ROWS }, () => ({ tenant_id: t.a })));
      const forged = t.signer.sign(t.a).replace(t.a, t.b);
      const both = `${path}, set_config('stratum.context', $1, true)`;
      expect(await codeOf(after(both, [forged]))).toBe("TENANT_CONTEXT_FORGED");
      await admin.query("drop schema evil cascade");
    });

    it("learns nothing by COPY, plans, statistics or an upsert", async () => {
      for (const text of ["copy orders to stdout", "copy orders (note) from stdin"]) {
        expect(await codeOf(attack(text))).toBe("STATEMENT_FORBIDDEN");
      }
      const { rows } = await t.database.pool.query("analyze orders");
      expect(rows).toEqual([]);
      expect(await attack("select * from pg_stats where tablename = 'orders'")).toEqual([]);
      const leak =
        "select * from orders where (case when tenant_id <> $1 then 1 / (amount * 0) else 1 end) = 1";
      expect(await attack(leak, [t.a])).toHaveLength(ROWS);
    });
  });

  it("by a temporary table that shadows, under a login that may make one: it comes last", async () => {
    const raw = t.pool("member", { max: 1 });
    await raw.query(
      "create temporary table orders (tenant_id uuid); grant all on orders to public",
    );
    const pool = t.tenantPool("member", { pool: raw });
    expect((await pool.scope.run(t.a, () => pool.query(ALL))).rows).toHaveLength(ROWS);
  });

  it("under a login that may not act as stratum_tenant: refused, with the remedy", async () => {
    await t.database.pool.query(`revoke stratum_tenant from ${t.nameOf("member")}`);
    try {
      const pool = t.tenantPool("member", {}, { max: 1 });
      const grant = `grant stratum_tenant to "${t.nameOf("member")}" with inherit true, set true`;
      for (const call of [
        () => pool.query(ALL),
        () => pool.transaction((client) => client.query(ALL)),
      ]) {
        await expect(pool.scope.run(t.a, call)).rejects.toMatchObject({
          code: "TENANT_ROLE_MISSING",
          details: { statement: grant },
        });
      }
    } finally {
      await t.database.pool.query(
        `grant stratum_tenant to ${t.nameOf("member")} with inherit true, set true`,
      );
    }
  });

  it("under a key that is being replaced: old and new both sign until the old one is retired", async () => {
    const next = new ContextKey(Buffer.alloc(32, 9));
    await installKey(t.database.pool, next);
    const old = t.tenantPool("hardened");
    const rotated = t.tenantPool("hardened", { signer: new ContextSigner(next) });
    const count = async (pool: TenantPool) =>
      (await pool.scope.run(t.b, () => pool.query(ALL))).rows.length;
    expect([await count(old), await count(rotated)]).toEqual([ROWS, ROWS]);
    await t.database.pool.query("select stratum.retire_context_key($1)", [next.id]);
    expect(await codeOf(count(rotated))).toBe("TENANT_CONTEXT_FORGED");
    expect(await count(old)).toBe(ROWS);
  });
});
