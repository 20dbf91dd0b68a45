import { execFileSync } from 'node:child_process'
import { type Browser, chromium } from 'playwright-core'
import { install } from '../shared/part.ts'

/** What keeps Chromium from calling its maker; `--no-sandbox`, because root has none. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A real Chromium without a window; its recipe installs Debian's when there is none. Rejects when it cannot be had. */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath() === undefined) await install('browser')
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('there is no program named chromium, though its recipe has run')
  return chromium.launch({ executablePath, headless: true, args: ARGUMENTS })
}

function chromiumPath(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}
