/** What every method rejects with. */
export { StratumError, type ErrorDetails } from "./stratum-error";
export { ERROR_CATALOGUE, ERROR_PAGE, type ErrorCode } from "../codes";
export type { ErrorDescription } from "./error-description";
