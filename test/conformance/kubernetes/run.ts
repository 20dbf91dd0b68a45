/**
 * Lets pods' programs (the AWS CLI, boto3, s3cmd) take a role by a service account's token and IRSA's two variables. The
 * cluster is a real Kubernetes API server where its recipe has installed one, which takes a quarter of an hour of compiling;
 * elsewhere tokens of the same form. The first line says which. Needs Python 3 and openssl.
 *   DAYPASS_KUBERNETES   `real`: install the API server if it is not there, and fail without it
 *   DAYPASS_RECIPES      folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE        what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startPrograms } from '../../clients/world.ts'
import { makeCertificate } from '../../infra/local/certificates.ts'
import { endLocalHosts, temporaryFolder } from '../../support/local-host.ts'
import { pythonClients } from '../../support/python-clients.ts'
import { install, recipe } from '../shared/part.ts'
import { Secrets } from '../shared/secrets.ts'
import { startClusterOfSameForm } from './cluster-of-same-form.ts'
import { journey } from './journey.ts'
import { startRealCluster } from './real-cluster.ts'
import { ROOT, trustedAccount } from './trust.ts'

const clients = await pythonClients()
if (typeof clients === 'string') throw new Error(clients)
if (process.env.DAYPASS_KUBERNETES === 'real') await install('kubernetes')
const installed = existsSync(join(recipe('kubernetes').folder, 'kube-apiserver'))
const cluster = await (installed ? startRealCluster() : startClusterOfSameForm())
console.log(`ok ${cluster.what}`)
const secrets = new Secrets()
secrets.keep(ROOT.SecretAccessKey)
try {
  const own = makeCertificate(temporaryFolder(), 'daypass', { names: ['sts.amazonaws.com'] })
  const tls = { DAYPASS_TLS_CERT: own.cert, DAYPASS_TLS_KEY: own.key }
  const account = trustedAccount(cluster.issuer)
  const programs = await startPrograms(account, { ...tls, NODE_EXTRA_CA_CERTS: cluster.ca })
  const unaware = await startPrograms(account, tls)
  const world = { cluster, programs, certificate: own.cert, unaware, clients, secrets }
  for await (const step of journey(world)) console.log(`ok ${step}`)
  const logs = [programs, unaware].map(({ host }) => host.stdout() + host.stderr()).join('\n')
  console.log(`ok none of ${secrets.assertAbsent(logs)} tokens and secrets is in a log`)
} finally {
  await endLocalHosts()
  await cluster.stop()
}
