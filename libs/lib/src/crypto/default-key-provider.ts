import { MasterKeyMissingError } from "@stratum-hq/core";
import { join } from "node:path";
import { FileKeyProvider } from "./file-key-provider";
import type { KeyProvider } from "./key-provider";
import { MasterKeyring } from "./master-keyring";

/** Where development keeps its master key: beside the data of the embedded PostgreSQL. */
const DEVELOPMENT_FILE = join(".stratum", "master.key");

/**
 * The provider of who passes none, from the environment: STRATUM_MASTER_KEY with, during a rotation,
 * STRATUM_MASTER_KEY_PREVIOUS; or STRATUM_MASTER_KEY_FILE. Without them a key is made on first need and kept
 * in `.stratum/master.key` of the working directory, but not in production.
 *
 * @throws MasterKeyMissingError in production, MasterKeyInvalidError
 */
export function defaultKeyProvider(env: NodeJS.ProcessEnv): KeyProvider {
  const { STRATUM_MASTER_KEY: current, STRATUM_MASTER_KEY_PREVIOUS: previous } = env;
  if (current !== undefined) {
    const keys = previous === undefined ? [current] : [current, ...previous.split(",")];
    return new MasterKeyring(keys, "STRATUM_MASTER_KEY and STRATUM_MASTER_KEY_PREVIOUS");
  }
  const file = env["STRATUM_MASTER_KEY_FILE"];
  if (file !== undefined) return new FileKeyProvider(file);
  if (env.NODE_ENV === "production") throw new MasterKeyMissingError();
  return new FileKeyProvider(join(process.cwd(), DEVELOPMENT_FILE), true);
}
