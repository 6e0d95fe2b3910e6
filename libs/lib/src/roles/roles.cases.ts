import fc from "fast-check";
import { featureCases, has, holds, UNKNOWN, type Tree } from "../../../../test/support/cases";
import {
  listAfter,
  object,
  reading,
  rubbish,
  scopes,
  text,
  version,
} from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

const inputOf = ({ root }: Tree) => ({ name: "r", scopes: ["read"], tenant_id: root.id });

/** Makes a role of the root's, and answers its id. */
async function role(t: StratumFixture, tree: Tree): Promise<[string]> {
  return [(await t.stratum.createRole(inputOf(tree))).id];
}

/** Gives the role to a user within the root. */
async function assigned(t: StratumFixture, tree: Tree): Promise<[string, string, string]> {
  const [id] = await role(t, tree);
  await t.stratum.assignRole("user", "u", id, tree.root.id);
  return ["user", "u", tree.root.id];
}

const malformed = { code: "VALIDATION_ERROR", arguments: (): [string] => ["no id"] } as const;

export const ROLES_CASES = featureCases({
  methods: {
    createRole: {
      roundTrips: 6,
      arguments: (_t, tree) => [inputOf(tree)],
      result: (tree) => has(inputOf(tree)),
      refusals: [
        {
          code: "ROLE_ALREADY_EXISTS",
          arguments: async (t, tree) => {
            await role(t, tree);
            return [inputOf(tree)];
          },
        },
      ],
      leaves: { states: ["after"], event: true },
    },
    updateRole: {
      roundTrips: 8,
      arguments: async (t, tree) => [...(await role(t, tree)), { scopes: ["config:read"] }],
      result: (_tree, [id]) => has({ id, scopes: ["config:read"] }),
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => ["no id", {}] }],
      leaves: { states: ["before after"], event: true },
    },
    deleteRole: {
      roundTrips: 9,
      arguments: role,
      result: () => true,
      refusals: [
        malformed,
        {
          code: "ROLE_IN_USE",
          arguments: async (t, tree) => {
            const [id] = await role(t, tree);
            await t.stratum.assignRole("user", "u", id, tree.root.id);
            return [id];
          },
        },
      ],
      leaves: { states: ["before"], event: true },
    },
    getRole: {
      roundTrips: 1,
      arguments: role,
      result: (_tree, [id]) => has({ id }),
      refusals: [malformed],
    },
    listRoles: {
      roundTrips: 2,
      arguments: async (t, tree) => {
        await role(t, tree);
        return [tree.root.id];
      },
      result: (tree) => [has(inputOf(tree))],
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => [UNKNOWN] }],
    },
    assignRole: {
      roundTrips: 9,
      arguments: async (t, tree) => ["user", "u", ...(await role(t, tree)), tree.root.id],
      result: () => true,
      refusals: [
        { code: "ROLE_NOT_FOUND", arguments: (_t, { root }) => ["user", "u", UNKNOWN, root.id] },
      ],
      leaves: { states: ["before after"], event: true },
    },
    removeRole: {
      roundTrips: 7,
      arguments: assigned,
      result: () => true,
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => ["user", "u", UNKNOWN] }],
      leaves: { states: ["before after"], event: true },
    },
    resolvePrincipalScopes: {
      roundTrips: 1,
      arguments: assigned,
      result: () => holds("read", "roles:read"),
      refusals: [{ code: "TENANT_NOT_FOUND", arguments: () => ["user", "u", UNKNOWN] }],
    },
  },
  async hostile(t, { id, ids }) {
    const roles: string[] = [];
    for (const tenant_id of ids) {
      roles.push((await t.stratum.createRole({ name: "r", scopes: ["read"], tenant_id })).id);
    }
    const roleId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...roles) }, id);
    const owner = fc.option(id, { freq: 6 });
    const name = fc.oneof({ weight: 9, arbitrary: fc.string({ minLength: 1 }) }, text);
    const type = fc.oneof({ weight: 9, arbitrary: fc.constantFrom("user", "service") }, text);
    const input = fc.record({ name, scopes, tenant_id: owner });
    return {
      createRole: fc.tuple(fc.oneof({ weight: 9, arbitrary: input }, rubbish)),
      updateRole: fc.tuple(roleId, object({ name, scopes, expected_version: version })),
      deleteRole: fc.tuple(fc.oneof(id, roleId)),
      getRole: fc.tuple(roleId),
      listRoles: fc.tuple(owner, listAfter(id)),
      assignRole: fc.tuple(type, name, roleId, owner),
      removeRole: fc.tuple(type, name, owner),
      resolvePrincipalScopes: fc.tuple(type, name, owner, reading),
    };
  },
});
