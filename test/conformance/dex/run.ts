/**
 * Runs real Dex servers and the local host beside them: logins in the sample, exchanges of their id_tokens, and what must be
 * refused, with the fetches counted by a proxy. Needs Go and gcc; the first run installs into ~/.cache and takes minutes.
 *   DAYPASS_RECIPES   folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE     what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */

import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'
import { endPrograms } from '../../support/programs.ts'
import { freePort, install } from '../shared/part.ts'
import { Secrets } from '../shared/secrets.ts'
import { type Dex, startDex } from './dex.ts'
import { journey } from './journey.ts'
import { ROOT, trusting } from './trust.ts'

const folder = await install('dex')
const callbackPort = await freePort()
const secrets = new Secrets()
const started: Dex[] = []
try {
  const start = async (options: Parameters<typeof startDex>[1]) => {
    const dex = await startDex(folder, options)
    started.push(dex)
    return dex
  }
  const main = await start({ callbackPort })
  const brief = await start({ idTokens: '5s' })
  const stranger = await start({})
  const host = await startLocalHost({ bootstrap: trusting({ main: main.issuer, brief: brief.issuer }) })
  const configUrl = `${main.issuer}/.well-known/openid-configuration`
  const withoutRoles = await startLocalHost({
    bootstrap: { accounts: [{ id: '000000000000', rootAccessKey: ROOT }] },
    env: {
      MINIO_IDENTITY_OPENID_CONFIG_URL: configUrl,
      MINIO_IDENTITY_OPENID_CLIENT_ID: 'app',
      MINIO_IDENTITY_OPENID_ROLE_POLICY: 'readonly',
      MINIO_IDENTITY_OPENID_CONFIG_URL_CLAIMS: configUrl,
      MINIO_IDENTITY_OPENID_CLIENT_ID_CLAIMS: 'minio',
    },
  })
  const world = { endpoint: host.url, withoutRoles: withoutRoles.url, main, brief, stranger, callbackPort, secrets }
  for await (const step of journey(world)) console.log(`ok ${step}`)
  const count = secrets.assertAbsent([host, withoutRoles].map((each) => each.stdout() + each.stderr()).join('\n'))
  console.log(`ok none of ${count} tokens, secrets and passwords is in a log`)
} finally {
  await endPrograms()
  await endLocalHosts()
  for (const dex of started) await dex.stop()
}
