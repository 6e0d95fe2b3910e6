import type { StratumApi } from "@stratum-hq/core";
import type { LocalApi } from "./local-api";

/**
 * What {@link Stratum} has.
 *
 * @deprecated its name of before: {@link StratumApi} is what every door has, {@link LocalApi} what the library has beside
 */
export type Operations = StratumApi & LocalApi;
