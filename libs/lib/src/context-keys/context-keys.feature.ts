import { defineFeature } from "../feature";
import { invalid } from "../persistence/constraint-errors";
import { ReplacedContextKeyEntity } from "./replaced-context-key.entity";

export const CONTEXT_KEYS = defineFeature({
  entities: [ReplacedContextKeyEntity],
  constraintErrors: {
    context_keys_pkey: invalid("key_id", "the key exists"),
    replaced_context_keys_pkey: invalid("key_id", "the key was replaced already"),
    replaced_context_keys_id_check: invalid("key_id", "expected 16 hex digits"),
  },
});
