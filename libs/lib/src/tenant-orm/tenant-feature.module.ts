import { Module, type DynamicModule, type FactoryProvider } from "@nestjs/common";
import { Repository } from "typeorm";
import { inContext } from "./in-context";
import { getTenantRepositoryToken } from "./inject-tenant-repository.decorator";
import { TenantEntities, type Entity } from "./tenant-entities";
import { TenantOrm } from "./tenant-orm";

/** What {@link TenantFeatureModule.forEntities} takes beside entities of tenants. */
export interface TenantFeatureOptions {
  /** Entities without tenant_id that tenants' refer to: the same rows for all, which these only read. */
  readonly references?: readonly Entity[];
}

/** The entities of one module of the application, and their repositories. */
@Module({})
export class TenantFeatureModule {
  static forEntities(
    entities: readonly Entity[],
    { references = [] }: TenantFeatureOptions,
  ): DynamicModule {
    const repositories = [...entities, ...references].map(repositoryOf);
    const declared: FactoryProvider = {
      provide: Symbol("stratum.entities"),
      useFactory: (all: TenantEntities) => all.add(entities, references),
      inject: [TenantEntities],
    };
    return {
      module: TenantFeatureModule,
      providers: [declared, ...repositories],
      exports: repositories,
    };
  }
}

function repositoryOf(entity: Entity): FactoryProvider<Repository<object>> {
  return {
    provide: getTenantRepositoryToken(entity),
    useFactory: (orm: TenantOrm) =>
      inContext(Repository<object>, () => orm.manager.getRepository(entity)),
    inject: [TenantOrm],
  };
}
