import { Module } from "@nestjs/common";
import { PersistenceModule } from "./persistence.module";
import { Readiness } from "./readiness";

@Module({ imports: [PersistenceModule], providers: [Readiness], exports: [Readiness] })
export class ReadinessModule {}
