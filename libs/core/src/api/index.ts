/** How the methods of Stratum travel, whichever door they are asked through. */
export type { ApiMethod, ArgumentPlace, Effect, Escalation } from "./api-method";
