import { NestFactory } from "@nestjs/core";
import { runAs, type Region, type Tenant } from "@stratum-hq/lib";
import { text } from "node:stream/consumers";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { Encryption } from "../crypto/encryption";
import { regionPlace } from "./region-url-column";
import { Database } from "../persistence/database";
import { StratumServicesModule } from "../stratum-services.module";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";
const ALICE = { actor_id: "alice", actor_type: "jwt" } as const;
const PASSWORD = "hush-hush-4711";
const URL_EU = `postgres://eu:${PASSWORD}@eu.example.com:5432/stratum`;

describe("a region", () => {
  const t = useStratum();
  let made = 0;
  const make = (input: object = {}): Promise<Region> =>
    t.stratum.createRegion({ display_name: "Europe", slug: `eu_${(made += 1)}`, ...input });
  const trail = async ({ id }: Region) =>
    (await t.stratum.queryAuditLogs({ resource_type: "region", resource_id: id })).reverse();
  const tenantIn = (region_id: string | null | undefined, parent?: Tenant) =>
    t.stratum.createTenant({ name: "t", region_id, parent_id: parent?.id ?? null });

  it("is created, read, listed, changed and deleted, each on record", async () => {
    const region = await make({ control_plane_url: "https://eu.example.com", metadata: { a: 1 } });
    expect(region).toEqual({
      ...{ id: region.id, display_name: "Europe", slug: "eu_1", database_url: null },
      ...{ control_plane_url: "https://eu.example.com", is_primary: false, status: "active" },
      ...{ metadata: { a: 1 }, version: 1 },
      ...{ created_at: expect.stringMatching(/Z$/) as string, updated_at: region.created_at },
    });
    expect(await t.stratum.getRegion(region.id)).toEqual(region);
    const other = await make();
    expect(await t.stratum.listRegions()).toEqual([region, other]);
    const { data, next_cursor: cursor } = await t.stratum.listRegions({ limit: 1 });
    expect(data).toEqual([region]);
    expect(await t.stratum.listRegions({ limit: 1, cursor })).toMatchObject({ data: [other] });
    const patch = { display_name: "EU", status: "draining", expected_version: 1 } as const;
    const updated = await t.stratum.updateRegion(region.id, patch, ALICE);
    expect(updated).toMatchObject({ display_name: "EU", status: "draining", version: 2 });
    expect(updated.control_plane_url).toBe(region.control_plane_url);
    expect(await t.stratum.updateRegion(region.id, { display_name: "EU" })).toEqual(updated);
    expect(await codeOf(t.stratum.updateRegion(region.id, patch))).toBe("VERSION_CONFLICT");
    await t.stratum.deleteRegion(region.id);
    expect(await codeOf(t.stratum.getRegion(region.id))).toBe("REGION_NOT_FOUND");
    expect(await trail(region)).toMatchObject([
      { action: "region.created", before_state: null, after_state: { slug: "eu_1", version: 1 } },
      {
        ...{ ...ALICE, action: "region.updated", tenant_id: null },
        before_state: { display_name: "Europe", version: 1 },
        after_state: { display_name: "EU", status: "draining", version: 2 },
      },
      { action: "region.deleted", before_state: { version: 2 }, after_state: null },
    ]);
    const unknown = await Promise.all([
      codeOf(t.stratum.getRegion(UNKNOWN)),
      codeOf(t.stratum.updateRegion(UNKNOWN, { status: "active" })),
      codeOf(t.stratum.deleteRegion(UNKNOWN)),
    ]);
    expect(new Set(unknown)).toEqual(new Set(["REGION_NOT_FOUND"]));
  });

  it("has a slug of its own", async () => {
    const region = await make();
    const again = make({ slug: region.slug });
    await expect(again).rejects.toMatchObject({
      code: "REGION_ALREADY_EXISTS",
      details: { slug: region.slug },
    });
  });

  it("is the primary one alone", async () => {
    const first = await make({ is_primary: true });
    const second = await make({ is_primary: true });
    const primaries = async () =>
      (await t.stratum.listRegions()).filter(({ is_primary }) => is_primary).map(({ id }) => id);
    expect(await primaries()).toEqual([second.id]);
    await t.stratum.updateRegion(first.id, { is_primary: true });
    expect(await primaries()).toEqual([first.id]);
    expect((await trail(second)).map(({ after_state }) => after_state)).toMatchObject([
      { is_primary: true, version: 1 },
      { is_primary: false, version: 2 },
    ]);
    const raced = await Promise.all([
      codeOf(make({ is_primary: true })),
      codeOf(t.stratum.updateRegion(second.id, { is_primary: true })),
      codeOf(make({ is_primary: true })),
      codeOf(t.stratum.updateRegion(first.id, { is_primary: true })),
    ]);
    expect(raced).toEqual(["ok", "ok", "ok", "ok"]);
    expect(await primaries()).toHaveLength(1);
  });

  it("keeps its database URL encrypted, for its own row, and shows it nowhere", async () => {
    const region = await make({ database_url: URL_EU });
    expect(region.database_url).toBe("[masked]");
    await t.stratum.updateRegion(region.id, { database_url: `${URL_EU}_2` });
    const [change] = (await trail(region)).slice(-1);
    expect(change).toMatchObject({ metadata: { database_url_changed: true } });
    const unchanged = await t.stratum.updateRegion(region.id, { database_url: `${URL_EU}_2` });
    expect(unchanged.version).toBe(2);
    const bad = t.stratum.updateRegion(region.id, { database_url: `x${URL_EU}` });
    const error = await bad.catch((failure: Error) => JSON.stringify([failure, failure.message]));
    const tenant = await tenantIn(region.id);
    const shown = [
      error,
      await t.stratum.getRegion(region.id),
      await t.stratum.listRegions(),
      await t.rows("select r::text from stratum.regions as r"),
      await t.rows("select a::text from stratum.audit_logs as a"),
      await t.rows("select e::text from stratum.webhook_events as e"),
      await text(await t.stratum.exportTenantStream(tenant.id)),
    ];
    expect(JSON.stringify(shown)).not.toContain(PASSWORD);
    const app = await NestFactory.createApplicationContext(
      StratumServicesModule.forRoot({ pool: t.pool, worker: false }),
      { logger: false },
    );
    const [row] = await t.rows<{ sealed: string }>(
      "select database_url as sealed from stratum.regions where id = $1",
      [region.id],
    );
    const reveal = (id: string) =>
      app
        .get(Encryption, { strict: false })
        .reveal(app.get(Database, { strict: false }), regionPlace(id), () =>
          Promise.resolve(row!.sealed),
        );
    expect(await reveal(region.id)).toBe(`${URL_EU}_2`);
    expect(await codeOf(reveal(UNKNOWN))).toBe("DECRYPTION_FAILED");
    await app.close();
    const removed = await t.stratum.updateRegion(region.id, { database_url: null });
    expect(removed).toMatchObject({ database_url: null, version: 3 });
  });

  it("is for platform administrators alone", async () => {
    const region = await make();
    const { a } = await t.grow(["a"]);
    const actors = [
      { ...ALICE, tenant_id: a!.id, scopes: ["admin"] },
      { ...ALICE, scopes: ["admin"] },
      // The facade holds nobody to scopes that were not told.
      ALICE,
    ];
    for (const actor of actors) {
      const { stratum } = t;
      const refused = await runAs(actor, () =>
        Promise.all([
          codeOf(make()),
          codeOf(stratum.getRegion(region.id)),
          codeOf(stratum.listRegions()),
          codeOf(stratum.updateRegion(region.id, { status: "inactive" })),
          codeOf(stratum.deleteRegion(region.id)),
          codeOf(stratum.migrateRegion(a!.id, region.id)),
        ]),
      );
      expect(new Set(refused)).toEqual(new Set(["FORBIDDEN"]));
    }
    const admin = { ...ALICE, scopes: ["platform:admin"] };
    expect(await runAs(admin, () => codeOf(t.stratum.getRegion(region.id)))).toBe("ok");
  });

  it("with tenants of any status stays", async () => {
    const region = await make();
    const parent = await tenantIn(region.id);
    const child = await tenantIn(undefined, parent);
    await t.stratum.archiveTenant(child.id);
    await t.stratum.suspendTenant(parent.id);
    const refused = t.stratum.deleteRegion(region.id);
    await expect(refused).rejects.toMatchObject({
      code: "REGION_IN_USE",
      details: { region_id: region.id, tenants: 2 },
    });
    expect(await codeOf(t.stratum.getRegion(region.id))).toBe("ok");
  });

  it("is the parent's for a new tenant, unless the platform chooses another one or none", async () => {
    const [eu, us] = [await make(), await make()];
    const root = await tenantIn(eu.id);
    expect(root.region_id).toBe(eu.id);
    expect((await tenantIn(undefined, root)).region_id).toBe(eu.id);
    expect((await tenantIn(us.id, root)).region_id).toBe(us.id);
    expect((await tenantIn(null, root)).region_id).toBeNull();
    expect((await tenantIn(undefined)).region_id).toBeNull();
    const { created } = await t.stratum.batchCreateTenants([
      { name: "b", region_id: us.id },
      { name: "b1", parent_index: 0 },
      { name: "b2", parent_index: 1, region_id: eu.id },
      { name: "b3", parent_index: 2 },
    ]);
    expect(created.map(({ region_id }) => region_id)).toEqual([us.id, us.id, eu.id, eu.id]);
    expect(await t.stratum.getTenant(root.id)).toMatchObject({ region_id: eu.id });
    const [entry] = await t.stratum.queryAuditLogs({ tenant_id: root.id });
    expect(entry).toMatchObject({ after_state: { region_id: eu.id } });
    const bound = { ...ALICE, tenant_id: root.id };
    await runAs(bound, async () => {
      expect((await tenantIn(undefined, root)).region_id).toBe(eu.id);
      expect((await tenantIn(eu.id, root)).region_id).toBe(eu.id);
      for (const region_id of [us.id, UNKNOWN, null])
        expect(await codeOf(tenantIn(region_id, root))).toBe("FORBIDDEN");
    });
    expect(await codeOf(tenantIn(UNKNOWN, root))).toBe("REGION_NOT_FOUND");
  });

  it("that is draining or inactive takes no tenants", async () => {
    const region = await make();
    const parent = await tenantIn(region.id);
    for (const status of ["draining", "inactive"] as const) {
      await t.stratum.updateRegion(region.id, { status });
      const migrated = tenantIn(null).then(({ id }) => t.stratum.migrateRegion(id, region.id));
      const refused = await Promise.all([
        codeOf(tenantIn(region.id)),
        codeOf(tenantIn(undefined, parent)),
        codeOf(migrated),
      ]);
      expect(new Set(refused)).toEqual(new Set(["REGION_NOT_ACTIVE"]));
    }
    const { errors } = await t.stratum.batchCreateTenants([{ name: "x", region_id: region.id }]);
    expect(errors).toMatchObject([{ index: 0, code: "REGION_NOT_ACTIVE" }]);
  });

  it("gets a tenant that is migrated, and not the tenants below", async () => {
    const [eu, us] = [await make(), await make()];
    const parent = await tenantIn(eu.id);
    const child = await tenantIn(undefined, parent);
    const moved = await t.stratum.migrateRegion(parent.id, us.id, ALICE);
    expect(moved).toMatchObject({ region_id: us.id, version: 2 });
    expect(await t.stratum.migrateRegion(parent.id, us.id)).toEqual(moved);
    expect((await t.stratum.getTenant(child.id)).region_id).toBe(eu.id);
    const [entry, ...before] = await t.stratum.queryAuditLogs({ tenant_id: parent.id });
    expect(entry).toMatchObject({
      ...{ ...ALICE, action: "tenant.region_changed", resource_id: parent.id },
      before_state: { region_id: eu.id },
      after_state: { region_id: us.id },
    });
    expect(before).toHaveLength(1);
    expect(await codeOf(t.stratum.migrateRegion(UNKNOWN, us.id))).toBe("TENANT_NOT_FOUND");
    expect(await codeOf(t.stratum.migrateRegion(parent.id, UNKNOWN))).toBe("REGION_NOT_FOUND");
    await t.stratum.suspendTenant(parent.id, { subtree: true });
    expect(await codeOf(t.stratum.migrateRegion(parent.id, eu.id))).toBe("TENANT_SUSPENDED");
  });
});
