import { Module } from "@nestjs/common";
import { CryptoModule } from "../crypto/crypto.module";
import { PersistenceModule } from "../persistence/persistence.module";
import { ContextKeyStore } from "./context-key.store";
import { ContextKeyInstallation } from "./context-key-installation";
import { ContextKeySecrets } from "./context-key-secrets";
import { SigningTimings } from "./signing-timings";
import { ContextKeys } from "./context-keys";
import { ReplacedContextKeyStore } from "./replaced-context-key.store";
import { SigningKey } from "./signing-key";

const CONTEXT_KEYS = [
  ContextKeyInstallation,
  ContextKeys,
  ContextKeySecrets,
  ContextKeyStore,
  SigningTimings,
  ReplacedContextKeyStore,
  SigningKey,
];

@Module({
  imports: [PersistenceModule, CryptoModule],
  providers: CONTEXT_KEYS,
  exports: CONTEXT_KEYS,
})
export class ContextKeysModule {}
