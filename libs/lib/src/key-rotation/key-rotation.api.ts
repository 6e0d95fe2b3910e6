import * as core from "@stratum-hq/core";
import { apiToken } from "../api-token";

/** Rotation of keys, to inject: `constructor(private readonly api: KeyRotationApi)`. */
export const KeyRotationApi = apiToken<core.KeyRotationApi>(
  "KeyRotationApi",
  core.KEY_ROTATION_API,
);
export type KeyRotationApi = core.KeyRotationApi;
