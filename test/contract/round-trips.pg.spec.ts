import { STRATUM_API, type ApiMethod } from "@stratum-hq/lib";
import type { Method } from "../support/cases";
import { callFacade } from "../support/call-facade";
import { DECLARED } from "../support/declared-tables";
import { roundTrips } from "../support/round-trips";
import { useStratum } from "../support/use-stratum";
import { caseOf, prepared } from "./cases";

const t = useStratum({}, { tenantTables: DECLARED, worker: false });

/** Methods that take as long as there is to do: their steps are counted where they are tested. */
const UNBOUNDED: readonly string[] = [
  "proveIsolation",
  "purgeExpiredAuditLogs",
  "purgeExpiredData",
  "refreshReferenceTables",
  "resumeOperation",
];

const isBounded = ([name, { long, stream }]: [string, ApiMethod]): boolean =>
  long === undefined && stream === undefined && !UNBOUNDED.includes(name);

const METHODS = (Object.entries(STRATUM_API) as [Method, ApiMethod][])
  .filter(isBounded)
  .map(([name]) => name);

describe("each method that is no long operation", () => {
  beforeAll(async () => {
    // What a process does once, on first use.
    await t.stratum.createApiKey((await t.grow(["first"]))["first"]!.id);
  });

  it.each(METHODS)("%s takes no more round trips than its case says", async (name) => {
    const { root, child } = await t.grow(["root", ["child"]]);
    const tree = { root: root!, child: child! };
    const { call } = await prepared(t, name, tree, (args) => callFacade(t.stratum, name, args));
    // Warm, where the case has not purged it.
    await t.stratum.resolveConfig(tree.child.id).catch(() => null);
    const trips = await roundTrips(call);
    expect(trips).toBeLessThanOrEqual(caseOf(name).roundTrips ?? -1);
  });
});
