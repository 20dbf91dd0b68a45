import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { whoAmI } from '../../infra/local/clients.ts'
import { endPrograms } from '../../support/programs.ts'
import type { Secrets } from '../shared/secrets.ts'
import { fillIn, type Login, newPage, type Sample, shown, startSample } from './login.ts'

interface World {
  readonly browser: Browser
  readonly login: Login
  /** What the credentials open. */
  readonly buckets: readonly string[]
  /** Says no on the provider's page, once the link is open. */
  readonly deny: (page: Page) => Promise<void>
  readonly secrets: Secrets
}

/** A user's logins in a browser; each step is told when it is done, and one that does not come out as it must throws. */
export async function* browserJourney(world: World): AsyncGenerator<string> {
  const usedCode = yield* granted(world)
  yield* strangers(world)

  const { browser, login, deny } = world
  const replayed = await startSample(login)
  const page = await newPage(browser)
  await page.goto(replayed.callback({ code: usedCode }))
  const refusedCode = /The token endpoint refused the code \(400\): invalid_grant/
  assert.match(await shown(page, 'The login failed'), refusedCode)
  await endedWith(replayed, refusedCode)
  yield 'refused: a code that was used before'

  const stolen = await unusedCode(world)
  const mine = await startSample(login)
  await page.goto(mine.callback({ code: stolen }))
  assert.match(await shown(page, 'The login failed'), refusedCode)
  await endedWith(mine, refusedCode)
  yield 'refused: a fresh code of another login (its verifier does not fit)'

  const otherNonce = await startSample(login)
  const link = new URL(otherNonce.link)
  link.searchParams.set('nonce', 'another-nonce')
  const fresh = await newPage(browser)
  await fresh.goto(link.href)
  await fillIn(fresh, login, login.password)
  const wrongNonce = /The id_token was refused: it was made for another login \(nonce\)/
  assert.match(await shown(fresh, 'The login failed'), wrongNonce)
  await endedWith(otherNonce, wrongNonce)
  yield 'refused: a login whose nonce was altered on the way'

  const denied = await startSample(login)
  const refusing = await newPage(browser)
  await refusing.goto(denied.link)
  await deny(refusing)
  const said = /The provider refused the login: access_denied/
  assert.match(await shown(refusing, 'The login failed'), said)
  await endedWith(denied, said)
  yield 'a user who says no on the provider’s page ends the login, and is told so'
}

/** Answers the code that the login used. */
async function* granted({ browser, login, buckets, secrets }: World): AsyncGenerator<string, string> {
  const sample = await startSample(login)
  const page = await newPage(browser)
  const [loud, asked]: [string[], string[]] = [[], []]
  page.on('console', (message) => loud.push(message.text()))
  page.on('pageerror', (error) => loud.push(String(error)))
  page.on('request', (request) => asked.push(new URL(request.url()).origin))
  await page.goto(sample.link)
  assert.equal(sample.opened(), sample.link)
  yield 'the sample opens the link that it prints'

  await fillIn(page, login, 'a-wrong-password')
  await page.locator('input[name=password]').waitFor()
  assert.equal(new URL(page.url()).origin, new URL(sample.link).origin)
  yield 'a wrong password stays at the provider'

  loud.length = 0
  await fillIn(page, login, login.password)
  await shown(page, 'You are logged in')
  const text = await page.locator('pre').innerText()
  assert.deepEqual([(await sample.run.ended).code, JSON.parse(text)], [0, JSON.parse(sample.run.output.stdout)])
  const { credentials, ...rest } = JSON.parse(text)
  assert.deepEqual(rest, { buckets })
  secrets.keep(credentials.SecretAccessKey)
  secrets.keep(credentials.SessionToken)
  assert.match(await whoAmI(login.endpoint, credentials), /:assumed-role\//)
  yield 'a login shows the buckets and credentials that work, as the terminal does'

  const back = new URL(page.url())
  const ours = new Set([new URL(sample.link).origin, back.origin])
  assert.deepEqual([loud, asked.filter((origin) => !ours.has(origin))], [[], []])
  assert.equal(await page.locator('script').count(), 0)
  await assert.rejects(page.reload(), /ERR_CONNECTION_REFUSED/)
  yield 'its page runs nothing, asks nobody, and cannot be loaded again'
  return back.searchParams.get('code') ?? ''
}

async function* strangers({ browser, login, buckets }: World): AsyncGenerator<string> {
  const sample = await startSample(login)
  const page = await newPage(browser)
  await page.goto(sample.callback({ state: 'x'.repeat(43), code: 'code' }))
  assert.match(await shown(page, 'Refused'), /The state is not that of this login/)
  await page.goto(sample.callback({ state: '', error: 'access_denied' }))
  assert.match(await shown(page, 'Refused'), /The state is not that of this login/)
  await page.goto(sample.link)
  await fillIn(page, login, login.password)
  await shown(page, 'You are logged in')
  assert.equal((await sample.run.ended).code, 0)
  assert.deepEqual(JSON.parse(sample.run.output.stdout).buckets, buckets)
  yield 'refused: a callback with a wrong state; the login that it is for goes on'
}

/** The code of a login whose program has ended before the browser came back. */
async function unusedCode({ browser, login }: World): Promise<string> {
  const { link } = await startSample(login)
  await endPrograms()
  const page = await newPage(browser)
  await page.goto(link)
  const back = page.waitForRequest(/\/oauth2\/callback\?/)
  await fillIn(page, login, login.password)
  const code = new URL((await back).url()).searchParams.get('code') ?? ''
  assert.notEqual(code, '')
  return code
}

async function endedWith({ run }: Sample, sentence: RegExp): Promise<void> {
  assert.deepEqual([(await run.ended).code, run.output.stdout], [1, ''])
  assert.match(run.output.stderr, sentence)
}
