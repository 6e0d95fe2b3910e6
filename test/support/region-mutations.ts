import type { Tenant } from "@stratum-hq/lib";
import type { StratumFixture } from "./use-stratum";

/** One call of each method of regions that changes something, prepared before it is made. */
export function regionMutations(t: StratumFixture) {
  let regions = 0;
  const make = () => t.stratum.createRegion({ display_name: "r", slug: `r${(regions += 1)}` });
  return {
    createRegion: () => Promise.resolve(make),
    updateRegion: async () => {
      const { id } = await make();
      return () => t.stratum.updateRegion(id, { status: "draining" });
    },
    deleteRegion: async () => {
      const { id } = await make();
      return () => t.stratum.deleteRegion(id);
    },
    migrateRegion: async (root: Tenant) => {
      const { id } = await make();
      return () => t.stratum.migrateRegion(root.id, id);
    },
  };
}
