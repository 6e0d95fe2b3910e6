import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { TenancyModule } from "../tenancy/tenancy.module";
import { AttendedOperationStore } from "./attended-operation.store";
import { OperationAttendant } from "./operation-attendant";
import { OperationControlService } from "./operation-control.service";
import { OperationListStore } from "./operation-list.store";
import { OperationReadService } from "./operation-read.service";
import { OperationRunner } from "./operation-runner";
import { OperationTimings } from "./operation-timings";
import { OperationWorker } from "./operation-worker";
import { OperationStore } from "./operation.store";

const SERVICES = [OperationReadService, OperationControlService];

@Module({
  imports: [PersistenceModule, TenancyModule],
  providers: [
    ...SERVICES,
    AttendedOperationStore,
    OperationAttendant,
    OperationListStore,
    OperationRunner,
    OperationStore,
    OperationTimings,
    OperationWorker,
  ],
  exports: [...SERVICES, OperationRunner, OperationAttendant, OperationStore],
})
export class OperationsModule {}
