import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { RefusalRecorder } from "./refusal-recorder";
import { RefusalStore } from "./refusal.store";

@Module({
  imports: [PersistenceModule],
  providers: [RefusalRecorder, RefusalStore],
  exports: [RefusalRecorder],
})
export class RefusalsModule {}
