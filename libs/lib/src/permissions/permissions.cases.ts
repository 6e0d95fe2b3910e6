import fc from "fast-check";
import { featureCases, has, UNKNOWN, type Tree } from "../../../../test/support/cases";
import {
  json,
  key,
  object,
  page,
  reading,
  rubbish,
  version,
} from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

/** A permission of the root's: the two ids. */
async function policy(t: StratumFixture, { root }: Tree): Promise<[string, string]> {
  return [root.id, (await t.stratum.createPermission(root.id, { key: "p" })).id];
}

async function resolved(t: StratumFixture, tree: Tree): Promise<[string]> {
  await policy(t, tree);
  return [tree.child.id];
}

const unknownTenant = { code: "TENANT_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;
const unknownTenantOf = <Rest extends unknown[]>(...rest: Rest) =>
  ({
    code: "TENANT_NOT_FOUND",
    arguments: (): [string, ...Rest] => [UNKNOWN, ...rest],
  }) as const;

export const PERMISSIONS_CASES = featureCases({
  methods: {
    resolvePermissions: {
      roundTrips: 1,
      arguments: resolved,
      result: ({ root }) => ({ p: has({ value: true, source_tenant_id: root.id }) }),
      refusals: [unknownTenant],
    },
    checkPermission: {
      roundTrips: 1,
      arguments: async (t, tree) => [...(await resolved(t, tree)), "p"],
      result: () => true,
      refusals: [unknownTenantOf("p")],
    },
    explainPermission: {
      roundTrips: 1,
      arguments: async (t, tree) => [...(await resolved(t, tree)), "p"],
      result: () => has({ key: "p" }),
      refusals: [unknownTenantOf("p")],
    },
    listPermissionBans: {
      roundTrips: 2,
      arguments: async (t, { root }) => {
        await t.stratum.banPermission(root.id, "p");
        return [root.id];
      },
      result: ({ root }) => has({ data: [has({ tenant_id: root.id, key: "p" })] }),
      refusals: [unknownTenant],
    },
    createPermission: {
      roundTrips: 7,
      arguments: (_t, { root }) => [root.id, { key: "p" }],
      result: ({ root }) => has({ tenant_id: root.id, key: "p", value: true, version: 1 }),
      refusals: [
        unknownTenantOf({ key: "p" }),
        {
          code: "PERMISSION_ALREADY_EXISTS",
          arguments: async (t, tree) => {
            await policy(t, tree);
            return [tree.root.id, { key: "p" }];
          },
        },
        {
          code: "PERMISSION_LOCKED",
          arguments: async (t, { root, child }) => {
            await t.stratum.createPermission(root.id, { key: "p", mode: "LOCKED" });
            return [child.id, { key: "p" }];
          },
        },
      ],
      leaves: { states: ["after"], event: true },
    },
    updatePermission: {
      roundTrips: 8,
      arguments: async (t, tree) => [...(await policy(t, tree)), { value: 1 }],
      result: (_tree, [, id]) => has({ id, value: 1, version: 2 }),
      refusals: [
        {
          code: "PERMISSION_NOT_FOUND",
          arguments: (_t, { root }) => [root.id, UNKNOWN, { value: 1 }],
        },
      ],
      leaves: { states: ["before after"], event: true },
    },
    deletePermission: {
      roundTrips: 7,
      arguments: policy,
      result: () => undefined,
      refusals: [{ code: "PERMISSION_NOT_FOUND", arguments: (_t, { root }) => [root.id, UNKNOWN] }],
      leaves: { states: ["before"], event: true },
    },
    banPermission: {
      roundTrips: 8,
      arguments: (_t, { root }) => [root.id, "p"],
      result: ({ root }) => has({ tenant_id: root.id, key: "p" }),
      refusals: [unknownTenantOf("p")],
      leaves: { states: ["after"], event: true },
    },
    liftPermissionBan: {
      roundTrips: 7,
      arguments: async (t, { root }) => {
        await t.stratum.banPermission(root.id, "p");
        return [root.id, "p"];
      },
      result: () => undefined,
      refusals: [unknownTenantOf("p")],
      leaves: { states: ["before"], event: true },
    },
  },
  async hostile(t, { id, ids }) {
    const policies: string[] = [];
    for (const each of ids) {
      const input = { key: `key.${each}`, mode: "DELEGATED" } as const;
      policies.push((await t.stratum.createPermission(each, input)).id);
    }
    const mode = fc.constantFrom("LOCKED", "INHERITED", "DELEGATED");
    const revocation_mode = fc.constantFrom("CASCADE", "SOFT", "PERMANENT");
    const force = fc.boolean();
    const policyId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...policies) }, id);
    const fields = { key, value: json, mode, revocation_mode };
    const creation = fc.record(fields, { requiredKeys: ["key"] });
    const change = { value: json, mode, revocation_mode, expected_version: version, force };
    return {
      resolvePermissions: fc.tuple(id, reading),
      checkPermission: fc.tuple(id, key, reading),
      explainPermission: fc.tuple(id, key),
      listPermissionBans: fc.tuple(id, object(page)),
      createPermission: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: creation }, rubbish)),
      updatePermission: fc.tuple(id, policyId, object(change)),
      deletePermission: fc.tuple(id, policyId, object({ expected_version: version, force })),
      banPermission: fc.tuple(id, key, object({ force })),
      liftPermissionBan: fc.tuple(id, key),
    };
  },
});
