/**
 * Runs a real Keycloak and a local host beside it, and lives through SAML as its users do, by the AWS CLI: registration,
 * login at Keycloak's page, what must be refused, rotation of Keycloak's keys. Needs Java 17, Maven and Python 3; the first
 * run installs into ~/.cache and takes minutes.
 *   DAYPASS_RECIPES   folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE     what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import { endLocalHosts, startLocalHost, temporaryFolder } from '../../support/local-host.ts'
import { pythonClients } from '../../support/python-clients.ts'
import { startKeycloak } from '../keycloak/keycloak.ts'
import { Secrets } from '../shared/secrets.ts'
import { awsCli } from './aws-cli.ts'
import { journey } from './journey.ts'
import { bootstrap, ROOT } from './trust.ts'

const begun = performance.now()
const clients = await pythonClients()
if (typeof clients === 'string') throw new Error(clients)
const secrets = new Secrets()
secrets.keep(ROOT.AWS_SECRET_ACCESS_KEY)
const { issuer, stop } = await startKeycloak()
console.log(`ok Keycloak answers after ${((performance.now() - begun) / 1000).toFixed(0)} s`)
try {
  const host = await startLocalHost({ bootstrap })
  const aws = awsCli(clients.aws, host.url, temporaryFolder())
  for await (const step of journey({ aws, endpoint: host.url, issuer, secrets })) console.log(`ok ${step}`)
  console.log(`ok none of ${secrets.assertAbsent(host.stdout() + host.stderr())} secrets is in the log`)
} finally {
  await endLocalHosts()
  await stop()
}
