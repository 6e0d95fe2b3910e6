import { enableRls, runAs } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

describe("stratum.proveIsolation", () => {
  const t = useStratum({ max: 1 });

  beforeAll(async () => {
    await t.stratum.initialize();
    const client = await t.pool.connect();
    await client.query("create table public.tickets (id uuid primary key, title text not null)");
    await enableRls(client, "tickets");
    client.release();
  });

  it("proves the placements of this deployment, on a pool of one connection", async () => {
    const report = await t.stratum.proveIsolation();
    expect(report).toMatchObject({
      sound: true,
      mode: "standard",
      login: "superuser",
      findings: [],
      attacks: { leaks: [], not_attacked: [] },
      placements: [{ name: "shared", tables: ["public.tickets"] }],
    });
    expect(report.attacks.refused).toBeGreaterThan(20);
    expect(await t.rows("select from public.tickets")).toEqual([]);
  });

  it("shows a hole and its leak, and with the catalogue alone the hole", async () => {
    await t.rows("alter table public.tickets disable row level security");
    const report = await t.stratum.proveIsolation();
    expect(report.sound).toBe(false);
    expect(report.findings).toMatchObject([{ place: "shared", object: "public.tickets" }]);
    expect(report.attacks.leaks.length).toBeGreaterThan(0);
    const { sound, findings, attacks } = await t.stratum.proveIsolation({ attacks: false });
    expect({ sound, findings: findings.length, attacks }).toEqual({
      sound: false,
      findings: 1,
      attacks: { refused: 0, leaks: [], not_attacked: [] },
    });
    await t.rows(report.findings[0]!.statement);
    expect((await t.stratum.proveIsolation()).sound).toBe(true);
  });

  it("is the platform's", async () => {
    const { a } = await t.grow(["a"]);
    const actor = { actor_id: "x", actor_type: "system", tenant_id: a!.id } as const;
    expect(await runAs(actor, () => codeOf(t.stratum.proveIsolation()))).toBe("FORBIDDEN");
    const unscoped = { actor_id: "x", actor_type: "jwt" } as const;
    expect(await runAs(unscoped, () => codeOf(t.stratum.proveIsolation()))).toBe("FORBIDDEN");
  });
});
