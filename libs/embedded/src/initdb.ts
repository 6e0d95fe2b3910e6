import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import type { Binaries } from "./binaries";
import { EmbeddedPostgresError } from "./embedded-postgres.error";
import type { Place } from "./place";

/** The superuser of the cluster. */
export const SUPERUSER = "stratum";
const PASSWORD_BYTES = 24;
const OUTPUT_CHARACTERS = 2_000;

/**
 * Makes a cluster with one superuser, who needs a random password that is left in a file.
 *
 * @throws EmbeddedPostgresError START_FAILED
 */
export async function initdb(
  { dataDir, user }: Place,
  passwordFile: string,
  binaries: Binaries,
  fsync: boolean,
): Promise<void> {
  mkdirSync(dataDir, { mode: 0o700 });
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  writeFileSync(passwordFile, password, { mode: 0o600, flag: "wx" });
  if (user !== null) {
    chownSync(dataDir, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const options = [
    ["--pgdata", dataDir],
    ["--username", SUPERUSER],
    ["--pwfile", passwordFile],
    ["--auth", "scram-sha-256"],
    ["--encoding", "UTF8"],
    ["--locale", "C"],
    ["--no-instructions"],
    fsync ? [] : ["--no-sync"],
  ].flat();
  const child = spawn(binaries.initdb, options, {
    ...user,
    cwd: "/",
    env: { ...process.env, LC_ALL: "C" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const status = await new Promise<number | null>((done) => {
    child.on("error", (error) => {
      output += String(error);
      done(null);
    });
    child.on("close", done);
  });
  if (status === 0) return;
  throw new EmbeddedPostgresError(
    "START_FAILED",
    `initdb could not make a cluster in ${dataDir}. Check free space and permissions.`,
    output.slice(-OUTPUT_CHARACTERS),
  );
}
