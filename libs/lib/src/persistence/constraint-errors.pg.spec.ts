import { useStratum } from "../../../../test/support/use-stratum";
import { DECLARED } from "../declarations";

const KNOWN = Object.keys(DECLARED.constraintErrors).sort();

describe("the database's constraints", () => {
  const t = useStratum();
  beforeAll(async () => t.stratum.initialize());

  it("are the ones that the library has an error for, none more, none less", async () => {
    const rows = await t.rows<{ name: string }>(
      `select conname as name from pg_constraint c join pg_namespace n on n.oid = c.connamespace
       where n.nspname = 'stratum' and contype <> 'n' and conname not like '%schema_migrations%'
         and conname not like 'PK_%'
       union
       select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
         join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'stratum' and i.indisunique and c.relname not like 'PK_%'`,
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(KNOWN);
  });
});
