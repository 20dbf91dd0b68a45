import { fileURLToPath } from 'node:url'

/** How a function is bundled, for whoever bundles: the stack, and the benchmark that tells the bundles' sizes. */
export const BUNDLING = {
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  // Packages in CommonJS that are bundled into an ES module still call `require` for Node's own modules.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  /** Modules that another stands in for, as a path. */
  alias: {
    '@aws-sdk/credential-provider-node': fileURLToPath(new URL('environment-credentials.ts', import.meta.url)),
  },
}
