import { Global, Module } from "@nestjs/common";
import { EntityManager } from "typeorm";
import { IsolationModule } from "../isolation/isolation.module";
import { inContext } from "./in-context";
import { TENANT_ENTITY_MANAGER } from "./inject-tenant-repository.decorator";
import { TenantEntities } from "./tenant-entities";
import { TenantOrm } from "./tenant-orm";

/** Global, so that it starts before the modules that use its repositories in hooks of theirs. */
@Global()
@Module({
  imports: [IsolationModule],
  providers: [
    TenantEntities,
    TenantOrm,
    {
      provide: TENANT_ENTITY_MANAGER,
      useFactory: (orm: TenantOrm) => inContext(EntityManager, () => orm.manager),
      inject: [TenantOrm],
    },
  ],
  exports: [TenantEntities, TenantOrm, TENANT_ENTITY_MANAGER],
})
export class TenantOrmModule {}
