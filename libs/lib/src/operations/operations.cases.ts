import fc from "fast-check";
import { featureCases, has, UNKNOWN, type Tree } from "../../../../test/support/cases";
import { object, page } from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

/** Writes the operation of a purge that another process began, and answers its id. */
async function operation(t: StratumFixture, { root }: Tree, state: string): Promise<[string]> {
  const [row] = await t.rows<{ id: string }>(
    `insert into stratum.operations (id, type, tenant_id, state, progress, actor_id, actor_type, claim_id)
     values (gen_random_uuid(), 'purge', $1, $2, '{"done": 0, "total": null}', 'a', 'system', $1)
     returning id`,
    [root.id, state],
  );
  return [row!.id];
}

const unknownOperation = {
  code: "OPERATION_NOT_FOUND",
  arguments: (): [string] => [UNKNOWN],
} as const;
const CHANGED = { states: ["before after"], event: false } as const;

export const OPERATIONS_CASES = featureCases({
  methods: {
    getOperation: {
      roundTrips: 1,
      arguments: async (t, tree) => operation(t, tree, "running"),
      result: ({ root }, [id]) => has({ id, type: "purge", tenant_id: root.id, state: "running" }),
      refusals: [unknownOperation],
    },
    listOperations: {
      roundTrips: 2,
      arguments: async (t, tree) => {
        await operation(t, tree, "running");
        return [{ tenant_id: tree.root.id }];
      },
      result: ({ root }) => has({ data: [has({ type: "purge", tenant_id: root.id })] }),
      refusals: [{ code: "VALIDATION_ERROR", arguments: () => [{ limit: 0 }] }],
    },
    cancelOperation: {
      roundTrips: 6,
      arguments: async (t, tree) => operation(t, tree, "running"),
      result: (_tree, [id]) => has({ id }),
      refusals: [unknownOperation],
      leaves: CHANGED,
    },
    resumeOperation: {
      arguments: async (t, { root }) => {
        // As if the process had failed after the last step of the rotation.
        const { operation_id } = await t.stratum.rotateDataKey(root.id);
        await t.rows(
          `update stratum.operations set state = 'failed', result = null,
             error = '{"code": "INTERNAL_ERROR", "message": "m"}' where id = $1`,
          [operation_id],
        );
        return [operation_id];
      },
      result: (_tree, [id]) => has({ id, state: "succeeded" }),
      refusals: [
        unknownOperation,
        {
          code: "INVALID_OPERATION_STATE",
          arguments: async (t, tree) => operation(t, tree, "succeeded"),
        },
      ],
      leaves: CHANGED,
    },
  },
  hostile: (_t, { id }) => ({
    getOperation: fc.tuple(id),
    listOperations: fc.tuple(object({ ...page, tenant_id: id, state: fc.constant("running") })),
    cancelOperation: fc.tuple(id),
    resumeOperation: fc.tuple(id),
  }),
});
