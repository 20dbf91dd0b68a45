/**
 * Runs ceph/s3-tests (https://github.com/ceph/s3-tests, commit 8f0ae7b) against a real local host and compares with the list
 * of what passes, which only grows.
 *   npm run conformance:s3-tests -- <checkout> [--update] [--only <file>[::<test>]]… [--workers <n>]
 *   --update   adds what passes now to the list; what is on it and fails stays on it, and fails the run
 *   --only     runs a part, for work on it; compared with that part of the list
 * Needs Python 3 with PyPI, and port 8080 of localhost. One of the tests waits until a session of 15 minutes is over.
 *   DAYPASS_S3_TESTS_FAILURES  a file to which each test that fails is added, with its reason
 *   DAYPASS_CACHE         what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { endLocalHosts, startLocalHost } from '../../support/local-host.ts'
import { type Realm, startRealm } from './issuer.ts'
import { bootstrap, configuration, type Layout } from './layout.ts'
import { type Outcome, readOutcomes } from './outcomes.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const LIST = join(HERE, 'passes.txt')
const REQUIREMENTS = join(HERE, 'requirements.txt')
const PLUGIN = 'outcomes_plugin'
const CACHE = join(process.env.DAYPASS_CACHE ?? join(homedir(), '.cache/daypass-conformance'), 's3-tests')
/** Where the reasons of what fails go, a line each. */
const FAILURES = process.env.DAYPASS_S3_TESTS_FAILURES
/** It sleeps until its session has ended, so it gets a host of its own beside the others. */
const SLEEPER = 'test_sts.py::test_assume_role_creds_expiry'

/** One run of pytest against a host of its own. */
interface Part {
  readonly layout: Layout
  readonly select: readonly string[]
  readonly deselect?: readonly string[]
}

const PARTS: readonly Part[] = [
  { layout: 'together', select: [SLEEPER] },
  { layout: 'together', select: ['test_sts.py', 'test_iam.py'], deselect: [SLEEPER] },
  { layout: 'apart', select: ['test_headers.py', 'test_utils.py'] },
  { layout: 'apart', select: ['test_s3.py'] },
]

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      update: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      workers: { type: 'string', default: '1' },
    },
  })
  const [given] = positionals
  if (given === undefined)
    throw new Error('Name a checkout of ceph/s3-tests: npm run conformance:s3-tests -- <checkout>')
  const checkout = resolve(given)
  if (!existsSync(join(checkout, 's3tests/functional'))) throw new Error(`${checkout} is no checkout of ceph/s3-tests.`)
  const python = installPython()
  const realm = await startRealm()
  try {
    const parts = values.only === undefined ? PARTS : [partOf(values.only)]
    const [sleeper, ...others] = values.only === undefined ? parts : [undefined, ...parts]
    const slept = sleeper ? runPart(python, checkout, realm, sleeper, '1') : []
    // Part by part, so that a run that is cut short has told what it found.
    for (const part of others) {
      // Tests of roles clear away every role of their account: they cannot run beside each other.
      const workers = part?.layout === 'apart' ? values.workers : '1'
      if (part) compare(await runPart(python, checkout, realm, part, workers), values.update)
    }
    compare(await slept, values.update)
  } finally {
    await realm.close()
    await endLocalHosts()
  }
}

const partOf = (only: readonly string[]): Part => ({
  layout: only.some((test) => /test_(?:sts|iam)/.test(test)) ? 'together' : 'apart',
  select: only,
  ...(only.includes('test_sts.py') && { deselect: [SLEEPER] }),
})

/** The interpreter of a virtual environment with what the suite imports; made when it is missing. */
function installPython(): string {
  const folder = join(CACHE, 'venv')
  const python = join(folder, 'bin/python')
  const installed = join(folder, 'requirements.txt')
  const wanted = readFileSync(REQUIREMENTS, 'utf8')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return python
  mkdirSync(CACHE, { recursive: true })
  execFileSync('python3', ['-m', 'venv', '--clear', folder], { stdio: 'inherit' })
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS], { stdio: 'inherit' })
  writeFileSync(installed, wanted)
  return python
}

async function runPart(
  python: string,
  checkout: string,
  realm: Realm,
  { layout, select, deselect = [] }: Part,
  workers: string,
): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-s3-tests-'))
  try {
    const host = await startLocalHost({ bootstrap: bootstrap(layout), env: { DAYPASS_HOST: '127.0.0.1' } })
    const conf = join(folder, 's3tests.conf')
    const report = join(folder, 'outcomes')
    writeFileSync(conf, configuration(host.url, realm, layout))
    const place = (test: string) => join('s3tests/functional', test)
    const child = spawn(
      python,
      [
        ...[
          '-m',
          'pytest',
          '-qq',
          '--no-header',
          '--tb=no',
          '--disable-warnings',
          '-p',
          'no:cacheprovider',
          '-p',
          PLUGIN,
        ],
        ...['--timeout=1200', ...(workers === '1' ? [] : ['-n', workers])],
        ...deselect.map((test) => `--deselect=${place(test)}`),
        ...select.map(place),
      ],
      {
        cwd: checkout,
        env: {
          ...process.env,
          S3TEST_CONF: conf,
          OUTCOMES: report,
          PYTHONPATH: HERE,
          PYTHONDONTWRITEBYTECODE: '1',
          AWS_EC2_METADATA_DISABLED: 'true',
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    )
    await once(child, 'close')
    if (!existsSync(report)) throw new Error(`pytest wrote no report of ${select.join(', ')}`)
    await host.stop()
    return readOutcomes(readFileSync(report, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compare(outcomes: readonly Outcome[], update: boolean): void {
  const listed = existsSync(LIST) ? readFileSync(LIST, 'utf8').split('\n').filter(Boolean) : []
  const ran = new Map(outcomes.map((outcome) => [outcome.test, outcome]))
  const passed = outcomes.filter(({ passed: yes }) => yes).map(({ test }) => test)
  const lost = listed.filter((test) => ran.get(test)?.passed === false)
  const gained = passed.filter((test) => !listed.includes(test))
  for (const file of new Set(outcomes.map(({ test }) => test.split('::', 1)[0] ?? ''))) {
    const inFile = outcomes.filter(({ test }) => test.startsWith(`${file}::`))
    console.log(`${file}: ${inFile.filter(({ passed: yes }) => yes).length} of ${inFile.length} pass`)
  }
  for (const test of lost) console.log(`LOST ${test}: ${ran.get(test)?.reason}`)
  if (gained.length > 0)
    console.log(`${gained.length} pass that are not on the list${update ? ', added' : ': --update adds them'}`)
  if (update) writeFileSync(LIST, `${[...new Set([...listed, ...passed])].sort().join('\n')}\n`)
  if (FAILURES !== undefined) {
    const lines = outcomes.filter(({ passed: yes }) => !yes).map(({ test, reason }) => `${test}\t${reason}\n`)
    appendFileSync(FAILURES, lines.join(''))
  }
  if (lost.length > 0) {
    console.log(`${lost.length} of the list fail`)
    process.exitCode = 1
  }
}

await main()
