import fc from "fast-check";
import { featureCases, has, holds, UNKNOWN } from "../../../../test/support/cases";
import {
  key,
  listAfter,
  object,
  rubbish,
  slug,
  text,
  version,
} from "../../../../test/support/hostile";
import type { StratumFixture } from "../../../../test/support/use-stratum";

let made = 0;
const input = () => ({ display_name: "r", slug: `r${(made += 1)}` });

/** Makes a region, and answers its id. */
async function region(t: StratumFixture): Promise<[string]> {
  return [(await t.stratum.createRegion(input())).id];
}

const unknownRegion = { code: "REGION_NOT_FOUND", arguments: (): [string] => [UNKNOWN] } as const;

export const REGIONS_CASES = featureCases({
  methods: {
    createRegion: {
      roundTrips: 5,
      arguments: () => [input()],
      result: (_tree, [{ slug }]) => has({ slug, status: "active", version: 1 }),
      refusals: [
        {
          code: "REGION_ALREADY_EXISTS",
          arguments: async (t) => {
            const taken = input();
            await t.stratum.createRegion(taken);
            return [taken];
          },
        },
      ],
      leaves: { states: ["after"], event: true },
    },
    updateRegion: {
      roundTrips: 6,
      arguments: async (t) => [...(await region(t)), { status: "draining" }],
      result: (_tree, [id]) => has({ id, status: "draining", version: 2 }),
      refusals: [{ code: "REGION_NOT_FOUND", arguments: () => [UNKNOWN, { status: "draining" }] }],
      leaves: { states: ["before after"], event: true },
    },
    deleteRegion: {
      roundTrips: 7,
      arguments: region,
      result: () => undefined,
      refusals: [
        unknownRegion,
        {
          code: "REGION_IN_USE",
          arguments: async (t, { root }) => {
            const [id] = await region(t);
            await t.stratum.migrateRegion(root.id, id);
            return [id];
          },
        },
      ],
      leaves: { states: ["before"], event: true },
    },
    getRegion: {
      roundTrips: 1,
      arguments: region,
      result: (_tree, [id]) => has({ id }),
      refusals: [unknownRegion],
    },
    listRegions: {
      roundTrips: 1,
      arguments: async (t) => {
        await region(t);
        return [];
      },
      result: () => holds(has({ display_name: "r" })),
      refusals: [],
    },
    migrateRegion: {
      roundTrips: 7,
      arguments: async (t, { root }) => [root.id, ...(await region(t))],
      result: (_tree, [id, region_id]) => has({ id, region_id }),
      refusals: [
        { code: "REGION_NOT_FOUND", arguments: (_t, { root }) => [root.id, UNKNOWN] },
        {
          code: "REGION_NOT_ACTIVE",
          arguments: async (t, { root }) => {
            const [id] = await region(t);
            await t.stratum.updateRegion(id, { status: "draining" });
            return [root.id, id];
          },
        },
      ],
      leaves: { states: ["before after"], event: true },
    },
  },
  async hostile(t, { id }) {
    const own = [...(await region(t)), ...(await region(t))];
    const regionId = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...own) }, id);
    const urls = fc.constantFrom("postgres://u:p@h:5432/d", null, undefined);
    const fields = {
      display_name: fc.oneof({ weight: 9, arbitrary: fc.constantFrom("EU", "東京") }, text),
      control_plane_url: fc.constantFrom("https://eu.example.com", null, undefined),
      database_url: fc.oneof({ weight: 9, arbitrary: urls }, text),
      is_primary: fc.boolean(),
      status: fc.constantFrom("active", "draining", "inactive"),
      metadata: fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
    };
    const creation = fc.record({ ...fields, slug }, { requiredKeys: ["display_name", "slug"] });
    return {
      createRegion: fc.tuple(fc.oneof({ weight: 9, arbitrary: creation }, rubbish)),
      updateRegion: fc.tuple(regionId, object({ ...fields, expected_version: version })),
      deleteRegion: fc.tuple(fc.oneof({ weight: 9, arbitrary: id }, regionId)),
      getRegion: fc.tuple(regionId),
      listRegions: fc.tuple(listAfter(id)),
      migrateRegion: fc.tuple(id, regionId),
    };
  },
});
