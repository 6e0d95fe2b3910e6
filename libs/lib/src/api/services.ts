import type { Type } from "@nestjs/common";
import type { MethodName } from "./required-scopes";

/** The service that has each method of the facade. */
export type Services = Readonly<Record<MethodName, Type>>;

/** Injects the services that all features declare. */
export const SERVICES = Symbol("stratum.services");
