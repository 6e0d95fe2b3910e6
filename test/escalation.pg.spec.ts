import fc from "fast-check";
import {
  expandScopes,
  runAs,
  SCOPES,
  StratumError,
  type Role,
  type Tenant,
  type ValidatedApiKey,
} from "@stratum-hq/lib";
import { times } from "./support/scale";
import { useStratum } from "./support/use-stratum";

const RUNS = times(120, 2000);

/** One call of an attacker, with numbers that pick among what there is. */
interface Attempt {
  readonly kind: (typeof KINDS)[number];
  /** Which of the keys it has got hold of it uses. */
  readonly as: number;
  readonly tenant: number;
  readonly key: number;
  readonly role: number;
  readonly scopes: readonly string[];
}

const KINDS = [
  "createApiKey",
  "rotateApiKey",
  "assignRoleToKey",
  "removeRoleFromKey",
  "createRole",
  "updateRole",
  "assignRole",
] as const;

const scope = fc.constantFrom(...SCOPES, "read", "write", "admin", "invoices:send");
const scopes = fc.uniqueArray(scope, { maxLength: 4 });
const attempt: fc.Arbitrary<Attempt> = fc.record({
  kind: fc.constantFrom(...KINDS),
  as: fc.nat(1000),
  tenant: fc.nat(1000),
  key: fc.nat(1000),
  role: fc.nat(1000),
  scopes,
});
const attack = fc.record({
  /** Where the attacker's first key is, and what it may do beside making keys and roles. */
  home: fc.constantFrom("r", "a", "a1", "b", null),
  scopes: fc.oneof(scopes, fc.constantFrom(["write"], ["admin"])),
  attempts: fc.array(attempt, { minLength: 15, maxLength: 30 }),
});

/** What an attacker knows and what there is to attack, in one fresh tree. */
interface Scene {
  readonly tenants: Record<string, Tenant>;
  readonly keyIds: string[];
  readonly roleIds: string[];
  /** The texts of keys that the attacker holds. */
  readonly loot: string[];
}

describe("whatever a caller does with keys, roles and assignments", () => {
  const t = useStratum();
  const globals: Role[] = [];
  const accepted = new Map<string, number>();

  beforeAll(async () => {
    globals.push(
      await t.stratum.createRole({ name: "everything", scopes: ["platform:admin", "admin"] }),
    );
    globals.push(await t.stratum.createRole({ name: "viewer", scopes: ["read"] }));
  });

  /** A tree with keys and roles of others, some of them stronger than the attacker, some within its reach. */
  async function stage(home: string | null, own: readonly string[]): Promise<Scene> {
    const tenants = await t.grow(["r", ["a", ["a1"]], ["b"]]);
    const roleIds = globals.map(({ id }) => id);
    const keyIds: string[] = [
      (await t.stratum.createApiKey(null, { scopes: ["platform:admin"] })).id,
    ];
    for (const { id: tenant_id } of Object.values(tenants)) {
      for (const held of [["admin", "ancestors:read"], ["config:reveal"], []]) {
        const name = `${tenant_id} ${held.join()}`;
        roleIds.push((await t.stratum.createRole({ name, scopes: held, tenant_id })).id);
        keyIds.push((await t.stratum.createApiKey(tenant_id, { scopes: held })).id);
      }
      // Strong by itself, held down by a role.
      const role_id = roleIds.at(-1)!;
      keyIds.push((await t.stratum.createApiKey(tenant_id, { scopes: ["admin"], role_id })).id);
    }
    const tenant = home === null ? null : tenants[home]!.id;
    const allowed = tenant === null ? own : own.filter((each) => each !== "platform:admin");
    const first = await t.stratum.createApiKey(tenant, { scopes: [...allowed] });
    return { tenants, keyIds: [...keyIds, first.id], roleIds, loot: [first.plaintext_key] };
  }

  const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

  function call(scene: Scene, { kind, ...chosen }: Attempt): () => Promise<unknown> {
    const { stratum } = t;
    const tenants = [...Object.values(scene.tenants).map(({ id }) => id), null];
    const tenant_id = pick(tenants, chosen.tenant);
    const [key, role] = [pick(scene.keyIds, chosen.key), pick(scene.roleIds, chosen.role)];
    const wanted = [...chosen.scopes];
    const role_id = chosen.key % 3 === 0 ? role : null;
    const calls: Record<Attempt["kind"], () => Promise<unknown>> = {
      createApiKey: () => stratum.createApiKey(tenant_id, { scopes: wanted, role_id }),
      rotateApiKey: () => stratum.rotateApiKey(key, { overlap_ms: 60_000 }),
      assignRoleToKey: () => stratum.assignRoleToKey(key, role),
      removeRoleFromKey: () => stratum.removeRoleFromKey(key),
      createRole: () =>
        stratum.createRole({ name: `${chosen.as} ${chosen.key}`, scopes: wanted, tenant_id }),
      updateRole: () => stratum.updateRole(role, { scopes: wanted }),
      assignRole: () => stratum.assignRole("user", "attacker", role, tenant_id),
    };
    return calls[kind];
  }

  /** Makes one attempt with a key that the attacker holds, and keeps what comes of it. */
  async function make(scene: Scene, each: Attempt): Promise<void> {
    const identity = await t.stratum.validateApiKey(pick(scene.loot, each.as));
    if (identity === null) return;
    const { tenant_id, key_id: actor_id } = identity;
    const actor = { actor_id, actor_type: "api_key", tenant_id, scopes: identity.scopes } as const;
    const result: unknown = await runAs(actor, call(scene, each)).catch((error: unknown) => {
      if (!(error instanceof StratumError) || error.statusCode >= 500) throw error;
      return null;
    });
    if (result === null || result === false) return;
    accepted.set(each.kind, (accepted.get(each.kind) ?? 0) + 1);
    if (typeof result !== "object") return;
    const { id, plaintext_key } = result as { id: string; plaintext_key?: string };
    if (each.kind === "createRole") scene.roleIds.push(id);
    if (plaintext_key === undefined) return;
    scene.keyIds.push(id);
    scene.loot.push(plaintext_key);
  }

  function expectWithin(
    held: readonly string[],
    start: ValidatedApiKey,
    tenantId: string | null,
    reach: readonly string[],
  ): void {
    const allowed = new Set(start.scopes);
    if (!allowed.has("platform:admin")) {
      expect(expandScopes(held).filter((each) => !allowed.has(each))).toEqual([]);
    }
    if (start.tenant_id !== null && held.length > 0) expect(reach).toContain(tenantId);
  }

  it(
    `no sequence of ${RUNS} ends with a scope or a tenant that its author lacked`,
    async () => {
      await fc.assert(
        fc.asyncProperty(attack, async ({ home, scopes: extra, attempts }) => {
          const scene = await stage(home, ["keys:write", "roles:write", ...extra]);
          const start = (await t.stratum.validateApiKey(scene.loot[0]!))!;
          const reach = await tenantsWithin(start.tenant_id);
          for (const each of attempts) await make(scene, each);
          for (const key of scene.loot) {
            const ended = await t.stratum.validateApiKey(key);
            if (ended !== null) expectWithin(ended.scopes, start, ended.tenant_id, reach);
          }
          for (const { id } of Object.values(scene.tenants)) {
            const held = await t.stratum.resolvePrincipalScopes("user", "attacker", id);
            expectWithin(held, start, id, reach);
          }
          if (start.tenant_id !== null) {
            expect(await t.stratum.resolvePrincipalScopes("user", "attacker")).toEqual([]);
          }
          await t.stratum.removeRole("user", "attacker");
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
      console.log(
        `escalation: ${RUNS} attackers; accepted: ` +
          [...accepted].map(([kind, count]) => `${kind} ${count}`).join(", "),
      );
      for (const kind of KINDS) expect(accepted.get(kind) ?? 0).toBeGreaterThanOrEqual(20);
    },
    times(400_000, 3_600_000),
  );

  async function tenantsWithin(tenantId: string | null): Promise<string[]> {
    if (tenantId === null) return [];
    const below = await t.stratum.getDescendants(tenantId, true);
    return [tenantId, ...below.map(({ id }) => id)];
  }
});
