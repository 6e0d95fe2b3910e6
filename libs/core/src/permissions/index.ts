/** Permissions. */
export * from "./permission.errors";
export {
  banPermissionSchema,
  createPermissionSchema,
  deletePermissionSchema,
  PERMISSION_MODES,
  PERMISSION_ORIGINS,
  permissionKeySchema,
  REVOCATION_MODES,
  updatePermissionSchema,
  type BanPermissionInput,
  type CreatePermissionInput,
  type DeletePermissionInput,
  type PermissionBan,
  type PermissionMode,
  type PermissionOrigin,
  type PermissionPolicy,
  type RevocationMode,
  type UpdatePermissionInput,
} from "./permission.schemas";
export {
  explainFold,
  foldPermissions,
  type PermissionChainLink,
  type PermissionExplanation,
  type PermissionLevel,
  type PermissionLevelPolicy,
  type ResolvedPermission,
  type ResolvedPermissions,
} from "./permission-fold";
export { PERMISSIONS_API, type PermissionsApi } from "./api";
