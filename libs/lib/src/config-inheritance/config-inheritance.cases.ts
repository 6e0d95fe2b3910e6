import fc from "fast-check";
import { featureCases, has, UNKNOWN, type Tree } from "../../../../test/support/cases";
import {
  audit,
  json,
  key,
  object,
  optional,
  reading,
  rubbish,
  version,
} from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

const unknownTenant = { code: "TENANT_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;

/** Sets a key of the root's, which the child inherits. */
async function inherited(t: StratumFixture, { root, child }: Tree): Promise<[string]> {
  await t.stratum.setConfig(root.id, "k", { value: 1 });
  return [child.id];
}

const lockKey = (t: StratumFixture, { root }: Tree) =>
  t.stratum.setConfig(root.id, "k", { value: 1, locked: true });

export const CONFIG_INHERITANCE_CASES = featureCases({
  methods: {
    resolveConfig: {
      roundTrips: 0,
      arguments: inherited,
      result: ({ root }) => ({ k: has({ value: 1, inherited: true, source_tenant_id: root.id }) }),
      refusals: [unknownTenant],
    },
    getConfigWithInheritance: {
      roundTrips: 1,
      arguments: inherited,
      result: ({ root }) => ({ k: has({ value: 1, inherited: true, source_tenant_id: root.id }) }),
      refusals: [unknownTenant],
    },
    diffConfig: {
      roundTrips: 1,
      arguments: async (t, tree) => {
        await inherited(t, tree);
        await t.stratum.setConfig(tree.child.id, "k", { value: 2 });
        return [tree.root.id, tree.child.id];
      },
      result: ({ root, child }) =>
        has({
          tenant_a: { id: root.id, name: root.name },
          tenant_b: { id: child.id, name: child.name },
          diff: [has({ key: "k" })],
        }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: (_t, { root }) => [root.id, UNKNOWN] }],
    },
    computeDrift: {
      roundTrips: 1,
      arguments: async (t, tree) => {
        await inherited(t, tree);
        await t.stratum.setConfig(tree.child.id, "k", { value: 2 });
        return [tree.root.id, tree.child.id];
      },
      result: ({ child }) =>
        has({ tenant_id: child.id, overrides: 1, details: [has({ key: "k" })] }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: (_t, { root }) => [root.id, UNKNOWN] }],
    },
    batchComputeDrift: {
      roundTrips: 1,
      arguments: async (t, tree) => {
        await inherited(t, tree);
        return [tree.root.id, [tree.child.id]];
      },
      result: ({ root, child }) =>
        has({ parent_id: root.id, results: [has({ tenant_id: child.id, status: "ok" })] }),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: (_t, { root }) => [UNKNOWN, [root.id]] }],
    },
    setConfig: {
      roundTrips: 6,
      arguments: (_t, { root }) => [root.id, "k", { value: 1 }],
      result: ({ root }) => has({ tenant_id: root.id, key: "k", value: 1, version: 1 }),
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, "k", { value: 1 }] },
        {
          code: "CONFIG_LOCKED",
          arguments: async (t, tree) => {
            await lockKey(t, tree);
            return [tree.child.id, "k", { value: 2 }];
          },
        },
        {
          code: "VALIDATION_ERROR",
          arguments: (_t, { root }) => [root.id, "stratum.none", { value: 1 }],
        },
      ],
      leaves: { states: ["after"], event: true },
    },
    deleteConfig: {
      roundTrips: 6,
      arguments: async (t, { root }) => {
        await t.stratum.setConfig(root.id, "k", { value: 1 });
        return [root.id, "k"];
      },
      result: () => undefined,
      refusals: [{ code: "CONFIG_NOT_FOUND", arguments: (_t, { root }) => [root.id, "none"] }],
      leaves: { states: ["before"], event: true },
    },
    batchSetConfig: {
      roundTrips: 6,
      arguments: async (t, { root }) => {
        await t.stratum.setConfig(root.id, "k", { value: 0 });
        return [root.id, [{ key: "k", value: 1 }]];
      },
      result: () => has({ results: [has({ key: "k" })], succeeded: 1, failed: 0 }),
      refusals: [
        { code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN, [{ key: "k", value: 1 }]] },
        { code: "VALIDATION_ERROR", arguments: (_t, { root }) => [root.id, []] },
      ],
      leaves: { states: ["before after"], event: true },
    },
  },
  hostile(_t, { id }) {
    const entry = { value: json, locked: optional(fc.boolean()), expected_version: version };
    const input = fc.record(entry, { requiredKeys: ["value"] });
    const entries = fc.array(object({ key, ...entry }), { minLength: 1, maxLength: 5 });
    const children = fc.array(id, { maxLength: 4 });
    return {
      resolveConfig: fc.tuple(id, reading),
      getConfigWithInheritance: fc.tuple(id),
      diffConfig: fc.tuple(id, id),
      computeDrift: fc.tuple(id, id),
      batchComputeDrift: fc.tuple(id, fc.oneof({ weight: 6, arbitrary: children }, rubbish)),
      setConfig: fc.tuple(id, key, fc.oneof({ weight: 9, arbitrary: input }, rubbish), audit),
      deleteConfig: fc.tuple(id, key, object({ expected_version: version })),
      batchSetConfig: fc.tuple(id, fc.oneof({ weight: 9, arbitrary: entries }, rubbish)),
    };
  },
});
