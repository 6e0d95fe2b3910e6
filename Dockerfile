# The control plane, built from this checkout.
FROM node:20-bookworm-slim AS build
WORKDIR /stratum
COPY . .
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:20-bookworm-slim
WORKDIR /stratum
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY --from=build /stratum/package.json ./
COPY --from=build /stratum/node_modules ./node_modules
COPY --from=build /stratum/dist ./dist
COPY --from=build /stratum/libs ./libs
COPY --from=build /stratum/migrations ./migrations
USER node
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/health/ready').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
