import { runAs, Stratum, type Tenant, type TenantPool } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { useHardenedLogin } from "../../../../test/support/use-hardened";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const INSERT = "insert into orders (note) values ($1)";
const NOTES = "select note from orders order by note";
const SUBTREE = { scope: "subtree" } as const;

describe.each(["standard", "hardened"])("runInTenant with scope subtree, in %s mode", (mode) => {
  const t = useStratum({}, { tenantTables: DECLARED });
  const hardened = useHardenedLogin(t);
  let stratum: Stratum;
  let pool: TenantPool;
  let tenants: Record<string, Tenant>;
  const id = (name: string): string => tenants[name]!.id;

  beforeAll(async () => {
    await t.stratum.initialize();
    stratum =
      mode === "standard"
        ? t.stratum
        : new Stratum({ pool: t.pool, tenantTables: DECLARED, tenantPool: hardened() });
    pool = await stratum.tenantPool();
    tenants = { ...(await t.grow(["msp", ["x", ["x1"]], ["y"]])), ...(await t.grow(["other"])) };
    for (const [name, tenant] of Object.entries(tenants)) {
      await stratum.runInTenant(tenant.id, () => pool.query(INSERT, [name]));
    }
  });
  afterAll(() => stratum.close());

  const notes = async (tenant: string, options = {}, text = NOTES): Promise<unknown[]> => {
    const { rows } = await stratum.runInTenant(tenant, () => pool.query(text), options);
    return rows.map(({ note }) => note);
  };

  it("reads the rows of the tenant and of all below, and of nobody else", async () => {
    expect(await notes(id("msp"), SUBTREE)).toEqual(["msp", "x", "x1", "y"]);
    expect(await notes(id("x"), SUBTREE)).toEqual(["x", "x1"]);
    expect(await notes(id("x1"), SUBTREE)).toEqual(["x1"]);
    expect(await notes(id("msp"))).toEqual(["msp"]);
    const { rows } = await stratum.runInTenant(
      id("msp"),
      () => pool.transaction((client) => client.query(NOTES)),
      SUBTREE,
    );
    expect(rows).toHaveLength(4);
  });

  it("reads reference tables, and does not write them", async () => {
    await t.rows("insert into priorities values (1, 'urgent') on conflict do nothing");
    const labels = "select label as note from priorities";
    expect(await notes(id("msp"), SUBTREE, labels)).toEqual(["urgent"]);
    const writing = notes(id("msp"), SUBTREE, "update priorities set label = 'x' returning label");
    await expect(writing).rejects.toMatchObject({ code: "42501" });
  });

  it("reads a subtree as it is when the statement runs", async () => {
    const [seen, moved] = await stratum.runInTenant(
      id("x"),
      async () => {
        const before = (await pool.query(NOTES)).rowCount;
        await t.stratum.moveTenant(id("x1"), id("y"));
        return [before, (await pool.query(NOTES)).rowCount];
      },
      SUBTREE,
    );
    expect([seen, moved]).toEqual([2, 1]);
    await t.stratum.moveTenant(id("x1"), id("x"));
  });

  it("reads tenants that are suspended or archived, and none that is being purged", async () => {
    for (const status of ["suspended", "archived", "purging", "provisioning"]) {
      await t.rows("alter table stratum.tenants disable trigger all");
      await t.rows("update stratum.tenants set status = $2 where id = $1", [id("y"), status]);
      const expected = ["suspended", "archived"].includes(status) ? ["y"] : [];
      expect((await notes(id("msp"), SUBTREE)).filter((note) => note === "y")).toEqual(expected);
    }
    await t.rows("update stratum.tenants set status = 'active' where id = $1", [id("y")]);
  });

  it("writes the tenant's own rows alone", async () => {
    await stratum.runInTenant(
      id("msp"),
      async () => {
        const inserted = await pool.query(`${INSERT} returning tenant_id`, ["own"]);
        expect(inserted.rows).toEqual([{ tenant_id: id("msp") }]);
        const foreign = "insert into orders (tenant_id, note) values ($1, 'planted')";
        await expect(pool.query(foreign, [id("x")])).rejects.toMatchObject({ code: "42501" });
        const give = "update orders set tenant_id = $1 where note = 'own'";
        await expect(pool.query(give, [id("x")])).rejects.toMatchObject({ code: "42501" });
        const changed = await pool.query("update orders set amount = 1 returning note");
        expect(changed.rows.map(({ note }) => note).sort()).toEqual(["msp", "own"]);
        const locked = await pool.query("select note from orders for update");
        expect(locked.rows).toHaveLength(2);
        expect((await pool.query("delete from orders where note <> 'msp'")).rowCount).toBe(1);
      },
      SUBTREE,
    );
    expect(await notes(id("msp"), SUBTREE)).toEqual(["msp", "x", "x1", "y"]);
  });

  it("is refused to who may not see the tenant, as an unknown one", async () => {
    const child = { actor_id: "c", actor_type: "jwt", tenant_id: id("x") } as const;
    expect(await codeOf(runAs(child, () => notes(id("msp"), SUBTREE)))).toBe("TENANT_NOT_FOUND");
    expect(await runAs(child, () => notes(id("x"), SUBTREE))).toEqual(["x", "x1"]);
  });

  it("does not let a client of the wider scope into the narrower, nor the other way", async () => {
    const inside = async (outer: object, inner: object): Promise<string> =>
      stratum.runInTenant(
        id("msp"),
        async () => {
          const client = await pool.connect();
          try {
            return await codeOf(stratum.runInTenant(id("msp"), () => client.query(NOTES), inner));
          } finally {
            client.release();
          }
        },
        outer,
      );
    expect(await inside(SUBTREE, {})).toBe("TENANT_CONTEXT_MISSING");
    expect(await inside({}, SUBTREE)).toBe("TENANT_CONTEXT_MISSING");
    expect(await inside(SUBTREE, SUBTREE)).toBe("ok");
  });

  describe("attacked by SQL of the tenant's", () => {
    /** What the tenant's transaction sees after it has run a statement of the attacker's. */
    const after = (text: string, values: unknown[], options = {}): Promise<unknown[]> =>
      stratum.runInTenant(
        id("x"),
        () =>
          pool.transaction(async (client) => {
            await client.query(text, values);
            return (await client.query(NOTES)).rows.map(({ note }) => note);
          }),
        options,
      );
    const role = "select set_config('role', $1, true)";
    const widen =
      "select set_config('stratum.context', replace(current_setting('stratum.context'), $1, $2), true)";

    it("gains nothing by the role that subtrees are read by", async () => {
      expect(await codeOf(after(role, ["stratum_subtree"]))).toBe("TENANT_CONTEXT_FORGED");
      expect(await after(role, ["stratum_tenant"], SUBTREE)).toEqual(["x"]);
    });

    it("cannot widen its scope, nor turn it to another tenant", async () => {
      const both = `${widen}, set_config('role', 'stratum_subtree', true)`;
      expect(await codeOf(after(both, [".tenant.", ".subtree."]))).toBe("TENANT_CONTEXT_FORGED");
      const turned = after(widen, [id("x"), id("msp")], SUBTREE);
      expect(await codeOf(turned)).toBe("TENANT_CONTEXT_FORGED");
      expect(await codeOf(after(widen, [".subtree.", ".subtre_."], SUBTREE))).toBe(
        "TENANT_CONTEXT_FORGED",
      );
    });

    it("learns of no tenant but those it reads", async () => {
      const ids = "select id as note from stratum.readable_tenants order by id";
      expect(await notes(id("x"), SUBTREE, ids)).toEqual([id("x"), id("x1")].sort());
      await expect(notes(id("x"), {}, ids)).rejects.toMatchObject({ code: "42501" });
      if (mode === "standard") return;
      const names = "select name as note from stratum.tenants";
      await expect(notes(id("x"), SUBTREE, names)).rejects.toMatchObject({ code: "42501" });
    });

    it("calls no function of a reader's own with another tenant's id", async () => {
      await t.rows(`create function public.tell(id uuid) returns boolean language plpgsql cost 0.0001
        as $$ begin if id = '${id("y")}' then raise exception 'seen'; end if; return true; end $$`);
      const told = "select id as note from stratum.readable_tenants where public.tell(id)";
      expect(await notes(id("x"), SUBTREE, told)).toHaveLength(2);
    });
  });

  describe("over tenants that have their rows elsewhere", () => {
    let apart: Tenant;
    beforeAll(async () => {
      apart = await t.stratum.createTenant({
        name: "apart",
        parent_id: id("y"),
        isolation_strategy: "SCHEMA_PER_TENANT",
      });
      await stratum.runInTenant(apart.id, () => pool.query(INSERT, ["apart"]));
    });

    it("is refused, naming them, unless a part will do", async () => {
      const named = { id: apart.id, isolation_strategy: "SCHEMA_PER_TENANT" };
      await expect(notes(id("msp"), SUBTREE)).rejects.toMatchObject({
        code: "SCOPE_INCOMPLETE",
        details: { tenant_id: id("msp"), count: 1, tenants: [named] },
      });
      expect(await notes(id("msp"), { ...SUBTREE, partial: true })).toEqual([
        "msp",
        "x",
        "x1",
        "y",
      ]);
      expect(await notes(id("x"), SUBTREE)).toEqual(["x", "x1"]);
    });

    it("names twenty of many, and counts the rest", async () => {
      const inputs = Array.from({ length: 21 }, (_, n) => ({
        name: `apart ${n}`,
        parent_id: id("other"),
        isolation_strategy: "SCHEMA_PER_TENANT" as const,
      }));
      await t.stratum.batchCreateTenants(inputs);
      const refused = await notes(id("other"), SUBTREE).then(
        () => null,
        (error: { details: { count: number; tenants: unknown[] } }) => error.details,
      );
      expect([refused?.count, refused?.tenants.length]).toEqual([21, 20]);
    });

    it("of a tenant that is elsewhere itself: all below are apart from it, and it has its own", async () => {
      expect(await notes(apart.id, SUBTREE)).toEqual(["apart"]);
      const below = await t.stratum.createTenant({
        name: "below",
        parent_id: apart.id,
        isolation_strategy: "SHARED_RLS",
      });
      await expect(notes(apart.id, SUBTREE)).rejects.toMatchObject({
        details: { tenants: [{ id: below.id, isolation_strategy: "SHARED_RLS" }] },
      });
      expect(await notes(apart.id, { ...SUBTREE, partial: true })).toEqual(["apart"]);
    });
  });
});
