/**
 * The algebra of tenant paths. A path is an ltree: one label per level, from the root to the tenant
 * itself, each label the 32 hex digits of that tenant's id. So a path holds every ancestor's id, and
 * renaming a slug touches no path.
 */

/** A tenant's position: labels of 32 hex digits joined by dots. */
export type TenantPath = string;

const LABEL_LENGTH = 32;

/** The ltree label of a tenant: its UUID without hyphens. */
export function labelOf(tenantId: string): string {
  return tenantId.replaceAll("-", "").toLowerCase();
}

/** The UUID that a label stands for. */
export function idOf(label: string): string {
  const [a, b, c] = [label.slice(0, 8), label.slice(8, 12), label.slice(12, 16)];
  return `${a}-${b}-${c}-${label.slice(16, 20)}-${label.slice(20)}`;
}

/** The path of a tenant under a parent's path, or of a root where that is null. */
export function childPath(parentPath: TenantPath | null, tenantId: string): TenantPath {
  return parentPath === null ? labelOf(tenantId) : `${parentPath}.${labelOf(tenantId)}`;
}

/** Ids from the root to the tenant itself. */
export function chainOf(path: TenantPath): string[] {
  return path.split(".").map(idOf);
}

/** Ids from the root to the parent; empty for a root. */
export function ancestorsOf(path: TenantPath): string[] {
  return chainOf(path).slice(0, -1);
}

/** The id of the tree's root. */
export function rootOf(path: TenantPath): string {
  return idOf(path.slice(0, LABEL_LENGTH));
}

/** Levels above the tenant: 0 for a root. */
export function depthOf(path: TenantPath): number {
  return Math.floor(path.length / (LABEL_LENGTH + 1));
}

/** Whether `path` lies in the subtree of `tenantId`, that tenant included. */
export function isWithin(path: TenantPath, tenantId: string): boolean {
  return path.split(".").includes(labelOf(tenantId));
}

/** Whether `path` lies below `tenantId`, that tenant excluded. */
export function isBelow(path: TenantPath, tenantId: string): boolean {
  return isWithin(path, tenantId) && !path.endsWith(labelOf(tenantId));
}

/** The ancestors as callers see them: `/` for a root, else `/a/b`, ids from the root to the parent. */
export function ancestryPathOf(path: TenantPath): string {
  const own = path.length - LABEL_LENGTH;
  if (own <= 0) return "/";
  let ancestry = "";
  for (let start = 0; start < own; start += LABEL_LENGTH + 1) {
    ancestry += `/${idOf(path.slice(start, start + LABEL_LENGTH))}`;
  }
  return ancestry;
}

/**
 * The least ltree greater than every path below `path` in btree order. ltree compares label by label,
 * bytewise: no label of hex digits is greater than `z`.
 */
export function subtreeUpperBound(path: TenantPath): TenantPath {
  return `${path}.z`;
}
