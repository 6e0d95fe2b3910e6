/**
 * Migrations only expand, so that old and new processes run side by side, and are never reverted:
 * going back is restoring a backup.
 */
export function irreversible(name: string): Promise<never> {
  return Promise.reject(
    new Error(`${name} cannot be reverted; restore a backup taken before it was applied.`),
  );
}
