/** Encryption. */
export * from "./limits";
export * from "./crypto.errors";
export {
  masterKeySchema,
  type DataKeyRotationResult,
  type MasterKeyRotationResult,
} from "./key-rotation.schemas";
export { KEY_ROTATION_API, type KeyRotationApi } from "./api";
