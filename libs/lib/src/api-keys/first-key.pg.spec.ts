import { Test } from "@nestjs/testing";
import { FirstKeyService, runAs, Stratum, StratumModule } from "@stratum-hq/lib";
import { randomBytes } from "node:crypto";
import { Pool } from "pg";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/test-database";
import { codeOf } from "../../../../test/support/use-stratum";

/** A process of its own, as far as the library can tell. */
async function processOn(url: string) {
  const pool = new Pool({ connectionString: url, max: 3 });
  const module = await Test.createTestingModule({
    imports: [StratumModule.forRoot({ pool, worker: false })],
  }).compile();
  await module.init();
  const close = async () => {
    await module.close();
    await pool.end();
  };
  return { first: module.get(FirstKeyService), stratum: module.get(Stratum), pool, close };
}

const madeUp = () => `sk_test_${randomBytes(32).toString("base64url")}`;

describe("FirstKeyService", () => {
  let database: TestDatabase;
  let processes: Awaited<ReturnType<typeof processOn>>[];

  beforeEach(async () => {
    database = await createTestDatabase({});
    processes = await Promise.all([1, 2, 3].map(() => processOn(database.url)));
  });
  afterEach(async () => {
    await Promise.all(processes.map(({ close }) => close()));
    await database.drop();
  });

  it("gives one key to processes that start together, and none afterwards", async () => {
    const created = await Promise.all(processes.map(({ first }) => first.create()));
    const keys = created.filter((key) => key !== null);
    expect(keys).toHaveLength(1);
    const [{ stratum, first, pool }] = processes as [(typeof processes)[number]];
    const key = keys[0]!;
    expect(key).toMatchObject({ tenant_id: null, scopes: ["platform:admin"], expires_at: null });
    expect(await stratum.validateApiKey(key.plaintext_key)).toMatchObject({ key_id: key.id });
    expect(await first.create()).toBeNull();
    await stratum.revokeApiKey(key.id);
    expect(await first.create()).toBeNull();
    const { rows } = await pool.query(
      "select actor_type from stratum.audit_logs where action = 'api_key.created'",
    );
    expect(rows).toEqual([{ actor_type: "system" }]);
  });

  it("installs a given key once, whoever else does, and never one that was revoked", async () => {
    const key = madeUp();
    const installed = await Promise.all(processes.map(({ first }) => first.install(key)));
    expect(installed.filter(Boolean)).toHaveLength(1);
    const [{ stratum, first }] = processes as [(typeof processes)[number]];
    const validated = await stratum.validateApiKey(key);
    expect(validated).toMatchObject({ tenant_id: null, scopes: ["platform:admin"] });
    expect((await stratum.getApiKey(validated!.key_id))!.key_prefix).toBe("sk_test_");
    await stratum.revokeApiKey(validated!.key_id);
    expect(await first.install(key)).toBe(false);
    expect(await stratum.validateApiKey(key)).toBeNull();
    expect(await first.install(madeUp())).toBe(true);
  });

  it("serves no caller who lacks platform:admin", async () => {
    const actor = { actor_id: "a", actor_type: "jwt", scopes: ["admin"] } as const;
    const { first } = processes[0]!;
    expect(await codeOf(runAs(actor, () => first.create()))).toBe("SCOPE_ESCALATION");
    expect(await codeOf(runAs(actor, () => first.install(madeUp())))).toBe("SCOPE_ESCALATION");
  });

  it.each(["", "sk_live_short", `${madeUp()} `, "x".repeat(60)])(
    "refuses %p as a key",
    async (text) => {
      expect(await codeOf(processes[0]!.first.install(text))).toBe("VALIDATION_ERROR");
    },
  );
});
