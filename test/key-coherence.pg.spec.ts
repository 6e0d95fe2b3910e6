import { setTimeout as sleep } from "node:timers/promises";
import { Stratum } from "@stratum-hq/lib";
import { times } from "./support/scale";
import { codeOf, useStratum } from "./support/use-stratum";

/** As for configuration: within a second, and on a busy machine a while later. */
const PROMISE_MS = times(5000, 1000);

describe("what makes an API key invalid", () => {
  const t = useStratum();
  let reader: Stratum;

  beforeAll(() => {
    reader = new Stratum({ pool: t.database.newPool({ max: 5 }) });
  });
  afterAll(() => reader.close());

  async function answer(key: string, stratum = reader): Promise<string> {
    let scopes = "";
    const code = await codeOf(
      stratum.validateApiKey(key).then((valid) => (scopes = valid?.scopes.join() ?? "null")),
    );
    return code === "ok" ? scopes : code;
  }

  /** How long another process goes on seeing something else. */
  async function staleness(key: string, wanted: string): Promise<number> {
    const started = performance.now();
    while ((await answer(key)) !== wanted) {
      if (performance.now() - started > 10_000) throw new Error(`never ${wanted}`);
      await sleep(1);
    }
    return performance.now() - started;
  }

  /** Each change, with what a key answers afterwards. */
  const CHANGES: [name: string, wanted: string, change: (scene: Scene) => Promise<unknown>][] = [
    ["its revocation", "null", ({ keyId }) => t.stratum.revokeApiKey(keyId)],
    ["its rotation", "null", ({ keyId }) => t.stratum.rotateApiKey(keyId)],
    [
      "the revocation of a subtree's",
      "null",
      ({ top }) => t.stratum.revokeApiKeys(top, { subtree: true }),
    ],
    [
      "the suspension of its tenant",
      "TENANT_SUSPENDED",
      ({ tenant }) => t.stratum.suspendTenant(tenant),
    ],
    [
      "the suspension of a tenant above",
      "TENANT_SUSPENDED",
      ({ top }) => t.stratum.suspendTenant(top, { subtree: true }),
    ],
    [
      "the archival of a tenant above",
      "TENANT_ARCHIVED",
      ({ top }) => t.stratum.archiveTenant(top, { subtree: true }),
    ],
    [
      "a change of its role",
      "audit:read",
      ({ roleId }) => t.stratum.updateRole(roleId, { scopes: ["audit:read"] }),
    ],
    ["the loss of its role", "config:read", ({ keyId }) => t.stratum.removeRoleFromKey(keyId)],
    [
      "a change of its global role",
      "audit:read",
      async ({ globalId, keyId, key }) => {
        await t.stratum.assignRoleToKey(keyId, globalId);
        for (const stratum of [reader, t.stratum]) await answer(key, stratum);
        return t.stratum.updateRole(globalId, { scopes: ["audit:read"] });
      },
    ],
    ["a move out of its role's reach", "", ({ tenant }) => t.stratum.moveTenant(tenant, null)],
  ];

  interface Scene {
    readonly top: string;
    readonly tenant: string;
    readonly keyId: string;
    /** Its text. */
    readonly key: string;
    readonly roleId: string;
    readonly globalId: string;
  }

  it.each(CHANGES)(
    "%s counts at once here, and elsewhere within a second",
    async (_name, wanted, change) => {
      const g = await t.grow(["top", ["middle", ["own"]]]);
      const [top, tenant] = [g.top!.id, g.own!.id];
      const input = { name: "r", scopes: ["usage:read"] };
      const role = await t.stratum.createRole({ ...input, tenant_id: top });
      const global = await t.stratum.createRole({ ...input, name: tenant });
      const key = await t.stratum.createApiKey(tenant, {
        scopes: ["config:read"],
        role_id: role.id,
      });
      for (const stratum of [reader, t.stratum]) {
        expect(await answer(key.plaintext_key, stratum)).toBe("usage:read");
      }
      await change({
        top,
        tenant,
        keyId: key.id,
        key: key.plaintext_key,
        roleId: role.id,
        globalId: global.id,
      });
      expect(await answer(key.plaintext_key, t.stratum)).toBe(wanted);
      expect(await staleness(key.plaintext_key, wanted)).toBeLessThan(PROMISE_MS);
    },
  );

  it("is asked of the database while the feed cannot be read", async () => {
    const { f } = await t.grow(["f"]);
    const key = await t.stratum.createApiKey(f!.id, { scopes: ["usage:read"] });
    expect(await answer(key.plaintext_key)).toBe("usage:read");
    await t.rows("alter table stratum.webhook_events rename to hidden");
    try {
      await sleep(600);
      await t.rows("update stratum.api_keys set revoked_at = now() where id = $1", [key.id]);
      expect(await answer(key.plaintext_key)).toBe("null");
    } finally {
      await t.rows("alter table stratum.hidden rename to webhook_events");
    }
  });

  it("is never missed by a validation that runs into it", async () => {
    const { h } = await t.grow(["h"]);
    for (let round = 0; round < times(30, 300); round += 1) {
      const key = await t.stratum.createApiKey(h!.id);
      const validations = Array.from({ length: 8 }, (_, n) =>
        answer(key.plaintext_key, n % 2 === 0 ? t.stratum : reader),
      );
      await t.stratum.revokeApiKey(key.id);
      await Promise.all(validations);
      expect(await answer(key.plaintext_key, t.stratum)).toBe("null");
      if (round % 10 === 0)
        expect(await staleness(key.plaintext_key, "null")).toBeLessThan(PROMISE_MS);
    }
  });
});
