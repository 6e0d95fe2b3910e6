import type { Tenant } from "@stratum-hq/lib";
import { text } from "node:stream/consumers";
import type { StratumFixture } from "./use-stratum";

const CONSENT = { subject_id: "s", purpose: "p" };

/** One call of each method of consents, exports and regions that leaves an audit row, prepared. */
export function gdprMutations(t: StratumFixture) {
  let regions = 0;
  const region = () => ({ display_name: "r", slug: `r${(regions += 1)}` });
  return {
    grantConsent: (root: Tenant) => Promise.resolve(() => t.stratum.grantConsent(root.id, CONSENT)),
    revokeConsent: async (root: Tenant) => {
      await t.stratum.grantConsent(root.id, CONSENT);
      return () => t.stratum.revokeConsent(root.id, CONSENT.subject_id, CONSENT.purpose);
    },
    exportTenantData: (root: Tenant) => Promise.resolve(() => t.stratum.exportTenantData(root.id)),
    exportTenantStream: (root: Tenant) =>
      Promise.resolve(async () => text(await t.stratum.exportTenantStream(root.id))),
    createRegion: () => Promise.resolve(() => t.stratum.createRegion(region())),
    updateRegion: async () => {
      const { id } = await t.stratum.createRegion(region());
      return () => t.stratum.updateRegion(id, { status: "draining" });
    },
    deleteRegion: async () => {
      const { id } = await t.stratum.createRegion(region());
      return () => t.stratum.deleteRegion(id);
    },
    migrateRegion: async (root: Tenant) => {
      const { id } = await t.stratum.createRegion(region());
      return () => t.stratum.migrateRegion(root.id, id);
    },
  };
}
