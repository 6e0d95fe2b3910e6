import { randomBytes } from "node:crypto";
import { MasterKeyring, Stratum, type KeyProvider } from "@stratum-hq/lib";
import type { BenchContext, Work, Workload } from "../harness";
import { chain } from "../seed";

const TENANTS = 1000;
const VALUES = 100;

/** Two master keys that take turns. */
class TurningKeyProvider implements KeyProvider {
  readonly #keys = [0, 1].map(() => randomBytes(32).toString("base64")) as [string, string];
  #turned = false;

  turn(): string {
    const [first, second] = this.#keys;
    this.#turned = !this.#turned;
    return this.#turned ? first : second;
  }

  currentKeyId = (): Promise<string> => this.ring.currentKeyId();
  wrap: KeyProvider["wrap"] = (key, context) => this.ring.wrap(key, context);
  unwrap: KeyProvider["unwrap"] = (key, context) => this.ring.unwrap(key, context);

  private get ring(): MasterKeyring {
    const [first, second] = this.#keys;
    return new MasterKeyring(this.#turned ? [second, first] : [first, second]);
  }
}

/** A rotation of the data keys of tenants that have so many sensitive values each. */
async function rotation({ pool }: BenchContext, values: number): Promise<Work> {
  const keyProvider = new TurningKeyProvider();
  const stratum = new Stratum({ pool, keyProvider });
  const entries = Array.from({ length: values }, (_, n) => ({
    ...{ key: `secret.${n}`, value: { n, text: "x".repeat(40) }, sensitive: true },
  }));
  for (let from = 0; from < TENANTS; from += 500) {
    const names = Array.from({ length: 500 }, (_, n) => ({ name: `t ${values} ${from + n}` }));
    const { created } = await stratum.batchCreateTenants(names);
    for (const { id } of created) await stratum.batchSetConfig(id, entries);
  }
  return async () => {
    const old = keyProvider.turn();
    const { data_keys_rotated } = await stratum.rotateEncryptionKey(old);
    if (data_keys_rotated !== TENANTS) throw new Error(`${data_keys_rotated} keys rotated`);
  };
}

const masterKeyRotation: Workload = {
  name: "key-rotation",
  title: `rotateEncryptionKey, ${TENANTS} tenants with ${VALUES} sensitive values each | with 1 each`,
  kind: "time",
  bound: 1.2,
  prepare: async (context) => ({
    ours: await rotation(context, VALUES),
    baseline: await rotation(context, 1),
    pairs: 15,
  }),
};

const KEYS = 50;
const SENSITIVE = 10;

const resolveSensitive: Workload = {
  name: "resolve-sensitive",
  title: `resolveConfig warm, ${KEYS} keys, ${SENSITIVE} of them sensitive | none`,
  kind: "time",
  bound: 1.2,
  prepare: async ({ stratum }) => {
    const [secret] = await chain(stratum, 1);
    const [plain] = await chain(stratum, 1);
    const entries = Array.from({ length: KEYS }, (_, n) => ({ key: `key.${n}`, value: { n } }));
    await stratum.batchSetConfig(plain!.id, entries);
    await stratum.batchSetConfig(
      secret!.id,
      entries.map((entry, n) => ({ ...entry, sensitive: n < SENSITIVE })),
    );
    return {
      ours: () => stratum.resolveConfig(secret!.id),
      baseline: () => stratum.resolveConfig(plain!.id),
      batch: 1000,
      pairs: 60,
    };
  },
};

export const ENCRYPTION_WORKLOADS: readonly Workload[] = [resolveSensitive, masterKeyRotation];
