import { Module } from "@nestjs/common";
import { PersistenceModule } from "../persistence/persistence.module";
import { STRATUM_OPTIONS, type StratumOptions } from "../stratum-options";
import { DataKeyStore } from "./data-key.store";
import { DataKeys } from "./data-keys";
import { defaultKeyProvider } from "./default-key-provider";
import { Encryption } from "./encryption";
import { KEY_PROVIDER } from "./key-provider";
import { PlatformSecrets } from "./platform-secrets";
import { PlatformSecretStore } from "./platform-secret.store";

@Module({
  imports: [PersistenceModule],
  providers: [
    {
      provide: KEY_PROVIDER,
      inject: [STRATUM_OPTIONS],
      useFactory: ({ keyProvider }: StratumOptions) =>
        keyProvider ?? defaultKeyProvider(process.env),
    },
    DataKeyStore,
    DataKeys,
    Encryption,
    PlatformSecretStore,
    PlatformSecrets,
  ],
  exports: [KEY_PROVIDER, DataKeyStore, DataKeys, Encryption, PlatformSecrets],
})
export class CryptoModule {}
