import { ConfigurableModuleBuilder, type Provider } from "@nestjs/common";
import { STRATUM_OPTIONS, type StratumOptions } from "./stratum-options";
import { validOptions } from "./valid-options";

/** Options are checked as they arrive, before any service is made of them. */
function checked(provider: Provider): Provider {
  if (typeof provider === "function" || provider.provide !== STRATUM_OPTIONS) return provider;
  if ("useValue" in provider) {
    return { ...provider, useValue: validOptions(provider.useValue as StratumOptions) };
  }
  if (!("useFactory" in provider)) return provider;
  const make = provider.useFactory as (...args: unknown[]) => Promise<StratumOptions>;
  return {
    ...provider,
    useFactory: async (...args: unknown[]) => validOptions(await make(...args)),
  };
}

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<StratumOptions>({ optionsInjectionToken: STRATUM_OPTIONS })
    .setClassMethodName("forRoot")
    // Its own feature modules take the options from it, so it has to be visible to them. What is provided
    // beside the options may be injected into what makes them.
    .setExtras<{ extraProviders?: Provider[] }>({ extraProviders: [] }, (definition, extras) => ({
      ...definition,
      global: true,
      providers: [...(definition.providers ?? []).map(checked), ...(extras.extraProviders ?? [])],
    }))
    .build();
