import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { runSample } from '../../samples/programs.ts'
import { temporaryFolder } from '../../support/local-host.ts'

/** Who logs in where, and what the sample is told. */
export interface Login {
  readonly configEndpoint: string
  readonly clientId: string
  readonly endpoint: string
  readonly roleArn: string
  readonly user: string
  readonly password: string
  /** The name of the login form's field for the user. */
  readonly userField: string
}

/** The sample once it waits for the browser, with what its link says. */
export async function startSample(login: Login) {
  const opener = fakeOpener()
  const run = runSample(
    'web-identity',
    [
      ...['--config-endpoint', login.configEndpoint, '--client-id', login.clientId],
      ...['--endpoint', login.endpoint, '--role-arn', login.roleArn, '--port', '0'],
    ],
    { PATH: `${opener.folder}:${process.env.PATH}` },
  )
  const [, link = ''] = await run.until(/Log in here:\s+(\S+)/)
  const param = (name: string) => new URL(link).searchParams.get(name) ?? ''
  const [state, redirectUri] = [param('state'), param('redirect_uri')]
  return {
    run,
    link,
    /** The URL that the sample told the desktop to open; empty until it did. */
    opened: opener.opened,
    /** The way back, with other parameters than the provider would send. */
    callback: (params: Readonly<Record<string, string>>) =>
      `${redirectUri}?${new URLSearchParams({ state, ...params })}`,
  }
}

export type Sample = Awaited<ReturnType<typeof startSample>>

/** A page of a browser that knows nobody yet. */
export async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage()
}

/** Fills in the provider's form and sends it; what comes then is for the caller to wait for. */
export async function fillIn(page: Page, { userField, user }: Login, password: string): Promise<void> {
  await page.locator(`input[name=${userField}]`).fill(user)
  await page.locator('input[name=password]').fill(password)
  await page.locator('input[name=password]').press('Enter')
}

/** The sample's own page, once the browser is back. */
export async function shown(page: Page, heading: string): Promise<string> {
  await page.getByRole('heading', { name: heading, exact: true }).waitFor()
  return page.locator('body').innerText()
}

/** Stands where the desktop's opener is, and writes down what it is told to open. */
function fakeOpener() {
  const folder = temporaryFolder()
  const [program, note] = [join(folder, 'xdg-open'), join(folder, 'opened')]
  writeFileSync(note, '')
  writeFileSync(program, `#!/bin/sh\nprintf %s "$1" >'${note}'\n`)
  chmodSync(program, 0o755)
  return { folder, opened: () => readFileSync(note, 'utf8') }
}
