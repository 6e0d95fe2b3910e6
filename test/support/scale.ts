/** Whether the long runs were asked for: `npm run test:soak`. */
export const SOAK = process.env.STRATUM_SOAK === "1";

/** How often to repeat: `suite` times in `npm test`, `soak` times in `npm run test:soak`. */
export function times(suite: number, soak: number): number {
  return SOAK ? soak : suite;
}
