import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { STRATUM_API } from "@stratum-hq/core";
import type { ApiRoutes } from "./api/api-route";

const load = createRequire(__filename);

/** Where the first method of a feature is in the table of the API. */
function placeOf({ methods }: ApiRoutes): number {
  const [first = ""] = Object.keys(methods);
  return Object.keys(STRATUM_API).indexOf(first);
}

/**
 * The routes of every feature, found by the names of their files, in the order of the table. Nothing has to list them:
 * the server does not start without the routes of a method.
 */
export const FEATURES: readonly ApiRoutes[] = readdirSync(__dirname, {
  recursive: true,
  encoding: "utf8",
})
  .filter((file) => /\.routes\.(js|ts)$/.test(file))
  .flatMap((file) => Object.values(load(join(__dirname, file)) as Record<string, ApiRoutes>))
  .filter((exported) => "routes" in exported)
  .sort((a, b) => placeOf(a) - placeOf(b));
