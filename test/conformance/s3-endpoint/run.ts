/**
 * Runs the gateway's tests of objects against a real MinIO behind it. Where MinIO itself differs from S3 is listed in
 * differences.json, a list that only shrinks. Needs Go and the recipe for MinIO; the first run installs and takes minutes.
 *   DAYPASS_RECIPES       folder of the recipes (default: ../shared/recipes beside the repository)
 *   DAYPASS_CACHE         what is installed and kept between runs (default: ~/.cache/daypass-conformance)
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, install, recipe, startPart } from '../shared/part.ts'

const FILES = [
  'multipart',
  'copy',
  'delete-objects',
  'tagging',
  'attributes',
  'payload-modes',
  'versioning/versions',
  'versioning/writes',
]
const ROOT = 'minioadmin'
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url))
const VITEST = join(REPOSITORY, 'node_modules/vitest/vitest.mjs')
const PLACE = / the store at \S+ /

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** Titles of tests by how they ended, without the address of the store. */
async function runTests(endpoint: string): Promise<{ readonly failed: string[]; readonly passed: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'daypass-s3-endpoint-'))
  const file = join(folder, 'report.json')
  const env = {
    ...process.env,
    DAYPASS_TEST_S3_ENDPOINT: endpoint,
    DAYPASS_TEST_S3_ACCESS_KEY_ID: ROOT,
    DAYPASS_TEST_S3_SECRET_ACCESS_KEY: ROOT,
  }
  const args = ['run', '--no-file-parallelism', '-t', 'the store at', '--reporter=json', `--outputFile=${file}`]
  const tests = FILES.map((name) => `test/s3/${name}.test.ts`)
  const child = spawn(process.execPath, [VITEST, ...args, ...tests], { cwd: REPOSITORY, env, stdio: 'ignore' })
  await once(child, 'close')
  const { testResults } = JSON.parse(await readFile(file, 'utf8')) as Report
  await rm(folder, { recursive: true })
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  const titled = (status: string) =>
    all.filter((each) => each.status === status).map(({ fullName }) => fullName.replace(PLACE, ' MinIO '))
  return { failed: titled('failed'), passed: titled('passed') }
}

await install('minio')
process.env.INSECURE = '1'
const { script, folder } = recipe('minio')
const port = await freePort()
const endpoint = `http://127.0.0.1:${port}`
const minio = await startPart('bash', [script, folder, String(port)], `${endpoint}/minio/health/ready`)
try {
  const { failed, passed } = await runTests(endpoint)
  const known: string[] = JSON.parse(await readFile(new URL('differences.json', import.meta.url), 'utf8'))
  const unknown = failed.filter((title) => !known.includes(title))
  const gone = known.filter((title) => !failed.includes(title))
  for (const title of unknown) console.log(`FAILED: ${title}`)
  for (const title of gone) console.log(`differs no more, so take it off the list: ${title}`)
  console.log(`${passed.length} passed, ${known.length - gone.length} differ as known, ${unknown.length} failed`)
  if (passed.length === 0 || unknown.length > 0 || gone.length > 0) process.exitCode = 1
} finally {
  await minio.stop()
}
