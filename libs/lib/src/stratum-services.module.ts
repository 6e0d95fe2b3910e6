import { Global, Module } from "@nestjs/common";
import { DECLARATIONS, MODULES } from "./declarations";
import { STRATUM_OPTIONS } from "./stratum-options";
import { ConfigurableModuleClass } from "./stratum.module-definition";

/** Gives each feature what all of them declare. */
@Global()
@Module({ providers: DECLARATIONS, exports: DECLARATIONS.map(({ provide }) => provide) })
class DeclarationsModule {}

/** The features' modules, with what they share. */
export const FEATURE_MODULES = [DeclarationsModule, ...MODULES];

/** The services alone, which `new Stratum` and {@link StratumModule} both stand on. */
@Module({ imports: FEATURE_MODULES, exports: [...FEATURE_MODULES, STRATUM_OPTIONS] })
export class StratumServicesModule extends ConfigurableModuleClass {}
