import { useStratum } from "../../../../test/support/use-stratum";

const TABLES = [
  {
    name: "labels",
    create: [
      "create type labels_colour as enum ('red', 'blue')",
      `create table labels (tenant_id uuid not null, id uuid primary key default gen_random_uuid(),
        colour labels_colour not null)`,
    ],
  },
];

describe("types that each schema of a tenant's has of its own", () => {
  const t = useStratum({ max: 1 }, { tenantTables: TABLES });

  it("are those of the tenant in context, also on a connection that served another one", async () => {
    const pool = await t.stratum.tenantPool();
    const tenants = [];
    for (const name of ["a", "b", "c"]) {
      const isolation_strategy = name === "c" ? "SHARED_RLS" : "SCHEMA_PER_TENANT";
      tenants.push(await t.stratum.createTenant({ name, isolation_strategy }));
    }
    for (const round of [1, 2, 3]) {
      for (const { id } of tenants) {
        await t.stratum.runInTenant(id, async () => {
          await pool.query("insert into labels (colour) values ($1)", ["red"]);
          const { rows } = await pool.query("select colour from labels where colour = $1", ["red"]);
          expect(rows).toEqual(Array.from({ length: round }, () => ({ colour: "red" })));
        });
      }
    }
  });
});
