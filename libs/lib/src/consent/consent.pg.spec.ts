import { NestFactory } from "@nestjs/core";
import { runAs, type AuditEntry, type ConsentRecord, type Tenant } from "@stratum-hq/lib";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";
import { StratumServicesModule } from "../stratum-services.module";
import { ConsentExpiryWorker } from "./consent-expiry-worker";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";
const ALICE = { actor_id: "alice", actor_type: "jwt" } as const;
const MAIL = { subject_id: "user-1", purpose: "newsletter" };

describe("a consent", () => {
  const t = useStratum();

  const bound = (tenant: Tenant) => ({ ...ALICE, tenant_id: tenant.id });
  const active = (tenant: Tenant) =>
    t.stratum.getActiveConsent(tenant.id, MAIL.subject_id, MAIL.purpose);
  const revoke = (tenant: Tenant) =>
    t.stratum.revokeConsent(tenant.id, MAIL.subject_id, MAIL.purpose);

  /** The trail of a consent, oldest first. */
  const trail = async (tenant: Tenant): Promise<AuditEntry[]> =>
    (await t.stratum.queryAuditLogs({ tenant_id: tenant.id, resource_type: "consent" })).reverse();
  const actions = async (tenant: Tenant) => (await trail(tenant)).map(({ action }) => action);

  /** Lets the consents of a tenant expire a minute ago. */
  const letExpire = (tenant: Tenant) =>
    t.rows(
      `update stratum.consent_records set expires_at = now() - interval '1 minute'
       where tenant_id = $1`,
      [tenant.id],
    );

  /** Lets the processes' worker look for consents that have expired. */
  async function sweep(): Promise<void> {
    const app = await NestFactory.createApplicationContext(
      StratumServicesModule.forRoot({ pool: t.database.newPool({ max: 1 }), worker: false }),
      { logger: false },
    );
    await app.get(ConsentExpiryWorker, { strict: false }).look();
    await app.close();
  }

  it("is given, and is in force until it is revoked", async () => {
    const { a } = await t.grow(["a"]);
    expect(await active(a!)).toBeNull();
    const metadata = { form: "sign-up", version: 3 };
    const given = await t.stratum.grantConsent(a!.id, { ...MAIL, metadata });
    expect(given).toEqual({
      ...{ ...MAIL, id: expect.any(String) as string, tenant_id: a!.id, granted: true, metadata },
      ...{ granted_at: expect.stringMatching(/Z$/) as string, revoked_at: null },
      ...{ expires_at: null, version: 1 },
      ...{ created_at: expect.stringMatching(/Z$/) as string, updated_at: given.created_at },
    });
    expect(await active(a!)).toEqual(given);
    expect(await t.stratum.getActiveConsent(a!.id, "user-2", MAIL.purpose)).toBeNull();
    expect(await t.stratum.getActiveConsent(a!.id, MAIL.subject_id, "profiling")).toBeNull();
    expect(await revoke(a!)).toBe(true);
    expect(await active(a!)).toBeNull();
    const [record] = await t.stratum.listConsent(a!.id);
    expect(record).toMatchObject({ id: given.id, granted: false, version: 2 });
    expect(record!.revoked_at).not.toBeNull();
  });

  it("leaves a trail of being given, expiring, being revoked and being given again", async () => {
    const { b } = await t.grow(["b"]);
    const expires_at = new Date(Date.now() + 86_400_000).toISOString();
    await t.stratum.grantConsent(b!.id, { ...MAIL, expires_at, metadata: { n: 1 } }, ALICE);
    await letExpire(b!);
    expect(await active(b!)).toBeNull();
    await t.stratum.grantConsent(b!.id, { ...MAIL, expires_at, metadata: { n: 2 } });
    await letExpire(b!);
    await revoke(b!);
    await t.stratum.grantConsent(b!.id, MAIL);
    const entries = await trail(b!);
    expect(entries.map(({ action }) => action)).toEqual([
      "consent.granted",
      "consent.expired",
      "consent.granted",
      "consent.expired",
      "consent.revoked",
      "consent.granted",
    ]);
    const [first, expired, second, , revoked, last] = entries;
    expect(first).toMatchObject({
      ...{ ...ALICE, before_state: null },
      after_state: { ...MAIL, granted: true, expires_at, metadata: { n: 1 }, version: 1 },
    });
    expect(expired).toMatchObject({
      before_state: { ...MAIL, expired: false, version: 1 },
      after_state: { ...MAIL, expired: true, version: 1 },
    });
    expect(second).toMatchObject({
      before_state: { metadata: { n: 1 }, version: 1 },
      after_state: { metadata: { n: 2 }, version: 2 },
    });
    expect(revoked).toMatchObject({
      before_state: { granted: true, revoked_at: null },
      after_state: { granted: false, revoked_at: expect.any(String) as string },
    });
    expect(last).toMatchObject({
      before_state: { granted: false },
      after_state: { granted: true, revoked_at: null, expires_at: null, metadata: {} },
    });
    const events = await t.rows<{ type: string; data: object }>(
      "select type, data from stratum.webhook_events where tenant_id = $1 and type like 'consent.%' order by id",
      [b!.id],
    );
    expect(events.map(({ type }) => type)).toEqual([
      ...["consent.granted", "consent.granted", "consent.revoked", "consent.granted"],
    ]);
    const id = first!.resource_id;
    const data = { ...MAIL, consent_id: id, expires_at, version: 1 };
    expect(events[0]!.data).toEqual(data);
  });

  it("that has expired is put on record once, by whoever comes first", async () => {
    const g = await t.grow(["c", ["c1"], ["c2"]]);
    for (const tenant of Object.values(g)) await t.stratum.grantConsent(tenant.id, MAIL);
    for (const tenant of [g.c!, g.c1!]) await letExpire(tenant);
    await Promise.all([sweep(), sweep(), sweep(), revoke(g.c1!)]);
    await sweep();
    await revoke(g.c!);
    const all = ["consent.granted", "consent.expired", "consent.revoked"];
    expect(await actions(g.c!)).toEqual(all);
    expect(await actions(g.c1!)).toEqual(all);
    expect(await actions(g.c2!)).toEqual(["consent.granted"]);
    const [, swept] = await trail(g.c!);
    expect(swept).toMatchObject({
      ...{ actor_id: "system", actor_type: "system" },
      before_state: { ...MAIL, expired: false },
      after_state: { expired: true, expires_at: expect.stringMatching(/\.\d{3}Z$/) as string },
    });
    const [record] = await t.stratum.listConsent(g.c!.id);
    expect(record).toMatchObject({ granted: false, version: 2 });
  });

  it("given again after a look expires again", async () => {
    const { l } = await t.grow(["l"]);
    for (let round = 0; round < 2; round += 1) {
      await t.stratum.grantConsent(l!.id, MAIL);
      await letExpire(l!);
      await sweep();
    }
    const [granted, expired] = ["consent.granted", "consent.expired"];
    expect(await actions(l!)).toEqual([granted, expired, granted, expired]);
  });

  it("that was revoked or has not expired has no expiry to record", async () => {
    const g = await t.grow(["d", ["d1"]]);
    const expires_at = new Date(Date.now() + 60_000);
    await t.stratum.grantConsent(g.d!.id, { ...MAIL, expires_at });
    await t.stratum.grantConsent(g.d1!.id, { ...MAIL, expires_at });
    await revoke(g.d1!);
    await letExpire(g.d1!);
    await sweep();
    expect(await actions(g.d!)).toEqual(["consent.granted"]);
    expect(await actions(g.d1!)).toEqual(["consent.granted", "consent.revoked"]);
  });

  it("never given cannot be revoked, and is revoked once", async () => {
    const { e } = await t.grow(["e"]);
    expect(await revoke(e!)).toBe(false);
    await t.stratum.grantConsent(e!.id, MAIL);
    expect(await revoke(e!)).toBe(true);
    const [once] = await t.stratum.listConsent(e!.id);
    expect(await revoke(e!)).toBe(true);
    expect(await t.stratum.listConsent(e!.id)).toEqual([once]);
    expect(await actions(e!)).toEqual(["consent.granted", "consent.revoked"]);
  });

  it("is changed only as it was read, where a version is expected", async () => {
    const { f } = await t.grow(["f"]);
    await t.stratum.grantConsent(f!.id, MAIL);
    const late = { ...MAIL, expected_version: 2 };
    expect(await codeOf(t.stratum.grantConsent(f!.id, late))).toBe("VERSION_CONFLICT");
    const revoke = (expected_version: number) =>
      t.stratum.revokeConsent(f!.id, MAIL.subject_id, MAIL.purpose, { expected_version });
    expect(await codeOf(revoke(2))).toBe("VERSION_CONFLICT");
    expect(await revoke(1)).toBe(true);
    expect(await actions(f!)).toEqual(["consent.granted", "consent.revoked"]);
  });

  it("is listed newest first, of all subjects or of one, whole or in pages", async () => {
    const { h } = await t.grow(["h"]);
    for (const n of [1, 2, 3])
      for (const subject_id of ["x", "y"])
        await t.stratum.grantConsent(h!.id, { subject_id, purpose: `p${n}` });
    const all = await t.stratum.listConsent(h!.id);
    const named = ({ subject_id, purpose }: ConsentRecord) => `${subject_id} ${purpose}`;
    expect(all.map(named)).toEqual(["y p3", "x p3", "y p2", "x p2", "y p1", "x p1"]);
    const ofX = await t.stratum.listConsent(h!.id, "x");
    expect(ofX.map(named)).toEqual(["x p3", "x p2", "x p1"]);
    const first = await t.stratum.listConsent(h!.id, "x", { limit: 1 });
    expect(first).toMatchObject({ data: ofX.slice(0, 1), has_more: true });
    const rest = { limit: 2, cursor: first.next_cursor };
    expect(await t.stratum.listConsent(h!.id, "x", rest)).toEqual({
      ...{ data: ofX.slice(1), next_cursor: null, has_more: false },
    });
    const five = await t.stratum.listConsent(h!.id, null, { limit: 5, cursor: null });
    expect(five.data).toEqual(all.slice(0, 5));
    await t.rows(
      `insert into stratum.consent_records (id, tenant_id, subject_id, purpose)
       select gen_random_uuid(), $1, 's' || n, 'p' from generate_series(1, 10001) as n`,
      [h!.id],
    );
    expect(await codeOf(t.stratum.listConsent(h!.id))).toBe("RESULT_TOO_LARGE");
    const seven = await t.stratum.listConsent(h!.id, undefined, { limit: 7 });
    expect(seven.data).toHaveLength(7);
    expect(await t.stratum.listConsent(h!.id, "s7")).toHaveLength(1);
  });

  it("is recorded in active tenants alone, and can be revoked and read in any", async () => {
    const g = await t.grow(["i", ["i1"], ["i2"]]);
    for (const { id } of [g.i1!, g.i2!]) await t.stratum.grantConsent(id, MAIL);
    await t.stratum.suspendTenant(g.i1!.id);
    await t.stratum.archiveTenant(g.i2!.id);
    expect(await codeOf(t.stratum.grantConsent(g.i1!.id, MAIL))).toBe("TENANT_SUSPENDED");
    expect(await codeOf(t.stratum.grantConsent(g.i2!.id, MAIL))).toBe("TENANT_ARCHIVED");
    for (const tenant of [g.i1!, g.i2!]) {
      expect(await active(tenant)).toMatchObject(MAIL);
      expect(await revoke(tenant)).toBe(true);
      expect(await t.stratum.listConsent(tenant.id)).toHaveLength(1);
    }
  });

  it("in a tenant that a bound caller cannot see is as in an unknown one", async () => {
    const g = await t.grow(["j", ["j1", ["j2"]], ["j3"]]);
    await t.stratum.grantConsent(g.j3!.id, MAIL);
    await runAs(bound(g.j1!), async () => {
      for (const id of [g.j!.id, g.j3!.id, UNKNOWN]) {
        const { subject_id, purpose } = MAIL;
        for (const call of [
          t.stratum.grantConsent(id, MAIL),
          t.stratum.revokeConsent(id, subject_id, purpose),
          t.stratum.listConsent(id),
          t.stratum.getActiveConsent(id, subject_id, purpose),
        ])
          expect(await codeOf(call)).toBe("TENANT_NOT_FOUND");
      }
      for (const tenant of [g.j1!, g.j2!]) {
        await t.stratum.grantConsent(tenant.id, MAIL);
        expect(await active(tenant)).toMatchObject(MAIL);
      }
    });
    expect(await active(g.j3!)).toMatchObject(MAIL);
  });

  it("makes no cache forget its tenant", async () => {
    const { k } = await t.grow(["k"]);
    const readAnew = () => new Promise((done) => setTimeout(done, 600));
    // The feed has the tenant's own creation first.
    await readAnew();
    const before = await t.stratum.resolveConfig(k!.id);
    await t.stratum.grantConsent(k!.id, MAIL);
    await readAnew();
    expect(await t.stratum.resolveConfig(k!.id)).toBe(before);
  });
});
