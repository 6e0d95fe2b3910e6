import { MasterKeyring, runAs, Stratum } from "@stratum-hq/lib";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { rivals } from "../../../../test/support/rivals";
import { times } from "../../../../test/support/scale";
import { TestKms } from "../../../../test/support/test-kms";
import { codeOf, useStratum } from "../../../../test/support/use-stratum";

const newKey = (): string => randomBytes(32).toString("base64");

describe("the rotation of keys", () => {
  const t = useStratum();
  const kms = new TestKms();
  let stratum: Stratum;

  beforeAll(() => {
    stratum = new Stratum({ pool: t.pool, keyProvider: kms });
  });
  afterAll(() => stratum.close());

  async function tenantWith(values: number, name = "t"): Promise<string> {
    const { id } = await stratum.createTenant({ name });
    const entries = Array.from({ length: values }, (_, n) => ({
      ...{ key: `k.${n}`, value: `secret ${n}`, sensitive: true },
    }));
    if (values > 0) await stratum.batchSetConfig(id, entries);
    return id;
  }

  /** What a process reads that has nothing in memory. */
  async function readAfresh(id: string): Promise<unknown[]> {
    const fresh = new Stratum({ pool: t.pool, keyProvider: kms });
    const config = await fresh.resolveConfig(id);
    await fresh.close();
    return Object.values(config).map(({ value, error }) => error ?? value);
  }

  const ciphertexts = (id: string) =>
    t.rows(
      "select key, value, version from stratum.config_entries where tenant_id = $1 order by key",
      [id],
    );

  describe("of the master key", () => {
    it("wraps every data key anew and touches no value; nothing needs the old one then", async () => {
      const ids = [await tenantWith(3), await tenantWith(1)];
      await stratum.createApiKey(ids[0]!);
      const before = await ciphertexts(ids[0]!);
      const old = await kms.currentKeyId();
      const current = kms.rotate();
      const count = await t.rows("select from stratum.tenant_keys where master_key_id = $1", [old]);
      expect(await stratum.rotateEncryptionKey(old, current)).toMatchObject({
        master_key_id: current,
        data_keys_rotated: count.length,
      });
      kms.destroy(old);
      expect(await ciphertexts(ids[0]!)).toEqual(before);
      expect(await readAfresh(ids[0]!)).toEqual(["secret 0", "secret 1", "secret 2"]);
      expect(await readAfresh(ids[1]!)).toEqual(["secret 0"]);
      expect(await stratum.rotateEncryptionKey()).toMatchObject({ data_keys_rotated: 0 });
    });

    it("leaves a row at the platform, with its operation", async () => {
      const { operation_id } = await stratum.rotateEncryptionKey();
      const [row] = await stratum.queryAuditLogs({ action: "encryption_key.rotated", limit: 1 });
      expect(row).toMatchObject({ tenant_id: null, metadata: { operation: operation_id } });
      expect(await stratum.getOperation(operation_id)).toMatchObject({
        ...{ type: "key_rotation", state: "succeeded", tenant_id: null },
      });
    });

    it("takes the texts of the keys, where the provider holds both, and never says them", async () => {
      const [old, current, unknown] = [newKey(), newKey(), "a-passphrase-of-another-system"];
      const before = new Stratum({ pool: t.pool, keyProvider: new MasterKeyring([old]) });
      const { id } = await before.createTenant({ name: "text" });
      await before.setConfig(id, "k", { value: "secret", sensitive: true });
      await expect(before.rotateEncryptionKey(old, current)).rejects.toMatchObject({
        code: "VALIDATION_ERROR",
        message: expect.not.stringContaining(current) as unknown,
      });
      await before.close();
      const both = new Stratum({ pool: t.pool, keyProvider: new MasterKeyring([current, old]) });
      expect(await both.rotateEncryptionKey(unknown, current)).toMatchObject({
        data_keys_rotated: 0,
      });
      expect(await both.rotateEncryptionKey(old, current)).toMatchObject({ data_keys_rotated: 1 });
      await both.close();
      const after = new Stratum({ pool: t.pool, keyProvider: new MasterKeyring([current]) });
      expect((await after.resolveConfig(id))["k"]).toMatchObject({ value: "secret" });
      await after.close();
      const rows = await t.rows(`select to_json(o)::text from stratum.operations as o
        union all select to_json(a)::text from stratum.audit_logs as a`);
      for (const text of [old, current, unknown]) expect(JSON.stringify(rows)).not.toContain(text);
      await t.rows("delete from stratum.tenants where id = $1", [id]);
    });

    it("goes past data keys whose master key is lost, says which, and is resumed when it is back", async () => {
      const lost = new TestKms();
      const other = new Stratum({ pool: t.pool, keyProvider: lost });
      const { id } = await other.createTenant({ name: "lost" });
      await other.setConfig(id, "k", { value: "secret", sensitive: true });
      await other.close();
      const readable = await tenantWith(1);
      const current = kms.rotate();
      const missing = await lost.currentKeyId();
      await expect(stratum.rotateEncryptionKey()).rejects.toMatchObject({
        ...{ code: "MASTER_KEY_UNAVAILABLE", details: { master_key_id: missing } },
      });
      const wrappedBy = async (tenant: string) =>
        (
          await t.rows("select master_key_id as k from stratum.tenant_keys where tenant_id = $1", [
            tenant,
          ])
        )[0]!["k"];
      expect(await wrappedBy(readable)).toBe(current);
      expect(await wrappedBy(id)).toBe(missing);
      const [operation] = (await stratum.listOperations({ type: "key_rotation", limit: 1 })).data;
      expect(operation).toMatchObject({
        state: "failed",
        error: { code: "MASTER_KEY_UNAVAILABLE" },
      });
      await t.rows("delete from stratum.tenant_keys where tenant_id = $1", [id]);
      expect(await stratum.resumeOperation(operation!.id)).toMatchObject({ state: "succeeded" });
    });

    it("is the platform's alone", async () => {
      const id = await tenantWith(0);
      const as = (actor: object, call: () => Promise<unknown>) =>
        runAs({ actor_id: "a", actor_type: "api_key", ...actor }, () => codeOf(call()));
      const all = ["admin"];
      const bound = { tenant_id: id, scopes: all };
      expect(await as(bound, () => stratum.rotateEncryptionKey())).toBe("FORBIDDEN");
      expect(await as({ scopes: all }, () => stratum.rotateEncryptionKey())).toBe("FORBIDDEN");
      // The facade holds nobody to scopes that were not told.
      expect(await as({}, () => stratum.rotateEncryptionKey())).toBe("FORBIDDEN");
      expect(await as({}, () => stratum.rotateDataKey(null))).toBe("FORBIDDEN");
      expect(await as(bound, () => stratum.rotateDataKey(null))).toBe("FORBIDDEN");
      expect(await as(bound, () => stratum.rotateDataKey(id))).toBe("ok");
      const foreign = await tenantWith(0);
      expect(await as(bound, () => stratum.rotateDataKey(foreign))).toBe("TENANT_NOT_FOUND");
    });
  });

  describe("of a data key", () => {
    it("encrypts every value anew, and what an older copy of the rows holds is unreadable", async () => {
      const id = await tenantWith(450);
      const before = await ciphertexts(id);
      const result = await stratum.rotateDataKey(id);
      expect(result).toMatchObject({ version: 2, values_rotated: 450, values_unreadable: 0 });
      expect(result.destroyed_key_ids).toHaveLength(1);
      expect(await readAfresh(id)).toHaveLength(450);
      const versions = await t.rows<{ n: string; versions: number }>(
        `select split_part(value #>> '{}', '.', 2) as n, count(distinct version)::int as versions
         from stratum.config_entries where tenant_id = $1 group by 1`,
        [id],
      );
      expect(versions).toEqual([{ n: "2", versions: 1 }]);
      await t.rows(
        `update stratum.config_entries as e set value = r.value
         from jsonb_to_recordset($2) as r(key text, value jsonb)
         where e.tenant_id = $1 and e.key = r.key`,
        [id, JSON.stringify(before)],
      );
      expect(new Set(await readAfresh(id))).toEqual(new Set(["DECRYPTION_FAILED"]));
    });

    it("of the platform encrypts its secrets anew", async () => {
      const key = await stratum.createApiKey(await tenantWith(0));
      expect(await stratum.rotateDataKey(null)).toMatchObject({ values_rotated: 1 });
      const fresh = new Stratum({ pool: t.pool, keyProvider: kms });
      expect(await fresh.validateApiKey(key.plaintext_key)).not.toBeNull();
      await fresh.close();
    });

    it("leaves a value that does not decrypt, and the key that may yet", async () => {
      const id = await tenantWith(3);
      await t.rows(
        `update stratum.config_entries set key = 'moved' where tenant_id = $1 and key = 'k.1'`,
        [id],
      );
      expect(await stratum.rotateDataKey(id)).toMatchObject({
        ...{ values_rotated: 2, values_unreadable: 1, destroyed_key_ids: [] },
      });
      await t.rows(
        `update stratum.config_entries set key = 'k.1' where tenant_id = $1 and key = 'moved'`,
        [id],
      );
      expect(await readAfresh(id)).toEqual(["secret 0", "secret 1", "secret 2"]);
    });

    it("waits for who encrypts under the version before, and encrypts that anew too", async () => {
      const id = await tenantWith(1);
      await t.rows(`create function public.dawdle() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock(4711); return new; end $$`);
      await t.rows(`create trigger dawdle before insert on stratum.config_entries
        for each row when (new.key = 'slow') execute function public.dawdle()`);
      const blocker = await t.pool.connect();
      await blocker.query("begin; select pg_advisory_xact_lock(4711)");
      const written = stratum.setConfig(id, "slow", { value: "late", sensitive: true });
      await waiting("config_entries");
      const rotated = stratum.rotateDataKey(id);
      await waiting("tenant_keys");
      await blocker.query("commit");
      blocker.release();
      await written;
      expect(await rotated).toMatchObject({ values_rotated: 2 });
      expect(await readAfresh(id)).toEqual(["secret 0", "late"]);
      await t.rows("drop trigger dawdle on stratum.config_entries");
    });

    /** Until a statement on the table waits for a lock. */
    async function waiting(table: string): Promise<void> {
      for (;;) {
        const found = await t.rows(
          `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
             and wait_event_type = 'Lock' and query like '%stratum.' || $1 || '%'`,
          [table],
        );
        if (found.length > 0) return;
        await sleep(5);
      }
    }

    it("loses nothing that is written meanwhile, and never leaves a moment without a value", async () => {
      const racing = rivals(t.database, { keyProvider: kms });
      const [writer, rotator] = racing.stratums as [Stratum, Stratum];
      const id = await tenantWith(5);
      for (let round = 0; round < times(15, 150); round += 1) {
        const value = `round ${round}`;
        const writing = { ended: false };
        const writes = [0, 1, 2].map((n) =>
          writer.setConfig(id, `k.${n}`, { value, sensitive: true }),
        );
        const reads = (async () => {
          while (!writing.ended) {
            const config = await stratum.resolveConfig(id, {
              consistency: "strong",
            });
            expect(Object.values(config).filter(({ error }) => error)).toEqual([]);
          }
        })();
        await Promise.all([...writes, rotator.rotateDataKey(id)]);
        writing.ended = true;
        await reads;
        const all = await readAfresh(id);
        expect(all).toEqual([value, value, value, "secret 3", "secret 4"]);
      }
      await racing.close();
    });
  });
});
