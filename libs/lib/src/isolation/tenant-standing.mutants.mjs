// Guards of work that goes on in a tenant while that is shut, or moved away.
const ISOLATION = "libs/lib/src/isolation";
const SPEC = `${ISOLATION}/tenant-standing.pg.spec.ts`;

export const STANDING_MUTANTS = [
  {
    name: "standing: work in a shut tenant goes on",
    find: `requireActive({ id: tenant_id, status: standing.status }, "run in");`,
    replace: ``,
    test: [SPEC, "once it is shut, and goes on once it is open"],
  },
  {
    name: "standing: a kept connection goes on",
    file: "libs/db-adapters/src/pg/tenant-session.ts",
    find: `const atTenant = this.settings.scope.certain?.(this) ?? null;`,
    replace: `const atTenant = null as Promise<void> | null;`,
    test: [SPEC, "over a connection that it keeps"],
  },
  {
    name: "standing: a look waits for a second connection",
    find: `const row = await this.store.findById(id, sqlOver(client));`,
    replace: `const row = await this.store.findById(id, client === null ? sqlOver(client) : undefined);`,
    test: [SPEC, "over a connection that it keeps"],
  },
  {
    name: "standing: work in a purged tenant goes on",
    find: `if (standing === undefined) throw new TenantNotFoundError({ tenant_id });`,
    replace: `if (standing === undefined) return;`,
    test: [SPEC, "once it is purged"],
  },
  {
    name: "standing: work goes on out of its caller's reach",
    find: `requireOnChain(standing.chain, currentCaller());`,
    replace: ``,
    test: [SPEC, "out of the caller's reach"],
  },
  {
    name: "standing: each statement looks",
    find: `entered.lookedAt = now;`,
    replace: ``,
    test: [SPEC, "looks no more often"],
  },
].map((mutant) => ({ file: `${ISOLATION}/tenant-standing.ts`, ...mutant }));
