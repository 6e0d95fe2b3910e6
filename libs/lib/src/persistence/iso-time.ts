import type { ValueTransformer } from "typeorm";

/** TypeORM makes a Date of every timestamp; callers get ISO 8601 text in UTC. */
export const ISO_TIME: ValueTransformer = {
  from: (time: Date | null) => time?.toISOString() ?? null,
  to: (time: unknown) => time,
};
