import type { ApiRoutes } from "./api/api-route";
import { CONFIG_ROUTES } from "./configuration/config.routes";
import { TENANCY_ROUTES, TENANT_TREE_ROUTES } from "./tenants/tenant.routes";

/** The routes of every feature. */
export const FEATURES: readonly ApiRoutes[] = [TENANCY_ROUTES, TENANT_TREE_ROUTES, CONFIG_ROUTES];
