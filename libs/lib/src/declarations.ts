import type { Type, ValueProvider } from "@nestjs/common";
import { SERVICES, type Services } from "./api/services";
import { SEALED_COLUMNS } from "./crypto/sealed-column";
import type { Feature } from "./feature";
import FEATURES from "./features";
import { CONTROL_TABLES } from "./persistence/control-table";
import { CONSTRAINT_ERRORS } from "./persistence/constraint-errors";
import { ENTITIES } from "./persistence/entities";
import { EVENT_TYPES } from "./persistence/event-types";

/** What a list of features declares in all. */
export function declaredBy(features: readonly Feature[]): Required<Feature> {
  return {
    modules: features.flatMap(({ modules = [] }) => modules),
    apis: features.flatMap(({ apis = [] }) => apis),
    services: Object.assign(
      {},
      ...features.map(({ services = {} }) => services),
    ) as Partial<Services>,
    entities: features.flatMap(({ entities = [] }) => entities),
    constraintErrors: Object.fromEntries(
      features.flatMap(({ constraintErrors = {} }) => Object.entries(constraintErrors)),
    ),
    controlTables: features.flatMap(({ controlTables = [] }) => controlTables),
    sealedColumns: features.flatMap(({ sealedColumns = [] }) => sealedColumns),
    events: Object.fromEntries(features.flatMap(({ events = {} }) => Object.entries(events))),
  };
}

/** What all features declare. */
export const DECLARED = declaredBy(FEATURES);

/** Nest modules with the services of the facade. */
export const MODULES: Type[] = [...DECLARED.modules];

/** Gives the declarations to what works on all of them, which imports no feature. */
export const DECLARATIONS: ValueProvider[] = [
  { provide: SERVICES, useValue: DECLARED.services },
  { provide: ENTITIES, useValue: DECLARED.entities },
  { provide: CONSTRAINT_ERRORS, useValue: DECLARED.constraintErrors },
  { provide: CONTROL_TABLES, useValue: DECLARED.controlTables },
  { provide: SEALED_COLUMNS, useValue: DECLARED.sealedColumns },
  { provide: EVENT_TYPES, useValue: DECLARED.events },
];
