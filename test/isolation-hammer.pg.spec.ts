import { hammer } from "./support/tenant-hammer";
import { times } from "./support/scale";
import { useTenantTables } from "./support/use-tenant-tables";

const REQUESTS = times(2000, 200_000);

describe("random tenants, at once, with failures in between", () => {
  const t = useTenantTables();

  it.each([
    ["one connection", 1],
    ["twenty connections", 20],
  ])(`see no foreign row on %s (${REQUESTS} requests)`, async (_, max) => {
    await hammer(t.tenantPool("hardened", {}, { max }), t.database, REQUESTS);
  });
});
