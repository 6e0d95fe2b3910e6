import type { Row } from "./canary-row";
import type { Canary, Stage } from "./stage";
import type { Target } from "./target";

/** Two canaries that both have a row of the table; the stage is the attacker's. */
export interface Scene {
  readonly stage: Stage;
  readonly target: Target;
  readonly attacker: Canary;
  readonly victim: Canary;
  readonly own: Row;
  readonly foreign: Row;
}
