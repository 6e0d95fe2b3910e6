import { requireHardened } from "@stratum-hq/db-adapters";
import { useTenantTables } from "../../../../test/support/use-tenant-tables";

interface Refusal {
  readonly code: string;
  readonly details: { login: string; problems: { problem: string; statement: string }[] };
}

describe("the login of a hardened pool", () => {
  const t = useTenantTables();

  async function problems(): Promise<Refusal["details"]["problems"]> {
    const client = await t.pool("hardened", { max: 1 }).connect();
    try {
      await requireHardened(client);
      return [];
    } catch (error) {
      const { code, details } = error as Refusal;
      expect(code).toBe("TENANT_POOL_UNSAFE");
      expect(details.login).toBe(t.nameOf("hardened"));
      return details.problems;
    } finally {
      client.release(true);
    }
  }

  it("passes when it may no more than a tenant", async () => {
    expect(await problems()).toEqual([]);
  });

  const GIVEN: [what: string, give: string, take: string][] = [
    ["BYPASSRLS", "alter role {login} bypassrls", "alter role {login} nobypassrls"],
    ["CREATEROLE", "alter role {login} createrole", "alter role {login} nocreaterole"],
    [
      "membership elsewhere",
      "grant pg_read_all_data to {login}",
      "revoke pg_read_all_data from {login}",
    ],
    [
      "a membership that it does not inherit",
      "grant stratum_tenant to {login} with inherit false",
      "grant stratum_tenant to {login} with inherit true",
    ],
    [
      "a table of its own",
      "create table public.own_table (); alter table public.own_table owner to {login}",
      "drop table public.own_table",
    ],
    [
      "CREATE on a schema",
      "grant create on schema public to {login}",
      "revoke create on schema public from {login}",
    ],
    [
      "CREATE on the database",
      "grant create on database {database} to {login}",
      "revoke create on database {database} from {login}",
    ],
    [
      "temporary tables",
      "grant temporary on database {database} to public",
      "revoke temporary on database {database} from public",
    ],
    [
      "a table of Stratum's",
      "grant select (id) on stratum.tenants to stratum_tenant",
      "revoke select (id) on stratum.tenants from stratum_tenant",
    ],
    [
      "a function of Stratum's",
      "grant execute on function stratum.install_context_key(text, bytea, bytea) to public",
      "revoke execute on function stratum.install_context_key(text, bytea, bytea) from public",
    ],
  ];

  it.each(GIVEN)("is refused with %s", async (_, give, take) => {
    const run = (text: string) =>
      t.database.pool.query(
        text.replaceAll("{login}", t.nameOf("hardened")).replaceAll("{database}", t.database.name),
      );
    await run(give);
    try {
      const found = await problems();
      expect(found).not.toEqual([]);
    } finally {
      await run(take);
    }
    expect(await problems()).toEqual([]);
  });

  it.each([1, 2, 5, 7])("is mended by the statements that the refusal names (%i)", async (n) => {
    const [, give] = GIVEN[n]!;
    await t.database.pool.query(
      give.replaceAll("{login}", t.nameOf("hardened")).replaceAll("{database}", t.database.name),
    );
    for (const { statement } of await problems()) await t.database.pool.query(statement);
    expect(await problems()).toEqual([]);
  });
});
