import fc from "fast-check";
import { featureCases, has, holds, UNKNOWN, type Tree } from "../../../../test/support/cases";
import { listAfter, object, rubbish, scopes, text } from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

/** Makes a key of the root's, and answers its id. */
async function apiKey(t: StratumFixture, { root }: Tree): Promise<[string]> {
  return [(await t.stratum.createApiKey(root.id)).id];
}

async function role(t: StratumFixture, { root }: Tree): Promise<string> {
  const input = { name: "r", scopes: ["read"], tenant_id: root.id };
  return (await t.stratum.createRole(input)).id;
}

async function keyWithRole(t: StratumFixture, tree: Tree): Promise<[string]> {
  const role_id = await role(t, tree);
  return [(await t.stratum.createApiKey(tree.root.id, { role_id })).id];
}

const malformed = { code: "VALIDATION_ERROR", arguments: (): [string] => ["no id"] } as const;
const unknownKey = { code: "API_KEY_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;
const unknownTenant = { code: "TENANT_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;
const CHANGED = { states: ["before after"], event: true } as const;

export const API_KEYS_CASES = featureCases({
  methods: {
    createApiKey: {
      roundTrips: 6,
      arguments: (_t, { root }) => [root.id],
      result: ({ root }) =>
        has({
          tenant_id: root.id,
          plaintext_key: expect.stringMatching(/^sk_live_/) as unknown,
        }),
      refusals: [unknownTenant],
      leaves: { states: ["after"], event: true },
    },
    rotateApiKey: {
      roundTrips: 9,
      arguments: apiKey,
      result: ({ root }) =>
        has({
          tenant_id: root.id,
          plaintext_key: expect.stringMatching(/^sk_live_/) as unknown,
        }),
      refusals: [unknownKey],
      leaves: CHANGED,
    },
    getApiKey: {
      roundTrips: 1,
      arguments: apiKey,
      result: (_tree, [id]) => has({ id }),
      refusals: [malformed],
    },
    listApiKeys: {
      roundTrips: 2,
      arguments: async (t, tree) => {
        await apiKey(t, tree);
        return [tree.root.id];
      },
      result: ({ root }) => [has({ tenant_id: root.id })],
      refusals: [unknownTenant],
    },
    listDormantKeys: {
      roundTrips: 1,
      arguments: async (t, tree) => {
        const [id] = await apiKey(t, tree);
        await t.rows(
          "update stratum.api_keys set created_at = created_at - interval '100 days' where id = $1",
          [id],
        );
        return [99];
      },
      result: ({ root }) => [has({ tenant_id: root.id })],
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => [-1] }],
    },
    revokeApiKey: {
      roundTrips: 8,
      arguments: apiKey,
      result: () => true,
      refusals: [malformed],
      leaves: CHANGED,
    },
    revokeApiKeys: {
      roundTrips: 5,
      arguments: async (t, tree) => {
        await apiKey(t, tree);
        return [tree.root.id];
      },
      result: () => 1,
      refusals: [unknownTenant],
      leaves: CHANGED,
    },
    assignRoleToKey: {
      roundTrips: 9,
      arguments: async (t, tree) => [...(await apiKey(t, tree)), await role(t, tree)],
      result: () => true,
      refusals: [
        {
          code: "ROLE_NOT_FOUND",
          arguments: async (t, tree) => [...(await apiKey(t, tree)), UNKNOWN],
        },
      ],
      leaves: CHANGED,
    },
    removeRoleFromKey: {
      roundTrips: 8,
      arguments: keyWithRole,
      result: () => true,
      refusals: [malformed],
      leaves: CHANGED,
    },
    resolveKeyScopes: {
      roundTrips: 2,
      arguments: keyWithRole,
      result: () => holds("read", "keys:read"),
      refusals: [malformed],
    },
    validateApiKey: {
      roundTrips: 1,
      arguments: async (t, { root }) => [(await t.stratum.createApiKey(root.id)).plaintext_key],
      result: ({ root }) => has({ tenant_id: root.id }),
      // An unknown key is answered by null.
      refusals: [],
    },
  },
  async hostile(t, { id, ids }) {
    const [keys, roles]: [string[], string[]] = [[], []];
    for (const tenant_id of ids) {
      keys.push((await t.stratum.createApiKey(tenant_id)).id);
      const input = { name: "of keys", scopes: ["read"], tenant_id };
      roles.push((await t.stratum.createRole(input)).id);
    }
    const keyId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...keys) }, id);
    const roleId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...roles) }, id);
    const owner = fc.option(id, { freq: 6 });
    const name = fc.oneof({ weight: 9, arbitrary: fc.string({ minLength: 1 }) }, text);
    const terms = { name, scopes, role_id: fc.option(roleId), rate_limit_window: fc.nat() };
    return {
      createApiKey: fc.tuple(owner, fc.oneof(name, object(terms)), fc.option(fc.date())),
      rotateApiKey: fc.tuple(keyId, fc.oneof(name, object({ name, overlap_ms: fc.nat(1000) }))),
      getApiKey: fc.tuple(keyId),
      listApiKeys: fc.tuple(owner, listAfter(id)),
      listDormantKeys: fc.tuple(fc.nat(100), listAfter(id)),
      revokeApiKey: fc.tuple(fc.oneof(id, keyId)),
      revokeApiKeys: fc.tuple(id, object({ subtree: fc.boolean() })),
      assignRoleToKey: fc.tuple(keyId, roleId),
      removeRoleFromKey: fc.tuple(keyId),
      resolveKeyScopes: fc.tuple(keyId),
      validateApiKey: fc.tuple(fc.oneof({ weight: 9, arbitrary: text }, rubbish)),
    };
  },
});
