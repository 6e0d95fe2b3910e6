import { Inject, type InjectionToken } from "@nestjs/common";
import type { Entity } from "./tenant-entities";

const tokens = new Map<Entity, InjectionToken>();

/** The token of an entity's repository, to provide another one in a test. */
export function getTenantRepositoryToken(entity: Entity): InjectionToken {
  const token = tokens.get(entity) ?? Symbol("stratum.repository");
  tokens.set(entity, token);
  return token;
}

/** The token of {@link InjectTenantEntityManager}. */
export const TENANT_ENTITY_MANAGER: InjectionToken = Symbol("stratum.entity_manager");

/**
 * Injects a TypeORM `Repository` of an entity that `StratumModule.forFeature` declares: each call is one of the
 * tenant in context, in the transaction of `@Transactional()` where there is one, and throws
 * TenantContextMissingError outside of a context.
 *
 * @example
 * constructor(@InjectTenantRepository(Order) private readonly orders: Repository<Order>) {}
 */
export function InjectTenantRepository(entity: Entity): ParameterDecorator & PropertyDecorator {
  return Inject(getTenantRepositoryToken(entity));
}

/** Injects a TypeORM `EntityManager` that works as {@link InjectTenantRepository} does. */
export function InjectTenantEntityManager(): ParameterDecorator & PropertyDecorator {
  return Inject(TENANT_ENTITY_MANAGER);
}
