import { PURGE_BATCH_ROWS, type PurgeBlockedError } from "@stratum-hq/core";
import { withTenantContext, type Tenant } from "@stratum-hq/lib";
import { DECLARED } from "../../../../test/support/declared-tables";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const CIRCLE = [
  {
    name: "teams",
    create: `create table teams (tenant_id uuid not null, id int not null, lead int not null, primary key (tenant_id, id))`,
  },
  {
    name: "people",
    create: [
      `create table people (tenant_id uuid not null, id int not null, team int not null, primary key (tenant_id, id),
        foreign key (tenant_id, team) references teams)`,
      "alter table teams add foreign key (tenant_id, lead) references people",
    ],
  },
];

const KEEP = `create function public.keep() returns trigger language plpgsql as
  $$ begin return null; end $$; create trigger soft_delete before delete on public.orders for each row execute function public.keep()`;
const RAISE = `create function public.keep() returns trigger language plpgsql as
  $$ begin raise 'never'; end $$; create trigger no_delete before delete on public.orders for each row execute function public.keep()`;
const RETURN = `create function public.keep() returns trigger language plpgsql as
  $$ begin insert into public.orders select old.*; return null; end $$;
  create trigger comes_back after delete on public.orders for each row execute function public.keep()`;
const DROP = "drop function if exists public.keep() cascade";

/** What a host may have made, what undoes it, and what a purge then says of it. */
const BLOCKS: readonly [what: string, made: string, undone: string, said: object][] = [
  [
    "a restrictive policy",
    "create policy only_open on public.orders as restrictive using (note <> 'closed')",
    "drop policy only_open on public.orders",
    {
      object: "policy only_open on public.orders",
      problem: expect.stringContaining("hides rows") as string,
    },
  ],
  [
    "a trigger that keeps rows",
    KEEP,
    DROP,
    {
      object: "table public.orders",
      problem: expect.stringContaining("trigger soft_delete") as string,
    },
  ],
  [
    "a trigger that fails",
    RAISE,
    DROP,
    {
      object: "table public.orders",
      problem: expect.stringMatching(/P0001: trigger no_delete/) as string,
    },
  ],
  [
    "a trigger that brings rows back",
    RETURN,
    DROP,
    {
      object: "table public.orders",
      problem: expect.stringContaining("trigger comes_back") as string,
    },
  ],
  [
    "a rule",
    "create rule archived as on delete to public.orders do instead nothing",
    "drop rule archived on public.orders",
    {
      object: "table public.orders",
      problem: expect.stringContaining("rule archived") as string,
    },
  ],
  [
    "a foreign key of another table",
    `create table public.copies (id uuid references public.orders (id));
     insert into public.copies select id from public.orders`,
    "drop table public.copies",
    {
      object: "table public.orders",
      problem: expect.stringContaining("constraint copies_id_fkey") as string,
    },
  ],
];

describe("a purge that something of the host's stands in the way of", () => {
  const t = useStratum({}, { tenantTables: [...DECLARED, ...CIRCLE] });

  const run = async (tenant: Tenant, text: string, values: unknown[] = []) =>
    withTenantContext(await t.stratum.tenantPool(), tenant.id, async (client) =>
      client.query(text, values),
    );
  async function filled(name: string): Promise<Tenant> {
    const { [name]: tenant } = await t.grow([name]);
    await run(tenant!, "insert into orders (note) values ('open'), ('closed')");
    await t.stratum.setConfig(tenant!.id, "secret", { value: "kept", sensitive: true });
    return tenant!;
  }
  const refusal = async (tenant: Tenant) =>
    t.stratum.purgeTenant(tenant.id).then(
      () => [],
      ({ code, details }: PurgeBlockedError) => [code, details.obstacles],
    );

  it.each(BLOCKS)("is refused for %s before anything is lost", async (_, made, undone, said) => {
    const tenant = await filled("blocked");
    await t.rows(made);
    expect(await refusal(tenant)).toEqual([
      "PURGE_BLOCKED",
      expect.arrayContaining([expect.objectContaining(said) as unknown]) as unknown,
    ]);
    await t.rows(undone);
    expect((await t.stratum.getTenant(tenant.id)).status).toBe("active");
    expect((await t.stratum.resolveConfig(tenant.id)).secret?.value).toBe("kept");
    const { deleted } = await t.stratum.purgeTenant(tenant.id);
    expect(deleted["tables.orders"]).toBe(2);
    expect(await t.rows("select from public.orders where tenant_id = $1", [tenant.id])).toEqual([]);
  });

  it("takes rows that refer to each other in a circle", async () => {
    const { circular } = await t.grow(["circular"]);
    await run(
      circular!,
      `with made as (insert into teams (id, lead) values (1, 1)) insert into people (id, team) values (1, 1)`,
    );
    const { deleted } = await t.stratum.purgeTenant(circular!.id);
    expect(deleted).toMatchObject({ "tables.teams": 1, "tables.people": 1 });
  });

  it("ends without a certificate where rows are left that the trial did not see, and goes on later", async () => {
    const { late } = await t.grow(["late"]);
    await run(
      late!,
      "insert into orders (note, amount) select 'late', n from generate_series(1, $1::int) as n",
      [PURGE_BATCH_ROWS + 5],
    );
    await t.rows(
      KEEP.replace(
        "return null;",
        `return case when old.amount <= ${PURGE_BATCH_ROWS} then old end;`,
      ),
    );
    expect(await refusal(late!)).toEqual([
      "PURGE_BLOCKED",
      [{ object: "table public.orders", problem: expect.any(String) as string }],
    ]);
    expect(await codeOf(t.stratum.getPurgeCertificate(late!.id))).toBe(
      "PURGE_CERTIFICATE_NOT_FOUND",
    );
    await t.rows(DROP);
    const { data } = await t.stratum.listOperations({ state: "failed" });
    await t.stratum.resumeOperation(data[0]!.id);
    expect((await t.stratum.getPurgeCertificate(late!.id)).deleted["tables.orders"]).toBe(
      PURGE_BATCH_ROWS + 5,
    );
  });

  it("names what is outside of a tenant's schema and would be dropped along", async () => {
    const tenant = await t.stratum.createTenant({
      name: "seen",
      isolation_strategy: "SCHEMA_PER_TENANT",
    });
    const schema = `tenant_${tenant.id.replaceAll("-", "")}`;
    await t.rows(`create view public.report as select note from ${schema}.orders`);
    expect(await refusal(tenant)).toEqual([
      "PURGE_BLOCKED",
      [
        {
          object: "view public.report",
          problem: expect.stringContaining(`${schema}.orders`) as string,
        },
      ],
    ]);
    await t.rows("drop view public.report");
    expect((await t.stratum.purgeTenant(tenant.id)).deleted.schemas).toBe(1);
  });
});
