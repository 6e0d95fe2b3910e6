import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { ServerUser } from "./server-user";

/**
 * Opens a file of a data directory for writing, readable by the server's user alone. The directory belongs
 * to that user, who may have put a link of either kind there: root must not write or give away its target.
 *
 * @throws Error ELOOP, EMLINK
 */
export function openOwned(path: string, flags: number, user: ServerUser | null): number {
  const { O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
  const file = openSync(path, flags | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  if (fstatSync(file).nlink !== 1) {
    closeSync(file);
    throw Object.assign(new Error(`${path} is a hard link`), { code: "EMLINK", syscall: "open" });
  }
  if (user !== null) fchownSync(file, user.uid, user.gid);
  return file;
}

/** Puts a file into a data directory, whole or not at all. */
export function writeOwned(path: string, text: string, user: ServerUser | null): void {
  const draft = `${path}.${randomUUID()}`;
  const file = openOwned(draft, constants.O_EXCL, user);
  try {
    writeFileSync(file, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
