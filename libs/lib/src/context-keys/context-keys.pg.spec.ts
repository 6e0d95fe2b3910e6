import { randomBytes } from "node:crypto";
import { useStratum } from "../../../../test/support/use-stratum";

describe("the copies of the keys that verify contexts", () => {
  const t = useStratum();
  const login = `stratum_test_app_${randomBytes(5).toString("hex")}`;

  beforeAll(async () => {
    await t.stratum.tenantPool();
    await t.rows(`create role ${login} login password 'x'`);
    await t.rows(`grant usage on schema stratum to ${login}`);
    await t.rows(
      `grant select, insert, update, delete on all tables in schema stratum to ${login}`,
    );
  });
  afterAll(() => t.rows(`drop owned by ${login}; drop role ${login}`).catch(() => undefined));

  it("are not read by a login that was granted all tables, nor written past their functions", async () => {
    const url = new URL(t.database.url);
    Object.assign(url, { username: login, password: "x" });
    const app = t.database.newPool({ connectionString: url.toString(), max: 1 });
    expect((await app.query("select * from stratum.context_keys")).rows).toEqual([]);
    expect((await app.query("delete from stratum.context_keys")).rowCount).toBe(0);
    await expect(
      app.query("insert into stratum.context_keys values ('0000000000000000', '', '')"),
    ).rejects.toMatchObject({ code: "42501" });
    await expect(app.query("select stratum.retire_context_key('0')")).rejects.toMatchObject({
      code: "42501",
    });
    expect(await t.rows("select key_id from stratum.context_keys")).toHaveLength(1);
  });

  it.each([
    [
      "an id of another form",
      "'x', decode(repeat('00', 64), 'hex'), decode(repeat('00', 64), 'hex')",
    ],
    [
      "a block too short",
      "repeat('0', 16), decode(repeat('00', 63), 'hex'), decode(repeat('00', 64), 'hex')",
    ],
    ["nothing", "null, null, null"],
  ])("are not installed with %s", async (_, values) => {
    await expect(t.rows(`select stratum.install_context_key(${values})`)).rejects.toMatchObject({
      code: "22023",
    });
  });
});
