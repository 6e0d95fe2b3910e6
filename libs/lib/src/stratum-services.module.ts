import { Global, Module, type DynamicModule } from "@nestjs/common";
import { ApiCalls } from "./api/api-calls";
import { apiProvider } from "./api-token";
import { RefusalsModule } from "./audit/refusals.module";
import { DECLARATIONS, DECLARED, MODULES } from "./declarations";
import { STRATUM_OPTIONS } from "./stratum-options";
import { TenancyModule } from "./tenancy/tenancy.module";
import { ConfigurableModuleClass, type OPTIONS_TYPE } from "./stratum.module-definition";
import { validOptions } from "./valid-options";

/** Gives each feature what all of them declare. */
@Global()
@Module({ providers: DECLARATIONS, exports: DECLARATIONS.map(({ provide }) => provide) })
class DeclarationsModule {}

/** What calls go through, from the facade and from each feature's token, which every module can inject. */
@Global()
@Module({
  imports: [RefusalsModule, TenancyModule],
  providers: [ApiCalls, ...DECLARED.apis.map(apiProvider)],
  exports: [ApiCalls, ...DECLARED.apis],
})
class ApiModule {}

/** The features' modules, with what they share. */
export const FEATURE_MODULES = [DeclarationsModule, ApiModule, ...MODULES];

/** The services alone, which `new Stratum` and {@link StratumModule} both stand on. */
@Module({ imports: FEATURE_MODULES, exports: [...FEATURE_MODULES, STRATUM_OPTIONS] })
export class StratumServicesModule extends ConfigurableModuleClass {
  /** @throws ValidationError naming each option that is unknown, missing or wrong */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    // Nest takes the options apart before it hands them on, and throws a TypeError for none.
    if (typeof (options as unknown) !== "object" || (options as unknown) === null) {
      validOptions(options);
    }
    return super.forRoot(options);
  }
}
