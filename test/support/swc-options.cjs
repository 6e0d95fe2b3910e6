// How TypeScript becomes JavaScript in tests.
exports.swcOptions = {
  swcrc: false,
  jsc: {
    target: "es2022",
    parser: { syntax: "typescript", decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};
