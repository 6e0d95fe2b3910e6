/** Injects the entities that all features declare: every table of schema `stratum`. */
export const ENTITIES = Symbol("stratum.entities");
