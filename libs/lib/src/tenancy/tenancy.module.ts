import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { ApartStore } from "./apart.store";
import { CallerStanding } from "./caller-standing";
import { Mutations } from "./mutations";
import { RehearsalStore } from "./rehearsal.store";
import { TenantCreationService } from "./tenant-creation.service";
import { TenantCreationStore } from "./tenant-creation.store";
import { TenantDirectory } from "./tenant-directory";
import { TenantListService } from "./tenant-list.service";
import { TenantMoveService } from "./tenant-move.service";
import { TenantMoveStore } from "./tenant-move.store";
import { TenantService } from "./tenant.service";
import { TenantStatusService } from "./tenant-status.service";
import { TenantStatusStore } from "./tenant-status.store";
import { TenantStorages } from "./tenant-storages";
import { TenantStore } from "./tenant.store";
import { TenantTreeService } from "./tenant-tree.service";
import { TreeLocksStore } from "./tree-locks.store";

const SERVICES = [
  TenantService,
  TenantCreationService,
  TenantListService,
  TenantTreeService,
  TenantMoveService,
  TenantStatusService,
];

@Module({
  imports: [PersistenceModule, CryptoModule],
  providers: [
    ...SERVICES,
    Mutations,
    RehearsalStore,
    ApartStore,
    TenantStore,
    TenantCreationStore,
    TenantStorages,
    TenantMoveStore,
    TenantStatusStore,
    TreeLocksStore,
    TenantDirectory,
    CallerStanding,
  ],
  exports: [
    CallerStanding,
    ...SERVICES,
    Mutations,
    TenantStore,
    TreeLocksStore,
    TenantStorages,
    TenantDirectory,
  ],
})
export class TenancyModule {}
