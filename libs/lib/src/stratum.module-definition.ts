import { ConfigurableModuleBuilder, type Provider } from "@nestjs/common";
import { STRATUM_OPTIONS, type StratumOptions } from "./stratum-options";

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<StratumOptions>({ optionsInjectionToken: STRATUM_OPTIONS })
    .setClassMethodName("forRoot")
    // Its own feature modules take the options from it, so it has to be visible to them. What is provided
    // beside the options may be injected into what makes them.
    .setExtras<{ extraProviders?: Provider[] }>({ extraProviders: [] }, (definition, extras) => ({
      ...definition,
      global: true,
      providers: [...(definition.providers ?? []), ...(extras.extraProviders ?? [])],
    }))
    .build();
