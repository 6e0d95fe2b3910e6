import type { AuditEntry, Stratum } from "@stratum-hq/lib";
import { deadlocks, race, rivals, type Rivals } from "../support/rivals";
import { times } from "../support/scale";
import { useStratum } from "../support/use-stratum";

const ROUNDS = times(25, 400);
const MAIL = { subject_id: "s", purpose: "p" };

describe("concurrent changes of a consent", () => {
  const t = useStratum();
  let two: Rivals;
  let one: Stratum;
  let other: Stratum;

  beforeAll(() => {
    two = rivals(t.database);
    [one, other] = two.stratums as [Stratum, Stratum];
  });

  /** What the log has of a tenant's consent, in the order in which the record took it up. */
  async function trail(tenantId: string) {
    const query = { tenant_id: tenantId, resource_type: "consent" };
    const versionOf = ({ after_state }: AuditEntry) => (after_state as { version: number }).version;
    const entries = await t.stratum.queryAuditLogs(query);
    return entries.sort((a, b) => versionOf(a) - versionOf(b));
  }

  /** Every change begins where the one before it ended. */
  function expectUnbroken(entries: Awaited<ReturnType<typeof trail>>): void {
    for (const [n, { before_state }] of entries.entries())
      expect(before_state).toEqual(n === 0 ? null : entries[n - 1]!.after_state);
  }

  it("that give it at once make one record, and two rows that follow each other", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { r } = await t.grow(["r"]);
      const grant = (by: Stratum, n: number) => () =>
        by.grantConsent(r!.id, { ...MAIL, metadata: { n } });
      expect(await race(grant(one, 1), grant(other, 2))).toEqual(["ok", "ok"]);
      const [record, ...none] = await t.stratum.listConsent(r!.id);
      expect([record!.version, none]).toEqual([2, []]);
      const entries = await trail(r!.id);
      expect(entries).toHaveLength(2);
      expectUnbroken(entries);
      expect(entries[1]!.after_state).toMatchObject({ metadata: record!.metadata });
    }
  });

  it("that give and revoke it leave what the last of them says", async () => {
    let revoked = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { r } = await t.grow(["r"]);
      await one.grantConsent(r!.id, MAIL);
      const ended = await race(
        () => one.grantConsent(r!.id, MAIL),
        () => other.revokeConsent(r!.id, MAIL.subject_id, MAIL.purpose),
      );
      expect(ended).toEqual(["ok", "ok"]);
      const entries = await trail(r!.id);
      expectUnbroken(entries);
      const [record] = await t.stratum.listConsent(r!.id);
      expect(entries.at(-1)!.action).toBe(record!.granted ? "consent.granted" : "consent.revoked");
      expect(record!.version).toBe(entries.length);
      if (!record!.granted) revoked += 1;
    }
    console.log(`consent: ${revoked} of ${ROUNDS} were revoked last`);
  });

  it("and a suspension of its tenant leave none given after it", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { r } = await t.grow(["r"]);
      const [grant, suspension] = await race(
        () => one.grantConsent(r!.id, MAIL),
        () => other.suspendTenant(r!.id),
      );
      expect(suspension).toBe("ok");
      expect(["ok", "TENANT_SUSPENDED"]).toContain(grant);
      const [late] = await t.rows<{ n: number }>(
        `select count(*)::int as n from stratum.consent_records as c
         join stratum.tenants as t on t.id = c.tenant_id
         where t.id = $1
           and pg_xact_commit_timestamp(c.xmin) > pg_xact_commit_timestamp(t.xmin)`,
        [r!.id],
      );
      expect(late?.n).toBe(0);
      expect(await trail(r!.id)).toHaveLength(grant === "ok" ? 1 : 0);
    }
  });

  it("are none of them ended by PostgreSQL as a deadlock", async () => {
    // Connections report what they counted at the latest when they end.
    await two.close();
    await new Promise((done) => setTimeout(done, 500));
    expect(await deadlocks(t.database)).toBe(0);
  });
});
