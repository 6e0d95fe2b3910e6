// Guards of regions.
const REGIONS = "libs/lib/src/regions";
const SPEC = `${REGIONS}/regions.pg.spec.ts`;
const RACES = "test/concurrency/region-races.pg.spec.ts";
const CREATION = "libs/lib/src/tenancy/creation-region.ts";

export const REGION_MUTANTS = [
  {
    name: "regions: anybody creates them",
    file: `${REGIONS}/region.service.ts`,
    find: `    requirePlatformAdmin(caller);
    const { slug,`,
    replace: `    const { slug,`,
    test: [SPEC, "is for platform administrators alone"],
  },
  {
    name: "regions: anybody changes them",
    file: `${REGIONS}/region.service.ts`,
    find: `    requirePlatformAdmin(caller);
    const regionId = validate(tenantIdSchema, id, "id");
    const update`,
    replace: `    const regionId = validate(tenantIdSchema, id, "id");
    const update`,
    test: [SPEC, "is for platform administrators alone"],
  },
  {
    name: "regions: anybody deletes them",
    file: `${REGIONS}/region.service.ts`,
    find: `    requirePlatformAdmin(caller);
    const regionId = validate(tenantIdSchema, id, "id");
    await`,
    replace: `    const regionId = validate(tenantIdSchema, id, "id");
    await`,
    test: [SPEC, "is for platform administrators alone"],
  },
  {
    name: "regions: anybody reads one",
    file: `${REGIONS}/region-read.service.ts`,
    find: `    requirePlatformAdmin(currentCaller());
    const regionId`,
    replace: `    const regionId`,
    test: [SPEC, "is for platform administrators alone"],
  },
  {
    name: "regions: anybody lists them",
    file: `${REGIONS}/region-read.service.ts`,
    find: `    requirePlatformAdmin(currentCaller());
    const request`,
    replace: `    const request`,
    test: [SPEC, "is for platform administrators alone"],
  },
  {
    name: "regions: anybody puts tenants into others",
    file: `${REGIONS}/region-migration.service.ts`,
    find: `    requirePlatformAdmin(caller);
`,
    replace: `    void requirePlatformAdmin;
`,
    test: [SPEC, "is for platform administrators alone"],
  },
  {
    name: "regions: the URL's ciphertext is shown",
    file: `${REGIONS}/region.store.ts`,
    find: `case when database_url is not null then '\${MASK}' end as database_url`,
    replace: `database_url`,
    test: [SPEC, "keeps its database URL encrypted"],
  },
  {
    name: "regions: a URL that is the same is a change",
    file: `${REGIONS}/region-urls.ts`,
    find: `if (url !== null && url === (await this.current(tx, id))) return undefined;`,
    replace: `void this.current;`,
    test: [SPEC, "keeps its database URL encrypted"],
  },
  {
    name: "regions: two are primary",
    file: `${REGIONS}/region.service.ts`,
    find: `is_primary ? await this.store.demotePrimary(m.tx, regionId) : undefined`,
    replace: `undefined as Awaited<ReturnType<RegionStore["demotePrimary"]>>`,
    test: [SPEC, "is the primary one alone"],
  },
  {
    name: "regions: one with tenants goes",
    file: `${REGIONS}/region.service.ts`,
    find: `if (tenants > 0) throw new RegionInUseError(regionId, tenants);`,
    replace: `void RegionInUseError;`,
    test: [SPEC, "with tenants of any status stays"],
  },
  {
    name: "regions: only active tenants keep one",
    file: `${REGIONS}/region.store.ts`,
    find: `from stratum.tenants where region_id = $1"`,
    replace: `from stratum.tenants where region_id = $1 and status = 'active'"`,
    test: [SPEC, "with tenants of any status stays"],
  },
  {
    name: "regions: a deletion does not wait for tenants on their way",
    file: `${REGIONS}/region.service.ts`,
    find: `findLocked(tx, regionId, "update")`,
    replace: `find(regionId, tx)`,
    test: [RACES, "never leave a tenant in a region that is gone"],
  },
  {
    name: "regions: a tenant gets into one that is taken out of use",
    file: `${REGIONS}/region-migration.service.ts`,
    find: `findLocked(tx, regionId, "share")`,
    replace: `find(regionId, tx)`,
    test: [RACES, "taken out of use before"],
  },
  {
    name: "regions: one that is draining gets tenants by migration",
    file: `${REGIONS}/region-migration.service.ts`,
    find: `if (region.status !== "active") throw`,
    replace: `if (region.status === "active" && region_id === "") throw`,
    test: [SPEC, "takes no tenants"],
  },
  {
    name: "regions: one that is draining gets new tenants",
    file: CREATION,
    find: `if (region === null || region.status === "active") return region;`,
    replace: `if (region === null || region.status !== "provisioning" as never) return region;`,
    test: [SPEC, "takes no tenants"],
  },
  {
    name: "regions: tenants choose theirs",
    file: CREATION,
    find: `if (!isInherited && !isPlatformAdmin(caller)) {`,
    replace: `if (!isInherited && isPlatformAdmin({ ...caller, bound_to: "" })) {`,
    test: [SPEC, "unless the platform chooses"],
  },
  {
    name: "regions: a shut tenant is migrated",
    file: `${REGIONS}/region-migration.service.ts`,
    find: `const operation = "change the region of";`,
    replace: `const operation = null;`,
    test: [SPEC, "gets a tenant that is migrated"],
  },
];
