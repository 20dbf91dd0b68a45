/**
 * Runs a real Keycloak and the local host beside it, and lives through what their users do: a service's own token and a
 * user's login in the samples, and what must be refused. Needs Java 17 and Maven; the first run installs into ~/.cache and
 * takes minutes.
 *   DAYPASS_RECIPES   folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE     what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endSamples } from '../../samples/programs.ts'
import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'
import { journey } from './journey.ts'
import { startKeycloak } from './keycloak.ts'
import { trusting } from './trust.ts'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))
const RECIPES = resolve(REPOSITORY, process.env.DAYPASS_RECIPES ?? '../shared/recipes')
const CACHE = process.env.DAYPASS_CACHE ?? join(homedir(), '.cache/daypass-conformance')

const begun = performance.now()
const keycloak = await startKeycloak(RECIPES, join(CACHE, 'keycloak'))
console.log(`ok Keycloak answers after ${((performance.now() - begun) / 1000).toFixed(0)} s`)
try {
  const host = await startLocalHost({ bootstrap: trusting(keycloak.issuer) })
  for await (const step of journey({ endpoint: host.url, issuer: keycloak.issuer })) console.log(`ok ${step}`)
} finally {
  await endSamples()
  await endLocalHosts()
  await keycloak.stop()
}
