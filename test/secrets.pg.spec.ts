import { runAs, Stratum, StratumError } from "@stratum-hq/lib";
import { inspect } from "node:util";
import { useStratum } from "./support/use-stratum";

/** Every plaintext begins with it, whatever it is the value of. */
const MARK = "plaintext-9b1c";

/** Columns that can hold text, JSON or bytes. */
const TEXTUAL = `select format('%I.%I', n.nspname, c.relname) as table, a.attname as column,
    format_type(a.atttypid, null) as type
  from pg_attribute as a join pg_class as c on c.oid = a.attrelid
    join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'`;

describe("plaintexts of sensitive values", () => {
  const t = useStratum({ max: 4 });
  /** Whatever was said anywhere else than in an answer: errors, the console, the audit log's export. */
  const said: string[] = [];
  const seen = new Set<string>();

  async function attempt(call: Promise<unknown>): Promise<void> {
    await call.catch((error: unknown) => {
      said.push(inspect(error, { depth: 10 }), JSON.stringify(error));
      if (error instanceof StratumError) said.push(error.message);
    });
  }

  /** Notes what another connection can see that the server runs, for as long as the work goes on. */
  async function watched(work: () => Promise<void>): Promise<void> {
    const observer = t.database.newPool({ max: 1 });
    const state = { ended: false };
    const watching = (async () => {
      while (!state.ended) {
        const { rows } = await observer.query<{ query: string }>(
          "select query from pg_stat_activity",
        );
        for (const { query } of rows) seen.add(query);
      }
    })();
    await work();
    state.ended = true;
    await watching;
  }

  /** Sets, updates, overrides, declassifies, rotates, deletes and exports, with everything that may go wrong. */
  async function liveThrough(stratum: Stratum): Promise<void> {
    const root = await stratum.createTenant({ name: "root" });
    const secret = (n: number) => ({ value: `${MARK} ${n}`, sensitive: true });
    await stratum.setConfig(root.id, "a", secret(1));
    await stratum.setConfig(root.id, "a", { value: { nested: [`${MARK} 2`] } });
    await stratum.batchSetConfig(root.id, [
      { key: "b", ...secret(3) },
      { key: "c", ...secret(4), locked: true },
    ]);
    const child = await stratum.createTenant({
      ...{ name: "child", parent_id: root.id, config: { a: `${MARK} 5`, b: `${MARK} 6` } },
    });
    await stratum.batchCreateTenants([
      { name: "batch", parent_id: root.id, config: { a: `${MARK} 7` } },
    ]);
    await attempt(stratum.setConfig(child.id, "c", secret(8)));
    await attempt(stratum.setConfig(root.id, "a", { ...secret(9), expected_version: 99 }));
    await attempt(stratum.setConfig(root.id, "bad key", secret(10)));
    await attempt(stratum.setConfig(root.id, "stratum.max_descendants", secret(11)));
    await attempt(stratum.setConfig(child.id, "a", { value: `${MARK} 12`, sensitive: false }));
    const clears = () => stratum.setConfig(root.id, "b", { value: "public", sensitive: false });
    const actor = { actor_id: "k", actor_type: "api_key", scopes: ["config:write"] } as const;
    await attempt(runAs(actor, clears));
    await clears();
    const database_url = `postgres://u:${MARK}@db.example/x`;
    const region = { display_name: "Region", slug: "eu", database_url };
    const { id: regionId } = await stratum.createRegion(region);
    await attempt(stratum.createRegion(region));
    await attempt(stratum.createRegion({ ...region, slug: "x", database_url: `${MARK}://` }));
    await stratum.updateRegion(regionId, { database_url: `${database_url}y` });
    said.push(JSON.stringify(await stratum.listRegions()));
    await stratum.rotateDataKey(null);
    await stratum.rotateDataKey(root.id);
    await stratum.rotateEncryptionKey();
    await stratum.deleteConfig(child.id, "a");
    await stratum.deleteConfig(root.id, "c");
    said.push(JSON.stringify(await stratum.exportTenantData(root.id)));
    const asked = await stratum.exportTenantData(root.id, { include_secrets: true });
    expect(JSON.stringify(asked)).toContain(MARK);
    await stratum.moveTenant(child.id, null);
    await stratum.archiveTenant(child.id);
    said.push(JSON.stringify(await stratum.purgeTenant(child.id)));
    for await (const line of await stratum.exportAuditLogs({})) said.push(String(line));
    said.push(JSON.stringify(await stratum.listOperations({})));
  }

  it("are in no column of any table, no log, no event, no error, and in no statement that others see", async () => {
    const written: string[] = [];
    for (const method of ["log", "info", "warn", "error", "debug"] as const) {
      jest.spyOn(console, method).mockImplementation((...args) => void written.push(inspect(args)));
    }
    await watched(() => liveThrough(t.stratum));
    jest.restoreAllMocks();
    const columns = await t.rows<{ table: string; column: string; type: string }>(TEXTUAL);
    expect(columns.length).toBeGreaterThan(100);
    const found: string[] = [];
    for (const { table, column, type } of columns) {
      const text = type === "bytea" ? `encode("${column}", 'escape')` : `"${column}"::text`;
      const rows = await t.rows(`select from ${table} where ${text} like '%' || $1 || '%'`, [MARK]);
      if (rows.length > 0) found.push(`${table}.${column}`);
    }
    expect(found).toEqual([]);
    expect(seen.size).toBeGreaterThan(5);
    expect(said.length).toBeGreaterThan(10);
    for (const text of [...said, ...written, ...seen]) expect(text).not.toContain(MARK);
  });

  it("are found by the same search where something is not sensitive", async () => {
    const { id } = await t.stratum.createTenant({ name: "control" });
    await t.stratum.setConfig(id, "k", { value: `${MARK} in clear` });
    const rows = await t.rows("select from stratum.config_entries where value::text like $1", [
      `%${MARK}%`,
    ]);
    expect(rows).toHaveLength(1);
  });
});
