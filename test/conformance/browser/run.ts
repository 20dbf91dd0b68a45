/**
 * Logs in with a real Chromium at the embedded provider of `npm start`, through the sample for users, and tries what must be
 * refused. Where Chromium is missing, the recipe installs Debian's, for which it needs to be root.
 *   DAYPASS_RECIPES   folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE     what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import type { Page } from 'playwright-core'
import { DEMO_CLIENT, DEMO_USER } from '../../../infra/local/demo/issuer.ts'
import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'
import { endPrograms } from '../../support/programs.ts'
import { Secrets } from '../shared/secrets.ts'
import { launchChromium } from './chromium.ts'
import { browserJourney } from './journey.ts'

const secrets = new Secrets()
secrets.keep(DEMO_USER.password)
const browser = await launchChromium()
console.log(`ok Chromium ${browser.version()}`)
try {
  const host = await startLocalHost({ script: 'start' })
  await host.until(/Daypass keeps serving/)
  const [, issuer = ''] = await host.until(/OpenID provider \((\S+)\)/)
  const login = {
    configEndpoint: `${issuer}/.well-known/openid-configuration`,
    clientId: DEMO_CLIENT.id,
    endpoint: host.url,
    roleArn: 'arn:aws:iam::000000000000:role/demo',
    user: DEMO_USER.name,
    password: DEMO_USER.password,
    userField: 'user',
  }
  const deny = (page: Page) => page.getByRole('button', { name: 'Cancel' }).click()
  for await (const step of browserJourney({ browser, login, buckets: ['demo-bucket'], deny, secrets })) {
    console.log(`ok ${step}`)
  }
  console.log(`ok none of ${secrets.assertAbsent(host.stderr())} secrets and tokens is in the log`)
} finally {
  await endPrograms()
  await browser.close()
  await endLocalHosts()
}
