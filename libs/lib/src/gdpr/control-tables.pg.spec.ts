import { useStratum } from "../../../../test/support/use-stratum";
import { DECLARED } from "../declarations";

const CONTROL_TABLES = DECLARED.controlTables;

/** Tables that know a tenant's id and hold nothing of it while it is there. */
const OTHERS: readonly string[] = ["purge_certificates", "purged_tenants"];

describe("the list of tenants' tables", () => {
  const t = useStratum();
  beforeAll(async () => t.stratum.initialize());

  const columnsOf = async (table: string) =>
    (
      await t.rows<{ name: string }>(
        `select column_name as name from information_schema.columns
         where table_schema = 'stratum' and table_name = $1`,
        [table],
      )
    ).map(({ name }) => name);

  it("has every table that names a tenant, by a column or a foreign key", async () => {
    const rows = await t.rows<{ name: string }>(
      `select table_name as name from information_schema.columns
       where table_schema = 'stratum' and column_name = 'tenant_id'
       union
       select c.relname from pg_constraint k join pg_class c on c.oid = k.conrelid
       where k.contype = 'f' and k.confrelid = 'stratum.tenants'::regclass
       union select 'tenants'`,
    );
    const listed = CONTROL_TABLES.map(({ table }) => table);
    expect([...listed, ...OTHERS].sort()).toEqual(rows.map(({ name }) => name).sort());
  });

  it.each(CONTROL_TABLES)("accounts for every column of $table once", async (table) => {
    const { tenant, key, exported, withheld, disclosing = [], sealed } = table;
    expect([...exported, ...withheld].sort()).toEqual((await columnsOf(table.table)).sort());
    const flagged = sealed === undefined ? [] : [sealed.column, sealed.flag, sealed.row];
    const named = [tenant, ...key, ...disclosing, ...flagged];
    expect(named.filter((column) => !exported.includes(column))).toEqual([]);
  });

  it.each(CONTROL_TABLES)("orders the rows that a tenant has in $table totally", async (table) => {
    const uniques = await t.rows<{ columns: string[] }>(
      `select array(select a.attname from unnest(i.indkey) as k
                    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k)::text[] as columns
       from pg_index i where i.indrelid = ('stratum.' || $1)::regclass and i.indisunique`,
      [table.table],
    );
    const given = [table.tenant, ...table.key];
    const total = uniques.some(({ columns }) => columns.every((column) => given.includes(column)));
    expect(total).toBe(true);
  });

  it("comes to what refers to a row after that row", async () => {
    const references = await t.rows<{ from: string; to: string }>(
      `select f.relname as from, p.relname as to from pg_constraint k
       join pg_class f on f.oid = k.conrelid join pg_class p on p.oid = k.confrelid
       where k.contype = 'f' and f.relnamespace = 'stratum'::regnamespace and f.oid <> p.oid`,
    );
    const order = CONTROL_TABLES.map(({ table }) => table);
    const early = references.filter(
      ({ from, to }) =>
        [from, to].every((table) => order.includes(table)) &&
        order.indexOf(from) < order.indexOf(to),
    );
    expect(early).toEqual([]);
    expect(references.length).toBeGreaterThan(5);
  });
});
