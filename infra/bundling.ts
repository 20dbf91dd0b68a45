import { fileURLToPath } from 'node:url'

const noXmlEntities = fileURLToPath(new URL('no-xml-entities.ts', import.meta.url))

/** How a function is bundled, for whoever bundles: the stack, and the benchmark that tells the bundles' sizes. */
export const BUNDLING = {
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  /** Letters as they are: escaped, the tables of the XML libraries take half as much again. */
  charset: 'utf8' as const,
  // Packages in CommonJS that are bundled into an ES module still call `require` for Node's own modules.
  banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
  /** Modules that another stands in for, as a path. */
  alias: {
    '@aws-sdk/credential-provider-node': fileURLToPath(new URL('environment-credentials.ts', import.meta.url)),
    '@nodable/entities': noXmlEntities,
    'is-unsafe': noXmlEntities,
    strnum: noXmlEntities,
  },
}
