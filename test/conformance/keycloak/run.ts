/**
 * Runs a real Keycloak and local hosts beside it, and lives through what their users do: logins in the samples and in a real
 * Chromium, services' own tokens, rights by role and by claims, session tags, UserInfo, minio-go's providers, rotation of
 * Keycloak's keys; and what must be refused. Needs Java 17, Maven and Go, and root where Chromium is missing; the first run
 * installs into ~/.cache and takes minutes.
 *   DAYPASS_RECIPES   folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE     what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import type { Page } from 'playwright-core'
import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'
import { endPrograms } from '../../support/programs.ts'
import { launchChromium } from '../browser/chromium.ts'
import { browserJourney } from '../browser/journey.ts'
import { fillIn } from '../browser/login.ts'
import { type CountingProxy, startCountingProxy } from '../shared/counting-proxy.ts'
import { Secrets } from '../shared/secrets.ts'
import { adminOf } from './admin.ts'
import { claimsJourney, minioVariables, namedAccount } from './claims-journey.ts'
import { goJourney } from './go-journey.ts'
import { journey } from './journey.ts'
import { startKeycloak } from './keycloak.ts'
import { rotationJourney } from './rotation-journey.ts'
import { tagsJourney } from './tags-journey.ts'
import { ROOT, roleArn, trusting } from './trust.ts'

const begun = performance.now()
const since = () => `${((performance.now() - begun) / 1000).toFixed(0)} s`
const secrets = new Secrets()
secrets.keep(ROOT.SecretAccessKey)
const proxies: CountingProxy[] = []
const { issuer, stop } = await startKeycloak()
console.log(`ok Keycloak answers after ${since()}`)
try {
  const withRoles = await startLocalHost({ bootstrap: trusting(issuer) })
  await tell('', journey({ endpoint: withRoles.url, issuer, secrets }))
  await tell('Chromium: ', chromium(withRoles.url))
  await tell('', tagsJourney({ endpoint: withRoles.url, issuer, secrets }))

  const claims = await startProxy()
  const withClaims = await startLocalHost({
    bootstrap: namedAccount(),
    env: minioVariables(configUrl(claims)),
  })
  await tell('without a role: ', claimsJourney({ endpoint: withClaims.url, issuer, proxy: claims, secrets }))
  await tell('', goJourney({ withRoles: withRoles.url, withClaims: withClaims.url, issuer, secrets }))

  const rotation = await startProxy()
  const rotating = await startLocalHost({
    env: { MINIO_IDENTITY_OPENID_CONFIG_URL: configUrl(rotation), MINIO_IDENTITY_OPENID_CLIENT_ID: 'minio' },
  })
  await tell('rotation: ', rotationJourney({ endpoint: rotating.url, issuer, proxy: rotation, secrets }))

  const logs = [withRoles, withClaims, rotating].map((host) => host.stdout() + host.stderr()).join('\n')
  console.log(`ok none of ${secrets.assertAbsent(logs)} tokens, secrets and passwords is in a log (${since()})`)
} finally {
  await endPrograms()
  await endLocalHosts()
  for (const proxy of proxies) await proxy.close()
  await stop()
}

async function tell(prefix: string, steps: AsyncIterable<string>): Promise<void> {
  for await (const step of steps) console.log(`ok ${prefix}${step}`)
}

/** Counts what is fetched: the discovery document that comes through it leads to its own address for all else. */
async function startProxy(): Promise<CountingProxy> {
  const { origin } = new URL(issuer)
  const proxy = await startCountingProxy(
    () => origin,
    (path, body) => {
      if (!path.endsWith('/openid-configuration')) return body
      const endpoints = ['jwks_uri', 'userinfo_endpoint']
      const document = JSON.parse(body) as Record<string, string>
      for (const name of endpoints) document[name] = document[name]?.replace(origin, proxy.origin) ?? ''
      return JSON.stringify(document)
    },
  )
  proxies.push(proxy)
  return proxy
}

function configUrl(proxy: CountingProxy): string {
  return `${proxy.origin}${new URL(issuer).pathname}/.well-known/openid-configuration`
}

async function* chromium(endpoint: string): AsyncGenerator<string> {
  const admin = adminOf(issuer)
  const login = {
    configEndpoint: `${issuer}/.well-known/openid-configuration`,
    clientId: 'app',
    endpoint,
    roleArn: roleArn('project'),
    user: 'alice',
    password: 'alice-pw',
    userField: 'username',
  }
  const deny = async (page: Page) => {
    await admin.askForConsent('app', true)
    await fillIn(page, login, login.password)
    await page.locator('[name=cancel]').click()
  }
  const browser = await launchChromium()
  try {
    yield* browserJourney({ browser, login, buckets: ['project-a'], deny, secrets })
  } finally {
    await browser.close()
  }
  await admin.askForConsent('app', false)
}
